"""A multi-tier network: what stands in front, what does the work, and what keeps the data."""

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lattice._checks import Place, check_range
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.addressing import AddressLock
from constructs_lattice.load_balancing import ApplicationLoadBalancer, Scheme
from constructs_lattice.vpc import EndpointPolicy, FlowLogs, InterfaceEndpoint, Nat, Tier, Vpc, Zones

__all__ = ["MultiTierNetwork"]

_WEB, _APP, _DATA = "web", "app", "data"


class MultiTierNetwork(LatticeConstruct):
    """A network for an application of three tiers, in which traffic goes one way: internet → web → app → data.

    - **web**: public subnets with an internet-facing Application Load Balancer, and nothing else.
    - **app**: private subnets. The application's interfaces go into `app_security_group`, which admits the load
      balancer on `app_port`; they reach the internet through NAT.
    - **data**: isolated subnets. Databases go into `data_security_group`, which admits the application on `data_port`
      and lets nothing out.

    Everything made is an attribute and can be extended: `vpc`, `load_balancer`, `listener` (which answers 404 until
    targets are added to it), and the two security groups.

    Args:
        scope: The construct that this network is part of.
        id: The id within `scope`.
        cidr: The IPv4 block of the VPC, such as `10.20.0.0/16`.
        certificates: Certificates for HTTPS; HTTP is then redirected to it. Without any, the load balancer listens for
            plain HTTP.
        app_port: The port that the application listens on. 8080 by default.
        data_port: The port that the databases listen on. 5432, PostgreSQL's, by default.
        zones: The Availability Zones, at least two; the first three of the account by default.
        nat: How the app tier reaches the internet. A NAT gateway in every zone by default.
        more_tiers: Tiers besides web, app and data. None by default.
        interface_endpoints: Short names of AWS services that the app tier reaches without NAT, or each as an
            `InterfaceEndpoint`. None by default.
        endpoint_policy: What may pass the VPC's endpoints, that of S3 among them. By default the account's principals
            and resources, and what containers and agents need.
        clients: Who may connect to the load balancer. Everyone, over IPv4, by default.
        flow_logs: Where the records of the traffic go. By default a log group that keeps them for three months.
        access_logs: A bucket for the load balancer's access logs, in a stack whose region is known. None by default.
        deletion_protection: Whether AWS refuses to delete the load balancer. No by default.
        lock: What remembers the addresses. The plan is made anew each time by default.

    Raises:
        ArgumentError: A port is out of range, or there are fewer than two zones.
        AddressError: The block is malformed or too small for the tiers.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-example-private-subnets-nat.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cidr: str,
        certificates: Sequence[elbv2.IListenerCertificate] = (),
        app_port: int = 8080,
        data_port: int = 5432,
        zones: Zones | None = None,
        nat: Nat | None = None,
        more_tiers: Sequence[Tier] = (),
        interface_endpoints: Sequence[str | InterfaceEndpoint] = (),
        endpoint_policy: EndpointPolicy | None = None,
        clients: Sequence[ec2.IConnectable] | None = None,
        flow_logs: FlowLogs | None = None,
        access_logs: s3.IBucket | None = None,
        deletion_protection: bool = False,
        lock: AddressLock | None = None,
    ) -> None:
        where = Place(scope, id)
        check_range(where, "app_port", app_port, 1, 65_535)
        check_range(where, "data_port", data_port, 1, 65_535)
        super().__init__(scope, id)
        self._vpc = Vpc(
            self,
            "Vpc",
            cidr=cidr,
            tiers=[Tier.public(_WEB), Tier.private(_APP), Tier.isolated(_DATA), *more_tiers],
            zones=zones,
            nat=nat,
            flow_logs=flow_logs,
            interface_endpoints=interface_endpoints,
            endpoint_policy=endpoint_policy,
            lock=lock,
        )
        self._load_balancer = ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=self._vpc,
            scheme=Scheme.INTERNET_FACING,
            subnets=self._vpc.tier(_WEB).selection,
            access_logs=access_logs,
            deletion_protection=deletion_protection,
        )
        self._listener = self._listen(certificates, clients)
        self._app_security_group = self._make_security_group("App", "the application", outbound=True)
        self._data_security_group = self._make_security_group("Data", "the databases", outbound=False)
        self._app_security_group.connections.allow_from(
            self._load_balancer, ec2.Port.tcp(app_port), "from the load balancer"
        )
        self._data_security_group.connections.allow_from(
            self._app_security_group, ec2.Port.tcp(data_port), "from the application"
        )

    @property
    def vpc(self) -> Vpc:
        """The VPC, with the tiers `web`, `app` and `data`."""
        return self._vpc

    @property
    def load_balancer(self) -> ApplicationLoadBalancer:
        """The load balancer in the web tier."""
        return self._load_balancer

    @property
    def listener(self) -> elbv2.ApplicationListener:
        """Where the application's targets and rules are added: HTTPS with a certificate, else HTTP."""
        return self._listener

    @property
    def app_security_group(self) -> ec2.SecurityGroup:
        """The security group for the application's interfaces."""
        return self._app_security_group

    @property
    def data_security_group(self) -> ec2.SecurityGroup:
        """The security group for the databases' interfaces."""
        return self._data_security_group

    def _listen(
        self, certificates: Sequence[elbv2.IListenerCertificate], clients: Sequence[ec2.IConnectable] | None
    ) -> elbv2.ApplicationListener:
        if not certificates:
            return self._load_balancer.add_listener("Http", clients=clients)
        self._load_balancer.add_redirect("HttpRedirect", clients=clients)
        return self._load_balancer.add_listener("Https", certificates=certificates, clients=clients)

    def _make_security_group(self, name: str, whose: str, *, outbound: bool) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(
            self,
            f"{name}SecurityGroup",
            vpc=self._vpc,
            description=f"Interfaces of {whose}",
            allow_all_outbound=outbound,
        )
