"""Saying in few words which of some classes are meant.

A set of classes is covered by spans: everything that a pattern covers, perhaps except what others cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from constructs_lattice.authorization.language import StringClass

__all__ = ["Span", "boxes", "cover"]

_EVERYTHING = -1


@dataclass(frozen=True, slots=True)
class Span:
    """What all of some patterns cover, by their positions, and none of others. No pattern at all means everything."""

    patterns: tuple[int, ...]
    exceptions: tuple[int, ...] = ()

    def covers(self, member: StringClass) -> bool:
        """Whether a class is meant."""
        return member.languages.issuperset(self.patterns) and member.languages.isdisjoint(self.exceptions)


def cover(meant: Set[int], classes: Sequence[StringClass], patterns: int) -> list[Span]:
    """Spans that cover exactly the classes that are meant, by their positions."""
    extents = {_EVERYTHING: frozenset(range(len(classes)))}
    for pattern in range(patterns):
        extent = frozenset(i for i, each in enumerate(classes) if pattern in each.languages)
        # Of patterns that cover the same, the first one will do.
        if extent and extent not in extents.values():
            extents[pattern] = extent
    spans = _spans(meant, extents)
    others = _spans(extents[_EVERYTHING] - meant, extents)
    if others and all(len(span.patterns) == 1 and not span.exceptions for span in others) and len(others) < len(spans):
        return [Span((), tuple(span.patterns[0] for span in others))]
    return spans


def _spans(meant: Set[int], extents: dict[int, frozenset[int]]) -> list[Span]:
    spans: list[Span] = []
    left = set(meant)
    while left:
        whole = [pattern for pattern, extent in extents.items() if extent <= meant and extent & left]
        if whole:
            best = max(whole, key=lambda pattern: (len(extents[pattern] & left), -pattern))
            spans.append(Span(() if best == _EVERYTHING else (best,)))
            left -= extents[best]
            continue
        found, covered = _with_exceptions(min(left), meant, extents)
        spans.append(found)
        left -= covered
    return spans


def _with_exceptions(member: int, meant: Set[int], extents: dict[int, frozenset[int]]) -> tuple[Span, frozenset[int]]:
    """A span that covers one class and nothing that is not meant."""
    candidates = [pattern for pattern, extent in extents.items() if member in extent]
    others = [pattern for pattern, extent in extents.items() if member not in extent]
    patterns: list[int] = []
    extent = extents[_EVERYTHING]
    while True:
        patterns.append(min(candidates, key=lambda each: len((extent & extents[each]) - meant)))
        extent &= extents[patterns[-1]]
        exceptions, wrong = _exceptions(extent - meant, others, extents, extent & meant)
        if not wrong:
            break
    covered = extent.difference(*(extents[each] for each in exceptions))
    return Span(tuple(each for each in patterns if each != _EVERYTHING), tuple(exceptions)), frozenset(covered)


def _exceptions(
    wrong: Set[int], others: Sequence[int], extents: dict[int, frozenset[int]], right: Set[int]
) -> tuple[list[int], set[int]]:
    """Patterns that cover what is wrong, with as little as possible of what is right; and what they do not cover."""
    found: list[int] = []
    left = set(wrong)
    for each in sorted(others, key=lambda other: (len(extents[other] & right), -len(extents[other] & wrong))):
        if extents[each] & left:
            found.append(each)
            left -= extents[each]
    return found, left


def boxes(cells: Iterable[tuple[int, ...]]) -> list[tuple[frozenset[int], ...]]:
    """Disjoint boxes, a set of classes for each dimension, that hold exactly these cells."""
    rests: dict[int, set[tuple[int, ...]]] = {}
    for cell in cells:
        if not cell:
            return [()]
        rests.setdefault(cell[0], set()).add(cell[1:])
    alike: dict[frozenset[tuple[int, ...]], set[int]] = {}
    for first, rest in rests.items():
        alike.setdefault(frozenset(rest), set()).add(first)
    return [(frozenset(firsts), *box) for rest, firsts in alike.items() for box in boxes(rest)]
