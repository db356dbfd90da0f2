"""What is known of a VPC elsewhere, as values: by tier, then by zone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self, TypeVar

from constructs_lattice._checks import check_pattern
from constructs_lattice._tokens import is_list_token, is_token
from constructs_lattice.addressing import parse_block
from constructs_lattice.addressing.block import parse_ipv6_block
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.route_tables import RouteTables
from constructs_lattice.vpc.tier import Role, check_tier_name

__all__ = ["SubnetAttributes", "TierAttributes", "VpcAttributes"]

_VPC_ID = re.compile(r"vpc-[0-9a-f]{8,17}")
_SUBNET_ID = re.compile(r"subnet-[0-9a-f]{8,17}")
_ROUTE_TABLE_ID = re.compile(r"rtb-[0-9a-f]{8,17}")
_ZONE_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_Value = TypeVar("_Value", str, list[Any], dict[str, Any])
_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetAttributes:
    """A subnet: its id, that of its route table, the name of its zone, and its blocks, as far as it has them.

    Raises `ArgumentError` for an id that is none or without any block, and `AddressError` for a malformed block.
    """

    subnet_id: str
    route_table_id: str
    availability_zone: str
    ipv4_cidr_block: str | None = None
    ipv6_cidr_block: str | None = None

    def __post_init__(self) -> None:
        """Check the ids and the blocks."""
        rule = "be the id of a subnet such as subnet-0123456789abcdef0"
        check_pattern("subnet", "subnet_id", self.subnet_id, _SUBNET_ID, rule)
        where = f"subnet {self.subnet_id}"
        rule = "be the id of a route table such as rtb-0123456789abcdef0"
        check_pattern(where, "route_table_id", self.route_table_id, _ROUTE_TABLE_ID, rule)
        _check_blocks(where, [self.ipv4_cidr_block], self.ipv6_cidr_block)
        if self.ipv4_cidr_block is None and self.ipv6_cidr_block is None:
            raise ArgumentError(f"{where}: a subnet has an IPv4 block, an IPv6 block or both, got none")


@dataclass(frozen=True, slots=True, kw_only=True)
class TierAttributes:
    """A tier: its role, and its subnets by the key of the zone. `route_tables` says whether they share one table.

    Raises `ArgumentError` when there is no subnet, or when a key is none.
    """

    role: Role
    subnets: Mapping[str, SubnetAttributes]
    route_tables: RouteTables = RouteTables.PER_ZONE

    def __post_init__(self) -> None:
        """Check the zones."""
        if not self.subnets:
            raise ArgumentError("tier: a tier has a subnet in one zone at least, got none")
        for zone in self.subnets:
            check_pattern("tier", "subnets", zone, _ZONE_KEY, "be known by keys of zones such as 'a' or 'use1-az1'")
        tables = list(dict.fromkeys(subnet.route_table_id for subnet in self.subnets.values()))
        if self.route_tables is RouteTables.SHARED and len(tables) > 1 and not is_token(tables):
            raise ArgumentError(f"tier: the subnets share one route table, but theirs are {' and '.join(tables)}")

    @property
    def zones(self) -> tuple[str, ...]:
        """The keys of its zones, in order."""
        return tuple(self.subnets)


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcAttributes:
    """A VPC: its id, its blocks, and its tiers by their names. Any value may be a token; no name may be one.

    `Vpc.attributes` gives them, and `Vpc.from_vpc_attributes` makes a VPC of them that can be used elsewhere.

    Raises `ArgumentError` for a bad id or name, and `AddressError` for a malformed block.
    """

    vpc_id: str
    cidr_blocks: Sequence[str]
    tiers: Mapping[str, TierAttributes]
    ipv6_cidr_block: str | None = None

    def __post_init__(self) -> None:
        """Check the id, the names and the blocks."""
        check_pattern("vpc", "vpc_id", self.vpc_id, _VPC_ID, "be the id of a VPC such as vpc-0123456789abcdef0")
        where = f"vpc {self.vpc_id}"
        if not self.cidr_blocks or is_list_token(self.cidr_blocks):
            got = "none" if not self.cidr_blocks else "a token"
            raise ArgumentError(
                f"{where}: cidr_blocks must be a list whose length is known, of one block at least, got {got}"
            )
        _check_blocks(where, self.cidr_blocks, self.ipv6_cidr_block)
        if not self.tiers:
            raise ArgumentError(f"{where}: a vpc has one tier at least, got none")
        for name in self.tiers:
            check_tier_name(where, name)

    def subnet(self, tier: str, zone: str) -> SubnetAttributes:
        """The subnet of a tier in a zone; `KeyError` when there is none."""
        return self.tiers[tier].subnets[zone]

    def as_dict(self) -> dict[str, Any]:
        """All that is there as plain data, such as `["tiers"]["app"]["subnets"]["a"]["subnet_id"]`."""
        tiers = {
            name: {
                "role": str(tier.role),
                "route_tables": str(tier.route_tables),
                "subnets": {zone: _known(asdict(subnet)) for zone, subnet in tier.subnets.items()},
            }
            for name, tier in self.tiers.items()
        }
        vpc = {"vpc_id": self.vpc_id, "cidr_blocks": list(self.cidr_blocks), "ipv6_cidr_block": self.ipv6_cidr_block}
        return _known(vpc) | {"tiers": tiers}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `as_dict` gave, after a way through JSON perhaps.

        Raises `ArgumentError`, with the way to the field, for data of another shape; and as the attributes do.
        """
        tiers = {
            name: _tier(f"tiers.{name}", _expect(f"tiers.{name}", tier, dict))
            for name, tier in _take("", data, "tiers", dict).items()
        }
        return cls(
            vpc_id=_take("", data, "vpc_id", str),
            cidr_blocks=[_expect("cidr_blocks", block, str) for block in _take("", data, "cidr_blocks", list)],
            ipv6_cidr_block=_take("", data, "ipv6_cidr_block", str) if "ipv6_cidr_block" in data else None,
            tiers=tiers,
        )


