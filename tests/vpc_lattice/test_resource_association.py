"""Resources in service networks."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Match, Template

from constructs_lattice import (
    ArgumentError,
    Auth,
    DnsResolution,
    ResourceAssociation,
    ResourceConfiguration,
    ResourceDefinition,
    ResourceGateway,
    ServiceNetwork,
    Vpc,
)
from tests.vpc_lattice.vpcs import small_vpc

ASSOCIATION = "AWS::VpcLattice::ServiceNetworkResourceAssociation"
DATABASE = "arn:aws:rds:eu-west-1:111111111111:db:shop"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    return small_vpc(stack, "Vpc")


@pytest.fixture
def gateway(stack: cdk.Stack, vpc: Vpc) -> ResourceGateway:
    return ResourceGateway(stack, "Gateway", vpc=vpc)


def _host(gateway: ResourceGateway, id_: str = "Host", *, shareable: bool = True) -> ResourceConfiguration:
    return ResourceConfiguration.ip_address(
        gateway.stack,
        id_,
        gateway=gateway,
        ip_address="10.20.1.5",
        ports=[22],
        custom_domain_name="host.example.com",
        allow_shareable_networks=shareable,
    )


def test_a_resource_is_added_to_a_network(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """The network by its ARN, the resource by its id, which is all that CloudFormation takes."""
    network, host = ServiceNetwork(stack, "Net", auth=Auth.none()), _host(gateway)
    association = network.add_resource("Host", host, private_dns=True)
    assert isinstance(association, ResourceAssociation)
    (resource,) = Template.from_stack(stack).find_resources(ASSOCIATION).values()
    assert resource["Properties"] == {
        "ServiceNetworkId": stack.resolve(network.service_network_arn),
        "ResourceConfigurationId": {"Fn::GetAtt": [stack.get_logical_id(host.resource), "Id"]},
        "PrivateDnsEnabled": True,
        "Tags": [{"Key": "Name", "Value": "Shop/Net/Host"}],
    }


def test_l1_constructs_will_do(stack: cdk.Stack) -> None:
    """Both ends, and the association is what aws-cdk-lib knows by its reference."""
    network = vpclattice.CfnServiceNetwork(stack, "Net")
    host = vpclattice.CfnResourceConfiguration(stack, "Host", name="host", resource_configuration_type="GROUP")
    association = ResourceAssociation(stack, "Both", service_network=network, resource_configuration=host)
    Template.from_stack(stack).has_resource_properties(
        ASSOCIATION,
        {
            "ServiceNetworkId": {"Ref": "Net"},
            "ResourceConfigurationId": {"Fn::GetAtt": ["Host", "Id"]},
            "PrivateDnsEnabled": Match.absent(),
        },
    )
    arn = vpclattice.CfnServiceNetworkResourceAssociation.arn_for_service_network_resource_association(association)
    assert stack.resolve(arn) == {"Fn::GetAtt": [stack.get_logical_id(association.resource), "Arn"]}


def test_a_resource_is_in_a_network_once(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """In another one it may be, too."""
    network, host = ServiceNetwork(stack, "Net", auth=Auth.none()), _host(gateway)
    network.add_resource("One", host)
    ServiceNetwork(stack, "Other", auth=Auth.none()).add_resource("One", host)
    with pytest.raises(ArgumentError) as caught:
        network.add_resource("Two", host)
    assert str(caught.value) == (
        "Shop/Net/Two: resource configuration Shop/Host is in the service network already, by Shop/Net/One; "
        "leave out one association"
    )
    assert network.node.try_find_child("Two") is None


def test_parts_and_segments_are_in_no_network(stack: cdk.Stack, vpc: Vpc, gateway: ResourceGateway) -> None:
    """Children are reached by their group, segments by tunnels."""
    network = ServiceNetwork(stack, "Net", auth=Auth.none())
    group = ResourceConfiguration.group(stack, "Group", gateway=gateway)
    child = group.add_child("One", ResourceDefinition.ip_address("10.20.1.5"), ports=[22])
    private = ResourceGateway(stack, "Private", vpc=vpc, dns_resolution=DnsResolution.IN_VPC)
    segment = ResourceConfiguration.cidrs(stack, "Segment", gateway=private, cidrs=["10.20.0.0/16"], ports=[22])
    for resource, message in (
        (child, "Shop/Group/One is a child of a group, which is reached as a whole; add the group"),
        (segment, "Shop/Segment is a network segment, which no service network takes; use a TunnelEndpoint"),
    ):
        with pytest.raises(ArgumentError) as caught:
            network.add_resource("X", resource)
        assert str(caught.value) == f"Shop/Net/X: {message}"
    network.add_resource("Group", group)
    Template.from_stack(stack).resource_count_is(ASSOCIATION, 1)


def test_a_database_by_its_arn_always_has_private_dns(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """It cannot be denied."""
    network = ServiceNetwork(stack, "Net", auth=Auth.none())
    database = ResourceConfiguration.arn(stack, "Database", gateway=gateway, resource_arn=DATABASE)
    with pytest.raises(ArgumentError) as caught:
        network.add_resource("X", database, private_dns=False)
    assert str(caught.value) == (
        "Shop/Net/X: Shop/Database is a database that is shared by its ARN, which always has private DNS; "
        "leave private_dns out"
    )
    network.add_resource("X", database)
    Template.from_stack(stack).has_resource_properties(ASSOCIATION, {"PrivateDnsEnabled": Match.absent()})


def test_what_may_not_be_passed_on_is_in_no_network_that_can_be_shared(
    stack: cdk.Stack, gateway: ResourceGateway
) -> None:
    """Service networks can, unless they say otherwise; of an import it is not known."""
    host = _host(gateway, shareable=False)
    with pytest.raises(ArgumentError) as caught:
        ServiceNetwork(stack, "Net", auth=Auth.none()).add_resource("X", host)
    assert str(caught.value) == (
        "Shop/Net/X: Shop/Host may not be in a service network that is shareable, as Shop/Net is; make the one with "
        "allow_shareable_networks=True or the other with shareable=False"
    )
    ServiceNetwork(stack, "Private", auth=Auth.none(), shareable=False).add_resource("X", host)
    ServiceNetwork.from_service_network_id(stack, "Id", "sn-0123456789abcdef0").add_resource("X", host)
    Template.from_stack(stack).resource_count_is(ASSOCIATION, 2)
