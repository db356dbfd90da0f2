"""Conditions of rules: every kind is rendered, and only what CloudFormation takes can be said."""

from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lattice import ArgumentError, HeaderMatch, Match, Method
from constructs_lattice.vpc_lattice.match import IN_RULES

HEADER = HeaderMatch.exact("x-stage", "beta")


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (HeaderMatch.exact("x", "y"), {"name": "x", "caseSensitive": False, "match": {"exact": "y"}}),
        (HeaderMatch.prefix("x", "y"), {"name": "x", "caseSensitive": False, "match": {"prefix": "y"}}),
        (HeaderMatch.contains("x", "y"), {"name": "x", "caseSensitive": False, "match": {"contains": "y"}}),
        (
            HeaderMatch.contains("x", "y", case_sensitive=True),
            {"name": "x", "caseSensitive": True, "match": {"contains": "y"}},
        ),
    ],
)
def test_a_header_has_one_condition(stack: cdk.Stack, header: HeaderMatch, expected: dict[str, Any]) -> None:
    """The kind that was asked for: an earlier attempt elsewhere lost prefixes and parts."""
    assert stack.resolve(header.rendered()) == expected


@pytest.mark.parametrize("case_sensitive", [True, False])
@pytest.mark.parametrize(("make", "kind"), [(Match.path_exact, "exact"), (Match.path_prefix, "prefix")])
def test_whether_case_counts_is_always_said(stack: cdk.Stack, make: Any, kind: str, case_sensitive: bool) -> None:
    """CloudFormation's default for paths is the opposite of the service's."""
    match = make("/orders", case_sensitive=case_sensitive)
    assert stack.resolve(match.rendered()) == {
        "httpMatch": {"pathMatch": {"caseSensitive": case_sensitive, "match": {kind: "/orders"}}}
    }


def test_all_conditions_go_together(stack: cdk.Stack) -> None:
    """A method with headers, whatever the path."""
    match = Match.method_is(Method.DELETE, headers=[HEADER])
    assert stack.resolve(match.rendered()) == {
        "httpMatch": {
            "method": "DELETE",
            "headerMatches": [{"name": "x-stage", "caseSensitive": False, "match": {"exact": "beta"}}],
        }
    }


@pytest.mark.parametrize("method", IN_RULES)
def test_the_methods_are_those_of_cloudformation(stack: cdk.Stack, method: Method) -> None:
    """They are rendered as they are called."""
    assert stack.resolve(Match.method_is(method).rendered()) == {"httpMatch": {"method": method.value}}


def test_patch_is_not_among_the_methods_of_rules() -> None:
    """CloudFormation refuses it, although the service and its policies know it."""
    assert {method.value for method in Method} - {"PATCH"} == set(IN_RULES)
    assert set(IN_RULES) == {
        "CONNECT",
        "DELETE",
        "GET",
        "HEAD",
        "OPTIONS",
        "POST",
        "PUT",
        "TRACE",
    }


def test_the_limits_themselves_pass() -> None:
    """The longest path, the longest header, five headers, every character that a path may have."""
    longest = HeaderMatch.prefix("n" * 40, "v" * 128)
    assert len(Match.header_is(*[longest] * 5).headers) == 5
    assert Match.path_exact("/" + "a" * 127).path == "/" + "a" * 127
    assert Match.path_prefix("/aZ9@:%_+.~#?&/=-").path == "/aZ9@:%_+.~#?&/=-"


def test_tokens_pass(stack: cdk.Stack) -> None:
    """In paths, and in headers' names and values."""
    parameter = cdk.CfnParameter(stack, "P").value_as_string
    match = Match.path_prefix(parameter, headers=[HeaderMatch.exact(parameter, parameter)])
    assert stack.resolve(match.rendered()) == {
        "httpMatch": {
            "pathMatch": {"caseSensitive": True, "match": {"prefix": {"Ref": "P"}}},
            "headerMatches": [{"name": {"Ref": "P"}, "caseSensitive": False, "match": {"exact": {"Ref": "P"}}}],
        }
    }


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (Match, "match: there must be a path, a method or a header, got none of them"),
        (lambda: Match.path_exact(""), "match: path must be 1 to 128 characters long, got '' (0)"),
        (
            lambda: Match.path_exact("/a b"),
            "match: path must begin with / and hold the characters of a URL only, got '/a b'",
        ),
        (
            lambda: Match.path_prefix("/a*", method=Method.GET),
            "match: path must begin with / and hold the characters of a URL only, got '/a*'",
        ),
        (lambda: Match.header_is(*[HEADER] * 6), "match: there must be 0 to 5 headers, got 6"),
        (lambda: Match.method_is(Method.GET, headers=[HEADER] * 6), "match: there must be 0 to 5 headers, got 6"),
        (lambda: HeaderMatch.exact("", "y"), "header match: name must be 1 to 40 characters long, got '' (0)"),
        (
            lambda: HeaderMatch.contains("x", "y" * 129),
            f"header match 'x': value must be 1 to 128 characters long, got '{'y' * 129}' (129)",
        ),
    ],
)
def test_conditions_out_of_their_limits_are_refused(make: Any, message: str) -> None:
    """Where they are made; one without any condition would match every request."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message
