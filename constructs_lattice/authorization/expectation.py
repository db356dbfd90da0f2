"""What a guarantee expects of a decision."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from constructs_lattice.authorization.decision import Answer, Decision
from constructs_lattice.authorization.fields import Fields, nearest
from constructs_lattice.authorization.reason import Level
from constructs_lattice.errors import ArgumentError
from constructs_lattice.model.lattice import FixedResponse, Forward

__all__ = ["Expectation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The `expect` of a guarantee. What is None is not asked for; `routed_to` are shares by target group."""

    authorized: Answer
    denied_by: Level | None = None
    routed_to: tuple[tuple[str, int], ...] | None = None
    fixed_response: int | None = None

    @classmethod
    def parse(cls, content: object, *, where: str = "expect") -> Self:
        """Read the `expect` of a guarantee. Raises `ArgumentError`."""
        fields = Fields(where, content, ("authorized", "denied_by", "routed_to", "fixed_response"))
        level = fields.text("denied_by")
        return cls(
            authorized=Answer(_one_of(where, "authorized", fields.required("authorized"), list(Answer))),
            denied_by=None if level is None else Level(_one_of(where, "denied_by", level, list(Level))),
            routed_to=_groups(where, fields.entries("routed_to")) if "routed_to" in fields else None,
            fixed_response=fields.number("fixed_response"),
        )

    def holds(self, decision: Decision) -> bool | None:
        """Whether a decision is as expected; None if nobody knows, or if `unknown` is not what was expected."""
        tests = [self._is_authorized(decision), self._is_routed(decision)]
        if self.denied_by is not None and decision.authorized is Answer.DENY:
            tests.append(self.denied_by in decision.denied_by)
        if False in tests:
            return False
        return None if None in tests else True

    def _is_authorized(self, decision: Decision) -> bool | None:
        if decision.authorized is self.authorized:
            return True
        return None if decision.authorized is Answer.UNKNOWN else False

    def _is_routed(self, decision: Decision) -> bool | None:
        if self.routed_to is None and self.fixed_response is None:
            return True
        route = decision.route
        if route is None:
            return False
        match route.action:
            case Forward(target_groups=groups):
                actual = [(each.target_group, each.weight) for each in groups if isinstance(each.weight, int)]
                return self.routed_to is not None and _shares(actual) == _shares(self.routed_to)
            case FixedResponse(status_code=status):
                return status == self.fixed_response
            case _:
                return None


def _shares(groups: list[tuple[str, int]] | tuple[tuple[str, int], ...]) -> dict[str, Fraction]:
    """The share of the requests that each group gets; those that get none are left out."""
    whole = sum(weight for _, weight in groups)
    shares: dict[str, Fraction] = {}
    for group, weight in groups:
        if weight:
            shares[group] = shares.get(group, Fraction(0)) + Fraction(weight, whole)
    return shares


def _groups(where: str, entries: list[object]) -> tuple[tuple[str, int], ...]:
    found = []
    for index, entry in enumerate(entries):
        fields = Fields(f"{where}: routed_to[{index}]", entry, ("target_group", "weight"))
        weight = fields.number("weight")
        found.append((fields.required("target_group"), 1 if weight is None else weight))
    return tuple(found)


def _one_of(where: str, name: str, text: str, known: list[Answer] | list[Level]) -> str:
    if text not in [each.value for each in known]:
        raise ArgumentError(f"{where}: unknown {name} {text!r}{nearest(text, [each.value for each in known])}")
    return text
