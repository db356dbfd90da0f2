"""Conditions: true, false, or undecided because something that they compare is not known.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from constructs_lattice.templates.facts import Undecided
from constructs_lattice.templates.problem import Problem
from constructs_lattice.templates.texts import applied, as_text, symbolic
from constructs_lattice.templates.values import String, Text, Unknown, Value, unknowns

if TYPE_CHECKING:
    from constructs_lattice.templates.scope import Scope

__all__ = ["evaluate"]

_FEWEST_OF_MANY = 2


def evaluate(scope: "Scope", node: Any) -> bool | Undecided:
    """Whether a condition holds."""
    if isinstance(node, bool):
        return node
    if isinstance(node, str) and node.lower() in {"true", "false"}:
        return node.lower() == "true"
    if isinstance(node, dict) and len(node) == 1:
        ((function, argument),) = node.items()
        if function in _FUNCTIONS:
            try:
                return _FUNCTIONS[function](scope, argument)
            except Problem as problem:
                raise problem.within(f".{function}", node) from None
    raise Problem(f"a condition must be one of {', '.join(_FUNCTIONS)}, got {_shown(node)}")


def _shown(node: Any) -> str:
    return f"the keys {', '.join(map(str, node))}" if isinstance(node, dict) and node else repr(node)[:60]


def _condition(scope: "Scope", argument: Any) -> bool | Undecided:
    if not isinstance(argument, str):
        raise Problem(f"needs the name of a condition, got {_shown(argument)}")
    return scope.condition(argument)


def _all(scope: "Scope", argument: Any) -> bool | Undecided:
    return _first(scope, argument, deciding=False)


def _any(scope: "Scope", argument: Any) -> bool | Undecided:
    return _first(scope, argument, deciding=True)


def _first(scope: "Scope", argument: Any, *, deciding: bool) -> bool | Undecided:
    """What one that is `deciding` decides, whatever the others are; else what is undecided; else the opposite."""
    if not isinstance(argument, list) or len(argument) < _FEWEST_OF_MANY:
        raise Problem(f"needs a list of 2 or more conditions, got {_shown(argument)}")
    found = [evaluate(scope, each) for each in argument]
    if any(each is deciding for each in found):
        return deciding
    return next((each for each in found if isinstance(each, Undecided)), not deciding)


def _not(scope: "Scope", argument: Any) -> bool | Undecided:
    if not isinstance(argument, list) or len(argument) != 1:
        raise Problem(f"needs a list of one condition, got {_shown(argument)}")
    found = evaluate(scope, argument[0])
    return found if isinstance(found, Undecided) else not found


def _equals(scope: "Scope", argument: Any) -> bool | Undecided:
    if not isinstance(argument, list) or len(argument) != 2:  # noqa: PLR2004 - two sides
        raise Problem(f"needs a list of two values, got {_shown(argument)}")
    left, right = (scope.value(each) for each in argument)
    return _same(scope, left, right)


_FUNCTIONS: Mapping[str, Callable[["Scope", Any], bool | Undecided]] = {
    "Condition": _condition,
    "Fn::And": _all,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::Or": _any,
}


def _same(scope: "Scope", left: Value, right: Value) -> bool | Undecided:
    one, other = as_text(left), as_text(right)
    if one is None or other is None:
        return _same_structure(left, right)
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    if one == other and all(unknown.symbol for unknown in unknowns(one)):
        return True
    if isinstance(other, str):
        return _is(scope, one, other)
    if isinstance(one, str):
        return _is(scope, other, one)
    return _undecided(scope, one, other)


def _is(scope: "Scope", text: String, literal: str) -> bool | Undecided:
    """Whether a text that is not known whole is a literal."""
    if isinstance(text, Text):
        return _fits(scope, text, literal)
    if isinstance(text, Unknown) and text.symbol:
        return scope.resolution.is_literal(text, literal)
    return _undecided(scope, text, literal)


def _fits(scope: "Scope", text: Text, literal: str) -> bool | Undecided:
    """What is known of a text must be there; if one part is unknown, it is what remains of the literal."""
    first, last = text.parts[0], text.parts[-1]
    before = first if isinstance(first, str) else ""
    after = last if isinstance(last, str) else ""
    if not literal.startswith(before) or not literal.endswith(after) or len(literal) < len(before) + len(after):
        return False
    inner = [part for part in text.parts if not isinstance(part, str)]
    if len(inner) == 1:
        return _is(scope, inner[0], literal[len(before) : len(literal) - len(after)])
    return _undecided(scope, text, literal)


def _undecided(scope: "Scope", one: Value, other: Value) -> bool | Undecided:
    """A comparison that is a fact of its own."""
    same = applied("Fn::Equals", *sorted((one, other), key=str))
    decided = scope.resolution.facts.equal.get(same.symbol)
    if same.symbol and decided is not None:
        return decided == "true"
    pair = (one.symbol, other.symbol) if isinstance(one, Unknown) and isinstance(other, Unknown) else None
    return Undecided(symbol=same.symbol, literal="true", reason=same.reason, allowed=("true", "false"), pair=pair)


def _same_structure(left: Value, right: Value) -> bool | Undecided:
    """Lists and mappings: they are the same if they are written the same."""
    same = applied("Fn::Equals", left, right)
    if same.symbol and left == right:
        return True
    return Undecided(symbol="", literal="true", reason=same.reason) if symbolic(left) or symbolic(right) else False
