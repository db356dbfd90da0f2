"""The free part of some blocks, from which aligned blocks are taken."""

from bisect import insort
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Generic, TypeVar

from constructs_lattice.addressing.block import contains

__all__ = ["Block", "Space"]

Block = TypeVar("Block", IPv4Network, IPv6Network)


class Space(Generic[Block]):
    """What is left of `blocks`: for each of them, in their order, a sorted list of disjoint blocks.

    Laws (tested as properties): what is taken is aligned, inside one of the blocks, and overlaps nothing taken before;
    taken and free blocks together are exactly the blocks.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._free: list[list[Block]] = [[block] for block in blocks]

    @property
    def free(self) -> tuple[Block, ...]:
        """The free blocks, lowest first in each of the blocks."""
        return tuple(part for parts in self._free for part in parts)

    def free_in(self, within: Block | None) -> tuple[Block, ...]:
        """The free blocks, or what they have in common with `within`."""
        return tuple(home for parts in self._free for part in parts for home in _common(part, within))

    def take_lowest(self, prefix: int, within: Block | None = None) -> Block | None:
        """Take the lowest free block of that prefix length, or return `None` when none is free.

        The first of the blocks that has one comes first, whatever its address. With `within`, only what is free in
        there counts.
        """
        return self._take(next(self._homes(prefix, within, 1), None), prefix, 0)

    def take_highest(self, prefix: int, within: Block | None = None) -> Block | None:
        """Take the highest free block of that prefix length, or return `None` when none is free."""
        return self._take(next(self._homes(prefix, within, -1), None), prefix, -1)

    def take(self, block: Block) -> bool:
        """Take exactly `block`; return whether it was free."""
        for parts in self._free:
            for home in parts:
                if contains(home, block):
                    parts.remove(home)
                    for rest in home.address_exclude(block):
                        insort(parts, rest)
                    return True
        return False

    def _homes(self, prefix: int, within: Block | None, step: int) -> Iterator[Block]:
        """What is free, in `within` and large enough, from the lowest or the highest."""
        for parts in self._free:
            for part in parts[::step]:
                yield from (home for home in _common(part, within) if home.prefixlen <= prefix)

    def _take(self, home: Block | None, prefix: int, end: int) -> Block | None:
        if home is None:
            return None
        first = int(home.network_address if end == 0 else home.broadcast_address)
        block = type(home)((first, prefix), strict=False)
        self.take(block)
        return block


def _common(part: Block, within: Block | None) -> list[Block]:
    """What two blocks have in common: the smaller one, or nothing."""
    if within is None or contains(within, part):
        return [part]
    return [within] if contains(part, within) else []
