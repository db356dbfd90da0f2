"""The subnets of endpoints and resource gateways: one in each zone, of the right kind."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from constructs_lattice import ArgumentError, IpProtocol, Tier, Zones
from constructs_lattice.vpc_lattice.interface_subnets import InterfaceSubnets
from tests.vpc_lattice.vpcs import small_vpc


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


def _names(subnets: InterfaceSubnets) -> list[str]:
    return [subnet.node.path for subnet in subnets.subnets]


def test_the_tier_for_endpoints_is_the_default(stack: cdk.Stack) -> None:
    """Where interface endpoints are, too."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app"), Tier.endpoints()])
    assert _names(InterfaceSubnets.choose("Shop/X", vpc, None)) == ["Shop/Vpc/endpoints-a", "Shop/Vpc/endpoints-b"]


def test_without_such_a_tier_one_subnet_is_taken_in_each_zone(stack: cdk.Stack) -> None:
    """Of several tiers the first one."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app"), Tier.isolated("data")])
    assert _names(InterfaceSubnets.choose("Shop/X", vpc, None)) == ["Shop/Vpc/app-a", "Shop/Vpc/app-b"]


def test_subnets_can_be_said(stack: cdk.Stack) -> None:
    """Those of a tier, in a VPC of ours or another one."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app"), Tier.isolated("data")])
    assert _names(InterfaceSubnets.choose("Shop/X", vpc, vpc.tier("data").selection)) == [
        "Shop/Vpc/data-a",
        "Shop/Vpc/data-b",
    ]
    other = ec2.Vpc(stack, "Other", nat_gateways=0, max_azs=1)
    public = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
    assert _names(InterfaceSubnets.choose("Shop/X", other, public)) == ["Shop/Other/PublicSubnet1"]


def test_two_subnets_in_one_zone_are_refused(stack: cdk.Stack) -> None:
    """An endpoint has one network interface in a zone."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app"), Tier.isolated("data")])
    both = ec2.SubnetSelection(subnets=[vpc.subnet("app", "a"), vpc.subnet("data", "a")])
    with pytest.raises(ArgumentError) as caught:
        InterfaceSubnets.choose("Shop/X", vpc, both)
    assert str(caught.value) == (
        "Shop/X: there can be one subnet in each zone, got Shop/Vpc/app-a and Shop/Vpc/data-a in one; leave others out"
    )


def test_no_subnets_are_refused(stack: cdk.Stack) -> None:
    """There would be no network interfaces."""
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])
    with pytest.raises(ArgumentError) as caught:
        InterfaceSubnets.choose("Shop/X", vpc, ec2.SubnetSelection(subnets=[]))
    assert str(caught.value) == "Shop/X: there must be a subnet at least, got none; choose others"


def test_a_zone_without_vpc_lattice_is_refused(stack: cdk.Stack) -> None:
    """Where zones are known by their ids, which mean the same for everybody."""
    vpc = small_vpc(stack, "Vpc", zones=Zones.ids("euw1-az1", "euw1-az4"))
    with pytest.raises(ArgumentError) as caught:
        InterfaceSubnets.choose("Shop/X", vpc, None)
    assert str(caught.value) == (
        "Shop/X: VPC Lattice is not in the zone euw1-az4; choose subnets without the one that is there"
    )
    first = ec2.SubnetSelection(subnets=[vpc.subnet("app", "euw1-az1")])
    assert InterfaceSubnets.choose("Shop/X", vpc, first).zone_ids == frozenset({"euw1-az1"})


def test_vpcs_that_are_not_known_yet_pass(stack: cdk.Stack) -> None:
    """One that is looked up, and one whose subnets only the deployment knows."""
    looked_up = ec2.Vpc.from_lookup(stack, "Looked", vpc_name="shop")
    assert InterfaceSubnets.choose("Shop/X", looked_up, None).ids
    listed = ec2.Vpc.from_vpc_attributes(
        stack,
        "Listed",
        vpc_id=cdk.Fn.import_value("Vpc"),
        availability_zones=cdk.Fn.get_azs(),
        private_subnet_ids=cdk.Fn.split(",", cdk.Fn.import_value("Subnets")),
    )
    assert InterfaceSubnets.choose("Shop/X", listed, None).pending


@pytest.mark.parametrize(
    ("tier", "fitting"),
    [
        (IpProtocol.IPV4, [IpProtocol.IPV4]),
        (IpProtocol.DUAL_STACK, [IpProtocol.IPV4, IpProtocol.DUAL_STACK]),
        (IpProtocol.IPV6, [IpProtocol.IPV6]),
    ],
)
def test_the_addresses_must_be_those_of_the_subnets(
    stack: cdk.Stack, tier: IpProtocol, fitting: list[IpProtocol]
) -> None:
    """IPv4 is had in subnets of both, IPv6 in subnets of IPv6 only."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app", ip_protocol=tier)])
    chosen = InterfaceSubnets.choose("Shop/X", vpc, None)
    has = {"IPv4": "IPv4", "IPv6": "IPv6", "dual stack": "IPv4 and IPv6"}[tier.value]
    for asked in IpProtocol:
        if asked in fitting:
            chosen.check_protocol("Shop/X", asked)
            continue
        with pytest.raises(ArgumentError) as caught:
            chosen.check_protocol("Shop/X", asked)
        assert str(caught.value) == (
            f"Shop/X: ip_protocol {asked.value!r} does not go with subnet Shop/Vpc/app-a, which has {has}; "
            "choose another one, or other subnets"
        )


def test_tunnels_have_ipv6_beside_ipv4(stack: cdk.Stack) -> None:
    """Other than the rest."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app", ip_protocol=IpProtocol.DUAL_STACK)])
    InterfaceSubnets.choose("Shop/X", vpc, None).check_protocol("Shop/X", IpProtocol.IPV6, or_both=True)


def test_zones_that_are_apart(stack: cdk.Stack) -> None:
    """By ids for everybody, by names within one account, and never by what is not known."""
    by_id = [
        InterfaceSubnets.choose("X", small_vpc(stack, f"Id{n}", zones=Zones.ids(*ids)), None)
        for n, ids in enumerate((["euw1-az1"], ["euw1-az2"], ["euw1-az1", "euw1-az3"]))
    ]
    assert by_id[0].are_apart_from(by_id[1], one_account=False)
    assert not by_id[0].are_apart_from(by_id[2], one_account=False)
    by_name = [
        InterfaceSubnets.choose("X", small_vpc(stack, f"Name{n}", zones=Zones.named(name)), None)
        for n, name in enumerate(("eu-west-1a", "eu-west-1b"))
    ]
    assert by_name[0].are_apart_from(by_name[1], one_account=True)
    assert not by_name[0].are_apart_from(by_name[0], one_account=True)
    assert not by_name[0].are_apart_from(by_name[1], one_account=False)
    assert not by_name[0].are_apart_from(by_id[0], one_account=True)
    listed = InterfaceSubnets.choose("X", small_vpc(stack, "Listed"), None)
    assert not by_name[0].are_apart_from(listed, one_account=True)
