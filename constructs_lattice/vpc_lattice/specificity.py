"""Which of two matches is the more specific one, and whether they have requests in common.

A match contains another one when it matches every request that the other one does. Rules must be tried the more
specific one first: the other way round, it would never be reached.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from constructs_lattice.vpc_lattice.match import MatchKind

if TYPE_CHECKING:
    from constructs_lattice.vpc_lattice.match import HeaderMatch, Match

__all__ = ["contains", "header_weight", "overlap", "path_steps"]

_WEIGHTS = {MatchKind.CONTAINS: 1, MatchKind.PREFIX: 2, MatchKind.EXACT: 3}
_ROOT = "/"
_END = "$"  # no character that a path may have


def contains(outer: Match, inner: Match) -> bool:
    """Whether `outer` matches every request that `inner` does."""
    return (
        _path_follows(inner, outer)
        and outer.method in (None, inner.method)
        and all(any(_header_follows(given, wanted) for given in inner.headers) for wanted in outer.headers)
    )


def overlap(one: Match, other: Match) -> bool:
    """Whether there may be a request that both match. Conditions on one header are compared in pairs."""
    return (
        (None in (one.method, other.method) or one.method is other.method)
        and (
            one.path is None
            or other.path is None
            or _meet((one.path_kind, one.path, one.case_sensitive), (other.path_kind, other.path, other.case_sensitive))
        )
        and all(
            _meet((mine.kind, mine.value, mine.case_sensitive), (theirs.kind, theirs.value, theirs.case_sensitive))
            for mine in one.headers
            for theirs in other.headers
            if mine.name.lower() == theirs.name.lower()
        )
    )


def header_weight(match: Match) -> int:
    """How much the headers narrow a match down, 0 to 15.

    Each header name counts once: 3 for an exact value, 2 for a prefix, 1 for a part. A match that is contained in
    another one never has less: it has the other's names, each with a condition that says at least as much.
    """
    weights: dict[str, int] = {}
    for header in match.headers:
        name = header.name.lower()
        weights[name] = max(weights.get(name, 0), _WEIGHTS[header.kind])
    return sum(weights.values())


def path_steps(match: Match) -> list[str]:
    """The path in steps: names, slashes, and at the end of an exact path one more. None for `/` and everything below.

    A path that lies below another one at a slash, or is the exact one of a prefix, begins with the other's steps.
    """
    if match.path is None or (match.path == _ROOT and match.path_kind is MatchKind.PREFIX):
        return []
    steps = [step for step in re.split("(/)", match.path[1:].lower()) if step]
    return [*steps, _END] if match.path_kind is MatchKind.EXACT else steps


def _path_follows(inner: Match, outer: Match) -> bool:
    if outer.path is None or (outer.path_kind is MatchKind.PREFIX and outer.path == _ROOT):
        return True
    if inner.path is None:
        return False
    return _follows(
        (inner.path_kind, inner.path, inner.case_sensitive), (outer.path_kind, outer.path, outer.case_sensitive)
    )


def _header_follows(inner: HeaderMatch, outer: HeaderMatch) -> bool:
    return inner.name.lower() == outer.name.lower() and _follows(
        (inner.kind, inner.value, inner.case_sensitive), (outer.kind, outer.value, outer.case_sensitive)
    )


def _meet(one: tuple[MatchKind, str, bool], other: tuple[MatchKind, str, bool]) -> bool:
    """Whether there may be a text that fulfils both conditions."""
    if not (one[2] and other[2]):
        # Where case counts on one side only, the text can take its case from there.
        one, other = ((kind, text.lower(), True) for kind, text, _ in (one, other))
    if MatchKind.EXACT in (one[0], other[0]):
        return _follows(one, other) if one[0] is MatchKind.EXACT else _follows(other, one)
    if MatchKind.CONTAINS in (one[0], other[0]):
        return True
    return one[1].startswith(other[1]) or other[1].startswith(one[1])


def _follows(inner: tuple[MatchKind, str, bool], outer: tuple[MatchKind, str, bool]) -> bool:
    """Whether a text that fulfils the condition `inner` always fulfils `outer`."""
    (kind, text, case_counts), (wanted_kind, wanted, case_must_count) = inner, outer
    if not case_counts and case_must_count and wanted.lower() != wanted.upper():
        return False
    if not (case_counts and case_must_count):
        text, wanted = text.lower(), wanted.lower()
    match wanted_kind:
        case MatchKind.EXACT:
            return kind is MatchKind.EXACT and text == wanted
        case MatchKind.PREFIX:
            return kind is not MatchKind.CONTAINS and text.startswith(wanted)
        case _:
            return wanted in text
