"""Outputs and parameters: a VPC by tier, then by zone, for another application or account."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from constructs_lattice import (
    ArgumentError,
    IpProtocol,
    NetworkLoadBalancer,
    RouteTables,
    Tier,
    TransitGateway,
    Vpc,
    VpcAttributes,
    VpcOutputs,
    VpcParameters,
    Zones,
)
from tests.vpc.test_imported_vpc import TIERS, attributes


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _deployed(vpc: VpcAttributes) -> dict[str, str]:
    """The outputs of a stack whose VPC has these attributes: nothing in them is a token."""
    stack = cdk.Stack(cdk.App(), "Deployed")
    VpcOutputs(stack, "Outputs", vpc=Vpc.from_vpc_attributes(stack, "Vpc", vpc), name="Shop")
    return {name: each["Value"] for name, each in Template.from_stack(stack).find_outputs("*").items()}


def test_there_is_an_output_for_the_vpc_and_one_for_each_tier(stack: cdk.Stack) -> None:
    """Objects of JSON, whose names follow from those of the tiers."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=TIERS, zones=Zones.named("eu-west-1a", "eu-west-1c"))
    VpcOutputs(stack, "Outputs", vpc=vpc, name="Shop")
    outputs = Template.from_stack(stack).find_outputs("*")
    assert sorted(outputs) == [
        "ShopTierApp",
        "ShopTierData",
        "ShopTierLoadBalancer",
        "ShopTierTransit",
        "ShopTierWeb",
        "ShopVpc",
    ]
    text, *values = outputs["ShopTierApp"]["Value"]["Fn::Join"][1]
    assert text == '{"role":"private","route_tables":"per zone","subnets":{"a":{"subnet_id":"'
    assert values[0] == stack.resolve(vpc.subnet("app", "a").subnet_id)
    assert [value["Ref"] for value in values if isinstance(value, dict)] == [
        stack.resolve(token)["Ref"]
        for zone in "ac"
        for token in (
            vpc.subnet("app", zone).subnet_id,
            vpc.subnet("app", zone).route_table.route_table_id,
        )
    ]


@pytest.mark.parametrize("ipv6", [False, True])
def test_what_was_put_out_is_read_again(ipv6: bool) -> None:
    """All of it, from the outputs of the stack as `cdk deploy --outputs-file` writes them."""
    there = attributes(ipv6=ipv6)
    outputs = _deployed(there)
    assert json.loads(outputs["ShopTierApp"])["subnets"]["b"]["availability_zone"] == "eu-west-1b"
    assert VpcOutputs.read(json.loads(json.dumps(outputs | {"Other": "x"})), "Shop") == there


