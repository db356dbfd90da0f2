"""What is shaped like a template, and what is not."""

import pytest

from constructs_lattice.errors import TemplateError
from tests.templates.stacks import estate, stack

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Resources: []", "shop.yaml: Resources must be a mapping, got a list"),
        ("Resources: {A: null}", "shop.yaml: Resources.A must be a mapping, got null"),
        ("Resources: {A: {Properties: {}}}", "shop.yaml:1: Resources.A has no Type"),
        ("Resources: {A: {Type: [x]}}", "shop.yaml:1: Resources.A.Type must be text, got a list"),
        (
            "Resources: {A: {Type: X, Properties: [1]}}",
            "shop.yaml:1: Resources.A.Properties must be a mapping, got a list",
        ),
        (
            "Resources:\n  A: {Type: X, Condition: {Condition: B}}",
            "shop.yaml:2: Resources.A.Condition must be the name of a condition, got a mapping",
        ),
        ("Parameters: {A: {Default: x}}", "shop.yaml:1: Parameters.A has no Type"),
        ("Parameters: {A: {Type: 1}}", "shop.yaml:1: Parameters.A.Type must be text, got a number"),
        ("Outputs: {A: {Export: {Name: x}}}", "shop.yaml:1: Outputs.A has no Value"),
        ("Mappings: 'x'", "shop.yaml: Mappings must be a mapping, got the text 'x'"),
        ("Conditions: true", "shop.yaml: Conditions must be a mapping, got a boolean"),
        ("Transform: 1", "shop.yaml: Transform must name macros, got a number"),
        ("Transform: [{Parameters: {}}]", "shop.yaml: Transform must name macros, got null"),
        (
            "Resources: {A: {Type: X, Condition: B}}",
            "shop.yaml:1: Resources.A.Condition: there is no condition 'B'",
        ),
    ],
)
def test_what_is_not_shaped_like_a_template_is_an_error(text: str, message: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html."""
    with pytest.raises(TemplateError) as caught:
        estate(stack(text))
    assert str(caught.value) == message


def test_an_unknown_type_is_a_resource_like_any_other() -> None:
    """Third-party types, and types that are newer than this library, keep their properties."""
    found = estate(stack("Resources: {A: {Type: Acme::New::Thing, Properties: {P: 1}}}")).find("Shop.A")
    assert (found.type, found.properties) == ("Acme::New::Thing", {"P": 1})


@pytest.mark.parametrize(
    "text", ["Resources: {A: {Type: X, Properties: null}}", "Resources: {A: {Type: X}}\nOutputs:\n"]
)
def test_what_is_empty_is_absent(text: str) -> None:
    """A key without anything behind it is a habit of those who write YAML."""
    assert estate(stack(text)).find("Shop.A").properties == {}
