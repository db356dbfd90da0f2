"""Prefix lists: what the rules of security groups look like, in both directions and families."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from constructs_lattice import ArgumentError, LatticePrefixLists

IPV4, IPV6 = "pl-0123456789abcdef0", "pl-63a5400a"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def group(stack: cdk.Stack) -> ec2.ISecurityGroup:
    return ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0", allow_all_outbound=False)


def _rules(stack: cdk.Stack, direction: str, list_id: str) -> list[tuple[object, ...]]:
    found = Template.from_stack(stack).find_resources(f"AWS::EC2::SecurityGroup{direction}").values()
    names = ("IpProtocol", "FromPort", "ToPort", list_id, "Description")
    return sorted(tuple(each["Properties"].get(name) for name in names) for each in found)


def test_targets_let_requests_in_from_both_lists(stack: cdk.Stack, group: ec2.ISecurityGroup) -> None:
    """On the port that is given, and in no other direction."""
    LatticePrefixLists.of(ipv4=IPV4, ipv6=IPV6).allow_from(group, 8080)
    assert _rules(stack, "Ingress", "SourcePrefixListId") == [
        ("tcp", 8080, 8080, IPV4, "from VPC Lattice"),
        ("tcp", 8080, 8080, IPV6, "from VPC Lattice"),
    ]
    assert _rules(stack, "Egress", "DestinationPrefixListId") == []


def test_clients_let_requests_out_to_both_lists(stack: cdk.Stack, group: ec2.ISecurityGroup) -> None:
    """On 443 unless another port is given, and in no other direction."""
    lists = LatticePrefixLists.of(ipv4=IPV4, ipv6=IPV6)
    lists.allow_to(group)
    lists.allow_to(group, 80)
    assert _rules(stack, "Egress", "DestinationPrefixListId") == [
        ("tcp", 80, 80, IPV4, "to VPC Lattice"),
        ("tcp", 80, 80, IPV6, "to VPC Lattice"),
        ("tcp", 443, 443, IPV4, "to VPC Lattice"),
        ("tcp", 443, 443, IPV6, "to VPC Lattice"),
    ]
    assert _rules(stack, "Ingress", "SourcePrefixListId") == []


def test_without_the_list_of_ipv6_there_is_one_peer(stack: cdk.Stack) -> None:
    """As a peer it can be used in rules of one's own."""
    (peer,) = LatticePrefixLists.of(ipv4=IPV4).peers
    ec2.SecurityGroup(
        stack, "Own", vpc=ec2.Vpc.from_vpc_attributes(stack, "V", vpc_id="vpc-1", availability_zones=["a"])
    ).add_ingress_rule(peer, ec2.Port.tcp(443))
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"SourcePrefixListId": IPV4, "FromPort": 443}
    )


def test_tokens_pass() -> None:
    """In both families."""
    token = cdk.Fn.import_value("List")
    lists = LatticePrefixLists.of(ipv4=token, ipv6=token)
    assert (lists.ipv4, lists.ipv6) == (token, token)


@pytest.mark.parametrize("id_", ["", "pl-", "pl-0123456", "pl-0123456789abcdef01", "PL-63a5400a", "pl-yyyyyyyy"])
def test_an_id_that_is_none_is_refused(id_: str) -> None:
    """In both families, with the family named."""
    for family, ids in (("ipv4", {"ipv4": id_}), ("ipv6", {"ipv4": IPV4, "ipv6": id_})):
        with pytest.raises(ArgumentError) as caught:
            LatticePrefixLists.of(**ids)
        assert str(caught.value) == (
            f"prefix lists: {family} must be the id of a prefix list such as pl-0123456789abcdef0, got {id_!r}"
        )


def test_a_failed_lookup_leaves_nothing_behind(stack: cdk.Stack) -> None:
    """The stack is as it was."""
    with pytest.raises(ArgumentError):
        LatticePrefixLists.from_lookup(stack)
    assert stack.node.children == []


def test_a_parameter_can_have_another_id(stack: cdk.Stack) -> None:
    """So that a scope can have several of them; the list of IPv6 is not asked for."""
    lists = LatticePrefixLists.from_parameters(stack, "Other")
    assert stack.resolve(lists.ipv4) == {"Ref": "Other"}
    assert lists.ipv6 is None
