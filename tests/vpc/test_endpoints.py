"""Interface endpoints: their names, their addresses, and where they go."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from constructs_lattice import (
    ArgumentError,
    EndpointPolicy,
    EndpointSet,
    FlowLogs,
    GatewayService,
    InterfaceEndpoint,
    IpProtocol,
    PrivateDns,
    Tier,
    Vpc,
    Zones,
)

INBOUND_ONLY = {"PrivateDnsOnlyForInboundResolverEndpoint": "OnlyInboundResolver"}
ALL_RESOLVERS = {"PrivateDnsOnlyForInboundResolverEndpoint": "AllResolvers"}


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _vpc(stack: cdk.Stack, *endpoints: str | InterfaceEndpoint, **arguments: Any) -> Vpc:
    arguments = {"gateway_endpoints": (), "tiers": [Tier.isolated("app")], **arguments}
    return Vpc(
        stack,
        "Vpc",
        cidr="10.20.0.0/16",
        zones=Zones.first(2),
        flow_logs=FlowLogs.none(),
        interface_endpoints=endpoints,
        **arguments,
    )


def _interfaces(stack: cdk.Stack) -> list[dict[str, Any]]:
    found = Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    return [dict(each) for each in found if each["Properties"]["VpcEndpointType"] == "Interface"]


def _only(stack: cdk.Stack) -> dict[str, Any]:
    (endpoint,) = _interfaces(stack)
    properties: dict[str, Any] = endpoint["Properties"]
    return properties


def test_the_names_of_a_service_lead_to_its_endpoint(stack: cdk.Stack) -> None:
    """Nothing else is said about DNS or addresses by default."""
    _vpc(stack, "kms")
    assert _only(stack)["PrivateDnsEnabled"] is True
    assert not _only(stack).keys() & {"DnsOptions", "IpAddressType"}


def test_the_names_of_a_service_can_be_left_alone(stack: cdk.Stack) -> None:
    """Clients are told the endpoint's own names then."""
    _vpc(stack, InterfaceEndpoint(service="kms", private_dns=PrivateDns.OFF))
    assert _only(stack)["PrivateDnsEnabled"] is False


@pytest.mark.parametrize("service", ["dynamodb", "iot.data"])
def test_services_without_private_dns_are_left_alone(stack: cdk.Stack, service: str) -> None:
    """Or the deployment would fail."""
    _vpc(stack, service)
    assert _only(stack)["PrivateDnsEnabled"] is False


def test_next_to_a_gateway_endpoint_the_endpoint_of_s3_is_for_those_outside(stack: cdk.Stack) -> None:
    """The VPC goes by the gateway endpoint, which must be there first."""
    vpc = _vpc(stack, "s3", gateway_endpoints=[GatewayService.S3])
    (endpoint,) = _interfaces(stack)
    assert endpoint["Properties"]["PrivateDnsEnabled"] is True
    assert endpoint["Properties"]["DnsOptions"] == INBOUND_ONLY
    assert endpoint["DependsOn"] == [stack.get_logical_id(vpc.gateway_endpoints[GatewayService.S3])]


@pytest.mark.parametrize("gateways", [(), (GatewayService.S3,)])
def test_the_endpoint_of_s3_can_be_for_everybody(stack: cdk.Stack, gateways: tuple[GatewayService, ...]) -> None:
    """As it is without a gateway endpoint; AWS must be told so."""
    endpoint = InterfaceEndpoint(service="s3", private_dns=PrivateDns.ON if gateways else None)
    _vpc(stack, endpoint, gateway_endpoints=gateways)
    assert _only(stack)["DnsOptions"] == ALL_RESOLVERS


def test_the_endpoint_of_s3_can_be_without_names(stack: cdk.Stack) -> None:
    """Nothing is said about resolvers then."""
    _vpc(stack, InterfaceEndpoint(service="s3", private_dns=PrivateDns.OFF))
    assert _only(stack)["PrivateDnsEnabled"] is False
    assert "DnsOptions" not in _only(stack)


