"""What is left of a template shows the same, and nothing in it can go."""

from typing import Any

import pytest

from tests.lab.generator import random_network
from tests.lab.reading import read
from tests.lab.shrinking import shrink

pytestmark = pytest.mark.pure


def test_only_what_matters_is_left() -> None:
    """Of a network, a host with what it stands in, and the one route that is looked for."""
    template = random_network(3)

    def show(templates: list[Any]) -> list[bool]:
        return [any(routes for routes in read(each).routes.values()) for each in templates]

    assert show([template]) == [True]
    left = shrink(template, {"Host1"}, show)
    types = sorted(each["Type"].removeprefix("AWS::EC2::") for each in left["Resources"].values())
    assert types == ["Instance", "Route", "RouteTable", "Subnet", "TransitGateway", "VPC"]
    assert left["Resources"]["Host1"]["Properties"].get("SecurityGroupIds", []) == []


def test_what_stays_can_be_read() -> None:
    """Nothing refers to what is gone, whatever is left out."""
    template = random_network(14)

    def show(templates: list[Any]) -> list[bool]:
        return [len(read(each).ports) >= 3 for each in templates]

    assert len(read(shrink(template, set(), show)).ports) == 3
