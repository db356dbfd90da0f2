"""Stacks of templates that are written in the tests."""

from collections.abc import Mapping
from pathlib import Path

from constructs_lattice.templates import Application, Case, Estate, Reference, ResourceId, Value
from constructs_lattice.templates.definition import Given, StackDefinition
from constructs_lattice.templates.template import make_template
from constructs_lattice.templates.yaml_text import read_yaml


def stack(
    text: str,
    *,
    name: str = "Shop",
    region: str | None = "eu-west-1",
    account: str | None = "111111111111",
    parameters: Mapping[str, Given] | None = None,
) -> StackDefinition:
    """A stack of a template in YAML."""
    template = make_template(Path("shop.yaml"), read_yaml("shop.yaml", text))
    return StackDefinition(
        name=name, stack_name=name, template=template, region=region, account=account, parameters=parameters or {}
    )


def cases(*stacks: StackDefinition, most: int = 32) -> list[Case]:
    """What the stacks can come to."""
    return Application(stacks=stacks).cases(most)


def estate(*stacks: StackDefinition) -> Estate:
    """What the stacks come to, when that is one estate."""
    ((_, found),) = cases(*stacks)
    return found


THING = """
Resources:
  Thing:
    Type: X::Y::Z
    Properties:
      P: EXPRESSION
  Other: {Type: X::Y::Z}
"""


def value(
    expression: str, *, sections: str = "", region: str | None = "eu-west-1", account: str | None = "111111111111"
) -> Value:
    """What an expression comes to, as a property of a resource."""
    text = sections + THING.replace("EXPRESSION", expression)
    return estate(stack(text, region=region, account=account)).find("Shop.Thing").get("P")


def reference(logical_id: str, attribute: str = "", *, name: str = "Shop") -> Reference:
    """A reference to a resource of a stack."""
    return Reference(ResourceId(name, logical_id), attribute)
