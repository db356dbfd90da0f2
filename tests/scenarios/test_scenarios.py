"""Every scenario has the answers that AWS's documentation gives."""

import pytest

from constructs_lattice.guarantees import Checker, Connection
from tests.scenarios.scenario import Scenario, all_scenarios

pytestmark = pytest.mark.pure

SCENARIOS = {each.name: each for each in all_scenarios()}
QUESTIONS = [
    pytest.param(name, question, rule, id=f"{name}-{question.id}")
    for name, scenario in SCENARIOS.items()
    for question, rule in scenario.questions
]


@pytest.fixture(scope="module")
def checkers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Checker]:
    """The networks of all scenarios."""
    return {name: each.checker(tmp_path_factory.mktemp(name)) for name, each in SCENARIOS.items()}


@pytest.mark.parametrize(("name", "question", "rule"), QUESTIONS)
def test_the_answer_is_the_documented_one(
    checkers: dict[str, Checker], name: str, question: Connection, rule: str
) -> None:
    """And the rule that decides is among the reasons, where the scenario names it."""
    result = checkers[name].check_one(question)
    assert result.holds, "\n".join(result.lines())
    if rule:
        assert rule in {reason.rule for reason in result.reasons}, "\n".join(map(str, result.reasons))


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_scenario_names_the_pages_that_it_rests_on(scenario: Scenario) -> None:
    """AWS's own, and the rules that it is about."""
    assert scenario.rules
    assert scenario.pages
    assert all(page.startswith("https://docs.aws.amazon.com/") for page in scenario.pages)
