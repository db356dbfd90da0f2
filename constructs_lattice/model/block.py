"""Blocks of addresses, and how they compare where only the deployment knows some of them.

A block that nobody knows before the deployment is represented by a placeholder: IPv4 blocks in 0.0.0.0/8, IPv6 blocks
in 5f00::/16; AWS services by others, in 253.0.0.0/8 and 5f01::/16. No host ever has such an address. Placeholders
compare exactly with each other and with everything (`0.0.0.0/0`, `::/0`). With any other block the answer is doubtful,
unless it is known in which part of all addresses the placeholder must lie: the addresses of AWS services are public.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from constructs_lattice.model.ranges import EMPTY, Ranges, covers, intersect, subtract, union

__all__ = [
    "DYNAMODB",
    "EVERYTHING",
    "INTERNET",
    "LATTICE",
    "PRIVATE",
    "S3",
    "Block",
    "Split",
    "ranges_of",
    "split",
    "stands_in",
]


@dataclass(frozen=True)
class Block:
    """A block, such as `10.0.0.0/16` or `2001:db8::/56`. Strict: no bits behind the prefix length."""

    network: IPv4Network | IPv6Network

    @classmethod
    def of(cls, text: str) -> Block:
        """Read a block the way EC2 does: `100.68.0.18/18` is `100.68.0.0/18`. Raises `ValueError` for what is none."""
        return _block(text)

    @property
    def version(self) -> int:
        """4 or 6."""
        return self.network.version

    @cached_property
    def ranges(self) -> Ranges:
        """The addresses, as numbers."""
        return ((int(self.network.network_address), int(self.network.broadcast_address)),)

    @property
    def is_everything(self) -> bool:
        """Whether it is `0.0.0.0/0` or `::/0`."""
        return self.network.prefixlen == 0

    def __str__(self) -> str:
        """As it is written."""
        return str(self.network)


@lru_cache(maxsize=65_536)
def _block(text: str) -> Block:
    return Block(ip_network(text.strip(), strict=False))


def ranges_of(*blocks: str) -> Ranges:
    """All addresses of some blocks of one family."""
    return union(Block.of(text).ranges for text in blocks)


_PLACEHOLDERS: dict[int, Ranges] = {
    4: ranges_of("0.0.0.0/8", "253.0.0.0/8"),
    6: ranges_of("5f00::/15"),
}

EVERYTHING: dict[int, Ranges] = {4: ranges_of("0.0.0.0/0"), 6: ranges_of("::/0")}

PRIVATE: dict[int, Ranges] = {
    4: ranges_of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
    6: ranges_of("fc00::/7"),
}

_SPECIAL: dict[int, Ranges] = {
    4: ranges_of("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/3"),
    6: subtract(EVERYTHING[6], ranges_of("2000::/3")),
}

INTERNET: dict[int, Ranges] = {
    version: subtract(subtract(EVERYTHING[version], PRIVATE[version]), _SPECIAL[version]) for version in (4, 6)
}
"""Where hosts of the public internet have their addresses."""

# Stand-ins for the addresses of AWS services, by family, and where these must lie.
S3: dict[int, Ranges] = {4: ranges_of("253.0.0.0/24"), 6: ranges_of("5f01::/64")}
DYNAMODB: dict[int, Ranges] = {4: ranges_of("253.0.1.0/24"), 6: ranges_of("5f01:0:0:1::/64")}
LATTICE: dict[int, Ranges] = {4: ranges_of("253.0.2.0/24"), 6: ranges_of("5f01:0:0:2::/64")}
"""The managed prefix lists of VPC Lattice hold link-local addresses and public ones that are not routed.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html#managed-prefix-list
"""

_WITHIN: list[tuple[int, Ranges, Ranges]] = [
    *((version, ranges, INTERNET[version]) for service in (S3, DYNAMODB) for version, ranges in service.items()),
    (4, LATTICE[4], union([INTERNET[4], ranges_of("169.254.0.0/16")])),
    (6, LATTICE[6], union([INTERNET[6], ranges_of("fd00:ec2::/32")])),
]


def stands_in(block: Block) -> bool:
    """Whether a block is a placeholder."""
    return covers(_PLACEHOLDERS[block.version], block.ranges)


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of some addresses that are in a block, out of it, and of which nobody knows."""

    inside: Ranges
    outside: Ranges
    doubtful: Ranges = EMPTY


def split(version: int, addresses: Ranges, block: Ranges) -> Split:
    """Split addresses by whether they are in a block of the same family.

    A block of the deployment's choice is taken to hold no address that the templates name: what is concrete is outside
    of a placeholder.
    """
    if block == EVERYTHING[version]:
        return Split(addresses, EMPTY)
    unsettled = intersect(addresses, _PLACEHOLDERS[version])
    if not unsettled:
        return Split(intersect(addresses, block), subtract(addresses, block))
    stand_ins = tuple(each for each in block if covers(_PLACEHOLDERS[version], (each,)))
    concrete = tuple(each for each in block if each not in stand_ins)
    settled = subtract(addresses, unsettled)
    inside = [intersect(settled, concrete), intersect(unsettled, stand_ins)]
    outside = [subtract(settled, concrete)]
    unsettled = subtract(unsettled, stand_ins)
    for each, stand_in, within in [*_WITHIN, (version, unsettled, EVERYTHING[version])]:
        if each == version and (part := intersect(unsettled, stand_in)):
            if covers(concrete, within):
                inside.append(part)
            elif not intersect(concrete, within):
                outside.append(part)
            else:
                continue
            unsettled = subtract(unsettled, part)
    return Split(union(inside), union(outside), unsettled)
