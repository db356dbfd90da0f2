"""The free part of some blocks, from which aligned blocks are taken."""

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Generic, TypeVar

__all__ = ["Block", "Space"]

Block = TypeVar("Block", IPv4Network, IPv6Network)

_Part = tuple[int, int]  # its first address, and its prefix length


class Space(Generic[Block]):
    """What is left of `blocks`, of one family: for each of them, in their order, a sorted list of disjoint blocks.

    Laws (tested as properties): what is taken is aligned, inside one of the blocks, and overlaps nothing taken before;
    taken and free blocks together are exactly the blocks.

    The lists hold numbers: making objects of them takes most of the time of a plan.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks: Sequence[Block] = blocks
        self._bits: int = blocks[0].max_prefixlen if blocks else 0
        self._free: list[list[_Part]] = [[_part(block)] for block in blocks]

    @property
    def free(self) -> tuple[Block, ...]:
        """The free blocks, lowest first in each of the blocks."""
        return tuple(self._block(part) for parts in self._free for part in parts)

    def free_in(self, within: Block | None) -> tuple[Block, ...]:
        """The free blocks, or what they have in common with `within`."""
        return tuple(self._block(home) for home in self._homes(self._bits, within, 1))

    def take_lowest(self, prefix: int, within: Block | None = None) -> Block | None:
        """Take the lowest free block of that prefix length, or return `None` when none is free.

        The first of the blocks that has one comes first, whatever its address. With `within`, only what is free in
        there counts.
        """
        home = next(self._homes(prefix, within, 1), None)
        return None if home is None else self._take(home[0], prefix)

    def take_highest(self, prefix: int, within: Block | None = None) -> Block | None:
        """Take the highest free block of that prefix length, or return `None` when none is free."""
        home = next(self._homes(prefix, within, -1), None)
        return None if home is None else self._take(home[0] + self._size(home[1]) - self._size(prefix), prefix)

    def take(self, block: Block) -> bool:
        """Take exactly `block`; return whether it was free."""
        return self._take_part(_part(block))

    def give(self, blocks: Iterable[Block]) -> None:
        """Make blocks free again that were taken, or parts of such."""
        for part in map(_part, blocks):
            whole = next(index for index, block in enumerate(self._blocks) if self._contains(_part(block), part))
            self._give_part(self._free[whole], part)

    def _give_part(self, parts: list[_Part], part: _Part) -> None:
        # Two halves that are both free are one free block; those of a whole block have no other half.
        while (half := (part[0] ^ self._size(part[1]), part[1])) in parts:
            parts.remove(half)
            part = (min(part[0], half[0]), part[1] - 1)
        insort(parts, part)

    def _homes(self, prefix: int, within: Block | None, step: int) -> Iterator[_Part]:
        """What is free, in `within` and large enough, from the lowest or the highest."""
        wanted = None if within is None else _part(within)
        for parts in self._free:
            for part in parts[::step]:
                home = part if wanted is None else self._common(part, wanted)
                if home is not None and home[1] <= prefix:
                    yield home

    def _take(self, first: int, prefix: int) -> Block:
        self._take_part((first, prefix))
        return self._block((first, prefix))

    def _take_part(self, part: _Part) -> bool:
        for parts in self._free:
            for home in parts:
                if self._contains(home, part):
                    parts.remove(home)
                    for length in range(home[1] + 1, part[1] + 1):
                        # The other half of what was halved, down to the part.
                        size = self._size(length)
                        insort(parts, ((part[0] & -size) ^ size, length))
                    return True
        return False

    def _common(self, one: _Part, other: _Part) -> _Part | None:
        """What two blocks have in common: the smaller one, or nothing."""
        if self._contains(other, one):
            return one
        return other if self._contains(one, other) else None

    def _contains(self, outer: _Part, inner: _Part) -> bool:
        return outer[1] <= inner[1] and (outer[0] ^ inner[0]) < self._size(outer[1])

    def _size(self, prefix: int) -> int:
        return 1 << self._bits - prefix

    def _block(self, part: _Part) -> Block:
        return type(self._blocks[0])(part)


def _part(block: IPv4Network | IPv6Network) -> _Part:
    return (int(block.network_address), block.prefixlen)
