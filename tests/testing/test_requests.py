"""Assertions about requests: constructs ask, failures show every level, and nothing else."""

import re
import traceback

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lattice import Anonymous, GuaranteeError
from constructs_lattice.authorization import Level, Protocol
from constructs_lattice.testing import Network
from tests.shops import Shop

FOREIGN = "arn:aws:iam::222222222222:role/foreign"


@pytest.fixture(scope="module")
def shop() -> Shop:
    """The shop."""
    return Shop(cdk.App())


@pytest.fixture(scope="module")
def network(shop: Shop) -> Network:
    """What is synthesized of it."""
    return Network.from_app(shop.node.root)


def test_constructs_call_and_are_called(shop: Shop, network: Network) -> None:
    """Functions, roles and VPCs; a function calls from where it is, with its role."""
    network.assert_authorized(shop.web, to=shop.orders, path="/orders/17")
    network.assert_authorized(shop.web.role, to=shop.orders, path="/orders/17")
    network.assert_authorized(shop.web.role, to=shop.orders, path="/orders/17", service_network=shop.network)
    network.assert_denied(shop.web, to=shop.orders, method="DELETE", path="/orders/17", denied_by=Level.IDENTITY)
    network.assert_denied(
        shop.batch, to=shop.orders, method="GET", path="/orders/17", vpc=shop.vpc, denied_by=Level.SERVICE
    )
    network.assert_denied(shop.vpc, to=shop.orders, method="GET", path="/orders/17")
    network.assert_denied(Anonymous, to="Shop/Orders", path="/orders/17", vpc="Shop/Vpc")


def test_no_request_at_all_may_be_let_through(shop: Shop, network: Network) -> None:
    """Where no method and no path is named; one of them leaves the other open."""
    network.assert_denied(Anonymous, to=shop.orders, path="/orders/17")
    network.assert_denied(Anonymous, to=shop.orders, method="POST")
    network.assert_denied(shop.web, to=shop.orders, port=8443)
    with pytest.raises(AssertionError) as caught:
        network.assert_denied(Anonymous, to=shop.orders)
    first, *reasons = [re.sub(r"[0-9A-F]{8}\b", "", line) for line in str(caught.value).splitlines()]
    assert first == (
        "anonymous from any VPC: any request of Shop/Orders: expected authorized deny, got authorized allow"
    )
    assert reasons == [
        "Shop.Orders: lets anonymous from Shop.Vpc: GET /status of Shop.Orders (https 443) through [LAT-6]"
    ]
    with pytest.raises(
        AssertionError, match="GET any path of Shop/Orders: expected authorized deny, got authorized allow"
    ):
        network.assert_denied(shop.web, to=shop.orders, method="GET")
    network.assert_authorized(shop.web, to=shop.orders, path="/orders/*")
    with pytest.raises(AssertionError, match=r"lets only Shop\.WebServiceRole"):
        network.assert_authorized(shop.web, to=shop.orders, path="*")


def test_requests_are_routed_where_they_should(shop: Shop, network: Network) -> None:
    """To one group, by shares, or to a fixed response."""
    network.assert_authorized(shop.web, to=shop.orders, path="/orders/17", routed_to={shop.blue: 9, shop.green: 1})
    network.assert_authorized(Anonymous, to=shop.orders, path="/status", fixed_response=404)
    with pytest.raises(AssertionError) as caught:
        network.assert_authorized(shop.web, to=shop.orders, path="/orders/17", routed_to=shop.blue)
    assert re.sub(r"(\w+?)[0-9A-F]{8}", r"\1", str(caught.value).splitlines()[0]) == (
        "Shop/Web as Shop.WebServiceRole from Shop.Vpc: GET /orders/17 of Shop/Orders: "
        "expected authorized allow, routed_to Shop/Blue 100; "
        "got authorized allow, routed_to Shop.Blue 90 and Shop.Green 10"
    )


def test_a_failure_shows_every_level(shop: Shop, network: Network) -> None:
    """Those that let the request through as well: who reads it wants to know what is left to do."""
    with pytest.raises(AssertionError) as caught:
        network.assert_authorized(shop.batch, to=shop.orders, path="/orders/17")
    first, *levels = str(caught.value).splitlines()
    assert first == (
        "Shop/Batch from Shop.Vpc8378EB38: GET /orders/17 of Shop/Orders: "
        "expected authorized allow, got authorized deny, denied_by network"
    )
    assert [line.split()[:2] for line in levels] == [
        ["network-association", "passes"],
        ["security-group", "passes"],
        ["identity", "passes"],
        ["network", "refuses"],
        ["service", "refuses"],
    ]


def test_what_nobody_knows_fails_either_way(shop: Shop, network: Network) -> None:
    """Of a role of another account the templates do not have the policies."""
    foreign = iam.Role.from_role_arn(shop, "Foreign", FOREIGN)
    with pytest.raises(AssertionError, match="the templates do not have the identity policies of arn:aws:iam::2222"):
        network.assert_authorized(foreign, to=shop.orders, path="/status")
    with pytest.raises(AssertionError, match="the templates do not have the identity policies of arn:aws:iam::2222"):
        network.assert_denied(iam.ArnPrincipal(FOREIGN), to=shop.orders, path="/status")
    network.assert_denied(foreign, to=shop.orders, method="GET", path="/orders/17", denied_by=Level.SERVICE)


def test_the_frames_of_the_assertion_are_hidden(shop: Shop, network: Network) -> None:
    """The first one that pytest shows is the test's own."""
    for fail in (network.assert_authorized, network.assert_denied):
        path = "/orders/17" if fail == network.assert_authorized else "/status"
        with pytest.raises(AssertionError) as caught:
            fail(Anonymous, to=shop.orders, path=path)
        frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
        assert len(frames) > 1
        assert all(frame.f_locals.get("__tracebackhide__") for frame in frames[1:])


def test_a_request_that_cannot_be_is_no_failure_but_a_mistake(shop: Shop, network: Network) -> None:
    """With the way out."""
    with pytest.raises(GuaranteeError) as caught:
        network.assert_denied(Anonymous, to=shop.orders, method="GET", path="/orders", protocol=Protocol.TLS)
    assert str(caught.value) == (
        "guarantee 'network': request: tls is passed through unread, so it cannot have method; leave it out"
    )
    with pytest.raises(GuaranteeError) as caught:
        network.assert_denied(Anonymous, to=shop.orders, headers={"x-stage": "beta"})
    assert str(caught.value) == (
        "guarantee 'network': headers and query go with one request; say its method, path and protocol"
    )
    with pytest.raises(GuaranteeError) as caught:
        network.assert_denied(shop.network, to=shop.orders)
    assert str(caught.value).startswith("guarantee 'network': nobody knows the role of Shop.Network")
