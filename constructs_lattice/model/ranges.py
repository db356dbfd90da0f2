"""Sets of whole numbers, as addresses and ports are: sorted, disjoint ranges, both ends included.

Plain tuples and functions: these run millions of times.
"""

from collections.abc import Iterable
from typing import TypeAlias

__all__ = ["EMPTY", "Ranges", "covers", "intersect", "size", "subtract", "union"]

Ranges: TypeAlias = tuple[tuple[int, int], ...]

EMPTY: Ranges = ()


def intersect(one: Ranges, other: Ranges) -> Ranges:
    """What is in both."""
    if one is other:
        return one
    if len(one) == 1 and len(other) == 1:  # by far the most frequent case
        (low, high), (least, most) = one[0], other[0]
        if least <= low and high <= most:
            return one
        if low <= least and most <= high:
            return other
        low, high = max(low, least), min(high, most)
        return ((low, high),) if low <= high else EMPTY
    found = []
    i = j = 0
    while i < len(one) and j < len(other):
        low, high = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if low <= high:
            found.append((low, high))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def subtract(one: Ranges, other: Ranges) -> Ranges:
    """What is in `one` and not in `other`."""
    if not one or not other:
        return one
    left = []
    for low, high in one:
        for least, most in other:
            if most < low:
                continue
            if least > high:
                break
            if least > low:
                left.append((low, least - 1))
            low = most + 1  # noqa: PLW2901 - what is left of this range
            if low > high:
                break
        if low <= high:
            left.append((low, high))
    return tuple(left)


def union(parts: Iterable[Ranges]) -> Ranges:
    """What is in any of them; neighbours are joined."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(each for part in parts for each in part):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def covers(outer: Ranges, inner: Ranges) -> bool:
    """Whether all of `inner` is in `outer`."""
    return not subtract(inner, outer)


def size(ranges: Ranges) -> int:
    """How many numbers there are."""
    return sum(high - low + 1 for low, high in ranges)
