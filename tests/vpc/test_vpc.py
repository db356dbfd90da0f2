"""VPCs: what they are made of, and what they refuse."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from constructs_lattice import (
    AddressError,
    AddressEstate,
    ApplicationLoadBalancer,
    ArgumentError,
    EndpointSet,
    FlowLogs,
    GatewayService,
    IpProtocol,
    LatticeError,
    Nat,
    RouteTables,
    Tier,
    Vpc,
    Zones,
)

PRIVATE_TYPES = ["AWS::Lambda::Function", "AWS::CloudFormation::CustomResource", "Custom::VpcRestrictDefaultSG"]


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _resources(stack: cdk.Stack, type_: str) -> dict[str, dict[str, Any]]:
    return {id_: dict(resource) for id_, resource in Template.from_stack(stack).find_resources(type_).items()}


def _default_routes(stack: cdk.Stack) -> dict[str, str]:
    """The kind of target of each tier's default routes, by the Name tag of the route's table."""
    tables = _resources(stack, "AWS::EC2::RouteTable")
    targets = {}
    for route in _resources(stack, "AWS::EC2::Route").values():
        properties = route["Properties"]
        name = tables[properties["RouteTableId"]["Ref"]]["Properties"]["Tags"][0]["Value"]
        (target,) = properties.keys() - {"RouteTableId", "DestinationCidrBlock"}
        targets[name] = f"{target} {properties[target]['Ref']}"
    return targets


def test_the_role_of_a_tier_decides_its_default_route(stack: cdk.Stack) -> None:
    """Public tiers to the internet gateway, private ones to their zone's NAT gateway, the others nowhere."""
    Vpc(
        stack,
        "Vpc",
        cidr="10.20.0.0/16",
        zones=Zones.first(2),
        tiers=[Tier.public(), Tier.private(), Tier.isolated(), Tier.transit()],
    )
    routes = {name: target.rstrip("0123456789ABCDEF") for name, target in _default_routes(stack).items()}
    assert routes == {
        "Shop/Vpc/public/a": "GatewayId VpcInternetGateway",
        "Shop/Vpc/public/b": "GatewayId VpcInternetGateway",
        "Shop/Vpc/private/a": "NatGatewayId VpcPublicZoneANatGateway",
        "Shop/Vpc/private/b": "NatGatewayId VpcPublicZoneBNatGateway",
    }


@pytest.mark.parametrize(("nat", "count"), [(None, 3), (Nat.per_zone(), 3), (Nat.single(), 1)])
def test_nat_gateways_are_as_many_as_was_said(stack: cdk.Stack, nat: Nat | None, count: int) -> None:
    """One in every zone by default, each with an address of its own."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", nat=nat)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::NatGateway", count)
    template.resource_count_is("AWS::EC2::EIP", count)
    assert list(vpc.nat_gateways) == ["a", "b", "c"][:count]


def test_a_single_nat_gateway_serves_all_zones(stack: cdk.Stack) -> None:
    """It is in one of them."""
    Vpc(stack, "Vpc", cidr="10.20.0.0/16", nat=Nat.single())
    targets = {target for target in _default_routes(stack).values() if target.startswith("NatGatewayId")}
    assert len(targets) == 1


def test_a_regional_nat_gateway_serves_the_whole_vpc(stack: cdk.Stack) -> None:
    """It needs no public tier, and waits for the internet gateway."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.private("app")], nat=Nat.regional())
    (gateway,) = _resources(stack, "AWS::EC2::NatGateway").values()
    assert gateway["Properties"]["AvailabilityMode"] == "regional"
    assert gateway["Properties"]["ConnectivityType"] == "public"
    assert not gateway["Properties"].keys() & {"SubnetId", "AllocationId"}
    assert [each[:20] for each in gateway["DependsOn"]] == ["VpcInternetGatewayAt"]
    assert {target[:30] for target in _default_routes(stack).values()} == {"NatGatewayId VpcRegionalNatGat"}
    assert vpc.regional_nat_gateway is not None
    assert vpc.nat_gateways == {}


