"""What of a firewall's rules is not known leaves its verdict open, and never makes a rule of another kind."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from constructs_lattice.errors import TemplateError
from constructs_lattice.guarantees import Checker, Connection
from tests.scenarios.scenario import HERE, Scenario, read_scenario

pytestmark = pytest.mark.pure

SCENARIO = read_scenario(HERE / "fw-2-policies.yaml")
UNKNOWN = {"Ref": "Secret"}


def _verdict(tmp_path: Path, stack: str, place: tuple[str | int, ...], value: object, port: int = 443) -> str:
    """Whether somebody on the internet reaches Web, with one property changed."""
    (changed,) = (deepcopy(each) for each in SCENARIO.stacks if each["name"] == stack)
    changed["template"]["Parameters"] = {"Secret": {"Type": "String"}}
    parent: Any = changed["template"]["Resources"]
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = value
    made = Scenario(name=stack, rules=(), pages=(), stacks=(changed,), questions=())
    question = {"id": "q", "from": "ip:91.0.0.1", "to": f"{stack}.Web", "port": port, "expect": "reachable"}
    return str(Checker(made.loaded(tmp_path)).check_one(Connection.model_validate(question)).verdict)


POLICY = ("Policy", "Properties", "FirewallPolicy")
STATELESS = (
    "First",
    "Properties",
    "RuleGroup",
    "RulesSource",
    "StatelessRulesAndCustomActions",
    "StatelessRules",
    0,
    "RuleDefinition",
    "MatchAttributes",
)
STATEFUL = ("Tuples", "Properties", "RuleGroup", "RulesSource", "StatefulRules", 0)
OPEN = {
    "the ports of a stateless rule": ("Stateless", (*STATELESS, "DestinationPorts", 0, "FromPort"), UNKNOWN, 443),
    "all ports of a stateless rule": ("Stateless", (*STATELESS, "DestinationPorts"), UNKNOWN, 443),
    "the protocols of a stateless rule": ("Stateless", (*STATELESS, "Protocols"), [UNKNOWN], 443),
    "the order of a stateless group": (
        "Stateless",
        (*POLICY, "StatelessRuleGroupReferences", 0, "Priority"),
        UNKNOWN,
        443,
    ),
    "the action of a stateful rule": ("Stateful", (*STATEFUL, "Action"), UNKNOWN, 22),
    "the options of a stateful rule": ("Stateful", (*STATEFUL, "RuleOptions"), UNKNOWN, 22),
    "the direction of a stateful rule": ("Stateful", (*STATEFUL, "Header", "Direction"), UNKNOWN, 22),
    "the port of a stateful rule": ("Stateful", (*STATEFUL, "Header", "DestinationPort"), UNKNOWN, 22),
    "a port that is none": ("Stateful", (*STATEFUL, "Header", "DestinationPort"), "22:21", 22),
    "the default of a strict policy": ("Strict", (*POLICY, "StatefulDefaultActions"), [UNKNOWN], 443),
    "the order of rules": ("Strict", (*POLICY, "StatefulEngineOptions", "RuleOrder"), UNKNOWN, 443),
    "an override": (
        "Stateful",
        (*POLICY, "StatefulRuleGroupReferences", 0, "Override"),
        {"Action": UNKNOWN},
        22,
    ),
}


@pytest.mark.parametrize(("stack", "place", "value", "port"), OPEN.values(), ids=OPEN)
def test_what_nobody_knows_leaves_the_verdict_open(
    tmp_path: Path, stack: str, place: tuple[str | int, ...], value: object, port: int
) -> None:
    """A parameter without a value may make the rule match, or not."""
    assert _verdict(tmp_path, stack, place, value, port) == "unknown"


def test_numbers_may_be_texts(tmp_path: Path) -> None:
    """Protocols, ports and priorities alike."""
    assert _verdict(tmp_path, "Stateless", (*STATELESS, "Protocols"), ["6"]) == "reachable"
    assert _verdict(tmp_path, "Stateless", (*STATELESS, "Protocols"), ["17"]) == "unreachable"
    assert _verdict(tmp_path, "Stateless", (*STATELESS, "DestinationPorts", 0, "FromPort"), "443") == "reachable"
    assert (
        _verdict(tmp_path, "Stateless", (*POLICY, "StatelessRuleGroupReferences", 0, "Priority"), "20") == "reachable"
    )


def test_drops_that_are_alerts_drop_nothing(tmp_path: Path) -> None:
    """An override of the policy says so."""
    place = (*POLICY, "StatefulRuleGroupReferences", 0, "Override")
    assert _verdict(tmp_path, "Stateful", place, {"Action": "DROP_TO_ALERT"}, 22) == "reachable"


def test_a_port_that_is_no_number_is_an_error(tmp_path: Path) -> None:
    """With its place."""
    with pytest.raises(TemplateError) as caught:
        _verdict(tmp_path, "Stateless", (*STATELESS, "DestinationPorts", 0, "FromPort"), "https")
    assert str(caught.value).endswith("a whole number is needed, got 'https'")
