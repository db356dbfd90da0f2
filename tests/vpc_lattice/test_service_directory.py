"""The service directory: what a network offers, as data, outputs and parameters."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Template

from constructs_lattice import (
    Action,
    ArgumentError,
    Auth,
    Listener,
    ListenerProtocol,
    Service,
    ServiceDirectory,
    ServiceNetwork,
)
from constructs_lattice.vpc_lattice import DirectoryEntry, DirectoryListener

ARN = "arn:aws:vpc-lattice:eu-west-1:222222222222:service/svc-0123456789abcdef0"
GONE = Action.fixed_response(404)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def network(stack: cdk.Stack) -> ServiceNetwork:
    return ServiceNetwork(stack, "Mesh")


def parsed(value: Any) -> dict[str, Any]:
    """An exported entry, in which what only the deployment knows is written as its logical id and attribute."""
    parts = value["Fn::Join"][1] if isinstance(value, dict) else [value]
    text = "".join(part if isinstance(part, str) else ".".join(part["Fn::GetAtt"]) for part in parts)
    entry: dict[str, Any] = json.loads(text)
    return entry


def test_a_service_is_in_it_with_all_that_is_known(stack: cdk.Stack, network: ServiceNetwork) -> None:
    """Whether it joins before or after; listeners that come later are there as well."""
    orders = Service(
        stack,
        "Orders",
        service_networks=[network],
        custom_domain_name="orders.example.com",
        auth=Auth.none(),
        version="1.4.2",
    )
    directory = ServiceDirectory(stack, "Directory", service_network=network)
    carts = Service(stack, "Carts", service_networks=[network])
    orders.add_listener("Http", protocol=ListenerProtocol.HTTP, default_action=GONE)
    orders.add_listener("Https", default_action=GONE)
    assert directory.entries == {
        "Shop/Orders": DirectoryEntry(
            path="Shop/Orders",
            service_arn=orders.service_arn,
            domain_name=orders.domain_name,
            custom_domain_name="orders.example.com",
            auth_type="NONE",
            listeners=(
                DirectoryListener(protocol=ListenerProtocol.HTTP, port=80),
                DirectoryListener(protocol=ListenerProtocol.HTTPS, port=443),
            ),
            version="1.4.2",
        ),
        "Shop/Carts": DirectoryEntry(
            path="Shop/Carts",
            service_arn=carts.service_arn,
            domain_name=carts.domain_name,
            custom_domain_name=None,
            auth_type="AWS_IAM",
            listeners=(),
            version=None,
        ),
    }
    # Nothing is exported that was not asked for.
    template = Template.from_stack(stack)
    assert template.find_outputs("*") == {}
    template.resource_count_is("AWS::SSM::Parameter", 0)
    template.has_resource_properties(
        "AWS::VpcLattice::Service",
        {"Tags": [{"Key": "Name", "Value": "Shop/Orders"}, {"Key": "Version", "Value": "1.4.2"}]},
    )


def test_outputs_and_parameters_have_names_that_stay(stack: cdk.Stack, network: ServiceNetwork) -> None:
    """They follow from the path of the service, and say what is known when everything is there."""
    directory = ServiceDirectory(stack, "Directory", service_network=network)
    directory.add_outputs()
    orders = Service(stack, "Orders", service_networks=[network], auth=Auth.none())
    directory.add_parameters("/mesh/eu")
    orders.add_listener("Https", default_action=GONE)
    template = Template.from_stack(stack)
    logical_id = stack.get_logical_id(orders.resource)
    expected = {
        "arn": f"{logical_id}.Arn",
        "domainName": f"{logical_id}.DnsEntry.DomainName",
        "authType": "NONE",
        "listeners": [{"protocol": "HTTPS", "port": 443}],
    }
    outputs = template.find_outputs("*")
    assert list(outputs) == ["ShopOrders"]
    assert parsed(outputs["ShopOrders"]["Value"]) == expected
    (parameter,) = template.find_resources("AWS::SSM::Parameter").values()
    assert (parameter["Properties"]["Name"], parameter["Properties"]["Type"]) == ("/mesh/eu/Shop/Orders", "String")
    assert parsed(parameter["Properties"]["Value"]) == expected


@pytest.mark.parametrize(
    ("ids", "export", "name"),
    [
        (("A-B", "AB"), lambda directory: directory.add_outputs(), "output 'ShopAB'"),
        (("A B", "A-B"), lambda directory: directory.add_parameters("/mesh"), "parameter '/mesh/Shop/A-B'"),
    ],
)
def test_two_services_with_one_name_are_refused(
    stack: cdk.Stack,
    network: ServiceNetwork,
    ids: tuple[str, str],
    export: Callable[[ServiceDirectory], None],
    name: str,
) -> None:
    """The second one is not in the network then, either."""
    directory = ServiceDirectory(stack, "Directory", service_network=network)
    export(directory)
    first, second = ids
    Service(stack, first, service_networks=[network])
    with pytest.raises(ArgumentError) as caught:
        Service(stack, second, service_networks=[network])
    assert str(caught.value) == (
        f"Shop/Directory: services Shop/{first} and Shop/{second} would both have the {name}; give one of them another "
        "id"
    )
    assert stack.node.try_find_child(second) is None
    assert list(directory.entries) == [f"Shop/{first}"]
    assert list(ServiceDirectory(stack, "Again", service_network=network).entries) == [f"Shop/{first}"]


def test_services_of_several_stacks() -> None:
    """Told apart by their paths; the directory is in a stack that comes after them."""
    app = cdk.App()
    mesh = ServiceNetwork(cdk.Stack(app, "Mesh"), "Network")
    for name in ("Orders", "Carts"):
        service = Service(cdk.Stack(app, name), "Service", service_networks=[mesh])
        service.add_listener("Https", default_action=GONE)
    last = cdk.Stack(app, "Directory")
    directory = ServiceDirectory(last, "Services", service_network=mesh)
    directory.add_outputs()
    directory.add_parameters("/mesh")
    template = Template.from_stack(last)
    assert sorted(template.find_outputs("*")) == ["CartsService", "OrdersService"]
    names = [each["Properties"]["Name"] for each in template.find_resources("AWS::SSM::Parameter").values()]
    assert names == ["/mesh/Orders/Service", "/mesh/Carts/Service"]
    assert sorted(each.node.id for each in last.dependencies) == ["Carts", "Orders"]


def test_what_exists_already_is_in_it_when_it_is_named(stack: cdk.Stack) -> None:
    """With what its import tells; only those that are named are."""
    network = ServiceNetwork.from_service_network_id(stack, "Mesh", "sn-0123456789abcdef0")
    bare = Service.from_service_arn(stack, "Bare", ARN)
    known = Service.from_service_attributes(
        stack,
        "Known",
        service_arn=ARN.replace("svc-0", "svc-1"),
        domain_name="known.example.on.aws",
        hosted_zone_id="Z0123",
        custom_domain_name="known.example.com",
    )
    Listener(stack, "Https", service=known, default_action=GONE)
    directory = ServiceDirectory(stack, "Directory", service_network=network, services=[bare, known])
    directory.add_service(bare)
    Service(stack, "Other", service_networks=[network])
    assert {path: entry.as_json() for path, entry in directory.entries.items()} == {
        "Shop/Bare": {"arn": ARN},
        "Shop/Known": {
            "arn": ARN.replace("svc-0", "svc-1"),
            "domainName": "known.example.on.aws",
            "customDomainName": "known.example.com",
            "listeners": [{"protocol": "HTTPS", "port": 443}],
        },
    }


def test_services_that_are_not_ours(stack: cdk.Stack, network: ServiceNetwork) -> None:
    """L1 constructs say where they are found, and whether they ask who calls."""
    plain = vpclattice.CfnService(stack, "L1", auth_type="NONE")
    network.add_service("L1", plain)
    (entry,) = ServiceDirectory(stack, "Directory", service_network=network).entries.values()
    assert stack.resolve(entry.as_json()) == {
        "arn": {"Ref": "L1"},
        "domainName": {"Fn::GetAtt": ["L1", "DnsEntry.DomainName"]},
        "authType": "NONE",
    }


@pytest.mark.parametrize("prefix", ["mesh", "/", "/mesh/", "/aws/mesh", "/ssm", "/me sh", ""])
def test_a_prefix_that_systems_manager_does_not_take_is_refused(
    stack: cdk.Stack, network: ServiceNetwork, prefix: str
) -> None:
    """It would at deployment."""
    directory = ServiceDirectory(stack, "Directory", service_network=network)
    with pytest.raises(ArgumentError) as caught:
        directory.add_parameters(prefix)
    assert str(caught.value) == (
        "Shop/Directory: prefix must begin with a slash and hold names of letters, digits and .-_, not beginning with "
        f"aws or ssm, got {prefix!r}"
    )


@pytest.mark.parametrize("version", ["", "v" * 257])
def test_a_version_is_the_value_of_a_tag(stack: cdk.Stack, version: str) -> None:
    """Of 256 characters at most."""
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Orders", version=version)
    assert str(caught.value) == (
        f"Shop/Orders: version must be 1 to 256 characters long, got {version!r} ({len(version)})"
    )
