"""Where a VPC's addresses come from: several blocks, an IPAM pool, IPv6."""

from ipaddress import ip_network
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk.assertions import Template
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice import (
    AddressError,
    AddressEstate,
    AddressLock,
    ArgumentError,
    IpamPool,
    IpProtocol,
    LatticeError,
    Nat,
    NetworkLoadBalancer,
    Scheme,
    Tier,
    TransitGateway,
    Vpc,
    VpcPeering,
    Zones,
)

POOL = IpamPool(pool_id="ipam-pool-0123456789abcdef0", netmask=16)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _subnets(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    found = Template.from_stack(stack).find_resources("AWS::EC2::Subnet").values()
    name = {
        tag["Value"].removeprefix("Shop/Vpc/"): each
        for each in found
        for tag in each["Properties"]["Tags"]
        if tag["Key"] == "Name"
    }
    return dict(sorted(name.items()))


def _value(expression: Any, vpc_block: str) -> str:
    """What CloudFormation makes of Fn::Select and Fn::Cidr over the VPC's block."""
    if isinstance(expression, str):
        return expression
    if "Fn::GetAtt" in expression:
        return vpc_block
    index, of = expression["Fn::Select"]
    if "Fn::Cidr" not in of:
        return vpc_block
    whole, count, bits = of["Fn::Cidr"]
    block = ip_network(_value(whole, vpc_block))
    parts = list(block.subnets(new_prefix=block.max_prefixlen - bits))[:count]
    assert count <= 256
    return str(parts[index])


def test_a_tier_can_be_in_a_secondary_block(stack: cdk.Stack) -> None:
    """And waits for the block; the others stay where they were."""
    tiers = [Tier.public(), Tier.private(), Tier.isolated("pods", within="100.64.0.0/16")]
    Vpc(stack, "Vpc", cidr="10.20.0.0/16", secondary_cidrs=["100.64.0.0/16"], tiers=tiers, zones=Zones.first(2))
    subnets = _subnets(stack)
    assert {name: each["Properties"]["CidrBlock"] for name, each in subnets.items()} == {
        "pods/a": "100.64.0.0/18",
        "pods/b": "100.64.64.0/18",
        "private/a": "10.20.64.0/20",
        "private/b": "10.20.80.0/20",
        "public/a": "10.20.0.0/24",
        "public/b": "10.20.1.0/24",
    }
    (block,) = Template.from_stack(stack).find_resources("AWS::EC2::VPCCidrBlock").items()
    assert block[1]["Properties"]["CidrBlock"] == "100.64.0.0/16"
    assert {name for name, each in subnets.items() if block[0] in each.get("DependsOn", [])} == {"pods/a", "pods/b"}


def test_everything_knows_all_blocks_of_a_vpc(stack: cdk.Stack) -> None:
    """Endpoints let all of them in, a peer has routes to all of them, and an estate keeps all of them."""
    estate = AddressEstate()
    one = Vpc(
        stack,
        "One",
        cidr="10.20.0.0/16",
        secondary_cidrs=["100.64.0.0/16"],
        tiers=[Tier.isolated()],
        interface_endpoints=["sqs"],
        estate=estate,
    )
    two = Vpc(stack, "Two", cidr="10.21.0.0/16", tiers=[Tier.isolated()], zones=Zones.first(1), estate=estate)
    assert one.cidr_blocks == ["10.20.0.0/16", "100.64.0.0/16"]
    VpcPeering(stack, "Peering", requester=one, accepter=two)
    template = Template.from_stack(stack)
    (group,) = template.find_resources("AWS::EC2::SecurityGroup").values()
    assert [rule["CidrIp"] for rule in group["Properties"]["SecurityGroupIngress"]] == one.cidr_blocks
    routes = template.find_resources("AWS::EC2::Route").values()
    destinations = ["10.20.0.0/16", "100.64.0.0/16", "10.21.0.0/16", "10.21.0.0/16", "10.21.0.0/16"]
    assert sorted(route["Properties"]["DestinationCidrBlock"] for route in routes) == sorted(destinations)
    with pytest.raises(AddressError) as caught:
        Vpc(stack, "Three", cidr="100.64.128.0/20", tiers=[Tier.isolated()], estate=estate)
    assert str(caught.value) == (
        "100.64.128.0/20 of Shop/Three overlaps 100.64.0.0/16 of Shop/One; give one of them another block"
    )


def test_who_lets_the_vpc_in_lets_all_of_it_in(stack: cdk.Stack) -> None:
    """In both families, where there are two."""
    vpc = Vpc(
        stack,
        "Vpc",
        cidr="10.20.0.0/16",
        secondary_cidrs=["100.64.0.0/16"],
        ip_protocol=IpProtocol.DUAL_STACK,
        tiers=[Tier.isolated()],
    )
    targets = elbv2.NetworkTargetGroup(stack, "Targets", vpc=vpc, port=5432)
    balancer = NetworkLoadBalancer(stack, "Balancer", vpc=vpc, scheme=Scheme.INTERNAL)
    balancer.add_listener("Tcp", port=5432, target_groups=[targets])
    (group,) = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroup").values()
    ipv4, pods, ipv6 = group["Properties"]["SecurityGroupIngress"]
    assert (ipv4["CidrIp"], pods["CidrIp"]) == ("10.20.0.0/16", "100.64.0.0/16")
    assert ipv6["CidrIpv6"]["Fn::Select"][1]["Fn::GetAtt"][1] == "Ipv6CidrBlocks"


@pytest.mark.parametrize("netmask", [16, 20])
def test_ipam_gives_the_block_and_the_plan_the_places_in_it(stack: cdk.Stack, netmask: int) -> None:
    """The same ones as in a block that is known."""
    tiers = [Tier.public(), Tier.private(), Tier.isolated(), Tier.transit()]
    pool = IpamPool(pool_id=POOL.pool_id, netmask=netmask)
    vpc = Vpc(stack, "Vpc", cidr=pool, tiers=tiers)
    known = Vpc(cdk.Stack(), "Known", cidr=f"10.32.0.0/{netmask}", tiers=tiers)
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::VPC", {"Ipv4IpamPoolId": POOL.pool_id, "Ipv4NetmaskLength": netmask}
    )
    got = {
        name: _value(each["Properties"]["CidrBlock"], known.vpc_cidr_block) for name, each in _subnets(stack).items()
    }
    assert got == {f"{each.tier}/{each.zone}": str(each.block) for each in known.plan}
    assert stack.resolve(vpc.vpc_cidr_block)["Fn::GetAtt"][1] == "CidrBlock"
    assert stack.resolve(vpc.subnet("public", "a").ipv4_cidr_block)["Fn::GetAtt"][1] == "CidrBlock"


