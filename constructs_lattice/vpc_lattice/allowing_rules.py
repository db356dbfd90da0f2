"""Rules of one listener that say who may send what they are for, where they meet.

Rules are tried in order, and the first one that matches takes a request. Auth policies know no order: who may send what
a rule matches may send also what a rule before it takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Annotations

from constructs_lattice._tokens import is_token
from constructs_lattice.vpc_lattice.specificity import overlap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import IConstruct

    from constructs_lattice.vpc_lattice.caller import Caller
    from constructs_lattice.vpc_lattice.match import Match

__all__ = ["AllowingRules"]


@dataclass(frozen=True, slots=True)
class _Allowing:
    rule: IConstruct
    id: str
    number: int
    match: Match
    callers: Sequence[Caller]


class AllowingRules:
    """The rules of one listener that allow somebody something."""

    def __init__(self) -> None:
        self._rules: list[_Allowing] = []

    def add(self, rule: IConstruct, id: str, number: int, match: Match, callers: Sequence[Caller]) -> None:
        """Note a rule, and warn of callers who may send what is for others: at the rule that lets them."""
        added = _Allowing(rule, id, number, match, callers)
        for other in self._rules:
            if not is_token((number, other.number)):
                first, second = sorted((added, other), key=lambda each: each.number)
                _warn(first, second)
        self._rules.append(added)


def _warn(first: _Allowing, second: _Allowing) -> None:
    if is_token((first.match.path or "", second.match.path or "")) or not overlap(first.match, second.match):
        return
    allowed = [(caller.names, caller.conditions) for caller in first.callers]
    others = [caller.path for caller in second.callers if (caller.names, caller.conditions) not in allowed]
    if others:
        names = ", ".join(dict.fromkeys(others))
        Annotations.of(second.rule).add_warning_v2(
            "constructs-lattice:latticeRuleAllowsMore",
            f"rule {second.id!r} lets {names} send also those requests that match rule {first.id!r}, which takes them "
            "first and does not allow it; auth policies know no order of rules, so give the two matches without a "
            "request in common, or the same callers",
        )
