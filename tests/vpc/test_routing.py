"""Ways out of a VPC: kinds of NAT, shared route tables, routes of one's own, inspection."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_networkmanager as networkmanager
from aws_cdk.assertions import Match, Template

from constructs_lattice import (
    ArgumentError,
    IngressInspection,
    IpProtocol,
    LatticeError,
    Nat,
    RouteTables,
    RouteTarget,
    Tier,
    TransitGateway,
    Vpc,
    Zones,
)

SHARED = RouteTables.SHARED


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _vpc(stack: cdk.Stack, *tiers: Tier, zones: int = 2, **arguments: Any) -> Vpc:
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=tiers, zones=Zones.first(zones), **arguments)


def _routes(stack: cdk.Stack) -> dict[str, list[str]]:
    """For each route table, by its name, the destinations and the kinds and ids of their targets."""
    template = Template.from_stack(stack)
    names = {
        id_: each["Properties"]["Tags"][0]["Value"].removeprefix("Shop/Vpc/")
        for id_, each in template.find_resources("AWS::EC2::RouteTable").items()
    }
    routes: dict[str, list[str]] = {name: [] for name in names.values()}
    for each in template.find_resources("AWS::EC2::Route").values():
        properties = dict(each["Properties"])
        name = names[properties.pop("RouteTableId")["Ref"]]
        destination = next(properties.pop(key) for key in list(properties) if key.startswith("Destination"))
        ((kind, target),) = properties.items()
        shown = target if isinstance(target, str) else target["Ref"].rstrip("0123456789ABCDEF")
        routes[name].append(f"{destination} {kind} {shown}")
    return {name: sorted(routes[name]) for name in sorted(routes)}


def test_one_instance_translates_for_all_zones(stack: cdk.Stack) -> None:
    """With an address of its own, and without the check that drops what is not for it."""
    vpc = _vpc(stack, Tier.public(), Tier.private(), nat=Nat.instance())
    assert _routes(stack)["private/a"] == _routes(stack)["private/b"] == ["0.0.0.0/0 InstanceId VpcNatInstance"]
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::Instance",
        {
            "InstanceType": "t4g.nano",
            "ImageId": "{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64}}",
            "SourceDestCheck": False,
            "MetadataOptions": {"HttpTokens": "required"},
            "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True}}],
            "UserData": {"Fn::Base64": Match.string_like_regexp("MASQUERADE")},
        },
    )
    template.has_resource_properties("AWS::EC2::EIP", {"InstanceId": stack.resolve(vpc.nat_instance.ref)})  # type: ignore[union-attr]
    template.resource_count_is("AWS::EC2::NatGateway", 0)


@pytest.mark.parametrize(
    ("instance_type", "processor"),
    [("t3.nano", "x86_64"), ("c7gn.medium", "arm64"), ("g4dn.xlarge", "x86_64"), ("a1.medium", "arm64")],
)
def test_the_image_is_for_the_processor(stack: cdk.Stack, instance_type: str, processor: str) -> None:
    """Which the instance type tells."""
    _vpc(stack, Tier.public(), Tier.private(), nat=Nat.instance(instance_type))
    (instance,) = Template.from_stack(stack).find_resources("AWS::EC2::Instance").values()
    assert instance["Properties"]["ImageId"].endswith(f"-{processor}}}}}")


def test_an_image_of_ones_own_is_left_as_it_is(stack: cdk.Stack) -> None:
    """It knows by itself what to do."""
    _vpc(stack, Tier.public(), Tier.private(), nat=Nat.instance("t4g.small", image_id="ami-0123456789abcdef0"))
    (instance,) = Template.from_stack(stack).find_resources("AWS::EC2::Instance").values()
    assert instance["Properties"]["ImageId"] == "ami-0123456789abcdef0"
    assert "UserData" not in instance["Properties"]


def test_private_nat_gateways_hide_addresses_behind_others(stack: cdk.Stack) -> None:
    """One in each zone of the tier that is named, without Elastic IP addresses and without a public tier."""
    vpc = _vpc(
        stack,
        Tier.isolated("routable"),
        Tier.private("pods", within="100.64.0.0/16"),
        nat=Nat.private("routable"),
        secondary_cidrs=["100.64.0.0/16"],
    )
    assert _routes(stack) == {
        "pods/a": ["0.0.0.0/0 NatGatewayId VpcRoutableZoneANatGateway"],
        "pods/b": ["0.0.0.0/0 NatGatewayId VpcRoutableZoneBNatGateway"],
        "routable/a": [],
        "routable/b": [],
    }
    template = Template.from_stack(stack)
    template.all_resources_properties("AWS::EC2::NatGateway", {"ConnectivityType": "private"})
    for type_ in ("AWS::EC2::EIP", "AWS::EC2::InternetGateway"):
        template.resource_count_is(type_, 0)
    assert list(vpc.nat_gateways) == ["a", "b"]


def test_a_default_route_to_the_hub_waits_for_the_attachment(stack: cdk.Stack) -> None:
    """EC2 refuses it before."""
    vpc = _vpc(stack, Tier.private(), Tier.transit(), nat=Nat.through_hub())
    TransitGateway(stack, "Hub").add_vpc_attachment("Spoke", vpc=vpc)
    assert _routes(stack) == {
        "private/a": ["0.0.0.0/0 TransitGatewayId Hub"],
        "private/b": ["0.0.0.0/0 TransitGatewayId Hub"],
        "transit/a": [],
        "transit/b": [],
    }
    (attachment,) = Template.from_stack(stack).find_resources("AWS::EC2::TransitGatewayAttachment")
    for route in Template.from_stack(stack).find_resources("AWS::EC2::Route").values():
        assert route["DependsOn"] == [attachment]


def test_a_tier_of_ipv6_only_reaches_ipv4_destinations_through_the_hub(stack: cdk.Stack) -> None:
    """By DNS64 here and NAT64 there; without NAT there is neither, or names would lead nowhere."""
    pods = Tier.private("pods", ip_protocol=IpProtocol.IPV6)
    vpc = _vpc(stack, pods, Tier.transit(), nat=Nat.through_hub(), zones=1)
    TransitGateway(stack, "Hub").add_vpc_attachment("Spoke", vpc=vpc)
    assert _routes(stack)["pods/a"] == [
        "64:ff9b::/96 TransitGatewayId Hub",
        "::/0 EgressOnlyInternetGatewayId VpcEgressOnlyInternetGateway",
    ]
    assert vpc.subnet("pods", "a").resource.enable_dns64 is True
    alone = Vpc(stack, "Alone", cidr="10.21.0.0/16", tiers=[pods], nat=Nat.none())
    assert alone.subnet("pods", "a").resource.enable_dns64 is False


def test_a_tier_can_share_one_route_table(stack: cdk.Stack) -> None:
    """Which every subnet of it is associated with, and which every endpoint names once."""
    _vpc(
        stack,
        Tier.public(route_tables=SHARED),
        Tier.private(route_tables=SHARED),
        Tier.isolated(route_tables=SHARED),
        nat=Nat.single(),
    )
    assert _routes(stack) == {
        "isolated": [],
        "private": ["0.0.0.0/0 NatGatewayId VpcPublicZoneANatGateway"],
        "public": ["0.0.0.0/0 GatewayId VpcInternetGateway"],
    }
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::SubnetRouteTableAssociation", 6)
    for endpoint in template.find_resources("AWS::EC2::VPCEndpoint").values():
        assert len(endpoint["Properties"]["RouteTableIds"]) == 2


def test_what_needs_the_internet_waits_for_a_shared_route(stack: cdk.Stack) -> None:
    """As it does for one of its own."""
    _vpc(stack, Tier.public(route_tables=SHARED), Tier.private(route_tables=SHARED), nat=Nat.single())
    (gateway,) = Template.from_stack(stack).find_resources("AWS::EC2::NatGateway").values()
    ids = [id_.rstrip("0123456789ABCDEF") for id_ in gateway["DependsOn"]]
    assert sorted(ids) == ["VpcPublicDefaultRoute", "VpcPublicZoneARouteTableAssociation"]


@pytest.mark.parametrize("nat", [Nat.single(), Nat.single(zone="b"), Nat.instance(zone="b")])
def test_the_one_way_out_stays_where_it_is(nat: Nat) -> None:
    """Zones may change their order; and one that is named may be joined by earlier ones."""
    ways = []
    for letters in ("cb", "bc", "cba"):
        if nat.zone is None and "a" in letters:
            continue
        stack = cdk.Stack(cdk.App(), "Shop")
        zones = Zones.named(*(f"eu-west-1{letter}" for letter in letters))
        Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.public(), Tier.private()], zones=zones, nat=nat)
        template = Template.from_stack(stack)
        types = ("AWS::EC2::NatGateway", "AWS::EC2::Instance", "AWS::EC2::EIP")
        ways.append([dict(template.find_resources(type_)) for type_ in types])
    assert all(each == ways[0] for each in ways)
    assert "PublicZoneB" in str(ways[0])


def test_permuting_zones_leaves_the_routes_of_shared_tables_alone() -> None:
    """Their ids come from the tier."""
    ids = []
    for names in (["eu-west-1a", "eu-west-1b"], ["eu-west-1b", "eu-west-1a"]):
        stack = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region="eu-west-1"))
        vpc = Vpc(
            stack,
            "Vpc",
            cidr="10.20.0.0/16",
            tiers=[Tier.isolated(route_tables=SHARED), Tier.transit()],
            zones=Zones.named(*names),
        )
        hub = TransitGateway(stack, "Hub")
        hub.add_vpc_attachment("Spoke", vpc=vpc).add_routes(["10.0.0.0/8"], from_=vpc.tier("isolated").selection)
        ids.append(set(Template.from_stack(stack).find_resources("AWS::EC2::Route")))
    assert ids[0] == ids[1]
    assert len(ids[0]) == 1


def test_a_route_to_a_core_network_waits_for_the_attachment(stack: cdk.Stack) -> None:
    """Which is made of the subnets of the transit tier, by their ARNs."""
    vpc = _vpc(stack, Tier.isolated("app"), Tier.transit(), zones=1)
    attachment = networkmanager.CfnVpcAttachment(
        stack,
        "Attachment",
        core_network_id="core-network-0123456789abcdef0",
        vpc_arn=vpc.vpc_arn,
        subnet_arns=[subnet.subnet_arn for subnet in vpc.tier("transit").subnets],
    )
    target = RouteTarget.core_network(attachment.attr_core_network_arn, after=attachment)
    vpc.add_routes("app", to=["10.0.0.0/8"], via=target)
    (route,) = Template.from_stack(stack).find_resources("AWS::EC2::Route").values()
    assert route["DependsOn"] == ["Attachment"]
    assert route["Properties"]["CoreNetworkArn"] == {"Fn::GetAtt": ["Attachment", "CoreNetworkArn"]}
    (made,) = Template.from_stack(stack).find_resources("AWS::NetworkManager::VpcAttachment").values()
    (arn,) = made["Properties"]["SubnetArns"]
    assert arn["Fn::Join"][1][-2:] == [":subnet/", stack.resolve(vpc.subnet("transit", "a").subnet_id)]


def test_routes_of_ones_own_by_zone_or_for_all(stack: cdk.Stack) -> None:
    """Blocks of both families; a shared table has each of them once."""
    vpc = _vpc(stack, Tier.isolated("app"), Tier.isolated("data", route_tables=SHARED))
    endpoints = RouteTarget.vpc_endpoint({"a": "vpce-a", "b": "vpce-b"})
    made = vpc.add_routes("app", to=["0.0.0.0/0"], via=endpoints)
    vpc.add_routes("app", to=["10.0.0.0/8", "fd00::/8"], via=RouteTarget.transit_gateway("tgw-1"))
    vpc.add_routes("data", to=["10.0.0.0/8"], via=RouteTarget.peering_connection("pcx-1"))
    assert _routes(stack) == {
        "app/a": [
            "0.0.0.0/0 VpcEndpointId vpce-a",
            "10.0.0.0/8 TransitGatewayId tgw-1",
            "fd00::/8 TransitGatewayId tgw-1",
        ],
        "app/b": [
            "0.0.0.0/0 VpcEndpointId vpce-b",
            "10.0.0.0/8 TransitGatewayId tgw-1",
            "fd00::/8 TransitGatewayId tgw-1",
        ],
        "data": ["10.0.0.0/8 VpcPeeringConnectionId pcx-1"],
    }
    assert len(made) == 2


@pytest.mark.parametrize(
    ("target", "property_"),
    [
        (RouteTarget.gateway("vgw-1"), "GatewayId"),
        (RouteTarget.nat_gateway({"a": "nat-1"}), "NatGatewayId"),
        (RouteTarget.egress_only_internet_gateway("eigw-1"), "EgressOnlyInternetGatewayId"),
        (RouteTarget.core_network("arn:aws:networkmanager::111111111111:core-network/c-1"), "CoreNetworkArn"),
        (RouteTarget.network_interface("eni-1"), "NetworkInterfaceId"),
    ],
)
def test_every_kind_of_target_has_its_property(stack: cdk.Stack, target: RouteTarget, property_: str) -> None:
    """And no other."""
    vpc = _vpc(stack, Tier.isolated("app"), zones=1)
    vpc.add_routes("app", to=["10.0.0.0/8"], via=target)
    (route,) = _routes(stack)["app/a"]
    assert route.split(" ")[1] == property_


def test_routes_that_cannot_be_are_refused(stack: cdk.Stack) -> None:
    """Before the first one is made."""
    vpc = _vpc(stack, Tier.public(), Tier.isolated("app"), Tier.isolated("data", route_tables=SHARED))
    hub = RouteTarget.transit_gateway("tgw-1")
    vpc.add_routes("app", to=["10.0.0.0/8"], via=hub)
    before = _routes(stack)
    for tier, to, via, message in (
        (
            "app",
            "10.0.0.0/8",
            hub,
            "Shop/Vpc/add_routes: tier 'app' has a route to 10.0.0.0/8 already, got another one",
        ),
        (
            "public",
            "0.0.0.0/0",
            hub,
            "Shop/Vpc/add_routes: tier 'public' has a route to 0.0.0.0/0 already, got another one",
        ),
        (
            "app",
            "10.9.0.0/16",
            RouteTarget.vpc_endpoint({"a": "vpce-a"}),
            "Shop/Vpc/add_routes: there is no target for routes in zone 'b', only for a; add it",
        ),
        (
            "data",
            "10.9.0.0/16",
            RouteTarget.vpc_endpoint({"a": "vpce-a", "b": "vpce-b"}),
            "Shop/Vpc/add_routes: tier 'data' shares one route table, but each zone has a target of its own; ask for "
            "route tables per zone",
        ),
        (
            "app",
            "10.9.0.1/16",
            hub,
            "Shop/Vpc/add_routes: '10.9.0.1/16' has bits set behind its prefix length, did you mean 10.9.0.0/16?",
        ),
        ("web", "10.9.0.0/16", hub, "Shop/Vpc: there is no tier 'web'; the tiers are 'public', 'app', 'data'"),
    ):
        with pytest.raises(LatticeError) as caught:
            vpc.add_routes(tier, to=[to], via=via)
        assert str(caught.value) == message
    with pytest.raises(LatticeError) as caught:
        vpc.add_routes("app", to="10.9.0.0/16", via=hub)
    assert str(caught.value) == (
        "Shop/Vpc/add_routes: destinations must be a list, got the text '10.9.0.0/16'; write ['10.9.0.0/16']"
    )
    assert before["app/a"] == ["10.0.0.0/8 TransitGatewayId tgw-1"]


ENDPOINTS = {"a": "vpce-a", "b": "vpce-b"}


def test_inspection_leads_both_directions_through_the_endpoint_of_the_zone(stack: cdk.Stack) -> None:
    """In both families; NAT gateways in the tier are inspected, too."""
    vpc = _vpc(
        stack,
        Tier.public(),
        Tier.private(),
        Tier.firewall(),
        ip_protocol=IpProtocol.DUAL_STACK,
    )
    inspection = IngressInspection(stack, "Inspection", vpc=vpc, endpoints=ENDPOINTS)
    routes = _routes(stack)
    assert routes["firewall/a"] == ["0.0.0.0/0 GatewayId VpcInternetGateway", "::/0 GatewayId VpcInternetGateway"]
    assert routes["public/a"] == ["0.0.0.0/0 VpcEndpointId vpce-a", "::/0 VpcEndpointId vpce-a"]
    assert routes["public/b"] == ["0.0.0.0/0 VpcEndpointId vpce-b", "::/0 VpcEndpointId vpce-b"]
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::GatewayRouteTableAssociation",
        {
            "RouteTableId": stack.resolve(inspection.resource.ref),
            "GatewayId": stack.resolve(vpc.internet_gateway.ref),  # type: ignore[union-attr]
        },
    )
    ingress = [
        route["Properties"]
        for route in template.find_resources("AWS::EC2::Route").values()
        if route["Properties"]["RouteTableId"] == stack.resolve(inspection.resource.ref)
    ]
    ipv4 = {
        route["DestinationCidrBlock"]: route["VpcEndpointId"] for route in ingress if "DestinationCidrBlock" in route
    }
    assert ipv4 == {"10.20.0.0/24": "vpce-a", "10.20.1.0/24": "vpce-b"}
    ipv6 = [route for route in ingress if "DestinationIpv6CidrBlock" in route]
    assert [route["VpcEndpointId"] for route in ipv6] == ["vpce-a", "vpce-b"]


@pytest.mark.parametrize(
    ("tiers", "arguments", "message"),
    [
        (
            [Tier.public(), Tier.firewall()],
            {"endpoints": {"a": "vpce-a"}},
            "Shop/Inspection: endpoints must have one for each of the zones a, b, got none for b",
        ),
        (
            [Tier.public()],
            {},
            "Shop/Inspection: there must be one tier for the firewall, got none; add Tier.firewall(), or say which one "
            "with firewall_tier",
        ),
        (
            [Tier.isolated(), Tier.firewall()],
            {},
            "Shop/Inspection: there is no public tier to inspect; add Tier.public()",
        ),
        (
            [Tier.public(), Tier.isolated(), Tier.firewall()],
            {"tiers": ("isolated",)},
            "Shop/Inspection: tier 'isolated' is isolated, but only public tiers meet the internet",
        ),
        (
            [Tier.public(route_tables=SHARED), Tier.firewall()],
            {},
            "Shop/Inspection: tier 'public' shares one route table, but each zone has its own endpoint; ask for route "
            "tables per zone",
        ),
    ],
)
def test_inspections_that_cannot_be_are_refused(
    stack: cdk.Stack, tiers: list[Tier], arguments: dict[str, Any], message: str
) -> None:
    """With the VPC as it was."""
    vpc = _vpc(stack, *tiers)
    arguments = {"endpoints": ENDPOINTS} | arguments
    with pytest.raises(ArgumentError) as caught:
        IngressInspection(stack, "Inspection", vpc=vpc, **arguments)
    assert str(caught.value) == message


def test_the_subnets_of_a_firewall_may_share_a_route_table(stack: cdk.Stack) -> None:
    """With one route to the internet then."""
    vpc = _vpc(stack, Tier.public(), Tier.firewall(route_tables=SHARED))
    IngressInspection(stack, "Inspection", vpc=vpc, endpoints=ENDPOINTS)
    table = stack.resolve(vpc.subnet("firewall", "a").route_table.route_table_id)
    routes = Template.from_stack(stack).find_resources("AWS::EC2::Route").values()
    assert [each["Properties"]["RouteTableId"] for each in routes].count(table) == 1


@pytest.mark.parametrize("protocol", IpProtocol)
def test_a_tier_is_inspected_once(stack: cdk.Stack, protocol: IpProtocol) -> None:
    """A second inspection would undo the first one, whatever the tier speaks."""
    vpc = _vpc(stack, Tier.public(ip_protocol=protocol), Tier.firewall(ip_protocol=IpProtocol.DUAL_STACK))
    IngressInspection(stack, "Inspection", vpc=vpc, endpoints=ENDPOINTS)
    with pytest.raises(ArgumentError) as caught:
        IngressInspection(stack, "Again", vpc=vpc, endpoints=ENDPOINTS)
    assert str(caught.value) == "Shop/Again: tier 'public' is inspected already"


@pytest.mark.parametrize(
    ("tiers", "nat", "message"),
    [
        (
            [Tier.public(), Tier.private()],
            Nat.single(zone="c"),
            "Shop/Vpc: nat is for zone 'c'; the vpc's zones are a, b",
        ),
        (
            [Tier.public(), Tier.private(route_tables=SHARED)],
            Nat.per_zone(),
            "Shop/Vpc: tier 'private' shares one route table, but each zone has its own NAT gateway; ask for "
            "Nat.single() or Nat.regional(), or for route tables per zone",
        ),
        (
            [Tier.private()],
            Nat.private("routable"),
            "Shop/Vpc: private NAT gateways live in a tier whose routes lead to other networks, got 'routable', no "
            "such tier; name an isolated or a transit tier",
        ),
        (
            [Tier.private()],
            Nat.private("private"),
            "Shop/Vpc: private NAT gateways live in a tier whose routes lead to other networks, got 'private', a "
            "private one; name an isolated or a transit tier",
        ),
        (
            [Tier.isolated()],
            Nat.through_hub(),
            "Shop/Vpc: NAT gateways serve private tiers, but there is none; add Tier.private() or ask for Nat.none()",
        ),
    ],
)
def test_nat_that_cannot_be_is_refused(stack: cdk.Stack, tiers: list[Tier], nat: Nat, message: str) -> None:
    """With nothing left behind."""
    with pytest.raises(ArgumentError) as caught:
        _vpc(stack, *tiers, nat=nat)
    assert str(caught.value) == message
    assert stack.node.children == []


def test_an_instance_type_that_is_none_is_refused() -> None:
    """Before there is a VPC."""
    with pytest.raises(ArgumentError) as caught:
        Nat.instance("nano")
    assert str(caught.value) == "nat: instance_type must be an instance type such as t4g.nano, got 'nano'"
