"""DHCP options: EC2's limits, checked before the deployment; one set for a VPC."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import ArgumentError, DhcpOptions, FlowLogs, NetbiosNodeType, Tier, Vpc


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())


def _properties(stack: cdk.Stack) -> dict[str, Any]:
    (resource,) = Template.from_stack(stack).find_resources("AWS::EC2::DHCPOptions").values()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def test_by_default_names_are_resolved_by_amazon(stack: cdk.Stack) -> None:
    """A set without name servers would resolve none."""
    DhcpOptions(stack, "Options", domain_name="corp.example.com")
    assert _properties(stack) == {
        "DomainName": "corp.example.com",
        "DomainNameServers": ["AmazonProvidedDNS"],
        "Tags": [{"Key": "Name", "Value": "Shop/Options"}],
    }


def test_everything_can_be_said(stack: cdk.Stack) -> None:
    """Four servers of each family; NetBIOS servers are asked unless something else is said."""
    servers = [f"10.0.0.{number}" for number in (2, 3, 4, 5)] + [f"2001:db8::{number}" for number in (2, 3, 4, 5)]
    DhcpOptions(
        stack,
        "Options",
        domain_name_servers=servers,
        ntp_servers=["169.254.169.123", "fd00:ec2::123"],
        netbios_name_servers=["10.0.0.9"],
        ipv6_address_preferred_lease_time=cdk.Duration.hours(1),
    )
    properties = _properties(stack)
    assert properties["DomainNameServers"] == servers
    assert properties["NtpServers"] == ["169.254.169.123", "fd00:ec2::123"]
    assert (properties["NetbiosNameServers"], properties["NetbiosNodeType"]) == (["10.0.0.9"], 2)
    assert properties["Ipv6AddressPreferredLeaseTime"] == 3600


def test_another_node_type(stack: cdk.Stack) -> None:
    """By its name, not by its number."""
    DhcpOptions(stack, "Options", netbios_name_servers=["10.0.0.9"], netbios_node_type=NetbiosNodeType.HYBRID)
    assert _properties(stack)["NetbiosNodeType"] == 8


def test_a_vpc_has_one_set(stack: cdk.Stack, vpc: Vpc) -> None:
    """Of ours, or of anybody's; another one is refused, whoever associates it."""
    options = DhcpOptions(stack, "Options")
    theirs = ec2.Vpc.from_vpc_attributes(stack, "V", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])
    options.associate_with("Ours", vpc)
    options.associate_with("Theirs", theirs)
    template = Template.from_stack(stack)
    assert [each["Properties"] for each in template.find_resources("AWS::EC2::VPCDHCPOptionsAssociation").values()] == [
        {"VpcId": vpc_id, "DhcpOptionsId": stack.resolve(options.dhcp_options_id)}
        for vpc_id in (stack.resolve(vpc.vpc_id), "vpc-0123456789abcdef0")
    ]
    with pytest.raises(ArgumentError) as caught:
        DhcpOptions(stack, "Others").associate_with("Again", vpc)
    assert str(caught.value) == (
        "Shop/Others/Again: the vpc has dhcp options already, by Shop/Options/Ours, and can have one set only; "
        "associate it once"
    )


