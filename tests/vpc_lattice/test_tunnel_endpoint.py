"""Endpoints that lead into network segments."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from constructs_lattice import (
    ArgumentError,
    DnsResolution,
    IpProtocol,
    ResourceConfiguration,
    ResourceGateway,
    ResourceType,
    Tier,
    TunnelEndpoint,
    Zones,
)
from tests.vpc_lattice.vpcs import small_vpc

ARN = "arn:aws:vpc-lattice:eu-west-1:222222222222:resourceconfiguration/rcfg-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


def _segment(stack: cdk.Stack, zones: Zones | None = None) -> ResourceConfiguration:
    vpc = small_vpc(stack, "Vpc", zones=zones)
    gateway = ResourceGateway(stack, "Gateway", vpc=vpc, dns_resolution=DnsResolution.IN_VPC)
    return ResourceConfiguration.cidrs(stack, "Segment", gateway=gateway, cidrs=["10.20.0.0/16"], ports=[53, 443])


def test_a_tunnel(stack: cdk.Stack) -> None:
    """GENEVE from the VPC's own addresses; IPv6 outside is had beside IPv4, and there is no private DNS."""
    segment = _segment(stack)
    vpc = small_vpc(stack, "Consumer", [Tier.isolated("app", ip_protocol=IpProtocol.DUAL_STACK)])
    tunnel = TunnelEndpoint(
        stack,
        "Tunnel",
        resource_configuration=segment,
        vpc=vpc,
        ip_protocol=IpProtocol.IPV6,
        clients=[ec2.Peer.any_ipv6()],
    )
    (group,) = tunnel.connections.security_groups
    template = Template.from_stack(stack)
    (resource,) = template.find_resources("AWS::EC2::VPCEndpoint").values()
    assert resource["Properties"] == {
        "VpcEndpointType": "Tunnel",
        "ResourceConfigurationArn": stack.resolve(segment.resource_configuration_arn),
        "VpcId": stack.resolve(vpc.vpc_id),
        "SubnetIds": stack.resolve([subnet.subnet_id for subnet in tunnel.subnets]),
        "SecurityGroupIds": [stack.resolve(group.security_group_id)],
        "IpAddressType": "ipv6",
        "Tags": [{"Key": "Name", "Value": "Shop/Tunnel"}],
    }
    template.has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {
            "SecurityGroupIngress": [
                {
                    "CidrIpv6": "::/0",
                    "Description": "from ::/0:UDP 6081",
                    "FromPort": 6081,
                    "IpProtocol": "udp",
                    "ToPort": 6081,
                }
            ]
        },
    )


def test_a_segment_of_another_account(stack: cdk.Stack) -> None:
    """An import that tells no type is taken at its word."""
    shared = ResourceConfiguration.from_resource_configuration_arn(stack, "Shared", ARN)
    TunnelEndpoint(stack, "Tunnel", resource_configuration=shared, vpc=small_vpc(stack, "Consumer"))
    Template.from_stack(stack).has_resource_properties("AWS::EC2::VPCEndpoint", {"ResourceConfigurationArn": ARN})


def test_other_resources_are_refused(stack: cdk.Stack) -> None:
    """They have endpoints of their own."""
    host = ResourceConfiguration.from_resource_configuration_attributes(
        stack, "Host", resource_configuration_arn=ARN, type=ResourceType.SINGLE
    )
    with pytest.raises(ArgumentError) as caught:
        TunnelEndpoint(stack, "Tunnel", resource_configuration=host, vpc=small_vpc(stack, "Consumer"))
    assert str(caught.value) == (
        "Shop/Tunnel: Shop/Host is of type SINGLE, and a tunnel leads to network segments only; use a ResourceEndpoint"
    )


def test_it_has_a_zone_in_common_with_the_gateway(stack: cdk.Stack) -> None:
    """By name, in one account."""
    segment = _segment(stack, Zones.named("eu-west-1a"))
    consumer = small_vpc(stack, "Consumer", zones=Zones.named("eu-west-1b"))
    with pytest.raises(ArgumentError) as caught:
        TunnelEndpoint(stack, "Tunnel", resource_configuration=segment, vpc=consumer)
    assert str(caught.value) == (
        "Shop/Tunnel: the endpoint must have a zone in common with resource gateway Shop/Gateway, got none; "
        "choose subnets in its zones"
    )
    app = stack.node.root
    assert isinstance(app, cdk.App)
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="222222222222", region="eu-west-1"))
    vpc = small_vpc(other, "Consumer", zones=Zones.named("eu-west-1b"))
    TunnelEndpoint(other, "Tunnel", resource_configuration=segment, vpc=vpc)


def test_tunnels_are_imported(stack: cdk.Stack) -> None:
    """By their ids."""
    tunnel = TunnelEndpoint.from_vpc_endpoint_id(stack, "Tunnel", "vpce-0123456789abcdef0")
    assert tunnel.vpc_endpoint_ref.vpc_endpoint_id == "vpce-0123456789abcdef0"
