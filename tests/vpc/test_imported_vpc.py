"""A VPC of tiers that was made elsewhere: its tiers and zones are known by their names, as in the one that was made."""

import json
from collections.abc import Callable
from ipaddress import IPv6Network
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk.assertions import Template

from constructs_lattice import (
    AddressError,
    ApplicationLoadBalancer,
    ArgumentError,
    IpamPool,
    IpProtocol,
    LatticeError,
    NetworkLoadBalancer,
    Role,
    RouteTables,
    RouteTarget,
    ServiceNetwork,
    SubnetAttributes,
    Tier,
    TierAttributes,
    TransitGateway,
    Vpc,
    VpcAssociation,
    VpcAttributes,
    VpcPeering,
    Zones,
)

TIERS = [
    Tier.public("web"),
    Tier.private("app"),
    Tier.isolated("data", route_tables=RouteTables.SHARED),
    Tier.transit(),
    Tier.load_balancer(),
]


SIX = int(IPv6Network("2001:db8::/56").network_address)


def attributes(tiers: list[Tier] = TIERS, zones: str = "ab", *, ipv6: bool = False) -> VpcAttributes:
    """Those of a VPC that was deployed."""

    def subnet(index: int, tier: Tier, number: int) -> SubnetAttributes:
        place = f"{index:x}{number:x}"
        table = place if tier.route_tables is RouteTables.PER_ZONE else f"{index:x}0"
        protocol = tier.ip_protocol or (IpProtocol.DUAL_STACK if ipv6 else IpProtocol.IPV4)
        return SubnetAttributes(
            subnet_id=f"subnet-0123456789abcde{place}",
            route_table_id=f"rtb-0123456789abcde{table}",
            availability_zone=f"eu-west-1{zones[number]}",
            ipv4_cidr_block=f"10.20.{16 * index + number}.0/24" if protocol.has_ipv4 else None,
            ipv6_cidr_block=str(IPv6Network((SIX + (int(place, 16) << 64), 64))) if protocol.has_ipv6 else None,
        )

    return VpcAttributes(
        vpc_id="vpc-0123456789abcdef0",
        cidr_blocks=["10.20.0.0/16", "100.64.0.0/16"],
        ipv6_cidr_block="2001:db8::/56" if ipv6 else None,
        tiers={
            tier.name: TierAttributes(
                role=tier.role,
                route_tables=tier.route_tables,
                subnets={zone: subnet(index, tier, number) for number, zone in enumerate(zones)},
            )
            for index, tier in enumerate(tiers)
        },
    )


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Other")


@pytest.fixture
def vpc(stack: cdk.Stack) -> Any:
    return Vpc.from_vpc_attributes(stack, "Vpc", attributes())


def test_attributes_are_shaped_by_tier_then_by_zone() -> None:
    """As values, and as plain data."""
    stack = cdk.Stack(cdk.App(), "Shop")
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=TIERS, zones=Zones.named("eu-west-1a", "eu-west-1c"))
    got = stack.resolve(vpc.attributes.as_dict())
    assert list(got) == ["vpc_id", "cidr_blocks", "tiers"]
    assert {tier: (each["role"], list(each["subnets"])) for tier, each in got["tiers"].items()} == {
        "web": ("public", ["a", "c"]),
        "app": ("private", ["a", "c"]),
        "data": ("isolated", ["a", "c"]),
        "transit": ("transit", ["a", "c"]),
        "load-balancer": ("load balancer", ["a", "c"]),
    }
    app = vpc.subnet("app", "c")
    assert got["tiers"]["app"]["subnets"]["c"] == {
        "subnet_id": stack.resolve(app.subnet_id),
        "route_table_id": stack.resolve(app.route_table.route_table_id),
        "availability_zone": "eu-west-1c",
        "ipv4_cidr_block": "10.20.96.0/20",
    }
    assert got["tiers"]["data"]["route_tables"] == "shared"
    assert vpc.attributes.subnet("app", "c").subnet_id == app.subnet_id


