"""The sample cases, and cases of our own in the same format: one folder each, adding one adds no Python.

Those from 001 on are the samples; those from 101 on are ours. `doc` names the AWS pages that the answers follow from,
`why` the rule.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from constructs_lattice.authorization import Answer, Caller, Expectation, Request
from tests.authorization.estates import answer

pytestmark = pytest.mark.pure

CASES = Path(__file__).parent / "cases"


def _guarantees() -> Iterator[Any]:
    for folder in sorted(CASES.iterdir()):
        for guarantee in yaml.safe_load((folder / "case.yaml").read_text())["guarantees"]:
            yield pytest.param(folder, guarantee, id=f"{folder.name}-{guarantee['id']}")


@pytest.mark.parametrize(("folder", "guarantee"), list(_guarantees()))
def test_a_case_is_answered_as_documented(folder: Path, guarantee: dict[str, Any]) -> None:
    """The decision, who refuses, and where the request is routed; the reasons are never empty."""
    decision = answer(folder / "case.yaml", Caller.parse(guarantee["caller"]), Request.parse(guarantee["request"]))
    explained = "\n".join(str(reason) for reason in decision.reasons)
    assert Expectation.parse(guarantee["expect"]).holds(decision) is True, f"{decision.to_dict()}\n{explained}"
    assert decision.reasons


def test_every_level_refuses_somewhere() -> None:
    """The cases have a denial by each level, and an answer of each kind."""
    expected = [guarantee["expect"] for folder in CASES.iterdir() for guarantee in _read(folder)]
    assert {each.get("denied_by") for each in expected} - {None} == {
        "network-association",
        "security-group",
        "identity",
        "network",
        "service",
    }
    assert {each["authorized"] for each in expected} == {answer.value for answer in Answer}


def _read(folder: Path) -> list[dict[str, Any]]:
    guarantees: list[dict[str, Any]] = yaml.safe_load((folder / "case.yaml").read_text())["guarantees"]
    return guarantees
