"""Texts in policies mean themselves, unless a wildcard is meant."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lattice.vpc_lattice.policy_text import has_wildcard, literal, literal_in_pattern


@pytest.mark.parametrize(
    ("text", "written", "in_a_pattern"),
    [
        ("/orders", "/orders", "/orders"),
        ("a*b?c", "a*b?c", "a${*}b${?}c"),
        ("${aws:username}", "${$}{aws:username}", "${$}{aws:username}"),
        ("5$ {x}", "5$ {x}", "5$ {x}"),
        ("${Token[A.1]}*", "${Token[A.1]}*", "${Token[A.1]}${*}"),
        ("${${Token[A.1]}?", "${$}{${Token[A.1]}?", "${$}{${Token[A.1]}${?}"),
    ],
)
def test_what_policies_would_read_is_written_so_that_they_do_not(text: str, written: str, in_a_pattern: str) -> None:
    """Wildcards and variables; what stands for a value of the deployment stays as it is."""
    assert literal(text) == written
    assert literal_in_pattern(text) == in_a_pattern


def test_a_token_keeps_its_meaning() -> None:
    """A role's ARN is resolved after it was written."""
    stack = cdk.Stack(cdk.App(), "Shop")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    assert stack.resolve(literal_in_pattern(f"{role.role_arn}*")) == {
        "Fn::Join": ["", [stack.resolve(role.role_arn), "${*}"]]
    }


def test_wildcards_are_two() -> None:
    """Any text, and any one character."""
    assert [has_wildcard(text) for text in ("/a", "/a*", "/?", "[a]")] == [False, True, True, False]
