"""Splitting addresses by a block: exactly where it is known, and never wrongly where it is not."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.model.block import EVERYTHING, INTERNET, LATTICE, PRIVATE, S3, Block, ranges_of, split
from constructs_lattice.model.ranges import EMPTY, Ranges, intersect, subtract, union

pytestmark = pytest.mark.pure

PLACEHOLDER = ranges_of("0.1.0.0/16")


@st.composite
def blocks(draw: st.DrawFn) -> Ranges:
    """Concrete blocks, large and small."""
    number = draw(st.integers(1 << 24, (253 << 24) - 1))
    length = draw(st.integers(0, 32))
    return Block.of(str(IPv4Network((number >> (32 - length) << (32 - length) if length else 0, length)))).ranges


@given(blocks(), blocks())
def test_what_is_concrete_is_split_exactly(addresses: Ranges, block: Ranges) -> None:
    """Into what is in the block, and what is not."""
    addresses = subtract(addresses, ranges_of("0.0.0.0/8", "253.0.0.0/8"))
    parts = split(4, addresses, block)
    assert parts.doubtful == EMPTY
    assert parts.inside == intersect(addresses, block)
    assert parts.outside == subtract(addresses, block)


@given(blocks(), blocks())
def test_nothing_is_lost(addresses: Ranges, block: Ranges) -> None:
    """Every address is in one of the three parts, also of placeholders and services."""
    addresses = union([addresses, PLACEHOLDER, S3[4], LATTICE[4]])
    parts = split(4, addresses, block)
    assert union([parts.inside, parts.outside, parts.doubtful]) == addresses
    assert intersect(parts.inside, parts.outside) == EMPTY


@given(blocks())
def test_a_placeholder_is_doubtful_in_all_but_everything(block: Ranges) -> None:
    """Nobody knows where it is."""
    parts = split(4, PLACEHOLDER, block)
    assert parts.doubtful == (EMPTY if block == EVERYTHING[4] else PLACEHOLDER)


@pytest.mark.parametrize(
    ("service", "block", "part"),
    [
        (S3[4], PRIVATE[4], "outside"),
        (S3[4], INTERNET[4], "inside"),
        (S3[4], ranges_of("52.0.0.0/8"), "doubtful"),
        (LATTICE[4], ranges_of("10.0.0.0/8"), "outside"),
        (LATTICE[4], ranges_of("169.254.171.0/24"), "doubtful"),
        (LATTICE[4], EVERYTHING[4], "inside"),
    ],
)
def test_services_are_where_they_must_be(service: Ranges, block: Ranges, part: str) -> None:
    """Their addresses are public, those of VPC Lattice link-local or public."""
    assert getattr(split(4, service, block), part) == service