def test_the_lock_of_an_ipam_block_holds_places(stack: cdk.Stack) -> None:
    """They count from 0.0.0.0, and nobody in the estate can have them."""
    lock, estate = AddressLock(), AddressEstate()
    for id_ in ("One", "Two"):
        Vpc(stack, id_, cidr=POOL, tiers=[Tier.isolated()], zones=Zones.first(1), lock=lock, estate=estate)
    assert lock.text().splitlines()[1:3] == [
        "Shop/One  isolated  *  0.0.0.0/20",
        "Shop/One  isolated  a  0.0.0.0/22",
    ]


def test_dual_stack_routes_by_role(stack: cdk.Stack) -> None:
    """Out and in for public tiers, out only for private ones, neither for the others."""
    tiers = [Tier.public(), Tier.private(), Tier.isolated(), Tier.transit()]
    Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=tiers, zones=Zones.first(2), ip_protocol=IpProtocol.DUAL_STACK)
    template = Template.from_stack(stack)
    routes = {
        id_: each["Properties"]
        for id_, each in template.find_resources("AWS::EC2::Route").items()
        if "DestinationIpv6CidrBlock" in each["Properties"]
    }
    ways = {
        (id_[: len("VpcPublicZoneA")], route["DestinationIpv6CidrBlock"], target[: len("VpcInternetGateway")])
        for id_, route in routes.items()
        for target in [next(iter(route[key]["Ref"] for key in route if key.endswith("GatewayId")))]
    }
    assert ways == {
        ("VpcPublicZoneA", "::/0", "VpcInternetGateway"),
        ("VpcPublicZoneB", "::/0", "VpcInternetGateway"),
        ("VpcPrivateZone", "::/0", "VpcEgressOnlyInter"),
    }
    assert len(routes) == 4
    blocks = {
        name: _value(each["Properties"]["Ipv6CidrBlock"], "2001:db8::/56") for name, each in _subnets(stack).items()
    }
    assert blocks == {
        "public/a": "2001:db8::/64",
        "public/b": "2001:db8:0:1::/64",
        "private/a": "2001:db8:0:4::/64",
        "private/b": "2001:db8:0:5::/64",
        "isolated/a": "2001:db8:0:8::/64",
        "isolated/b": "2001:db8:0:9::/64",
        "transit/a": "2001:db8:0:c::/64",
        "transit/b": "2001:db8:0:d::/64",
    }


