"""The AWS Gateway API Controller, which makes VPC Lattice services of routes in a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.access import GatewayApiAccess
from constructs_lattice.gateway_api.access_log_policy import AccessLogPolicy, LogDestination
from constructs_lattice.gateway_api.cluster import has_kubectl, helm_chart, manifest
from constructs_lattice.gateway_api.controller_chart import CONTROLLER_NAMESPACE, ControllerChart
from constructs_lattice.gateway_api.controller_credentials import ControllerCredentials
from constructs_lattice.gateway_api.controller_feature import ControllerFeature
from constructs_lattice.gateway_api.gateway import LatticeGateway, gateway_class
from constructs_lattice.gateway_api.iam_auth_policy import IamAuthPolicy
from constructs_lattice.gateway_api.route import Route
from constructs_lattice.gateway_api.target_group_policy import TargetGroupPolicy
from constructs_lattice.gateway_api.vpc_association_policy import VpcAssociationPolicy
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.vpc_association import association_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct

    from constructs_lattice.gateway_api.cluster import EksCluster
    from constructs_lattice.gateway_api.crds import GatewayApiCrds
    from constructs_lattice.gateway_api.kubernetes_object import KubernetesObject, ObjectRef
    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists

__all__ = ["GatewayApiController"]

_RELEASE = "gateway-api-controller"
_CRDS_RELEASE, _CRDS_NAMESPACE = "gateway-api-crds", "kube-system"
_LOGS = {
    LogDestination.CLOUD_WATCH: ControllerFeature.ACCESS_LOGS_TO_CLOUD_WATCH,
    LogDestination.S3: ControllerFeature.ACCESS_LOGS_TO_S3,
    LogDestination.FIREHOSE: ControllerFeature.ACCESS_LOGS_TO_FIREHOSE,
}
_DEFAULT_CREDENTIALS = ControllerCredentials.pod_identity()
_DEFAULT_CHART = ControllerChart()


class GatewayApiController(LatticeConstruct):
    """The AWS Gateway API Controller v2.1 in a cluster, with what it needs of AWS, and the GatewayClass.

    Charts and manifests are applied by the kubectl provider of the cluster: functions of the CDK's, which the cluster
    has because its owner said so. For clusters without, use `GatewayApiAccess` and apply the manifests by other means.

    One step waits for the other: resource definitions, controller, GatewayClass, gateways, routes, policies; and in the
    opposite order when they go, since the controller has to clean up after each.

    Args:
        scope: The construct that this is part of.
        id: The id within `scope`.
        cluster: The cluster, of `aws_eks` or `aws_eks_v2`, with a kubectl provider.
        crds: Where the resource definitions of the Gateway API come from.
        prefix_lists: The prefix lists of VPC Lattice, from which the nodes then take requests and health checks. None
            by default: the security groups are the caller's own business.
        nodes: What the pods' security groups belong to. The cluster security group by default.
        pod_ports: The ports of the pods, and of their health checks. All TCP ports by default.
        credentials: How the pods get the controller's role. By EKS Pod Identity by default.
        chart: The version of the controller, and what it is told.
        namespace: The namespace of the controller, made if it does not exist.
        features: What the controller may do besides what `apply` permits. Nothing by default.

    Raises:
        ArgumentError: The cluster has no kubectl provider, or what `GatewayApiAccess` raises.

    https://www.gateway-api-controller.eks.aws.dev/
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: EksCluster,
        crds: GatewayApiCrds,
        prefix_lists: LatticePrefixLists | None = None,
        nodes: Sequence[ec2.IConnectable] = (),
        pod_ports: Sequence[int] = (),
        credentials: ControllerCredentials = _DEFAULT_CREDENTIALS,
        chart: ControllerChart = _DEFAULT_CHART,
        namespace: str = CONTROLLER_NAMESPACE,
        features: Iterable[ControllerFeature] = (),
    ) -> None:
        where = Place(scope, id)
        if not has_kubectl(cluster):
            raise ArgumentError(
                f"{where}: {cluster.node.path} has no kubectl provider to apply manifests with; give it one, or use "
                "GatewayApiAccess and apply them by other means"
            )
        super().__init__(scope, id)
        self._cluster = cluster
        self._access = GatewayApiAccess(
            self,
            "Access",
            cluster=cluster,
            prefix_lists=prefix_lists,
            nodes=nodes,
            pod_ports=pod_ports,
            credentials=credentials,
            chart=chart,
            namespace=namespace,
            features=features,
        )
        self._chart = helm_chart(
            self,
            "Chart",
            cluster=cluster,
            repository=chart.repository,
            version=chart.version,
            release=_RELEASE,
            namespace=namespace,
            values=self._access.chart_values,
        )
        # Pods get credentials when they start, and check then that the definitions are there.
        self._chart.node.add_dependency(self._access, *self._define_crds(crds))
        self._class = manifest(self, "GatewayClass", cluster=cluster, objects=[gateway_class()])
        self._class.node.add_dependency(self._chart)
        self._applied: dict[ObjectRef, Construct] = {}
        self._of_targets: dict[ObjectRef, list[Construct]] = {}
        self._services: dict[str, ObjectRef] = {}

    @property
    def access(self) -> GatewayApiAccess:
        """The controller's role, and its permissions."""
        return self._access

    @property
    def chart(self) -> Construct:
        """The chart of the controller; what else needs the controller depends on it."""
        return self._chart

    def apply(self, *objects: KubernetesObject) -> list[Construct]:
        """Apply gateways, routes, policies, exports and imports, each after what it refers to.

        Policies permit the controller what they need. Each object is a resource of its own, known by its kind and name:
        it leaves the cluster with its resource, renamed ones included.

        Routes beyond the quotas of a service get warnings, to be acknowledged on what this returns.

        Raises `ArgumentError` when an object is applied already, when two routes make one VPC Lattice service, when the
        VPC is associated already, or for a name that only the deployment knows.
        """
        refs = self._check(objects)
        made = [
            manifest(self, f"{ref.kind}.{ref.namespace}.{ref.name}", cluster=self._cluster, objects=[each.manifest()])
            for ref, each in zip(refs, objects, strict=True)
        ]
        self._applied.update(zip(refs, made, strict=True))
        for each, its in zip(objects, made, strict=True):
            if isinstance(each, TargetGroupPolicy):
                self._of_targets.setdefault(each.target_ref, []).append(its)
        for each, its in zip(objects, made, strict=True):
            its.node.add_dependency(self._class, *self._before(each))
            if isinstance(each, LatticeGateway) and each.service_network is not None:
                # The associations of its services have to go before the service network does.
                its.node.add_dependency(each.service_network)
            if isinstance(each, Route):
                _warn(its, each)
            self._permit(each)
        return made

    def _define_crds(self, crds: GatewayApiCrds) -> list[Construct]:
        if crds.repository is not None and crds.version is not None:
            return [
                helm_chart(
                    self,
                    "Crds",
                    cluster=self._cluster,
                    repository=crds.repository,
                    version=crds.version,
                    release=_CRDS_RELEASE,
                    namespace=_CRDS_NAMESPACE,
                )
            ]
        return [
            manifest(self, f"Crd{name.replace('/', '.')}", cluster=self._cluster, objects=[each], is_kept=True)
            for name, each in crds.by_name().items()
        ]

    def _check(self, objects: Sequence[KubernetesObject]) -> list[ObjectRef]:
        where = self.node.path
        refs: list[ObjectRef] = []
        services = dict(self._services)
        for each in objects:
            ref = each.ref
            if is_token(ref.name) or is_token(ref.namespace):
                raise ArgumentError(
                    f"{where}: the name and the namespace of a {ref.kind} have to be known at synthesis"
                )
            if ref in refs or ref in self._applied:
                raise ArgumentError(f"{where}: {ref} is applied already; apply it once")
            refs.append(ref)
            if isinstance(each, VpcAssociationPolicy) and each.associate_with_vpc:
                self._check_unassociated(ref)
            if not isinstance(each, Route):
                continue
            if (other := services.setdefault(each.lattice_service_name, ref)) != ref:
                raise ArgumentError(
                    f"{where}: {ref} and {other} would both make the VPC Lattice service "
                    f"{each.lattice_service_name!r}; give one another name, or a service_name"
                )
        self._services = services
        return refs

    def _check_unassociated(self, policy: ObjectRef) -> None:
        if (other := association_of(self, self._cluster.vpc)) is not None:
            raise ArgumentError(
                f"{self.node.path}: {policy} would associate the vpc of the cluster, which {other} does; leave one out"
            )

    def _before(self, each: KubernetesObject) -> list[Construct]:
        before = [self._applied[needed] for needed in each.references if needed in self._applied]
        if isinstance(each, Route):
            # A protocol that comes after the route replaces its target groups.
            before += [policy for needed in each.references for policy in self._of_targets.get(needed, [])]
        return before

    def _permit(self, each: KubernetesObject) -> None:
        match each:
            case VpcAssociationPolicy():
                self._access.allow(ControllerFeature.VPC_ASSOCIATIONS)
            case IamAuthPolicy():
                self._access.allow(ControllerFeature.AUTH_POLICIES)
            case AccessLogPolicy():
                self._access.allow(_LOGS[each.destination_kind], *each.permitted_arns)
            case _:
                pass


def _warn(resource: Construct, route: Route) -> None:
    targets = {(each.ref(route.namespace), each.port) for each in route.backends}
    Quota.LISTENERS.warn(resource, 0, len(route.listeners))
    Quota.RULES.warn(resource, 0, len(route.manifest()["spec"]["rules"]))
    Quota.TARGET_GROUPS.warn(resource, 0, len(targets))
