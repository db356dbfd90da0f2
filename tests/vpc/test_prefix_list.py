"""Prefix lists: room to grow, no overlaps, one family; for routes and for security groups."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from constructs_lattice import (
    AddressError,
    ArgumentError,
    FlowLogs,
    LatticeError,
    PrefixList,
    PrefixListEntry,
    RouteTables,
    RouteTarget,
    Tier,
    TransitGateway,
    Vpc,
    Zones,
)

BERLIN, PORTO = PrefixListEntry.of("192.168.0.0/20", "Berlin"), PrefixListEntry.of("192.168.16.0/20", "Porto")


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    tiers = [Tier.isolated("app"), Tier.isolated("data", route_tables=RouteTables.SHARED)]
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=tiers, zones=Zones.first(2), flow_logs=FlowLogs.none())


def _list(stack: cdk.Stack) -> dict[str, Any]:
    (resource,) = Template.from_stack(stack).find_resources("AWS::EC2::PrefixList").values()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def test_a_list_has_room_to_grow(stack: cdk.Stack) -> None:
    """Its largest number of entries does not follow how many there are; their order is that of the addresses."""
    PrefixList(stack, "Offices", entries=[PORTO, BERLIN, PrefixListEntry.of(cdk.Fn.import_value("Lisbon"))])
    assert _list(stack) == {
        "AddressFamily": "IPv4",
        "PrefixListName": "Shop-Offices",
        "MaxEntries": 20,
        "Entries": [
            {"Cidr": "192.168.0.0/20", "Description": "Berlin"},
            {"Cidr": "192.168.16.0/20", "Description": "Porto"},
            {"Cidr": {"Fn::ImportValue": "Lisbon"}},
        ],
        "Tags": [{"Key": "Name", "Value": "Shop/Offices"}],
    }


def test_a_list_of_the_other_family(stack: cdk.Stack) -> None:
    """With a name and a size of its own."""
    entries = [PrefixListEntry(cidr="2001:db8::/32")]
    family = ec2.AddressFamily.IP_V6
    offices = PrefixList(
        stack, "Six", entries=entries, address_family=family, max_entries=1, prefix_list_name="offices-6"
    )
    assert offices.address_family is family
    assert (_list(stack)["AddressFamily"], _list(stack)["MaxEntries"]) == ("IPv6", 1)
    assert _list(stack)["PrefixListName"] == "offices-6"


def test_routes_lead_to_what_is_in_a_list(stack: cdk.Stack, vpc: Vpc) -> None:
    """Ours or anybody's; a route in each route table, whose logical id tells the list."""
    offices = PrefixList(stack, "Offices", entries=[BERLIN])
    theirs = PrefixList.from_prefix_list_id(stack, "Theirs", "pl-0123456789abcdef0")
    looked_up = ec2.PrefixList.from_prefix_list_id(stack, "LookedUp", "pl-0aaaaaaaaaaaaaaaa")
    target = RouteTarget.transit_gateway("tgw-0123456789abcdef0")
    vpc.add_routes("app", to=[offices, theirs, "10.0.0.0/8"], via=target)
    vpc.add_routes("data", to=[looked_up], via=target)
    routes = Template.from_stack(stack).find_resources("AWS::EC2::Route")
    lists = {
        id_[:-8]: each["Properties"].get("DestinationPrefixListId", each["Properties"].get("DestinationCidrBlock"))
        for id_, each in routes.items()
    }
    assert lists == {
        "VpcRoutesappaOffices": stack.resolve(offices.prefix_list_id),
        "VpcRoutesappbOffices": stack.resolve(offices.prefix_list_id),
        "VpcRoutesappaTheirs": "pl-0123456789abcdef0",
        "VpcRoutesappbTheirs": "pl-0123456789abcdef0",
        "VpcRoutesappa100008": "10.0.0.0/8",
        "VpcRoutesappb100008": "10.0.0.0/8",
        "VpcRoutesdataLookedUp": "pl-0aaaaaaaaaaaaaaaa",
    }
    assert {each["Properties"]["TransitGatewayId"] for each in routes.values()} == {"tgw-0123456789abcdef0"}
    with pytest.raises(ArgumentError) as caught:
        vpc.add_routes("app", to=[offices], via=target)
    assert str(caught.value) == (
        "Shop/Vpc/add_routes: tier 'app' has a route to prefix list Shop/Offices already, got another one"
    )


def test_attachments_lead_to_what_is_in_a_list(stack: cdk.Stack, vpc: Vpc) -> None:
    """And their routes wait for the attachment, as those to blocks do."""
    attachment = TransitGateway(stack, "Hub").add_vpc_attachment("Vpc", vpc=vpc, subnets=vpc.tier("app").selection)
    offices = PrefixList(stack, "Offices", entries=[BERLIN])
    routes = attachment.add_routes([offices], from_=vpc.tier("app").selection)
    assert len(routes) == 2
    assert attachment.add_routes([offices], from_=vpc.tier("app").selection) == []
    Template.from_stack(stack).has_resource(
        "AWS::EC2::Route",
        {
            "Properties": {"DestinationPrefixListId": stack.resolve(offices.prefix_list_id)},
            "DependsOn": [stack.get_logical_id(attachment.resource)],
        },
    )