def test_a_name_is_made_of_letters_and_digits(stack: cdk.Stack) -> None:
    """As CloudFormation wants it; and two tiers do not have one name."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated("a-1"), Tier.isolated("a1")])
    with pytest.raises(ArgumentError) as caught:
        VpcOutputs(stack, "Outputs", vpc=vpc, name="my-shop")
    assert str(caught.value) == "Shop/Outputs: name must be a letter, then letters and digits, got 'my-shop'"
    with pytest.raises(ArgumentError) as caught:
        VpcOutputs(stack, "Outputs", vpc=vpc, name="Shop")
    assert str(caught.value) == (
        "Shop/Outputs: tiers 'a-1' and 'a1' would have outputs of one name, since CloudFormation wants letters and "
        "digits; rename one of them"
    )


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({}, "outputs: there is no output 'ShopVpc'; the outputs are none"),
        (
            {"ShopVpc": '{"tiers": ["app"]}', "Other": ""},
            "outputs: there is no output 'ShopTierApp'; the outputs are Other, ShopVpc",
        ),
        (
            {"ShopVpc": "vpc-0123456789abcdef0"},
            "outputs: ShopVpc must be an object of JSON, got 'vpc-0123456789abcdef0'",
        ),
        ({"ShopVpc": "[]"}, "outputs: ShopVpc must be an object of JSON, got '[]'"),
        ({"ShopVpc": '{"tiers": "app"}'}, "outputs: ShopVpc must have a list of tiers, got 'app'"),
        (
            {"ShopVpc": '{"tiers": ["app"]}', "ShopTierApp": "{}"},
            "vpc attributes: tiers.app.subnets is missing; it is a dict",
        ),
    ],
)
def test_outputs_that_are_others_are_refused(outputs: dict[str, str], message: str) -> None:
    """With the name of the output."""
    with pytest.raises(ArgumentError) as caught:
        VpcOutputs.read(outputs, "Shop")
    assert str(caught.value) == message


def _published(vpc: VpcAttributes, prefix: str = "/network/shop") -> dict[str, list[str]]:
    """The parameters of a stack whose VPC has these attributes."""
    stack = cdk.Stack(cdk.App(), "Deployed")
    VpcParameters(stack, "Parameters", vpc=Vpc.from_vpc_attributes(stack, "Vpc", vpc), prefix=prefix)
    found = Template.from_stack(stack).find_resources("AWS::SSM::Parameter").values()
    assert {each["Properties"]["Type"] for each in found} == {"StringList"}
    return {each["Properties"]["Name"]: each["Properties"]["Value"].split(",") for each in found}


def test_there_is_a_parameter_for_the_vpc_and_one_for_each_subnet() -> None:
    """Lists, under names that follow from the tiers and zones."""
    published = _published(attributes())
    assert published["/network/shop/vpc"] == ["vpc-0123456789abcdef0", "10.20.0.0/16", "100.64.0.0/16"]
    assert published["/network/shop/app/b"] == [
        "subnet-0123456789abcde11",
        "rtb-0123456789abcde11",
        "eu-west-1b",
        "10.20.17.0/24",
    ]
    assert len(published) == 1 + 5 * 2


def test_a_vpc_in_the_making_publishes_tokens(stack: cdk.Stack) -> None:
    """They are joined at the deployment."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated("app")], zones=Zones.first(1))
    VpcParameters(stack, "Parameters", vpc=vpc, prefix="/shop")
    Template.from_stack(stack).has_resource_properties(
        "AWS::SSM::Parameter",
        {
            "Name": "/shop/app/a",
            "Type": "StringList",
            "Value": {
                "Fn::Join": [
                    ",",
                    [
                        stack.resolve(vpc.subnet("app", "a").subnet_id),
                        stack.resolve(vpc.subnet("app", "a").route_table.route_table_id),
                        {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
                        "10.20.0.0/22",
                    ],
                ]
            },
        },
    )


def _value(stack: cdk.Stack, published: dict[str, list[str]], token: str) -> str:
    """What CloudFormation makes of Fn::Select over a parameter of a stack."""
    index, reference = stack.resolve(token)["Fn::Select"]
    parameters = Template.from_stack(stack).find_parameters("*")
    value: str = published[parameters[reference["Ref"]]["Default"]][index]
    return value


@pytest.mark.parametrize(
    ("tiers", "ipv6"),
    [
        (TIERS, False),
        (TIERS, True),
        ([Tier.isolated("pods", ip_protocol=IpProtocol.IPV6), Tier.isolated("app")], True),
    ],
    ids=["IPv4", "dual stack", "IPv6 only in one"],
)
def test_what_was_published_is_read_at_the_deployment(stack: cdk.Stack, tiers: list[Tier], ipv6: bool) -> None:
    """Every value comes from its own place, by tier and zone, wherever these were declared."""
    there = attributes(tiers, ipv6=ipv6)
    here = Vpc.from_parameters(
        stack,
        "Vpc",
        prefix="/network/shop",
        tiers=list(reversed(tiers)),
        zones=Zones.named("eu-west-1b", "eu-west-1a"),
        ip_protocol=IpProtocol.DUAL_STACK if ipv6 else IpProtocol.IPV4,
        blocks=2,
    ).attributes
    for parameter in Template.from_stack(stack).find_parameters("/network*").values():
        assert parameter["Type"] == "AWS::SSM::Parameter::Value<List<String>>"
    published = _published(there)

    def value(token: str | None) -> str | None:
        return None if token is None else _value(stack, published, token)

    assert value(here.vpc_id) == there.vpc_id
    assert [value(block) for block in here.cidr_blocks] == there.cidr_blocks
    assert value(here.ipv6_cidr_block) == there.ipv6_cidr_block
    for name, tier in there.tiers.items():
        assert (here.tiers[name].role, here.tiers[name].route_tables) == (tier.role, tier.route_tables)
        for zone, subnet in tier.subnets.items():
            got = here.subnet(name, zone)
            for field in ("subnet_id", "route_table_id", "availability_zone", "ipv4_cidr_block", "ipv6_cidr_block"):
                assert value(getattr(got, field)) == getattr(subnet, field), (name, zone, field)


def test_only_what_is_used_becomes_a_parameter_of_the_stack(stack: cdk.Stack) -> None:
    """A stack can have 200, and cfn-lint dislikes those that nothing refers to."""
    vpc = Vpc.from_parameters(stack, "Vpc", prefix="/network/shop", tiers=TIERS, zones=Zones.first(2))
    ec2.SecurityGroup(stack, "Group", vpc=vpc)
    assert _used(stack) == {"vpc"}


def _used(stack: cdk.Stack) -> set[str]:
    """What a stack reads of what was published."""
    names = [each["Default"] for each in Template.from_stack(stack).find_parameters("*").values()]
    return {name.removeprefix("/network/shop/") for name in names if name.startswith("/network/shop/")}


def test_a_vpc_from_parameters_is_used_by_its_tiers(stack: cdk.Stack) -> None:
    """A shared route table gets one route, the transit tier the attachment, and its own tier the load balancer."""
    vpc = Vpc.from_parameters(stack, "Vpc", prefix="/network/shop", tiers=TIERS, zones=Zones.first(2))
    attachment = TransitGateway(stack, "Hub").add_vpc_attachment("Shop", vpc=vpc)
    attachment.add_routes(["10.0.0.0/8"], from_=vpc.tier("data").selection)
    NetworkLoadBalancer(stack, "Balancer", vpc=vpc)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::Route", 1)
    lists = {"vpc", "data/a", "data/b", "transit/a", "transit/b", "load-balancer/a", "load-balancer/b"}
    assert _used(stack) == lists


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"prefix": "network"}, "prefix must be a path such as '/network/shop', got 'network'"),
        ({"prefix": "/network/"}, "prefix must be a path such as '/network/shop', got '/network/'"),
        ({"prefix": "/AWS/shop"}, "prefix must not begin with '/aws' or '/ssm', which AWS keeps, got '/AWS/shop'"),
        ({"tiers": []}, "a vpc has one tier at least, got none"),
        (
            {"tiers": [Tier.public(), Tier.isolated("public")]},
            "tier 'public' is declared 2 times; names must be distinct",
        ),
        ({"blocks": 0}, "there must be 1 to 50 blocks, got 0"),
    ],
)
def test_what_cannot_have_been_published_is_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """On both sides."""
    with pytest.raises(ArgumentError) as caught:
        Vpc.from_parameters(stack, "Vpc", **({"prefix": "/shop", "tiers": TIERS} | arguments))
    assert str(caught.value) == f"Shop/Vpc: {message}"
    if "prefix" in arguments:
        vpc = Vpc.from_vpc_attributes(stack, "There", attributes())
        with pytest.raises(ArgumentError) as caught:
            VpcParameters(stack, "Vpc", vpc=vpc, **arguments)
        assert str(caught.value) == f"Shop/Vpc: {message}"


def test_route_tables_that_are_shared_are_said_to_be(stack: cdk.Stack) -> None:
    """A token does not tell that it is another's."""
    vpc = Vpc.from_parameters(stack, "Vpc", prefix="/shop", tiers=TIERS, zones=Zones.first(2))
    assert vpc.tier("data").route_tables is RouteTables.SHARED
    assert not vpc.subnet("data", "a").has_own_route_table
    assert vpc.subnet("app", "a").has_own_route_table
