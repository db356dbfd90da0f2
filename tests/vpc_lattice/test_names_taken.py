"""Names that are there once, and names that stand in the way."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Template
from aws_cdk.assertions import Match as Like

from constructs_lattice import (
    Action,
    ArgumentError,
    IpTargetGroup,
    Listener,
    ListenerProtocol,
    Match,
    ResourceConfiguration,
    ResourceGateway,
    Service,
    ServiceNetwork,
)
from tests.vpc_lattice.vpcs import small_vpc

GONE = Action.fixed_response(404)
ENV = cdk.Environment(account="111111111111", region="eu-west-1")


@pytest.fixture
def app() -> cdk.App:
    return cdk.App()


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "Shop", env=ENV)


def _group(stack: cdk.Stack, id_: str, name: str) -> IpTargetGroup:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, f"{id_}Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"]
    )
    return IpTargetGroup(stack, id_, vpc=vpc, target_group_name=name)


def _gateway(stack: cdk.Stack, id_: str, name: str) -> ResourceGateway:
    return ResourceGateway(stack, id_, vpc=small_vpc(stack, f"{id_}Vpc"), resource_gateway_name=name)


def _configuration(stack: cdk.Stack, id_: str, name: str) -> ResourceConfiguration:
    gateway = ResourceGateway.from_resource_gateway_id(stack, f"{id_}Gateway", "rgw-0123456789abcdef0")
    return ResourceConfiguration.ip_address(
        stack, id_, gateway=gateway, ip_address="10.20.0.5", ports=[22], resource_configuration_name=name
    )


MAKERS: dict[str, Callable[[cdk.Stack, str, str], Any]] = {
    "service_network_name": lambda stack, id_, name: ServiceNetwork(stack, id_, service_network_name=name),
    "service_name": lambda stack, id_, name: Service(stack, id_, service_name=name),
    "target_group_name": _group,
    "resource_gateway_name": _gateway,
    "resource_configuration_name": _configuration,
}


@pytest.mark.parametrize("argument", MAKERS)
def test_a_name_is_taken_once_in_an_account_and_region(app: cdk.App, stack: cdk.Stack, argument: str) -> None:
    """In whatever stack; another region is another place, and so is another kind of thing."""
    make = MAKERS[argument]
    make(stack, "First", "orders")
    other = cdk.Stack(app, "Other", env=ENV)
    with pytest.raises(ArgumentError) as caught:
        make(other, "Second", "orders")
    assert str(caught.value) == (
        f"Other/Second: {argument} 'orders' is taken by Shop/First; leave it out, or choose another"
    )
    assert other.node.try_find_child("Second") is None
    make(cdk.Stack(app, "Far", env=cdk.Environment(account="111111111111", region="eu-west-2")), "Third", "orders")
    for each, another in MAKERS.items():
        if each != argument:
            another(stack, f"Another{each}", "orders")


@pytest.mark.parametrize("argument", MAKERS)
def test_stacks_that_go_anywhere_may_share_names(app: cdk.App, argument: str) -> None:
    """They may go to different regions; a name that only the deployment knows is never compared."""
    for id_ in ("One", "Two"):
        stack = cdk.Stack(app, id_)
        MAKERS[argument](stack, "Named", "orders")
        for number in range(2):
            MAKERS[argument](stack, f"Token{number}", cdk.Fn.import_value("Name"))


def test_a_name_that_failed_is_free(stack: cdk.Stack) -> None:
    """It was never given."""
    with pytest.raises(ArgumentError):
        Service(stack, "Orders", service_name="orders", idle_timeout=cdk.Duration.seconds(1))
    Service(stack, "Orders", service_name="orders")


def test_a_listener_s_name_is_taken_once_in_a_service(stack: cdk.Stack) -> None:
    """Whoever makes the listener; another service may have it again."""
    service, other = Service(stack, "Orders"), Service(stack, "Carts")
    service.add_listener("Https", listener_name="main", default_action=GONE)
    with pytest.raises(ArgumentError) as caught:
        Listener(stack, "Elsewhere", service=service, port=444, listener_name="main", default_action=GONE)
    assert str(caught.value) == (
        "Shop/Elsewhere: listener_name 'main' is taken by listener 'Https'; leave it out, or choose another"
    )
    other.add_listener("Https", listener_name="main", default_action=GONE)


def test_a_rule_s_name_is_taken_once_in_a_listener(stack: cdk.Stack) -> None:
    """Another listener may have it again."""
    service = Service(stack, "Orders")
    https = service.add_listener("Https", default_action=GONE)
    https.add_rule("First", rule_name="gone", match=Match.path_exact("/a"), action=GONE)
    with pytest.raises(ArgumentError) as caught:
        https.add_rule("Second", rule_name="gone", match=Match.path_exact("/b"), action=GONE)
    assert str(caught.value) == (
        "Shop/Orders/Https/Second: rule_name 'gone' is taken by rule 'First'; leave it out, or choose another"
    )
    other = service.add_listener("Other", port=444, default_action=GONE)
    other.add_rule("First", rule_name="gone", match=Match.path_exact("/a"), action=GONE)


def test_names_in_the_way_of_a_replacement_are_warnings(stack: cdk.Stack) -> None:
    """CloudFormation makes the successor first, which cannot have the same name."""
    ServiceNetwork(stack, "Mesh", service_network_name="mesh", shareable=False)
    service = Service(stack, "Orders", service_name="orders", custom_domain_name="orders.example.com")
    service.add_listener("Http", listener_name="main", protocol=ListenerProtocol.HTTP, default_action=GONE)
    _group(stack, "Web", "web")
    warnings = Annotations.from_stack(stack).find_warning("*", Like.string_like_regexp("another one takes its place"))
    told = {each.id: str(each.entry.data) for each in warnings}
    what = {
        "/Shop/Mesh": ("shareable", "service_network_name"),
        "/Shop/Orders": ("custom_domain_name", "service_name"),
        "/Shop/Orders/Http": ("port or protocol", "listener_name"),
        "/Shop/Web": ("anything but its targets or its health check", "target_group_name"),
    }
    assert told == {
        path: (
            f"another one takes its place when {changes} changes, and cannot have the same {argument} meanwhile; leave "
            "the name out, or change it together with the rest [ack: constructs-lattice:latticeNameInTheWay]"
        )
        for path, (changes, argument) in what.items()
    }


def test_names_in_nobody_s_way_are_none(stack: cdk.Stack) -> None:
    """Nor are those that CloudFormation makes."""
    ServiceNetwork(stack, "Mesh", service_network_name="mesh")
    named = Service(stack, "Named", service_name="named").add_listener("Https", default_action=GONE)
    named.add_rule("Rule", rule_name="gone", match=Match.path_exact("/"), action=GONE)
    Service(stack, "Orders", custom_domain_name="orders.example.com")
    assert Annotations.from_stack(stack).find_warning("*", Like.any_value()) == []
    Template.from_stack(stack)
