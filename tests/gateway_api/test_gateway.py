"""Gateways, their listeners, and what routes attach to."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest

from constructs_lattice import (
    AllowedRoutes,
    ArgumentError,
    GatewayListener,
    LatticeGateway,
    ListenerProtocol,
    ObjectRef,
    ServiceNetwork,
)
from constructs_lattice.gateway_api import ParentRef, gateway_class

CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/0123"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def gateway(*listeners: GatewayListener, name: str = "shop") -> LatticeGateway:
    return LatticeGateway(name=name, listeners=listeners or (GatewayListener.http(),))


def test_the_class_is_the_controllers() -> None:
    """The GatewayClass has the name that gateways give, and the name of the controller."""
    assert gateway_class() == {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "GatewayClass",
        "metadata": {"name": "amazon-vpc-lattice"},
        "spec": {"controllerName": "application-networking.k8s.aws/gateway-api-controller"},
    }
    assert gateway().manifest()["spec"]["gatewayClassName"] == "amazon-vpc-lattice"


def test_a_manifest_is_made_of_plain_values() -> None:
    """HTTP, HTTPS and TLS; the certificate is an option, since VPC Lattice reads no Secrets."""
    made = gateway(
        GatewayListener.http(allowed_routes=AllowedRoutes.all_namespaces()),
        GatewayListener.https(certificate_arn=CERTIFICATE, allowed_routes=AllowedRoutes.labelled({"team": "shop"})),
        GatewayListener.https("plain", port=8443),
        GatewayListener.tls_passthrough(),
    ).manifest()
    assert made == {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": "shop", "namespace": "default"},
        "spec": {
            "gatewayClassName": "amazon-vpc-lattice",
            "listeners": [
                {"name": "http", "protocol": "HTTP", "port": 80, "allowedRoutes": {"namespaces": {"from": "All"}}},
                {
                    "name": "https",
                    "protocol": "HTTPS",
                    "port": 443,
                    "allowedRoutes": {
                        "namespaces": {"from": "Selector", "selector": {"matchLabels": {"team": "shop"}}}
                    },
                    "tls": {
                        "mode": "Terminate",
                        "options": {"application-networking.k8s.aws/certificate-arn": CERTIFICATE},
                    },
                },
                {"name": "plain", "protocol": "HTTPS", "port": 8443, "allowedRoutes": {"namespaces": {"from": "Same"}}},
                {
                    "name": "tls",
                    "protocol": "TLS",
                    "port": 443,
                    "allowedRoutes": {"namespaces": {"from": "Same"}},
                    "tls": {"mode": "Passthrough"},
                },
            ],
        },
    }


def test_each_manifest_is_a_new_one() -> None:
    """Changing one changes no other."""
    made = gateway()
    made.manifest()["spec"]["listeners"].clear()
    assert len(made.manifest()["spec"]["listeners"]) == 1


def test_a_gateway_has_the_name_of_its_service_network(stack: cdk.Stack) -> None:
    """By which the controller finds it."""
    network = ServiceNetwork(stack, "Network", service_network_name="shop")
    made = LatticeGateway.of(network, namespace="mesh", listeners=[GatewayListener.http()])
    assert (made.name, made.namespace, made.service_network) == ("shop", "mesh", network)
    assert made.is_defined_here
    assert not gateway().is_defined_here


@pytest.mark.parametrize(
    "network",
    [
        lambda stack: ServiceNetwork(stack, "Network"),
        lambda stack: ServiceNetwork.from_service_network_id(stack, "Network", "sn-0123456789abcdef0"),
    ],
    ids=["unnamed", "imported"],
)
def test_a_service_network_without_a_known_name_has_no_gateway(
    stack: cdk.Stack, network: Callable[[cdk.Stack], ServiceNetwork]
) -> None:
    """CloudFormation would make the name up, or nobody here knows it."""
    with pytest.raises(ArgumentError) as caught:
        LatticeGateway.of(network(stack), listeners=[GatewayListener.http()])
    assert str(caught.value) == (
        "Shop/Network: its gateway has to have its name, which is not known here; define it with a "
        "service_network_name, or make LatticeGateway(name=…)"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "sn-0123456789abcdef0",
            "Gateway 'sn-0123456789abcdef0': name must be the name of a service network, got an id; the controller "
            "does not recognize associations by it",
        ),
        ("ab", "Gateway 'ab': name must be 3 to 63 characters long, got 'ab' (2)"),
        ("Shop", "Gateway 'Shop': name must be lower-case letters, digits, hyphens and dots, got 'Shop'"),
        (
            "my.shop",
            "Gateway 'my.shop': name must be lower-case letters, digits and single hyphens, beginning and ending with "
            "a letter or a digit, got 'my.shop'",
        ),
        (
            "servicenetwork-a",
            "Gateway 'servicenetwork-a': name must not begin with 'servicenetwork-', which ids do, got "
            "'servicenetwork-a'",
        ),
    ],
)
def test_a_name_is_that_of_a_service_network(name: str, message: str) -> None:
    """The controller compares names after the first time, so that an id would not do."""
    with pytest.raises(ArgumentError) as caught:
        gateway(name=name)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: LatticeGateway(name="shop", listeners=[]),
            "Gateway 'shop': there must be 1 to 64 listeners, got 0",
        ),
        (
            lambda: LatticeGateway(name="shop", namespace="My", listeners=[GatewayListener.http()]),
            "Gateway 'shop': namespace must be lower-case letters, digits and hyphens, got 'My'",
        ),
        (
            lambda: gateway(GatewayListener.http("web"), GatewayListener.https("web")),
            "Gateway 'shop': 2 listeners have the name 'web'; give each its own",
        ),
        (
            lambda: gateway(GatewayListener.http("a"), GatewayListener.http("b")),
            "Gateway 'shop': 2 listeners have HTTP on port 80; give each its own",
        ),
        (
            lambda: gateway().listener("https"),
            "Gateway 'shop': it has no listener 'https'; there is http",
        ),
        (
            lambda: GatewayListener.http(port=0),
            "listener 'http': port must be 1 to 65,535, got 0",
        ),
        (
            lambda: GatewayListener.http("Web"),
            "listener 'Web': name must be lower-case letters, digits, hyphens and dots, got 'Web'",
        ),
        (
            lambda: GatewayListener(
                name="tls", protocol=ListenerProtocol.TLS_PASSTHROUGH, port=443, certificate_arn=CERTIFICATE
            ),
            "listener 'tls': a certificate_arn is for HTTPS, but it speaks TLS_PASSTHROUGH; leave it out",
        ),
        (
            lambda: AllowedRoutes.labelled({}),
            "allowed routes: labelled needs at least one label; use all_namespaces for every one",
        ),
        (
            lambda: ParentRef(gateway="shop", section="My"),
            "parent 'shop': section: name must be lower-case letters, digits, hyphens and dots, got 'My'",
        ),
        (
            lambda: ObjectRef.service("orders", namespace=""),
            "Service: namespace must be 1 to 63 characters long, got '' (0)",
        ),
    ],
)
def test_what_does_not_fit_is_an_error(make: Callable[[], object], message: str) -> None:
    """Each message names the place, the value and the way out."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def test_https_and_tls_may_share_a_port() -> None:
    """They are listeners of different services."""
    made = gateway(GatewayListener.https(), GatewayListener.tls_passthrough())
    assert [each.port for each in made.listeners] == [443, 443]
