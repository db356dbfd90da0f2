"""What a tier asks of the address plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from constructs_lattice.addressing.block import LONGEST_PREFIX, SHORTEST_PREFIX
from constructs_lattice.errors import AddressError

__all__ = ["DEFAULT_ZONE_SLOTS", "TierRequest"]

DEFAULT_ZONE_SLOTS = 4
"""How many zones a tier keeps room for when it is not told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRequest:
    """One subnet of a given size in each zone, side by side in one block.

    `prefix` is the prefix length of each subnet, 16 to 28. The tier's block has room for `zone_slots` zones (a power of
    two, 4 by default), so that zones can be added later and the whole tier can be named by one prefix.
    `explicit` gives the subnets of some zones fixed blocks, by zone key; the others are planned around them.
    """

    tier: str
    prefix: int
    zone_slots: int = DEFAULT_ZONE_SLOTS
    explicit: Mapping[str, IPv4Network] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the sizes."""
        if not SHORTEST_PREFIX <= self.prefix <= LONGEST_PREFIX:
            raise AddressError(
                f"tier {self.tier!r}: a subnet must be a /{SHORTEST_PREFIX} to a /{LONGEST_PREFIX}, got /{self.prefix}"
            )
        if self.zone_slots not in (1, 2, 4, 8, 16):
            raise AddressError(f"tier {self.tier!r}: zone_slots must be 1, 2, 4, 8 or 16, got {self.zone_slots}")

    @property
    def block_prefix(self) -> int:
        """The prefix length of the block that holds all zone slots."""
        return self.prefix - (self.zone_slots.bit_length() - 1)
