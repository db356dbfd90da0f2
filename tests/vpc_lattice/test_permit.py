"""Requests in the words of a policy: exactly those that were meant, or an error."""

import re
from typing import Any

import aws_cdk as cdk
import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

from constructs_lattice import ArgumentError, HeaderMatch, Match, Method
from constructs_lattice.vpc_lattice.permit import Permit, covers
from tests.vpc_lattice.matches import Request, matches, requests, takes

KEY = "vpc-lattice-svcs:"


def allowed(permit: Permit, request: Request, port: int) -> bool:
    """Whether a statement is about the request, told as IAM reads it."""
    context = {
        f"{KEY}RequestMethod": str(request.method),
        f"{KEY}RequestPath": request.path,
        f"{KEY}Port": str(port),
        **{f"{KEY}RequestHeader/{name}": value for name, value in request.headers},
    }
    return any(_like(resource, f"arn{request.path}") for resource in permit.resources("arn")) and all(
        key in context and any(_holds(operator, value, context[key]) for value in _listed(values))
        for operator, by_key in permit.all_conditions().items()
        for key, values in by_key.items()
    )


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def _holds(operator: str, wanted: Any, value: Any) -> bool:
    match operator:
        case "StringEquals" | "NumericEquals":
            return bool(wanted == value)
        case "StringEqualsIgnoreCase":
            return bool(wanted.lower() == value.lower())
        case "StringLike":
            return _like(wanted, value)
        case _:
            raise AssertionError(operator)


def _like(pattern: str, text: str) -> bool:
    parts = re.split(r"(\$\{[*?$]\}|\*|\?)", pattern)
    wild = {"*": ".*", "?": "."}
    expression = "".join(wild.get(part) or re.escape(part[2] if part.startswith("${") else part) for part in parts)
    return re.fullmatch(expression, text) is not None


@given(matches(), requests(), st.sampled_from([80, 443]))
@example(Match.path_exact("/A", case_sensitive=False), Request("/a", Method.GET, ()), 443)
@example(Match.path_prefix("/1", case_sensitive=False), Request("/1a", Method.GET, ()), 443)
@example(Match.header_is(HeaderMatch.contains("X", "1")), Request("/", Method.GET, (("x", "a1"),)), 443)
def test_what_a_rule_is_for_is_what_its_callers_may_send(match: Match, request: Request, port: int) -> None:
    """Neither more nor less: what a policy cannot say exactly is an error."""
    try:
        permit = Permit.of_match("rule", match, 443)
    except ArgumentError:
        event("refused")
        assume(condition=False)
        raise
    event(f"taken: {takes(match, request)}")
    assert allowed(permit, request, port) == (takes(match, request) and port == 443)


@pytest.mark.parametrize(
    ("match", "resource", "conditions"),
    [
        (Match.path_exact("/orders"), "/orders", {}),
        (Match.path_prefix("/orders"), "/orders*", {}),
        (Match.path_prefix("/", method=Method.GET), "/*", {"StringEquals": {f"{KEY}RequestMethod": "GET"}}),
        (Match.path_exact("/a?b"), "/a${?}b", {}),
        (
            Match.path_exact("/Orders", case_sensitive=False),
            "/*",
            {"StringEqualsIgnoreCase": {f"{KEY}RequestPath": "/Orders"}},
        ),
        (Match.path_prefix("/1/2", case_sensitive=False), "/1/2*", {}),
        (Match.method_is(Method.PUT), "/*", {"StringEquals": {f"{KEY}RequestMethod": "PUT"}}),
        (
            Match.header_is(HeaderMatch.exact("X-Release", "next")),
            "/*",
            {"StringEqualsIgnoreCase": {f"{KEY}RequestHeader/x-release": "next"}},
        ),
        (
            Match.header_is(HeaderMatch.prefix("x", "5*", case_sensitive=True)),
            "/*",
            {"StringLike": {f"{KEY}RequestHeader/x": "5${*}*"}},
        ),
    ],
)
def test_a_match_in_the_words_of_a_policy(match: Match, resource: str, conditions: dict[str, Any]) -> None:
    """Equal where it is exact, alike where it is a part; names of headers as HTTP/2 sends them."""
    permit = Permit.of_match("rule", match, None)
    assert permit.resources("") == [resource]
    assert permit.all_conditions() == conditions


@pytest.mark.parametrize(
    ("match", "message"),
    [
        (
            Match.path_prefix("/orders", case_sensitive=False),
            "rule: a policy cannot compare the beginning of a path without regard to case, got '/orders'; let case "
            "count in the match, or use grants.invoke with wider paths",
        ),
        (
            Match.header_is(HeaderMatch.contains("x-stage", "beta")),
            "rule: a policy cannot compare a part of header 'x-stage' without regard to case, got 'beta'; say "
            "case_sensitive=True, or compare the whole value",
        ),
        (
            Match.header_is(HeaderMatch.prefix("x", "1"), HeaderMatch.contains("X", "2")),
            "rule: a policy cannot ask for two things of vpc-lattice-svcs:RequestHeader/x at once by StringLike, got "
            "'1*' and '*2*'; leave one of them out",
        ),
    ],
)
def test_what_a_policy_cannot_say_is_refused(match: Match, message: str) -> None:
    """It would be wider than the rule: a list of values means any of them."""
    with pytest.raises(ArgumentError) as caught:
        Permit.of_match("rule", match, None)
    assert str(caught.value) == message


