"""Endpoints that lead to service networks."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import (
    ArgumentError,
    Auth,
    IpProtocol,
    Ports,
    PrivateDomains,
    ServiceNetwork,
    ServiceNetworkEndpoint,
    Tier,
    Zones,
)
from tests.vpc_lattice.vpcs import small_vpc

ENDPOINT = "AWS::EC2::VPCEndpoint"
ARN = "arn:aws:vpc-lattice:eu-west-1:222222222222:servicenetwork/sn-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


def _endpoint(stack: cdk.Stack) -> dict[str, object]:
    (resource,) = Template.from_stack(stack).find_resources(ENDPOINT).values()
    properties: dict[str, object] = resource["Properties"]
    return properties


def _ingress(stack: cdk.Stack) -> list[tuple[str, int, int]]:
    """Whom the endpoint's own security group lets in."""
    (group,) = (
        Template.from_stack(stack)
        .find_resources(
            "AWS::EC2::SecurityGroup",
            {"Properties": {"GroupDescription": "Clients of an endpoint of type ServiceNetwork"}},
        )
        .values()
    )
    rules = group["Properties"].get("SecurityGroupIngress", [])
    return [(rule.get("CidrIp") or rule["CidrIpv6"], rule["FromPort"], rule["ToPort"]) for rule in rules]


def test_an_endpoint_by_default(stack: cdk.Stack) -> None:
    """In the tier for endpoints, for the VPC's own addresses, over HTTPS; a security group lets nothing out."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app"), Tier.endpoints()])
    network = ServiceNetwork(stack, "Net", auth=Auth.none())
    endpoint = network.add_endpoint("Vpc", vpc=vpc)
    assert isinstance(endpoint, ServiceNetworkEndpoint)
    assert endpoint.vpc is vpc
    assert [subnet.node.path for subnet in endpoint.subnets] == ["Shop/Vpc/endpoints-a", "Shop/Vpc/endpoints-b"]
    (group,) = endpoint.connections.security_groups
    assert _endpoint(stack) == {
        "VpcEndpointType": "ServiceNetwork",
        "ServiceNetworkArn": stack.resolve(network.service_network_arn),
        "VpcId": stack.resolve(vpc.vpc_id),
        "SubnetIds": stack.resolve([subnet.subnet_id for subnet in endpoint.subnets]),
        "SecurityGroupIds": [stack.resolve(group.security_group_id)],
        "IpAddressType": "ipv4",
        "PrivateDnsEnabled": False,
        "Tags": [{"Key": "Name", "Value": "Shop/Net/Vpc"}],
    }
    assert _ingress(stack) == [("10.20.0.0/16", 443, 443)]


def test_all_that_can_be_said(stack: cdk.Stack) -> None:
    """Clients from afar, their ports, both IP versions, private DNS."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app", ip_protocol=IpProtocol.DUAL_STACK)])
    ServiceNetworkEndpoint(
        stack,
        "Endpoint",
        service_network=ServiceNetwork.from_service_network_arn(stack, "Net", ARN),
        vpc=vpc,
        subnets=vpc.tier("app").selection,
        clients=[ec2.Peer.ipv4("192.168.0.0/16"), ec2.Peer.ipv6("2001:db8::/32")],
        ports=[80, Ports.tcp(5432, 5439)],
        ip_protocol=IpProtocol.DUAL_STACK,
        private_dns=PrivateDomains.verified_and_specified("*.example.com"),
    )
    properties = _endpoint(stack)
    assert properties["ServiceNetworkArn"] == ARN
    assert (properties["IpAddressType"], properties["PrivateDnsEnabled"]) == ("dualstack", True)
    assert properties["DnsOptions"] == {
        "PrivateDnsPreference": "VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS",
        "PrivateDnsSpecifiedDomains": ["*.example.com"],
    }
    assert _ingress(stack) == [
        ("192.168.0.0/16", 80, 80),
        ("192.168.0.0/16", 5432, 5439),
        ("2001:db8::/32", 80, 80),
        ("2001:db8::/32", 5432, 5439),
    ]