def test_attributes_of_what_only_the_deployment_knows_are_tokens() -> None:
    """Zones by their ids, blocks from a pool, and IPv6."""
    stack = cdk.Stack(cdk.App(), "Shop")
    pool = IpamPool(pool_id="ipam-pool-0123456789abcdef0", netmask=20)
    pods = Tier.isolated("pods", ip_protocol=IpProtocol.IPV6)
    tiers = [Tier.isolated(ip_protocol=IpProtocol.DUAL_STACK), pods]
    vpc = Vpc(stack, "Vpc", cidr=pool, tiers=tiers, zones=Zones.ids("euw1-az2"))
    got = stack.resolve(vpc.attributes.as_dict())
    assert got["cidr_blocks"][0]["Fn::GetAtt"][1] == "CidrBlock"
    assert got["ipv6_cidr_block"]["Fn::Select"][0] == 0
    subnet = got["tiers"]["isolated"]["subnets"]["euw1-az2"]
    assert subnet["availability_zone"]["Fn::GetAtt"][1] == "AvailabilityZone"
    assert subnet["ipv4_cidr_block"]["Fn::GetAtt"][1] == "CidrBlock"
    assert "ipv4_cidr_block" not in got["tiers"]["pods"]["subnets"]["euw1-az2"]


@pytest.mark.parametrize("ipv6", [False, True])
def test_attributes_come_back_from_json(ipv6: bool) -> None:
    """The same."""
    there = attributes(ipv6=ipv6)
    assert VpcAttributes.from_dict(json.loads(json.dumps(there.as_dict()))) == there


def test_an_imported_vpc_has_the_attributes_that_it_was_given(stack: cdk.Stack, vpc: Any) -> None:
    """It can be handed on."""
    assert vpc.attributes == attributes()
    assert (vpc.vpc_id, vpc.vpc_cidr_block) == ("vpc-0123456789abcdef0", "10.20.0.0/16")
    assert vpc.cidr_blocks == ["10.20.0.0/16", "100.64.0.0/16"]
    assert vpc.vpc_ref.vpc_id == vpc.vpc_id
    assert vpc.ipv6_cidr_block is None
    assert stack.resolve(vpc.vpc_arn)["Fn::Join"][1][-1].endswith(":vpc/vpc-0123456789abcdef0")
    subnet = vpc.subnet("app", "b")
    assert (subnet.subnet_id, subnet.availability_zone) == ("subnet-0123456789abcde11", "eu-west-1b")
    assert (subnet.role, subnet.ipv4_cidr_block, subnet.ipv6_cidr_block) == (Role.PRIVATE, "10.20.17.0/24", None)
    assert subnet.subnet_ref.subnet_id == subnet.subnet_id
    assert vpc.availability_zones == ["eu-west-1a", "eu-west-1b"]


def test_subnets_are_selected_as_in_the_vpc_that_was_made(vpc: Any) -> None:
    """By group name, type, zone name and zone key; what is reserved is not picked by default."""

    def ids(**fields: Any) -> list[str]:
        return [id_.removeprefix("subnet-0123456789abcde") for id_ in vpc.select_subnets(**fields).subnet_ids]

    assert ids() == ["10", "11"]
    assert ids(subnet_group_name="transit") == ["30", "31"]
    assert ids(subnet_type=ec2.SubnetType.PUBLIC, availability_zones=["eu-west-1b"]) == ["01"]
    assert ids(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, availability_zones=["a"]) == ["20"]
    assert vpc.select_subnets(subnet_group_name="web").has_public
    assert [subnet.subnet_id[-2:] for subnet in vpc.public_subnets] == ["00", "01"]
    with pytest.raises(ArgumentError) as caught:
        vpc.select_subnets(subnet_group_name="cache")
    assert str(caught.value) == (
        "Other/Vpc: there is no subnet group 'cache'; the tiers are 'web' (public), 'app' (private), "
        "'data' (isolated), 'transit' (transit), 'load-balancer' (load balancer)"
    )


