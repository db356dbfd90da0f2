"""Peering: both sides find each other."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from constructs_lattice import AddressError, IpProtocol, RouteTarget, Tier, Vpc, VpcPeering, Zones


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def shop(stack: cdk.Stack) -> Vpc:
    tiers = [Tier.isolated("app"), Tier.isolated("data")]
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=tiers, zones=Zones.first(2))


def test_both_sides_have_routes(stack: cdk.Stack, shop: Vpc) -> None:
    """From the subnets that are said, or from those of the default selection; each waits for the connection."""
    theirs = ec2.Vpc(
        stack, "Theirs", ip_addresses=ec2.IpAddresses.cidr("10.30.0.0/16"), availability_zones=["eu-west-1a"]
    )
    peering = VpcPeering(
        stack, "Peering", requester=shop, accepter=theirs, requester_subnets=shop.tier("app").selection
    )
    tables = {
        "shop": [stack.resolve(each.route_table.route_table_id) for each in shop.tier("app").subnets],
        "theirs": [stack.resolve(each.route_table.route_table_id) for each in theirs.private_subnets],
    }
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::VPCPeeringConnection",
        {"VpcId": stack.resolve(shop.vpc_id), "PeerVpcId": stack.resolve(theirs.vpc_id)},
    )
    connection = stack.resolve(peering.peering_connection_id)
    routes = [
        each
        for each in template.find_resources("AWS::EC2::Route").values()
        if each["Properties"].get("VpcPeeringConnectionId") == connection
    ]
    assert [(each["Properties"]["RouteTableId"], each["Properties"]["DestinationCidrBlock"]) for each in routes] == [
        *((table, stack.resolve(theirs.vpc_cidr_block)) for table in tables["shop"]),
        *((table, "10.20.0.0/16") for table in tables["theirs"]),
    ]
    assert all(each["DependsOn"] == [stack.get_logical_id(peering.resource)] for each in routes)


def _ipv6_routes(stack: cdk.Stack) -> list[dict[str, object]]:
    routes = [each["Properties"] for each in Template.from_stack(stack).find_resources("AWS::EC2::Route").values()]
    return [each for each in routes if "DestinationIpv6CidrBlock" in each]


@pytest.mark.parametrize("imported", [False, True], ids=["made", "imported"])
def test_both_sides_have_routes_for_ipv6_where_both_speak_it(stack: cdk.Stack, imported: bool) -> None:
    """From the subnets that do."""
    modern, mixed = Tier.isolated("modern", ip_protocol=IpProtocol.DUAL_STACK), Tier.isolated("old")
    one: Vpc = Vpc(stack, "One", cidr="10.20.0.0/16", tiers=[modern, mixed], zones=Zones.first(1))
    other: Vpc = Vpc(stack, "Two", cidr="10.30.0.0/16", tiers=[modern], zones=Zones.first(1))
    accepter = Vpc.from_vpc_attributes(stack, "Imported", other.attributes) if imported else other
    peering = VpcPeering(stack, "Peering", requester=one, accepter=accepter)
    assert _ipv6_routes(stack) == [
        {
            "RouteTableId": stack.resolve(here.subnet("modern", "a").route_table.route_table_id),
            "DestinationIpv6CidrBlock": stack.resolve(there.ipv6_cidr_block),
            "VpcPeeringConnectionId": stack.resolve(peering.peering_connection_id),
        }
        for here, there in ((one, other), (other, one))
    ]


def test_a_peer_without_ipv6_has_routes_for_ipv4_only(stack: cdk.Stack, shop: Vpc) -> None:
    """Whichever side it is on."""
    modern = Vpc(stack, "Modern", cidr="10.30.0.0/16", tiers=[Tier.isolated()], ip_protocol=IpProtocol.DUAL_STACK)
    VpcPeering(stack, "There", requester=shop, accepter=modern)
    VpcPeering(stack, "Back", requester=modern, accepter=shop)
    assert _ipv6_routes(stack) == []


def test_a_token_for_an_ipv6_block_is_known_as_one(stack: cdk.Stack, shop: Vpc) -> None:
    """In routes of one's own, by the attribute that it refers to."""
    modern = Vpc(stack, "Modern", cidr="10.30.0.0/16", tiers=[Tier.isolated()], ip_protocol=IpProtocol.DUAL_STACK)
    block = modern.ipv6_cidr_block
    assert block is not None
    shop.add_routes("app", to=[block], via=RouteTarget.transit_gateway("tgw-0123456789abcdef0"))
    assert [each["DestinationIpv6CidrBlock"] for each in _ipv6_routes(stack)] == 2 * [stack.resolve(block)]


def test_vpcs_that_overlap_cannot_be_peered(stack: cdk.Stack, shop: Vpc) -> None:
    """And nothing of the attempt stays."""
    other = Vpc(stack, "Other", cidr="10.20.0.0/20", tiers=[Tier.isolated()], zones=Zones.first(1))
    with pytest.raises(AddressError) as caught:
        VpcPeering(stack, "Peering", requester=shop, accepter=other)
    assert str(caught.value) == (
        "Shop/Peering: 10.20.0.0/16 and 10.20.0.0/20 overlap; VPCs that are peered need blocks of their own"
    )
    assert stack.node.try_find_child("Peering") is None
