"""The plan of one VPC: (tier, zone) -> block.

How addresses are laid out, and what that buys:

- A tier has one aligned block with room for its zone slots, taken from the bottom of the VPC in the order of the tiers.
  Appending a tier therefore moves none of the earlier ones.
- A zone's subnet sits in the slot of its own key (`a` first, `b` second, …; a trailing number counts as well), not of
  its position. Adding, dropping or permuting zones therefore moves nothing.
- A zone that finds no slot gets a block of its own from the top of the VPC, far from where tiers are added.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from constructs_lattice.addressing.request import TierRequest
from constructs_lattice.addressing.space import Space
from constructs_lattice.errors import AddressError

__all__ = ["Allocation", "VpcPlan", "plan_vpc"]

# The first four addresses and the last one of every subnet belong to AWS.
# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
_RESERVED_BY_AWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The block of one tier in one zone."""

    tier: str
    zone: str
    block: IPv4Network

    @property
    def usable_hosts(self) -> int:
        """How many addresses interfaces can have: all but the five that AWS keeps."""
        return self.block.num_addresses - _RESERVED_BY_AWS


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcPlan:
    """Who has which part of a VPC's block.

    `allocations` are in the order of the tiers, then of the zones. `reserved` are the empty slots of the tiers, kept
    for zones to come; `free` is what no tier has asked for.
    """

    block: IPv4Network
    allocations: tuple[Allocation, ...]
    reserved: tuple[IPv4Network, ...]
    free: tuple[IPv4Network, ...]

    def __getitem__(self, key: tuple[str, str]) -> IPv4Network:
        """The block of a (tier, zone); `KeyError` when the plan has none."""
        for allocation in self.allocations:
            if (allocation.tier, allocation.zone) == key:
                return allocation.block
        raise KeyError(key)

    def __iter__(self) -> Iterator[Allocation]:
        """All allocations, in order."""
        return iter(self.allocations)

    def table(self) -> str:
        """The plan as aligned text, a line for each subnet and a last one for what is left."""
        rows = [("tier", "zone", "block", "usable hosts")]
        rows += [(a.tier, a.zone, str(a.block), f"{a.usable_hosts:,}") for a in self.allocations]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = [
            "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows
        ]
        reserved, free = (sum(n.num_addresses for n in part) for part in (self.reserved, self.free))
        return "\n".join([*lines, f"{self.block}: {reserved:,} addresses reserved for zones to come, {free:,} free"])


def plan_vpc(block: IPv4Network, tiers: Sequence[TierRequest], zones: Sequence[str]) -> VpcPlan:
    """Give every tier a block in every zone.

    Raises `AddressError` when a name is used twice, an explicit block lies outside the VPC or on another one, or the
    tiers do not fit.
    """
    _check_distinct("tier", [request.tier for request in tiers])
    _check_distinct("zone", zones)
    return _Planner(block, tiers, zones).plan()


class _Planner:
    """One run of the planning; its steps take from one space, in an order that is part of the plan's stability."""

    def __init__(self, block: IPv4Network, tiers: Sequence[TierRequest], zones: Sequence[str]) -> None:
        self._block = block
        self._tiers = tiers
        self._zones = zones
        self._space = Space(block)
        self._blocks: dict[tuple[str, str], IPv4Network] = {}
        self._reserved: list[IPv4Network] = []

    def plan(self) -> VpcPlan:
        self._place_explicit()
        homeless = [(tier, zone) for tier in self._tiers for zone in self._place_in_slots(tier)]
        for tier, zone in homeless:
            self._place_on_top(tier, zone)
        return VpcPlan(
            block=self._block,
            allocations=tuple(
                Allocation(tier=tier.tier, zone=zone, block=self._blocks[tier.tier, zone])
                for tier in self._tiers
                for zone in self._zones
            ),
            reserved=tuple(sorted(self._reserved)),
            free=self._space.free,
        )

    def _place_explicit(self) -> None:
        for tier in self._tiers:
            for zone, block in tier.explicit.items():
                if zone not in self._zones:
                    raise AddressError(f"tier {tier.tier!r}: {block} is for zone {zone!r}, which the vpc does not have")
                if not block.subnet_of(self._block):
                    raise AddressError(f"tier {tier.tier!r} in zone {zone!r}: {block} is outside of {self._block}")
                if not self._space.take(block):
                    raise AddressError(f"tier {tier.tier!r} in zone {zone!r}: {block} overlaps {self._owner_of(block)}")
                self._blocks[tier.tier, zone] = block

    def _place_in_slots(self, tier: TierRequest) -> list[str]:
        """Give the tier its block and the zones their slots; return the zones for which there is none."""
        wanted = [zone for zone in self._zones if zone not in tier.explicit]
        if not wanted:
            return []
        home = self._space.take_lowest(tier.block_prefix)
        if home is None:
            raise AddressError(self._does_not_fit(tier, f"a /{tier.prefix} in each of {tier.zone_slots} zone slots"))
        slots = dict(enumerate(home.subnets(new_prefix=tier.prefix)))
        homeless = []
        for zone in wanted:
            if slots:
                preferred = _slot_of(zone)
                self._blocks[tier.tier, zone] = slots.pop(preferred if preferred in slots else max(slots))
            else:
                homeless.append(zone)
        self._reserved += slots.values()
        return homeless

    def _place_on_top(self, tier: TierRequest, zone: str) -> None:
        block = self._space.take_highest(tier.prefix)
        if block is None:
            raise AddressError(self._does_not_fit(tier, f"a /{tier.prefix} in zone {zone!r}"))
        self._blocks[tier.tier, zone] = block

    def _does_not_fit(self, tier: TierRequest, need: str) -> str:
        left = self._space.free
        largest = f", at most a /{min(n.prefixlen for n in left)} in one piece" if left else ""
        return (
            f"tier {tier.tier!r} needs {need}, but {self._block} has {self._space.addresses:,} addresses left{largest}"
            "; ask for smaller subnets, fewer zone slots or a larger vpc block"
        )

    def _owner_of(self, block: IPv4Network) -> str:
        owners = (key for key, taken in self._blocks.items() if taken.overlaps(block))
        tier, zone = next(owners)
        return f"{self._blocks[tier, zone]} of tier {tier!r} in zone {zone!r}"


def _slot_of(zone: str) -> int | None:
    """The slot that a zone's key stands for: 0 for `a`, `us-east-1a`, `1` and `use1-az1`, 1 for `b`, and so on."""
    if number := re.search(r"\d+$", zone):
        return int(number.group()) - 1
    return ord(zone[-1]) - ord("a") if zone[-1:].islower() else None


def _check_distinct(kind: str, names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise AddressError(f"{kind} {name!r} is declared {names.count(name)} times; names must be distinct")
