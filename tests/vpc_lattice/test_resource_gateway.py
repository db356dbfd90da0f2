"""Resource gateways: where they are, what they reach, and how they are named."""

from collections.abc import Sequence

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Match, Template

from constructs_lattice import ArgumentError, DnsResolution, IpProtocol, ResourceGateway, Tier, Zones
from tests.vpc_lattice.vpcs import small_vpc

GATEWAY = "AWS::VpcLattice::ResourceGateway"
ARN = "arn:aws:vpc-lattice:eu-west-1:111111111111:resourcegateway/rgw-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region="eu-west-1"))


def _properties(stack: cdk.Stack) -> dict[str, object]:
    (resource,) = Template.from_stack(stack).find_resources(GATEWAY).values()
    properties: dict[str, object] = resource["Properties"]
    return properties


def test_a_gateway_by_default(stack: cdk.Stack) -> None:
    """One subnet in each zone, IPv4, public resolvers, and a security group that lets nothing out."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app"), Tier.isolated("data"), Tier.endpoints()])
    gateway = ResourceGateway(stack, "Gateway", vpc=vpc)
    assert gateway.vpc is vpc
    assert [subnet.node.path for subnet in gateway.subnets] == ["Shop/Vpc/app-a", "Shop/Vpc/app-b"]
    (group,) = gateway.connections.security_groups
    assert _properties(stack) == {
        "Name": gateway.resource.name,
        "VpcIdentifier": stack.resolve(vpc.vpc_id),
        "SubnetIds": stack.resolve([subnet.subnet_id for subnet in gateway.subnets]),
        "SecurityGroupIds": [stack.resolve(group.security_group_id)],
        "IpAddressType": "IPV4",
        "ResourceConfigDnsResolution": "PUBLIC",
        "Tags": [{"Key": "Name", "Value": "Shop/Gateway"}],
    }
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {
            "SecurityGroupEgress": [
                {
                    "CidrIp": "255.255.255.255/32",
                    "Description": "Disallow all traffic",
                    "FromPort": 252,
                    "IpProtocol": "icmp",
                    "ToPort": 86,
                }
            ],
            "SecurityGroupIngress": Match.absent(),
        },
    )


def test_all_that_can_be_said(stack: cdk.Stack) -> None:
    """Subnets, groups, addresses, resolution and a name."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app"), Tier.isolated("data", ip_protocol=IpProtocol.DUAL_STACK)])
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc)
    gateway = ResourceGateway(
        stack,
        "Gateway",
        vpc=vpc,
        subnets=vpc.tier("data").selection,
        security_groups=[group],
        ip_protocol=IpProtocol.DUAL_STACK,
        ipv4_addresses_per_eni=62,
        dns_resolution=DnsResolution.IN_VPC,
        resource_gateway_name="shop-gateway",
    )
    assert (gateway.ip_protocol, gateway.dns_resolution) == (IpProtocol.DUAL_STACK, DnsResolution.IN_VPC)
    assert {
        name: value for name, value in _properties(stack).items() if name not in ("SubnetIds", "VpcIdentifier")
    } == {
        "Name": "shop-gateway",
        "SecurityGroupIds": [stack.resolve(group.security_group_id)],
        "IpAddressType": "DUALSTACK",
        "Ipv4AddressesPerEni": 62,
        "ResourceConfigDnsResolution": "IN_VPC",
        "Tags": [{"Key": "Name", "Value": "Shop/Gateway"}],
    }


def test_it_connects_as_other_constructs_do(stack: cdk.Stack) -> None:
    """Both sides of the way from the gateway get their rule."""
    vpc = small_vpc(stack, "Vpc")
    server = ec2.SecurityGroup(stack, "Server", vpc=vpc, allow_all_outbound=False)
    gateway = ResourceGateway(stack, "Gateway", vpc=vpc)
    gateway.connections.allow_to(server, ec2.Port.tcp(5432))
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::EC2::SecurityGroupEgress", {"FromPort": 5432, "ToPort": 5432})
    template.has_resource_properties("AWS::EC2::SecurityGroupIngress", {"FromPort": 5432, "ToPort": 5432})