def test_security_groups_let_in_and_out_what_is_in_a_list(stack: cdk.Stack, vpc: Vpc) -> None:
    """It is an `ec2.IPeer`, and has `connections`."""
    offices = PrefixList(stack, "Offices", entries=[BERLIN])
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc, allow_all_outbound=False)
    group.add_ingress_rule(offices, ec2.Port.HTTPS)
    group.connections.allow_to(offices, ec2.Port.tcp(5432))
    template, id_ = Template.from_stack(stack), stack.resolve(offices.prefix_list_id)
    template.has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"SourcePrefixListId": id_, "FromPort": 443, "IpProtocol": "tcp"}
    )
    template.has_resource_properties(
        "AWS::EC2::SecurityGroupEgress", {"DestinationPrefixListId": id_, "FromPort": 5432, "IpProtocol": "tcp"}
    )


def test_rules_are_named_by_their_lists(stack: cdk.Stack) -> None:
    """Not by the order in which they are added; two lists on one port are two rules."""
    one, other = (PrefixList(stack, name, entries=[BERLIN]) for name in ("One", "Other"))

    def rules(*lists: PrefixList) -> set[str]:
        scope = cdk.Stack(stack.node.root, f"Rules{len(stack.node.root.node.children)}")  # type: ignore[arg-type]  # an App
        group = ec2.SecurityGroup(
            scope,
            "Group",
            vpc=ec2.Vpc.from_vpc_attributes(
                scope, "V", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"]
            ),
        )
        for each in lists:
            group.add_ingress_rule(each, ec2.Port.HTTPS)
        return {child.node.id for child in group.node.children if isinstance(child, ec2.CfnSecurityGroupIngress)}

    assert rules(one, other) == rules(other, one)
    assert len(rules(one, other)) == 2
    assert rules(other) < rules(one, other)


def test_other_stacks_refer_to_a_list(stack: cdk.Stack, vpc: Vpc) -> None:
    """By the same id, and L1 constructs by the same reference."""
    offices = PrefixList(stack, "Offices", entries=[BERLIN])
    assert offices.prefix_list_ref.prefix_list_id == offices.prefix_list_id
    assert offices.prefix_list_ref.prefix_list_arn == offices.prefix_list_arn
    other = cdk.Stack(stack.node.root, "Other")  # type: ignore[arg-type]  # an App
    group = ec2.SecurityGroup(other, "Group", vpc=vpc, allow_all_outbound=False)
    group.add_egress_rule(offices, ec2.Port.HTTPS)
    (rule,) = Template.from_stack(other).find_resources("AWS::EC2::SecurityGroupEgress").values()
    assert list(rule["Properties"]["DestinationPrefixListId"]) == ["Fn::ImportValue"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"entries": [BERLIN, PrefixListEntry.of("192.168.0.0/20")]},
            "192.168.0.0/20 is there twice; leave one of them out",
        ),
        (
            {"entries": [PrefixListEntry.of("192.168.3.0/24"), PORTO, BERLIN]},
            "192.168.3.0/24 is within 192.168.0.0/20; leave one of them out",
        ),
        (
            {"entries": [BERLIN, PrefixListEntry.of("2001:db8::/32")]},
            "the list is for IPv4 blocks, got 2001:db8::/32; put IPv6 blocks into a list of their own",
        ),
        (
            {"entries": [BERLIN], "address_family": ec2.AddressFamily.IP_V6},
            "the list is for IPv6 blocks, got 192.168.0.0/20; put IPv4 blocks into a list of their own",
        ),
        (
            {"entries": [BERLIN, PORTO], "max_entries": 1},
            "there are 2 entries, but max_entries is 1; raise it first, in a deployment without other changes of the "
            "list",
        ),
        ({"max_entries": 0}, "max_entries must be 1 to 1,000, got 0"),
        ({"max_entries": 1_001}, "max_entries must be 1 to 1,000, got 1001"),
        (
            {"entries": [PrefixListEntry.of(f"10.0.{number}.0/24") for number in range(101)], "max_entries": 200},
            "there must be 0 to 100 entries, got 101",
        ),
        ({"prefix_list_name": ""}, "prefix_list_name must be 1 to 255 characters long, got '' (0)"),
        (
            {"prefix_list_name": "com.amazonaws.offices"},
            "prefix_list_name must not begin with 'com.amazonaws', got 'com.amazonaws.offices'",
        ),
    ],
)
def test_what_no_list_can_be_is_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """With nothing left behind."""
    with pytest.raises(LatticeError) as caught:
        PrefixList(stack, "Offices", **arguments)
    assert str(caught.value) == f"Shop/Offices: {message}"
    assert stack.node.children == []


def test_an_entry_is_checked_by_itself() -> None:
    """Its block is read strictly, and its description is not too long."""
    with pytest.raises(AddressError) as caught:
        PrefixListEntry.of("192.168.0.1/20")
    assert str(caught.value) == (
        "prefix list entry: '192.168.0.1/20' has bits set behind its prefix length, did you mean 192.168.0.0/20?"
    )
    with pytest.raises(ArgumentError) as too_long:
        PrefixListEntry.of("192.168.0.0/20", "x" * 256)
    assert str(too_long.value) == (
        f"prefix list entry 192.168.0.0/20: description must be 0 to 255 characters long, got '{'x' * 256}' (256)"
    )


def test_an_id_that_is_none_is_refused(stack: cdk.Stack) -> None:
    """Names are looked up with `ec2.PrefixList.from_lookup`."""
    with pytest.raises(ArgumentError) as caught:
        PrefixList.from_prefix_list_id(stack, "S3", "com.amazonaws.eu-west-1.s3")
    assert str(caught.value) == (
        "Shop/S3: prefix_list_id must be the id of a prefix list such as pl-0123456789abcdef0, got "
        "'com.amazonaws.eu-west-1.s3'"
    )
