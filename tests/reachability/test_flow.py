"""Flows are sets of packets: what is in both, what is in one only, and what answers them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.model.ranges import Ranges, union
from constructs_lattice.reachability.flow import ICMP, TCP, Flow

pytestmark = pytest.mark.pure

Packet = tuple[int, int, int, int]


def packets(flow: Flow) -> set[Packet]:
    """All packets of a small flow."""
    parts = (flow.src, flow.dst, flow.sport, flow.dport)
    numbers = [[each for low, high in part for each in range(low, high + 1)] for part in parts]
    return {(src, dst, sport, dport) for src, dst, sport, dport in product(*numbers)}


RANGES = st.sets(st.integers(0, 4), min_size=1).map(lambda numbers: union(((each, each),) for each in numbers))


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    parts: list[Ranges] = [draw(RANGES) for _ in range(4)]
    return Flow(4, TCP, *parts)


@given(flows(), flows())
def test_what_is_in_both(one: Flow, other: Flow) -> None:
    """The packets of the one that are in the other."""
    assert packets(one.meet(other)) == packets(one) & packets(other)


@given(flows(), flows())
def test_what_is_in_one_only(one: Flow, other: Flow) -> None:
    """As flows that have nothing in common."""
    left = one.without(other)
    found = [packets(each) for each in left]
    assert set().union(*found) == packets(one) - packets(other)
    assert sum(map(len, found)) == len(set().union(*found))
    assert all(found)


@given(flows())
def test_answers_go_back(flow: Flow) -> None:
    """From the destination to the source, and what they answer is what was sent."""
    swapped = {(dst, src, dport, sport) for src, dst, sport, dport in packets(flow)}
    assert packets(flow.reply()) == swapped
    assert flow.reply().answered() == flow


@given(flows(), flows())
def test_packets_whose_answers_get_through(flow: Flow, answers: Flow) -> None:
    """Are those whose answers are among the ones that do."""
    answered = {(dst, src, dport, sport) for src, dst, sport, dport in packets(answers)}
    assert packets(flow.answered_by(answers)) == packets(flow) & answered


def test_a_ping_is_answered_by_another_type() -> None:
    """8 by 0, and 0 by nothing else than 8."""
    ping = Flow(4, ICMP, ((1, 1),), ((2, 2),), ((0, 65_535),), ((8, 8),))
    assert ping.reply().dport == ((0, 0),)
    assert ping.reply().answered() == ping