def test_the_name_follows_from_all_that_replaces_the_gateway(stack: cdk.Stack) -> None:
    """Its successor, which is made before it goes, is named otherwise; nothing else changes the name."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app"), Tier.isolated("data")])

    def name(
        subnets: Sequence[ec2.ISubnet] | None = None, per_eni: int | None = None, group: ec2.SecurityGroup | None = None
    ) -> str:
        made = ResourceGateway(
            stack,
            "Gateway",
            vpc=vpc,
            subnets=None if subnets is None else ec2.SubnetSelection(subnets=subnets),
            ipv4_addresses_per_eni=per_eni,
            security_groups=None if group is None else [group],
        )
        stack.node.try_remove_child("Gateway")
        return made.resource.name

    app = [vpc.subnet("app", "a"), vpc.subnet("app", "b")]
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc)
    assert name() == name(app) == name(app[::-1]) == name(app, group=group)
    assert name().startswith("shop-gateway-")
    assert len({name(), name(app[:1]), name([vpc.subnet("data", "a")]), name(per_eni=8)}) == 4


def test_subnets_that_are_replaced_name_it_otherwise() -> None:
    """They keep their logical ids, but another block makes other subnets of them, and another gateway in them."""

    def name(prefix: int) -> str:
        stack = cdk.Stack(cdk.App(), "Shop")
        vpc = small_vpc(stack, "Vpc", [Tier.isolated("app", prefix=prefix)])
        return ResourceGateway(stack, "Gateway", vpc=vpc).resource.name

    assert name(24) == name(24)
    assert name(24) != name(23)


def test_another_stack_of_the_same_app_names_otherwise() -> None:
    """Names are unique in an account, wherever a stack is deployed to."""

    def name(stack_name: str) -> str:
        stack = cdk.Stack(cdk.App(), "Shop", stack_name=stack_name)
        return ResourceGateway(stack, "Gateway", vpc=small_vpc(stack, "Vpc")).resource.name

    assert name("Blue") == name("Blue")
    assert name("Blue") != name("Green")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"ipv4_addresses_per_eni": 0}, "ipv4_addresses_per_eni must be 1 to 62, got 0"),
        ({"ipv4_addresses_per_eni": 63}, "ipv4_addresses_per_eni must be 1 to 62, got 63"),
        (
            {"resource_gateway_name": "rgw-shop"},
            "resource_gateway_name must not begin with 'rgw-', which ids do, got 'rgw-shop'",
        ),
        (
            {"resource_gateway_name": "a" * 41},
            f"resource_gateway_name must be 3 to 40 characters long, got '{'a' * 41}' (41)",
        ),
        ({"security_groups": []}, "there must be 1 to 5 security_groups, got 0"),
    ],
)
def test_arguments_out_of_their_limits_are_refused(
    stack: cdk.Stack, arguments: dict[str, object], message: str
) -> None:
    """CloudFormation would refuse them at deployment."""
    vpc = small_vpc(stack, "Vpc")
    with pytest.raises(ArgumentError) as caught:
        ResourceGateway(stack, "Gateway", vpc=vpc, **arguments)  # type: ignore[arg-type]  # one at a time
    assert str(caught.value) == f"Shop/Gateway: {message}"
    assert stack.node.try_find_child("Gateway") is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"ipv4_addresses_per_eni": 8},
            "ipv4_addresses_per_eni is for network interfaces that have IPv4 addresses, got 8 with IPv6 only; "
            "leave it out",
        ),
        (
            {"dns_resolution": DnsResolution.IN_VPC},
            "dns_resolution cannot be IN_VPC with IPv6 only; use PUBLIC or another ip_protocol",
        ),
    ],
)
def test_what_ipv6_only_does_not_have_is_refused(stack: cdk.Stack, arguments: dict[str, object], message: str) -> None:
    """There are no IPv4 addresses, and the VPC's own resolver is not reached."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app", ip_protocol=IpProtocol.IPV6)])
    with pytest.raises(ArgumentError) as caught:
        ResourceGateway(
            stack,
            "Gateway",
            vpc=vpc,
            ip_protocol=IpProtocol.IPV6,
            **arguments,  # type: ignore[arg-type]  # one at a time
        )
    assert str(caught.value) == f"Shop/Gateway: {message}"
    ResourceGateway(stack, "Gateway", vpc=vpc, ip_protocol=IpProtocol.IPV6)
    assert _properties(stack)["IpAddressType"] == "IPV6"


