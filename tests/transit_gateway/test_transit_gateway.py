"""Transit Gateways: nothing is routed that was not said."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Match, Template

from constructs_lattice import (
    AddressError,
    ArgumentError,
    LatticeError,
    Tier,
    TransitGateway,
    TransitGatewayRouteTable,
    Vpc,
    Zones,
)
from constructs_lattice.transit_gateway import ImportedAttachment


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Hub")


@pytest.fixture
def hub(stack: cdk.Stack) -> TransitGateway:
    return TransitGateway(stack, "Gateway")


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated("app"), Tier.isolated("data"), Tier.transit()])


def _routes(stack: cdk.Stack) -> list[dict[str, Any]]:
    return [dict(route) for route in Template.from_stack(stack).find_resources("AWS::EC2::Route").values()]


def test_the_default_route_tables_are_off(stack: cdk.Stack, hub: TransitGateway) -> None:
    """Left on, they would let every attachment reach every other."""
    assert hub.transit_gateway_id == hub.resource.ref
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::TransitGateway",
        {
            "AmazonSideAsn": 64512,
            "AutoAcceptSharedAttachments": "disable",
            "DefaultRouteTableAssociation": "disable",
            "DefaultRouteTablePropagation": "disable",
            "TransitGatewayCidrBlocks": Match.absent(),
        },
    )


def test_what_a_gateway_can_be_told(stack: cdk.Stack) -> None:
    """Its number, its description, whom it accepts, and blocks of its own."""
    TransitGateway(
        stack,
        "Gateway",
        amazon_side_asn=4_200_000_001,
        description="the hub",
        auto_accept_shared_attachments=True,
        cidrs=["10.255.0.0/24"],
    )
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::TransitGateway",
        {
            "AmazonSideAsn": 4_200_000_001,
            "Description": "the hub",
            "AutoAcceptSharedAttachments": "enable",
            "TransitGatewayCidrBlocks": ["10.255.0.0/24"],
        },
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"amazon_side_asn": 65_535},
            "Hub/Gateway: amazon_side_asn must be a private one, 64512 to 65534 or 4200000000 to 4294967294, got 65535",
        ),
        ({"cidrs": ["10.255.0.0/25"]}, "Hub/Gateway: cidrs must be a /24 or larger, got 10.255.0.0/25"),
        ({"cidrs": ["10.0.0.0/8"] * 6}, "Hub/Gateway: there must be 0 to 5 cidrs, got 6"),
        (
            {"cidrs": ["10.255.0.1/24"]},
            "Hub/Gateway: '10.255.0.1/24' has bits set behind its prefix length, did you mean 10.255.0.0/24?",
        ),
    ],
)
def test_what_a_gateway_cannot_be_is_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """With nothing left behind."""
    with pytest.raises(LatticeError) as caught:
        TransitGateway(stack, "Gateway", **arguments)
    assert str(caught.value) == message
    assert stack.node.children == []


def test_a_vpc_is_attached_in_its_transit_tier(stack: cdk.Stack, hub: TransitGateway, vpc: Vpc) -> None:
    """One subnet in each zone; associated and propagated as was said, and no further."""
    prod, onprem = hub.add_route_table("prod"), hub.add_route_table("on-premises")
    attachment = hub.add_vpc_attachment("Vpc", vpc=vpc, route_table=prod, propagate_to=[onprem])
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::TransitGatewayAttachment",
        {
            "SubnetIds": [stack.resolve(subnet.subnet_id) for subnet in vpc.tier("transit").subnets],
            "Options": Match.object_like({"ApplianceModeSupport": "disable"}),
        },
    )
    ids = stack.resolve([attachment.attachment_id, prod.route_table_id, onprem.route_table_id])
    template.all_resources_properties(
        "AWS::EC2::TransitGatewayRouteTableAssociation",
        {"TransitGatewayAttachmentId": ids[0], "TransitGatewayRouteTableId": ids[1]},
    )
    template.all_resources_properties(
        "AWS::EC2::TransitGatewayRouteTablePropagation",
        {"TransitGatewayAttachmentId": ids[0], "TransitGatewayRouteTableId": ids[2]},
    )


def test_a_foreign_vpc_is_attached_once_in_each_zone(stack: cdk.Stack, hub: TransitGateway) -> None:
    """In the subnets of its default selection."""
    plain = ec2.Vpc(stack, "Plain", availability_zones=["eu-west-1a", "eu-west-1b"])
    hub.add_vpc_attachment("Plain", vpc=plain, appliance_mode=True)
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::TransitGatewayAttachment",
        {
            "SubnetIds": [stack.resolve(subnet.subnet_id) for subnet in plain.private_subnets],
            "Options": Match.object_like({"ApplianceModeSupport": "enable"}),
        },
    )


def test_adding_a_zone_changes_the_attachment_in_place() -> None:
    """Its resource type and its logical id stay, and it is not the type that is replaced with its subnets."""
    templates = []
    for zones in (2, 3):
        stack = cdk.Stack(cdk.App(), "Hub")
        vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.transit()], zones=Zones.first(zones))
        TransitGateway(stack, "Gateway").add_vpc_attachment("Vpc", vpc=vpc)
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::EC2::TransitGatewayVpcAttachment", 0)
        templates.append(template.find_resources("AWS::EC2::TransitGatewayAttachment"))
    assert templates[0].keys() == templates[1].keys()


def test_an_attachment_has_one_association(hub: TransitGateway, vpc: Vpc) -> None:
    """The second is refused, with the name of the first."""
    attachment = hub.add_vpc_attachment("Vpc", vpc=vpc, route_table=hub.add_route_table("prod"))
    with pytest.raises(ArgumentError) as caught:
        attachment.associate_with(hub.add_route_table("dev"))
    assert str(caught.value) == (
        "Hub/Gateway/Vpc: the attachment is associated with route table 'prod' already, got 'dev'; "
        "an attachment has one association"
    )


def test_propagating_twice_is_propagating_once(stack: cdk.Stack, hub: TransitGateway, vpc: Vpc) -> None:
    """Patterns may say it again."""
    prod = hub.add_route_table("prod")
    attachment = hub.add_vpc_attachment("Vpc", vpc=vpc, propagate_to=[prod])
    attachment.propagate_to(prod)
    Template.from_stack(stack).resource_count_is("AWS::EC2::TransitGatewayRouteTablePropagation", 1)


@pytest.mark.parametrize(
    ("tiers", "subnets", "message"),
    [
        (
            [Tier.isolated("app"), Tier.isolated("data")],
            ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            "Hub/Gateway/Bad: an attachment has one subnet in each zone, got 2 in zone eu-west-1a; "
            "select a single tier",
        ),
        (
            [Tier.transit("one"), Tier.transit("two")],
            None,
            "Hub/Gateway/Bad: the vpc has the transit tiers 'one' and 'two'; say which with subnets",
        ),
    ],
)
def test_where_an_attachment_cannot_be_is_refused(
    stack: cdk.Stack, hub: TransitGateway, tiers: list[Tier], subnets: ec2.SubnetSelection | None, message: str
) -> None:
    """One subnet in each zone, and no guessing."""
    vpc = Vpc(stack, "Bad", cidr="10.30.0.0/16", tiers=tiers, zones=Zones.named("eu-west-1a"))
    with pytest.raises(ArgumentError) as caught:
        hub.add_vpc_attachment("Bad", vpc=vpc, subnets=subnets)
    assert str(caught.value) == message
    assert hub.node.try_find_child("Bad") is None


def test_zones_that_only_the_deployment_knows_are_told_apart(stack: cdk.Stack, hub: TransitGateway) -> None:
    """The message does not show a token."""
    vpc = Vpc(stack, "Bad", cidr="10.30.0.0/16", tiers=[Tier.isolated("app"), Tier.isolated("data")])
    with pytest.raises(ArgumentError) as caught:
        hub.add_vpc_attachment("Bad", vpc=vpc, subnets=ec2.SubnetSelection())
    assert str(caught.value) == (
        "Hub/Gateway/Bad: an attachment has one subnet in each zone, got 2 in one zone; select a single tier"
    )


def test_routes_to_the_gateway_wait_for_the_attachment(stack: cdk.Stack, hub: TransitGateway, vpc: Vpc) -> None:
    """Each route table gets each destination once; IPv6 has its own property; EC2 refuses a route before."""
    attachment = hub.add_vpc_attachment("Vpc", vpc=vpc)
    app = vpc.tier("app").selection
    assert len(attachment.add_routes(["192.168.0.0/16", "2001:db8::/32"], from_=app)) == 6
    assert attachment.add_routes(["192.168.0.0/16"], from_=app) == []
    routes = _routes(stack)
    attachment_id = stack.get_logical_id(attachment.resource)
    assert all(route["DependsOn"] == [attachment_id] for route in routes)
    destinations = [route["Properties"].get("DestinationCidrBlock") for route in routes]
    assert destinations.count("192.168.0.0/16") == 3
    assert [r["Properties"].get("DestinationIpv6CidrBlock") for r in routes].count("2001:db8::/32") == 3
    tables = {str(stack.resolve(subnet.route_table.route_table_id)) for subnet in vpc.tier("app").subnets}
    assert {str(route["Properties"]["RouteTableId"]) for route in routes} == tables


def test_a_destination_that_only_the_deployment_knows_passes(stack: cdk.Stack, hub: TransitGateway, vpc: Vpc) -> None:
    """Its route has an id of its own, which comes from what the token stands for."""
    plain = ec2.Vpc(stack, "Plain", availability_zones=["eu-west-1a"])
    attachment = hub.add_vpc_attachment("Vpc", vpc=vpc)
    blocks = [plain.vpc_cidr_block, cdk.Fn.import_value("Block")]
    routes = attachment.add_routes(blocks, from_=vpc.tier("app").selection)
    assert len({stack.get_logical_id(route) for route in routes}) == 6
    destinations = [stack.resolve(route.destination_cidr_block) for route in routes[:2]]
    assert destinations == [{"Fn::GetAtt": ["Plain295EB121", "CidrBlock"]}, {"Fn::ImportValue": "Block"}]


@pytest.mark.parametrize(
    ("destination", "message"),
    [
        (
            "192.168.0.1/16",
            "Hub/Gateway/Vpc/add_routes: '192.168.0.1/16' has bits set behind its prefix length, "
            "did you mean 192.168.0.0/16?",
        ),
        (
            "2001:db8::1/32",
            "Hub/Gateway/Vpc/add_routes: '2001:db8::1/32' has bits set behind its prefix length, "
            "did you mean 2001:db8::/32?",
        ),
    ],
)
def test_destinations_are_read_strictly(hub: TransitGateway, vpc: Vpc, destination: str, message: str) -> None:
    """Before the first route is made."""
    attachment = hub.add_vpc_attachment("Vpc", vpc=vpc)
    with pytest.raises(AddressError) as caught:
        attachment.add_routes(["10.0.0.0/8", destination], from_=vpc.tier("app").selection)
    assert str(caught.value) == message
    assert [child.node.id for child in attachment.node.children] == ["Resource"]


def test_static_routes_and_blackholes(stack: cdk.Stack, hub: TransitGateway, vpc: Vpc) -> None:
    """A block has one static route in a table."""
    prod = hub.add_route_table("prod")
    attachment = hub.add_vpc_attachment("Vpc", vpc=vpc)
    prod.add_route("0.0.0.0/0", attachment)
    prod.add_blackhole("10.0.0.0/8")
    with pytest.raises(ArgumentError) as caught:
        prod.add_blackhole("0.0.0.0/0")
    assert str(caught.value) == (
        "Hub/Gateway/prod/Route-0.0.0.0-0: route table 'prod' sends 0.0.0.0/0 to 'Vpc' already, got 'blackhole'; "
        "a block has one static route"
    )
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::TransitGatewayRoute", 2)
    template.has_resource_properties(
        "AWS::EC2::TransitGatewayRoute", {"DestinationCidrBlock": "10.0.0.0/8", "Blackhole": True}
    )
    template.has_resource_properties(
        "AWS::EC2::TransitGatewayRoute",
        {
            "DestinationCidrBlock": "0.0.0.0/0",
            "TransitGatewayAttachmentId": stack.resolve(attachment.attachment_id),
            "Blackhole": Match.absent(),
        },
    )


def test_what_exists_already_is_used_like_what_is_made(stack: cdk.Stack, vpc: Vpc) -> None:
    """A gateway, a route table and an attachment by their ids, tokens included."""
    hub = TransitGateway.from_transit_gateway_id(stack, "Shared", cdk.Fn.import_value("HubId"))
    table = TransitGatewayRouteTable.from_route_table_id(stack, "Table", "tgw-rtb-0123456789abcdef0")
    own = hub.add_route_table("own")
    hub.add_vpc_attachment("Vpc", vpc=vpc, route_table=table, propagate_to=[own])
    ImportedAttachment(stack, "Vpn", attachment_id="tgw-attach-0123456789abcdef0").associate_with(own)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::TransitGateway", 0)
    template.has_resource_properties(
        "AWS::EC2::TransitGatewayAttachment", {"TransitGatewayId": {"Fn::ImportValue": "HubId"}}
    )
    template.has_resource_properties(
        "AWS::EC2::TransitGatewayRouteTableAssociation", {"TransitGatewayRouteTableId": "tgw-rtb-0123456789abcdef0"}
    )
    assert table.resource is None


def test_a_route_table_is_new_or_exists(stack: cdk.Stack) -> None:
    """One of the two, and not both."""
    with pytest.raises(ArgumentError) as caught:
        TransitGatewayRouteTable(stack, "Table")
    assert str(caught.value) == (
        "Hub/Table: exactly one of transit_gateway_id and route_table_id is needed; "
        "give the first for a new route table, the second for one that exists"
    )
