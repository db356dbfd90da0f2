"""The analyser and the lab agree about every question."""

from collections import Counter

import pytest

from tests.lab.comparison import Record, disagreements
from tests.lab.fixed_set import SEEDS

pytestmark = [pytest.mark.pure, pytest.mark.lab]


def test_the_analyser_and_the_lab_agree(records: list[Record]) -> None:
    """Of every network of the fixed set, about everybody and everything."""
    assert [record.seed for record in records] == list(SEEDS)
    assert [str(each) for record in records for each in disagreements(record)] == []


def test_the_set_has_answers_of_all_kinds(records: list[Record]) -> None:
    """Agreement about nothing but closed doors would be worth little."""
    verdicts = Counter(verdict for record in records for _, verdict in record.expected())
    assert verdicts["reachable"] > 1_000
    assert verdicts["unreachable"] > 1_000
    assert verdicts["unknown"] > 50
