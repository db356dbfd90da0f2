"""The plan of one VPC: (tier, zone) -> block.

How addresses are laid out, and what that buys:

- A tier has one aligned block with room for its zone slots, taken from the bottom of the VPC in the order of the tiers.
  Appending a tier therefore moves none of the earlier ones.
- A zone's subnet sits in the slot of its own key (`a` first, `b` second, …; a trailing number counts as well), not of
  its position. Adding, dropping or permuting zones therefore moves nothing.
- A zone that finds no slot gets a block of its own from the top of the VPC, far from where tiers are added.

What a lock remembers comes before all of that: who has a block of the right size keeps it, whatever else changes, and
what somebody had before is given to nobody else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, collapse_addresses

from constructs_lattice.addressing.block import RESERVED_BY_AWS
from constructs_lattice.addressing.lock import HOME, LockEntry
from constructs_lattice.addressing.request import TierRequest
from constructs_lattice.addressing.space import Space
from constructs_lattice.errors import AddressError

__all__ = ["Allocation", "VpcPlan", "aligned", "plan_vpc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The block of one tier in one zone."""

    tier: str
    zone: str
    block: IPv4Network

    @property
    def usable_hosts(self) -> int:
        """How many addresses interfaces can have: all but the five that AWS keeps."""
        return self.block.num_addresses - RESERVED_BY_AWS


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcPlan:
    """Who has which part of a VPC's block.

    `allocations` are in the order of the tiers, then of the zones. `homes` are the blocks of whole tiers. `reserved`
    are their empty slots, kept for zones to come; `removed` is what a lock keeps for nobody; `free` is what no tier has
    asked for.
    """

    block: IPv4Network
    allocations: tuple[Allocation, ...]
    homes: Mapping[str, IPv4Network]
    reserved: tuple[IPv4Network, ...]
    removed: tuple[IPv4Network, ...]
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

    def blocks(self) -> dict[tuple[str, str], IPv4Network]:
        """All blocks by (tier, zone), with `*` for the tiers' own: what a lock remembers."""
        homes = {(tier, HOME): block for tier, block in self.homes.items()}
        return homes | {(each.tier, each.zone): each.block for each in self.allocations}

    def table(self) -> str:
        """The plan as aligned text, a line for each subnet and a last one for what is left."""
        rows = [("tier", "zone", "block", "usable hosts")]
        rows += [(a.tier, a.zone, str(a.block), f"{a.usable_hosts:,}") for a in self.allocations]
        return "\n".join([*aligned(rows), self.summary()])

    def summary(self) -> str:
        """What is left, in a line."""
        reserved, removed, free = (
            sum(n.num_addresses for n in part) for part in (self.reserved, self.removed, self.free)
        )
        kept = f"{removed:,} of removed subnets, " if removed else ""
        return f"{self.block}: {reserved:,} addresses reserved for zones to come, {kept}{free:,} free"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of text with the columns of `rows` under each other; the last column is as wide as it is."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return ["  ".join([*(row[c].ljust(width) for c, width in enumerate(widths)), row[-1]]) for row in rows]


def plan_vpc(
    block: IPv4Network, tiers: Sequence[TierRequest], zones: Sequence[str], memory: Sequence[LockEntry] = ()
) -> VpcPlan:
    """Give every tier a block in every zone; `memory` is what a lock has of the VPC.

    Raises `AddressError` when a name is used twice, an explicit block lies outside the VPC or on another one, the tiers
    do not fit, or what is remembered is not of this VPC.
    """
    _check_distinct("tier", [request.tier for request in tiers])
    _check_distinct("zone", zones)
    return _Planner(block, tiers, zones, memory).plan()