def test_security_groups_of_ones_own(stack: cdk.Stack) -> None:
    """They say who may connect, and clients that are named are added to them."""
    vpc = small_vpc(stack, "Vpc")
    network = ServiceNetwork(stack, "Net", auth=Auth.none())
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc)
    endpoint = network.add_endpoint("Vpc", vpc=vpc, security_groups=[group])
    client = ec2.SecurityGroup(stack, "Client", vpc=vpc, allow_all_outbound=False)
    endpoint.connections.allow_from(client, ec2.Port.tcp(443))
    template = Template.from_stack(stack)
    (rule,) = template.find_resources("AWS::EC2::SecurityGroupIngress").values()
    assert rule["Properties"]["GroupId"] == stack.resolve(group.security_group_id)
    assert rule["Properties"]["SourceSecurityGroupId"] == stack.resolve(client.security_group_id)
    template.resource_count_is("AWS::EC2::SecurityGroup", 2)
    assert _endpoint(stack)["SecurityGroupIds"] == [stack.resolve(group.security_group_id)]


def test_a_vpc_has_any_number_of_them(stack: cdk.Stack) -> None:
    """Besides its one association."""
    vpc = small_vpc(stack, "Vpc")
    networks = [ServiceNetwork(stack, f"Net{n}", auth=Auth.none()) for n in range(3)]
    networks[0].add_vpc_association("Vpc", vpc=vpc)
    for network in networks[1:]:
        network.add_endpoint("Vpc", vpc=vpc)
    Template.from_stack(stack).resource_count_is(ENDPOINT, 2)


def test_a_vpc_of_aws_cdk_lib(stack: cdk.Stack) -> None:
    """Its private subnets, one in each zone, and its block."""
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, ip_addresses=ec2.IpAddresses.cidr("10.30.0.0/16"))
    endpoint = ServiceNetwork(stack, "Net", auth=Auth.none()).add_endpoint("Vpc", vpc=vpc)
    assert [subnet.node.id for subnet in endpoint.subnets] == ["PrivateSubnet1", "PrivateSubnet2"]
    assert _ingress(stack) == [(stack.resolve(vpc.vpc_cidr_block), 443, 443)]


def test_a_subnet_that_is_a_28_has_no_room(stack: cdk.Stack) -> None:
    """AWS keeps five of its sixteen addresses, and the endpoint needs sixteen in a row."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app", prefix=28)])
    with pytest.raises(ArgumentError) as caught:
        ServiceNetwork(stack, "Net", auth=Auth.none()).add_endpoint("Vpc", vpc=vpc)
    assert str(caught.value) == (
        "Shop/Net/Vpc: the endpoint needs a contiguous /28 in each subnet, but Shop/Vpc/app-a is 10.20.0.0/28, of "
        "which AWS keeps five addresses; use a /26 or larger"
    )


def test_a_subnet_that_is_a_27_may_have_no_room(stack: cdk.Stack) -> None:
    """Neither of its two /28s is free as a whole: a warning. A /26 has two that are."""
    network = ServiceNetwork(stack, "Net", auth=Auth.none())
    for prefix in (27, 26):
        vpc = small_vpc(stack, f"Vpc{prefix}", [Tier.isolated("app", prefix=prefix)])
        network.add_endpoint(f"To{prefix}", vpc=vpc)
    (found,) = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("whole /28"))
    assert found.id == "/Shop/Net/To27"
    assert found.entry.data == (
        "both halves of subnet Shop/Vpc27/app-a hold addresses that AWS keeps, so a whole /28 may not be free; use a "
        "/26 or larger [ack: constructs-lattice:latticeEndpointRoom]"
    )


def test_ipv6_takes_no_such_room(stack: cdk.Stack) -> None:
    """It is about IPv4 addresses."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app", ip_protocol=IpProtocol.IPV6)])
    network = ServiceNetwork(stack, "Net", auth=Auth.none())
    network.add_endpoint("Vpc", vpc=vpc, ip_protocol=IpProtocol.IPV6)
    assert _endpoint(stack)["IpAddressType"] == "ipv6"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"clients": []}, "clients is empty, so nobody could connect; leave it out for the default"),
        ({"ports": []}, "ports is empty, so nobody could connect; give a port at least"),
        ({"security_groups": []}, "there must be 1 to 5 security_groups, got 0"),
        (
            {"ip_protocol": IpProtocol.DUAL_STACK},
            "ip_protocol 'dual stack' does not go with subnet Shop/Vpc/app-a, which has IPv4; "
            "choose another one, or other subnets",
        ),
    ],
)
def test_arguments_that_contradict_are_refused(stack: cdk.Stack, arguments: dict[str, object], message: str) -> None:
    """Nobody could connect, or AWS would refuse it."""
    vpc = small_vpc(stack, "Vpc")
    network = ServiceNetwork(stack, "Net", auth=Auth.none())
    with pytest.raises(ArgumentError) as caught:
        network.add_endpoint("X", vpc=vpc, **arguments)  # type: ignore[arg-type]  # one at a time
    assert str(caught.value) == f"Shop/Net/X: {message}"
    assert network.node.try_find_child("X") is None