def test_the_default_security_group_is_shut_before_there_is_ipv6(stack: cdk.Stack) -> None:
    """EC2 opens it for IPv6 only when its rules were not changed before."""
    Vpc(stack, "Vpc", cidr="10.20.0.0/16", ip_protocol=IpProtocol.DUAL_STACK)
    (block,) = Template.from_stack(stack).find_resources("AWS::EC2::VPCCidrBlock").values()
    assert block["Properties"]["AmazonProvidedIpv6CidrBlock"] is True
    (rule,) = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroupEgress")
    assert block["DependsOn"] == [rule]


def test_one_tier_can_speak_ipv6_only(stack: cdk.Stack) -> None:
    """With a way to IPv4 destinations by NAT64, and names for them by DNS64; the VPC's other tiers are as before."""
    pods = Tier.private("pods", ip_protocol=IpProtocol.IPV6)
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.public(), Tier.private(), pods], zones=Zones.first(1))
    subnet = _subnets(stack)["pods/a"]["Properties"]
    assert (subnet["Ipv6Native"], subnet["EnableDns64"], "CidrBlock" in subnet) == (True, True, False)
    assert "Ipv6CidrBlock" not in _subnets(stack)["private/a"]["Properties"]
    routes = [
        {key: value for key, value in each["Properties"].items() if key != "RouteTableId"}
        for id_, each in Template.from_stack(stack).find_resources("AWS::EC2::Route").items()
        if id_.startswith("VpcPods")
    ]
    nat, out = stack.resolve(vpc.nat_gateways["a"].ref), stack.resolve(vpc.egress_only_internet_gateway.ref)  # type: ignore[union-attr]
    assert sorted(routes, key=str) == [
        {"DestinationIpv6CidrBlock": "64:ff9b::/96", "NatGatewayId": nat},
        {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": out},
    ]
    assert vpc.subnet("pods", "a").default_route is None
    with pytest.raises(ArgumentError) as caught:
        vpc.subnet("pods", "a").ipv4_cidr_block  # noqa: B018 - the property raises
    assert str(caught.value) == "Shop/Vpc/pods-a: tier 'pods' speaks IPv6 only, so it has no IPv4 block"
    assert stack.resolve(vpc.subnet("pods", "a").ipv6_cidr_block)["Fn::Select"][0] == 0
    assert vpc.subnet("private", "a").ipv6_cidr_block is None


def test_ipv6_blocks_are_remembered_as_ipv4_blocks_are(stack: cdk.Stack) -> None:
    """A tier in the middle goes, and nobody moves."""
    lock = AddressLock()
    tiers = [Tier.isolated("web"), Tier.isolated("app"), Tier.isolated("data")]
    arguments: dict[str, Any] = {"cidr": "10.20.0.0/16", "ip_protocol": IpProtocol.DUAL_STACK, "lock": lock}
    before = Vpc(cdk.Stack(cdk.App(), "Shop"), "Vpc", tiers=tiers, **arguments).plan
    after = Vpc(stack, "Vpc", tiers=[Tier.isolated("new"), tiers[2], tiers[0]], **arguments).plan
    kept = [("web", "a"), ("web", "c"), ("data", "b")]
    assert [after.ipv6[key] for key in kept] == [before.ipv6[key] for key in kept]
    assert not {after.ipv6["new", zone] for zone in "abc"} & set(before.ipv6.values())


def test_an_attachment_speaks_ipv6_when_its_subnets_do(stack: cdk.Stack) -> None:
    """EC2 refuses it otherwise."""
    hub = TransitGateway(stack, "Hub")
    for id_, number, protocol in (("Old", 20, IpProtocol.IPV4), ("New", 21, IpProtocol.DUAL_STACK)):
        tiers = [Tier.isolated(), Tier.transit()]
        vpc = Vpc(stack, id_, cidr=f"10.{number}.0.0/16", tiers=tiers, ip_protocol=protocol)
        hub.add_vpc_attachment(id_, vpc=vpc)
    attachments = Template.from_stack(stack).find_resources("AWS::EC2::TransitGatewayAttachment")
    assert {id_[:6]: each["Properties"]["Options"]["Ipv6Support"] for id_, each in attachments.items()} == {
        "HubOld": "disable",
        "HubNew": "enable",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"secondary_cidrs": ["172.16.0.0/16"]},
            "Shop/Vpc: secondary block 172.16.0.0/16 cannot be added to 10.20.0.0/16, which is not in 172.16.0.0/12; "
            "take one from 100.64.0.0/10 or from the range of the first block",
        ),
        (
            {"secondary_cidrs": ["100.64.0.0/8"]},
            "Shop/Vpc: '100.64.0.0/8' has bits set behind its prefix length, did you mean 100.0.0.0/8?",
        ),
        (
            {"tiers": [Tier.isolated("pods", within="100.64.0.0/16")]},
            "tier 'pods': 100.64.0.0/16 is outside of 10.20.0.0/16",
        ),
        (
            {"cidr": POOL, "tiers": [Tier.isolated("db", cidrs={"a": "10.20.0.0/24"})]},
            "tier 'db' in zone 'a': 10.20.0.0/24 is outside of 0.0.0.0/16",
        ),
        (
            {"secondary_cidrs": [cdk.Fn.import_value("Block")]},
            "Shop/Vpc: cidr must be known at synthesis, since the tiers are planned in it, got a token; an IpamPool "
            "tells its size instead",
        ),
        (
            {"cidr": POOL, "secondary_cidrs": ["100.64.0.0/16", "100.64.4.0/24"], "tiers": [Tier.isolated()]},
            "Shop/Vpc: secondary block 100.64.4.0/24 overlaps 100.64.0.0/16; the blocks of a vpc are disjoint",
        ),
        (
            {"secondary_cidrs": "100.64.0.0/16"},
            "Shop/Vpc: secondary_cidrs must be a list, got the text '100.64.0.0/16'; write ['100.64.0.0/16']",
        ),
        (
            {"ip_protocol": IpProtocol.IPV6},
            "Shop/Vpc: NAT translates to IPv4 addresses, but tier 'public' speaks IPv6 only; give it "
            "ip_protocol=IpProtocol.DUAL_STACK",
        ),
        (
            {"tiers": [Tier.public(), Tier.private("pods", ip_protocol=IpProtocol.IPV6)], "nat": Nat.instance()},
            "Shop/Vpc: tier 'pods' speaks IPv6 only and reaches IPv4 destinations by NAT64, which an instance does not "
            "do; ask for Nat.single()",
        ),
    ],
)
def test_addresses_that_cannot_be_are_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """With nothing left behind."""
    with pytest.raises(LatticeError) as caught:
        Vpc(stack, "Vpc", **{"cidr": "10.20.0.0/16"} | arguments)
    assert str(caught.value) == message
    assert stack.node.children == []


