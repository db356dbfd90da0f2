"""The coverage table of the documentation is what the scenarios and the engine say."""

import re
from pathlib import Path

import pytest

from constructs_lattice.reachability.assumptions import ASSUMPTIONS
from tests.scenarios.scenario import all_scenarios

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/concepts/reachability.md").read_text()
ROW = re.compile(r"^\| ([A-Z]+-\d+) \| (.+) \| (answered|in part|unknown|assumed)\b(.*) \|$", re.MULTILINE)
ANSWERS = {rule: answer for rule, _, answer, _ in ROW.findall(PAGE)}

RULES = [
    f"{group}-{number}"
    for group, last in {
        "RES": 9,
        "SG": 13,
        "NACL": 10,
        "RT": 13,
        "TGW": 12,
        "EP": 7,
        "LB": 10,
        "FW": 5,
        "VPN": 1,
        "LAT": 12,
    }.items()
    for number in range(1, last + 1)
]
"""The rules by which AWS decides."""

SCENARIOS = list(all_scenarios())


def test_the_table_lists_every_rule() -> None:
    """Once each, in order, in a line with an answer that is one of four."""
    assert re.findall(r"^\| ([A-Z]+-\d+) \|", PAGE, re.MULTILINE) == RULES
    assert list(ANSWERS) == RULES


def test_what_the_scenarios_leave_unknown_is_unknown_in_the_table() -> None:
    """And the other way round: no more, and no less."""
    unknown = {rule for each in SCENARIOS for question, rule in each.questions if question.expect == "unknown"}
    assert "" not in unknown, "a question whose answer is unknown names the rule that leaves it so"
    assert unknown == {rule for rule, answer in ANSWERS.items() if answer in ("in part", "unknown")}


@pytest.mark.parametrize("rule", [rule for rule, answer in ANSWERS.items() if answer in ("answered", "in part")])
def test_what_is_answered_has_a_scenario_with_a_certain_answer(rule: str) -> None:
    """Rules about requests to VPC Lattice have cases or tests that name them instead."""
    certain = {each for one in SCENARIOS for each in one.rules if any(q.expect != "unknown" for q, _ in one.questions)}
    assert rule in certain or rule in _named_by_authorization()


@pytest.mark.parametrize("rule", [rule for rule, answer in ANSWERS.items() if answer == "unknown"])
def test_what_is_unknown_is_never_answered(rule: str) -> None:
    """No scenario gives a certain answer for the reason of such a rule."""
    certain = {
        named for each in SCENARIOS for question, named in each.questions if named and question.expect != "unknown"
    }
    assert rule not in certain


def test_reasons_name_rules_of_the_table() -> None:
    """Whatever the engine says."""
    sources = [each.read_text() for each in (ROOT / "constructs_lattice/reachability").glob("*.py")]
    named = {rule for source in sources for rule in re.findall(r'"([A-Z]+-\d+)"', source)}
    assert named
    assert named <= set(ANSWERS)


def test_the_page_lists_every_assumption() -> None:
    """As answers tell them."""
    assert dict(re.findall(r"^\| (ASSUME-[A-Z-]+) \| (.+) \|$", PAGE, re.MULTILINE)) == ASSUMPTIONS


def _named_by_authorization() -> set[str]:
    files = [each for each in (ROOT / "tests/authorization").rglob("*") if each.suffix in (".py", ".yaml")]
    return {rule for file in files for rule in re.findall(r"\bLAT-\d+\b", file.read_text())}
