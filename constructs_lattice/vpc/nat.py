"""How private tiers reach the internet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

__all__ = ["Nat"]


class _Kind(StrEnum):
    NONE = "none"
    SINGLE = "single"
    PER_ZONE = "per zone"
    REGIONAL = "regional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nat:
    """How private tiers reach the internet: `Nat.none()`, `Nat.single()`, `Nat.per_zone()` or
    `Nat.regional()`.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
    """

    kind: _Kind
    allocation_id: str | None = None
    allocation_ids: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def none(cls) -> Self:
        """No NAT gateway: the VPC has no private tier."""
        return cls(kind=_Kind.NONE)

    @classmethod
    def single(cls, *, allocation_id: str | None = None) -> Self:
        """One NAT gateway, in the first zone, for all zones.

        Cheaper by the hour, but the other zones lose the internet together with that zone and pay for traffic between
        zones. `allocation_id` is an Elastic IP address of one's own; one is made by default.
        """
        return cls(kind=_Kind.SINGLE, allocation_id=allocation_id)

    @classmethod
    def per_zone(cls, *, allocation_ids: Mapping[str, str] | None = None) -> Self:
        """A NAT gateway in every zone: a zone that fails takes nothing else along.

        `allocation_ids` are Elastic IP addresses of one's own, by the key of the zone; they are made by default.
        """
        return cls(kind=_Kind.PER_ZONE, allocation_ids=allocation_ids or {})

    @classmethod
    def regional(cls) -> Self:
        """One NAT gateway for the whole VPC, which AWS extends to the zones in which there is something to serve.

        It needs no public tier. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
        """
        return cls(kind=_Kind.REGIONAL)

    @property
    def is_zonal(self) -> bool:
        """Whether there are gateways in the zones of a public tier."""
        return self.kind in (_Kind.SINGLE, _Kind.PER_ZONE)

    @property
    def is_regional(self) -> bool:
        """Whether there is one gateway for the whole VPC."""
        return self.kind is _Kind.REGIONAL

    def gateways(self, zones: tuple[str, ...]) -> dict[str, str]:
        """Which zone's NAT gateway serves each zone, by zone key; empty without gateways in zones."""
        match self.kind:
            case _Kind.SINGLE:
                return dict.fromkeys(zones, zones[0])
            case _Kind.PER_ZONE:
                return {zone: zone for zone in zones}
            case _:
                return {}

    def address(self, zone: str) -> str | None:
        """The allocation id of one's own Elastic IP address for the gateway in a zone; none when it is to be made."""
        return self.allocation_ids.get(zone, self.allocation_id)
