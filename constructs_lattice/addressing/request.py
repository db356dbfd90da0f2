"""What a tier asks of the address plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from constructs_lattice.addressing.block import LONGEST_PREFIX, SHORTEST_PREFIX
from constructs_lattice.addressing.lock_entry import check_name
from constructs_lattice.errors import AddressError

__all__ = ["DEFAULT_ZONE_SLOTS", "TierRequest"]

DEFAULT_ZONE_SLOTS = 4
"""How many zones a tier keeps room for when it is not told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRequest:
    """One subnet of a given size in each zone, side by side in one block.

    `prefix` is the prefix length of each subnet, 16 to 28; without it the tier has no IPv4 addresses. The tier's block
    has room for `zone_slots` zones (a power of two, 4 by default), so that zones can be added later and the whole tier
    can be named by one prefix. `explicit` gives the subnets of some zones fixed blocks, by zone key; the others are
    planned around them. `within` is where the addresses have to be. With `ipv6`, the tier has a /64 in each zone, too.
    """

    tier: str
    prefix: int | None
    zone_slots: int = DEFAULT_ZONE_SLOTS
    explicit: Mapping[str, IPv4Network] = field(default_factory=dict)
    within: IPv4Network | None = None
    ipv6: bool = False

    def __post_init__(self) -> None:
        """Check the name and the sizes."""
        check_name("tier", self.tier)
        if self.prefix is not None and not SHORTEST_PREFIX <= self.prefix <= LONGEST_PREFIX:
            raise AddressError(
                f"tier {self.tier!r}: a subnet must be a /{SHORTEST_PREFIX} to a /{LONGEST_PREFIX}, got /{self.prefix}"
            )
        if self.prefix is None and (self.explicit or self.within):
            block = next(iter(self.explicit.values()), self.within)
            raise AddressError(f"tier {self.tier!r}: a tier without IPv4 addresses has no place for {block}")
        if self.zone_slots not in (1, 2, 4, 8, 16):
            raise AddressError(f"tier {self.tier!r}: zone_slots must be 1, 2, 4, 8 or 16, got {self.zone_slots}")
        for zone, block in self.explicit.items():
            if not SHORTEST_PREFIX <= block.prefixlen <= LONGEST_PREFIX:
                raise AddressError(
                    f"tier {self.tier!r} in zone {zone!r}: a subnet must be a /{SHORTEST_PREFIX} to a "
                    f"/{LONGEST_PREFIX}, got {block}"
                )
