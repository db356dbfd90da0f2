"""The plan of one VPC: (tier, zone) -> block."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from constructs_lattice.addressing.block import RESERVED_BY_AWS, check_disjoint, contains
from constructs_lattice.addressing.lock_entry import HOME, LockEntry, check_name
from constructs_lattice.addressing.placement import Placement, Remembered, Want, place
from constructs_lattice.addressing.request import TierRequest
from constructs_lattice.addressing.space import Block
from constructs_lattice.errors import AddressError

__all__ = ["IPV6_BLOCK", "Allocation", "VpcPlan", "aligned", "plan_vpc"]

IPV6_BLOCK = IPv6Network("::/56")
"""The IPv6 block of every VPC, as far as a plan knows it: AWS says at the deployment what stands before its 56 bits."""

_IPV6_SUBNET_PREFIX = 64


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
    """Who has which part of a VPC's addresses.

    `block` is the VPC's first IPv4 block, `secondary` are the others. `allocations` are in the order of the tiers, then
    of the zones. `homes` are the blocks of whole tiers. `reserved` are their empty slots, kept for zones to come;
    `removed` is what a lock keeps for nobody; `free` is what no tier has asked for. `ipv6` are the /64 blocks by (tier,
    zone), counted from the beginning of the VPC's /56, which only the deployment knows: `0:0:0:5::/64` is the sixth.
    """

    block: IPv4Network
    secondary: tuple[IPv4Network, ...] = ()
    allocations: tuple[Allocation, ...]
    homes: Mapping[str, IPv4Network]
    reserved: tuple[IPv4Network, ...]
    removed: tuple[IPv4Network, ...]
    free: tuple[IPv4Network, ...]
    ipv6: Mapping[tuple[str, str], IPv6Network] = field(default_factory=dict)
    ipv6_homes: Mapping[str, IPv6Network] = field(default_factory=dict)

    def __getitem__(self, key: tuple[str, str]) -> IPv4Network:
        """The IPv4 block of a (tier, zone); `KeyError` when the plan has none."""
        return self.ipv4[key]

    def __iter__(self) -> Iterator[Allocation]:
        """All IPv4 allocations, in order."""
        return iter(self.allocations)

    @property
    def ipv4(self) -> Mapping[tuple[str, str], IPv4Network]:
        """The IPv4 blocks by (tier, zone)."""
        return {(each.tier, each.zone): each.block for each in self.allocations}

    def blocks(self) -> list[tuple[str, str, IPv4Network | IPv6Network]]:
        """All blocks with their tier and zone, and those of whole tiers with `*`: what a lock remembers."""
        return [
            *((tier, HOME, block) for tier, block in self.homes.items()),
            *((each.tier, each.zone, each.block) for each in self.allocations),
            *((tier, HOME, block) for tier, block in self.ipv6_homes.items()),
            *((tier, zone, block) for (tier, zone), block in self.ipv6.items()),
        ]

    def as_dict(self) -> dict[str, Any]:
        """All that the plan says as plain data, such as JSON can hold: what `table` shows, and where the rest is."""
        keys = dict.fromkeys([*self.ipv4, *self.ipv6])
        ipv4 = {(each.tier, each.zone): each for each in self.allocations}
        return {
            "blocks": [str(block) for block in (self.block, *self.secondary)],
            "subnets": [
                {"tier": key[0], "zone": key[1]}
                | ({"block": str(ipv4[key].block), "usable_hosts": ipv4[key].usable_hosts} if key in ipv4 else {})
                | ({"ipv6": str(self.ipv6[key])} if key in self.ipv6 else {})
                for key in keys
            ],
            "tiers": {tier: str(block) for tier, block in self.homes.items()},
            "reserved": [str(block) for block in self.reserved],
            "removed": [str(block) for block in self.removed],
            "free": [str(block) for block in self.free],
        }

    def rows(self) -> list[tuple[str, ...]]:
        """A row of text for each subnet: tier, zone, IPv4 block, usable hosts and, if there is any, the IPv6 block."""
        rows = {(each.tier, each.zone): (str(each.block), f"{each.usable_hosts:,}") for each in self.allocations}
        keys = dict.fromkeys([*rows, *self.ipv6])
        ipv6 = {key: (str(self.ipv6[key]),) if key in self.ipv6 else ("-",) for key in keys if self.ipv6}
        return [(*key, *rows.get(key, ("-", "-")), *ipv6.get(key, ())) for key in keys]

    def table(self) -> str:
        """The plan as aligned text, a line for each subnet and a last one for what is left."""
        header = ("tier", "zone", "block", "usable hosts", *(["ipv6"] if self.ipv6 else []))
        return "\n".join([*aligned([header, *self.rows()]), self.summary()])

    def summary(self) -> str:
        """What is left of the IPv4 addresses, in a line."""
        reserved, removed, free = (
            sum(n.num_addresses for n in part) for part in (self.reserved, self.removed, self.free)
        )
        kept = f"{removed:,} of removed subnets, " if removed else ""
        blocks = " and ".join(str(block) for block in (self.block, *self.secondary))
        return f"{blocks}: {reserved:,} addresses reserved for zones to come, {kept}{free:,} free"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of text with the columns of `rows` under each other; the last column is as wide as it is."""
    columns = max(len(row) for row in rows)
    filled = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [max(len(row[column]) for row in filled) for column in range(columns)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in filled]


