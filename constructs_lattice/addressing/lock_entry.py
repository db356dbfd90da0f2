"""One line of a lock file: who has, or had, which block."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from typing import TypeAlias

from constructs_lattice.errors import AddressError

__all__ = ["HOME", "REMOVED", "Key", "LockEntry", "check_name"]

HOME = "*"
"""The zone of the entry for a tier's whole block."""

REMOVED = "removed"
"""What the line of a block ends with that nobody has any more."""

Key: TypeAlias = tuple[str, str, int, int, int]
"""What the lines of a VPC are told apart and sorted by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockEntry:
    """One line: the block of a tier in a zone, or of the whole tier when `zone` is `*`.

    Raises `AddressError` for names that a line cannot hold.
    """

    vpc: str
    tier: str
    zone: str
    block: IPv4Network | IPv6Network
    removed: bool = False

    def __post_init__(self) -> None:
        """Check the names."""
        check_name("vpc", self.vpc)
        check_name("tier", self.tier)
        check_name("zone", self.zone)

    @property
    def key(self) -> Key:
        """The tier, the zone, and the block as numbers."""
        block = self.block
        return (self.tier, self.zone, block.version, int(block.network_address), block.prefixlen)

    @property
    def span(self) -> tuple[int, int, int]:
        """The version of IP, the first address and the last one, as numbers."""
        block = self.block
        first = int(block.network_address)
        return (block.version, first, first + (1 << (block.max_prefixlen - block.prefixlen)) - 1)

    def __str__(self) -> str:
        """The line, without its end."""
        fields = [self.vpc, self.tier, self.zone, str(self.block)]
        return "  ".join([*fields, REMOVED] if self.removed else fields)


@lru_cache(maxsize=4_096)
def check_name(kind: str, name: str) -> None:
    """Raise `AddressError` unless a field of a line can hold `name`: fields are two spaces apart."""
    if not name or not name.isprintable() or "  " in name or name != name.strip() or name.startswith("#"):
        raise AddressError(
            f"{kind} {name!r} cannot be written in a lock file; a name is printable, begins with no '#', and has no "
            "space at its ends and no two in a row"
        )