class _Planner:
    """One run of the planning; its steps take from one space, in an order that is part of the plan's stability."""

    def __init__(
        self, block: IPv4Network, tiers: Sequence[TierRequest], zones: Sequence[str], memory: Sequence[LockEntry]
    ) -> None:
        self._block = block
        self._tiers = tiers
        self._zones = zones
        self._memory = memory
        self._space = Space(block)
        self._homes: dict[str, IPv4Network] = {}
        self._blocks: dict[tuple[str, str], IPv4Network] = {}
        self._reserved: list[IPv4Network] = []

    def plan(self) -> VpcPlan:
        self._recall()
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
            homes=self._homes,
            reserved=tuple(sorted(self._reserved)),
            removed=self._kept_for_nobody(),
            free=self._space.free,
        )

    def _recall(self) -> None:
        """Give back what is remembered to who still wants it, and keep the rest from everybody."""
        wanted = {tier.tier: tier for tier in self._tiers}
        # Whole tiers before their zones, and what is there before what was.
        for entry in sorted(self._memory, key=lambda e: (e.block.prefixlen, e.removed)):
            if not entry.block.subnet_of(self._block):
                raise AddressError(
                    f"{entry.vpc}: the lock file has {entry.block} for tier {entry.tier!r}, outside of {self._block}; "
                    "a vpc with another block is another vpc, delete the lines of the old one"
                )
            self._space.take(entry.block)  # no news when it lies in the block of its tier
            tier = wanted.get(entry.tier)
            if tier is None:
                continue
            if entry.zone == HOME and entry.block.prefixlen == tier.block_prefix:
                self._homes.setdefault(entry.tier, entry.block)
            elif entry.zone in self._zones and _still_fits(entry, tier):
                self._blocks.setdefault((entry.tier, entry.zone), entry.block)

    def _kept_for_nobody(self) -> tuple[IPv4Network, ...]:
        taken = {*self._homes.values(), *self._blocks.values()}
        lost = [entry.block for entry in self._memory if entry.block not in taken]
        outside = [block for block in lost if not any(block.subnet_of(home) for home in self._homes.values())]
        return tuple(collapse_addresses(outside))

    def _place_explicit(self) -> None:
        for tier in self._tiers:
            for zone, block in tier.explicit.items():
                if zone not in self._zones:
                    raise AddressError(f"tier {tier.tier!r}: {block} is for zone {zone!r}, which the vpc does not have")
                if not block.subnet_of(self._block):
                    raise AddressError(f"tier {tier.tier!r} in zone {zone!r}: {block} is outside of {self._block}")
                if self._blocks.get((tier.tier, zone)) == block:
                    continue  # remembered
                home = self._homes.get(tier.tier)
                in_own_slot = home is not None and block.subnet_of(home) and self._is_new(block)
                if not in_own_slot and not self._space.take(block):
                    raise AddressError(f"tier {tier.tier!r} in zone {zone!r}: {block} overlaps {self._owner_of(block)}")
                self._blocks[tier.tier, zone] = block

    def _place_in_slots(self, tier: TierRequest) -> list[str]:
        """Give the tier its block and the zones their slots; return the zones for which there is none."""
        wanted = [zone for zone in self._zones if (tier.tier, zone) not in self._blocks]
        if not wanted and tier.tier not in self._homes:
            return []
        home = self._homes.get(tier.tier) or self._space.take_lowest(tier.block_prefix)
        if home is None:
            need = f"a /{tier.prefix} in each of {tier.zone_slots} zone slots"
            raise AddressError(self._does_not_fit(tier, need))
        self._homes[tier.tier] = home
        slots = {index: slot for index, slot in enumerate(home.subnets(new_prefix=tier.prefix)) if self._is_new(slot)}
        homeless = []
        for zone in wanted:
            if slots:
                preferred = _slot_of(zone)
                self._blocks[tier.tier, zone] = slots.pop(preferred if preferred in slots else max(slots))
            else:
                homeless.append(zone)
        self._reserved += slots.values()
        return homeless

    def _is_new(self, slot: IPv4Network) -> bool:
        """Whether nobody has, or had, any part of `slot`; a tier's whole block is no part of a slot."""
        had = (entry.block for entry in self._memory if entry.zone != HOME)
        return not any(slot.overlaps(block) for block in [*had, *self._blocks.values()])

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
        for (tier, zone), taken in self._blocks.items():
            if taken.overlaps(block):
                return f"{taken} of tier {tier!r} in zone {zone!r}"
        entry = next(entry for entry in self._memory if entry.block.overlaps(block))
        return f"{entry.block}, which the lock file keeps for tier {entry.tier!r}; release it first"


def _still_fits(entry: LockEntry, tier: TierRequest) -> bool:
    """Whether a tier would take what is remembered: the block that it names, or one of the size that it wants."""
    if entry.zone in tier.explicit:
        return tier.explicit[entry.zone] == entry.block
    return entry.block.prefixlen == tier.prefix


def _slot_of(zone: str) -> int | None:
    """The slot that a zone's key stands for: 0 for `a`, `us-east-1a`, `1` and `use1-az1`, 1 for `b`, and so on."""
    if number := re.search(r"\d+$", zone):
        return int(number.group()) - 1
    return ord(zone[-1]) - ord("a") if zone[-1:].islower() else None


def _check_distinct(kind: str, names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise AddressError(f"{kind} {name!r} is declared {names.count(name)} times; names must be distinct")
