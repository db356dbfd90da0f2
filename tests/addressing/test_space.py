"""The free part of some blocks: what is taken, and what is given back."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.addressing.space import Space

pytestmark = pytest.mark.pure

BLOCKS = (IPv4Network("10.20.0.0/20"), IPv4Network("100.64.0.0/22"), IPv4Network("10.20.16.0/20"))


@given(st.lists(st.tuples(st.booleans(), st.integers(20, 28)), max_size=20), st.randoms(use_true_random=False))
def test_what_is_given_back_is_free_as_it_was(takes: list[tuple[bool, int]], order: object) -> None:
    """In whatever order, and in the largest blocks there are; but never across two blocks that happen to touch."""
    space = Space(BLOCKS)
    taken = [block for high, n in takes if (block := (space.take_highest if high else space.take_lowest)(n))]
    order.shuffle(taken)  # type: ignore[attr-defined]  # a random.Random
    space.give(taken)
    assert space.free == BLOCKS


def test_a_part_may_be_given_back() -> None:
    """What is left of it stays taken."""
    space = Space([IPv4Network("10.20.0.0/24")])
    space.take_lowest(24)
    space.give([IPv4Network("10.20.0.64/26")])
    assert space.free == (IPv4Network("10.20.0.64/26"),)
    assert space.take_lowest(26) == IPv4Network("10.20.0.64/26")
