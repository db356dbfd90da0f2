"""The priorities of a listener's rules, which VPC Lattice tries from the lowest number up.

The law of the numbers that are given here:

1. A rule's number follows from its own match, id and name. No other rule has a part in it: adding, removing or
   reordering rules changes no number. CloudFormation changes rules one at a time, and no two may have the same number
   meanwhile: rules that pushed each other along would fail at deployment.
2. A rule has a lower number than every rule whose match contains its own. Where the numbers cannot keep that, it is an
   error, which says what number would.

Numbers are laid out in bands. More weight of headers comes first; with the same weight, a method before none. Within a
band, a path comes before those that it lies below: `/orders/items` before `/orders`, and an exact path before the
prefix. A hash of each part of the path scatters the others over the whole band.

Where that leaves room, a hash of the rule's id and name decides: a rule that is renamed moves to another number, so
that the deployment does not find the number of the new rule taken by the old one; so do two rules that swap their
matches.

Two rules may come to the same number. That is an error, too, since whichever moved would depend on the other. Whoever
knows one rule at a time cannot avoid it, but make it rare: among ten rules that differ in their paths only, it happens
in about one listener out of ten. Numbers up to 20 and from 1,981 are never given: they are for rules with a `priority`
of their own.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/listener-rules.html#listener-rule-priority
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs_lattice._checks import check_range
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.specificity import contains, header_weight, path_steps

if TYPE_CHECKING:
    from constructs_lattice.vpc_lattice.match import Match

__all__ = ["Priorities", "priority_of"]

_LEAST, _MOST = 1, 2000
_FIRST_GIVEN = 21

# How many numbers the matches with each weight of headers have: those with a method, and those without. An exact header
# (3) is what most rules with headers have; two of them are 6.
_SIZES = {
    **dict.fromkeys((15, 14, 13, 12, 11, 10), (2, 2)),
    9: (6, 10),
    **dict.fromkeys((8, 7), (3, 3)),
    6: (18, 34),
    **dict.fromkeys((5, 4), (5, 9)),
    3: (64, 150),
    **dict.fromkeys((2, 1), (12, 25)),
    0: (760, 780),
}
# How many of them are for matches without a path. With a method only, there can be one for each method; with neither
# headers nor a method, there can be one.
_WITHOUT_PATH = {(0, True): 40, (0, False): 8}

# Parts that the paths of one service tend to have in common tell them apart the least.
_COMMON = re.compile(r"/|api|v\d+|rest|internal|public")


@dataclass(frozen=True, slots=True)
class _Band:
    """The numbers from `end` - `size` to `end` - 1. The last ones, of which `any_path` tells how many, have no path."""

    end: int
    size: int
    any_path: int

    def number(self, steps: list[str], scatter: str, salt: int) -> int:
        """The number of a match whose path has those steps. Of those that begin alike, longer ones have lower ones.

        Each step takes some room away from what lies below it: first what its hash says, so that unlike paths come to
        lie apart, then a twentieth, within which `salt` decides. A twelfth of the band is kept from being scattered
        over, for long paths.
        """
        place, low, path = salt % self.any_path, self.any_path, scatter
        kept = self.size // 12
        for step in steps:
            path += step
            if not _COMMON.fullmatch(step):
                low += _hash(path) % max((self.size - low - kept) * 8 // 10, 1)
            width = max((self.size - low) // 20, 1)
            place = low + salt % width
            low += width
        return self.end - 1 - min(place, self.size - 1)


def _bands() -> dict[tuple[int, bool], _Band]:
    bands: dict[tuple[int, bool], _Band] = {}
    start = _FIRST_GIVEN
    for weight, sizes in sorted(_SIZES.items(), reverse=True):
        for with_method, size in zip((True, False), sizes, strict=True):
            key = (weight, with_method)
            bands[key] = _Band(start + size, size, _WITHOUT_PATH.get(key, max(size * 6 // 10, 1)))
            start += size
    return bands


_BANDS = _bands()


def priority_of(match: Match, id: str, rule_name: str | None = None) -> int:
    """The number of a rule that is given none, 21 to 1,980."""
    name = "" if rule_name is None or is_token(rule_name) else rule_name
    band = _BANDS[header_weight(match), match.method is not None]
    # Matches with different methods meet no common request: each method is laid out by itself.
    return band.number(path_steps(match), match.method or "", _hash(f"{id}/{name}"))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    number: int
    match: Match
    given: bool


class Priorities:
    """The rules of one listener, as far as they are known, and their numbers."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._names: dict[str, str] = {}

    def __len__(self) -> int:
        """How many rules there are."""
        return len(self._entries)

    def choose(self, where: object, id: str, match: Match, rule_name: str | None, wish: int | None) -> int:
        """The number for a rule: its wish, or what follows from its match.

        Raises `ArgumentError` when the name is taken, when the wish is out of range or taken, or when no number
        follows.
        """
        if rule_name in self._names and not is_token(rule_name):
            owner = self._names[rule_name]
            raise ArgumentError(
                f"{where}: rule_name {rule_name!r} is taken by rule {owner!r}; leave it out, or choose another"
            )
        if wish is not None:
            check_range(where, "priority", wish, _LEAST, _MOST)
            if (other := self._with(wish)) is not None and not is_token(wish):
                raise ArgumentError(f"{where}: priority {wish} is taken by rule {other.id!r}; choose another")
            return wish
        if is_token(match.path):
            raise ArgumentError(
                f"{where}: no priority follows from a path that only the deployment knows; give it a priority"
            )
        number = priority_of(match, id, rule_name)
        self._check_order(where, number, match)
        return number

    def take(self, id: str, number: int, match: Match, *, given: bool, rule_name: str | None = None) -> None:
        """Note that a rule has that number and that name now; `given` says that the number was its own wish."""
        self._entries.append(_Entry(id, number, match, given))
        if rule_name is not None:
            self._names[rule_name] = id

    def _check_order(self, where: object, number: int, match: Match) -> None:
        ours = [each for each in self._entries if not each.given]
        narrower = [each for each in ours if contains(match, each.match)]
        wider = [each for each in ours if contains(each.match, match)]
        if twin := next((each for each in wider if each in narrower), None):
            raise ArgumentError(
                f"{where}: rule {twin.id!r} matches the same requests, so one of the two would never be reached; "
                "give it another match"
            )
        last = max(narrower, key=lambda each: each.number, default=None)
        first = min(wider, key=lambda each: each.number, default=None)
        least, most = last.number if last else _LEAST - 1, first.number if first else _MOST + 1
        if (holder := self._with(number)) is not None:
            raise ArgumentError(
                f"{where}: its match comes to priority {number}, which rule {holder.id!r} has; "
                f"{self._advice(least, most, number)}"
            )
        other = last if last and number < least else first if first and number > most else None
        if other is not None:
            raise ArgumentError(
                f"{where}: its match comes to priority {number}, but rule {other.id!r}, which is "
                f"{'more' if other is last else 'less'} specific, has {other.number}; "
                f"{self._advice(least, most, number)}"
            )

    def _advice(self, least: int, most: int, number: int) -> str:
        taken = {each.number for each in self._entries}
        free = [each for each in range(least + 1, most) if each not in taken]
        if not free:
            return "give both a priority"
        return f"give it priority={min(free, key=lambda each: abs(each - number))}, which is free and in order"

    def _with(self, number: int) -> _Entry | None:
        return next((each for each in self._entries if each.number == number), None)
