"""One condition of a statement: an operator, a key, and the values that it is compared with.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypeAlias

from constructs_lattice.authorization.context import Absent, ContextValue, Doubtful, Present, RequestContext
from constructs_lattice.authorization.operators import OPERATORS, Operator
from constructs_lattice.authorization.truth import NO, YES, Truth, agreed, all_of, any_of, assuming, unknown
from constructs_lattice.authorization.variables import readings, variables_in
from constructs_lattice.model.symbolic import SymbolicText

__all__ = ["NEGATED_FOR_ALL", "Condition", "SetOperator"]

_NULL = "Null"
_IF_EXISTS = "IfExists"

NEGATED_FOR_ALL = "ASSUME-FOR-ALL: ForAllValues with a negated operator is true when the request lacks the key"
"""The text of the user guide says so, one of its examples does not."""

_Lookup: TypeAlias = Callable[[str], ContextValue] | None


class SetOperator(StrEnum):
    """How the values of a key with several of them count."""

    FOR_ALL = "ForAllValues"
    FOR_ANY = "ForAnyValue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`operator` is a name out of `OPERATORS`, or `Null`; or anything else, which nobody can evaluate."""

    operator: str
    key: str
    values: tuple[SymbolicText, ...]
    for_each: SetOperator | None = None
    if_exists: bool = False

    @classmethod
    def parse(cls, name: str, key: str, values: tuple[SymbolicText, ...]) -> Self:
        """Take the name of an operator, such as `ForAnyValue:StringLikeIfExists`, apart."""
        for_each = next((each for each in SetOperator if name.startswith(f"{each}:")), None)
        bare = name.removeprefix(f"{for_each}:") if for_each else name
        operator = bare.removesuffix(_IF_EXISTS)
        if operator not in OPERATORS:
            return cls(operator=bare, key=key, values=values, for_each=for_each)
        return cls(operator=operator, key=key, values=values, for_each=for_each, if_exists=operator != bare)

    def holds(self, context: RequestContext, *, has_variables: bool = True) -> Truth:
        """Whether a request meets the condition."""
        value = context[self.key]
        lookup = context.__getitem__ if has_variables else None
        if isinstance(value, Doubtful):
            return agreed([self._holds(each, lookup) for each in value.alternatives], value.reason)
        return self._holds(value, lookup)

    def _holds(self, value: Present | Absent, lookup: _Lookup) -> Truth:
        if isinstance(value, Absent) and value.assumption:
            return assuming(self._holds(Absent(), lookup), value.assumption)
        if self.operator == _NULL:
            return self._is_null(value)
        operator = OPERATORS.get(self.operator)
        if operator is None:
            return unknown(f"IAM documents no condition operator {self.operator}")
        if isinstance(value, Absent):
            return self._without_key(operator)
        return self._with_values(operator, value.values, lookup)

    def _is_null(self, value: Present | Absent) -> Truth:
        if self.for_each or not all(each in ("true", "false") for each in self.values):
            return unknown(f"what Null does with {', '.join(map(str, self.values)) or 'nothing'} is not documented")
        if isinstance(value, Present) and all(each == "" for each in value.values):
            return unknown(f"whether {self.key} counts as null when it is empty is not documented")
        return YES if ("true" if isinstance(value, Absent) else "false") in self.values else NO

    def _without_key(self, operator: Operator) -> Truth:
        if self.if_exists:
            if self.for_each is SetOperator.FOR_ANY:
                return unknown(f"what ForAnyValue with IfExists does without {self.key} is not documented")
            return YES
        if self.for_each is SetOperator.FOR_ALL:
            return assuming(YES, NEGATED_FOR_ALL) if operator.is_negated else YES
        if self.for_each is SetOperator.FOR_ANY:
            return NO
        return YES if operator.is_negated else NO

    def _with_values(self, operator: Operator, values: tuple[SymbolicText, ...], lookup: _Lookup) -> Truth:
        if self.for_each is SetOperator.FOR_ALL and all(value == "" for value in values):
            return YES
        tests = [self._passes(operator, value, lookup) for value in values]
        if self.for_each is SetOperator.FOR_ALL:
            return all_of(tests)
        if self.for_each is SetOperator.FOR_ANY:
            return any_of(tests)
        if len(tests) == 1:
            return tests[0]
        return agreed(
            [all_of(tests), any_of(tests)],
            f"{self.key} has several values, and {self.operator} comes without ForAllValues or ForAnyValue",
        )

    def _passes(self, operator: Operator, value: SymbolicText, lookup: _Lookup) -> Truth:
        """Whether one value of the request passes: the values of the policy are alternatives."""
        found = any_of(self._compared(operator, each, value, lookup) for each in self.values)
        return ~found if operator.is_negated else found

    def _compared(self, operator: Operator, text: SymbolicText, value: SymbolicText, lookup: _Lookup) -> Truth:
        if not operator.has_variables and lookup and variables_in(text):
            return unknown(f"what {self.operator} does with the variables of {text} is not documented")
        ways = readings(text, lookup, has_wildcards=operator.has_wildcards, folds_case=operator.folds_case)
        truths = []
        for way in ways:
            truth = NO if way.pattern is None else operator.compares(way.pattern, value)
            truths.append(assuming(truth, way.assumption) if way.assumption else truth)
        return agreed(truths, next((way.reason for way in ways if way.reason), f"{text} can be read in two ways"))
