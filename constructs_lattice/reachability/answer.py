"""Answers: reachable, unreachable or unknown, with what speaks for it.

The three are exact about what is not known: *reachable* and *unreachable* hold whatever the deployment brings,
*unknown* names what it hangs on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from constructs_lattice.model.ranges import Ranges
from constructs_lattice.reachability.reason import Hop, Reason

__all__ = ["Answer", "Verdict", "all_of", "any_of", "each_of", "reachable", "unknown", "unreachable"]


class Verdict(StrEnum):
    """Whether somebody reaches something."""

    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A verdict. What is reachable has a witness: a packet, its way, and the way of the answers.

    `reasons` are what blocks, or what is missing. `assumptions` are ids of the table in the documentation. `source` is
    the address of the witness, as a number. `reached` says how far packets got that were blocked: the ways that get
    furthest tell best what is missing. `is_half`, where that was looked for: the answers of the witness cross other
    appliances than its packets.
    """

    verdict: Verdict
    packet: str = ""
    forward: tuple[Hop, ...] = ()
    back: tuple[Hop, ...] = ()
    reasons: tuple[Reason, ...] = ()
    assumptions: frozenset[str] = frozenset()
    appliances: tuple[str, ...] = ()
    source: Ranges = ()
    reached: int = 0
    is_half: bool | None = None

    def assuming(self, *assumptions: str) -> Answer:
        """The same with more assumptions."""
        return replace(self, assumptions=self.assumptions | set(assumptions)) if assumptions else self


def reachable(
    packet: str,
    forward: Iterable[Hop] = (),
    back: Iterable[Hop] = (),
    *,
    assumptions: Iterable[str] = (),
    appliances: Iterable[str] = (),
    source: Ranges = (),
) -> Answer:
    """A witness."""
    return Answer(
        verdict=Verdict.REACHABLE,
        packet=packet,
        forward=tuple(forward),
        back=tuple(back),
        assumptions=frozenset(assumptions),
        appliances=tuple(appliances),
        source=source,
    )


def unreachable(*reasons: Reason, reached: int = 0) -> Answer:
    """What blocks."""
    return Answer(verdict=Verdict.UNREACHABLE, reasons=_distinct(reasons), reached=reached)


def unknown(*reasons: Reason, packet: str = "", forward: Iterable[Hop] = (), back: Iterable[Hop] = ()) -> Answer:
    """What is missing."""
    return Answer(
        verdict=Verdict.UNKNOWN, reasons=_distinct(reasons), packet=packet, forward=tuple(forward), back=tuple(back)
    )


def all_of(answers: Sequence[Answer]) -> Answer:
    """Connections that are all needed: the first that is impossible decides, then the first that is unknown."""
    for verdict in (Verdict.UNREACHABLE, Verdict.UNKNOWN):
        found = [each for each in answers if each.verdict is verdict]
        if found:
            reasons = _distinct(reason for each in found for reason in each.reasons)
            return replace(found[0], reasons=reasons, assumptions=_assumptions(answers))
    return Answer(
        verdict=Verdict.REACHABLE,
        packet=", then ".join(each.packet for each in answers if each.packet),
        forward=tuple(hop for each in answers for hop in each.forward),
        back=tuple(hop for each in reversed(answers) for hop in each.back),
        assumptions=_assumptions(answers),
        appliances=tuple(appliance for each in answers for appliance in each.appliances),
        is_half=_is_half(answers),
    )


def any_of(answers: Iterable[Answer], otherwise: Reason | None = None) -> Answer:
    """Ways of which one is enough; of those that are blocked, the ones that get furthest count.

    Without any, `otherwise` says why there is none. One that crosses the same appliances both ways is not enough where
    others are looked for.
    """
    seen: list[Answer] = []
    for each in answers:
        if each.verdict is Verdict.REACHABLE and each.is_half is not False:
            return each
        seen.append(each)
    if not seen:
        return unreachable(*([otherwise] if otherwise else []))
    furthest = max(each.reached for each in seen)
    found = [each for each in seen if each.verdict is Verdict.UNKNOWN]
    found = found or [each for each in seen if each.verdict is Verdict.REACHABLE]
    found = found or [each for each in seen if each.reached == furthest]
    reasons = _distinct(reason for each in found for reason in each.reasons)
    return replace(found[0], reasons=reasons, assumptions=_assumptions(found))


def each_of(answers: Sequence[Answer], which: Reason) -> Answer:
    """Ways of which one will be there, and nobody knows `which`."""
    if len({each.verdict for each in answers}) == 1:
        reasons = _distinct(reason for each in answers for reason in each.reasons)
        return replace(answers[0], reasons=reasons, assumptions=_assumptions(answers), is_half=_is_half(answers))
    blocked = next(each for each in answers if each.verdict is not Verdict.REACHABLE)
    reasons = _distinct([which, *blocked.reasons])
    return replace(blocked, verdict=Verdict.UNKNOWN, reasons=reasons, assumptions=_assumptions(answers))


def _is_half(answers: Iterable[Answer]) -> bool | None:
    """Whether one of some witnesses is, where that was looked for."""
    return max((each.is_half for each in answers if each.is_half is not None), default=None)


def _distinct(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))


def _assumptions(answers: Iterable[Answer]) -> frozenset[str]:
    return frozenset(each for answer in answers for each in answer.assumptions)
