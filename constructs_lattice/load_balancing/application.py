"""Application Load Balancers."""

from collections.abc import Sequence

import jsii
from aws_cdk import Annotations, Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.load_balancing.placement import Ports, clients_or_default, place
from constructs_lattice.load_balancing.scheme import Scheme

__all__ = ["ApplicationLoadBalancer"]

_HTTP = 80
_HTTPS = 443


@jsii.implements(ec2.IConnectable)
class ApplicationLoadBalancer(LatticeConstruct):
    """An Application Load Balancer in the tiers of a VPC.

    It wraps `elbv2.ApplicationLoadBalancer`, which is its `resource`; its listeners are aws-cdk's own, so targets,
    rules and authentication are added the usual way. What it adds: a scheme that is said, a security group that opens
    nothing by itself, refusal of malformed headers, TLS 1.2 and newer, and AWS's own checks before the deployment.

    Args:
        scope: The construct that this load balancer is part of.
        id: The id within `scope`.
        vpc: The VPC, ours or any `ec2.IVpc`.
        scheme: Whether it faces the internet. Internal by default.
        subnets: Where it lives: at least two zones. By default the public subnets for an internet-facing one, and the
            tier for load balancers, else the private subnets, else the isolated ones, for an internal one.
        access_logs: A bucket for its access logs, in a stack whose region is known. None by default.
        deletion_protection: Whether AWS refuses to delete it. No by default.
        idle_timeout: How long a connection may be silent, 1 to 4,000 seconds. 60 seconds by default.

    Raises:
        ArgumentError: The subnets don't suit the scheme or are in too few zones, or access logs are asked for in a
            stack whose region is not known.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        scheme: Scheme = Scheme.INTERNAL,
        subnets: ec2.SubnetSelection | None = None,
        access_logs: s3.IBucket | None = None,
        deletion_protection: bool = False,
        idle_timeout: Duration | None = None,
    ) -> None:
        where = Place(scope, id)
        selection = place(where, vpc, scheme, subnets, least_zones=2)
        if access_logs is not None and is_token(Stack.of(scope).region):
            # The policy of the bucket names an account of AWS that is another one in each region.
            raise ArgumentError(f"{where}: access_logs need a stack whose region is known; give the stack an env")
        super().__init__(scope, id)
        self._vpc = vpc
        self._scheme = scheme
        self._ports = Ports(self)
        self._security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Clients and targets of an Application Load Balancer",
            allow_all_outbound=False,
        )
        self._resource = elbv2.ApplicationLoadBalancer(
            self,
            "Resource",
            vpc=vpc,
            vpc_subnets=selection,
            internet_facing=scheme is Scheme.INTERNET_FACING,
            security_group=self._security_group,
            drop_invalid_header_fields=True,
            deletion_protection=deletion_protection,
            idle_timeout=idle_timeout,
        )
        self._connections = self._resource.connections
        if access_logs is not None:
            self._resource.log_access_logs(access_logs)

    @property
    def resource(self) -> elbv2.ApplicationLoadBalancer:
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
        certificates: Sequence[elbv2.IListenerCertificate] = (),
        port: int | None = None,
        default_action: elbv2.ListenerAction | None = None,
        clients: Sequence[ec2.IConnectable] | None = None,
        ssl_policy: elbv2.SslPolicy = elbv2.SslPolicy.RECOMMENDED_TLS,
    ) -> elbv2.ApplicationListener:
        """Listen for HTTPS with `certificates`, or for HTTP without.

        Args:
            id: The id within this load balancer.
            certificates: The certificates, the default one first.
            port: The port. 443 for HTTPS and 80 for HTTP by default.
            default_action: What happens to a request that no rule matches. It is answered with 404 by default, until
                targets are added to the listener without a condition.
            clients: Who may connect. By default everyone for an internet-facing load balancer, and the VPC's own
                addresses for an internal one.
            ssl_policy: The TLS versions and ciphers. The CDK's recommended policy by default: TLS 1.2 and 1.3.

        Raises:
            ArgumentError: The port is taken by another listener, or out of range.
        """
        secure = bool(certificates)
        if port is None:
            port = _HTTPS if secure else _HTTP
        clients = clients_or_default(Place(self, id), self._vpc, self._scheme, clients)
        self._ports.take(id, port)
        listener = self._resource.add_listener(
            id,
            port=port,
            protocol=elbv2.ApplicationProtocol.HTTPS if secure else elbv2.ApplicationProtocol.HTTP,
            certificates=list(certificates) or None,
            ssl_policy=ssl_policy if secure else None,
            default_action=default_action or elbv2.ListenerAction.fixed_response(404),
            open=False,
        )
        if default_action is None:
            # Our 404 is there to be replaced: `listener.add_targets(…)` without a condition does so, with a warning.
            Annotations.of(listener).acknowledge_warning("@aws-cdk/aws-elbv2:listenerExistingDefaultActionReplaced")
        for client in clients:
            self.connections.allow_from(client, ec2.Port.tcp(port))
        return listener

    def add_redirect(
        self, id: str, *, port: int = _HTTP, to_port: int = _HTTPS, clients: Sequence[ec2.IConnectable] | None = None
    ) -> elbv2.ApplicationListener:
        """Listen for HTTP and send clients to the same address over HTTPS, for good.

        Raises `ArgumentError` when the port is taken by another listener, or out of range.
        """
        action = elbv2.ListenerAction.redirect(protocol="HTTPS", port=str(to_port), permanent=True)
        return self.add_listener(id, port=port, default_action=action, clients=clients)