def test_subnets_without_room_are_refused(stack: cdk.Stack) -> None:
    """A /28 has eleven addresses, and sixteen are the default."""
    vpc = small_vpc(stack, "Vpc", [Tier.isolated("app", prefix=28)])
    with pytest.raises(ArgumentError) as caught:
        ResourceGateway(stack, "Gateway", vpc=vpc)
    assert str(caught.value) == (
        "Shop/Gateway: the gateway needs 16 addresses in each subnet, but Shop/Vpc/app-a is 10.20.0.0/28 and has 11; "
        "use a larger one, or a smaller number as ipv4_addresses_per_eni"
    )
    ResourceGateway(stack, "Gateway", vpc=vpc, ipv4_addresses_per_eni=11)
    assert _properties(stack)["Ipv4AddressesPerEni"] == 11


def test_a_group_of_another_vpc_is_refused(stack: cdk.Stack) -> None:
    """Whichever of the two is ours."""
    vpc, other = small_vpc(stack, "Vpc"), ec2.Vpc(stack, "Other", nat_gateways=0)
    with pytest.raises(ArgumentError) as caught:
        ResourceGateway(stack, "Gateway", vpc=vpc, security_groups=[ec2.SecurityGroup(stack, "Group", vpc=other)])
    assert str(caught.value) == (
        "Shop/Gateway: security_groups must be in the vpc, but Shop/Group is in another one; make it there"
    )
    imported = ec2.SecurityGroup.from_security_group_id(stack, "Imported", "sg-0123456789abcdef0")
    ResourceGateway(stack, "Gateway", vpc=vpc, security_groups=[imported])


def test_a_zone_without_vpc_lattice_is_refused(stack: cdk.Stack) -> None:
    """A gateway has a network interface in each zone."""
    with pytest.raises(ArgumentError) as caught:
        ResourceGateway(stack, "Gateway", vpc=small_vpc(stack, "Vpc", zones=Zones.ids("euw1-az4")))
    assert str(caught.value) == (
        "Shop/Gateway: VPC Lattice is not in the zone euw1-az4; choose subnets without the one that is there"
    )


def test_gateways_are_imported(stack: cdk.Stack) -> None:
    """By ARN, id or attributes; a token is an ARN, too."""
    by_arn = ResourceGateway.from_resource_gateway_arn(stack, "Arn", ARN)
    assert (by_arn.resource_gateway_arn, by_arn.resource_gateway_id) == (ARN, "rgw-0123456789abcdef0")
    assert (by_arn.vpc, by_arn.dns_resolution, by_arn.ip_protocol) == (None, None, None)
    assert by_arn.connections.security_groups == []
    by_id = ResourceGateway.from_resource_gateway_id(stack, "Id", "rgw-0123456789abcdef0")
    assert by_id.resource_gateway_id == "rgw-0123456789abcdef0"
    assert stack.resolve(by_id.resource_gateway_arn)["Fn::Join"][1][1:] == [
        {"Ref": "AWS::Partition"},
        ":vpc-lattice:eu-west-1:",
        {"Ref": "AWS::AccountId"},
        ":resourcegateway/rgw-0123456789abcdef0",
    ]
    token = ResourceGateway.from_resource_gateway_arn(stack, "Token", cdk.Fn.import_value("Gateway"))
    assert stack.resolve(token.resource_gateway_id) == {
        "Fn::Select": [1, {"Fn::Split": ["/", {"Fn::ImportValue": "Gateway"}]}]
    }
    vpc = small_vpc(stack, "Vpc")
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc)
    known = ResourceGateway.from_resource_gateway_attributes(
        stack,
        "Known",
        resource_gateway_id="rgw-0123456789abcdef0",
        vpc=vpc,
        security_groups=[group],
        dns_resolution=DnsResolution.IN_VPC,
    )
    assert (known.vpc, known.dns_resolution) == (vpc, DnsResolution.IN_VPC)
    assert len(known.connections.security_groups) == 1


def test_ours_is_what_aws_cdk_lib_knows_by_its_reference(stack: cdk.Stack) -> None:
    """It takes ours where it wants an IResourceGatewayRef."""
    gateway = ResourceGateway(stack, "Gateway", vpc=small_vpc(stack, "Vpc"))
    arn = vpclattice.CfnResourceGateway.arn_for_resource_gateway(gateway)
    assert stack.resolve(arn) == {"Fn::GetAtt": [stack.get_logical_id(gateway.resource), "Arn"]}