def of(**arguments: Any) -> Permit:
    return Permit.of("Shop/Orders", **({"methods": None, "paths": None, "headers": (), "query": {}} | arguments))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"methods": []}, "Shop/Orders: methods is empty, so nothing would be allowed; leave it out for all"),
        ({"paths": []}, "Shop/Orders: paths is empty, so nothing would be allowed; leave it out for all"),
        (
            {"methods": ["get"]},
            "Shop/Orders: methods must be out of CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, TRACE, got "
            "'get'",
        ),
        (
            {"paths": ["orders"]},
            "Shop/Orders: paths must begin with / and hold the characters of a path, * and ? as wildcards, got "
            "'orders'",
        ),
        (
            {"paths": ["/${aws:username}"]},
            "Shop/Orders: paths must begin with / and hold the characters of a path, * and ? as wildcards, got "
            "'/${aws:username}'",
        ),
        (
            {"query": {"a*": "1"}},
            "Shop/Orders: query must have keys without wildcards, blanks, $, & and =, got 'a*'",
        ),
        (
            {"query": {"a": []}},
            "Shop/Orders: query has no values for 'a'; give it one, or '*' for any",
        ),
    ],
)
def test_what_a_grant_cannot_say_is_refused(arguments: dict[str, Any], message: str) -> None:
    """Each message says where, what and which value."""
    with pytest.raises(ArgumentError) as caught:
        of(**arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"headers": [HeaderMatch.exact(cdk.Aws.STACK_NAME, "1")]}, "the name of a header"),
        ({"query": {cdk.Aws.STACK_NAME: "1"}}, "a key of query"),
    ],
)
def test_keys_that_only_the_deployment_knows_are_refused(arguments: dict[str, Any], what: str) -> None:
    """A template has functions in the place of values only."""
    with pytest.raises(ArgumentError) as caught:
        of(**arguments)
    assert str(caught.value) == (
        f"Shop/Orders: {what} must be in writing, since it is part of a key of the policy, got a token"
    )


def test_paths_that_only_the_deployment_knows_pass() -> None:
    """As they are."""
    path = cdk.CfnParameter(cdk.Stack(cdk.App(), "Shop"), "Path").value_as_string
    assert of(paths=[path]).paths == (path,)


def test_the_order_of_arguments_does_not_matter() -> None:
    """Nor does it matter when something is there twice, or said by something wider."""
    one = of(methods=[Method.POST, Method.GET], paths=["/b", "/a/*", "/a/b"], query={"x": ["2", "1"], "y": "3"})
    other = of(methods=[Method.GET, Method.POST, Method.GET], paths=["/a/*", "/b"], query={"y": "3", "x": ["1", "2"]})
    assert one == other


def test_a_parameter_that_is_missing_never_matches() -> None:
    """`ForAllValues` alone would match when it is not there, `ForAnyValue` alone when another value is there, too."""
    key = f"{KEY}RequestQueryString/x"
    conditions = {"ForAllValues:StringEquals": {key: "1"}, "ForAnyValue:StringEquals": {key: "1"}}
    assert of(query={"x": "1"}).all_conditions() == conditions


def test_conditions_of_a_principal_come_on_top() -> None:
    """Unless they ask for something else of the same key."""
    permit = of(headers=[HeaderMatch.exact("x", "1")])
    condition = ("StringEquals", "aws:PrincipalOrgID", ("o-a1b2c3d4e5",))
    assert set(permit.under("Shop/Orders", [condition]).conditions) == {*permit.conditions, condition}
    with pytest.raises(ArgumentError) as caught:
        permit.under("Shop/Orders", [("StringEquals", f"{KEY}RequestHeader/x", ("2",))])
    assert str(caught.value) == (
        "Shop/Orders: a policy cannot ask for two things of vpc-lattice-svcs:RequestHeader/x at once by StringEquals, "
        "got '1' and '2'; leave one of them out"
    )


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("/a", "/a", True),
        ("/a*", "/ab", True),
        ("/a*", "/a/*", True),
        ("/*", "/?", True),
        ("/a/*", "/a", False),
        ("/?", "/a", False),
        ("/*/b", "/a/b", False),
        ("/a", "/a*", False),
    ],
)
def test_patterns_that_certainly_cover_others(wide: str, narrow: str, expected: bool) -> None:
    """Those that end with their only wildcard; of the others, nothing is claimed."""
    assert covers(wide, narrow) is expected