def _tier(way: str, data: Mapping[str, Any]) -> TierAttributes:
    subnets = {
        zone: _subnet(f"{way}.subnets.{zone}", _expect(f"{way}.subnets.{zone}", subnet, dict))
        for zone, subnet in _take(way, data, "subnets", dict).items()
    }
    return TierAttributes(
        role=_member(f"{way}.role", _take(way, data, "role", str), Role),
        route_tables=_member(f"{way}.route_tables", _take(way, data, "route_tables", str), RouteTables),
        subnets=subnets,
    )


def _subnet(way: str, data: Mapping[str, Any]) -> SubnetAttributes:
    blocks = {name: _take(way, data, name, str) for name in ("ipv4_cidr_block", "ipv6_cidr_block") if name in data}
    ids = {name: _take(way, data, name, str) for name in ("subnet_id", "route_table_id", "availability_zone")}
    return SubnetAttributes(**ids, **blocks)


def _take(way: str, data: Mapping[str, Any], name: str, kind: type[_Value]) -> _Value:
    field = f"{way}.{name}" if way else name
    if name not in data:
        raise ArgumentError(f"vpc attributes: {field} is missing; it is a {kind.__name__}")
    return _expect(field, data[name], kind)


def _expect(field: str, value: object, kind: type[_Value]) -> _Value:
    if not isinstance(value, kind):
        raise ArgumentError(f"vpc attributes: {field} must be a {kind.__name__}, got {value!r}")
    return value


def _member(field: str, value: str, kind: type[_Member]) -> _Member:
    if value not in list(kind):
        raise ArgumentError(f"vpc attributes: {field} must be one of {', '.join(kind)}, got {value!r}")
    return kind(value)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _check_blocks(where: str, ipv4: Sequence[str | None], ipv6: str | None) -> None:
    for block in ipv4:
        if block is not None and not is_token(block):
            parse_block(where, block)
    if ipv6 is not None and not is_token(ipv6):
        parse_ipv6_block(where, ipv6)
