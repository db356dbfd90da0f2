"""One statement of a policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from constructs_lattice.authorization.arn import resource_matches
from constructs_lattice.authorization.condition import Condition
from constructs_lattice.authorization.context import RequestContext
from constructs_lattice.authorization.glob import wildcards
from constructs_lattice.authorization.principals import PrincipalElement
from constructs_lattice.authorization.truth import NO, Truth, agreed, all_of, any_of, assuming, unknown
from constructs_lattice.authorization.variables import readings
from constructs_lattice.model.symbolic import SymbolicText

__all__ = ["Effect", "Patterns", "Statement"]


class Effect(StrEnum):
    """What a statement does to the requests that it is about."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """What an Action, NotAction, Resource or NotResource element lists."""

    listed: tuple[SymbolicText, ...]
    is_negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement. `principals` is None in policies of identities. `problems` are why nobody knows what it does."""

    name: str
    effect: Effect | None
    actions: Patterns
    resources: Patterns
    principals: PrincipalElement | None = None
    conditions: tuple[Condition, ...] = ()
    has_variables: bool = True
    problems: tuple[str, ...] = ()

    def applies(self, context: RequestContext) -> Truth:
        """Whether the statement is about a request."""
        if context.memory is not None:
            return context.memory.recall(self, lambda: all_of(self._tests(context)))
        return all_of(self._tests(context))

    def _tests(self, context: RequestContext) -> Iterator[Truth]:
        yield self._is_about_action(context)
        if self.principals is not None:
            yield self.principals.covers(context.signer)
        yield self._is_about_resource(context)
        for condition in self.conditions:
            yield condition.holds(context, has_variables=self.has_variables)
        for problem in self.problems:
            yield unknown(problem)

    def _is_about_action(self, context: RequestContext) -> Truth:
        listed = any_of(wildcards(each, folds_case=True).covers(context.action) for each in self.actions.listed)
        return ~listed if self.actions.is_negated else listed

    def _is_about_resource(self, context: RequestContext) -> Truth:
        listed = any_of(self._covers(each, context) for each in self.resources.listed)
        return ~listed if self.resources.is_negated else listed

    def _covers(self, resource: SymbolicText, context: RequestContext) -> Truth:
        ways = readings(resource, context.__getitem__ if self.has_variables else None, has_wildcards=True)
        truths = []
        for way in ways:
            truth = NO if way.pattern is None else resource_matches(way.pattern, context.resource)
            truths.append(assuming(truth, way.assumption) if way.assumption else truth)
        return agreed(truths, next((way.reason for way in ways if way.reason), f"{resource} can be read in two ways"))
