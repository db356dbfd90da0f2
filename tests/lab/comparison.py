"""Two implementations of one network, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from tests.lab.analyst import LEFT_OPEN, Analyst, agree
from tests.lab.generator import random_network
from tests.lab.lab import Lab, Observation, Question
from tests.lab.questions import questions_about
from tests.lab.shrinking import shrink
from tests.lab.wiring import INTERNET, INTERNET_HOSTS

__all__ = ["Mismatch", "Record", "compare", "disagreements", "minimized"]

_BATCH = 8
_BEST_FIRST = ("reachable", "unknown", "unreachable")


class Mismatch(NamedTuple):
    """What the analyser says, and what came of it."""

    seed: int
    question: Question
    verdict: str
    observed: str

    def __str__(self) -> str:
        """In a line."""
        return f"network {self.seed}: {self.question}: {self.verdict} by the analyser, {self.observed} in the lab"


@dataclass(kw_only=True)
class Record:
    """A network, and what came of all questions about it; `left_open`: how much of it the analyser does not decide."""

    seed: int
    template: Any
    observed: dict[Question, Observation] = field(default_factory=dict)
    left_open: int = 0

    @property
    def probes(self) -> int:
        """How many connections were tried."""
        return sum(map(len, self.observed.values()))

    def expected(self) -> Iterator[tuple[Question, str]]:
        """All verdicts that follow from what came of the questions.

        Besides the questions themselves: about the internet, of whose hosts any will do; and about any port of any
        protocol, where one was found.
        """
        yield from ((question, observation.verdict) for question, observation in self.observed.items())
        for question, parts in _combined(self.observed).items():
            verdicts = {self.observed[each].verdict for each in parts}
            best = next(each for each in _BEST_FIRST if each in verdicts)
            if question.protocol != "any" or best == "reachable":
                yield question, best


def _combined(questions: Iterable[Question]) -> dict[Question, list[Question]]:
    """Questions for which any of several will do, each with these."""
    found: dict[Question, list[Question]] = {}
    for each in questions:
        found.setdefault(each._replace(protocol="any", port=0), []).append(each)
        if each.source in INTERNET_HOSTS:
            found.setdefault(each._replace(source=INTERNET), []).append(each)
        if each.target in INTERNET_HOSTS:
            found.setdefault(each._replace(target=INTERNET), []).append(each)
    return found


def compare(lab: Lab, seeds: Iterable[int]) -> Iterator[tuple[Record, list[Mismatch]]]:
    """Build the networks of these seeds, some at a time, and try everything. What does not agree is tried again."""
    waiting = iter(seeds)
    while batch := [Record(seed=seed, template=random_network(seed)) for seed in islice(waiting, _BATCH)]:
        asked = [questions_about(each.template, each.seed) for each in batch]
        yield from _try(lab, batch, asked)


def _try(lab: Lab, batch: list[Record], asked: list[list[Question]]) -> Iterator[tuple[Record, list[Mismatch]]]:
    lab.build([each.template for each in batch], asked)
    analysts = [Analyst(each.template) for each in batch]  # while the lab is at work
    verdicts = [
        {question: analyst.verdict(question) for question in [*questions, *_combined(questions)]}
        for analyst, questions in zip(analysts, asked, strict=True)
    ]
    for record, questions, observed in zip(batch, asked, lab.observations(), strict=True):
        record.observed = dict(zip(questions, observed, strict=True))
    odd = [
        (number, asked[number].index(question))
        for number, record in enumerate(batch)
        for question in _parts(record, _differing(record, verdicts[number]))
    ]
    for (number, place), observation in zip(odd, lab.again(odd) if odd else [], strict=True):
        batch[number].observed[asked[number][place]] = observation
    for record, said in zip(batch, verdicts, strict=True):
        record.left_open = sum(
            said[question] == LEFT_OPEN and verdict != "unknown" for question, verdict in record.expected()
        )
        yield record, _differing(record, said)


def _differing(record: Record, verdicts: dict[Question, str]) -> list[Mismatch]:
    return [
        Mismatch(record.seed, question, verdicts[question], expected)
        for question, expected in record.expected()
        if not agree(verdicts[question], expected)
    ]


def _parts(record: Record, mismatches: list[Mismatch]) -> list[Question]:
    """The questions that were really asked."""
    combined = _combined(record.observed)
    found = [part for each in mismatches for part in combined.get(each.question, [each.question])]
    return list(dict.fromkeys(found))


def disagreements(record: Record) -> Iterator[Mismatch]:
    """Where the analyser says something else now than what came of it."""
    analyst = Analyst(record.template)
    for question, expected in record.expected():
        verdict = analyst.verdict(question)
        if not agree(verdict, expected):
            yield Mismatch(record.seed, question, verdict, expected)


def minimized(lab: Lab, mismatch: Mismatch) -> Any:
    """The smallest template in which the two disagree about the question in the same way."""
    template = random_network(mismatch.seed)
    parts = _combined(questions_about(template, mismatch.seed)).get(mismatch.question, [mismatch.question])
    ends = {each for part in parts for each in (part.source, part.target) if each not in INTERNET_HOSTS}

    def show(templates: list[Any]) -> list[bool]:
        batch = [Record(seed=mismatch.seed, template=each) for each in templates]
        found = _try(lab, batch, [parts] * len(batch))
        return [mismatch in differing for _, differing in found]

    return shrink(template, ends, show)
