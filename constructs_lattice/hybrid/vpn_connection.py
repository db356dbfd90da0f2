"""Site-to-Site VPN connections."""

from collections.abc import Sequence

from aws_cdk import Annotations, ArnFormat, CfnTag, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.errors import ArgumentError
from constructs_lattice.hybrid.customer_gateway import ICustomerGateway
from constructs_lattice.hybrid.tunnel import Tunnel
from constructs_lattice.hybrid.vpn_concentrator import VpnConcentrator
from constructs_lattice.transit_gateway import ImportedAttachment, ITransitGateway

__all__ = ["VpnConnection"]

_TUNNELS = 2


class VpnConnection(LatticeConstruct):
    """An IPsec connection of two tunnels between a customer gateway and AWS.

    Through a `VpnConcentrator` it is complete in one deployment. Straight to a Transit Gateway it takes two:
    CloudFormation does not tell the id of the attachment that such a connection makes
    (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/183), and without it the attachment
    cannot be associated with a route table. After the first deployment, find the id and hand it in as `attachment_id`;
    `attachment` then associates and propagates like any other.

    Args:
        scope: The construct that this connection is part of.
        id: The id within `scope`.
        customer_gateway: The other end.
        gateway: AWS's end: a `VpnConcentrator` or a Transit Gateway.
        tunnels: Options of the two tunnels. AWS's choice of addresses by default.
        static_routes_only: Whether the other end does without BGP. It speaks BGP by default.
        attachment_id: The id of the attachment to the Transit Gateway, once the first deployment has made it.
        log_retention: How long the tunnels' logs are kept, in a log group of the connection's own. Three months by
            default.

    Raises:
        ArgumentError: There are not two tunnels, they share addresses, or a concentrator is asked for what it lacks.

    https://docs.aws.amazon.com/vpn/latest/s2svpn/VPC_VPN.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        customer_gateway: ICustomerGateway,
        gateway: VpnConcentrator | ITransitGateway,
        tunnels: Sequence[Tunnel] = (Tunnel(), Tunnel()),
        static_routes_only: bool = False,
        attachment_id: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
    ) -> None:
        where = Place(scope, id)
        _check_tunnels(where, tunnels)
        concentrator = gateway if isinstance(gateway, VpnConcentrator) else None
        if concentrator is not None:
            _check_concentrated(where, static_routes_only=static_routes_only, attachment_id=attachment_id)
        super().__init__(scope, id)
        log_options = self._log_options(log_retention)
        self._resource = ec2.CfnVPNConnection(
            self,
            "Resource",
            type="ipsec.1",
            customer_gateway_id=customer_gateway.customer_gateway_id,
            vpn_concentrator_id=None if concentrator is None else concentrator.vpn_concentrator_id,
            transit_gateway_id=None if isinstance(gateway, VpnConcentrator) else gateway.transit_gateway_id,
            static_routes_only=static_routes_only,
            vpn_tunnel_options_specifications=[tunnel.specification(log_options) for tunnel in tunnels],
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        self._attachment = self._find_attachment(concentrator, attachment_id)

    @property
    def resource(self) -> ec2.CfnVPNConnection:
        """The connection itself, as CloudFormation knows it."""
        return self._resource

    @property
    def vpn_connection_id(self) -> str:
        """The id of the connection."""
        return self._resource.ref

    @property
    def attachment(self) -> VpnConcentrator | ImportedAttachment:
        """The attachment that carries the connection's traffic: the concentrator's, or the one whose id was given.

        Raises `ArgumentError` when it goes straight to a Transit Gateway and the id is not known yet.
        """
        if self._attachment is None:
            raise ArgumentError(
                f"{self.node.path}: the attachment of a vpn connection to a transit gateway is known after its first "
                "deployment only; deploy, then give its id as attachment_id, or use a VpnConcentrator"
            )
        return self._attachment

    def _find_attachment(
        self, concentrator: VpnConcentrator | None, attachment_id: str | None
    ) -> VpnConcentrator | ImportedAttachment | None:
        if concentrator is not None:
            return concentrator
        if attachment_id is not None:
            return ImportedAttachment(self, "Attachment", attachment_id=attachment_id)
        Annotations.of(self).add_warning_v2(
            "constructs-lattice:vpnAttachmentUnknown",
            "the attachment of this vpn connection is in no route table, so it carries no traffic yet; "
            "deploy, then give its id as attachment_id, or use a VpnConcentrator",
        )
        return None

    def _log_options(
        self, retention: logs.RetentionDays
    ) -> ec2.CfnVPNConnection.CloudwatchLogOptionsSpecificationProperty:
        group = logs.LogGroup(self, "Logs", retention=retention, removal_policy=RemovalPolicy.DESTROY)
        # The ARN that the log group itself gives ends in `:*`, which the connection refuses.
        arn = Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=group.log_group_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        return ec2.CfnVPNConnection.CloudwatchLogOptionsSpecificationProperty(
            log_enabled=True,
            log_group_arn=arn,
            log_output_format="json",
            bgp_log_enabled=True,
            bgp_log_group_arn=arn,
            bgp_log_output_format="json",
        )


def _check_tunnels(where: Place, tunnels: Sequence[Tunnel]) -> None:
    if len(tunnels) != _TUNNELS:
        raise ArgumentError(f"{where}: a vpn connection has {_TUNNELS} tunnels, got {len(tunnels)}")
    first, second = (tunnel.inside_cidr for tunnel in tunnels)
    if first is not None and first == second:
        raise ArgumentError(f"{where}: both tunnels have inside_cidr {first}; give each a block of its own")


def _check_concentrated(where: Place, *, static_routes_only: bool, attachment_id: str | None) -> None:
    if static_routes_only:
        raise ArgumentError(f"{where}: connections of a VpnConcentrator route with BGP; leave out static_routes_only")
    if attachment_id is not None:
        raise ArgumentError(f"{where}: the attachment is the VpnConcentrator's own; leave out attachment_id")
