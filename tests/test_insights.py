"""The same guarantees as paths of AWS's Reachability Analyzer."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Match, Template

from constructs_lattice import Guarantees, Internet, NetworkInsightsPaths
from constructs_lattice.reachability import Protocol
from tests.test_validation import Shop


@pytest.fixture
def shop() -> Shop:
    """Two tiers with an instance in each."""
    return Shop(cdk.App())


def test_what_the_analyzer_knows_is_a_path(shop: Shop) -> None:
    """From an instance, or the internet gateway for the internet, to an instance; the tag tells what to expect."""
    shop.data.connections.allow_from(shop.web, ec2.Port.tcp(5432))
    guarantees = Guarantees.of(shop)
    guarantees.allow(shop.web, to=shop.data, port=5432)
    guarantees.deny(Internet, to=shop.data, port=22)
    paths = NetworkInsightsPaths(shop, "Paths", guarantees=guarantees, vpc=shop.vpc)
    assert list(paths.paths) == ["allow Shop/Web to Shop/Data, tcp 5432", "deny internet to Shop/Data, tcp 22"]
    assert paths.skipped == {}
    template = Template.from_stack(shop)
    template.has_resource_properties(
        "AWS::EC2::NetworkInsightsPath",
        {
            "Source": {"Ref": Match.string_like_regexp("^Web")},
            "Destination": {"Ref": Match.string_like_regexp("^Data")},
            "Protocol": "tcp",
            "DestinationPort": 5432,
            "Tags": Match.array_with([{"Key": "expect", "Value": "reachable"}]),
        },
    )
    template.has_resource_properties(
        "AWS::EC2::NetworkInsightsPath", {"Source": {"Ref": Match.string_like_regexp("InternetGateway")}}
    )


def test_what_it_does_not_know_is_skipped_with_the_reason(shop: Shop) -> None:
    """Tiers, names, pings, and the internet without a VPC."""
    guarantees = Guarantees.of(shop)
    guarantees.deny(Internet, to=shop.data, port=22)
    guarantees.deny(shop.web, to=shop.vpc.tier("data"), port=22)
    guarantees.deny(shop.web, to=shop.data, protocol=Protocol.ICMP)
    paths = NetworkInsightsPaths(shop, "Paths", guarantees=guarantees)
    assert paths.paths == {}
    assert list(paths.skipped.values()) == [
        "internet is nothing that the Reachability Analyzer knows",
        "tier:Shop/Vpc/data is nothing that the Reachability Analyzer knows",
        "it is about icmp, and paths are of TCP or UDP",
    ]
