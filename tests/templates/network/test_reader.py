"""Reading properties that are known in parts: what nobody knows is never taken for what is not there."""

import pytest

from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.network.reader import unknown_items, within
from constructs_lattice.templates.values import Reference, ResourceId, Text, Value

pytestmark = pytest.mark.pure

OTHER = Reference(ResourceId("Shop", "Other"), "Forward")
PARTLY = Text((OTHER, "-group"))


@pytest.mark.parametrize("value", [OTHER, PARTLY])
def test_what_is_within_something_that_the_deployment_knows_is_unknown(value: Value) -> None:
    """A mapping may come out of it, with this key or without."""
    found = within({"ForwardConfig": value}, "ForwardConfig", "TargetGroups")
    assert found == Unknown(f"{value} is known at the deployment only", symbol=str(value))
    assert within({"ForwardConfig": value}, "ForwardConfig") == value


def test_what_is_not_there_is_not_there() -> None:
    """Neither a missing key nor a plain text in the place of a mapping is a doubt."""
    assert within({}, "ForwardConfig", "TargetGroups") is None
    assert within({"ForwardConfig": "text"}, "ForwardConfig", "TargetGroups") is None


def test_entries_that_the_deployment_knows_are_doubts() -> None:
    """Entries that are said are none."""
    doubt = Unknown("nobody knows")
    found = list(unknown_items([{"Type": "forward"}, doubt, PARTLY]))
    assert found == [doubt, Unknown(f"{PARTLY} is known at the deployment only", symbol=str(PARTLY))]
