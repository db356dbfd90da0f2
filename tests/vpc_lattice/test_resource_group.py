"""Groups of resources, and their children."""

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import (
    ArgumentError,
    DomainVerification,
    ResourceConfiguration,
    ResourceDefinition,
    ResourceGateway,
    ResourceGroup,
    ResourceType,
)
from tests.vpc_lattice.vpcs import small_vpc

CONFIGURATION = "AWS::VpcLattice::ResourceConfiguration"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region="eu-west-1"))


@pytest.fixture
def gateway(stack: cdk.Stack) -> ResourceGateway:
    return ResourceGateway(stack, "Gateway", vpc=small_vpc(stack, "Vpc"))


def test_a_group_and_its_children(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """The group has the gateway and the domain, a child is in the group; the gateway is let out to the children."""
    verification = DomainVerification(stack, "Domain", domain_name="example.com")
    group = ResourceConfiguration.group(
        stack,
        "Brokers",
        gateway=gateway,
        ports=[9092],
        group_domain="kafka.example.com",
        domain_verification=verification,
    )
    assert isinstance(group, ResourceGroup)
    child = group.add_child(
        "One", ResourceDefinition.ip_address("10.20.1.6"), ports=[9092], custom_domain_name="one.kafka.example.com"
    )
    assert (group.type, child.type, child.gateway) == (ResourceType.GROUP, ResourceType.CHILD, gateway)
    assert dict(group.children) == {"One": child}
    template = Template.from_stack(stack)
    template.has_resource_properties(
        CONFIGURATION,
        {
            "ResourceConfigurationType": "GROUP",
            "ResourceGatewayId": stack.resolve(gateway.resource_gateway_id),
            "GroupDomain": "kafka.example.com",
            "DomainVerificationId": stack.resolve(verification.domain_verification_id),
            "PortRanges": ["9092"],
            "ProtocolType": "TCP",
            "AllowAssociationToSharableServiceNetwork": True,
            "ResourceConfigurationDefinition": Match.absent(),
            "ResourceConfigurationGroupId": Match.absent(),
            "CustomDomainName": Match.absent(),
        },
    )
    template.has_resource_properties(
        CONFIGURATION,
        {
            "ResourceConfigurationType": "CHILD",
            "ResourceConfigurationDefinition": {"IpResource": "10.20.1.6"},
            "ResourceConfigurationGroupId": stack.resolve(group.resource_configuration_id),
            "CustomDomainName": "one.kafka.example.com",
            "PortRanges": ["9092"],
            "ResourceGatewayId": Match.absent(),
            "ProtocolType": Match.absent(),
            "AllowAssociationToSharableServiceNetwork": Match.absent(),
        },
    )
    template.has_resource_properties(
        "AWS::EC2::SecurityGroup", {"SecurityGroupEgress": [Match.object_like({"CidrIp": "10.20.1.6/32"})]}
    )
    assert Annotations.from_stack(stack).find_warning("*", Match.any_value()) == []


def test_a_child_must_be_below_the_group_domain(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """Consumers are told the domain of the group."""
    group = ResourceConfiguration.group(stack, "Brokers", gateway=gateway, group_domain="kafka.example.com")
    with pytest.raises(ArgumentError) as caught:
        group.add_child(
            "One", ResourceDefinition.dns_name("b1.internal"), ports=[9092], custom_domain_name="one.example.com"
        )
    assert str(caught.value) == (
        "Shop/Brokers/One: custom_domain_name must be below the group_domain 'kafka.example.com', "
        "got 'one.example.com'; choose one there"
    )
    assert dict(group.children) == {}


def test_a_name_without_a_group_domain_is_a_warning(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """It can be had, but nobody gets a hosted zone for it."""
    group = ResourceConfiguration.group(stack, "Brokers", gateway=gateway)
    group.add_child("Silent", ResourceDefinition.dns_name("b1.internal"), ports=[9092])
    group.add_child(
        "One", ResourceDefinition.dns_name("b2.internal"), ports=[9092], custom_domain_name="one.example.com"
    )
    (found,) = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    assert found.id == "/Shop/Brokers/One"
    assert found.entry.data == (
        "consumers get no hosted zone for the custom_domain_name of a child whose group has no group_domain; "
        "give the group one [ack: constructs-lattice:latticeNoGroupDomain]"
    )


@pytest.mark.parametrize(
    "definition",
    [
        ResourceDefinition.arn("arn:aws:rds:eu-west-1:111111111111:db:shop"),
        ResourceDefinition.cidrs("10.0.0.0/8"),
        ResourceDefinition.group(),
    ],
    ids=["arn", "cidr", "group"],
)
def test_other_children_are_refused(stack: cdk.Stack, gateway: ResourceGateway, definition: ResourceDefinition) -> None:
    """A child is a domain name or an address."""
    group = ResourceConfiguration.group(stack, "Brokers", gateway=gateway)
    with pytest.raises(ArgumentError) as caught:
        group.add_child("One", definition, ports=[9092])
    assert str(caught.value) == (
        f"Shop/Brokers/One: a child must be a domain name or an address, got {definition.type}; add "
        "ResourceDefinition.dns_name or ResourceDefinition.ip_address"
    )


def test_a_verification_is_for_the_group_domain(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """Children are as verified as their group."""
    verification = DomainVerification(stack, "Domain", domain_name="example.com")
    for domain, message in (
        (None, "a domain_verification is for a group_domain, but there is none; give it, too"),
        (
            "example.org",
            "group_domain must be 'example.com', which is verified, or below it, got 'example.org'; "
            "give the verification of its own domain",
        ),
    ):
        with pytest.raises(ArgumentError) as caught:
            ResourceConfiguration.group(
                stack, "Brokers", gateway=gateway, group_domain=domain, domain_verification=verification
            )
        assert str(caught.value) == f"Shop/Brokers: {message}"


def test_more_children_than_the_quota_are_a_warning(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """Sixty are the default."""
    group = ResourceConfiguration.group(stack, "Brokers", gateway=gateway)
    for number in range(61):
        group.add_child(f"B{number}", ResourceDefinition.ip_address(f"10.20.1.{number}"), ports=[9092])
    Annotations.from_stack(stack).has_warning(
        "/Shop/Brokers/B60",
        "more than 60 children; 60 a group is the quota, which AWS raises on request "
        "[ack: constructs-lattice:latticeChildrenPerGroup]",
    )
