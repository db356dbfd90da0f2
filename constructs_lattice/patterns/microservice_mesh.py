"""A mesh of microservices on VPC Lattice."""

from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc import peers_within
from constructs_lattice.vpc_lattice import (
    AccessLogs,
    Action,
    Auth,
    LatticePrefixLists,
    Service,
    ServiceNetwork,
    VpcAssociation,
)

__all__ = ["MicroserviceMesh"]

_HTTPS = 443


class MicroserviceMesh(LatticeConstruct):
    """Services that find, call and know each other through one service network, whatever they run on.

    - A service network asks every caller who it is, and logs every request.
    - VPCs are associated with it; a security group of each association admits HTTPS from the VPC's own addresses.
    - A service has an HTTPS listener with a certificate of VPC Lattice's own, and its own auth policy.
    - Security groups of clients and of targets are opened to VPC Lattice by its prefix lists.

    Everything made can be had and extended: `service_network`, `log_group`, `association(vpc)`, and the services with
    their listeners.

    Args:
        scope: The construct that this mesh is part of.
        id: The id within `scope`.
        vpcs: The VPCs whose clients may call, by a name for each. Theirs is the only association they can have.
        auth: Who may call anything in the mesh. By default signed requests from the stack's own account.
        prefix_lists: The prefix lists of VPC Lattice in the stack's region, for `allow_client` and `allow_target`. None
            by default: security groups are then the caller's own business.
        log_retention: How long access logs are kept. One year by default.

    Raises:
        ArgumentError: A VPC is associated with a service network already.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/how-it-works.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpcs: Mapping[str, ec2.IVpc],
        auth: Auth | None = None,
        prefix_lists: LatticePrefixLists | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
    ) -> None:
        super().__init__(scope, id)
        self._prefix_lists = prefix_lists
        self._log_group = logs.LogGroup(
            self, "AccessLogs", retention=log_retention, removal_policy=RemovalPolicy.RETAIN
        )
        self._service_network = ServiceNetwork(
            self, "ServiceNetwork", auth=auth, access_logs=[AccessLogs.to_cloud_watch(self._log_group)]
        )
        self._associations = {name: self._associate(name, vpc) for name, vpc in vpcs.items()}
        self._services: dict[str, Service] = {}

    @property
    def service_network(self) -> ServiceNetwork:
        """The service network."""
        return self._service_network

    @property
    def log_group(self) -> logs.LogGroup:
        """Where the access logs are."""
        return self._log_group

    @property
    def services(self) -> Mapping[str, Service]:
        """The services, by the ids with which they were added."""
        return dict(self._services)

    def association(self, vpc: str) -> VpcAssociation:
        """The association of a VPC, by the name that was given to it. Raises `ArgumentError` when there is none."""
        if vpc not in self._associations:
            names = ", ".join(repr(name) for name in self._associations)
            raise ArgumentError(f"{self.node.path}: there is no vpc {vpc!r}; there are {names}")
        return self._associations[vpc]

    def add_service(
        self, id: str, *, default_action: Action, auth: Auth | None = None, access_logs: Sequence[AccessLogs] = ()
    ) -> Service:
        """Add a service with an HTTPS listener, `service.listeners["Https"]`.

        Args:
            id: The id within this mesh.
            default_action: What happens to a request that no rule matches.
            auth: Who may call it. By default signed requests from the stack's own account.
            access_logs: Where its own access logs go, besides those of the network. Nowhere by default.
        """
        service = Service(self, id, service_networks=[self._service_network], auth=auth, access_logs=access_logs)
        service.add_listener("Https", default_action=default_action)
        self._services[id] = service
        return service

    def allow_client(self, client: ec2.IConnectable) -> None:
        """Let a client's security groups send requests to the mesh. Raises `ArgumentError` without prefix lists."""
        self._known_prefix_lists().allow_to(client, _HTTPS)

    def allow_target(self, target: ec2.IConnectable, port: int) -> None:
        """Let a target's security groups take requests on `port`. Raises `ArgumentError` without prefix lists."""
        self._known_prefix_lists().allow_from(target, port)

    def _associate(self, name: str, vpc: ec2.IVpc) -> VpcAssociation:
        group = ec2.SecurityGroup(
            self,
            f"{name}-clients",
            vpc=vpc,
            description="Clients of the service network: HTTPS from within the VPC",
            allow_all_outbound=False,
        )
        for peer in peers_within(vpc):
            group.add_ingress_rule(peer, ec2.Port.tcp(_HTTPS), "HTTPS from within the VPC")
        return self._service_network.add_vpc_association(
            name, vpc=vpc, security_groups=[group], prefix_lists=self._prefix_lists
        )

    def _known_prefix_lists(self) -> LatticePrefixLists:
        if self._prefix_lists is None:
            raise ArgumentError(
                f"{self.node.path}: security groups are opened to VPC Lattice by its prefix lists; give prefix_lists"
            )
        return self._prefix_lists
