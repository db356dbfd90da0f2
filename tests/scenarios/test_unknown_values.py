"""A value that nobody knows never turns a certain answer into the other one: it might be the value that was there."""

from contextlib import suppress
from pathlib import Path

import pytest

from constructs_lattice.errors import LatticeError
from constructs_lattice.guarantees import Checker
from tests.scenarios.changes import PARAMETER, changed, some_places
from tests.scenarios.scenario import all_scenarios

pytestmark = pytest.mark.pure

SCENARIOS = {each.name: each for each in all_scenarios()}

# Whose an address is, is asked of any host that may have it, if nobody is known to.
_ADDRESSES = {"PrivateIpAddress", "PrivateIpAddresses", "SubnetId", "NetworkInterfaces"}

# Which interface of an instance is its first one, and for which of two peered gateways a table is: nobody writes these
# with parameters. What a VPN connection leads to is taken to be nobody else's (ASSUME-DISTINCT).
_NEVER = (
    ("AWS::EC2::Instance", "DeviceIndex"),
    ("AWS::EC2::TransitGatewayRouteTable", "TransitGatewayId"),
    ("AWS::EC2::TransitGatewayRouteTableAssociation", "TransitGatewayRouteTableId"),
    ("AWS::EC2::VPNConnectionRoute", "DestinationCidrBlock"),
)


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_unknown_value_makes_no_answer_the_other_one(name: str, tmp_path: Path) -> None:
    """Some properties of each scenario become parameters without a value, one at a time."""
    scenario = SCENARIOS[name]
    certain = [question for question, _ in scenario.questions if question.expect != "unknown"]
    for index, place in some_places(scenario, 4):
        kind = scenario.stacks[index]["template"]["Resources"][place[0]]["Type"]
        if (kind, place[-1]) in _NEVER or not _ADDRESSES.isdisjoint(place):
            continue
        checker = Checker(changed(scenario, index, {place: {"Ref": PARAMETER}}).loaded(tmp_path))
        for question in certain:
            verdict = checker.ask(question).verdict
            assert verdict in (question.expect, "unknown"), f"{place}: {question.id} is {verdict}"


STRANGE: list[object] = [
    None,
    "",
    -1,
    1.5,
    True,
    "x",
    "300.1.1.1",
    "10.0.0.0/33",
    "5-1",
    [],
    [[]],
    {},
    {"a": {}},
    [None],
    99_999_999,
]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_strange_value_is_an_error_or_an_answer(name: str, tmp_path: Path) -> None:
    """Never anything else: no exception of Python's, whatever is asked."""
    scenario = SCENARIOS[name]
    for number, (index, place) in enumerate(some_places(scenario, 4, "strange")):
        value = STRANGE[(len(name) + 4 * number) % len(STRANGE)]
        strange = changed(scenario, index, {place: value})
        with suppress(LatticeError):
            checker = Checker(strange.loaded(tmp_path))
            for question, _ in scenario.questions:
                assert checker.ask(question).verdict in ("reachable", "unreachable", "unknown")
