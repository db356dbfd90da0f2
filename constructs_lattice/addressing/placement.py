"""Placing tiers and their zones in blocks of one family of addresses.

How addresses are laid out, and what that buys:

- A tier has one aligned block with room for its zone slots, taken from the bottom of the VPC in the order of the tiers.
  Appending a tier therefore moves none of the earlier ones.
- A zone's subnet sits in the slot of its own key (`a` first, `b` second, …; a trailing number counts as well), not of
  its position. Adding, dropping or permuting zones therefore moves nothing.
- A zone that is none of the first ones (`e`, where there are four slots) sits at the top of the VPC, far from where
  tiers are added: in a second row of slots, of which its key has one, too. What that row has left stays free.

What a lock remembers comes before all of that: who has a block of the right size keeps it, whatever else changes, and
what somebody had before is given to nobody else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import collapse_addresses
from typing import Generic, TypeAlias

from constructs_lattice.addressing.block import contains
from constructs_lattice.addressing.lock_entry import HOME
from constructs_lattice.addressing.space import Block, Space
from constructs_lattice.errors import AddressError

__all__ = ["Placement", "Remembered", "Want", "place"]

# A tier that has room for as many zones as this leaves each slot to its own zone, be it there or not.
_MANY = 4

# How many slots the second row of a tier has, by how many the first one has: together enough for any region.
_SECOND_ROW = {1: 8, 2: 8, 4: 4}

Remembered: TypeAlias = tuple[str, str, Block, bool]
"""What a lock has: the tier, the zone, the block, and whether it was removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Want(Generic[Block]):
    """What a tier wants of one family: subnets of a size, for so many zones, some of them fixed."""

    tier: str
    prefix: int
    zone_slots: int
    explicit: Mapping[str, Block] = field(default_factory=dict)
    within: Block | None = None

    @property
    def home_prefix(self) -> int:
        """The prefix length of the block that holds all zone slots."""
        return self.prefix - (self.zone_slots.bit_length() - 1)

    def would_take(self, zone: str, block: Block) -> bool:
        """Whether the tier still wants a block that it had: the one that it names, or one of the right size."""
        if zone in self.explicit:
            return self.explicit[zone] == block
        prefix = self.home_prefix if zone == HOME else self.prefix
        return block.prefixlen == prefix and (self.within is None or contains(self.within, block))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement(Generic[Block]):
    """Who has which part of the blocks.

    `blocks` are those of the (tier, zone)s, `homes` those of whole tiers. `reserved` are their empty slots, kept for
    zones to come; `removed` is what a lock keeps for nobody; `free` is what no tier has asked for.
    """

    blocks: Mapping[tuple[str, str], Block]
    homes: Mapping[str, Block]
    reserved: tuple[Block, ...]
    removed: tuple[Block, ...]
    free: tuple[Block, ...]


def place(
    blocks: Sequence[Block], wants: Sequence[Want[Block]], zones: Sequence[str], memory: Sequence[Remembered[Block]]
) -> Placement[Block]:
    """Give every tier a block in every zone. Raises `AddressError` when something overlaps, or does not fit."""
    return _Planner(blocks, wants, zones, memory).place()