def test_a_path_that_a_lock_cannot_hold_is_refused(stack: cdk.Stack) -> None:
    """Only where there is a lock; the VPC is not made, and the lock is as it was."""
    lock = AddressLock()
    with pytest.raises(AddressError) as caught:
        Vpc(stack, "My  Vpc", cidr="10.20.0.0/16", lock=lock)
    assert str(caught.value) == (
        "vpc 'Shop/My  Vpc' cannot be written in a lock file; a name is printable, begins with no '#', and has no "
        "space at its ends and no two in a row"
    )
    assert (lock.vpcs, stack.node.children) == ([], [])


SIZES = st.one_of(st.none(), st.integers(14, 30), st.integers(), st.floats(), st.text(max_size=2), st.booleans())


@given(
    name=st.one_of(st.sampled_from(["app", "App", "", "a" * 33, "1a", "a b"]), st.text(max_size=5)),
    prefix=SIZES,
    hosts=SIZES,
    zone_slots=st.one_of(st.sampled_from([1, 2, 4, 8, 16]), st.integers()),
    cidrs=st.dictionaries(st.text(max_size=2), st.text(alphabet="0123456789./:x", max_size=14), max_size=2),
    within=st.one_of(st.none(), st.sampled_from(["10.0.0.0/30", "10.0.0.0/8", "::/64", ""]), st.text(max_size=9)),
)
def test_whatever_a_tier_is_told_it_is_a_tier_or_a_lattice_error(**arguments: Any) -> None:
    """Which names the tier, or the argument."""
    message = "tier"
    try:
        Tier.private(**arguments)
    except LatticeError as error:
        message = str(error)
    assert message.startswith("tier")


