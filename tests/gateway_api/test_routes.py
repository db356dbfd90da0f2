"""Routes over HTTP, gRPC and TLS, and what the controller can make of them."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
import yaml

from constructs_lattice import (
    AllowedRoutes,
    ArgumentError,
    Backend,
    GatewayListener,
    GrpcMatch,
    GrpcRoute,
    GrpcRule,
    HttpMatch,
    HttpRoute,
    HttpRule,
    LatticeGateway,
    ObjectRef,
    RouteHeader,
    RouteMethod,
    TlsRoute,
)
from constructs_lattice.gateway_api import ObjectKind, ParentRef

GATEWAY = LatticeGateway(
    name="shop", listeners=[GatewayListener.http(), GatewayListener.https(), GatewayListener.tls_passthrough()]
)
TEN = [Backend.service(f"orders-{index}", port=80) for index in range(10)]
ORDERS = Backend.service("orders", port=80)
ALL = HttpRule.to(ORDERS)


def route(*rules: HttpRule, **arguments: Any) -> HttpRoute:
    return HttpRoute(**{"name": "orders", "parents": [GATEWAY], "rules": rules or (ALL,), **arguments})


def grpc(*rules: GrpcRule, **arguments: Any) -> GrpcRoute:
    return GrpcRoute(**{"name": "greeter", "parents": [GATEWAY], "rules": rules or (GrpcRule.to(ORDERS),), **arguments})


def tls(**arguments: Any) -> TlsRoute:
    backend = Backend.service("vault", port=8200)
    return TlsRoute(
        **{"name": "vault", "parents": [GATEWAY], "hostname": "vault.example.com", "to": [backend], **arguments}
    )


def test_an_http_route() -> None:
    """The manifest says every field, so that no default of the resource definitions is needed."""
    made = route(
        HttpRule.to(
            Backend.service("orders", port=8080, weight=90),
            Backend.service_import("orders-legacy", weight=10),
            match=HttpMatch.path_prefix(
                "/orders", method=RouteMethod.PATCH, headers=[RouteHeader(name="x-release", value="next")]
            ),
        ),
        HttpRule.to(Backend.service("site", port=80, namespace="web"), match=HttpMatch.path_exact("/")),
        namespace="default",
        parents=[GATEWAY.listener("http"), GATEWAY.listener("https")],
        hostname="orders.example.com",
    ).manifest()
    assert made == {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "orders", "namespace": "default"},
        "spec": {
            "parentRefs": [
                {"name": "shop", "namespace": "default", "sectionName": "http"},
                {"name": "shop", "namespace": "default", "sectionName": "https"},
            ],
            "hostnames": ["orders.example.com"],
            "rules": [
                {
                    "matches": [
                        {
                            "path": {"type": "PathPrefix", "value": "/orders"},
                            "method": "PATCH",
                            "headers": [{"type": "Exact", "name": "x-release", "value": "next"}],
                        }
                    ],
                    "backendRefs": [
                        {"kind": "Service", "name": "orders", "weight": 90, "port": 8080},
                        {
                            "kind": "ServiceImport",
                            "name": "orders-legacy",
                            "weight": 10,
                            "group": "application-networking.k8s.aws",
                        },
                    ],
                },
                {
                    "matches": [{"path": {"type": "Exact", "value": "/"}}],
                    "backendRefs": [{"kind": "Service", "name": "site", "weight": 1, "namespace": "web", "port": 80}],
                },
            ],
        },
    }


def test_a_grpc_route() -> None:
    """A rule without a match has no matches: the controller takes every call."""
    made = grpc(
        GrpcRule.to(
            ORDERS,
            match=GrpcMatch.of("shop.Orders", "List", headers=[RouteHeader(name="x-release", value="next")]),
        ),
        GrpcRule.to(ORDERS, match=GrpcMatch.of("shop.Orders")),
        GrpcRule.to(ORDERS),
    ).manifest()
    backends = [{"kind": "Service", "name": "orders", "weight": 1, "port": 80}]
    assert (made["kind"], made["apiVersion"]) == ("GRPCRoute", "gateway.networking.k8s.io/v1")
    assert made["spec"]["rules"] == [
        {
            "matches": [
                {
                    "method": {"type": "Exact", "service": "shop.Orders", "method": "List"},
                    "headers": [{"type": "Exact", "name": "x-release", "value": "next"}],
                }
            ],
            "backendRefs": backends,
        },
        {"matches": [{"method": {"type": "Exact", "service": "shop.Orders"}}], "backendRefs": backends},
        {"backendRefs": backends},
    ]


def test_a_tls_route() -> None:
    """One rule without a match, and one hostname."""
    assert tls().manifest()["spec"] == {
        "parentRefs": [{"name": "shop", "namespace": "default"}],
        "hostnames": ["vault.example.com"],
        "rules": [{"backendRefs": [{"kind": "Service", "name": "vault", "weight": 1, "port": 8200}]}],
    }


@pytest.mark.parametrize("made", [route(), grpc(), tls()], ids=lambda each: str(each.kind))
def test_manifests_are_plain(made: HttpRoute | GrpcRoute | TlsRoute) -> None:
    """YAML and JSON read back what was written, without a type of Python's."""
    manifest = made.manifest()
    assert yaml.safe_load(yaml.safe_dump(manifest)) == manifest == json.loads(json.dumps(manifest))


