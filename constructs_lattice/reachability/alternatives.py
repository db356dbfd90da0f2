"""Several ends that one name stands for, and the answer for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from constructs_lattice.reachability.answer import Answer, Verdict, any_of, each_of
from constructs_lattice.reachability.ends import End, Host, Site
from constructs_lattice.reachability.reason import Reason

__all__ = ["combined"]


def combined(answers: Sequence[tuple[End, Answer | None]]) -> Answer | None:
    """One interface that works is enough; of alternatives, of which one will be there, all have to."""
    sure: list[Answer] = []
    alternatives: list[Answer] = []
    owner = ""
    elsewhere: list[Answer] = []
    for end, answer in answers:
        if answer is None:
            continue
        if isinstance(end, Site) and end.is_elsewhere:
            elsewhere.append(answer)
        elif isinstance(end, Host) and end.interface.alternatives:
            alternatives.append(answer)
            owner = end.interface.owners[0]
        else:
            sure.append(answer)
    if alternatives:
        sure.append(each_of(alternatives, Reason("RES-6", owner, "in which of its subnets it is, is not known")))
    # That nobody else has the address is no reason, where somebody has it.
    sure += [each for each in elsewhere if each.verdict is not Verdict.UNREACHABLE] if sure else elsewhere
    return any_of(sure) if sure else None
