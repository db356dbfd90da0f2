"""What resource configurations share: domain names, addresses, databases, network segments."""

import aws_cdk as cdk
import pytest

from constructs_lattice import ArgumentError, ResourceDefinition, ResourceType

DATABASE = "arn:aws:rds:eu-west-1:111111111111:db:shop"


def test_a_private_address_of_ipv4() -> None:
    """In any of the four ranges, those of AWS's own sharing included."""
    for address in ("10.0.0.1", "100.64.0.1", "172.31.255.254", "192.168.1.1"):
        assert ResourceDefinition.ip_address(address).body == {"ipResource": address}


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("8.8.8.8", "must be in 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12 or 192.168.0.0/16, got '8.8.8.8'"),
        ("172.32.0.1", "must be in 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12 or 192.168.0.0/16, got '172.32.0.1'"),
        ("10.0.0.0/8", "must be an IPv4 or IPv6 address, got '10.0.0.0/8'"),
        ("fe80::1", "must be an address of the gateway's vpc, got 'fe80::1'"),
        ("::1", "must be an address of the gateway's vpc, got '::1'"),
        ("ff02::1", "must be an address of the gateway's vpc, got 'ff02::1'"),
    ],
)
def test_other_addresses_are_refused(address: str, message: str) -> None:
    """Public ones, blocks, and those that no VPC has."""
    with pytest.raises(ArgumentError) as caught:
        ResourceDefinition.ip_address(address)
    assert str(caught.value) == f"resource: ip_address {message}"


def test_an_address_of_ipv6() -> None:
    """VPCs have public ones."""
    assert ResourceDefinition.ip_address("2001:db8::5").body == {"ipResource": "2001:db8::5"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ab", "must be 3 to 255 characters long, got 'ab' (2)"),
        ("db.example.com:5432", "must be a domain name such as shop.example.com, got 'db.example.com:5432'"),
    ],
)
def test_what_is_no_domain_name_is_refused(name: str, message: str) -> None:
    """CloudFormation wants three characters at least, and does not look at them; VPC Lattice does."""
    with pytest.raises(ArgumentError) as caught:
        ResourceDefinition.dns_name(name)
    assert str(caught.value) == f"resource: domain_name {message}"


@pytest.mark.parametrize("arn", [DATABASE, "arn:aws-eusc:rds:eusc-de-east-1:111111111111:cluster:shop-1"])
def test_databases_and_clusters_have_arns(arn: str) -> None:
    """In all partitions."""
    assert ResourceDefinition.arn(arn).body == {"arnResource": arn}


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:elasticache:eu-west-1:111111111111:cluster:shop",
        "arn:aws:rds:eu-west-1:111111111111:db-proxy:prx-0123456789abcdef0",
        "shop",
    ],
)
def test_arns_of_other_things_are_refused(arn: str) -> None:
    """Only databases of Amazon RDS are shared by their ARN."""
    with pytest.raises(ArgumentError) as caught:
        ResourceDefinition.arn(arn)
    assert str(caught.value) == (
        f"resource: resource_arn must be the ARN of a database or a cluster of Amazon RDS, got {arn!r}"
    )


@pytest.mark.parametrize("cidrs", [["10.0.0.0/8", "2001:db8::/32"], ["0.0.0.0/0"], ["::/0"], ["10.1.0.0/16"] * 10])
def test_blocks_that_can_be_shared(cidrs: list[str]) -> None:
    """Of both families, or everything of one."""
    definition = ResourceDefinition.cidrs(*cidrs)
    assert (definition.type, definition.cidr_ranges) == (ResourceType.CIDR, tuple(cidrs))


@pytest.mark.parametrize(
    ("cidrs", "message"),
    [
        ([], "there must be 1 to 10 cidrs, got 0"),
        (["10.0.0.0/16"] * 11, "there must be 1 to 10 cidrs, got 11"),
        (["10.0.0.1/16"], "cidrs must be blocks such as 10.0.0.0/16, got '10.0.0.1/16'"),
        (["0.0.0.0/0", "::/0"], "cidrs has 0.0.0.0/0, which stands alone, got 2 blocks; leave others out"),
        (["10.0.0.0/8", "::/0"], "cidrs has ::/0, which stands alone, got 2 blocks; leave others out"),
        (["169.254.1.0/24"], "cidrs must be outside 169.254.0.0/16, got '169.254.1.0/24'"),
        (["100.0.0.0/8"], "cidrs must be outside 100.64.0.0/10, got '100.0.0.0/8'"),
        (["224.0.0.0/8"], "cidrs must be outside 224.0.0.0/4, got '224.0.0.0/8'"),
        (["fe80::/64"], "cidrs must be outside fe80::/10, got 'fe80::/64'"),
        (["ff02::/16"], "cidrs must be outside ff00::/8, got 'ff02::/16'"),
    ],
)
def test_blocks_that_cannot_be_shared_are_refused(cidrs: list[str], message: str) -> None:
    """Those that no tunnel leads to, and everything beside something."""
    with pytest.raises(ArgumentError) as caught:
        ResourceDefinition.cidrs(*cidrs)
    assert str(caught.value) == f"resource: {message}"


def test_tokens_pass() -> None:
    """What the deployment knows is not judged; the gateway is let out to its VPC then."""
    stack = cdk.Stack(cdk.App(), "Shop")
    token = cdk.CfnParameter(stack, "Value").value_as_string
    for made in (
        ResourceDefinition.ip_address(token),
        ResourceDefinition.dns_name(token),
        ResourceDefinition.cidrs(token, "10.0.0.0/8"),
    ):
        assert made.peers is None
    assert ResourceDefinition.arn(token).body == {"arnResource": token}
