"""The algebra of ranges is that of sets of numbers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.model.ranges import Ranges, covers, intersect, size, subtract, union

pytestmark = pytest.mark.pure

NUMBERS = 40


def ranges_of(numbers: set[int]) -> Ranges:
    """The one way in which a set is written."""
    return union(((each, each),) for each in numbers)


def numbers_of(ranges: Ranges) -> set[int]:
    return {number for low, high in ranges for number in range(low, high + 1)}


SETS = st.sets(st.integers(0, NUMBERS))


@given(SETS)
def test_a_set_is_written_in_one_way(numbers: set[int]) -> None:
    """Sorted, apart from each other, and as few as possible."""
    ranges = ranges_of(numbers)
    assert numbers_of(ranges) == numbers
    assert all(low <= high for low, high in ranges)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(ranges))
    assert size(ranges) == len(numbers)


@given(SETS, SETS)
def test_what_is_in_both(one: set[int], other: set[int]) -> None:
    """In the one way in which sets are written."""
    assert intersect(ranges_of(one), ranges_of(other)) == ranges_of(one & other)


@given(SETS, SETS)
def test_what_is_in_one_and_not_in_the_other(one: set[int], other: set[int]) -> None:
    """In the one way in which sets are written."""
    assert subtract(ranges_of(one), ranges_of(other)) == ranges_of(one - other)


@given(st.lists(SETS, max_size=4))
def test_what_is_in_any(sets: list[set[int]]) -> None:
    """Neighbours are joined."""
    assert union(ranges_of(each) for each in sets) == ranges_of(set().union(*sets))


@given(SETS, SETS)
def test_what_holds_what(one: set[int], other: set[int]) -> None:
    """A set holds all of another one if nothing of that is left without it."""
    assert covers(ranges_of(one), ranges_of(other)) == (other <= one)
