"""The law of the lock, through any sequence of edits: who keeps his size keeps his block, whatever happens around."""

from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network
from itertools import pairwise
from typing import TypeAlias

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from constructs_lattice.addressing import (
    HOME,
    IPV6_BLOCK,
    AddressLock,
    TierRequest,
    VpcPlan,
    plan_vpc,
)
from constructs_lattice.errors import AddressError

pytestmark = pytest.mark.pure

Block: TypeAlias = IPv4Network | IPv6Network
Place: TypeAlias = tuple[str, str]  # tier, zone

FIRST = IPv4Network("10.20.0.0/16")
SECOND = IPv4Network("100.64.0.0/18")
VPC = "Shop/Vpc"
TIERS = ("web", "app", "data", "cache", "edge")
ZONES = ("a", "b", "c", "d", "e", "f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A VPC as its author writes it down."""

    tiers: tuple[TierRequest, ...] = (TierRequest(tier="web", prefix=24),)
    zones: tuple[str, ...] = ("a", "b")
    secondary: tuple[IPv4Network, ...] = ()

    def plan(self, lock: AddressLock) -> VpcPlan:
        return plan_vpc(FIRST, self.tiers, self.zones, lock.entries(VPC), self.secondary)

    def tier(self, name: str) -> TierRequest | None:
        return next((tier for tier in self.tiers if tier.tier == name), None)


@dataclass(slots=True)
class Past:
    """What was given out and not released: by whom."""

    blocks: dict[Block, set[Place]] = field(default_factory=dict)

    def check(self, place: Place, block: Block) -> None:
        """Nobody gets what is, or was, another's, nor a part of what was his own: both may be there for a while."""
        for other, owners in self.blocks.items():
            if other.version == block.version and other.overlaps(block):
                assert other == block, (place, block, other, owners)
                assert owners == {place}, (place, block, owners)

    def forget(self, blocks: set[Block]) -> None:
        for block in blocks:
            self.blocks.pop(block, None)


class Edits(RuleBasedStateMachine):
    """Somebody edits a VPC, synthesizes, and edits again."""

    def __init__(self) -> None:
        super().__init__()
        self.declared = Declaration()
        self.lock = AddressLock()
        self.past = Past()
        self.plan = self.declared.plan(self.lock)
        self.lock.remember(VPC, self.plan.blocks())
        self._note()

    def _note(self) -> None:
        for place, block in _subnets(self.plan).items():
            self.past.blocks.setdefault(block, set()).add(place)

    def _edit(self, declared: Declaration) -> None:
        """Synthesize what is declared now, unless it does not fit; the author takes the edit back then."""
        text = self.lock.text()
        try:
            plan = declared.plan(self.lock)
        except AddressError:
            assert self.lock.text() == text
            return
        before, after = _subnets(self.plan), _subnets(plan)
        for place, block in after.items():
            if place in before and _asks_for(self.declared, place) == _asks_for(declared, place):
                same = [b for b in _all_of(self.plan, place) if b.version == block.version]
                if same:
                    assert block in same, (place, same, block)
        for place in after:
            for block in _all_of(plan, place):
                self.past.check(place, block)
        self.declared, self.plan = declared, plan
        self.lock.remember(VPC, plan.blocks())
        self._note()

    @rule(
        name=st.sampled_from(TIERS),
        prefix=st.sampled_from([20, 22, 24, 26, 28]),
        slots=st.sampled_from([1, 2, 4, 8]),
        ipv6=st.booleans(),
        at=st.integers(0, 4),
    )
    def add_tier(self, name: str, prefix: int, slots: int, ipv6: bool, at: int) -> None:
        if self.declared.tier(name) is None:
            tiers = [*self.declared.tiers]
            tiers.insert(at, TierRequest(tier=name, prefix=prefix, zone_slots=slots, ipv6=ipv6))
            self._edit(replace(self.declared, tiers=tuple(tiers)))

    @rule(name=st.sampled_from(TIERS))
    def remove_tier(self, name: str) -> None:
        tiers = tuple(tier for tier in self.declared.tiers if tier.tier != name)
        if tiers:
            self._edit(replace(self.declared, tiers=tiers))

    @rule(name=st.sampled_from(TIERS), prefix=st.sampled_from([20, 21, 23, 24, 25, 28]))
    def grow_or_shrink_tier(self, name: str, prefix: int) -> None:
        self._change(name, prefix=prefix, explicit={})

    @rule(name=st.sampled_from(TIERS), slots=st.sampled_from([1, 2, 4, 8, 16]))
    def reserve_other_room(self, name: str, slots: int) -> None:
        self._change(name, zone_slots=slots)

    @rule(name=st.sampled_from(TIERS))
    def speak_ipv6_or_not(self, name: str) -> None:
        if (tier := self.declared.tier(name)) is not None:
            self._change(name, ipv6=not tier.ipv6)

    @rule(name=st.sampled_from(TIERS))
    def drop_ipv4(self, name: str) -> None:
        self._change(name, prefix=None, explicit={}, within=None, ipv6=True)

    @rule(name=st.sampled_from(TIERS))
    def move_to_the_second_block(self, name: str) -> None:
        tier = self.declared.tier(name)
        if tier is not None and tier.prefix is not None and self.declared.secondary:
            self._change(name, within=SECOND, explicit={})

    @rule(name=st.sampled_from(TIERS), zone=st.sampled_from(ZONES))
    def pin_what_is_there(self, name: str, zone: str) -> None:
        tier = self.declared.tier(name)
        if tier is not None and (name, zone) in self.plan.ipv4:
            self._change(name, explicit={**tier.explicit, zone: self.plan[name, zone]})

    @rule(name=st.sampled_from(TIERS), zone=st.sampled_from(ZONES), slot=st.integers(0, 255))
    def pin_anywhere(self, name: str, zone: str, slot: int) -> None:
        tier = self.declared.tier(name)
        if tier is not None and tier.prefix is not None:
            self._change(name, explicit={**tier.explicit, zone: IPv4Network((0x0A140000 + slot * 256, 24))})

    @rule(name=st.sampled_from(TIERS))
    def unpin(self, name: str) -> None:
        self._change(name, explicit={})

    @rule(order=st.randoms(use_true_random=False))
    def permute_tiers(self, order: object) -> None:
        tiers = [*self.declared.tiers]
        order.shuffle(tiers)  # type: ignore[attr-defined]  # a random.Random
        self._edit(replace(self.declared, tiers=tuple(tiers)))

    @rule(zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=6, unique=True))
    def add_drop_and_permute_zones(self, zones: list[str]) -> None:
        self._edit(replace(self.declared, zones=tuple(zones)))

    @rule()
    def add_or_drop_the_second_block(self) -> None:
        self._edit(replace(self.declared, secondary=() if self.declared.secondary else (SECOND,)))

    @precondition(lambda self: any(entry.removed for entry in self.lock.entries(VPC)))
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """What was released may go to anybody: it is no longer there."""
        removed = [entry for entry in self.lock.entries(VPC) if entry.removed]
        entry = data.draw(st.sampled_from(removed))
        zone = data.draw(st.sampled_from([None, entry.zone]))
        assert self.lock.release(VPC, entry.tier, zone) >= 1
        kept = {each.key for each in self.lock.entries(VPC)}
        self.past.forget({each.block for each in removed if each.key not in kept})

    @invariant()
    def the_file_can_be_read_again(self) -> None:
        self.lock = AddressLock.parse(self.lock.text())

    @invariant()
    def the_lock_has_what_is_there(self) -> None:
        held = {(entry.tier, entry.zone, entry.block) for entry in self.lock.entries(VPC) if not entry.removed}
        assert held == set(self.plan.blocks())

    @invariant()
    def doing_it_again_changes_nothing(self) -> None:
        assert sorted(self.declared.plan(self.lock).blocks(), key=str) == sorted(self.plan.blocks(), key=str)

    @invariant()
    def everything_is_inside_and_nothing_is_lost(self) -> None:
        parts = [each.block for each in self.plan]
        parts += [*self.plan.reserved, *self.plan.removed, *self.plan.free]
        whole = FIRST.num_addresses + sum(block.num_addresses for block in self.declared.secondary)
        assert sum(part.num_addresses for part in parts) == whole
        _check_disjoint([*parts])
        blocks = (FIRST, *self.declared.secondary)
        assert all(any(each.block.subnet_of(block) for block in blocks) for each in self.plan)
        assert all(block.subnet_of(IPV6_BLOCK) for block in self.plan.ipv6.values())
        _check_disjoint(list(self.plan.ipv6.values()))

    def _change(self, name: str, **changes: object) -> None:
        tier = self.declared.tier(name)
        if tier is None:
            return
        try:
            changed = replace(tier, **changes)  # type: ignore[arg-type]  # the rules know the types
        except AddressError:
            return  # it contradicts itself, such as a pin in a tier without IPv4 addresses
        self._edit(
            replace(self.declared, tiers=tuple(changed if each is tier else each for each in self.declared.tiers))
        )


def _subnets(plan: VpcPlan) -> dict[Place, Block]:
    return {(tier, zone): block for tier, zone, block in plan.blocks() if zone != HOME}


def _all_of(plan: VpcPlan, place: Place) -> list[Block]:
    return [block for tier, zone, block in plan.blocks() if (tier, zone) == place]


def _asks_for(declared: Declaration, place: Place) -> object:
    """What decides where a subnet is: its size, its pin, the room it was told; not the tiers and zones around it."""
    tier = declared.tier(place[0])
    return tier and (tier.prefix, tier.explicit.get(place[1]), tier.within)


def _check_disjoint(blocks: list[Block]) -> None:
    ordered = sorted(blocks)
    assert all(not one.overlaps(next_) for one, next_ in pairwise(ordered))


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
