"""Transit Gateways with route tables of their own."""

from constructs_lattice.transit_gateway.attachment import Attachment, ImportedAttachment
from constructs_lattice.transit_gateway.gateway import ITransitGateway, TransitGateway
from constructs_lattice.transit_gateway.route_table import TransitGatewayRouteTable
from constructs_lattice.transit_gateway.vpc_attachment import VpcAttachment

__all__ = [
    "Attachment",
    "ITransitGateway",
    "ImportedAttachment",
    "TransitGateway",
    "TransitGatewayRouteTable",
    "VpcAttachment",
]
