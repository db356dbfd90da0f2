"""How private tiers reach the internet."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

__all__ = ["Nat"]


class _Kind(StrEnum):
    NONE = "none"
    SINGLE = "single"
    PER_ZONE = "per zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nat:
    """How private tiers reach the internet: `Nat.none()`, `Nat.single()` or `Nat.per_zone()`.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
    """

    kind: _Kind

    @classmethod
    def none(cls) -> Self:
        """No NAT gateway: the VPC has no private tier."""
        return cls(kind=_Kind.NONE)

    @classmethod
    def single(cls) -> Self:
        """One NAT gateway, in the first zone, for all zones.

        Cheaper by the hour, but the other zones lose the internet together with that zone and pay for traffic between
        zones.
        """
        return cls(kind=_Kind.SINGLE)

    @classmethod
    def per_zone(cls) -> Self:
        """A NAT gateway in every zone: a zone that fails takes nothing else along."""
        return cls(kind=_Kind.PER_ZONE)

    def gateways(self, zones: tuple[str, ...]) -> dict[str, str]:
        """Which zone's NAT gateway serves each zone, by zone key; empty without NAT."""
        match self.kind:
            case _Kind.NONE:
                return {}
            case _Kind.SINGLE:
                return dict.fromkeys(zones, zones[0])
            case _Kind.PER_ZONE:
                return {zone: zone for zone in zones}