def test_nat_gateways_with_addresses_of_ones_own(stack: cdk.Stack) -> None:
    """None are made then; tokens pass."""
    mine = {"a": "eipalloc-0a", "b": cdk.Fn.import_value("Address")}
    Vpc(stack, "Many", cidr="10.20.0.0/16", zones=Zones.first(2), nat=Nat.per_zone(allocation_ids=mine))
    Vpc(stack, "One", cidr="10.21.0.0/16", zones=Zones.first(2), nat=Nat.single(allocation_id="eipalloc-0c"))
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::EIP", 0)
    used = [each["Properties"]["AllocationId"] for each in _resources(stack, "AWS::EC2::NatGateway").values()]
    assert used == ["eipalloc-0a", {"Fn::ImportValue": "Address"}, "eipalloc-0c"]


@pytest.mark.parametrize(
    ("zones", "places"),
    [
        (Zones.named("eu-west-1b", "eu-west-1a"), [{"AvailabilityZone": f"eu-west-1{letter}"} for letter in "ba"]),
        (Zones.ids("euw1-az2", "euw1-az1"), [{"AvailabilityZoneId": f"euw1-az{number}"} for number in "21"]),
        (Zones.first(2), [{"AvailabilityZone": {"Fn::Select": [index, {"Fn::GetAZs": ""}]}} for index in range(2)]),
    ],
)
def test_a_regional_nat_gateway_with_addresses_of_ones_own(
    stack: cdk.Stack, zones: Zones, places: list[dict[str, Any]]
) -> None:
    """Several in a zone, perhaps; AWS keeps to these zones."""
    given = [("eipalloc-0a", "eipalloc-0b"), (cdk.Fn.import_value("Address"),)]
    nat = Nat.regional(allocation_ids=dict(zip(zones.keys, given, strict=True)))
    Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.private("app")], nat=nat, zones=zones)
    (gateway,) = _resources(stack, "AWS::EC2::NatGateway").values()
    assert gateway["Properties"]["AvailabilityZoneAddresses"] == [
        {"AllocationIds": ["eipalloc-0a", "eipalloc-0b"], **places[0]},
        {"AllocationIds": [{"Fn::ImportValue": "Address"}], **places[1]},
    ]


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ({"a": []}, "nat: allocation_ids must have one for zone 'a' at least, got none"),
        (
            {"a": "eipalloc-0a"},
            "nat: allocation_ids of zone 'a' must be a list, got the text 'eipalloc-0a'; write ['eipalloc-0a']",
        ),
    ],
)
def test_a_zone_of_a_regional_nat_gateway_has_an_address(ids: dict[str, Any], message: str) -> None:
    """In a list, since there may be several."""
    with pytest.raises(ArgumentError) as caught:
        Nat.regional(allocation_ids=ids)
    assert str(caught.value) == message


def test_zones_by_id(stack: cdk.Stack) -> None:
    """The same zone in every account; its name is known to the deployment only."""
    zones = Zones.ids("use1-az4", "use1-az2")
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated("app", prefix=24)], zones=zones)
    subnet = vpc.subnet("app", "use1-az2")
    assert subnet.ipv4_cidr_block == "10.20.1.0/24"
    assert stack.resolve(subnet.availability_zone) == {
        "Fn::GetAtt": [stack.get_logical_id(subnet.resource), "AvailabilityZone"]
    }
    assert vpc.availability_zones == [each.availability_zone for each in vpc.tier("app").subnets]
    placed = [each["Properties"] for each in _resources(stack, "AWS::EC2::Subnet").values()]
    assert [each["AvailabilityZoneId"] for each in placed] == ["use1-az4", "use1-az2"]
    assert not any("AvailabilityZone" in each for each in placed)