@pytest.mark.parametrize(
    ("tier", "asked", "expected"),
    [
        (IpProtocol.IPV4, None, None),
        (IpProtocol.IPV4, IpProtocol.IPV4, "ipv4"),
        # Many services have no IPv6 addresses to give.
        (IpProtocol.DUAL_STACK, None, None),
        (IpProtocol.DUAL_STACK, IpProtocol.DUAL_STACK, "dualstack"),
        (IpProtocol.IPV6, None, "ipv6"),
    ],
)
def test_the_addresses_follow_from_the_tier(
    stack: cdk.Stack, tier: IpProtocol, asked: IpProtocol | None, expected: str | None
) -> None:
    """IPv4 where there is any, unless more is asked for."""
    tiers = [Tier.isolated("app", ip_protocol=tier)]
    _vpc(stack, InterfaceEndpoint(service="kms", ip_protocol=asked), tiers=tiers)
    assert _only(stack).get("IpAddressType") == expected


def test_the_records_of_an_endpoint_can_be_said(stack: cdk.Stack) -> None:
    """And then its addresses are, too."""
    records = ec2.VpcEndpointDnsRecordIpType.IPV4
    _vpc(stack, InterfaceEndpoint(service="kms", dns_records=records))
    assert _only(stack)["DnsOptions"] == {"DnsRecordIpType": "ipv4"}
    assert _only(stack)["IpAddressType"] == "ipv4"


def test_endpoints_can_be_added_later(stack: cdk.Stack) -> None:
    """They go where the others are, under the same names as if they had been there from the beginning."""
    tiers = [Tier.isolated("app"), Tier.endpoints()]
    vpc = _vpc(stack, "kms", tiers=tiers)
    (sqs,) = vpc.add_interface_endpoints(["sqs"])
    assert list(vpc.interface_endpoints) == ["kms", "sqs"]
    assert vpc.interface_endpoints["sqs"] is sqs
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::SecurityGroup", 1)
    subnets = [stack.resolve(subnet.subnet_id) for subnet in vpc.tier("endpoints").subnets]
    assert [each["Properties"]["SubnetIds"] for each in _interfaces(stack)] == [subnets, subnets]
    other = cdk.Stack(cdk.App(), "Shop")
    _vpc(other, "kms", "sqs", tiers=tiers)
    assert Template.from_stack(other).to_json() == template.to_json()


