"""Decisions as text, level by level, and as data."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lattice.authorization.decision import Answer, Decision
from constructs_lattice.authorization.reason import Level, Verdict
from constructs_lattice.authorization.routing import Route
from constructs_lattice.model.lattice import FixedResponse, Forward

__all__ = ["decision_as_data", "decision_in_lines", "levels_in_lines"]

_LISTENER = "listener"
_SAYS = {True: "passes", False: "refuses", None: "unknown"}
_WIDTH = max(len(level) for level in Level)


def decision_in_lines(decision: Decision) -> list[str]:
    """The answer, what every level says, where the request is routed, and what was assumed."""
    lines = [_headline(decision), *(f"  {each}" for each in levels_in_lines(decision))]
    if decision.authorized is not Answer.DENY and decision.route is not None:
        lines += _route(decision.route)
    if decision.assumptions:
        lines += ["assuming", *(f"  {each}" for each in sorted(decision.assumptions))]
    return lines


def levels_in_lines(decision: Decision) -> list[str]:
    """A line for everything that a level says."""
    return [line for verdict in decision.verdicts for line in _said(verdict)]


def decision_as_data(decision: Decision) -> dict[str, object]:
    """The answer as guarantees write it; and, next to it, the way, what every level says, and what was assumed."""
    return {
        **decision.to_dict(),
        "service_network": decision.service_network,
        "levels": [
            {
                "level": verdict.level or _LISTENER,
                "says": _SAYS[verdict.truth.value],
                "reasons": [
                    {"rule": each.rule, "resource": each.resource, "text": each.text} for each in verdict.reasons
                ],
            }
            for verdict in decision.verdicts
        ],
        "assumptions": sorted(decision.assumptions),
    }


def _headline(decision: Decision) -> str:
    """The answer, and who refuses: by the levels, if any do, else by the listeners."""
    refusing = [str(each.level or _LISTENER) for each in decision.verdicts if each.truth.is_no]
    names = ", ".join(dict.fromkeys(decision.denied_by or refusing))
    return f"{decision.authorized}: {names}" if decision.authorized is Answer.DENY else str(decision.authorized)


def _said(verdict: Verdict) -> Iterator[str]:
    level, says = verdict.level or _LISTENER, _SAYS[verdict.truth.value]
    for each in verdict.reasons:
        yield f"{level:{_WIDTH}}  {says:7}  {each.resource}: {each.text} [{each.rule}]"


def _route(route: Route) -> Iterator[str]:
    match route.action:
        case Forward(target_groups=groups):
            yield f"routed by {route.by}"
            width = max(len(each.target_group) for each in groups)
            yield from (f"  {each.target_group:{width}}  {each.weight}" for each in groups)
        case FixedResponse(status_code=status):
            yield f"routed by {route.by}"
            yield f"  fixed response {status}"
        case _:
            yield f"nobody knows where {route.by} routes it"
            yield from (f"  {each}" for each in route.reasons)
