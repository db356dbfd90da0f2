"""The free part of a block, from which aligned blocks are taken."""

from bisect import insort
from ipaddress import IPv4Network

__all__ = ["Space"]


class Space:
    """What is left of `block`, as a sorted list of disjoint blocks.

    Laws (tested as properties): what is taken is aligned, inside the block, and overlaps nothing taken before; taken
    and free blocks together are exactly the block.
    """

    def __init__(self, block: IPv4Network) -> None:
        self._free = [block]

    @property
    def free(self) -> tuple[IPv4Network, ...]:
        """The free blocks, lowest first."""
        return tuple(self._free)

    @property
    def addresses(self) -> int:
        """How many addresses are free."""
        return sum(network.num_addresses for network in self._free)

    def take_lowest(self, prefix: int) -> IPv4Network | None:
        """Take the lowest free block of that prefix length, or return `None` when none is free."""
        return self._take(next((n for n in self._free if n.prefixlen <= prefix), None), prefix, 0)

    def take_highest(self, prefix: int) -> IPv4Network | None:
        """Take the highest free block of that prefix length, or return `None` when none is free."""
        return self._take(next((n for n in reversed(self._free) if n.prefixlen <= prefix), None), prefix, -1)

    def take(self, block: IPv4Network) -> bool:
        """Take exactly `block`; return whether it was free."""
        home = next((n for n in self._free if block.subnet_of(n)), None)
        if home is None:
            return False
        self._free.remove(home)
        for rest in home.address_exclude(block):
            insort(self._free, rest)
        return True

    def _take(self, home: IPv4Network | None, prefix: int, end: int) -> IPv4Network | None:
        if home is None:
            return None
        first = int(home.network_address if end == 0 else home.broadcast_address)
        block = IPv4Network((first, prefix), strict=False)
        self.take(block)
        return block
