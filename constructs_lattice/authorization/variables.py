"""Policy variables: `${aws:PrincipalTag/team}` in a policy of version 2012-10-17.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, product

from constructs_lattice.authorization.context import Absent, ContextValue, Doubtful, Present
from constructs_lattice.authorization.glob import Glob, Item, items_of, literal, wildcards
from constructs_lattice.model.symbolic import SymbolicText, parts_of
from constructs_lattice.model.unknown import Unknown

__all__ = ["Reading", "readings", "variables_in"]

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"(?P<name>.*?)\s*,\s*'(?P<default>.*)'", re.DOTALL)
_ITSELF = frozenset("*?$")

_Items = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text with variables. No pattern means null: it is equal to nothing and like nothing."""

    pattern: Glob | None
    reason: str = ""
    assumption: str = ""


def variables_in(text: SymbolicText) -> list[str]:
    """The names of the variables, such as `aws:PrincipalTag/team`."""
    names = (name for part in parts_of(text) if isinstance(part, str) for name in _VARIABLE.findall(part))
    return [_named(name)[0] for name in names if name not in _ITSELF]


def readings(
    text: SymbolicText,
    lookup: Callable[[str], ContextValue] | None,
    *,
    has_wildcards: bool,
    folds_case: bool = False,
) -> Sequence[Reading]:
    """All ways to read a text: one, unless a variable's value is in doubt. Without `lookup` there are no variables."""
    if lookup is None or not any(isinstance(part, str) and "${" in part for part in parts_of(text)):
        make = wildcards if has_wildcards else literal
        return (Reading(make(text, folds_case=folds_case)),)
    choices = [tuple(_piece(piece, lookup, has_wildcards=has_wildcards)) for piece in _pieces(text)]
    found = []
    for choice in product(*choices):
        groups = [each.items for each in choice if each.items is not None]
        found.append(
            Reading(
                Glob(tuple(chain.from_iterable(groups)), folds_case) if len(groups) == len(choice) else None,
                next((each.reason for each in choice if each.reason), ""),
                next((each.assumption for each in choice if each.assumption), ""),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Choice:
    items: _Items | None
    reason: str = ""
    assumption: str = ""


def _pieces(text: SymbolicText) -> Iterable[SymbolicText | re.Match[str]]:
    for part in parts_of(text):
        if not isinstance(part, str):
            yield part
            continue
        end = 0
        for variable in _VARIABLE.finditer(part):
            yield part[end : variable.start()]
            yield variable
            end = variable.end()
        yield part[end:]


def _piece(
    piece: SymbolicText | re.Match[str], lookup: Callable[[str], ContextValue], *, has_wildcards: bool
) -> Iterable[_Choice]:
    if not isinstance(piece, re.Match):
        yield _Choice(tuple(items_of(piece, has_wildcards=has_wildcards)))
    elif piece[1] in _ITSELF:
        yield _Choice((piece[1],))
    else:
        name, default = _named(piece[1])
        value = lookup(name)
        reason = value.reason if isinstance(value, Doubtful) else ""
        for alternative in value.alternatives if isinstance(value, Doubtful) else (value,):
            assumption = alternative.assumption if isinstance(alternative, Absent) else ""
            for items in _substituted(alternative, name, default, has_wildcards=has_wildcards):
                yield _Choice(items, reason, assumption)


def _substituted(
    value: Present | Absent, name: str, default: str | None, *, has_wildcards: bool
) -> Iterable[_Items | None]:
    if isinstance(value, Absent):
        yield None if default is None else tuple(items_of(default))
    elif len(value.values) != 1:
        yield (Unknown(f"{name} has several values, and cannot be a variable"),)
    else:
        plainly = tuple(items_of(value.values[0]))
        yield plainly
        # Whether a wildcard that comes out of a variable is one is not documented.
        if has_wildcards and (wildly := tuple(items_of(value.values[0], has_wildcards=True))) != plainly:
            yield wildly


def _named(variable: str) -> tuple[str, str | None]:
    found = _DEFAULT.fullmatch(variable)
    return (found["name"], found["default"]) if found else (variable.strip(), None)