@pytest.mark.parametrize(("hosts", "prefix"), [(1, 28), (11, 28), (12, 27), (251, 24), (252, 23), (65_531, 16)])
def test_a_tier_can_be_as_large_as_what_it_holds(hosts: int, prefix: int) -> None:
    """AWS keeps five addresses of every subnet."""
    assert Tier.private("app", hosts=hosts).prefix == prefix


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hosts": 0}, "tier 'app': hosts must be 1 to 65,531, got 0"),
        ({"hosts": 65_532}, "tier 'app': hosts must be 1 to 65,531, got 65532"),
        ({"hosts": "9"}, "tier 'app': hosts must be a whole number, got '9'"),
        ({"prefix": "24"}, "tier 'app': prefix must be a whole number, got '24'"),
        ({"prefix": 24.0}, "tier 'app': prefix must be a whole number, got 24.0"),
        ({"prefix": True}, "tier 'app': prefix must be a whole number, got True"),
        ({"prefix": cdk.Token.as_number({"Ref": "Size"})}, "tier 'app': prefix must be a whole number, got a token"),
        ({"zone_slots": "4"}, "tier 'app': zone_slots must be a whole number, got '4'"),
        ({"hosts": 9, "prefix": 24}, "tier 'app': prefix and hosts say the same thing twice; leave one of them out"),
    ],
)
def test_what_no_tier_can_hold_is_refused(arguments: dict[str, Any], message: str) -> None:
    """A subnet has room for 65,531 at most; and a size that context gives is a text."""
    with pytest.raises(ArgumentError) as caught:
        Tier.isolated("app", **arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(("setting", "recorded"), [("", False), ("1", True)])
def test_lines_of_the_user_are_recorded_if_there_are_any(
    stack: cdk.Stack, monkeypatch: pytest.MonkeyPatch, setting: str, recorded: bool
) -> None:
    """Where a part of a VPC was made is known only if jsii is told to send it; looking for it costs time."""
    monkeypatch.setenv("JSII_HOST_STACK_TRACES", setting)
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())
    (record,) = [each.data for each in vpc.resource.node.metadata if each.type == "aws:cdk:creationStack"] or [None]
    assert bool(record) is recorded
    assert (__file__ in str(record)) is recorded


def test_a_nat_gateway_waits_for_the_way_to_the_internet(stack: cdk.Stack) -> None:
    """Made without a route to the internet gateway, it would fail."""
    Vpc(stack, "Vpc", cidr="10.20.0.0/16")
    for gateway in _resources(stack, "AWS::EC2::NatGateway").values():
        assert any("DefaultRoute" in each for each in gateway["DependsOn"])


def test_the_default_security_group_is_shut_without_a_lambda_function(stack: cdk.Stack) -> None:
    """One egress rule that leads nowhere takes the place of the one that lets everything out."""
    Vpc(stack, "Vpc", cidr="10.20.0.0/16")
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::SecurityGroupEgress",
        {
            "GroupId": {"Fn::GetAtt": [Match.string_like_regexp("^Vpc"), "DefaultSecurityGroup"]},
            "CidrIp": "127.0.0.1/32",
            "IpProtocol": "-1",
        },
    )
    for type_ in PRIVATE_TYPES:
        template.resource_count_is(type_, 0)


def test_nothing_gets_a_public_address_by_itself(stack: cdk.Stack) -> None:
    """Not even in public subnets."""
    Vpc(stack, "Vpc", cidr="10.20.0.0/16")
    subnets = _resources(stack, "AWS::EC2::Subnet").values()
    assert {subnet["Properties"]["MapPublicIpOnLaunch"] for subnet in subnets} == {False}


def test_more_than_two_zones_without_an_environment(stack: cdk.Stack) -> None:
    """The zones are picked by the deployment."""
    Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], zones=Zones.first(4))
    zones = [subnet["Properties"]["AvailabilityZone"] for subnet in _resources(stack, "AWS::EC2::Subnet").values()]
    assert zones == [{"Fn::Select": [index, {"Fn::GetAZs": ""}]} for index in range(4)]


