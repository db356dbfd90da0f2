"""Patterns with the wildcards of IAM, against strings that may be known in parts only.

`*` is any number of characters, `?` is one. Nothing else is special, `/` and `:` neither.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from constructs_lattice.model.symbolic import Generated, Part, SymbolicText, parts_of
from constructs_lattice.model.unknown import Unknown

__all__ = ["Glob", "Item", "Wildcard", "items_of", "literal", "wildcards"]


class Wildcard(Enum):
    """What stands for other characters. Not a string: a `*` that stands for itself is one."""

    ONE = "?"
    MANY = "*"


Item: TypeAlias = str | Wildcard | Generated | Unknown
"""A character, a wildcard, or what only the deployment knows."""


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern. `folds_case` makes `a` and `A` the same."""

    items: tuple[Item, ...]
    folds_case: bool = False
    _regex: re.Pattern[str] | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        """Prepare what is quick when everything is known."""
        if all(isinstance(item, str | Wildcard) for item in self.items):
            source = "".join(re.escape(item) if isinstance(item, str) else _REGEX[item] for item in self.items)
            flags = re.DOTALL | (re.IGNORECASE | re.ASCII if self.folds_case else 0)
            object.__setattr__(self, "_regex", re.compile(source, flags))

    def matches(self, text: SymbolicText) -> bool | None:
        """Whether the pattern covers the text whole, whatever the deployment makes up; None if that depends on it."""
        if isinstance(text, str) and self._regex:
            return self._regex.fullmatch(text) is not None
        parts = parts_of(text)
        if _always(self, parts):
            return True
        return None if _possibly(self, parts) else False

    def doubt(self, text: SymbolicText) -> str:
        """Why nobody knows whether the pattern covers a text."""
        parts = (*parts_of(text), *self.items)
        unknown = next((part.reason for part in parts if isinstance(part, Unknown)), None)
        return unknown or f"only the deployment shows whether {self} covers {text}"

    def __str__(self) -> str:
        """As it is written in a policy."""
        return "".join(
            str(item.value) if isinstance(item, Wildcard) else _SPECIAL.get(str(item), str(item)) for item in self.items
        )


_REGEX: dict[Item, str] = {Wildcard.ONE: ".", Wildcard.MANY: ".*"}
_SPECIAL = {"*": "${*}", "?": "${?}"}


@lru_cache(maxsize=65_536)
def literal(text: SymbolicText, *, folds_case: bool = False) -> Glob:
    """The pattern that is exactly this text."""
    return Glob(tuple(items_of(text)), folds_case)


@lru_cache(maxsize=65_536)
def wildcards(text: SymbolicText, *, folds_case: bool = False) -> Glob:
    """The pattern that is written like this, with wildcards."""
    return Glob(tuple(items_of(text, has_wildcards=True)), folds_case)


def items_of(text: SymbolicText, *, has_wildcards: bool = False) -> Iterator[Item]:
    """The characters, and what stands between them."""
    for part in parts_of(text):
        if not isinstance(part, str):
            yield part
        elif has_wildcards:
            yield from (Wildcard(character) if character in "*?" else character for character in part)
        else:
            yield from part


def _always(glob: Glob, parts: Iterable[Part]) -> bool:
    """Whether it matches if what is not known is only covered by itself and by `*`."""
    items, folds = glob.items, glob.folds_case
    states = _closure(items, {0})
    for part in parts:
        for atom in part if isinstance(part, str) else (part,):
            following = set()
            for state in states:
                if state == len(items):
                    continue
                item = items[state]
                if item is Wildcard.MANY:
                    following.add(state)
                elif (item is Wildcard.ONE and isinstance(atom, str)) or _same(item, atom, folds=folds):
                    following.add(state + 1)
            states = _closure(items, following)
            if not states:
                return False
    return len(items) in states


def _closure(items: tuple[Item, ...], states: set[int]) -> set[int]:
    reached = set(states)
    for state in states:
        while state < len(items) and items[state] is Wildcard.MANY:
            state += 1  # noqa: PLW2901 - the walk over a run of wildcards starts at each state
            reached.add(state)
    return reached


def _same(item: Item, atom: Item, *, folds: bool) -> bool:
    if isinstance(item, str):
        return item == atom or (folds and isinstance(atom, str) and item.lower() == atom.lower())
    if isinstance(item, Unknown):
        return bool(item.symbol) and isinstance(atom, Unknown) and item.symbol == atom.symbol
    return isinstance(item, Generated) and item == atom


class _Repeat(Enum):
    ONCE = "once"
    OPTIONAL = "optional"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class _Step:
    """One character of a set, of all characters if it is None."""

    characters: frozenset[str] | None
    repeat: _Repeat = _Repeat.ONCE
    owner: Generated | None = None


def _steps(items: Iterable[Item], *, folds: bool) -> list[_Step]:
    steps: list[_Step] = []
    for item in items:
        match item:
            case Wildcard.MANY | Unknown():
                steps.append(_Step(None, _Repeat.ANY))
            case Wildcard.ONE:
                steps.append(_Step(None))
            case Generated():
                steps += [_Step(item.alphabet, owner=item)] * item.least
                steps += [_Step(item.alphabet, _Repeat.OPTIONAL, item)] * (item.most - item.least)
            case str():
                steps.append(_Step(frozenset({item.lower(), item.upper()} if folds else {item})))
    return steps


def _possibly(glob: Glob, parts: Iterable[Part]) -> bool:
    """Whether some choice of what is not known makes it match: a walk over both at once."""
    pattern = _steps(glob.items, folds=glob.folds_case)
    text = _steps((item for part in parts for item in items_of(part)), folds=glob.folds_case)
    seen = {(0, 0)}
    todo = [(0, 0)]
    while todo:
        i, j = todo.pop()
        if i == len(pattern) and j == len(text):
            return True
        for reached in _moves(pattern, text, i, j):
            if reached not in seen:
                seen.add(reached)
                todo.append(reached)
    return False


def _moves(pattern: list[_Step], text: list[_Step], i: int, j: int) -> Iterator[tuple[int, int]]:
    left = pattern[i] if i < len(pattern) else None
    right = text[j] if j < len(text) else None
    if left and left.repeat is not _Repeat.ONCE:
        yield i + 1, j
    if right and right.repeat is not _Repeat.ONCE:
        yield i, j + 1
    if left and right and _meet(left, right):
        yield (
            i if left.repeat is _Repeat.ANY else i + 1,
            j if right.repeat is _Repeat.ANY else j + 1,
        )


def _meet(left: _Step, right: _Step) -> bool:
    if left.owner and right.owner and left.owner.kind == right.owner.kind and left.owner.name != right.owner.name:
        return False
    if left.characters is None or right.characters is None:
        return True
    return not left.characters.isdisjoint(right.characters)
