"""Guarantees that answers cross the same appliances as the packets that they answer."""

import pytest

from constructs_lattice.guarantees import Checker, Connection
from constructs_lattice.guarantees.result import Result
from tests.scenarios.scenario import HERE, read_scenario

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    """Networks with firewalls that some answers go past."""
    return read_scenario(HERE / "fw-4-symmetry.yaml").checker(tmp_path_factory.mktemp("symmetry"))


def _check(checker: Checker, to: str, **fields: object) -> Result:
    guarantee = {"id": "g", "from": "internet", "to": to, "port": 443, "expect": "reachable", "symmetric": True}
    return checker.check_one(Connection.model_validate(guarantee | fields))


def test_one_appliance_both_ways_holds(checker: Checker) -> None:
    """The witness is that of the connection."""
    result = _check(checker, "Both.Web")
    assert result.holds
    assert result.reasons == ()
    assert [hop.resource for hop in result.forward if hop.text == "inspects it"] == ["Both.Firewall"]


@pytest.mark.parametrize("stack", ["Some", "Strict"])
def test_answers_that_go_past_it_break_the_guarantee(checker: Checker, stack: str) -> None:
    """Also if they are those to some hosts only, and whatever the firewall does with such halves."""
    result = _check(checker, f"{stack}.Web")
    assert not result.holds
    assert str(result.reasons[0]) == (
        f"{stack}.Firewall: the answers of a path cross other appliances than the packets [FW-4]"
    )
    assert result.packet.startswith("tcp 9.0.0.0:")
    assert [hop.resource for hop in result.forward if hop.text == "inspects it"] == [f"{stack}.Firewall"]
    assert [hop.resource for hop in result.back if hop.text == "inspects it"] == []


def test_a_half_before_a_load_balancer_breaks_it(checker: Checker) -> None:
    """What is behind the load balancer crosses nothing, and that is no fault."""
    result = _check(checker, "Balanced.Nlb")
    assert not result.holds
    assert result.reasons[0].rule == "FW-4"


def test_a_path_without_appliances_is_not_symmetric(checker: Checker) -> None:
    """A guarantee that says nothing does not hold."""
    result = _check(checker, "None.Web")
    assert not result.holds
    assert [str(each) for each in result.reasons] == ["None.Web: a path crosses no appliance at all [FW-4]"]


def test_what_is_not_reachable_is_not_symmetric(checker: Checker) -> None:
    """Then the reasons are why it is not."""
    result = _check(checker, "Some.Web", **{"from": "ip:9.9.9.9"})
    assert not result.holds
    assert result.verdict == "unreachable"
