"""What one case takes for granted of what nobody knows.

Conditions compare parameters with literals. Where a parameter has no value, each literal that it is compared with, and
"something else", make a case of their own. A case is decided one comparison after the other, so that only those
combinations come up that make a difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Facts", "Undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A comparison that nothing decides yet: whether what `symbol` stands for is `literal`.

    `allowed` are all values that it can have, if they are known. `reason` says why it is unknown. Without a symbol it
    is undecided for good: nothing says whether it is the same thing as another one.
    """

    symbol: str
    literal: str
    reason: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Which literal a symbol stands for, and which it does not stand for."""

    equal: Mapping[str, str] = field(default_factory=dict)
    unlike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def alternatives(self, undecided: Undecided) -> "list[Facts]":
        """The facts with the comparison decided: once true and once false, as far as both are possible."""
        symbol, excluded = undecided.symbol, (*self.unlike.get(undecided.symbol, ()), undecided.literal)
        left = [value for value in undecided.allowed if value not in excluded]
        alternatives = [self._with(symbol, undecided.literal)]
        if len(left) == 1:
            alternatives.append(self._with(symbol, left[0]))
        elif left or not undecided.allowed:
            alternatives.append(Facts(equal=self.equal, unlike={**self.unlike, symbol: excluded}))
        return alternatives

    def _with(self, symbol: str, literal: str) -> "Facts":
        unlike = {other: excluded for other, excluded in self.unlike.items() if other != symbol}
        return Facts(equal={**self.equal, symbol: literal}, unlike=unlike)

    def words(self) -> tuple[str, ...]:
        """What is assumed, a sentence each."""
        equal = [_equal(symbol, literal) for symbol, literal in self.equal.items()]
        return (*equal, *(_unlike(symbol, excluded) for symbol, excluded in self.unlike.items()))


def _equal(symbol: str, literal: str) -> str:
    return f"{subject_of(symbol)} is {literal!r}"


def _unlike(symbol: str, excluded: tuple[str, ...]) -> str:
    if len(excluded) == 1:
        return f"{subject_of(symbol)} is not {excluded[0]!r}"
    return f"{subject_of(symbol)} is none of {', '.join(repr(each) for each in excluded)}"


def subject_of(symbol: str) -> str:
    """What a symbol stands for, in words."""
    kind, _, name = symbol.partition(":")
    if kind == "parameter" and "." in name:
        stack, _, parameter = name.rpartition(".")
        return f"parameter {parameter} of {stack}"
    return symbol