def test_zones_by_name(stack: cdk.Stack) -> None:
    """Their keys are their letters, and say where their blocks are."""
    zones = Zones.named("eu-west-1c", "eu-west-1a")
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], zones=zones)
    assert zones.keys == ("c", "a")
    assert vpc.availability_zones == ["eu-west-1c", "eu-west-1a"]
    assert vpc.subnet("isolated", "a").ipv4_cidr_block == "10.20.0.0/22"
    assert vpc.subnet("isolated", "c").ipv4_cidr_block == "10.20.8.0/22"


def _identities(tiers: list[Tier], zones: Zones) -> dict[str, str]:
    stack = cdk.Stack(cdk.App(), "Shop")
    Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=tiers, zones=zones, flow_logs=FlowLogs.none())
    return {id_: each["Properties"]["CidrBlock"] for id_, each in _resources(stack, "AWS::EC2::Subnet").items()}


def test_identities_and_addresses_are_those_of_tier_and_zone() -> None:
    """Another tier, another zone, another order of zones: what was there stays what it was."""
    app, data = Tier.isolated("app", prefix=22), Tier.isolated("data", prefix=24)
    before = _identities([app, data], Zones.first(2))
    assert before.items() <= _identities([app, data], Zones.first(3)).items()
    assert before.items() <= _identities([app, data, Tier.isolated("cache")], Zones.first(2)).items()
    named = _identities([app, data], Zones.named("eu-west-1a", "eu-west-1b"))
    assert named == _identities([app, data], Zones.named("eu-west-1b", "eu-west-1a")) == before


def test_the_default_sizes_follow_from_the_block(stack: cdk.Stack) -> None:
    """A sixteenth of the VPC for a private subnet, and so on, down to a /28."""
    tiers = [Tier.public(), Tier.private(), Tier.isolated(), Tier.transit()]
    large = Vpc(stack, "Large", cidr="10.20.0.0/16", tiers=tiers)
    small = Vpc(stack, "Small", cidr="10.21.0.0/20", tiers=tiers)
    assert [large.plan[tier.name, "a"].prefixlen for tier in tiers] == [24, 20, 22, 28]
    assert [small.plan[tier.name, "a"].prefixlen for tier in tiers] == [28, 24, 26, 28]


def test_a_tier_can_be_pinned_to_blocks(stack: cdk.Stack) -> None:
    """The other zones are planned around them."""
    tier = Tier.isolated("app", prefix=24, cidrs={"b": "10.20.99.0/24"})
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[tier])
    assert [str(block) for block in vpc.tier("app").blocks.values()] == [
        "10.20.0.0/24",
        "10.20.99.0/24",
        "10.20.2.0/24",
    ]


def test_gateway_endpoints_are_in_private_and_isolated_route_tables(stack: cdk.Stack) -> None:
    """S3 and DynamoDB without the internet, by default; public and transit tiers go without."""
    tiers = [Tier.public(), Tier.private(), Tier.isolated(), Tier.transit()]
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=tiers)
    endpoints = [each["Properties"] for each in _resources(stack, "AWS::EC2::VPCEndpoint").values()]
    assert [each["ServiceName"] for each in endpoints] == [
        {"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"} for service in ("s3", "dynamodb")
    ]
    expected = [
        stack.resolve(subnet.route_table.route_table_id)
        for name in ("private", "isolated")
        for subnet in vpc.tier(name).subnets
    ]
    assert [each["RouteTableIds"] for each in endpoints] == [expected, expected]
    assert list(vpc.gateway_endpoints) == [GatewayService.S3, GatewayService.DYNAMODB]