def test_a_pool_is_checked_by_itself() -> None:
    """Its id, unless it is a token, and its netmask."""
    with pytest.raises(ArgumentError) as caught:
        IpamPool(pool_id="pool-1", netmask=16)
    assert str(caught.value) == (
        "ipam pool: pool_id must be the id of an IPAM pool such as ipam-pool-0123456789abcdef0, got 'pool-1'"
    )
    with pytest.raises(AddressError) as too_large:
        IpamPool(pool_id=cdk.Fn.import_value("Pool"), netmask=8)
    assert str(too_large.value) == "ipam pool: netmask must be 16 to 28, as for any vpc, got 8"
    with pytest.raises(ArgumentError) as text:
        IpamPool(pool_id=cdk.Fn.import_value("Pool"), netmask="20")  # type: ignore[arg-type]
    assert str(text.value) == "ipam pool: netmask must be a whole number, got '20'"


@pytest.mark.parametrize("size", [{"prefix": 24}, {"hosts": 20}])
def test_a_tier_without_ipv4_has_no_ipv4_size(size: dict[str, int]) -> None:
    """A /64 is the only size that IPv6 subnets have here."""
    with pytest.raises(ArgumentError) as caught:
        Tier.private("pods", ip_protocol=IpProtocol.IPV6, **size)  # type: ignore[arg-type]
    assert str(caught.value) == (
        "tier 'pods': prefix and hosts are for IPv4 addresses, of which it has none; leave them out"
    )


def test_a_private_tier_that_speaks_ipv6_only_needs_no_nat(stack: cdk.Stack) -> None:
    """It reaches IPv6 destinations, and no others."""
    pods = Tier.private("pods", ip_protocol=IpProtocol.IPV6)
    Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[pods], nat=Nat.none(), zones=Zones.first(1))
    (route,) = Template.from_stack(stack).find_resources("AWS::EC2::Route").values()
    assert route["Properties"]["DestinationIpv6CidrBlock"] == "::/0"
