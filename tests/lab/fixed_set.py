"""The networks that every run of the tests builds: those in which the bugs that are sown are seen, and some more.

`python -m tests.lab.fixed_set` finds others for the bugs when the generator has changed.
"""

from __future__ import annotations

import argparse
import fcntl
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.lab.comparison import Mismatch, Record, compare, disagreements
from tests.lab.generator import random_network
from tests.lab.lab import Lab, Observation, Question
from tests.lab.mutants import MUTANTS
from tests.lab.questions import questions_about

__all__ = ["SEEDS", "SIGHTINGS", "Sighting", "observed_once"]

_FILE = Path(__file__).parent / "sightings.json"


class Sighting(NamedTuple):
    """A question that a bug answers in another way than the lab: what is seen there."""

    seed: int
    question: Question
    observed: str


def _recorded() -> Iterator[tuple[str, Sighting]]:
    for bug, (seed, question, observed) in json.loads(_FILE.read_text()).items():
        yield bug, Sighting(seed, Question(*question), observed)


SIGHTINGS: dict[str, Sighting] = dict(_recorded())
"""For each bug, where it is seen."""

SEEDS: tuple[int, ...] = tuple(sorted({each.seed for each in SIGHTINGS.values()} | {*range(1_000, 1_050)}))


def observed_once(directory: Path) -> list[Record]:
    """The records of the set, made by the first of several processes that share a directory.

    Raises `LabUnavailableError` where there is no lab.
    """
    path = directory / "lab.json"
    with (directory / "lab.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            with Lab() as lab:
                path.write_text(json.dumps([_written(record) for record, _ in compare(lab, SEEDS)]))
    return [_read(*each) for each in json.loads(path.read_text())]


def _written(record: Record) -> tuple[int, list[tuple[Question, str]]]:
    return record.seed, list(record.observed.items())


def _read(seed: int, observed: list[tuple[tuple[str, str, str, int], str]]) -> Record:
    found = {Question(*question): Observation(observation) for question, observation in observed}
    return Record(seed=seed, template=random_network(seed), observed=found)


def _sightings(records: Iterable[Record]) -> dict[str, Sighting]:
    """For each bug, a question of the first network that shows it."""
    seen: dict[str, Sighting] = {}
    for record in records:
        for name in [each for each in MUTANTS if each not in seen]:
            mismatch = _shown(record, name)
            if mismatch is not None:
                seen[name] = Sighting(record.seed, mismatch.question, mismatch.observed)
        if len(seen) == len(MUTANTS):
            break
    return {name: seen[name] for name in MUTANTS if name in seen}


def _shown(record: Record, name: str) -> Mismatch | None:
    with pytest.MonkeyPatch.context() as patch:
        MUTANTS[name](patch)
        return next(disagreements(record), None)


def _observed(networks: int) -> Iterator[Record]:
    """What came of networks in the lab, small ones first."""
    seeds = sorted(range(networks), key=lambda seed: len(questions_about(random_network(seed), seed)))
    with Lab() as lab:
        for record, mismatches in compare(lab, seeds):
            for each in mismatches:
                print(each)
            yield record


def _write(records: Iterable[Record]) -> None:
    """Record where each bug is seen."""
    found = _sightings(records)
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(sighting)}" for name, sighting in found.items())
    _FILE.write_text(f"{{\n{lines}\n}}\n")
    print(f"{len(found)} bugs in {len({each.seed for each in found.values()})} networks")
    for name in [each for each in MUTANTS if each not in found]:
        print(f"not shown: {name}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.lab.fixed_set")
    parser.add_argument("--networks", type=int, default=600, help="how many to choose from")
    _write(_observed(parser.parse_args().networks))
