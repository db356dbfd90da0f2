"""What connects VPCs with each other and with the rest: gateways, peering, Transit Gateways."""

from dataclasses import dataclass
from enum import StrEnum

from constructs_lattice.model.block import Block
from constructs_lattice.model.unknown import Unknown

__all__ = [
    "AttachmentKind",
    "NatGateway",
    "PeeringConnection",
    "TransitGateway",
    "TransitGatewayAttachment",
    "TransitGatewayRoute",
    "TransitGatewayRouteTable",
    "VpnGateway",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NatGateway:
    """A NAT gateway: in a subnet, or regional. A regional one has no `interface`, but a `route_table` of its own."""

    id: str
    vpc: str
    subnet: str | None
    is_public: bool | Unknown = True
    interface: str | None = None
    route_table: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VpnGateway:
    """A virtual private gateway, and the prefixes that its connections lead to; `None` when it is attached to no VPC.

    `has_bgp` says that a connection may learn more.
    """

    id: str
    vpc: str | Unknown | None
    prefixes: tuple[Block, ...] = ()
    unknown_prefixes: tuple[Unknown, ...] = ()
    has_bgp: bool = False
    has_connection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeeringConnection:
    """A peering connection. A side that is not in the templates is a text; `doubts` say which one nobody knows."""

    id: str
    requester: str
    accepter: str
    is_same_region: bool | Unknown = True
    is_same_account: bool | Unknown = True
    doubts: tuple[Unknown, ...] = ()

    def other(self, vpc: str) -> str | None:
        """The VPC at the other end; none if `vpc` is at neither."""
        return {self.requester: self.accepter, self.accepter: self.requester}.get(vpc)


class AttachmentKind(StrEnum):
    """What is attached to a Transit Gateway."""

    VPC = "vpc"
    VPN = "vpn"
    PEERING = "peering"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGateway:
    """A Transit Gateway. The default table is an object of its own; it is used if association or propagation is."""

    id: str
    default_route_table: str
    associates_by_default: bool | Unknown = True
    propagates_by_default: bool | Unknown = True
    references_groups: bool | Unknown = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayAttachment:
    """An attachment: to a VPC, with its subnets; to a VPN, with the prefixes behind it; to a peer gateway.

    `association` is the table that decides about what comes from it.
    """

    id: str
    transit_gateway: str
    kind: AttachmentKind
    vpc: str = ""
    subnets: tuple[str, ...] = ()
    prefixes: tuple[Block, ...] = ()
    has_bgp: bool = False
    peer: str = ""
    appliance_mode: bool | Unknown = False
    references_groups: bool | Unknown | None = None
    association: str | Unknown | None = None
    doubts: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayRoute:
    """A route to an attachment, or, without one, into a black hole. Propagated ones rank behind static ones.

    `doubt` says why the table may do without it.
    """

    id: str
    destination: Block | str | Unknown
    attachment: str | Unknown | None
    is_propagated: bool = False
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayRouteTable:
    """A route table of a Transit Gateway."""

    id: str
    transit_gateway: str
    routes: tuple[TransitGatewayRoute, ...] = ()
    doubts: tuple[Unknown, ...] = ()
