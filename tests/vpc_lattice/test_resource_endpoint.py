"""Endpoints that lead to one resource."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from constructs_lattice import (
    ArgumentError,
    Auth,
    DnsResolution,
    PrivateDomains,
    ResourceConfiguration,
    ResourceDefinition,
    ResourceEndpoint,
    ResourceGateway,
    ServiceNetwork,
    Vpc,
    Zones,
)
from tests.vpc_lattice.vpcs import small_vpc

ENDPOINT = "AWS::EC2::VPCEndpoint"
ARN = "arn:aws:vpc-lattice:eu-west-1:222222222222:resourceconfiguration/rcfg-0123456789abcdef0"
DATABASE = "arn:aws:rds:eu-west-1:111111111111:db:shop"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


@pytest.fixture
def consumer(stack: cdk.Stack) -> Vpc:
    return small_vpc(stack, "Consumer")


def _host(stack: cdk.Stack, gateway: ResourceGateway | None = None) -> ResourceConfiguration:
    return ResourceConfiguration.ip_address(
        stack,
        "Host",
        gateway=gateway or ResourceGateway(stack, "Gateway", vpc=small_vpc(stack, "Vpc")),
        ip_address="10.20.1.5",
        ports=[22],
        custom_domain_name="host.example.com",
    )


def test_an_endpoint_by_default(stack: cdk.Stack, consumer: Vpc) -> None:
    """For the VPC's own addresses, on the ports of the resource."""
    host = _host(stack)
    endpoint = ResourceEndpoint(stack, "Endpoint", resource_configuration=host, vpc=consumer)
    (group,) = endpoint.connections.security_groups
    (resource,) = Template.from_stack(stack).find_resources(ENDPOINT).values()
    assert resource["Properties"] == {
        "VpcEndpointType": "Resource",
        "ResourceConfigurationArn": stack.resolve(host.resource_configuration_arn),
        "VpcId": stack.resolve(consumer.vpc_id),
        "SubnetIds": stack.resolve([subnet.subnet_id for subnet in endpoint.subnets]),
        "SecurityGroupIds": [stack.resolve(group.security_group_id)],
        "IpAddressType": "ipv4",
        "PrivateDnsEnabled": False,
        "Tags": [{"Key": "Name", "Value": "Shop/Endpoint"}],
    }
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "Clients of an endpoint of type Resource",
            "SecurityGroupIngress": [
                {
                    "CidrIp": "10.20.0.0/16",
                    "Description": "from 10.20.0.0/16:22",
                    "FromPort": 22,
                    "IpProtocol": "tcp",
                    "ToPort": 22,
                }
            ],
        },
    )


def test_a_resource_of_another_account(stack: cdk.Stack, consumer: Vpc) -> None:
    """Its ports have to be said, unless the security groups say who may connect."""
    shared = ResourceConfiguration.from_resource_configuration_arn(stack, "Shared", ARN)
    with pytest.raises(ArgumentError) as caught:
        ResourceEndpoint(stack, "Endpoint", resource_configuration=shared, vpc=consumer)
    assert str(caught.value) == "Shop/Endpoint: the ports of Shop/Shared are not known; give ports"
    group = ec2.SecurityGroup(stack, "Group", vpc=consumer)
    ResourceEndpoint(stack, "One", resource_configuration=shared, vpc=consumer, security_groups=[group])
    client = ec2.SecurityGroup(stack, "Client", vpc=consumer, allow_all_outbound=False)
    ResourceEndpoint(
        stack,
        "Two",
        resource_configuration=shared,
        vpc=consumer,
        clients=[client],
        ports=[5432],
        private_dns=PrivateDomains.verified(),
    )
    template = Template.from_stack(stack)
    template.has_resource_properties(
        ENDPOINT,
        {
            "ResourceConfigurationArn": ARN,
            "PrivateDnsEnabled": True,
            "DnsOptions": {"PrivateDnsPreference": "VERIFIED_DOMAINS_ONLY"},
        },
    )
    (rule,) = template.find_resources("AWS::EC2::SecurityGroupIngress").values()
    assert rule["Properties"]["FromPort"] == 5432


def test_a_resource_that_is_imported_with_its_ports(stack: cdk.Stack, consumer: Vpc) -> None:
    """They need not be said again."""
    shared = ResourceConfiguration.from_resource_configuration_attributes(
        stack, "Shared", resource_configuration_arn=ARN, ports=[443]
    )
    ResourceEndpoint(stack, "Endpoint", resource_configuration=shared, vpc=consumer)
    (group,) = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroup").values()
    assert group["Properties"]["SecurityGroupIngress"][0]["FromPort"] == 443


def test_parts_and_segments_are_reached_otherwise(stack: cdk.Stack, consumer: Vpc) -> None:
    """Children by their group, segments by tunnels."""
    vpc = small_vpc(stack, "Vpc")
    gateway = ResourceGateway(stack, "Gateway", vpc=vpc, dns_resolution=DnsResolution.IN_VPC)
    group = ResourceConfiguration.group(stack, "Group", gateway=gateway)
    child = group.add_child("One", ResourceDefinition.ip_address("10.20.1.5"), ports=[22])
    segment = ResourceConfiguration.cidrs(stack, "Segment", gateway=gateway, cidrs=["10.20.0.0/16"], ports=[22])
    for resource, message in (
        (child, "Shop/Group/One is a child of a group, which is reached as a whole; use the group"),
        (segment, "Shop/Segment is a network segment, which is reached through a tunnel; use a TunnelEndpoint"),
    ):
        with pytest.raises(ArgumentError) as caught:
            ResourceEndpoint(stack, "X", resource_configuration=resource, vpc=consumer)
        assert str(caught.value) == f"Shop/X: {message}"
    ResourceEndpoint(stack, "Whole", resource_configuration=group, vpc=consumer)
    assert [port.to_string() for port in group.client_ports] == ["22"]
    Template.from_stack(stack).resource_count_is(ENDPOINT, 1)
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "Clients of an endpoint of type Resource",
            "SecurityGroupIngress": [
                {
                    "CidrIp": "10.20.0.0/16",
                    "Description": "from 10.20.0.0/16:22",
                    "FromPort": 22,
                    "IpProtocol": "tcp",
                    "ToPort": 22,
                }
            ],
        },
    )


