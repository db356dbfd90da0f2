"""Reading callers, requests and expectations."""

from typing import Any

import pytest

from constructs_lattice.authorization import Answer, Caller, Decision, Expectation, Level, Protocol, Request
from constructs_lattice.errors import ArgumentError
from tests.authorization.lattices import WEB, Estate

pytestmark = pytest.mark.pure


def test_what_is_left_out_has_a_default() -> None:
    """The port is that of the protocol; names of headers are in lower case."""
    request = Request.parse({"service": "S.Api", "headers": {"X-Stage": "beta"}, "query": {"env": ["a", "b"], "x": 1}})
    assert (request.protocol, request.port, request.method, request.path) == (Protocol.HTTPS, 443, "GET", "/")
    assert request.headers == {"x-stage": "beta"}
    assert request.query == {"env": ("a", "b"), "x": ("1",)}
    assert Request.parse({"service": "S.Api", "protocol": "http"}).port == 80
    assert Request.parse({"service": "S.Api", "protocol": "tls"}).port == 443


def test_where_a_caller_is() -> None:
    """In a VPC, next to one, or on premises; account ids may be numbers."""
    assert str(Caller.parse({"vpc": "S.Vpc", "principal": "anonymous"}).location) == "S.Vpc"
    assert str(Caller(vpc="peered:S.Vpc").location) == "peered:S.Vpc"
    assert str(Caller(vpc="onprem").location) == "onprem"
    found = Caller.parse({"vpc": "S.Vpc", "principal": "S.Web", "source_account": 222222222222})
    assert found.source_account == "222222222222"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x", "request must be a mapping, got 'x'"),
        ({"servce": "S.Api"}, "request: unknown key 'servce', did you mean 'service'?"),
        ({"path": "/"}, "request needs service"),
        ({"service": "S.Api", "protocol": "htps"}, "request: unknown protocol 'htps', did you mean 'https'?"),
        ({"service": "S.Api", "port": 0}, "request: port must be 1 to 65,535, got 0"),
        ({"service": "S.Api", "port": "80"}, "request: port must be a whole number, got '80'"),
        ({"service": "S.Api", "port": True}, "request: port must be a whole number, got True"),
        ({"service": "S.Api", "path": "orders"}, "request: path must begin with /, got 'orders'"),
        (
            {"service": "S.Api", "path": "/orders?a=1"},
            "request: path must be without its query string, got '/orders?a=1'; use query",
        ),
        ({"service": "S.Api", "query": {"a": []}}, "request: query.a has no value; leave it out, or give it ''"),
        ({"service": "S.Api", "query": [1]}, "request: query must be a mapping of strings, got [1]"),
        (
            {"service": "S.Api", "headers": {"x": True}},
            "request: headers.x must be a string, got True; put it in quotes",
        ),
        (
            {"service": "S.Api", "protocol": "tls", "method": "GET"},
            "request: tls is passed through unread, so it cannot have method; leave it out",
        ),
    ],
)
def test_a_request_is_checked(content: Any, message: str) -> None:
    """Where, what is wrong, the value, the way out."""
    with pytest.raises(ArgumentError) as caught:
        Request.parse(content)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"vpc": "S.Vpc", "principle": "x"}, "caller: unknown key 'principle', did you mean 'principal'?"),
        ({"vpc": "S.Vpc"}, "caller needs principal"),
        (
            {"vpc": "peered:", "principal": "anonymous"},
            "caller: vpc must be Stack.LogicalId, onprem, or peered:Stack.LogicalId, got 'peered:'",
        ),
        (
            {"vpc": "S.Vpc", "principal": "S.Web", "source_account": "22"},
            "caller: source_account must be 12 digits, got '22'",
        ),
        (
            {"vpc": "S.Vpc", "principal": "anonymous", "principal_org": "o-1"},
            "caller: an anonymous caller has no principal_org or principal_tags; leave them out",
        ),
        (
            {"vpc": "onprem", "principal": "anonymous", "security_groups": ["S.Web"]},
            "caller: a caller on premises has no security_groups; leave them out",
        ),
    ],
)
def test_a_caller_is_checked(content: Any, message: str) -> None:
    """Where, what is wrong, the value, the way out."""
    with pytest.raises(ArgumentError) as caught:
        Caller.parse(content)
    assert str(caught.value) == message