def test_interface_endpoints_share_one_security_group(stack: cdk.Stack) -> None:
    """It admits HTTPS from the VPC and lets nothing out; the endpoints are in the first private tier."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", gateway_endpoints=(), interface_endpoints=["ecr.api", "logs"])
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::VPCEndpoint",
        {
            "VpcEndpointType": "Interface",
            "PrivateDnsEnabled": True,
            "SubnetIds": [stack.resolve(subnet.subnet_id) for subnet in vpc.tier("private").subnets],
        },
    )
    template.resource_count_is("AWS::EC2::SecurityGroup", 1)
    template.has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {"SecurityGroupIngress": [Match.object_like({"CidrIp": "10.20.0.0/16", "FromPort": 443, "ToPort": 443})]},
    )
    assert list(vpc.interface_endpoints) == ["ecr.api", "logs"]


def test_reserved_tiers_are_for_who_asks(stack: cdk.Stack) -> None:
    """Endpoints and internal load balancers go to theirs; nothing else goes to any of them by default."""
    reserved = [Tier.transit(), Tier.firewall(), Tier.endpoints(), Tier.resolver(), Tier.load_balancer()]
    vpc = Vpc(
        stack,
        "Vpc",
        cidr="10.20.0.0/16",
        tiers=[*reserved, Tier.isolated("app")],
        zones=Zones.first(2),
        gateway_endpoints=(),
        interface_endpoints=["logs"],
    )
    ApplicationLoadBalancer(stack, "Inner", vpc=vpc)

    def ids(tier: str) -> list[object]:
        return [stack.resolve(subnet.subnet_id) for subnet in vpc.tier(tier).subnets]

    assert [stack.resolve(each) for each in vpc.select_subnets().subnet_ids] == ids("app")
    assert vpc.isolated_subnets == vpc.tier("app").subnets
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::EC2::VPCEndpoint", {"SubnetIds": ids("endpoints")})
    template.has_resource_properties("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Subnets": ids("load-balancer")})
    assert _default_routes(stack) == {}
    assert [vpc.plan[tier.name, "a"].prefixlen for tier in reserved] == [28, 28, 24, 28, 24]


@pytest.mark.parametrize(
    "make",
    [Tier.transit, Tier.firewall, Tier.endpoints, Tier.resolver, Tier.load_balancer],
    ids=lambda make: make.__name__,
)
def test_a_reserved_tier_is_told_what_any_other_is(stack: cdk.Stack, make: Any) -> None:
    """Its size by what it holds, where it is, what it speaks, and how many route tables it has."""
    tier = make(
        "own", hosts=20, within="100.64.0.0/24", ip_protocol=IpProtocol.DUAL_STACK, route_tables=RouteTables.SHARED
    )
    second = ["100.64.0.0/16"]
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", secondary_cidrs=second, tiers=[tier], zones=Zones.first(2))
    assert [str(block) for block in vpc.tier("own").blocks.values()] == ["100.64.0.0/27", "100.64.0.32/27"]
    assert vpc.subnet("own", "a").ipv6_cidr_block is not None
    Template.from_stack(stack).resource_count_is("AWS::EC2::RouteTable", 1)


@pytest.mark.parametrize(
    "names", [EndpointSet.FARGATE, EndpointSet.ECS_ON_EC2, EndpointSet.EKS, EndpointSet.SESSION_MANAGER]
)
def test_endpoint_sets_are_taken_as_they_are(stack: cdk.Stack, names: tuple[str, ...]) -> None:
    """Every name in them is that of an endpoint that aws-cdk-lib knows, too."""
    known = {
        getattr(ec2.InterfaceVpcEndpointAwsService, name).short_name
        for name in dir(ec2.InterfaceVpcEndpointAwsService)
        if name.isupper()
    }
    assert set(names) <= known
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], interface_endpoints=names)
    assert list(vpc.interface_endpoints) == list(names)


def test_flow_logs_go_to_a_log_group_by_default(stack: cdk.Stack) -> None:
    """All traffic, kept for three months."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16")
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::FlowLog", {"TrafficType": "ALL", "LogDestinationType": "cloud-watch-logs"}
    )
    template.has_resource_properties("AWS::Logs::LogGroup", {"RetentionInDays": 90})
    assert vpc.flow_log is not None