def test_annotations_say_what_the_gateway_api_has_no_words_for() -> None:
    """Standalone services, names of one's own, and services taken over from another cluster."""
    made = route(
        standalone=True, service_name="orders-v2", take_over_from="111111111111/blue/vpc-0123456789abcdef0"
    ).manifest()
    assert made["metadata"]["annotations"] == {
        "application-networking.k8s.aws/standalone": "true",
        "application-networking.k8s.aws/service-name-override": "orders-v2",
        "application-networking.k8s.aws/allow-takeover-from": "111111111111/blue/vpc-0123456789abcdef0",
    }


def test_a_route_refers_to_its_gateways_and_backends() -> None:
    """They have to be there before it."""
    made = route(HttpRule.to(ORDERS, Backend.service_import("legacy", namespace="old")))
    assert list(made.references) == [
        GATEWAY.ref,
        ObjectRef.service("orders"),
        ObjectRef(kind=ObjectKind.SERVICE_IMPORT, name="legacy", namespace="old"),
    ]


@pytest.mark.parametrize(
    ("name", "namespace", "expected"),
    [
        ("orders", "default", "orders-default"),
        ("a-name-that-is-too-long-for-it", "a-namespace-that-is-too", "a-name-that-is-too-l-a-namespace-that-i"),
        ("nineteen-characters-x", "default", "nineteen-characters-default"),
    ],
)
def test_a_service_is_called_after_its_route(name: str, namespace: str, expected: str) -> None:
    """As the controller cuts the names, and the hyphens at their ends."""
    gateway = LatticeGateway(
        name="shop", listeners=[GatewayListener.http(allowed_routes=AllowedRoutes.all_namespaces())]
    )
    assert route(name=name, namespace=namespace, parents=[gateway]).lattice_service_name == expected
    assert route(service_name="own").lattice_service_name == "own"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: route(name="my.orders"),
            "HTTPRoute 'my.orders': its VPC Lattice service would be called 'my.orders-default', which is no name for "
            "one; choose another name, or give a service_name",
        ),
        (
            lambda: route(name="svc-orders"),
            "HTTPRoute 'svc-orders': its VPC Lattice service would be called 'svc-orders-default', which is no name "
            "for one; choose another name, or give a service_name",
        ),
        (
            lambda: route(service_name="svc-orders"),
            "HTTPRoute 'orders': service_name must not begin with 'svc-', which ids do, got 'svc-orders'",
        ),
        (
            lambda: route(hostname="*.example.com"),
            "HTTPRoute 'orders': hostname must be a domain name without a wildcard, got '*.example.com'",
        ),
        (
            lambda: tls(hostname="10.0.0.1"),
            "TLSRoute 'vault': hostname must be a domain name, got the IP address '10.0.0.1'",
        ),
        (
            lambda: tls(hostname=None),
            "TLSRoute 'vault': it needs a hostname, by which VPC Lattice tells connections apart; give it",
        ),
        (
            lambda: route(take_over_from="blue"),
            "HTTPRoute 'orders': take_over_from must be <account>/<cluster name>/<vpc id>, got 'blue'",
        ),
        (lambda: route(parents=[]), "HTTPRoute 'orders': there must be 1 to 32 parents, got 0"),
        (
            lambda: route(parents=[GATEWAY, GATEWAY.listener("http")]),
            "HTTPRoute 'orders': Gateway 'default/shop' is there 2 times; name a different listener each",
        ),
        (
            lambda: route(parents=[GATEWAY.listener("http"), GATEWAY.listener("http")]),
            "HTTPRoute 'orders': Gateway 'default/shop' is there 2 times; name a different listener each",
        ),
        (
            lambda: route(parents=[GATEWAY.listener("tls")]),
            "HTTPRoute 'orders': it needs a listener of HTTP or HTTPS, but TLS is what listener 'tls' of Gateway "
            "'default/shop' speaks; attach it to another one",
        ),
        (
            lambda: grpc(parents=[GATEWAY.listener("http")]),
            "GRPCRoute 'greeter': it needs a listener of HTTPS, but HTTP is what listener 'http' of Gateway "
            "'default/shop' speaks; attach it to another one",
        ),
        (
            lambda: tls(parents=[LatticeGateway(name="web", listeners=[GatewayListener.http()])]),
            "TLSRoute 'vault': it needs a listener of TLS, but HTTP is what Gateway 'default/web' speaks; attach it to "
            "another one",
        ),
        (
            lambda: route(namespace="orders"),
            "HTTPRoute 'orders': Gateway 'default/shop' takes routes of the namespace 'default' only, not of 'orders'; "
            "give the listener AllowedRoutes.all_namespaces() or labelled(…)",
        ),
        (lambda: route(rules=[]), "HTTPRoute 'orders': there must be 1 to 16 rules, got 0"),
        (lambda: grpc(rules=[]), "GRPCRoute 'greeter': there must be 1 to 16 rules, got 0"),
        (
            lambda: route(ALL, HttpRule.to(Backend.service("other", port=80))),
            "HTTPRoute 'orders': two rules have the same match; put their backends into one",
        ),
        (
            lambda: grpc(GrpcRule.to(ORDERS), GrpcRule.to(ORDERS)),
            "GRPCRoute 'greeter': two rules have the same match; put their backends into one",
        ),
    ],
)
def test_what_the_controller_cannot_do_is_an_error(make: Callable[[], object], message: str) -> None:
    """Each message names the route, the value and the way out."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (HttpRule.to, "http rule: there must be 1 to 10 backends, got 0"),
        (GrpcRule.to, "grpc rule: there must be 1 to 10 backends, got 0"),
        (lambda: tls(to=[]), "TLSRoute 'vault': there must be 1 to 10 backends, got 0"),
        (lambda: HttpRule.to(*TEN, ORDERS), "http rule: there must be 1 to 10 backends, got 11"),
        (lambda: HttpRule.to(ORDERS, ORDERS), "http rule: a backend is there twice; add up its weights"),
        (
            lambda: HttpRule.to(Backend.service("orders", port=80, weight=0)),
            "http rule: all weights are 0, so no request would go anywhere; give a backend a weight",
        ),
        (
            lambda: Backend.service("orders", port=80, weight=1000),
            "backend 'orders': weight must be 0 to 999, got 1000",
        ),
        (lambda: Backend.service("orders", port=0), "backend 'orders': port must be 1 to 65,535, got 0"),
        (
            lambda: Backend.service("Orders", port=80),
            "backend 'Orders': name must be lower-case letters, digits, hyphens and dots, got 'Orders'",
        ),
    ],
)
def test_backends_are_what_vpc_lattice_takes(make: Callable[[], object], message: str) -> None:
    """One to ten different ones, weights up to 999, one of them above zero."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def test_ten_backends_are_enough() -> None:
    """The most that VPC Lattice has in a rule, the heaviest weight included."""
    assert len(HttpRule.to(*TEN).backends) == 10
    assert Backend.service("orders", port=80, weight=999).weight == 999


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: HttpMatch.path_prefix("orders"),
            "http match: path must begin with / and hold letters, digits and @:%_+.~&/=- only, got 'orders'",
        ),
        (
            lambda: HttpMatch.path_exact("/orders?id=1"),
            "http match: path must begin with / and hold letters, digits and @:%_+.~&/=- only, got '/orders?id=1'",
        ),
        *(
            (
                lambda path=path: HttpMatch.path_exact(path),
                f"http match: path must not hold '//', '/./', '/../', '%2F' or a bare '%', got {path!r}",
            )
            for path in ("/a//b", "/a/./b", "/a/..", "/a%2Fb", "/100%")
        ),
        (
            lambda: HttpMatch.path_exact("/" + "a" * 200),
            f"http match: path must be 1 to 200 characters long, got '/{'a' * 200}' (201)",
        ),
        (HttpMatch.header_is, "http match: header_is needs at least one header"),
        (
            lambda: HttpMatch.header_is(*(RouteHeader(name=f"x-{index}", value="1") for index in range(6))),
            "http match: there must be 0 to 5 headers, got 6",
        ),
        (
            lambda: HttpMatch.header_is(RouteHeader(name="x-a", value="1"), RouteHeader(name="X-A", value="2")),
            "http match: the header 'x-a' is there 2 times; it has one value",
        ),
        (lambda: RouteHeader(name="x a", value="1"), "header: name must be the name of a header, got 'x a'"),
        (lambda: RouteHeader(name="", value="1"), "header: name must be 1 to 100 characters long, got '' (0)"),
        (
            lambda: RouteHeader(name="x-a", value=""),
            "header 'x-a': value must be 1 to 200 characters long, got '' (0)",
        ),
        (
            lambda: GrpcMatch.of("shop/Orders"),
            "grpc match: service must be the name of a gRPC service with its package, got 'shop/Orders'",
        ),
        (
            lambda: GrpcMatch.of("shop.Orders", "list-all"),
            "grpc match: method must be the name of a gRPC method, got 'list-all'",
        ),
        (
            lambda: GrpcMatch.of("a" * 199),
            f"grpc match: path must be 1 to 200 characters long, got '/{'a' * 199}/' (201)",
        ),
    ],
)
def test_a_match_is_what_vpc_lattice_compares(make: Callable[[], object], message: str) -> None:
    """Paths, methods and five exact headers; nothing else."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def test_matches_without_a_path_are_for_every_path() -> None:
    """As the Gateway API has it."""
    header = RouteHeader(name="x-a", value="1")
    everything = {"type": "PathPrefix", "value": "/"}
    assert HttpMatch.method_is(RouteMethod.GET, headers=[header]).for_rule() == {
        "path": everything,
        "method": "GET",
        "headers": [header.for_match()],
    }
    assert HttpMatch.header_is(header).for_rule() == {"path": everything, "headers": [header.for_match()]}


def test_of_gateways_made_elsewhere_nothing_is_checked() -> None:
    """Their listeners are not known."""
    made = grpc(namespace="far", parents=[ParentRef(gateway="shop", namespace="mesh", section="http")])
    assert made.manifest()["spec"]["parentRefs"] == [{"name": "shop", "namespace": "mesh", "sectionName": "http"}]


def test_tokens_pass_every_check() -> None:
    """What only the deployment knows cannot be judged here."""
    token = cdk.Token.as_string({"Ref": "Parameter"})
    made = route(HttpRule.to(ORDERS, match=HttpMatch.path_prefix(token)), name=token, hostname=token)
    assert made.manifest()["spec"]["hostnames"] == [token]
