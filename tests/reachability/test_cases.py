"""The documented cases: templates, questions, and the answers that AWS's documentation gives."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from constructs_lattice.guarantees import Checker, Connection, read_guarantees
from constructs_lattice.templates import load

pytestmark = pytest.mark.pure

CASES = Path(__file__).parent / "cases"


@cache
def _checker(path: Path) -> Checker:
    return Checker(load(path))


def _guarantees() -> Iterator[object]:
    for path in sorted(CASES.glob("*/case.yaml")):
        for guarantee in read_guarantees(path).guarantees:
            yield pytest.param(path, guarantee, id=f"{path.parent.name}-{guarantee.id}")


GUARANTEES = list(_guarantees())


@pytest.mark.parametrize(("path", "guarantee"), GUARANTEES)
def test_the_answer_is_the_documented_one(path: Path, guarantee: Connection) -> None:
    """Each folder says the pages that its answers rest on, and why."""
    result = _checker(path).check_one(guarantee)
    assert result.verdict == guarantee.expect, "\n".join(result.lines())


@pytest.mark.parametrize(("path", "guarantee"), GUARANTEES)
def test_an_answer_says_what_speaks_for_it(path: Path, guarantee: Connection) -> None:
    """A witness with its way and that of the answers; what blocks; or what is missing."""
    result = _checker(path).check_one(guarantee)
    if result.verdict == "reachable":
        assert result.packet
        assert result.forward
    else:
        assert result.reasons
        assert all(reason.rule and reason.text for reason in result.reasons)
