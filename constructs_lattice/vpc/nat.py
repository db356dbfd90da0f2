"""How private tiers reach the internet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from constructs_lattice._checks import check_list, check_pattern
from constructs_lattice.errors import ArgumentError

__all__ = ["Nat"]

_INSTANCE_TYPE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")


class _Kind(StrEnum):
    NONE = "none"
    SINGLE = "single"
    PER_ZONE = "per zone"
    REGIONAL = "regional"
    INSTANCE = "instance"
    PRIVATE = "private"
    THROUGH_HUB = "through the hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nat:
    """How private tiers reach what is outside of the VPC: by one of the constructors of this class.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
    """

    kind: _Kind
    allocation_id: str | None = None
    allocation_ids: Mapping[str, str] = field(default_factory=dict)
    zone_addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    instance_type: str = ""
    image_id: str | None = None
    tier: str = ""
    zone: str | None = None

    @classmethod
    def none(cls) -> Self:
        """No NAT gateway: the VPC has no private tier."""
        return cls(kind=_Kind.NONE)

    @classmethod
    def single(cls, *, allocation_id: str | None = None, zone: str | None = None) -> Self:
        """One NAT gateway, in one zone, for all zones.

        Cheaper by the hour, but the other zones lose the internet together with that zone and pay for traffic between
        zones. `allocation_id` is an Elastic IP address of one's own; one is made by default. `zone` is the key of the
        zone, by default the first one by the alphabet: name it before there is one that comes earlier, or the gateway
        moves, and its address is another one.
        """
        return cls(kind=_Kind.SINGLE, allocation_id=allocation_id, zone=zone)

    @classmethod
    def per_zone(cls, *, allocation_ids: Mapping[str, str] | None = None) -> Self:
        """A NAT gateway in every zone: a zone that fails takes nothing else along.

        `allocation_ids` are Elastic IP addresses of one's own, by the key of the zone; they are made by default.
        """
        return cls(kind=_Kind.PER_ZONE, allocation_ids=allocation_ids or {})

    @classmethod
    def regional(cls, *, allocation_ids: Mapping[str, Sequence[str]] | None = None) -> Self:
        """One NAT gateway for the whole VPC, which AWS extends to the zones in which there is something to serve.

        It needs no public tier. `allocation_ids` are Elastic IP addresses of one's own for each zone, by the key of the
        zone; AWS then keeps to these zones. By default it gives the gateway its addresses.
        Raises `ArgumentError` for a zone without any address. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
        """
        addresses = allocation_ids or {}
        for zone, ids in addresses.items():
            check_list("nat", f"allocation_ids of zone {zone!r}", ids)
            if not ids:
                raise ArgumentError(f"nat: allocation_ids must have one for zone {zone!r} at least, got none")
        return cls(kind=_Kind.REGIONAL, zone_addresses={zone: tuple(ids) for zone, ids in addresses.items()})

    @classmethod
    def instance(cls, instance_type: str = "t4g.nano", *, image_id: str | None = None, zone: str | None = None) -> Self:
        """One instance, in one zone, that translates for all zones: the cheapest way, for trying things out.

        When it fails or is replaced, private tiers have no internet until it is back. `image_id` is an image that
        forwards and translates by itself; by default it is the newest Amazon Linux 2023, told to do so at its first
        start, and an update of the stack may replace it by a newer one. `zone` is the key of the zone, as for `single`.
        https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html
        Raises `ArgumentError` for an instance type that is none.
        """
        check_pattern("nat", "instance_type", instance_type, _INSTANCE_TYPE, "be an instance type such as t4g.nano")
        return cls(kind=_Kind.INSTANCE, instance_type=instance_type, image_id=image_id, zone=zone)

    @classmethod
    def private(cls, tier: str) -> Self:
        """A private NAT gateway in each zone of `tier`, whose addresses are routable where the private tiers' are not.

        It hides addresses that other networks use as well, such as those of pods in 100.64.0.0/10, behind those of
        `tier`, whose routes lead further. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-scenarios.html
        """
        return cls(kind=_Kind.PRIVATE, tier=tier)

    @classmethod
    def through_hub(cls) -> Self:
        """No NAT gateway here: the Transit Gateway that the VPC is attached to leads to one.

        The default routes of private tiers are made by the attachment, since they need it.
        https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-nat-igw.html
        """
        return cls(kind=_Kind.THROUGH_HUB)

    @property
    def is_none(self) -> bool:
        """Whether nothing leads out."""
        return self.kind is _Kind.NONE

    @property
    def is_through_hub(self) -> bool:
        """Whether a Transit Gateway leads out."""
        return self.kind is _Kind.THROUGH_HUB

    @property
    def is_regional(self) -> bool:
        """Whether there is one gateway for the whole VPC."""
        return self.kind is _Kind.REGIONAL

    @property
    def is_instance(self) -> bool:
        """Whether there is an instance rather than a gateway."""
        return self.kind is _Kind.INSTANCE

    @property
    def is_private(self) -> bool:
        """Whether the gateways have private addresses only."""
        return self.kind is _Kind.PRIVATE

    @property
    def needs_public_tier(self) -> bool:
        """Whether it is in a public tier."""
        return self.kind in (_Kind.SINGLE, _Kind.PER_ZONE, _Kind.INSTANCE)

    @property
    def is_per_zone(self) -> bool:
        """Whether each zone has its own way out."""
        return self.kind in (_Kind.PER_ZONE, _Kind.PRIVATE)

    def homes(self, zones: tuple[str, ...]) -> dict[str, str]:
        """In which zone that is which serves each zone, by zone key."""
        return {zone: zone if self.is_per_zone else self.home(zones) for zone in zones}

    def home(self, zones: tuple[str, ...]) -> str:
        """In which of the zones that is which serves all of them."""
        return min(zones) if self.zone is None else self.zone

    def address(self, zone: str) -> str | None:
        """The allocation id of one's own Elastic IP address for the gateway in a zone; none when it is to be made."""
        return self.allocation_ids.get(zone, self.allocation_id)
