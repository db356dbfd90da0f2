"""What a route of a VPC leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lattice._checks import Place

__all__ = ["RouteTarget"]


class _Kind(StrEnum):
    """The property of `AWS::EC2::Route` that names the target."""

    GATEWAY = "gateway_id"
    NAT_GATEWAY = "nat_gateway_id"
    EGRESS_ONLY = "egress_only_internet_gateway_id"
    TRANSIT_GATEWAY = "transit_gateway_id"
    CORE_NETWORK = "core_network_arn"
    PEERING = "vpc_peering_connection_id"
    NETWORK_INTERFACE = "network_interface_id"
    VPC_ENDPOINT = "vpc_endpoint_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTarget:
    """What a route leads to: one thing for the whole VPC, or one in each zone, by the key of the zone.

    `after` is what has to be there before the route, such as the attachment of the VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
    """

    kind: _Kind
    id: str = ""
    by_zone: Mapping[str, str] | None = None
    after: Construct | None = None

    @classmethod
    def gateway(cls, gateway_id: str) -> Self:
        """An internet gateway or a virtual private gateway."""
        return cls(kind=_Kind.GATEWAY, id=gateway_id)

    @classmethod
    def nat_gateway(cls, nat_gateway: str | Mapping[str, str]) -> Self:
        """A NAT gateway, or one for each zone."""
        return cls._of(_Kind.NAT_GATEWAY, nat_gateway)

    @classmethod
    def egress_only_internet_gateway(cls, gateway_id: str) -> Self:
        """The way out over IPv6 by which nobody comes in."""
        return cls(kind=_Kind.EGRESS_ONLY, id=gateway_id)

    @classmethod
    def transit_gateway(cls, transit_gateway_id: str, *, after: Construct | None = None) -> Self:
        """A Transit Gateway that the VPC is attached to. `VpcAttachment.add_routes` waits for the attachment itself."""
        return cls(kind=_Kind.TRANSIT_GATEWAY, id=transit_gateway_id, after=after)

    @classmethod
    def core_network(cls, core_network_arn: str, *, after: Construct | None = None) -> Self:
        """A Cloud WAN core network that the VPC is attached to: the attachment has to be there before the route."""
        return cls(kind=_Kind.CORE_NETWORK, id=core_network_arn, after=after)

    @classmethod
    def peering_connection(cls, peering_connection_id: str) -> Self:
        """A peered VPC. `VpcPeering` makes the routes of both sides by itself."""
        return cls(kind=_Kind.PEERING, id=peering_connection_id)

    @classmethod
    def network_interface(cls, network_interface: str | Mapping[str, str]) -> Self:
        """A network interface that does not check sources and destinations, or one for each zone."""
        return cls._of(_Kind.NETWORK_INTERFACE, network_interface)

    @classmethod
    def vpc_endpoint(cls, endpoint: str | Mapping[str, str]) -> Self:
        """A Gateway Load Balancer or firewall endpoint, or one for each zone."""
        return cls._of(_Kind.VPC_ENDPOINT, endpoint)

    def property_in(self, where: Place, zone: str) -> dict[str, Any]:
        """The property of a route in that zone. Raises `ArgumentError` when there is no target in the zone."""
        if self.by_zone is None:
            return {self.kind: self.id}
        if zone not in self.by_zone:
            zones = ", ".join(self.by_zone)
            raise ArgumentError(f"{where}: there is no target for routes in zone {zone!r}, only for {zones}; add it")
        return {self.kind: self.by_zone[zone]}

    @property
    def is_per_zone(self) -> bool:
        """Whether each zone has its own."""
        return self.by_zone is not None

    @classmethod
    def _of(cls, kind: _Kind, target: str | Mapping[str, str]) -> Self:
        return cls(kind=kind, id=target) if isinstance(target, str) else cls(kind=kind, by_zone=dict(target))
