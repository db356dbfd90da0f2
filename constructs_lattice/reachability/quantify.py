"""Whether what gets through is enough for a verdict.

Some parts of a connection are chosen by who opens it, such as the host on the internet: one that works is enough. The
others are not: the client's port, the address that an interface will have, the zone that AWS picks. *Reachable* means
that there is a choice that works with all of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from constructs_lattice.model.ranges import Ranges
from constructs_lattice.reachability.filters import NO_DOUBTS, Doubts
from constructs_lattice.reachability.flow import Flow
from constructs_lattice.reachability.reason import Hop
from constructs_lattice.reachability.state import Choice

__all__ = ["Piece", "covers", "is_certain"]

_MOST_CASES = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Packets of a client that get through and whose answers get back; `is_half`: past other appliances."""

    flow: Flow
    doubts: Doubts = NO_DOUBTS
    choices: tuple[Choice, ...] = ()
    forward: tuple[Hop, ...] = ()
    back: tuple[Hop, ...] = ()
    appliances: tuple[str, ...] = ()
    is_half: bool = False


def is_certain(pieces: Sequence[Piece], whole: Flow, chosen: frozenset[str]) -> Piece | None:
    """A piece that holds a choice of the parts in `chosen` which works with all of the others; none without one.

    `whole` is every packet that the client may send.
    """
    options = {choice.of: choice.options for piece in pieces for choice in piece.choices}
    sure = [piece for piece in pieces if not piece.doubts]
    cases = list(islice(_cases(options), _MOST_CASES + 1))
    if len(cases) > _MOST_CASES:
        return None
    for piece in sure:
        universe = _at_a_point(whole, piece.flow, chosen)
        if all(covers([each for each in sure if _agrees(each, case)], universe) for case in cases):
            return piece
    return None


def _cases(options: dict[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    """Every way in which AWS may choose."""
    names = sorted(options)
    for values in product(*(options[name] for name in names)):
        yield dict(zip(names, values, strict=True))


def _agrees(piece: Piece, case: dict[str, str]) -> bool:
    return all(case.get(choice.of) == choice.taken for choice in piece.choices)


def covers(pieces: Sequence[Piece], universe: Flow) -> bool:
    """Whether every packet of `universe` is in one of the pieces."""
    left = [universe]
    for piece in pieces:
        left = [rest for part in left for rest in part.without(piece.flow)]
        if not left:
            return True
    return False


def _at_a_point(whole: Flow, piece: Flow, chosen: frozenset[str]) -> Flow:
    """All packets with one choice of the chosen parts, out of a piece."""
    return replace(
        whole,
        src=_first(piece.src) if "src" in chosen else whole.src,
        dst=_first(piece.dst) if "dst" in chosen else whole.dst,
        sport=_first(piece.sport) if "sport" in chosen else whole.sport,
        dport=_first(piece.dport) if "dport" in chosen else whole.dport,
    )


def _first(ranges: Ranges) -> Ranges:
    return ((ranges[0][0], ranges[0][0]),)
