"""The ranges of ports that are treated alike."""

from pathlib import Path

import pytest

from constructs_lattice.guarantees import Checker, Survey
from constructs_lattice.reachability import Protocol
from tests.scenarios import scenario

pytestmark = pytest.mark.pure


def test_what_a_firewall_drops_is_not_among_what_it_passes(tmp_path: Path) -> None:
    """Rules of firewalls tell ports apart, as those of security groups do: the survey asks at each of them."""
    policies = scenario.read_scenario(scenario.HERE / "fw-2-policies.yaml")
    found = Survey(Checker(policies.loaded(tmp_path))).reach("ip:91.0.0.1")
    assert str(found["Stateful.Web", Protocol.TCP]) == "0-21, 23-8079, 8080?, 8081-65535"
