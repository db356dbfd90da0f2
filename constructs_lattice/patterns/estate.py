"""What a hybrid network is made of, as values: spokes in segments, and sites on premises."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Self

from constructs_lattice._checks import check_count, check_pattern
from constructs_lattice.addressing import AddressEstate, parse_block, parse_vpc_block
from constructs_lattice.errors import AddressError, ArgumentError
from constructs_lattice.hybrid import Tunnel
from constructs_lattice.vpc import Role, Tier

__all__ = ["ON_PREMISES", "Segment", "Site", "Spoke", "check_estate"]

ON_PREMISES = "on-premises"
"""The name of the route table for what comes from the sites."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")

_DEFAULT_TIERS = (Tier.isolated("app"), Tier.isolated("data"), Tier.transit())


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    """A VPC of a hybrid network.

    - `name`: its name, which is its id in the construct tree.
    - `cidr`: its IPv4 block.
    - `tiers`: its tiers, one of which is a transit tier. By default `app` and `data`, both isolated, and `transit`.

    Raises `AddressError` for a malformed block and `ArgumentError` unless there is exactly one transit tier.
    """

    name: str
    cidr: str
    tiers: Sequence[Tier] = _DEFAULT_TIERS

    def __post_init__(self) -> None:
        """Check the block and the tiers."""
        parse_vpc_block(f"spoke {self.name!r}", self.cidr)
        transit = [tier for tier in self.tiers if tier.role is Role.TRANSIT]
        check_count(f"spoke {self.name!r}", "transit tiers", len(transit), 1, 1)

    @property
    def block(self) -> IPv4Network:
        """The block."""
        return IPv4Network(self.cidr)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Spokes that reach each other, the shared segments and the sites on premises, but no other segment.

    Made by its constructor, or by `Segment.shared` for one that every other segment reaches.
    """

    name: str
    spokes: Sequence[Spoke]
    is_shared: bool = False

    @classmethod
    def of(cls, name: str, *spokes: Spoke) -> Self:
        """A segment of its own, such as production."""
        return cls(name=name, spokes=spokes)

    @classmethod
    def shared(cls, name: str, *spokes: Spoke) -> Self:
        """A segment that all others reach, such as common services."""
        return cls(name=name, spokes=spokes, is_shared=True)

    def reaches(self, other: "Segment") -> bool:
        """Whether traffic may go between the two; it always may both ways."""
        return self.name == other.name or self.is_shared or other.is_shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place on premises with a VPN device.

    - `name`: its name, which is its id in the construct tree.
    - `ip_address`: the public IPv4 address of the device.
    - `bgp_asn`: the autonomous system number of its network.
    - `tunnels`: the two tunnels. By default AWS chooses their addresses, and the device opens them.
    """

    name: str
    ip_address: str
    bgp_asn: int
    tunnels: Sequence[Tunnel] = (Tunnel(), Tunnel())


def check_estate(where: object, segments: Sequence[Segment], on_premises: Sequence[str], sites: Sequence[Site]) -> None:
    """Raise unless all names are distinct and no address is in two places.

    Raises `ArgumentError` for names, and `AddressError` for addresses.
    """
    spokes = [spoke for segment in segments for spoke in segment.spokes]
    for kind, names in (
        ("segment", [segment.name for segment in segments]),
        ("spoke", [spoke.name for spoke in spokes]),
        ("site", [site.name for site in sites]),
    ):
        for name in names:
            rule = "be 1 to 32 lower-case letters, digits and hyphens, beginning with a letter"
            check_pattern(f"{where}: {kind}", "name", name, _NAME, rule)
            if name == ON_PREMISES:
                raise ArgumentError(f"{where}: a {kind} cannot be called {name!r}; that is what the sites are")
            if names.count(name) > 1:
                raise ArgumentError(f"{where}: there are {names.count(name)} {kind}s {name!r}; names must be distinct")
    estate = AddressEstate()
    try:
        for cidr in on_premises:
            estate.claim("on premises", parse_block("on_premises", cidr))
        for spoke in spokes:
            estate.claim(f"spoke {spoke.name!r}", spoke.block)
    except AddressError as error:
        raise AddressError(f"{where}: {error}") from None
