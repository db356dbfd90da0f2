"""Bugs that are sown into the analyser are seen in the lab."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.lab.analyst import Analyst, agree
from tests.lab.comparison import Record
from tests.lab.fixed_set import SEEDS, SIGHTINGS
from tests.lab.generator import random_network
from tests.lab.mutants import MUTANTS

pytestmark = pytest.mark.pure


@cache
def _network(seed: int) -> Any:
    return random_network(seed)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_bug_is_caught(name: str) -> None:
    """Where it is sown, the analyser says something else than what was seen in the lab; where not, it does not."""
    seed, question, observed = SIGHTINGS[name]
    assert agree(Analyst(_network(seed)).verdict(question), observed)
    with pytest.MonkeyPatch.context() as patch:
        MUTANTS[name](patch)
        assert not agree(Analyst(_network(seed)).verdict(question), observed)


@pytest.mark.lab
def test_what_was_seen_in_the_lab_is_seen_again(records: list[Record]) -> None:
    """By real packets: what the bugs are compared with is as true as it was."""
    assert [record.seed for record in records] == list(SEEDS)
    seen = {record.seed: dict(record.expected()) for record in records}
    assert {name: seen[seed][question] for name, (seed, question, _) in SIGHTINGS.items()} == {
        name: observed for name, (_, _, observed) in SIGHTINGS.items()
    }


def test_every_bug_is_told() -> None:
    """The page about evidence lists them all, in the words of the code."""
    page = (Path(__file__).parents[2] / "docs" / "concepts" / "evidence.md").read_text()
    assert [f"| {name} | {sow.__doc__} |" for name, sow in MUTANTS.items()] == [
        line for line in page.splitlines() if line.startswith("| ") and line.split(" | ")[0][2:] in MUTANTS
    ]
