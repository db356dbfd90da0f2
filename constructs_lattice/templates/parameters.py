"""The values of parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from typing import TYPE_CHECKING, Any

from constructs_lattice.templates.definition import OutputOf
from constructs_lattice.templates.problem import Problem
from constructs_lattice.templates.texts import Open, as_text, split
from constructs_lattice.templates.values import Unknown, Value

if TYPE_CHECKING:
    from constructs_lattice.templates.scope import Scope

__all__ = ["value"]

_STORED = "AWS::SSM::Parameter::Value<"
"""The types whose values are the names of parameters in the Parameter Store."""


def value(scope: "Scope", name: str) -> Value:
    """What `Ref` of a parameter gives: the value that is given, or the default, as its type has it."""
    declared = scope.template.parameters[name]
    found = _given(scope, name, declared)
    _check_allowed(declared, found)
    kind: str = declared["Type"]
    if kind.startswith(_STORED):
        found = scope.resolution.exchange.stored(scope, found)
        kind = kind.removeprefix(_STORED).removesuffix(">")
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return _listed(found)
    return as_text(found) if isinstance(found, bool) else found


def _listed(found: Value) -> Value:
    """A list, which is written as one text with commas."""
    text = as_text(found)
    if text is None or isinstance(text, Unknown):
        return found
    pieces = split(",", text) if text != "" else []
    if isinstance(pieces, Open):
        return pieces.rest
    return [piece.strip() if isinstance(piece, str) else piece for piece in pieces]


def _given(scope: "Scope", name: str, declared: Any) -> Value:
    handed = scope.handed()
    if isinstance(handed, Unknown):
        return handed
    if name in handed:
        return handed[name]
    given = scope.definition.parameters.get(name)
    if isinstance(given, OutputOf):
        return scope.resolution.exchange.output_of(given)
    if given is not None:
        return list(given) if isinstance(given, list) else given
    if declared.get("Default") is not None:
        return _default(declared["Default"])
    return scope.resolution.unknown(
        f"parameter {name} of {scope.name} has no value and no default",
        f"parameter:{scope.name}.{name}",
        tuple(str(as_text(each)) for each in _allowed(declared)),
    )


def _default(default: Any) -> Value:
    if isinstance(default, str | int | float | bool):
        return default
    raise Problem(f"the Default must be text, got {repr(default)[:60]}")


def _check_allowed(declared: Any, found: Value) -> None:
    allowed = [as_text(each) for each in _allowed(declared)]
    text = as_text(found)
    if allowed and isinstance(text, str) and text not in allowed:
        raise Problem(f"must be one of {', '.join(map(str, allowed))}, got {text!r}")


def _allowed(declared: Any) -> list[Any]:
    allowed = declared.get("AllowedValues")
    return allowed if isinstance(allowed, list) else []