def test_a_message_says_which_guarantee_is_wrong() -> None:
    """Wherever in it the problem is found."""
    with pytest.raises(ArgumentError) as caught:
        Request.parse({"service": "S.Api", "path": "x"}, where="guarantees.yaml: orders: request")
    assert str(caught.value) == "guarantees.yaml: orders: request: path must begin with /, got 'x'"
    with pytest.raises(ArgumentError) as caught:
        Caller.parse({"vpc": "S.Vpc"}, where="guarantees.yaml: orders: caller")
    assert str(caught.value) == "guarantees.yaml: orders: caller needs principal"


@pytest.mark.parametrize(
    ("caller", "request_", "message"),
    [
        (Caller(vpc="S.Vpcs"), Request(service="S.Api"), "caller: there is no vpc 'S.Vpcs', did you mean 'S.Vpc'?"),
        (
            Caller(vpc="S.Vpc", security_groups=("S.Gates",)),
            Request(service="S.Api"),
            "caller: there is no security group 'S.Gates'; there is none",
        ),
        (
            Caller(vpc="S.Vpc", principal="S.Wep"),
            Request(service="S.Api"),
            "caller: there is no role or user 'S.Wep', did you mean 'S.Web'?",
        ),
        (
            Caller(vpc="S.Vpc", principal="arn:aws:sts::111111111111:assumed-role/web/x"),
            Request(service="S.Api"),
            "caller: principal must be the ARN of a role or a user in IAM, "
            "got 'arn:aws:sts::111111111111:assumed-role/web/x'",
        ),
        (WEB, Request(service="Shop.Orders"), "request: there is no service 'Shop.Orders'; there is S.Api"),
        (
            WEB,
            Request(service="S.Api", service_network="S.Mes"),
            "request: there is no service network 'S.Mes', did you mean 'S.Mesh'?",
        ),
    ],
)
def test_what_is_not_there_is_named_with_the_nearest(caller: Caller, request_: Request, message: str) -> None:
    """Never a silent answer about something else."""
    with pytest.raises(ArgumentError) as caught:
        Estate().authorizer().authorize(caller, request_)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"authorized": "alow"}, "expect: unknown authorized 'alow', did you mean 'allow'?"),
        (
            {"authorized": "deny", "denied_by": "subnet"},
            "expect: unknown denied_by 'subnet'; "
            "there is identity, network, network-association, security-group, service",
        ),
        ({"authorized": "allow", "routed_to": "x"}, "expect: routed_to must be a list, got 'x'"),
        ({"authorized": "allow", "routed_to": [{"weight": 1}]}, "expect: routed_to[0] needs target_group"),
        ({}, "expect needs authorized"),
    ],
)
def test_an_expectation_is_checked(content: Any, message: str) -> None:
    """Where, what is wrong, the value, the way out."""
    with pytest.raises(ArgumentError) as caught:
        Expectation.parse(content)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("expected", "estate", "holds"),
    [
        ({"authorized": "allow"}, Estate(), True),
        ({"authorized": "deny"}, Estate(), False),
        ({"authorized": "unknown"}, Estate(), False),
        ({"authorized": "allow", "fixed_response": 404}, Estate(), True),
        ({"authorized": "allow", "fixed_response": 500}, Estate(), False),
        ({"authorized": "allow", "routed_to": [{"target_group": "S.Blue"}]}, Estate(), False),
        ({"authorized": "deny", "denied_by": "service"}, Estate(service=()), True),
        ({"authorized": "deny", "denied_by": "network"}, Estate(service=()), False),
        ({"authorized": "deny", "denied_by": "network"}, Estate(service=(), network=()), True),
    ],
)
def test_an_expectation_holds_or_not(expected: Any, estate: Estate, holds: bool) -> None:
    """Whoever refuses may be named; what is not asked for is not compared."""
    assert Expectation.parse(expected).holds(estate.ask()) is holds


def test_nobody_knows_whether_it_holds() -> None:
    """Where the answer is unknown and something else is expected."""
    unknown = Decision(authorized=Answer.UNKNOWN)
    assert Expectation(authorized=Answer.ALLOW).holds(unknown) is None
    assert Expectation(authorized=Answer.DENY, denied_by=Level.SERVICE).holds(unknown) is None
    assert Expectation(authorized=Answer.UNKNOWN).holds(unknown) is True
