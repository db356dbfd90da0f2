"""The multi-tier pattern: traffic goes one way, and every joint is open."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk.assertions import Template

from constructs_lattice import AddressError, ArgumentError, EndpointPolicy, MultiTierNetwork, Nat, Tier, Zones

_CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/0f1e2d3c"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region="eu-west-1"))


def _rules(template: Template, kind: str) -> list[dict[str, Any]]:
    return [r["Properties"] for r in template.find_resources(f"AWS::EC2::SecurityGroup{kind}").values()]


def test_traffic_goes_from_the_load_balancer_to_the_application_to_the_data(stack: cdk.Stack) -> None:
    """Each group admits its left neighbour only, on its own port; data lets nothing out."""
    network = MultiTierNetwork(stack, "Network", cidr="10.20.0.0/16", app_port=9000, data_port=3306)
    template = Template.from_stack(stack)
    front, app, data = (
        stack.resolve(group.security_group_id)
        for group in (network.load_balancer.security_group, network.app_security_group, network.data_security_group)
    )
    admitted = {
        (str(r["GroupId"]), str(r["SourceSecurityGroupId"]), r["FromPort"]) for r in _rules(template, "Ingress")
    }
    assert admitted == {(str(app), str(front), 9000), (str(data), str(app), 3306)}
    groups = template.find_resources("AWS::EC2::SecurityGroup")
    (data_group,) = (g for g in groups.values() if "databases" in g["Properties"]["GroupDescription"])
    assert [rule["CidrIp"] for rule in data_group["Properties"]["SecurityGroupEgress"]] == ["255.255.255.255/32"]


def test_with_a_certificate_http_leads_to_https(stack: cdk.Stack) -> None:
    """The listener for targets is HTTPS, and HTTP is redirected to it."""
    certificate = elbv2.ListenerCertificate.from_arn(_CERTIFICATE)
    network = MultiTierNetwork(stack, "Network", cidr="10.20.0.0/16", certificates=[certificate])
    listeners = Template.from_stack(stack).find_resources("AWS::ElasticLoadBalancingV2::Listener").values()
    assert {(each["Properties"]["Port"], each["Properties"]["DefaultActions"][0]["Type"]) for each in listeners} == {
        (80, "redirect"),
        (443, "fixed-response"),
    }
    assert network.listener.node.id == "Https"


def test_without_a_certificate_it_is_plain_http(stack: cdk.Stack) -> None:
    """One HTTP listener, on 80."""
    MultiTierNetwork(stack, "Network", cidr="10.20.0.0/16")
    Template.from_stack(stack).has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener", {"Port": 80, "Protocol": "HTTP"}
    )


def test_the_endpoints_of_the_vpc_have_the_policy_that_was_given(stack: cdk.Stack) -> None:
    """Whose data is in several accounts widens the perimeter."""
    network = MultiTierNetwork(
        stack,
        "Network",
        cidr="10.20.0.0/16",
        interface_endpoints=["secretsmanager"],
        endpoint_policy=EndpointPolicy.organization("o-a1b2c3d4e5"),
    )
    endpoints = Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    policies = [endpoint["Properties"]["PolicyDocument"] for endpoint in endpoints]
    assert len(policies) == len([*network.vpc.gateway_endpoints, *network.vpc.interface_endpoints])
    trusted = {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:ResourceOrgID": "o-a1b2c3d4e5"}
    assert [policy["Statement"][0]["Condition"]["StringEquals"] for policy in policies] == [trusted] * len(policies)


def test_the_vpc_can_be_shaped(stack: cdk.Stack) -> None:
    """Zones, NAT, further tiers and endpoints are the caller's."""
    network = MultiTierNetwork(
        stack,
        "Network",
        cidr="10.20.0.0/16",
        zones=Zones.first(2),
        nat=Nat.single(),
        more_tiers=[Tier.isolated("cache")],
        interface_endpoints=["secretsmanager"],
        clients=[ec2.Peer.ipv4("198.51.100.0/24")],
    )
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::Subnet", 8)
    template.resource_count_is("AWS::EC2::NatGateway", 1)
    assert list(network.vpc.interface_endpoints) == ["secretsmanager"]
    assert [tier.name for tier in network.vpc.tiers] == ["web", "app", "data", "cache"]


@pytest.mark.parametrize("argument", ["app_port", "data_port"])
def test_ports_are_checked(stack: cdk.Stack, argument: str) -> None:
    """A port out of range is refused before anything is made."""
    with pytest.raises(ArgumentError) as caught:
        MultiTierNetwork(stack, "Network", cidr="10.20.0.0/16", **{argument: 70_000})  # type: ignore[arg-type]
    assert str(caught.value) == f"Shop/Network: {argument} must be 1 to 65,535, got 70000"


def test_a_part_that_fails_takes_the_whole_along(stack: cdk.Stack) -> None:
    """The VPC is made before the load balancer finds that one zone is too few; nothing of it stays."""
    with pytest.raises(ArgumentError) as caught:
        MultiTierNetwork(stack, "Network", cidr="10.20.0.0/16", zones=Zones.first(1))
    assert str(caught.value) == (
        "Shop/Network/LoadBalancer: this load balancer needs subnets in at least 2 zones, got 1; "
        "give the vpc more zones"
    )
    assert stack.node.children == []


def test_a_block_that_is_too_small_is_refused(stack: cdk.Stack) -> None:
    """The message names the tier that does not fit."""
    with pytest.raises(AddressError) as caught:
        MultiTierNetwork(stack, "Network", cidr="10.20.0.0/27")
    assert str(caught.value) == (
        "tier 'web' needs a /28 in each of 4 zone slots, but 10.20.0.0/27 has 32 addresses left, at most a /27 in one "
        "piece; ask for smaller subnets, fewer zone slots or a larger vpc block"
    )
