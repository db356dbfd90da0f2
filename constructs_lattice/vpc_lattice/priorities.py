"""The priorities of a listener's rules, which VPC Lattice tries from the lowest number up.

The law of the numbers that are given here:

1. A rule's number follows from its own match, id and name. No other rule has a part in it: adding, removing or
   reordering rules changes no number. CloudFormation changes rules one at a time, and no two may have the same number
   meanwhile: rules that pushed each other along would fail at deployment.
2. A rule has a lower number than every rule whose match contains its own. Where the numbers cannot keep that, it is an
   error, which says what number would.

Numbers are laid out in bands. More weight of headers comes first; with the same weight, a method before none; with the
same method, the longer path, and an exact path before the prefix of the same length. Where a band leaves room, a hash
of the rule's id and name decides: a rule that is renamed moves to another number, so that the deployment does not find
the number of the new rule taken by the old one; so do two rules that swap their matches.

Two rules may come to the same number. That is an error, too, since whichever moved would depend on the other. Numbers
up to 20 and from 1,981 are never given: they are for rules with a `priority` of their own.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/listener-rules.html#listener-rule-priority
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs_lattice._checks import check_range
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.match import Method
from constructs_lattice.vpc_lattice.specificity import contains, header_weight, path_reach, same

if TYPE_CHECKING:
    from constructs_lattice.vpc_lattice.match import Match

__all__ = ["Priorities", "priority_of"]

_LEAST, _MOST = 1, 2000
_FIRST_GIVEN = 21

# How many numbers the matches with each weight of headers have: those with a method, and those without. An exact header
# (3) is what most rules with headers have; two of them are 6.
_WITH_HEADERS = {
    **dict.fromkeys((15, 14, 13, 12, 11, 10), (3, 3)),
    9: (8, 16),
    **dict.fromkeys((8, 7), (4, 4)),
    6: (24, 48),
    **dict.fromkeys((5, 4), (6, 12)),
    3: (80, 200),
    **dict.fromkeys((2, 1), (16, 40)),
}
# Of matches without headers, those of different methods meet no common request: each method has numbers of its own.
_WITH_METHOD = {Method.GET: 220, Method.POST: 200, Method.PUT: 100, Method.DELETE: 100}
_OTHER_METHODS = 80
_PATHS_ALONE = 684

# How a band is shared out among the reaches of paths, 0 to 128: most paths are short.
_REACHES = 129
_SHARES = [(3, 16), (16, 48), (24, 24), (48, 4), (128, 1)]  # up to which reach, how large a share each has
_ANY_PATH_WITH_HEADERS = 600
_ANY_PATH = 4


@dataclass(frozen=True, slots=True)
class _Band:
    start: int
    size: int
    any_path: int

    def number(self, reach: int, salt: int) -> int:
        """The number of a match whose path reaches that far, somewhere in the window that `salt` chooses."""
        total = sum(self._share(each) for each in range(_REACHES))
        before = sum(self._share(each) for each in range(reach + 1, _REACHES))
        first, end = (self.size * share // total for share in (before, before + self._share(reach)))
        return self.start + min(first + salt % max(end - first, 1), self.size - 1)

    def _share(self, reach: int) -> int:
        if reach == 0:
            return self.any_path
        return next(share for most, share in _SHARES if reach <= most)


def _bands() -> dict[tuple[int, str], _Band]:
    sizes: list[tuple[tuple[int, str], int]] = []
    for weight, (with_method, without) in sorted(_WITH_HEADERS.items(), reverse=True):
        sizes += [((weight, "any"), with_method), ((weight, ""), without)]
    sizes += [((0, str(method)), size) for method, size in _WITH_METHOD.items()]
    sizes += [((0, "any"), _OTHER_METHODS), ((0, ""), _PATHS_ALONE)]
    bands: dict[tuple[int, str], _Band] = {}
    start = _FIRST_GIVEN
    for key, size in sizes:
        bands[key] = _Band(start, size, _ANY_PATH_WITH_HEADERS if key[0] else _ANY_PATH)
        start += size
    return bands


_BANDS = _bands()


def priority_of(match: Match, id: str, rule_name: str | None = None) -> int:
    """The number of a rule that is given none, 21 to 1,980."""
    weight, method = header_weight(match), match.method
    key = "" if method is None else method.value if weight == 0 and method in _WITH_METHOD else "any"
    name = "" if rule_name is None or is_token(rule_name) else rule_name
    digest = hashlib.sha256(f"{id}/{name}".encode()).digest()
    return _BANDS[weight, key].number(path_reach(match), int.from_bytes(digest[:8]))


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

    def __len__(self) -> int:
        """How many rules there are."""
        return len(self._entries)

    def choose(self, where: object, id: str, match: Match, rule_name: str | None, wish: int | None) -> int:
        """The number for a rule: its wish, or what follows from its match.

        Raises `ArgumentError` when the wish is out of range or taken, or when no number follows.
        """
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

    def take(self, id: str, number: int, match: Match, *, given: bool) -> None:
        """Note that a rule has that number now; `given` says that it was its own wish."""
        self._entries.append(_Entry(id, number, match, given))

    def _check_order(self, where: object, number: int, match: Match) -> None:
        for other in self._entries:
            if not other.given and same(other.match, match):
                raise ArgumentError(
                    f"{where}: rule {other.id!r} matches the same requests, so one of the two would never be reached; "
                    "give it another match"
                )
        if (holder := self._with(number)) is not None:
            raise ArgumentError(
                f"{where}: its match comes to priority {number}, which rule {holder.id!r} has; "
                f"{self._advice(match, number)}"
            )
        least, most = self._bounds(match)
        if not least < number < most:
            other = next(each for each in self._entries if not each.given and each.number in (least, most))
            relation = "less" if number > other.number else "more"
            raise ArgumentError(
                f"{where}: its match comes to priority {number}, but rule {other.id!r}, which is {relation} specific, "
                f"has {other.number}; {self._advice(match, number)}"
            )

    def _bounds(self, match: Match) -> tuple[int, int]:
        """The numbers between which a match must be: above those that it contains, below those that contain it."""
        ours = [each for each in self._entries if not each.given]
        least = max((each.number for each in ours if contains(match, each.match)), default=_LEAST - 1)
        most = min((each.number for each in ours if contains(each.match, match)), default=_MOST + 1)
        return least, most

    def _advice(self, match: Match, number: int) -> str:
        least, most = self._bounds(match)
        taken = {each.number for each in self._entries}
        free = [each for each in range(least + 1, most) if each not in taken]
        if not free:
            return "give both a priority"
        return f"give it priority={min(free, key=lambda each: abs(each - number))}, which is free and in order"

    def _with(self, number: int) -> _Entry | None:
        return next((each for each in self._entries if each.number == number), None)
