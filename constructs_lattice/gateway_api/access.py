"""What the controller needs of AWS: a role, and security groups that let VPC Lattice through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Aws, CfnJson
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam

from constructs_lattice._checks import Place, check_range
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.cluster import check_kubernetes, cluster_security_group
from constructs_lattice.gateway_api.controller_chart import CONTROLLER_NAMESPACE, SERVICE_ACCOUNT, ControllerChart
from constructs_lattice.gateway_api.controller_credentials import ControllerCredentials
from constructs_lattice.gateway_api.controller_policy import base_statements, feature_statements
from constructs_lattice.gateway_api.kubernetes_object import check_object_name
from constructs_lattice.vpc_lattice.regions import Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from constructs import Construct

    from constructs_lattice.gateway_api.cluster import EksCluster
    from constructs_lattice.gateway_api.controller_feature import ControllerFeature
    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists

__all__ = ["GatewayApiAccess"]

_POD_IDENTITY = "pods.eks.amazonaws.com"
_DEFAULT_CREDENTIALS = ControllerCredentials.pod_identity()
_DEFAULT_CHART = ControllerChart()


class GatewayApiAccess(LatticeConstruct):
    """What the AWS Gateway API Controller needs of AWS, in plain CloudFormation: for controllers that GitOps installs.

    It makes the controller's role, lets its service account have it, and lets VPC Lattice through to the pods.
    `GatewayApiController` makes one of these, and installs the controller as well.

    Args:
        scope: The construct that this is part of.
        id: The id within `scope`.
        cluster: The cluster, of `aws_eks` or `aws_eks_v2`.
        prefix_lists: The prefix lists of VPC Lattice, from which the nodes then take requests and health checks. None
            by default: the security groups are the caller's own business.
        nodes: What the pods' security groups belong to, such as Auto Scaling groups, or the groups themselves. The
            cluster security group by default, which managed nodes, EKS Auto Mode and Fargate have.
        pod_ports: The ports of the pods, and of their health checks. All TCP ports by default.
        credentials: How the pods get the role. By EKS Pod Identity by default, whose agent is installed as an add-on.
        chart: The chart that is installed elsewhere, whose values `chart_values` then has.
        namespace: The namespace of the controller.
        features: What the controller may do besides looking after services. Nothing by default.

    Raises:
        ArgumentError: The region has no VPC Lattice, the cluster is older than Kubernetes 1.31, its security group is
            not known, a port is none, or ports or nodes are given without prefix lists.

    https://www.gateway-api-controller.eks.aws.dev/latest/guides/deploy/
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: EksCluster,
        prefix_lists: LatticePrefixLists | None = None,
        nodes: Sequence[ec2.IConnectable] = (),
        pod_ports: Sequence[int] = (),
        credentials: ControllerCredentials = _DEFAULT_CREDENTIALS,
        chart: ControllerChart = _DEFAULT_CHART,
        namespace: str = CONTROLLER_NAMESPACE,
        features: Iterable[ControllerFeature] = (),
    ) -> None:
        where = Place(scope, id)
        Region.of(scope).check(where)
        check_kubernetes(where, cluster)
        check_object_name(where, SERVICE_ACCOUNT, namespace)
        for port in pod_ports:
            check_range(where, "pod_ports", port, 1, 65_535)
        if prefix_lists is None and (nodes or pod_ports):
            raise ArgumentError(
                f"{where}: nodes and pod_ports are for prefix_lists, but there are none; give them, too"
            )
        admitted = list(nodes) if nodes or prefix_lists is None else [cluster_security_group(where, cluster)]
        super().__init__(scope, id)
        self._cluster, self._chart, self._namespace, self._credentials = cluster, chart, namespace, credentials
        self._features: set[tuple[ControllerFeature, tuple[str, ...]]] = set()
        self._statements: set[str] = set()
        self._role = self._pod_identity() if credentials.is_pod_identity else self._irsa()
        for statement in base_statements(tagging_api=chart.tagging_api):
            self._role.add_to_policy(statement)
        for feature in features:
            self.allow(feature)
        if prefix_lists is not None:
            _admit(prefix_lists, admitted, pod_ports)

    @property
    def role(self) -> iam.Role:
        """The role of the controller."""
        return self._role

    @property
    def chart_values(self) -> dict[str, Any]:
        """The values of the chart for this cluster, new in each call. What only the deployment knows is a token."""
        return self._chart.values_for(
            cluster_name=self._cluster.cluster_name,
            vpc_id=self._cluster.vpc.vpc_id,
            account=Aws.ACCOUNT_ID,
            region=Aws.REGION,
            role_arn=None if self._credentials.is_pod_identity else self._role.role_arn,
        )

    def allow(self, feature: ControllerFeature, *resources: str) -> None:
        """Let the controller do something that not every cluster uses.

        `resources` are the ARNs of buckets or delivery streams, for the features of access logs; all by default.
        """
        for statement in feature_statements(feature, resources):
            # Features share statements; each is written once.
            key = repr((statement.sid, sorted(statement.resources)))
            if key not in self._statements:
                self._statements.add(key)
                self._role.add_to_policy(statement)

    def _pod_identity(self) -> iam.Role:
        cluster = self._cluster
        # Reading it makes the add-on, once for a cluster; imported clusters have none to read.
        agent = cluster.eks_pod_identity_agent if self._credentials.install_agent else None
        principal = iam.ServicePrincipal(
            _POD_IDENTITY,
            conditions={
                "StringEquals": {
                    "aws:RequestTag/eks-cluster-arn": cluster.cluster_arn,
                    "aws:RequestTag/kubernetes-namespace": self._namespace,
                    "aws:RequestTag/kubernetes-service-account": SERVICE_ACCOUNT,
                }
            },
        )
        role = self._make_role(cast("iam.IPrincipal", iam.SessionTagsPrincipal(principal)))
        association = eks.CfnPodIdentityAssociation(
            self,
            "PodIdentity",
            cluster_name=cluster.cluster_name,
            namespace=self._namespace,
            service_account=SERVICE_ACCOUNT,
            role_arn=role.role_arn,
        )
        if agent is not None:
            association.node.add_dependency(agent)
        return role

    def _irsa(self) -> iam.Role:
        provider = self._cluster.open_id_connect_provider
        issuer = provider.open_id_connect_provider_issuer
        claims: Any = {
            f"{issuer}:aud": "sts.amazonaws.com",
            f"{issuer}:sub": f"system:serviceaccount:{self._namespace}:{SERVICE_ACCOUNT}",
        }
        if is_token(issuer):
            # A key of JSON that the deployment makes is beyond CloudFormation itself.
            claims = CfnJson(self, "Claims", value=claims)
        return self._make_role(
            cast("iam.IPrincipal", iam.OpenIdConnectPrincipal(provider, conditions={"StringEquals": claims}))
        )

    def _make_role(self, principal: iam.IPrincipal) -> iam.Role:
        return iam.Role(
            self, "Role", assumed_by=principal, description="The AWS Gateway API Controller looks after VPC Lattice"
        )


def _admit(lists: LatticePrefixLists, nodes: Sequence[ec2.IConnectable], ports: Sequence[int]) -> None:
    admitted = [ec2.Port.tcp(each) for each in dict.fromkeys(ports)] or [ec2.Port.all_tcp()]
    for node in nodes:
        for peer in lists.peers:
            for port in admitted:
                node.connections.allow_from(peer, port, "from VPC Lattice")
