"""Network Load Balancers."""

from collections.abc import Sequence
from itertools import product

import jsii
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.errors import ArgumentError
from constructs_lattice.load_balancing.placement import Ports, clients_or_default, place
from constructs_lattice.load_balancing.scheme import Scheme
from constructs_lattice.vpc import enforces_encryption

__all__ = ["NetworkLoadBalancer"]

_TRANSPORTS = {
    elbv2.Protocol.TCP: "tcp",
    elbv2.Protocol.TLS: "tcp",
    elbv2.Protocol.UDP: "udp",
    elbv2.Protocol.TCP_UDP: "tcp_udp",
}


@jsii.implements(ec2.IConnectable)
class NetworkLoadBalancer(LatticeConstruct):
    """A Network Load Balancer in the tiers of a VPC.

    It wraps `elbv2.NetworkLoadBalancer`, which is its `resource`. It always has a security group: one that is made
    without can never get one, and its listeners are open to everybody who can route to it.

    Args:
        scope: The construct that this load balancer is part of.
        id: The id within `scope`.
        vpc: The VPC, ours or any `ec2.IVpc`.
        scheme: Whether it faces the internet. Internal by default.
        subnets: Where it lives. By default the public subnets for an internet-facing one, and the VPC's tier
            for load balancers, else the private subnets, else the isolated ones, for an internal one.
        cross_zone: Whether each zone's part reaches the targets of all zones. No by default, as with AWS: traffic
            stays in its zone, and a zone without healthy targets takes itself out of DNS.
        access_logs: A bucket for the access logs of its TLS listeners. None by default.
        deletion_protection: Whether AWS refuses to delete it. No by default.

    Raises:
        ArgumentError: The subnets don't suit the scheme.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        scheme: Scheme = Scheme.INTERNAL,
        subnets: ec2.SubnetSelection | None = None,
        cross_zone: bool = False,
        access_logs: s3.IBucket | None = None,
        deletion_protection: bool = False,
    ) -> None:
        selection = place(Place(scope, id), vpc, scheme, subnets, least_zones=1)
        super().__init__(scope, id)
        self._vpc = vpc
        self._scheme = scheme
        self._ports = Ports(self)
        self._security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Clients and targets of a Network Load Balancer",
            allow_all_outbound=False,
        )
        self._resource = elbv2.NetworkLoadBalancer(
            self,
            "Resource",
            vpc=vpc,
            vpc_subnets=selection,
            internet_facing=scheme is Scheme.INTERNET_FACING,
            security_groups=[self._security_group],
            cross_zone_enabled=cross_zone,
            deletion_protection=deletion_protection,
        )
        self._connections = self._resource.connections
        if access_logs is not None:
            self._resource.log_access_logs(access_logs)

    @property
    def resource(self) -> elbv2.NetworkLoadBalancer:
        """The load balancer itself, as the CDK knows it."""
        return self._resource

    @property
    def security_group(self) -> ec2.SecurityGroup:
        """Its security group: what targets let in."""
        return self._security_group

    @property
    def connections(self) -> ec2.Connections:
        """Who may connect to it, and where it may connect to."""
        return self._connections

    @property
    def dns_name(self) -> str:
        """The DNS name that AWS gives it."""
        return self._resource.load_balancer_dns_name

    def add_listener(
        self,
        id: str,
        *,
        port: int,
        target_groups: Sequence[elbv2.INetworkTargetGroup],
        protocol: elbv2.Protocol = elbv2.Protocol.TCP,
        certificates: Sequence[elbv2.IListenerCertificate] = (),
        clients: Sequence[ec2.IConnectable] | None = None,
        ssl_policy: elbv2.SslPolicy = elbv2.SslPolicy.RECOMMENDED_TLS,
    ) -> elbv2.NetworkListener:
        """Listen on `port` and forward to `target_groups`.

        Args:
            id: The id within this load balancer.
            port: The port.
            target_groups: Where connections go.
            protocol: TCP by default; TLS needs certificates, and UDP and TCP_UDP cannot have any.
            certificates: The certificates of a TLS listener, the default one first.
            clients: Who may connect. By default everyone for an internet-facing load balancer, and the VPC's own
                addresses for an internal one.
            ssl_policy: The TLS versions and ciphers. The CDK's recommended policy by default: TLS 1.2 and 1.3.

        Raises:
            ArgumentError: The port is taken, the protocol is none of a Network Load Balancer, certificates are missing
                or out of place, or TLS is asked for in a VPC that enforces encryption.
        """
        where = Place(self, id)
        self._check_protocol(where, protocol, certificates)
        clients = clients_or_default(where, self._vpc, self._scheme, clients)
        self._ports.take(id, port, _TRANSPORTS[protocol])
        listener = self._resource.add_listener(
            id,
            port=port,
            protocol=protocol,
            certificates=list(certificates) or None,
            ssl_policy=ssl_policy if certificates else None,
            default_target_groups=list(target_groups),
        )
        for client, opening in product(clients, _openings(protocol, port)):
            self.connections.allow_from(client, opening)
        return listener

    def _check_protocol(
        self, where: Place, protocol: elbv2.Protocol, certificates: Sequence[elbv2.IListenerCertificate]
    ) -> None:
        if protocol not in _TRANSPORTS:
            raise ArgumentError(f"{where}: protocol must be TCP, TLS, UDP or TCP_UDP, got {protocol.name}")
        if (protocol is elbv2.Protocol.TLS) != bool(certificates):
            way_out = "give it one" if protocol is elbv2.Protocol.TLS else "leave them out or ask for TLS"
            raise ArgumentError(f"{where}: a {protocol.name} listener has {len(certificates)} certificates; {way_out}")
        if protocol is elbv2.Protocol.TLS and enforces_encryption(self._vpc):
            raise ArgumentError(
                f"{where}: the vpc enforces encryption, where a Network Load Balancer cannot end TLS; listen for TCP, "
                "and let the targets end it"
            )


def _openings(protocol: elbv2.Protocol, port: int) -> list[ec2.Port]:
    match protocol:
        case elbv2.Protocol.UDP:
            return [ec2.Port.udp(port)]
        case elbv2.Protocol.TCP_UDP:
            return [ec2.Port.tcp(port), ec2.Port.udp(port)]
        case _:
            return [ec2.Port.tcp(port)]
