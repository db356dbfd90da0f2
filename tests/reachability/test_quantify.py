"""What is enough for a verdict, against trying every choice."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.model.ranges import Ranges, union
from constructs_lattice.reachability.flow import TCP, Flow
from constructs_lattice.reachability.quantify import Piece, is_certain
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.state import Choice

pytestmark = pytest.mark.pure

PARTS = ("src", "dst", "sport", "dport")
WHOLE: Ranges = ((0, 2),)
FLOW = Flow(4, TCP, WHOLE, WHOLE, WHOLE, WHOLE)
DOUBT = frozenset({Reason("RES-6", "thing", "nobody knows")})
SOME = st.sets(st.integers(0, 2), min_size=1).map(lambda numbers: union(((each, each),) for each in numbers))
ZONES = ("a", "b")


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    parts = [draw(st.one_of(st.just(WHOLE), SOME)) for _ in PARTS]
    zone = draw(st.sampled_from(["", *ZONES]))
    return Piece(
        flow=Flow(4, TCP, *parts),
        doubts=draw(st.sampled_from([frozenset(), DOUBT])),
        choices=(Choice("gateway", zone, ZONES),) if zone else (),
    )


def works(found: list[Piece], chosen: frozenset[str]) -> bool:
    """Whether some choice of the opener works with all choices of others."""
    numbers = [0, 1, 2]
    theirs = [name for name in PARTS if name in chosen]
    others = [name for name in PARTS if name not in chosen]
    for mine in product(numbers, repeat=len(theirs)):
        settings = [
            ({**dict(zip(theirs, mine, strict=True)), **dict(zip(others, rest, strict=True))}, zone)
            for rest in product(numbers, repeat=len(others))
            for zone in ZONES
        ]
        if all(any(_lets(piece, packet, zone) for piece in found) for packet, zone in settings):
            return True
    return False


def _lets(piece: Piece, packet: dict[str, int], zone: str) -> bool:
    if piece.doubts or any(each.taken != zone for each in piece.choices):
        return False
    return all(any(low <= packet[name] <= high for low, high in getattr(piece.flow, name)) for name in PARTS)


@given(st.lists(pieces(), max_size=4), st.sets(st.sampled_from(PARTS)))
def test_certain_is_what_works_whatever_others_choose(found: list[Piece], chosen: set[str]) -> None:
    """Never when it does not; and always when it does for a choice that begins one of the pieces."""
    witness = is_certain(found, FLOW, frozenset(chosen))
    if witness is not None:
        assert works(found, frozenset(chosen))
        assert witness in found
        assert not witness.doubts


@given(st.lists(pieces(), max_size=4))
def test_without_choices_it_is_exact(found: list[Piece]) -> None:
    """Where the opener has no choice, certain is what covers everything in every zone."""
    assert (is_certain(found, FLOW, frozenset()) is not None) == works(found, frozenset())