def test_a_transit_gateway_is_attached_to_the_transit_tier(stack: cdk.Stack, vpc: Any) -> None:
    """And routes are made in route tables that are elsewhere, in a shared one once."""
    attachment = TransitGateway(stack, "Hub").add_vpc_attachment("Shop", vpc=vpc)
    attachment.add_routes(["10.0.0.0/8"], from_=vpc.tier("app").selection)
    attachment.add_routes(["10.0.0.0/8"], from_=vpc.tier("data").selection)
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::TransitGatewayAttachment",
        {
            "VpcId": "vpc-0123456789abcdef0",
            "SubnetIds": ["subnet-0123456789abcde30", "subnet-0123456789abcde31"],
        },
    )
    tables = [each["Properties"]["RouteTableId"][-2:] for each in template.find_resources("AWS::EC2::Route").values()]
    assert sorted(tables) == ["10", "11", "20"]


def test_load_balancers_go_to_their_tier(stack: cdk.Stack, vpc: Any) -> None:
    """And let all blocks of the VPC in."""
    ApplicationLoadBalancer(stack, "Application", vpc=vpc).add_listener("Http")
    NetworkLoadBalancer(stack, "Network", vpc=vpc)
    template = Template.from_stack(stack)
    balancers = template.find_resources("AWS::ElasticLoadBalancingV2::LoadBalancer").values()
    assert [[id_[-2:] for id_ in each["Properties"]["Subnets"]] for each in balancers] == [["40", "41"]] * 2
    rules = [
        rule["CidrIp"]
        for group in template.find_resources("AWS::EC2::SecurityGroup").values()
        for rule in group["Properties"].get("SecurityGroupIngress", [])
    ]
    assert rules == ["10.20.0.0/16", "100.64.0.0/16"]


def test_a_service_network_is_associated(stack: cdk.Stack, vpc: Any) -> None:
    """Once, as with any VPC."""
    network = ServiceNetwork(stack, "Mesh")
    VpcAssociation(stack, "Association", service_network=network, vpc=vpc)
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::ServiceNetworkVpcAssociation", {"VpcIdentifier": "vpc-0123456789abcdef0"}
    )
    with pytest.raises(ArgumentError):
        VpcAssociation(stack, "Again", service_network=network, vpc=vpc)


def test_routes_and_peers(stack: cdk.Stack, vpc: Any) -> None:
    """By tier, and with all blocks."""
    vpc.add_routes("data", to=["192.168.0.0/16"], via=RouteTarget.transit_gateway("tgw-0123456789abcdef0"))
    other = Vpc(stack, "One", cidr="10.21.0.0/16", tiers=[Tier.isolated()], zones=Zones.first(1))
    VpcPeering(stack, "Peering", requester=vpc, accepter=other)
    routes = [
        (each["Properties"]["RouteTableId"], each["Properties"]["DestinationCidrBlock"])
        for each in Template.from_stack(stack).find_resources("AWS::EC2::Route").values()
    ]
    table = other.subnet("isolated", "a").route_table.route_table_id
    assert sorted(routes, key=str) == sorted(
        [
            ("rtb-0123456789abcde20", "192.168.0.0/16"),
            ("rtb-0123456789abcde10", "10.21.0.0/16"),
            ("rtb-0123456789abcde11", "10.21.0.0/16"),
            (stack.resolve(table), "10.20.0.0/16"),
            (stack.resolve(table), "100.64.0.0/16"),
        ],
        key=str,
    )


def test_the_rest_of_the_cdk_takes_it(stack: cdk.Stack, vpc: Any) -> None:
    """It is an `ec2.IVpc`."""
    rds.DatabaseInstance(
        stack,
        "Db",
        engine=rds.DatabaseInstanceEngine.MYSQL,
        vpc=vpc,
        vpc_subnets=vpc.tier("data").selection,
    )
    vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
    vpc.enable_vpn_gateway(type="ipsec.1")
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::RDS::DBSubnetGroup", {"SubnetIds": ["subnet-0123456789abcde20", "subnet-0123456789abcde21"]}
    )
    template.has_resource_properties(
        "AWS::EC2::VPNGatewayRoutePropagation", {"RouteTableIds": [f"rtb-0123456789abcde1{n}" for n in (0, 1)]}
    )


