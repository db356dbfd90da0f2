"""The sample cases: what their templates come to, worked out by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from constructs_lattice.templates import Estate, Reference, ResourceId, Unknown, Value, load, unknowns

pytestmark = pytest.mark.pure

TESTS = Path(__file__).parents[1]
CASES = sorted(TESTS.glob("*/cases/0*/case.yaml"))  # those from 101 on leave things open on purpose

EXPECTED = {
    "001-three-tier-chain": {"zone:111111111111:us-east-1:0"},
    "018-values-not-in-template": {
        "parameter:Outside.AdminCidr",
        "ssm:111111111111:us-east-1:/network/monitoring-range",
    },
}
"""The symbols of what is unknown in the cases that have anything unknown."""


def _estate(case: str) -> Estate:
    path, *_ = sorted(TESTS.glob(f"*/cases/{case}/case.yaml"))
    ((_, estate),) = load(path).cases()
    return estate


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.parent.name)
def test_every_case_is_resolved(case: Path) -> None:
    """Each is one estate, in which nothing is unknown but what is meant to be."""
    ((assumed, estate),) = load(case).cases()
    found = {each.symbol for resource in estate.resources.values() for each in unknowns(dict(resource.properties))}
    assert assumed == ""
    assert found == EXPECTED.get(case.parent.name, set())
    assert all(resource.doubt is None for resource in estate.resources.values())
    assert list(_dangling(estate)) == []


def _dangling(estate: Estate) -> Iterator[Reference]:
    """References to what is not there."""
    for resource in estate.resources.values():
        for reference in _references(dict(resource.properties)):
            if reference.resource not in estate.resources:
                yield reference


def _references(value: Value) -> Iterator[Reference]:
    match value:
        case Reference():
            yield value
        case list():
            for item in value:
                yield from _references(item)
        case dict():
            for item in value.values():
                yield from _references(item)


def _rules(estate: Estate, name: str) -> list[tuple[Value, Value, Value]]:
    """The ingress rules of a security group: first port, last port, range."""
    ingress = estate.find(name).get("SecurityGroupIngress")
    assert isinstance(ingress, list)
    return [
        (rule.get("FromPort"), rule.get("ToPort"), rule.get("CidrIp", rule.get("SourceSecurityGroupId")))
        for rule in ingress
        if isinstance(rule, dict)
    ]


def test_the_blocks_of_a_dual_stack_network() -> None:
    """Amazon's IPv6 block is a placeholder, and the subnets are cut out of it."""
    estate = _estate("006-outbound-only-ipv6")
    assert estate.find("Six.PrivateSubnet").get("Ipv6CidrBlock") == "5f00::/64"
    assert estate.find("Six.PublicSubnet").get("Ipv6CidrBlock") == "5f00:0:0:1::/64"
    assert list(estate.placeholders) == ["5f00::/56"]


def test_a_network_in_a_nested_stack() -> None:
    """What the parent gives wins over the defaults, and what it gets are the resources of the nested stack."""
    estate = _estate("014-nested-network")
    nested = "Platform/Network"
    assert estate.find(f"{nested}.Vpc").get("CidrBlock") == "10.130.0.0/16"
    assert estate.find(f"{nested}.Data").get("CidrBlock") == "10.130.1.0/24"
    assert _rules(estate, f"{nested}.DataGroup") == [(3306, 3306, Reference(ResourceId(nested, "WebGroup")))]
    assert _rules(estate, f"{nested}.WebGroup") == [(443, 443, "0.0.0.0/0")]
    assert estate.find("Platform.Db").get("SubnetId") == Reference(ResourceId(nested, "Data"))
    assert estate.identify(estate.find("Platform.JobToDb").get("GroupId")) is estate.find(f"{nested}.DataGroup")


def test_one_template_in_three_stacks() -> None:
    """Parameters and mappings make three different networks of it."""
    estate = _estate("015-one-template-three-stacks")
    assert _rules(estate, "Dev.BastionGroup") == [(22, 22, "0.0.0.0/0")]
    assert _rules(estate, "Prod.BastionGroup") == [(22, 22, "52.10.0.0/16")]
    assert _rules(estate, "ProdEu.BastionGroup") == [(22, 22, "81.20.0.0/16"), ("8443", "8443", "0.0.0.0/0")]
    names = set(map(str, estate.resources))
    assert {"Dev.DebugRule", "Prod.Nat", "ProdEu.Nat", "Prod.PrivateDefault"} <= names
    assert not {"Dev.Nat", "Dev.NatIp", "Dev.PrivateDefault", "Prod.DebugRule"} & names
    assert estate.find("Prod.Vpc").get("CidrBlock") == "10.2.0.0/16"


def test_ranges_that_are_worked_out() -> None:
    """With Cidr, Select, Split, Join and Sub, one in another."""
    estate = _estate("016-computed-ranges")
    assert _rules(estate, "Comp.ServerGroup") == [
        ("8000", "8010", "85.90.22.0/24"),
        (22, 22, "10.140.1.0/24"),
        (3306, 3306, "10.140.3.64/26"),
        (514, 514, "10.140.3.0/25"),
    ]
    assert [estate.find(f"Comp.Net{each}").get("CidrBlock") for each in (0, 1, 3)] == [
        "10.140.0.0/24",
        "10.140.1.0/24",
        "10.140.3.0/24",
    ]
    assert estate.find("Comp.Host3a").get("PrivateIpAddress") == "10.140.3.64"
    assert estate.find("Comp.Default").get("DestinationCidrBlock") == "0.0.0.0/0"


def test_values_that_are_not_in_the_template() -> None:
    """They are unknown, each under its name; what is given by its id is as it is."""
    estate = _estate("018-values-not-in-template")
    ranges = [each for _, _, each in _rules(estate, "Outside.Group")]
    assert ranges == [
        "0.0.0.0/0",
        Unknown("parameter AdminCidr of Outside has no value and no default", "parameter:Outside.AdminCidr"),
        "10.170.0.0/16",
        Unknown(
            "the parameter /network/monitoring-range of the Parameter Store is not here",
            "ssm:111111111111:us-east-1:/network/monitoring-range",
        ),
        None,
    ]


def test_stacks_that_are_tied_together_by_exports_and_by_a_parameter() -> None:
    """The service, its network and its callers meet."""
    estate = _estate("015-several-stacks")
    mesh = estate.find("Net.Mesh")
    assert estate.identify(estate.find("Svc.SearchInMesh").get("ServiceNetworkIdentifier")) is mesh
    assert estate.identify(estate.find("Clients.ClientVpcInMesh").get("ServiceNetworkIdentifier")) is mesh
    policy = estate.find("Svc.SearchPolicy").get("Policy")
    assert isinstance(policy, dict)
    assert isinstance(policy["Statement"], list)
    (statement,) = policy["Statement"]
    assert isinstance(statement, dict)
    assert statement["Principal"] == {"AWS": Reference(ResourceId("Clients", "Frontend"), "Arn")}
    assert str(statement["Resource"]) == "arn:aws:vpc-lattice:us-east-1:111111111111:service/${Svc.Search.Id}/*"
