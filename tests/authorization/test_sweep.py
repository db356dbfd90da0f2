"""Many requests at once: whether all of some are let through, and whether any is."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from constructs_lattice.authorization import Answer, Caller, Protocol, Requests
from constructs_lattice.errors import ArgumentError
from constructs_lattice.model.lattice import (
    Forward,
    ListenerProtocol,
    ServiceNetwork,
    VpcAssociation,
    WeightedTargetGroup,
)
from constructs_lattice.model.lattice import ServiceAssociation as Association
from constructs_lattice.model.symbolic import compose
from constructs_lattice.model.unknown import Unknown
from tests.authorization.lattices import ALLOW_ALL, ANONYMOUS, LISTENER, SERVICE, Estate, arn, generated

pytestmark = pytest.mark.pure

KEY = "vpc-lattice-svcs:"
PARAMETER = Unknown("it is a parameter")


def allow(resource: Any = "*", **condition: Any) -> dict[str, Any]:
    return {**ALLOW_ALL, "Resource": resource, **({"Condition": condition} if condition else {})}


def answers(estate: Estate, **kind: Any) -> tuple[Answer, Answer]:
    """Whether any request of a kind is let through, and whether all are."""
    sweep = estate.authorizer().sweep(ANONYMOUS, Requests(service="S.Api", **kind))
    return sweep.any_allowed().authorized, sweep.all_allowed().authorized


def test_all_some_and_none() -> None:
    """What is true of some is neither true of all nor of none."""
    assert answers(Estate()) == (Answer.ALLOW, Answer.ALLOW)
    assert answers(Estate(service=[])) == (Answer.DENY, Answer.DENY)
    some = Estate(service=[allow(compose((SERVICE, "/orders/*")))])
    assert answers(some) == (Answer.ALLOW, Answer.DENY)
    assert answers(some, path="/orders/17") == (Answer.ALLOW, Answer.ALLOW)
    assert answers(some, path="/status") == (Answer.DENY, Answer.DENY)
    reading = Estate(service=[allow(StringEquals={f"{KEY}RequestMethod": "GET"})])
    assert answers(reading, path="/x") == (Answer.ALLOW, Answer.DENY)
    assert answers(reading, method="GET") == (Answer.ALLOW, Answer.ALLOW)
    assert answers(reading, method="PUT") == (Answer.DENY, Answer.DENY)


def test_headers_are_any() -> None:
    """A header that lets a request through may be there, and may be not."""
    beta = Estate(service=[allow(StringEquals={f"{KEY}RequestHeader/x-stage": "beta"})])
    assert answers(beta, method="GET", path="/") == (Answer.ALLOW, Answer.DENY)


def test_doubts_are_neither() -> None:
    """With their reasons."""
    doubtful = Estate(service=[allow(PARAMETER)])
    assert answers(doubtful) == (Answer.UNKNOWN, Answer.UNKNOWN)
    sweep = doubtful.authorizer().sweep(ANONYMOUS, Requests(service="S.Api"))
    assert [each.text for each in sweep.any_allowed().reasons] == ["it is a parameter"]
    partly = Estate(service=[allow("*/a"), allow(PARAMETER)])
    assert answers(partly) == (Answer.ALLOW, Answer.UNKNOWN)


def test_listeners_are_chosen() -> None:
    """By protocol and port; what passes TLS through has no method and no path."""
    tls = replace(LISTENER, id="S.Tls", protocol=ListenerProtocol.TLS_PASSTHROUGH, port=443)
    passing = replace(tls, default_action=Forward(target_groups=(WeightedTargetGroup(target_group="S.T", weight=1),)))
    estate = Estate(service=[allow()], listeners=(LISTENER, passing))
    assert answers(estate, protocol=Protocol.HTTP) == (Answer.ALLOW, Answer.ALLOW)
    assert answers(estate, protocol=Protocol.TLS) == (Answer.DENY, Answer.DENY)
    assert answers(estate, port=80) == (Answer.ALLOW, Answer.ALLOW)
    assert answers(estate, port=81) == (Answer.DENY, Answer.DENY)
    assert answers(estate) == (Answer.ALLOW, Answer.DENY)
    assert answers(estate, path="/") == (Answer.ALLOW, Answer.ALLOW)
    unknown = replace(LISTENER, port=PARAMETER)
    assert answers(Estate(listeners=(unknown,)), port=81) == (Answer.UNKNOWN, Answer.UNKNOWN)


def test_several_networks_may_do_it_together() -> None:
    """One lets some requests through, and of the other nobody knows."""
    network = arn("servicenetwork", "sn-", "S.Second")
    lattice = Estate(network=[allow(StringEquals={f"{KEY}RequestMethod": "GET"})]).lattice()
    second = ServiceNetwork(
        id="S.Second",
        arn=network,
        physical_id=generated("sn-", "S.Second"),
        account="111111111111",
        auth_type=PARAMETER,
    )
    both = replace(
        lattice,
        networks={**lattice.networks, "S.Second": second},
        service_associations=(
            *lattice.service_associations,
            Association(id="S.ApiInSecond", service=SERVICE, network=network),
        ),
        endpoints=(),
        vpc_associations=(
            *lattice.vpc_associations,
            VpcAssociation(id="S.VpcInSecond", vpc=generated("vpc-", "S.Vpc"), network=network),
        ),
    )
    sweep = replace(Estate().authorizer(), lattice=both).sweep(ANONYMOUS, Requests(service="S.Api"))
    assert sweep.all_allowed().authorized is Answer.UNKNOWN
    one = Requests(service="S.Api", service_network="S.Mesh")
    assert len(replace(Estate().authorizer(), lattice=both).sweep(ANONYMOUS, one).ways) == 1


def test_a_single_kind_is_what_a_request_is() -> None:
    """For every method and path, both agree."""
    estate = Estate(
        network=[allow()],
        service=[
            allow(["*/a/*", "*/b"]),
            allow("*/c", StringEquals={f"{KEY}RequestMethod": ["GET", "HEAD"]}),
            {**ALLOW_ALL, "Effect": "Deny", "Resource": "*/secret"},
            {
                **ALLOW_ALL,
                "Effect": "Deny",
                "Resource": "*",
                "Condition": {"StringLike": {f"{KEY}RequestMethod": "P*"}},
            },
        ],
    )
    for method, path in product(("GET", "HEAD", "PUT", "DELETE"), ("/", "/a/", "/a/secret", "/b", "/c", "/c/d")):
        expected = estate.ask(path, method=method).authorized
        assert answers(estate, method=method, path=path) == (expected, expected)


def test_characters_that_no_path_is_made_of() -> None:
    """They are not looked at with the others, which is told."""
    estate = Estate(service=[allow("*/ä*")])
    sweep = estate.authorizer().sweep(ANONYMOUS, Requests(service="S.Api", path="/ä"))
    assert [each.text for each in sweep.any_allowed().reasons] == [
        "what policies say of /ä is not looked at with others"
    ]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ({"path": "orders"}, "request: path must begin with / or be *, got 'orders'"),
        (
            {"protocol": Protocol.TLS, "method": "GET"},
            "request: tls is passed through unread, so it cannot have a method or a path",
        ),
        ({"service": "S.Ap"}, "request: there is no service 'S.Ap', did you mean 'S.Api'?"),
        ({"service_network": "S.Mash"}, "request: there is no service network 'S.Mash', did you mean 'S.Mesh'?"),
    ],
)
def test_what_cannot_be_asked(kind: dict[str, Any], message: str) -> None:
    """In the words of single requests."""
    with pytest.raises(ArgumentError) as caught:
        Estate().authorizer().sweep(ANONYMOUS, Requests(**{"service": "S.Api", **kind}))
    assert str(caught.value) == message


def test_many_requests_come_from_a_vpc() -> None:
    """Not from premises."""
    with pytest.raises(ArgumentError) as caught:
        Estate().authorizer().sweep(Caller(vpc="onprem"), Requests(service="S.Api"))
    assert str(caught.value) == "caller: vpc must be a VPC for many requests at once, got 'onprem'"