class _Planner(Generic[Block]):
    """One run of the planning; its steps take from one space, in an order that is part of the plan's stability."""

    def __init__(
        self,
        blocks: Sequence[Block],
        wants: Sequence[Want[Block]],
        zones: Sequence[str],
        memory: Sequence[Remembered[Block]],
    ) -> None:
        self._within: Sequence[Block] = blocks
        self._wants: Sequence[Want[Block]] = wants
        self._zones = zones
        self._memory: Sequence[Remembered[Block]] = memory
        self._had: dict[str, list[Block]] = {}
        for tier, zone, block, _ in memory:
            if zone != HOME:
                self._had.setdefault(tier, []).append(block)
        self._space: Space[Block] = Space(blocks)
        self._homes: dict[str, Block] = {}
        self._blocks: dict[tuple[str, str], Block] = {}
        self._slots: dict[str, dict[int, Block]] = {}  # those of each tier that are empty
        self._spare: list[Block] = []  # what second rows have left
        self._spoilt: list[Block] = []  # slots of which a zone has, or had, a part

    def place(self) -> Placement[Block]:
        self._recall()
        self._place_explicit()
        homeless = [(want, self._place_in_slots(want)) for want in self._wants]
        homeless = [(want, self._place_in_second_row(want, zones)) for want, zones in homeless if zones]
        self._space.give(self._spare)
        for want, zones in homeless:
            self._place_anywhere(want, zones)
        return Placement(
            blocks={(want.tier, zone): self._blocks[want.tier, zone] for want in self._wants for zone in self._zones},
            homes=self._homes,
            reserved=tuple(sorted(slot for slots in self._slots.values() for slot in slots.values())),
            removed=self._kept_for_nobody(),
            free=self._space.free,
        )

    def _recall(self) -> None:
        """Give back what is remembered to who still wants it, and keep the rest from everybody."""
        wants = {want.tier: want for want in self._wants}
        homes: dict[str, list[Block]] = {}
        # Whole tiers before their zones, and what is there before what was.
        for tier, zone, block, _ in sorted(self._memory, key=lambda entry: (entry[1] != HOME, entry[3])):
            if zone == HOME:
                homes.setdefault(tier, []).append(block)
            if zone == HOME or not any(contains(home, block) for home in homes.get(tier, ())):
                self._space.take(block)
            want = wants.get(tier)
            if want is None or not want.would_take(zone, block):
                continue
            if zone == HOME:
                self._homes.setdefault(tier, block)
            elif zone in self._zones:
                self._blocks.setdefault((tier, zone), block)

    def _kept_for_nobody(self) -> tuple[Block, ...]:
        used: set[Block] = set(self._blocks.values())
        taken = {*self._homes.values(), *used}
        lost = [block for _, _, block, _ in self._memory if block not in taken]
        unused: list[Block] = [slot for slot in self._spoilt if slot not in used]
        unused += [block for block in lost if not any(contains(home, block) for home in self._homes.values())]
        if not unused:
            return ()
        kept: Space[Block] = Space(list(collapse_addresses(unused)))
        for block in self._blocks.values():
            kept.take(block)
        return kept.free

    def _place_explicit(self) -> None:
        for want in self._wants:
            for zone, block in want.explicit.items():
                if zone not in self._zones:
                    raise AddressError(f"tier {want.tier!r}: {block} is for zone {zone!r}, which the vpc does not have")
                if not any(contains(whole, block) for whole in self._within):
                    raise AddressError(f"tier {want.tier!r} in zone {zone!r}: {block} is outside of {self._listed()}")
                if self._blocks.get((want.tier, zone)) == block:
                    continue  # remembered
                home = self._homes.get(want.tier)
                in_own_slot = home is not None and contains(home, block) and not self._overlapping(want.tier, [block])
                if not in_own_slot and not self._space.take(block):
                    raise AddressError(f"tier {want.tier!r} in zone {zone!r}: {block} overlaps {self._owner_of(block)}")
                self._blocks[want.tier, zone] = block

    def _place_in_slots(self, want: Want[Block]) -> list[str]:
        """Give the tier its block and the zones their slots; return the zones for which there is none."""
        missing = [zone for zone in self._zones if (want.tier, zone) not in self._blocks]
        if not missing and want.tier not in self._homes:
            return []
        home = self._homes.get(want.tier) or self._space.take_lowest(want.home_prefix, want.within)
        if home is None:
            need = f"a /{want.prefix} in each of {want.zone_slots} zone slots"
            raise AddressError(self._does_not_fit(want, need))
        self._homes[want.tier] = home
        slots = dict(enumerate(home.subnets(new_prefix=want.prefix)))
        spoilt = self._overlapping(want.tier, list(slots.values()))
        slots = {index: slot for index, slot in slots.items() if slot not in spoilt}
        self._spoilt += spoilt
        self._slots[want.tier] = slots
        homeless = []
        for preferred, zone in sorted((_slot_of(zone), zone) for zone in missing):
            if preferred in slots:
                self._blocks[want.tier, zone] = slots.pop(preferred)
            elif slots and not self._waits(want, preferred):
                self._blocks[want.tier, zone] = slots.pop(max(slots))
            else:
                homeless.append(zone)
        return homeless

    def _waits(self, want: Want[Block], preferred: int) -> bool:
        """Whether a zone leaves the empty slots to those whose they are; with a lock, taking one moves nobody."""
        return preferred >= want.zone_slots and want.zone_slots >= _MANY and want.tier not in self._had

    def _overlapping(self, tier: str, slots: Sequence[Block]) -> list[Block]:
        """The slots of a tier of which one of its zones has, or had, any part; nobody else can be in there."""
        now: list[Block] = [block for (name, _), block in self._blocks.items() if name == tier]
        held = {*self._had.get(tier, ()), *now}
        return [
            slot for slot in slots if slot in held or any(contains(slot, each) or contains(each, slot) for each in held)
        ]

    def _place_in_second_row(self, want: Want[Block], zones: Sequence[str]) -> list[str]:
        """Give zones their slots in a second row, at the top; return those for which there is none.

        With a lock there is no such row: each block is remembered by itself.
        """
        count = 0 if want.tier in self._had else _SECOND_ROW.get(want.zone_slots, 0)
        row = self._space.take_highest(want.prefix - count.bit_length() + 1, want.within) if count else None
        slots = {} if row is None else dict(enumerate(row.subnets(new_prefix=want.prefix)))
        homeless = []
        for zone in zones:
            if (slot := slots.pop(_slot_of(zone) % count, None) if slots else None) is not None:
                self._blocks[want.tier, zone] = slot
            else:
                homeless.append(zone)
        self._spare += slots.values()
        return homeless

    def _place_anywhere(self, want: Want[Block], zones: Sequence[str]) -> None:
        """Give zones what the tier's block has left, or else what is free at the top."""
        slots = self._slots[want.tier]
        for zone in zones:
            block = slots.pop(max(slots)) if slots else self._space.take_highest(want.prefix, want.within)
            if block is None:
                raise AddressError(self._does_not_fit(want, f"a /{want.prefix} in zone {zone!r}"))
            self._blocks[want.tier, zone] = block

    def _does_not_fit(self, want: Want[Block], need: str) -> str:
        left = self._space.free_in(want.within)
        largest = f", at most a /{min(n.prefixlen for n in left)} in one piece" if left else ""
        addresses = sum(part.num_addresses for part in left)
        return (
            f"tier {want.tier!r} needs {need}, but {want.within or self._listed()} has {addresses:,} addresses left"
            f"{largest}; ask for smaller subnets, fewer zone slots or a larger vpc block"
        )

    def _listed(self) -> str:
        return " and ".join(str(block) for block in self._within)

    def _owner_of(self, block: Block) -> str:
        for (tier, zone), taken in self._blocks.items():
            if taken.overlaps(block):
                return f"{taken} of tier {tier!r} in zone {zone!r}"
        tier, _, kept, _ = next(entry for entry in self._memory if entry[2].overlaps(block))
        return f"{kept}, which the lock file keeps for tier {tier!r}; release it first"


def _slot_of(zone: str) -> int:
    """The slot that a zone's key stands for: 0 for `a`, `us-east-1a`, `1` and `use1-az1`, 1 for `b`, and so on.

    A key that ends with neither a lower-case letter nor a number stands for one behind all of them.
    """
    if number := re.search(r"[0-9]+$", zone):
        return max(int(number.group()[-4:]) - 1, 0)
    return ord(zone[-1]) - ord("a") if "a" <= zone[-1:] <= "z" else 26
