"""Sets of strings that patterns tell apart.

Some patterns divide all strings into classes: those that the same patterns cover. There are finitely many, and one
string of each class is enough to know what policies do with all of them.
"""

from __future__ import annotations

import string
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from constructs_lattice.authorization.glob import Glob, Repeat, Step, steps_of
from constructs_lattice.model.symbolic import Generated, SymbolicText
from constructs_lattice.model.unknown import Unknown

__all__ = ["Language", "StringClass", "TooManyClassesError", "classes"]

_MOST_STATES = 20_000
_States: TypeAlias = frozenset[int]


class TooManyClassesError(Exception):
    """The patterns tell apart more than can be looked at one by one. Caught where a summary is made."""


@dataclass(frozen=True, slots=True)
class Language:
    """The strings that can follow: what is left of a pattern, `start` being where in it one may be."""

    steps: tuple[Step, ...]
    start: _States

    @classmethod
    def of(cls, glob: Glob) -> Language:
        """What a whole pattern covers."""
        steps = tuple(steps_of(glob.items, folds=glob.folds_case))
        return cls(steps, _closed(steps, {0}))

    @classmethod
    def always_after(cls, glob: Glob, prefix: SymbolicText) -> Language:
        """What may follow a prefix for the pattern to cover it all, whatever the deployment makes up."""
        never = frozenset[str]()
        steps = tuple(
            Step(never) if isinstance(item, Generated | Unknown) else steps_of((item,), folds=glob.folds_case)[0]
            for item in glob.items
        )
        return cls(steps, _closed(steps, glob.states_after(prefix)))

    @classmethod
    def possibly_after(cls, glob: Glob, prefix: SymbolicText) -> Language:
        """What may follow a prefix for the pattern to cover it all, for some choice of what the deployment makes up."""
        steps = tuple(steps_of(glob.items, folds=glob.folds_case))
        return cls(steps, _closed(steps, glob.steps_after(prefix)))

    def after(self, states: _States, character: str) -> _States:
        """Where one may be after one more character."""
        found = set()
        for state in states:
            if state < len(self.steps):
                step = self.steps[state]
                if step.characters is None or character in step.characters:
                    found.add(state if step.repeat is Repeat.ANY else state + 1)
        return _closed(self.steps, found)

    def accepts(self, states: _States) -> bool:
        """Whether a string may end there."""
        return len(self.steps) in states

    def __contains__(self, text: str) -> bool:
        """Whether a string is in the set."""
        states = self.start
        for character in text:
            states = self.after(states, character)
        return self.accepts(states)


def _closed(steps: Sequence[Step], states: Iterable[int]) -> _States:
    reached = set()
    for state in states:
        reached.add(state)
        while state < len(steps) and steps[state].repeat is not Repeat.ONCE:
            state += 1  # noqa: PLW2901 - the walk over what may be left out starts at each state
            reached.add(state)
    return frozenset(reached)


@dataclass(frozen=True, slots=True)
class StringClass:
    """The strings that are in the same languages, by the positions of these; and one of them."""

    languages: frozenset[int]
    example: str


def classes(
    languages: Sequence[Language], *, prefix: str = "", alphabet: str = string.printable, least: int = 0
) -> list[StringClass]:
    """All classes that the languages divide the strings over an alphabet into, the shortest examples first.

    `prefix` is what all strings begin with, `least` how long they are at least. Raises `TooManyClassesError`.
    """
    letters = list(_letters(languages, alphabet))
    machines = [_Machine(language) for language in languages]
    start = (0,) * len(languages)
    for character in prefix:
        start = _stepped(machines, start, character)
    # As long as a string may be too short, its length is part of where one is.
    seen = {(start, min(len(prefix), least))}
    todo = deque([(start, prefix)])
    found: dict[frozenset[int], str] = {}
    while todo:
        states, text = todo.popleft()
        if len(text) >= least:
            members = frozenset(i for i, machine in enumerate(machines) if machine.accepting[states[i]])
            found.setdefault(members, text)
        for letter in letters:
            following = _stepped(machines, states, letter)
            key = (following, min(len(text) + 1, least))
            if key not in seen:
                if len(seen) >= _MOST_STATES:
                    raise TooManyClassesError
                seen.add(key)
                todo.append((following, text + letter))
    return [StringClass(members, example) for members, example in found.items()]


class _Machine:
    """A language with its states numbered, as they are met."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._numbers = {language.start: 0}
        self._states = [language.start]
        self._moves: dict[tuple[int, str], int] = {}
        self.accepting = [language.accepts(language.start)]

    def after(self, state: int, character: str) -> int:
        key = (state, character)
        if key not in self._moves:
            following = self._language.after(self._states[state], character)
            if following not in self._numbers:
                self._numbers[following] = len(self._states)
                self._states.append(following)
                self.accepting.append(self._language.accepts(following))
            self._moves[key] = self._numbers[following]
        return self._moves[key]


def _stepped(machines: Sequence[_Machine], states: tuple[int, ...], character: str) -> tuple[int, ...]:
    return tuple([machine.after(state, character) for machine, state in zip(machines, states, strict=True)])


def _letters(languages: Sequence[Language], alphabet: str) -> Iterator[str]:
    """One letter for all those that no language tells apart."""
    sets = {step.characters for language in languages for step in language.steps if step.characters is not None}
    seen = set()
    for letter in alphabet:
        signature = frozenset(each for each in sets if letter in each)
        if signature not in seen:
            seen.add(signature)
            yield letter