def test_flow_logs_to_a_bucket_or_not_at_all(stack: cdk.Stack) -> None:
    """No log group then."""
    Vpc(stack, "Logged", cidr="10.20.0.0/16", flow_logs=FlowLogs.to_s3(s3.Bucket(stack, "Logs")))
    silent = Vpc(stack, "Silent", cidr="10.21.0.0/16", flow_logs=FlowLogs.none())
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::FlowLog", 1)
    template.resource_count_is("AWS::Logs::LogGroup", 0)
    assert silent.flow_log is None


def test_subnets_have_the_tags_that_a_lookup_reads(stack: cdk.Stack) -> None:
    """`ec2.Vpc.from_lookup` finds the tiers of one of our VPCs as subnet groups."""
    Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.public("web"), Tier.private("app"), Tier.isolated("data")])
    groups = {
        tuple(tag["Value"] for tag in subnet["Properties"]["Tags"] if tag["Key"].startswith("aws-cdk:"))
        for subnet in _resources(stack, "AWS::EC2::Subnet").values()
    }
    assert groups == {("web", "Public"), ("app", "Private"), ("data", "Isolated")}


def test_every_part_is_an_ordinary_l1(stack: cdk.Stack) -> None:
    """What is made can be had, and changed."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16")
    public, private, isolated = (vpc.subnet(tier, "a") for tier in ("public", "private", "isolated"))
    assert vpc.resource.cidr_block == "10.20.0.0/16"
    assert vpc.internet_gateway is not None
    assert public.nat_gateway is not None
    assert private.nat_gateway is None
    assert private.default_route is not None
    assert isolated.default_route is None
    private.resource.add_property_override("EnableDns64", value=True)
    private.route_table.resource.add_property_override("Tags", [])
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::Subnet", {"CidrBlock": private.ipv4_cidr_block, "EnableDns64": True}
    )


EVERYTHING: list[dict[str, Any]] = [
    {
        "secondary_cidrs": ["100.64.0.0/16"],
        "ip_protocol": IpProtocol.DUAL_STACK,
        "tiers": [
            Tier.public("web"),
            Tier.private("app"),
            Tier.private("six", ip_protocol=IpProtocol.IPV6),
            Tier.isolated("data", route_tables=RouteTables.SHARED),
        ],
    },
    {"nat": Nat.instance()},
    {"nat": Nat.regional(), "tiers": [Tier.private("app")]},
    {"nat": Nat.private("data"), "tiers": [Tier.private("app"), Tier.isolated("data")]},
]


@pytest.mark.parametrize("arguments", EVERYTHING)
def test_every_resource_is_reached_by_a_name(stack: cdk.Stack, arguments: dict[str, Any]) -> None:
    """By tier and zone, or as a part of the VPC: nobody needs to look for its id."""
    arguments = dict[str, Any](zones=Zones.first(2), flow_logs=FlowLogs.none()) | arguments
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", **arguments)
    found: list[Any] = [
        vpc.resource,
        vpc.default_security_group_rule,
        vpc.internet_gateway,
        vpc.internet_gateway_attachment,
        vpc.egress_only_internet_gateway,
        vpc.regional_nat_gateway,
        vpc.nat_instance,
        vpc.nat_instance_address,
        vpc.nat_instance_security_group,
        *vpc.block_associations.values(),
        *vpc.gateway_endpoints.values(),
    ]
    for subnet in (vpc.subnet(tier.name, zone) for tier in vpc.tiers for zone in tier.zones):
        found += [subnet.resource, subnet.route_table.resource, subnet.route_table_association]
        found += [subnet.default_route, subnet.default_ipv6_route, subnet.nat64_route]
        found += [subnet.nat_gateway, subnet.nat_address]
    reached = {stack.get_logical_id(each) for each in found if each is not None}
    assert reached == set(Template.from_stack(stack).to_json()["Resources"])


def test_a_vpc_without_a_public_tier_has_no_internet_gateway(stack: cdk.Stack) -> None:
    """Isolated means isolated."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()])
    assert vpc.internet_gateway is None
    Template.from_stack(stack).resource_count_is("AWS::EC2::InternetGateway", 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tiers": []}, "Shop/Vpc: a vpc needs at least one tier, such as Tier.isolated()"),
        (
            {"nat": Nat.none()},
            "Shop/Vpc: tier 'private' is private, which leads out through NAT, but nat is Nat.none(); "
            "ask for Nat.per_zone() or make the tier isolated",
        ),
        (
            {"tiers": [Tier.private()]},
            "Shop/Vpc: NAT gateways live in a public tier, but there is none; add Tier.public() or ask for Nat.none()",
        ),
        (
            {"tiers": [Tier.public()], "nat": Nat.single()},
            "Shop/Vpc: NAT gateways serve private tiers, but there is none; add Tier.private() or ask for Nat.none()",
        ),
        (
            {"tiers": [Tier.public()], "interface_endpoints": ["logs"]},
            "Shop/Vpc: interface_endpoints need a tier for them, or a private or an isolated one, but there is none; "
            "add Tier.endpoints()",
        ),
        (
            {"interface_endpoints": ["logs", "logs"]},
            "Shop/Vpc: interface_endpoints names 'logs' 2 times",
        ),
        (
            {"interface_endpoints": "logs"},
            "Shop/Vpc: interface_endpoints must be a list, got the text 'logs'; write ['logs']",
        ),
        (
            {"gateway_endpoints": "s3"},
            "Shop/Vpc: gateway_endpoints must be a list, got the text 's3'; write ['s3']",
        ),
        (
            {"gateway_endpoints": ["s3", "sqs"]},
            "Shop/Vpc: gateway_endpoints holds 'sqs', but only 's3' and 'dynamodb' have them",
        ),
        (
            {"interface_endpoints": ["com.amazonaws.eu-west-1.logs"]},
            "Shop/Vpc: interface_endpoints must hold short service names, got 'com.amazonaws.eu-west-1.logs'; "
            "leave out everything up to the region",
        ),
        (
            {"interface_endpoints": ["Logs"]},
            "Shop/Vpc: interface_endpoints must hold short service names such as 'ecr.api', got 'Logs'",
        ),
        ({"zones": Zones.named("eu-west-1a", "eu-west-1a")}, "zone 'a' is declared 2 times; names must be distinct"),
        (
            {"nat": Nat.regional(allocation_ids={"a": ["eipalloc-1"], "f": ["eipalloc-2"]})},
            "Shop/Vpc: nat needs an allocation id for each of the zones a, b, c, got them for a, f",
        ),
        (
            {"nat": Nat.per_zone(allocation_ids={"a": "eipalloc-1"})},
            "Shop/Vpc: nat needs an allocation id for each of the zones a, b, c, got them for a",
        ),
        ({"tiers": [Tier.public(), Tier.public()]}, "tier 'public' is declared 2 times; names must be distinct"),
    ],
)
def test_contradictions_are_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """At the user's own line, with nothing left behind."""
    with pytest.raises(LatticeError) as caught:
        Vpc(stack, "Vpc", cidr="10.20.0.0/16", **arguments)
    assert str(caught.value) == message
    assert stack.node.children == []


