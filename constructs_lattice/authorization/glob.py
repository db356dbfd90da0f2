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

from constructs_lattice.authorization.truth import NO, YES, Truth, unknown
from constructs_lattice.model.symbolic import Generated, Part, SymbolicText, parts_of
from constructs_lattice.model.unknown import Unknown

__all__ = ["Glob", "Item", "Repeat", "Step", "Wildcard", "items_of", "literal", "steps_of", "wildcards"]


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
    _head: str = field(init=False, repr=False, compare=False, default="")
    _tail: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        """Prepare what is quick when everything is known."""
        if all(isinstance(item, str | Wildcard) for item in self.items):
            source = "".join(re.escape(item) if isinstance(item, str) else _REGEX[item] for item in self.items)
            flags = re.DOTALL | (re.IGNORECASE | re.ASCII if self.folds_case else 0)
            object.__setattr__(self, "_regex", re.compile(source, flags))
        object.__setattr__(self, "_head", "".join(_written(self.items)))
        object.__setattr__(self, "_tail", "".join(_written(reversed(self.items)))[::-1])

    def matches(self, text: SymbolicText) -> bool | None:
        """Whether the pattern covers the text whole, whatever the deployment makes up; None if that depends on it."""
        if isinstance(text, str) and self._regex:
            return self._regex.fullmatch(text) is not None
        if self._differs_at_an_end(text):
            return False
        if len(self.items) in self.states_after(text):
            return True
        whole = len(steps_of(self.items, folds=self.folds_case))
        return None if whole in self.steps_after(text) else False

    def _differs_at_an_end(self, text: SymbolicText) -> bool:
        """Whether what is written at the beginning or at the end of both shows at once that they do not match."""
        parts = parts_of(text)
        first, last = (parts[0], parts[-1]) if parts else ("", "")
        for end, of_pattern, of_text in ((1, self._head, first), (-1, self._tail, last)):
            if isinstance(of_text, str):
                one, other = of_pattern[::end], of_text[::end]
                common = min(len(one), len(other))
                one, other = one[:common], other[:common]
                if one != other and not (self.folds_case and one.lower() == other.lower()):
                    return True
        return False

    def states_after(self, text: SymbolicText) -> set[int]:
        """Which items may come next, where what is not known is only covered by itself and by `*`."""
        return _always(self, parts_of(text))

    def steps_after(self, text: SymbolicText) -> set[int]:
        """Which steps of the pattern may come next, for some choice of what is not known."""
        return _possibly(self, parts_of(text))

    def covers(self, text: SymbolicText) -> Truth:
        """Whether the pattern covers a text, with the reason if nobody knows."""
        match self.matches(text):
            case True:
                return YES
            case False:
                return NO
            case _:
                return unknown(self.doubt(text))

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


def _written(items: Iterable[Item]) -> Iterator[str]:
    """The characters before the first item that is none."""
    for item in items:
        if not isinstance(item, str):
            return
        yield item


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


def _always(glob: Glob, parts: Iterable[Part]) -> set[int]:
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
                return states
    return states


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


class Repeat(Enum):
    """How often a step may be taken."""

    ONCE = "once"
    OPTIONAL = "optional"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Step:
    """One character of a set, of all characters if it is None."""

    characters: frozenset[str] | None
    repeat: Repeat = Repeat.ONCE
    owner: Generated | None = None


def steps_of(items: Iterable[Item], *, folds: bool = False) -> list[Step]:
    """What a pattern, or a text that is not known whole, can consist of."""
    steps: list[Step] = []
    for item in items:
        match item:
            case Wildcard.MANY | Unknown():
                steps.append(Step(None, Repeat.ANY))
            case Wildcard.ONE:
                steps.append(Step(None))
            case Generated():
                steps += [Step(item.alphabet, owner=item)] * item.least
                steps += [Step(item.alphabet, Repeat.OPTIONAL, item)] * (item.most - item.least)
            case str():
                steps.append(Step(frozenset({item.lower(), item.upper()} if folds else {item})))
    return steps


def _possibly(glob: Glob, parts: Iterable[Part]) -> set[int]:
    """A walk over the pattern and the text at once."""
    pattern = steps_of(glob.items, folds=glob.folds_case)
    text = steps_of((item for part in parts for item in items_of(part)), folds=glob.folds_case)
    seen = {(0, 0)}
    todo = [(0, 0)]
    while todo:
        i, j = todo.pop()
        for reached in _moves(pattern, text, i, j):
            if reached not in seen:
                seen.add(reached)
                todo.append(reached)
    return {i for i, j in seen if j == len(text)}


def _moves(pattern: list[Step], text: list[Step], i: int, j: int) -> Iterator[tuple[int, int]]:
    left = pattern[i] if i < len(pattern) else None
    right = text[j] if j < len(text) else None
    if left and left.repeat is not Repeat.ONCE:
        yield i + 1, j
    if right and right.repeat is not Repeat.ONCE:
        yield i, j + 1
    if left and right and _meet(left, right):
        yield (
            i if left.repeat is Repeat.ANY else i + 1,
            j if right.repeat is Repeat.ANY else j + 1,
        )


def _meet(left: Step, right: Step) -> bool:
    if left.owner and right.owner and left.owner.kind == right.owner.kind and left.owner.name != right.owner.name:
        return False
    if left.characters is None or right.characters is None:
        return True
    return not left.characters.isdisjoint(right.characters)
