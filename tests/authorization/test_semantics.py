"""What the elements of policies do to one request, as the user guide of IAM has it: a table of hard cases.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from constructs_lattice.authorization import Caller
from tests.authorization.lattices import (
    ACCOUNT,
    ALLOW_ALL,
    ALLOW_ALL_OF_ROLE,
    ANONYMOUS,
    ROLE,
    SERVICE,
    WEB,
    Estate,
)

pytestmark = pytest.mark.pure

KEY = "vpc-lattice-svcs:"
HEADER, QUERY = f"{KEY}RequestHeader/", f"{KEY}RequestQueryString/"


def allow(**condition: Any) -> dict[str, Any]:
    return {**ALLOW_ALL, **({"Condition": condition} if condition else {})}


def deny(**condition: Any) -> dict[str, Any]:
    return {**allow(**condition), "Effect": "Deny"}


def instead(element: str, negated: str, value: Any) -> dict[str, Any]:
    return {**{name: content for name, content in ALLOW_ALL.items() if name != element}, negated: value}


def tagged(**tags: str) -> Caller:
    return replace(WEB, principal_tags=tags)


ONE = {f"{QUERY}a": ["1"]}
TEAM = {f"{HEADER}t": "${aws:PrincipalTag/team}"}

CASES: Mapping[str, tuple[str, Sequence[dict[str, Any]], Caller, dict[str, Any]]] = {
    "deny on what nobody knows": ("unknown", [allow(), deny(IpAddress={"aws:SourceIp": "10.0.0.0/8"})], ANONYMOUS, {}),
    "deny but for what nobody knows": (
        "unknown",
        [allow(), deny(NotIpAddress={"aws:SourceIp": "10.0.0.0/8"})],
        ANONYMOUS,
        {},
    ),
    "all of none": ("allow", [allow(**{"ForAllValues:StringEquals": ONE})], ANONYMOUS, {}),
    "any of none": ("deny", [allow(**{"ForAnyValue:StringEquals": ONE})], ANONYMOUS, {}),
    "any of two": ("allow", [allow(**{"ForAnyValue:StringEquals": ONE})], ANONYMOUS, {"query": {"a": ("1", "2")}}),
    "all of two": ("deny", [allow(**{"ForAllValues:StringEquals": ONE})], ANONYMOUS, {"query": {"a": ("1", "2")}}),
    "if it exists, and it does not": ("allow", [allow(StringEqualsIfExists={f"{HEADER}x": "1"})], ANONYMOUS, {}),
    "if it exists, and it differs": (
        "deny",
        [allow(StringEqualsIfExists={f"{HEADER}x": "1"})],
        ANONYMOUS,
        {"headers": {"x": "2"}},
    ),
    "null, and it is": ("allow", [allow(Null={f"{HEADER}x": "true"})], ANONYMOUS, {}),
    "not null, and it is": ("deny", [allow(Null={f"{HEADER}x": "false"})], ANONYMOUS, {}),
    "null, and it is empty": ("unknown", [allow(Null={f"{HEADER}x": "true"})], ANONYMOUS, {"headers": {"x": ""}}),
    "negated without the key": ("allow", [allow(StringNotEquals={f"{HEADER}x": "1"})], ANONYMOUS, {}),
    "the case of a header in a key": (
        "unknown",
        [allow(StringEquals={f"{HEADER}X-A": "1"})],
        ANONYMOUS,
        {"headers": {"x-a": "1"}},
    ),
    "the case where it does not matter": (
        "deny",
        [allow(StringEquals={f"{HEADER}X-A": "1"})],
        ANONYMOUS,
        {"headers": {"x-a": "2"}},
    ),
    "one character": ("allow", [allow(StringLike={f"{KEY}RequestPath": "/?"})], ANONYMOUS, {}),
    "two characters": ("deny", [allow(StringLike={f"{KEY}RequestPath": "/??"})], ANONYMOUS, {}),
    "a star that is one": ("deny", [allow(StringEquals={f"{KEY}RequestPath": "/*"})], ANONYMOUS, {}),
    "not this action": ("deny", [instead("Action", "NotAction", f"{KEY}invoke")], ANONYMOUS, {}),
    "not this resource": ("deny", [instead("Resource", "NotResource", "*/x")], ANONYMOUS, {}),
    "the service without a path": ("deny", [{**ALLOW_ALL, "Resource": SERVICE}], ANONYMOUS, {}),
    "a variable": ("allow", [allow(StringEquals=TEAM)], tagged(team="a"), {"headers": {"t": "a"}}),
    "a variable that is null": ("deny", [allow(StringEquals=TEAM)], WEB, {"headers": {"t": TEAM[f"{HEADER}t"]}}),
    "a wildcard out of a variable": ("unknown", [allow(StringLike=TEAM)], tagged(team="*"), {"headers": {"t": "a"}}),
    "a port as a number": ("allow", [allow(NumericEquals={f"{KEY}Port": "80"})], ANONYMOUS, {}),
    "a port as a text": ("allow", [allow(StringEquals={f"{KEY}Port": "80"})], ANONYMOUS, {}),
    "a higher port": ("deny", [allow(NumericGreaterThan={f"{KEY}Port": "80"})], ANONYMOUS, {}),
    "without TLS": ("deny", [allow(), deny(Bool={"aws:SecureTransport": "false"})], ANONYMOUS, {}),
    "the type of nobody": ("deny", [allow(), deny(StringEquals={"aws:PrincipalType": "Anonymous"})], ANONYMOUS, {}),
    "another role": ("deny", [{**ALLOW_ALL, "Principal": {"AWS": f"{ROLE}x"}}], WEB, {}),
    "the account": ("allow", [{**ALLOW_ALL, "Principal": {"AWS": ACCOUNT}}], WEB, {}),
    "the account of nobody": ("deny", [{**ALLOW_ALL, "Principal": {"AWS": ACCOUNT}}], ANONYMOUS, {}),
    "a service of AWS": ("deny", [{**ALLOW_ALL, "Principal": {"Service": "vpc-lattice.amazonaws.com"}}], WEB, {}),
    "the organization of nobody": (
        "deny",
        [allow(), deny(StringNotEquals={"aws:PrincipalOrgID": "o-1"})],
        ANONYMOUS,
        {},
    ),
    "an organization, if there is one": (
        "allow",
        [allow(), deny(StringNotEquals={"aws:PrincipalOrgID": "o-1"}, Null={"aws:PrincipalOrgID": "false"})],
        ANONYMOUS,
        {},
    ),
    "the time": ("unknown", [allow(DateLessThan={"aws:CurrentTime": "2030-01-01T00:00:00Z"})], ANONYMOUS, {}),
    "an operator that is none": ("unknown", [allow(StringMatches={f"{KEY}RequestPath": "/x"})], ANONYMOUS, {}),
    "a key that is none": ("unknown", [allow(StringEquals={f"{KEY}Foo": "1"})], ANONYMOUS, {}),
    "a key of a session": ("unknown", [allow(StringEquals={"foo:bar": "1"})], WEB, {}),
    "a key of a session of nobody": ("deny", [allow(StringEquals={"foo:bar": "1"})], ANONYMOUS, {}),
    "an ARN like others": ("allow", [allow(ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/w*"})], WEB, {}),
    "the case of a key": ("unknown", [allow(ArnLike={"aws:principalarn": "arn:aws:iam::*:role/w*"})], WEB, {}),
    "two conditions": (
        "deny",
        [allow(StringEquals={f"{KEY}RequestMethod": "GET"}, StringLike={f"{KEY}RequestPath": "/y*"})],
        ANONYMOUS,
        {},
    ),
    "the case of a method": (
        "deny",
        [allow(StringEquals={f"{KEY}RequestMethod": "GET"})],
        ANONYMOUS,
        {"method": "get"},
    ),
    "a query of gRPC": (
        "deny",
        [allow(StringEquals={f"{QUERY}a": "1"})],
        ANONYMOUS,
        {"method": "POST", "headers": {"content-type": "application/grpc"}, "query": {"a": ("1",)}},
    ),
    "a tag that the service does not have": ("deny", [allow(StringEquals={"aws:ResourceTag/e": "1"})], ANONYMOUS, {}),
    "a second factor": ("unknown", [allow(Bool={"aws:MultiFactorAuthPresent": "true"})], WEB, {}),
    "a second factor of nobody": ("deny", [allow(Bool={"aws:MultiFactorAuthPresent": "true"})], ANONYMOUS, {}),
    "no second factor, if it exists": (
        "deny",
        [allow(), deny(BoolIfExists={"aws:MultiFactorAuthPresent": "false"})],
        ANONYMOUS,
        {},
    ),
    "a header of every request": (
        "unknown",
        [allow(StringEquals={f"{HEADER}host": "a.example.com"})],
        ANONYMOUS,
        {},
    ),
    "a header of every session": ("unknown", [allow(Null={f"{HEADER}x-amz-security-token": "false"})], WEB, {}),
    "a header of no anonymous request": (
        "deny",
        [allow(Null={f"{HEADER}x-amz-security-token": "false"})],
        ANONYMOUS,
        {},
    ),
}


@pytest.mark.parametrize(("answer", "statements", "caller", "request_"), CASES.values(), ids=CASES)
def test_an_element_does_what_is_documented(
    answer: str, statements: Sequence[dict[str, Any]], caller: Caller, request_: dict[str, Any]
) -> None:
    """Of the service's auth policy, when everything else lets the request `GET /x` through."""
    decision = Estate(service=statements, identity=[ALLOW_ALL_OF_ROLE]).ask("/x", caller=caller, **request_)
    assert decision.authorized == answer, [str(each) for each in decision.reasons]
