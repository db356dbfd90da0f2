"""Three-valued truth: yes, no, or unknown with the reasons; and what was assumed on the way.

Kleene's logic. It is monotone: an unknown that becomes known never turns a yes into a no, or a no into a yes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["NO", "YES", "Truth", "agreed", "all_of", "any_of", "assuming", "unknown"]


@dataclass(frozen=True, slots=True)
class Truth:
    """`value` is None for unknown; then there are reasons. `assumptions` are those that the value rests on."""

    value: bool | None
    reasons: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    @property
    def is_yes(self) -> bool:
        """Whether it is known to be so."""
        return self.value is True

    @property
    def is_no(self) -> bool:
        """Whether it is known not to be so."""
        return self.value is False

    @property
    def is_unknown(self) -> bool:
        """Whether nobody knows."""
        return self.value is None

    def __invert__(self) -> Truth:
        """The opposite; unknown stays unknown."""
        return self if self.value is None else Truth(not self.value, self.reasons, self.assumptions)

    def __and__(self, other: Truth) -> Truth:
        """Both."""
        return all_of((self, other))

    def __or__(self, other: Truth) -> Truth:
        """At least one."""
        return any_of((self, other))


YES = Truth(value=True)
NO = Truth(value=False)


def unknown(reason: str) -> Truth:
    """Unknown, and why."""
    return Truth(None, (reason,))


def assuming(truth: Truth, assumption: str) -> Truth:
    """The same, resting on one more assumption."""
    return Truth(truth.value, truth.reasons, _merged((truth.assumptions, (assumption,))))


def all_of(truths: Iterable[Truth]) -> Truth:
    """Whether all are so: no as soon as one is not."""
    return _combined(truths, decisive=False)


def any_of(truths: Iterable[Truth]) -> Truth:
    """Whether at least one is so: yes as soon as one is."""
    return _combined(truths, decisive=True)


def agreed(truths: Iterable[Truth], reason: str) -> Truth:
    """What all alternatives come to; unknown, for `reason` and theirs, if they differ."""
    found = list(truths)
    values = {each.value for each in found}
    if len(values) == 1:
        return Truth(
            found[0].value, _merged(each.reasons for each in found), _merged(each.assumptions for each in found)
        )
    return Truth(None, _merged([(reason,), *(each.reasons for each in found)]), _merged(e.assumptions for e in found))


def _combined(truths: Iterable[Truth], *, decisive: bool) -> Truth:
    others: list[Truth] = []
    settled: Truth | None = None
    for each in truths:
        if each.value is decisive:
            if not each.assumptions:
                return each
            # One that rests on nothing may still come.
            settled = settled or each
        else:
            others.append(each)
    if settled:
        return settled
    assumptions = _merged(each.assumptions for each in others)
    if reasons := _merged(each.reasons for each in others if each.value is None):
        return Truth(None, reasons, assumptions)
    return Truth(not decisive, (), assumptions)


def _merged(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for group in groups for text in group))