def test_a_malformed_block_is_refused(stack: cdk.Stack) -> None:
    """With the place where it was given."""
    with pytest.raises(AddressError) as caught:
        Vpc(stack, "Vpc", cidr="10.20.0.1/16")
    assert (
        str(caught.value)
        == "Shop/Vpc: '10.20.0.1/16' has bits set behind its prefix length, did you mean 10.20.0.0/16?"
    )


def test_a_block_that_only_the_deployment_knows_is_refused(stack: cdk.Stack) -> None:
    """Nothing can be planned in it."""
    with pytest.raises(ArgumentError) as caught:
        Vpc(stack, "Vpc", cidr=cdk.Fn.import_value("Block"))
    assert str(caught.value) == (
        "Shop/Vpc: cidr must be known at synthesis, since the tiers are planned in it, got a token; an IpamPool "
        "tells its size instead"
    )


def test_tiers_and_zones_that_are_not_there_are_refused(stack: cdk.Stack) -> None:
    """The message lists those that are."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", zones=Zones.first(2))
    with pytest.raises(ArgumentError) as caught:
        vpc.tier("web")
    assert str(caught.value) == "Shop/Vpc: there is no tier 'web'; the tiers are 'public', 'private', 'isolated'"
    with pytest.raises(ArgumentError) as caught:
        vpc.subnet("public", "c")
    assert str(caught.value) == "Shop/Vpc: tier 'public' has no zone 'c'; its zones are 'a', 'b'"


def test_names_of_tiers_are_checked() -> None:
    """They become ids and tags."""
    with pytest.raises(ArgumentError) as caught:
        Tier.public("Web")
    assert str(caught.value) == (
        "tier: name must be 1 to 32 lower-case letters, digits and hyphens, beginning with a letter, got 'Web'"
    )


def test_blocks_of_tiers_are_read_strictly() -> None:
    """With the tier and the zone they are for."""
    with pytest.raises(AddressError) as caught:
        Tier.public(cidrs={"a": "10.20.0.1/24"})
    assert str(caught.value) == (
        "tier 'public' in zone 'a': '10.20.0.1/24' has bits set behind its prefix length, did you mean 10.20.0.0/24?"
    )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "zones: there must be 1 to 6 zones, got 0"),
        (["eu-west-1"], "zones: 'eu-west-1' is not the name of an Availability Zone such as eu-west-1a"),
        (
            ["eu-west-1a", "us-east-1a"],
            "zones: all zones of a vpc must be in one region, got eu-west-1 and us-east-1",
        ),
    ],
)
def test_names_of_zones_are_checked(names: list[str], message: str) -> None:
    """All of one region."""
    with pytest.raises(ArgumentError) as caught:
        Zones.named(*names)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["us-east-1a"], "zones: 'us-east-1a' is not the id of an Availability Zone such as use1-az1"),
        (["use1-az1", "euw1-az1"], "zones: all zones of a vpc must be in one region, got euw1 and use1"),
    ],
)
def test_ids_of_zones_are_checked(ids: list[str], message: str) -> None:
    """All of one region."""
    with pytest.raises(ArgumentError) as caught:
        Zones.ids(*ids)
    assert str(caught.value) == message


@pytest.mark.parametrize("count", [0, 7])
def test_the_number_of_zones_is_checked(count: int) -> None:
    """One to six."""
    with pytest.raises(ArgumentError) as caught:
        Zones.first(count)
    assert str(caught.value) == f"zones: there must be 1 to 6 zones, got {count}"


def test_a_number_of_zones_from_context_is_a_text() -> None:
    """Whoever reads it from there has to make a number of it."""
    with pytest.raises(ArgumentError) as caught:
        Zones.first("3")  # type: ignore[arg-type]
    assert str(caught.value) == "zones: count must be a whole number, got '3'"


def test_vpcs_of_one_estate_do_not_overlap(stack: cdk.Stack) -> None:
    """Nor do they with foreign networks; who fails has claimed nothing."""
    estate = AddressEstate({"berlin": ["192.168.0.0/16"]})
    Vpc(stack, "Shop", cidr="10.20.0.0/16", estate=estate)
    with pytest.raises(AddressError) as caught:
        Vpc(stack, "Lab", cidr="10.20.128.0/20", estate=estate)
    assert str(caught.value) == (
        "10.20.128.0/20 of Shop/Lab overlaps 10.20.0.0/16 of Shop/Shop; give one of them another block"
    )
    assert stack.node.try_find_child("Lab") is None
    Vpc(stack, "Lab", cidr="10.21.0.0/16", estate=estate)
    assert list(estate.plans) == ["Shop/Shop", "Shop/Lab"]
