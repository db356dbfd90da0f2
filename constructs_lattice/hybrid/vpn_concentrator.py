"""VPN concentrators: one attachment of a Transit Gateway for the VPN connections of many sites."""

from collections.abc import Sequence

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice.transit_gateway import Attachment, ITransitGateway, TransitGatewayRouteTable

__all__ = ["VpnConcentrator"]


class VpnConcentrator(Attachment):
    """Attaches the VPN connections of many sites to a Transit Gateway, all at once.

    Its attachment is known to CloudFormation, so association, propagation and static routes are made in one deployment.
    A `VpnConnection` straight to a gateway cannot have that. In return, connections of a concentrator route with BGP
    only, and share its bandwidth.

    Args:
        scope: The construct that this concentrator is part of.
        id: The id within `scope`.
        transit_gateway: The gateway.
        route_table: The route table that routes what comes from the sites. None by default: nothing is routed then.
        propagate_to: The route tables that learn the sites' routes. None by default.

    https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-concentrator.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        transit_gateway: ITransitGateway,
        route_table: TransitGatewayRouteTable | None = None,
        propagate_to: Sequence[TransitGatewayRouteTable] = (),
    ) -> None:
        super().__init__(scope, id)
        self._resource = ec2.CfnVPNConcentrator(
            self,
            "Resource",
            type="ipsec.1",
            transit_gateway_id=transit_gateway.transit_gateway_id,
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        self._id = self._resource.ref
        self._attachment_id = self._resource.attr_transit_gateway_attachment_id
        if route_table is not None:
            self.associate_with(route_table)
        self.propagate_to(*propagate_to)

    @property
    def resource(self) -> ec2.CfnVPNConcentrator:
        """The concentrator itself, as CloudFormation knows it."""
        return self._resource

    @property
    def vpn_concentrator_id(self) -> str:
        """The id of the concentrator."""
        return self._id

    @property
    def attachment_id(self) -> str:
        """The id of the concentrator's attachment."""
        return self._attachment_id
