"""EKS clusters, of either module of aws-cdk, as this package uses them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol, cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_eks as eks
from aws_cdk import aws_eks_v2 as eks_v2

from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from constructs import Construct, IDependable, Node

__all__ = ["EksCluster", "check_kubernetes", "cluster_security_group", "has_kubectl", "helm_chart", "manifest"]

_LEAST_VERSION = (1, 31)
_HELM_TIMEOUT = 10  # minutes, of the 15 that the CDK's function has


class EksCluster(Protocol):
    """A cluster of `aws_eks` or of `aws_eks_v2`, made in this application or imported: what both have."""

    @property
    def node(self) -> Node:
        """The node."""

    @property
    def cluster_name(self) -> str:
        """The name."""

    @property
    def cluster_arn(self) -> str:
        """The ARN."""

    @property
    def vpc(self) -> ec2.IVpc:
        """The VPC of its nodes."""

    @property
    def cluster_security_group(self) -> ec2.ISecurityGroup:
        """The security group that EKS makes for it."""

    @property
    def open_id_connect_provider(self) -> iam.IOpenIdConnectProvider:
        """The provider of OpenID Connect."""

    @property
    def eks_pod_identity_agent(self) -> IDependable | None:
        """The add-on with the agent of Pod Identity, which reading this makes."""


def has_kubectl(cluster: EksCluster) -> bool:
    """Whether charts and manifests can be applied to it from a template."""
    if isinstance(cluster, eks.Cluster):
        return True  # made when it is first needed
    known = cast("Any", cluster)
    return known.kubectl_provider is not None or (not _is_v2(cluster) and known.kubectl_role is not None)


def cluster_security_group(where: object, cluster: EksCluster) -> ec2.ISecurityGroup:
    """The security group that EKS makes for the control plane and for managed nodes.

    Raises `ArgumentError` when the cluster was imported without.
    """
    try:
        return cluster.cluster_security_group
    except RuntimeError as error:  # how jsii hands on what JavaScript throws
        raise ArgumentError(
            f"{where}: the security group of {cluster.node.path} is not known; import the cluster with "
            "cluster_security_group_id, or say nodes"
        ) from error


def check_kubernetes(where: object, cluster: EksCluster) -> None:
    """Raise `ArgumentError` when the cluster is known to be older than the resource definitions of the Gateway API."""
    resource = cluster.node.try_find_child("Resource")
    found = re.fullmatch(r"(\d+)\.(\d+)", str(getattr(resource, "version", None)))
    if found and tuple(int(part) for part in found.groups()) < _LEAST_VERSION:
        raise ArgumentError(
            f"{where}: the Gateway API v1.5 needs Kubernetes 1.31 or later, but {cluster.node.path} has {found[0]}"
        )


def helm_chart(
    scope: Construct,
    id: str,
    *,
    cluster: EksCluster,
    repository: str,
    version: str,
    release: str,
    namespace: str,
    values: Mapping[str, Any] | None = None,
) -> Construct:
    """A chart of an OCI registry, which counts as deployed once its pods are ready."""
    make: Any = eks_v2.HelmChart if _is_v2(cluster) else eks.HelmChart
    chart: Construct = make(
        scope,
        id,
        cluster=cluster,
        # For OCI, the repository says it all; a name is wanted nevertheless.
        chart=repository.rsplit("/", 1)[-1],
        repository=repository,
        version=version,
        release=release,
        namespace=namespace,
        create_namespace=True,
        values=values,
        wait=True,
        timeout=Duration.minutes(_HELM_TIMEOUT),
    )
    return chart


def manifest(
    scope: Construct, id: str, *, cluster: EksCluster, objects: list[dict[str, Any]], is_kept: bool = False
) -> Construct:
    """Objects that `kubectl` applies. Those that are kept may exist already, and outlive the template."""
    make: Any = eks_v2.KubernetesManifest if _is_v2(cluster) else eks.KubernetesManifest
    made: Construct = make(
        scope,
        id,
        cluster=cluster,
        manifest=objects,
        overwrite=is_kept or None,
        removal_policy=RemovalPolicy.RETAIN if is_kept else None,
        # kubectl prunes kinds of its own only, and each object here is a resource that goes by itself.
        prune=False,
    )
    return made


def _is_v2(cluster: EksCluster) -> bool:
    # Imported clusters are neither: jsii makes a proxy of the interface for them.
    return isinstance(cluster, eks_v2.Cluster) or hasattr(cluster, "kubectl_provider_options")