def test_the_first_endpoints_can_be_added_later(stack: cdk.Stack) -> None:
    """No security group waits for them; sets are taken as they are, with some of their endpoints said otherwise."""
    vpc = _vpc(stack)
    Template.from_stack(stack).resource_count_is("AWS::EC2::SecurityGroup", 0)
    vpc.add_interface_endpoints([*EndpointSet.SESSION_MANAGER, InterfaceEndpoint(service="kms")])
    assert list(vpc.interface_endpoints) == [*EndpointSet.SESSION_MANAGER, "kms"]


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        (
            {"service": "KMS"},
            "interface endpoint: service must be a short service name such as 'ecr.api', got 'KMS'",
        ),
        (
            {"service": "com.amazonaws.eu-west-1.kms"},
            "interface endpoint: service must be a short service name, got 'com.amazonaws.eu-west-1.kms'; leave out "
            "everything up to the region",
        ),
        (
            {"service": "email-smtp", "policy": EndpointPolicy.same_account()},
            "interface endpoint 'email-smtp': the service takes no endpoint policy, got one; ask for "
            "EndpointPolicy.full_access()",
        ),
        (
            {"service": "dynamodb", "private_dns": PrivateDns.ON},
            "interface endpoint 'dynamodb': the service has no private dns, got private_dns 'on'; leave it out",
        ),
        (
            {"service": "kms", "private_dns": PrivateDns.INBOUND_ONLY},
            "interface endpoint 'kms': private dns can be for inbound resolver endpoints only where there is a gateway "
            "endpoint as well, which is so for 's3'; ask for PrivateDns.ON or PrivateDns.OFF",
        ),
    ],
)
def test_what_a_service_does_not_support_is_refused(endpoint: dict[str, Any], message: str) -> None:
    """Where the endpoint is described."""
    with pytest.raises(ArgumentError) as caught:
        InterfaceEndpoint(**endpoint)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("endpoint", "protocol", "message"),
    [
        (
            InterfaceEndpoint(service="s3", private_dns=PrivateDns.INBOUND_ONLY),
            IpProtocol.IPV4,
            "Shop/Vpc: interface endpoint 's3': private dns can be for inbound resolver endpoints only where the vpc "
            "has a gateway endpoint for 's3', which it has not; add it to gateway_endpoints, or ask for PrivateDns.ON",
        ),
        (
            InterfaceEndpoint(service="kms", ip_protocol=IpProtocol.DUAL_STACK),
            IpProtocol.IPV4,
            "Shop/Vpc: interface endpoint 'kms': ip_protocol must be IPv4 in tier 'app', got 'dual stack'",
        ),
        (
            InterfaceEndpoint(service="kms", ip_protocol=IpProtocol.IPV6),
            IpProtocol.DUAL_STACK,
            "Shop/Vpc: interface endpoint 'kms': ip_protocol must be IPv4 or dual stack in tier 'app', got 'IPv6'",
        ),
        (
            InterfaceEndpoint(service="kms", ip_protocol=IpProtocol.IPV4),
            IpProtocol.IPV6,
            "Shop/Vpc: interface endpoint 'kms': ip_protocol must be IPv6 in tier 'app', got 'IPv4'",
        ),
        (
            InterfaceEndpoint(service="kms", dns_records=ec2.VpcEndpointDnsRecordIpType.DUALSTACK),
            IpProtocol.DUAL_STACK,
            "Shop/Vpc: interface endpoint 'kms': dns_records must be of addresses that the endpoint has, which speaks "
            "IPv4, got DUALSTACK",
        ),
    ],
)
def test_what_a_vpc_does_not_support_is_refused(
    stack: cdk.Stack, endpoint: InterfaceEndpoint, protocol: IpProtocol, message: str
) -> None:
    """With nothing left behind."""
    with pytest.raises(ArgumentError) as caught:
        _vpc(stack, endpoint, tiers=[Tier.isolated("app", ip_protocol=protocol)])
    assert str(caught.value) == message
    assert stack.node.children == []


@pytest.mark.parametrize(
    ("tiers", "services", "message"),
    [
        (
            [Tier.isolated()],
            ["sqs", "kms"],
            "Shop/Vpc/add_interface_endpoints: there is an interface endpoint for 'kms' already, got another one",
        ),
        (
            [Tier.isolated()],
            ["sqs", "sqs"],
            "Shop/Vpc/add_interface_endpoints: interface_endpoints names 'sqs' 2 times",
        ),
        (
            [Tier.isolated()],
            ["sqs", InterfaceEndpoint(service="sns", ip_protocol=IpProtocol.IPV6)],
            "Shop/Vpc/add_interface_endpoints: interface endpoint 'sns': ip_protocol must be IPv4 in tier 'isolated', "
            "got 'IPv6'",
        ),
        (
            [Tier.public()],
            ["sqs"],
            "Shop/Vpc/add_interface_endpoints: interface_endpoints need a tier for them, or a private or an isolated "
            "one, but there is none; add Tier.endpoints()",
        ),
    ],
)
def test_endpoints_that_cannot_be_added_add_nothing(
    stack: cdk.Stack, tiers: list[Tier], services: list[str | InterfaceEndpoint], message: str
) -> None:
    """Not even those before them."""
    vpc = _vpc(stack, *(["kms"] if tiers[0].role == "isolated" else []), tiers=tiers)
    before = Template.from_stack(stack).to_json()
    with pytest.raises(ArgumentError) as caught:
        vpc.add_interface_endpoints(services)
    assert str(caught.value) == message
    assert Template.from_stack(stack).to_json() == before


def test_endpoints_are_named_like_all_that_is_in_a_vpc(stack: cdk.Stack) -> None:
    """By a tag: who looks at many of them knows whose they are."""
    _vpc(stack, "logs", gateway_endpoints=[GatewayService.S3])
    endpoints = Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    names = [tag["Value"] for each in endpoints for tag in each["Properties"]["Tags"] if tag["Key"] == "Name"]
    assert sorted(names) == ["Shop/Vpc/logs", "Shop/Vpc/s3"]