def test_a_tier_without_ipv4_has_no_ipv4_block(stack: cdk.Stack) -> None:
    """As in a VPC that is made."""
    pods = [Tier.isolated("pods", ip_protocol=IpProtocol.IPV6)]
    vpc = Vpc.from_vpc_attributes(stack, "Vpc", attributes(pods, ipv6=True))
    assert vpc.subnet("pods", "a").ipv6_cidr_block == "2001:db8::/64"
    with pytest.raises(ArgumentError) as caught:
        vpc.subnet("pods", "a").ipv4_cidr_block  # noqa: B018 - the property raises
    assert str(caught.value) == "Other/Vpc/pods-a: tier 'pods' speaks IPv6 only, so it has no IPv4 block"


SUBNET = attributes().subnet("app", "a")


def _subnet(**changes: Any) -> Callable[[], object]:
    fields = {
        "subnet_id": SUBNET.subnet_id,
        "route_table_id": SUBNET.route_table_id,
        "availability_zone": "eu-west-1a",
        "ipv4_cidr_block": "10.20.0.0/24",
    }
    return lambda: SubnetAttributes(**(fields | changes))


def _vpc(**changes: Any) -> Callable[[], object]:
    tiers = {"app": TierAttributes(role=Role.PRIVATE, subnets={"a": SUBNET})}
    fields = {"vpc_id": "vpc-0123456789abcdef0", "cidr_blocks": ["10.20.0.0/16"], "tiers": tiers}
    return lambda: VpcAttributes(**(fields | changes))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            _subnet(subnet_id="app"),
            "subnet: subnet_id must be the id of a subnet such as subnet-0123456789abcdef0, got 'app'",
        ),
        (
            _subnet(route_table_id="app"),
            "subnet subnet-0123456789abcde10: route_table_id must be the id of a route table such as "
            "rtb-0123456789abcdef0, got 'app'",
        ),
        (
            _subnet(ipv4_cidr_block=None),
            "subnet subnet-0123456789abcde10: a subnet has an IPv4 block, an IPv6 block or both, got none",
        ),
        (
            _subnet(ipv6_cidr_block="2001:db8::1/64"),
            "subnet subnet-0123456789abcde10: '2001:db8::1/64' has bits set behind its prefix length, did you mean "
            "2001:db8::/64?",
        ),
        (
            lambda: TierAttributes(role=Role.PRIVATE, subnets={}),
            "tier: a tier has a subnet in one zone at least, got none",
        ),
        (
            lambda: TierAttributes(role=Role.PRIVATE, subnets={"eu west": SUBNET}),
            "tier: subnets must be known by keys of zones such as 'a' or 'use1-az1', got 'eu west'",
        ),
        (
            lambda: TierAttributes(
                role=Role.PRIVATE,
                route_tables=RouteTables.SHARED,
                subnets={"a": SUBNET, "b": attributes().subnet("app", "b")},
            ),
            "tier: the subnets share one route table, but theirs are rtb-0123456789abcde10 and rtb-0123456789abcde11",
        ),
        (_vpc(vpc_id="shop"), "vpc: vpc_id must be the id of a VPC such as vpc-0123456789abcdef0, got 'shop'"),
        (
            _vpc(cidr_blocks=[]),
            "vpc vpc-0123456789abcdef0: cidr_blocks must be a list whose length is known, of one block at least, got "
            "none",
        ),
        (
            _vpc(cidr_blocks=cdk.Token.as_list(cdk.Fn.import_value("Blocks"))),
            "vpc vpc-0123456789abcdef0: cidr_blocks must be a list whose length is known, of one block at least, got a "
            "token",
        ),
        (
            _vpc(cidr_blocks=["10.20.0.0/33"]),
            "vpc vpc-0123456789abcdef0: '10.20.0.0/33' is not a CIDR block such as 10.0.0.0/16",
        ),
        (_vpc(tiers={}), "vpc vpc-0123456789abcdef0: a vpc has one tier at least, got none"),
        (
            _vpc(tiers={"App": TierAttributes(role=Role.PRIVATE, subnets={"a": SUBNET})}),
            "vpc vpc-0123456789abcdef0: name must be 1 to 32 lower-case letters, digits and hyphens, beginning with a "
            "letter, got 'App'",
        ),
    ],
)
def test_attributes_that_cannot_be_are_refused(make: Callable[[], object], message: str) -> None:
    """Ids and blocks, unless they are tokens."""
    with pytest.raises(LatticeError) as caught:
        make()
    assert str(caught.value) == message