def plan_vpc(
    block: IPv4Network,
    tiers: Sequence[TierRequest],
    zones: Sequence[str],
    memory: Sequence[LockEntry] = (),
    secondary: Sequence[IPv4Network] = (),
) -> VpcPlan:
    """Give every tier a block in every zone; `memory` is what a lock has of the VPC.

    A tier goes to the first of the blocks that has room for it, unless it says where it wants to be.

    Raises `AddressError` when a name is used twice or cannot be remembered, two blocks of the VPC overlap, an explicit
    block lies outside the VPC or on another one, the tiers do not fit, or what is remembered is not of this VPC.
    """
    _check_distinct("tier", [request.tier for request in tiers])
    _check_distinct("zone", zones)
    for zone in zones:
        _check_zone(zone)
    blocks = (block, *secondary)
    check_disjoint("vpc", blocks)
    for request in tiers:
        if request.within is not None and not any(contains(whole, request.within) for whole in blocks):
            raise AddressError(f"tier {request.tier!r}: {request.within} is outside of {_listed(blocks)}")
    ipv4 = _place_ipv4(blocks, tiers, zones, memory)
    ipv6 = _place_ipv6(tiers, zones, memory)
    return VpcPlan(
        block=block,
        secondary=tuple(secondary),
        allocations=tuple(Allocation(tier=tier, zone=zone, block=b) for (tier, zone), b in ipv4.blocks.items()),
        homes=ipv4.homes,
        reserved=ipv4.reserved,
        removed=ipv4.removed,
        free=ipv4.free,
        ipv6=ipv6.blocks,
        ipv6_homes=ipv6.homes,
    )


def _place_ipv4(
    blocks: Sequence[IPv4Network], tiers: Sequence[TierRequest], zones: Sequence[str], memory: Sequence[LockEntry]
) -> Placement[IPv4Network]:
    remembered = [(e.tier, e.zone, e.block, e.removed) for e in memory if isinstance(e.block, IPv4Network)]
    wants = [
        Want(tier=t.tier, prefix=t.prefix, zone_slots=t.zone_slots, explicit=t.explicit, within=t.within)
        for t in tiers
        if t.prefix is not None
    ]
    return place(blocks, wants, zones, _within(blocks, wants, remembered, memory))


def _place_ipv6(
    tiers: Sequence[TierRequest], zones: Sequence[str], memory: Sequence[LockEntry]
) -> Placement[IPv6Network]:
    remembered = [(e.tier, e.zone, e.block, e.removed) for e in memory if isinstance(e.block, IPv6Network)]
    wants: list[Want[IPv6Network]] = [
        Want(tier=tier.tier, prefix=_IPV6_SUBNET_PREFIX, zone_slots=tier.zone_slots) for tier in tiers if tier.ipv6
    ]
    return place([IPV6_BLOCK], wants, zones, _within([IPV6_BLOCK], wants, remembered, memory))


def _within(
    blocks: Sequence[Block],
    wants: Sequence[Want[Block]],
    remembered: Sequence[Remembered[Block]],
    memory: Sequence[LockEntry],
) -> list[Remembered[Block]]:
    """What is remembered within `blocks`.

    What is outside of them can be given to nobody, so it is forgotten; unless a tier has it, and would have to move.
    """
    inside = [entry for entry in remembered if any(contains(whole, entry[2]) for whole in blocks)]
    if len(inside) == len(remembered):
        return inside
    by_tier = {want.tier: want for want in wants}
    for tier, zone, block, removed in remembered:
        want = by_tier.get(tier)
        is_outside = not any(contains(whole, block) for whole in blocks)
        if is_outside and not removed and want is not None and want.would_take(zone, block):
            place_ = f"tier {tier!r}" if zone == HOME else f"tier {tier!r} in zone {zone!r}"
            raise AddressError(
                f"{memory[0].vpc}: the lock file has {block} for {place_}, outside of {_listed(blocks)}; give the vpc "
                "that block back, or delete its lines in the lock file to plan it anew"
            )
    return inside


def _listed(blocks: Sequence[IPv4Network] | Sequence[IPv6Network]) -> str:
    return " and ".join(str(block) for block in blocks)


def _check_distinct(kind: str, names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise AddressError(f"{kind} {name!r} is declared {names.count(name)} times; names must be distinct")


def _check_zone(zone: str) -> None:
    check_name("zone", zone)
    if zone == HOME:
        raise AddressError(f"zone {zone!r} stands for a whole tier in lock files; give the zone another key")
