"""Random networks are as random as they should be."""

from collections import Counter
from itertools import combinations

import pytest

from tests.lab.generator import random_network
from tests.lab.reading import read
from tests.lab.worlds import client_ports, worlds

pytestmark = pytest.mark.pure

TYPES = {
    "EIP",
    "EIPAssociation",
    "Instance",
    "InternetGateway",
    "NatGateway",
    "NetworkAcl",
    "NetworkAclEntry",
    "NetworkInterface",
    "PrefixList",
    "Route",
    "RouteTable",
    "SecurityGroup",
    "SecurityGroupEgress",
    "SecurityGroupIngress",
    "Subnet",
    "SubnetNetworkAclAssociation",
    "SubnetRouteTableAssociation",
    "TransitGateway",
    "TransitGatewayAttachment",
    "TransitGatewayRoute",
    "TransitGatewayRouteTable",
    "TransitGatewayRouteTableAssociation",
    "TransitGatewayRouteTablePropagation",
    "TransitGatewayVpcAttachment",
    "VPC",
    "VPCCidrBlock",
    "VPCGatewayAttachment",
    "VPCPeeringConnection",
}


def test_a_seed_gives_the_same_network() -> None:
    """Down to the order of its resources."""
    first, second = (repr([random_network(seed) for seed in range(50)]) for _ in range(2))
    assert first == second


def test_networks_are_of_all_kinds() -> None:
    """All types of resources, from one VPC to four, and VPCs that overlap."""
    networks = [random_network(seed) for seed in range(200)]
    found = {each["Type"].removeprefix("AWS::EC2::") for network in networks for each in network["Resources"].values()}
    assert found == TYPES
    facts = [read(network) for network in networks]
    assert set(Counter(len(each.vpcs) for each in facts)) == {1, 2, 3, 4}
    pairs = [pair for each in facts for pair in combinations(each.vpcs.values(), 2)]
    assert any(one[0].overlaps(other[0]) for one, other in pairs)


def test_every_network_can_be_tried_in_all_ways() -> None:
    """The ways in which AWS may choose are few, and between two client ports that are told apart there are many."""
    for seed in range(500):
        facts = read(random_network(seed))
        assert 1 <= len(worlds(facts)) <= 12
        assert all(high - low > 100 for low, high in client_ports(facts))