def _without(data: dict[str, Any], *way: str) -> dict[str, Any]:
    inner = data
    for name in way[:-1]:
        inner = inner[name]
    del inner[way[-1]]
    return data


def _with(value: object, data: dict[str, Any], *way: str) -> dict[str, Any]:
    inner = data
    for name in way[:-1]:
        inner = inner[name]
    inner[way[-1]] = value
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "tiers is missing; it is a dict"),
        (_with([], attributes().as_dict(), "tiers"), "tiers must be a dict, got []"),
        (_with(1, attributes().as_dict(), "tiers", "app"), "tiers.app must be a dict, got 1"),
        (_without(attributes().as_dict(), "tiers", "app", "role"), "tiers.app.role is missing; it is a str"),
        (
            _with("secret", attributes().as_dict(), "tiers", "app", "role"),
            "tiers.app.role must be one of public, private, isolated, transit, firewall, endpoints, resolver, load "
            "balancer, got 'secret'",
        ),
        (
            _without(attributes().as_dict(), "tiers", "app", "subnets", "b", "subnet_id"),
            "tiers.app.subnets.b.subnet_id is missing; it is a str",
        ),
        (
            _with(None, attributes().as_dict(), "tiers", "app", "subnets", "b", "ipv4_cidr_block"),
            "tiers.app.subnets.b.ipv4_cidr_block must be a str, got None",
        ),
        (_with([1], attributes().as_dict(), "cidr_blocks"), "cidr_blocks must be a str, got 1"),
        (_without(attributes().as_dict(), "vpc_id"), "vpc_id is missing; it is a str"),
    ],
)
def test_data_of_another_shape_is_refused(data: dict[str, Any], message: str) -> None:
    """With the way to the field."""
    with pytest.raises(ArgumentError) as caught:
        VpcAttributes.from_dict(data)
    assert str(caught.value) == f"vpc attributes: {message}"


def test_blocks_are_addresses() -> None:
    """What is wrong with one is an address error."""
    with pytest.raises(AddressError):
        _subnet(ipv4_cidr_block="10.20.0.0")()


def test_tokens_pass_in_every_place(stack: cdk.Stack) -> None:
    """The shape is known, the values are not."""
    token = cdk.Fn.import_value
    subnet = SubnetAttributes(
        subnet_id=token("Subnet"),
        route_table_id=token("Table"),
        availability_zone=token("Zone"),
        ipv4_cidr_block=token("Block"),
        ipv6_cidr_block=token("Six"),
    )
    tiers = {"app": TierAttributes(role=Role.ISOLATED, subnets={"a": subnet})}
    vpc = Vpc.from_vpc_attributes(
        stack, "Vpc", VpcAttributes(vpc_id=token("Vpc"), cidr_blocks=[token("First"), "100.64.0.0/16"], tiers=tiers)
    )
    TransitGateway(stack, "Hub").add_vpc_attachment("Vpc", vpc=vpc).add_routes(
        [token("Destination")], from_=vpc.tier("app").selection
    )
    NetworkLoadBalancer(stack, "Balancer", vpc=vpc)
    VpcPeering(stack, "Peering", requester=vpc, accepter=Vpc(stack, "One", cidr="10.21.0.0/16"))
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::TransitGatewayAttachment",
        {"VpcId": {"Fn::ImportValue": "Vpc"}, "SubnetIds": [{"Fn::ImportValue": "Subnet"}]},
    )