def test_a_set_that_exists_is_associated_like_one_of_ours(stack: cdk.Stack, vpc: Vpc) -> None:
    """And is known to the rest of the CDK by the same reference."""
    options = DhcpOptions.from_dhcp_options_id(stack, "Options", "dopt-0123456789abcdef0")
    options.associate_with("Vpc", vpc)
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::VPCDHCPOptionsAssociation", {"DhcpOptionsId": "dopt-0123456789abcdef0"}
    )
    assert options.dhcp_options_ref.dhcp_options_id == options.dhcp_options_id
    with pytest.raises(ArgumentError) as caught:
        DhcpOptions.from_dhcp_options_id(stack, "Default", "default")
    assert str(caught.value) == (
        "Shop/Default: dhcp_options_id must be the id of DHCP options such as dopt-0123456789abcdef0, got 'default'"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"domain_name": "corp_.example..com"},
            "domain_name must be a domain name such as 'corp.example.com', got 'corp_.example..com'",
        ),
        (
            {"domain_name_servers": []},
            "without domain_name_servers nothing in the vpc resolves a name; leave them out for AmazonProvidedDNS",
        ),
        (
            {"domain_name_servers": ["AmazonProvidedDns"]},
            "domain_name_servers must hold IP addresses such as '10.0.0.2' or 'AmazonProvidedDNS', got "
            "'AmazonProvidedDns'",
        ),
        (
            {"domain_name_servers": ["AmazonProvidedDNS", *(f"10.0.0.{number}" for number in range(1, 5))]},
            "there must be 0 to 4 IPv4 addresses in domain_name_servers, got 5",
        ),
        (
            {"domain_name_servers": ["10.0.0.2", "10.0.0.2"]},
            "domain_name_servers names '10.0.0.2' 2 times",
        ),
        (
            {"ntp_servers": ["AmazonProvidedDNS"]},
            "ntp_servers must hold IP addresses such as '10.0.0.2', got 'AmazonProvidedDNS'",
        ),
        (
            {"ntp_servers": ["fe80::1%eth0"]},
            "ntp_servers must hold IP addresses such as '10.0.0.2', got 'fe80::1%eth0'",
        ),
        (
            {"ntp_servers": [f"2001:db8::{number}" for number in range(1, 6)]},
            "there must be 0 to 4 IPv6 addresses in ntp_servers, got 5",
        ),
        (
            {"netbios_name_servers": ["2001:db8::1"]},
            "netbios_name_servers must hold IPv4 addresses such as '10.0.0.2', got '2001:db8::1'",
        ),
        (
            {"domain_name_servers": "10.0.0.2"},
            "domain_name_servers must be a list, got the text '10.0.0.2'; write ['10.0.0.2']",
        ),
        (
            {"netbios_node_type": NetbiosNodeType.MIXED},
            "netbios_node_type says how netbios_name_servers are asked, but there are none; leave it out",
        ),
        (
            {"ipv6_address_preferred_lease_time": cdk.Duration.minutes(2)},
            "ipv6_address_preferred_lease_time must be 140 to 2,147,483,647 seconds, got 120",
        ),
        (
            {"ipv6_address_preferred_lease_time": cdk.Duration.millis(140_500)},
            "ipv6_address_preferred_lease_time must be whole seconds, got 140.5",
        ),
    ],
)
def test_what_ec2_would_refuse_is_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """With nothing left behind."""
    with pytest.raises(ArgumentError) as caught:
        DhcpOptions(stack, "Options", **arguments)
    assert str(caught.value) == f"Shop/Options: {message}"
    assert stack.node.children == []


def test_tokens_pass(stack: cdk.Stack) -> None:
    """One address, or a list of them: only the deployment knows."""
    DhcpOptions(
        stack,
        "Options",
        domain_name=cdk.Fn.import_value("Domain"),
        domain_name_servers=cdk.Token.as_list(cdk.Fn.import_value("Servers")),
        ntp_servers=[cdk.Fn.import_value("Time"), "10.0.0.2"],
        ipv6_address_preferred_lease_time=cdk.Duration.seconds(cdk.Token.as_number(cdk.Fn.import_value("Lease"))),
    )
    assert _properties(stack)["DomainNameServers"] == {"Fn::ImportValue": "Servers"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"domain_name": "one.example.com two.example.com"}, "several domain names are one single name"),
        ({"domain_name_servers": ["AmazonProvidedDNS", "10.0.0.2"]}, "which of them answers is not defined"),
    ],
)
def test_what_some_systems_do_not_understand_is_a_warning(
    stack: cdk.Stack, arguments: dict[str, Any], words: str
) -> None:
    """EC2 takes it."""
    DhcpOptions(stack, "Options", **arguments)
    Annotations.from_stack(stack).has_warning("/Shop/Options", Match.string_like_regexp(words))