def test_it_has_a_zone_in_common_with_the_gateway(stack: cdk.Stack) -> None:
    """Otherwise nothing passes."""
    gateway = ResourceGateway(stack, "Gateway", vpc=small_vpc(stack, "Vpc", zones=Zones.ids("euw1-az1")))
    consumer = small_vpc(stack, "Consumer", zones=Zones.ids("euw1-az2", "euw1-az3"))
    with pytest.raises(ArgumentError) as caught:
        ResourceEndpoint(stack, "X", resource_configuration=_host(stack, gateway), vpc=consumer)
    assert str(caught.value) == (
        "Shop/X: the endpoint must have a zone in common with resource gateway Shop/Gateway, got none; "
        "choose subnets in its zones"
    )


def test_a_name_that_would_lead_back_is_refused(stack: cdk.Stack) -> None:
    """In the gateway's own VPC, its resolver would find the endpoint instead of the resource."""
    vpc = small_vpc(stack, "Vpc")
    gateway = ResourceGateway(stack, "Gateway", vpc=vpc, dns_resolution=DnsResolution.IN_VPC)
    web = ResourceConfiguration.dns_name(
        stack,
        "Web",
        gateway=gateway,
        domain_name="web.example.com",
        ports=[443],
        custom_domain_name="example.com",
    )
    with pytest.raises(ArgumentError) as caught:
        ResourceEndpoint(stack, "X", resource_configuration=web, vpc=vpc)
    assert str(caught.value) == (
        "Shop/X: in the vpc of its gateway, web.example.com would be resolved by the custom_domain_name 'example.com', "
        "which leads back to it; put the endpoint into another vpc"
    )
    ResourceEndpoint(stack, "Elsewhere", resource_configuration=web, vpc=small_vpc(stack, "Consumer"))


TWICE = (
    "{}: one resource would have private DNS in one vpc twice, by the service network endpoint Shop/Net/Consumer and "
    "by the resource endpoint Shop/Endpoint; leave private_dns out of one"
)


@pytest.mark.parametrize("last", ["Shop/Net/Host", "Shop/Net/Consumer", "Shop/Endpoint"])
def test_two_endpoints_with_private_dns_for_one_resource_are_refused(
    stack: cdk.Stack, consumer: Vpc, last: str
) -> None:
    """Whichever of the three that make it so comes last."""
    dns = PrivateDomains.all()
    host, network = _host(stack), ServiceNetwork(stack, "Net", auth=Auth.none())
    steps: dict[str, Callable[[], object]] = {
        "Shop/Net/Host": lambda: network.add_resource("Host", host, private_dns=True),
        "Shop/Net/Consumer": lambda: network.add_endpoint("Consumer", vpc=consumer, private_dns=dns),
        "Shop/Endpoint": lambda: ResourceEndpoint(
            stack, "Endpoint", resource_configuration=host, vpc=consumer, private_dns=dns
        ),
    }
    make = steps.pop(last)
    for step in steps.values():
        step()
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == TWICE.format(last)


def test_a_database_by_its_arn_always_counts(stack: cdk.Stack, consumer: Vpc) -> None:
    """Its association need not say so."""
    gateway = ResourceGateway(stack, "Gateway", vpc=small_vpc(stack, "Vpc"))
    database = ResourceConfiguration.arn(stack, "Database", gateway=gateway, resource_arn=DATABASE)
    network = ServiceNetwork(stack, "Net", auth=Auth.none())
    network.add_resource("Database", database)
    dns = PrivateDomains.verified()
    network.add_endpoint("Consumer", vpc=consumer, private_dns=dns)
    with pytest.raises(ArgumentError) as caught:
        ResourceEndpoint(
            stack, "Endpoint", resource_configuration=database, vpc=consumer, ports=[5432], private_dns=dns
        )
    assert str(caught.value) == TWICE.format("Shop/Endpoint")


@pytest.mark.parametrize("without", ["association", "network endpoint", "resource endpoint", "vpc"])
def test_one_of_them_without_private_dns_is_enough(stack: cdk.Stack, consumer: Vpc, without: str) -> None:
    """Or another VPC: then there is one way only."""
    dns = PrivateDomains.all()
    host, network = _host(stack), ServiceNetwork(stack, "Net", auth=Auth.none())
    network.add_resource("Host", host, private_dns=without != "association")
    network.add_endpoint("Consumer", vpc=consumer, private_dns=None if without == "network endpoint" else dns)
    ResourceEndpoint(
        stack,
        "Endpoint",
        resource_configuration=host,
        vpc=small_vpc(stack, "Other") if without == "vpc" else consumer,
        private_dns=None if without == "resource endpoint" else dns,
    )
    Template.from_stack(stack).resource_count_is(ENDPOINT, 2)


def test_endpoints_are_imported(stack: cdk.Stack) -> None:
    """By their ids."""
    endpoint = ResourceEndpoint.from_vpc_endpoint_id(stack, "Endpoint", "vpce-0123456789abcdef0")
    assert endpoint.vpc_endpoint_id == "vpce-0123456789abcdef0"
    assert endpoint.connections.security_groups == []
