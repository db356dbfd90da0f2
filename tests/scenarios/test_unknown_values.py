"""A value that nobody knows never turns a certain answer into the other one: it might be the value that was there."""

from contextlib import suppress
from pathlib import Path

import pytest

from constructs_lattice.errors import LatticeError
from constructs_lattice.guarantees import Checker
from tests.scenarios.changes import PARAMETER, Place, changed, places, some_places
from tests.scenarios.scenario import all_scenarios

pytestmark = pytest.mark.pure

SCENARIOS = {each.name: each for each in all_scenarios()}


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_unknown_value_makes_no_answer_the_other_one(name: str, tmp_path: Path) -> None:
    """Some properties of each scenario become parameters without a value, one at a time."""
    scenario = SCENARIOS[name]
    certain = [question for question, _ in scenario.questions if question.expect != "unknown"]
    for index, place in some_places(scenario, 4):
        checker = Checker(changed(scenario, index, {place: {"Ref": PARAMETER}}).loaded(tmp_path))
        for question in certain:
            verdict = checker.ask(question).verdict
            assert verdict in (question.expect, "unknown"), f"{place}: {question.id} is {verdict}"


# Values on which something hangs that is easily overlooked: whose an address is, which end of a peering is meant, how
# long a prefix is.
SUBTLE: list[tuple[str, Place]] = [
    ("fw-4-symmetry", ("Private", "Properties", "VpcId")),
    ("lb-3-network-balancers", ("App", "Properties", "PrivateIpAddress")),
    ("lb-3-network-balancers", ("App", "Properties", "SubnetId")),
    ("lb-4-peered-targets", ("RightSubnet", "Properties", "VpcId")),
    ("lb-4-peered-targets", ("Server", "Properties", "PrivateIpAddress")),
    ("lb-4-peered-targets", ("Server", "Properties", "SubnetId")),
    ("res-6-addresses", ("LeftSubnet", "Properties", "VpcId")),
    ("res-6-addresses", ("RightSubnet", "Properties", "VpcId")),
    ("res-6-addresses", ("Server", "Properties", "PrivateIpAddress")),
    ("res-6-addresses", ("Server", "Properties", "SubnetId")),
    ("rt-2-order", ("Part", "Properties", "DestinationCidrBlock")),
    ("rt-2-order", ("Part", "Properties", "VpnConnectionId")),
    ("rt-2-order", ("Propagates", "Properties", "VpnGatewayId")),
    ("rt-2-order", ("Vpn", "Properties", "VpnGatewayId")),
    ("rt-4-interfaces", ("Box", "Properties", "PrivateIpAddresses")),
    ("rt-4-interfaces", ("Box", "Properties", "PrivateIpAddresses", 0)),
    ("rt-4-interfaces", ("Box", "Properties", "PrivateIpAddresses", 0, "PrivateIpAddress")),
    ("rt-4-interfaces", ("Box", "Properties", "SubnetId")),
    ("rt-4-interfaces", ("Private", "Properties", "VpcId")),
    ("rt-4-interfaces", ("Web", "Properties", "NetworkInterfaces")),
    ("rt-4-interfaces", ("Web", "Properties", "NetworkInterfaces", 1)),
    ("rt-4-interfaces", ("Web", "Properties", "NetworkInterfaces", 1, "DeviceIndex")),
    ("rt-4-interfaces", ("Web", "Properties", "NetworkInterfaces", 1, "PrivateIpAddress")),
    ("rt-4-interfaces", ("Web", "Properties", "NetworkInterfaces", 1, "SubnetId")),
    ("rt-6-tiers", ("Nat", "Properties", "PrivateIpAddress")),
    ("rt-6-tiers", ("Nat", "Properties", "SubnetId")),
    ("rt-7-regional-nat", ("Attached", "Properties", "VpcId")),
    ("tgw-2-routes", ("Right", "Properties", "CidrBlock")),
    ("tgw-8-peering", ("FarPeeringIn", "Properties", "TransitGatewayRouteTableId")),
    ("tgw-8-peering", ("FarTable", "Properties", "TransitGatewayId")),
]


@pytest.mark.parametrize(("name", "place"), SUBTLE)
def test_a_subtle_value_makes_no_answer_the_other_one(name: str, place: Place, tmp_path: Path) -> None:
    """In any of the scenario's stacks that says it."""
    scenario = SCENARIOS[name]
    said = [each for each in places(scenario) if each[1] == place]
    assert said
    for index, _ in said:
        checker = Checker(changed(scenario, index, {place: {"Ref": PARAMETER}}).loaded(tmp_path))
        for question in (question for question, _ in scenario.questions if question.expect != "unknown"):
            assert checker.ask(question).verdict in (question.expect, "unknown"), question.id


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
