"""What one case takes for granted of what nobody knows.

Conditions compare parameters with literals. Where a parameter has no value, each literal that it is compared with, and
"something else", make a case of their own. A case is decided one comparison after the other, so that only those
combinations come up that make a difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

__all__ = ["Facts", "Undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A comparison that nothing decides yet: whether what `symbol` stands for is `literal`.

    `allowed` are all values that it can have, if they are known. `reason` says why it is unknown. Without a symbol it
    is undecided for good: nothing says whether it is the same thing as another one. `pair` are two symbols if the
    question is whether they stand for the same.
    """

    symbol: str
    literal: str
    reason: str
    allowed: tuple[str, ...] = ()
    pair: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Which literal a symbol stands for, which it does not stand for, and which comparisons are of two symbols."""

    equal: Mapping[str, str] = field(default_factory=dict)
    unlike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pairs: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def alternatives(self, undecided: Undecided) -> "list[Facts]":
        """The facts with the comparison decided: once true and once false, as far as both are possible."""
        symbol, excluded = undecided.symbol, (*self.unlike.get(undecided.symbol, ()), undecided.literal)
        facts = replace(self, pairs={**self.pairs, symbol: undecided.pair}) if undecided.pair else self
        left = [value for value in undecided.allowed if value not in excluded]
        alternatives = [facts.with_equal(symbol, undecided.literal)]
        if len(left) == 1:
            alternatives.append(facts.with_equal(symbol, left[0]))
        elif left or not undecided.allowed:
            alternatives.append(replace(facts, unlike={**self.unlike, symbol: excluded}))
        return [each for each in alternatives if each.is_possible()]

    def with_equal(self, symbol: str, literal: str) -> "Facts":
        """The facts, and that a symbol stands for a literal."""
        unlike = {other: excluded for other, excluded in self.unlike.items() if other != symbol}
        return replace(self, equal={**self.equal, symbol: literal}, unlike=unlike)

    def is_possible(self) -> bool:
        """Whether what is equal to each other is not different."""
        for symbol, (one, other) in self.pairs.items():
            is_same = self.equal.get(symbol) == "true"
            left, right = self.equal.get(one), self.equal.get(other)
            if left is not None and right is not None and (left == right) != is_same:
                return False
            if is_same and (left in self.unlike.get(other, ()) or right in self.unlike.get(one, ())):
                return False
        return True

    def words(self) -> tuple[str, ...]:
        """What is assumed, a sentence each."""
        equal = [_equal(symbol, literal) for symbol, literal in self.equal.items()]
        return (*equal, *(_unlike(symbol, excluded) for symbol, excluded in self.unlike.items()))


def _equal(symbol: str, literal: str) -> str:
    if symbol.startswith("Fn::Equals("):
        return f"{symbol} {'holds' if literal == 'true' else 'does not hold'}"
    return f"{_subject(symbol)} is {literal!r}"


def _unlike(symbol: str, excluded: tuple[str, ...]) -> str:
    if len(excluded) == 1:
        return f"{_subject(symbol)} is not {excluded[0]!r}"
    return f"{_subject(symbol)} is none of {', '.join(repr(each) for each in excluded)}"


def _subject(symbol: str) -> str:
    """What a symbol stands for, in words."""
    kind, _, name = symbol.partition(":")
    if kind == "parameter" and "." in name:
        stack, _, parameter = name.rpartition(".")
        return f"parameter {parameter} of {stack}"
    return symbol