def test_private_dns_needs_dns_in_the_vpc(stack: cdk.Stack) -> None:
    """Both DNS support and DNS hostnames."""
    vpc = ec2.Vpc(stack, "Vpc", enable_dns_hostnames=False, nat_gateways=0)
    network = ServiceNetwork(stack, "Net", auth=Auth.none())
    public = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
    network.add_endpoint("Without", vpc=vpc, subnets=public)
    with pytest.raises(ArgumentError) as caught:
        network.add_endpoint("X", vpc=vpc, subnets=public, private_dns=PrivateDomains.all())
    assert str(caught.value) == (
        "Shop/Net/X: private_dns needs DNS support and DNS hostnames, which the vpc lacks; enable them both"
    )


def test_a_zone_without_vpc_lattice_is_refused(stack: cdk.Stack) -> None:
    """The endpoint has a network interface in each."""
    vpc = small_vpc(stack, "Vpc", zones=Zones.ids("euw1-az4"))
    with pytest.raises(ArgumentError) as caught:
        ServiceNetwork(stack, "Net", auth=Auth.none()).add_endpoint("X", vpc=vpc)
    assert str(caught.value) == (
        "Shop/Net/X: VPC Lattice is not in the zone euw1-az4; choose subnets without the one that is there"
    )


def test_endpoints_are_imported(stack: cdk.Stack) -> None:
    """With their security groups, they can be connected to."""
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0")
    endpoint = ServiceNetworkEndpoint.from_vpc_endpoint_id(
        stack, "Endpoint", "vpce-0123456789abcdef0", security_groups=[group]
    )
    assert endpoint.vpc_endpoint_id == "vpce-0123456789abcdef0"
    endpoint.connections.allow_from(ec2.Peer.ipv4("10.0.0.0/8"), ec2.Port.tcp(443))
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"GroupId": "sg-0123456789abcdef0", "CidrIp": "10.0.0.0/8"}
    )


def test_ours_is_what_aws_cdk_lib_knows_as_an_endpoint(stack: cdk.Stack) -> None:
    """It takes ours where it wants an IVpcEndpoint, or a reference to one."""
    endpoint = ServiceNetwork(stack, "Net", auth=Auth.none()).add_endpoint("Vpc", vpc=small_vpc(stack, "Vpc"))
    as_endpoint: ec2.IVpcEndpoint = endpoint
    assert stack.resolve(as_endpoint.vpc_endpoint_ref.vpc_endpoint_id) == {
        "Fn::GetAtt": [stack.get_logical_id(endpoint.resource), "Id"]
    }
