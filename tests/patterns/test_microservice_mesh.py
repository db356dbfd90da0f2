"""The mesh pattern: every caller is asked who it is, every request is logged."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Match, Template

from constructs_lattice import (
    Action,
    ArgumentError,
    Auth,
    FlowLogs,
    LatticePrefixLists,
    MicroserviceMesh,
    Tier,
    Vpc,
)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated("app")], flow_logs=FlowLogs.none())


def test_the_network_asks_and_logs(stack: cdk.Stack, vpc: Vpc) -> None:
    """IAM, access logs that are kept, and an association that admits HTTPS from the VPC."""
    mesh = MicroserviceMesh(stack, "Mesh", vpcs={"shop": vpc})
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::VpcLattice::ServiceNetwork", {"AuthType": "AWS_IAM"})
    template.has_resource_properties(
        "AWS::VpcLattice::AccessLogSubscription", {"DestinationArn": stack.resolve(mesh.log_group.log_group_arn)}
    )
    template.has_resource("AWS::Logs::LogGroup", {"DeletionPolicy": "Retain", "Properties": {"RetentionInDays": 365}})
    template.has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {"SecurityGroupIngress": [Match.object_like({"CidrIp": "10.20.0.0/16", "FromPort": 443, "ToPort": 443})]},
    )
    template.resource_count_is("AWS::VpcLattice::ServiceNetworkVpcAssociation", 1)
    assert mesh.association("shop").vpc is vpc


def test_a_service_listens_for_https_in_the_network(stack: cdk.Stack, vpc: Vpc) -> None:
    """With an auth policy of its own, associated with the network."""
    mesh = MicroserviceMesh(stack, "Mesh", vpcs={"shop": vpc})
    orders = mesh.add_service("Orders", default_action=Action.fixed_response(404), auth=Auth.none())
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::VpcLattice::Service", {"AuthType": "NONE"})
    template.has_resource_properties("AWS::VpcLattice::Listener", {"Protocol": "HTTPS", "Port": 443})
    template.has_resource_properties(
        "AWS::VpcLattice::ServiceNetworkServiceAssociation",
        {"ServiceNetworkIdentifier": stack.resolve(mesh.service_network.service_network_arn)},
    )
    assert mesh.services == {"Orders": orders}


def test_clients_and_targets_are_opened_to_the_prefix_lists(stack: cdk.Stack, vpc: Vpc) -> None:
    """Never to addresses, and never to a security group."""
    lists = LatticePrefixLists.of(ipv4="pl-0123456789abcdef0", ipv6="pl-0fedcba9876543210")
    mesh = MicroserviceMesh(stack, "Mesh", vpcs={"shop": vpc}, prefix_lists=lists)
    client = ec2.SecurityGroup(stack, "Client", vpc=vpc, allow_all_outbound=False)
    target = ec2.SecurityGroup(stack, "Target", vpc=vpc, allow_all_outbound=False)
    mesh.allow_client(client)
    mesh.allow_target(target, 8080)
    template = Template.from_stack(stack)
    ids = ["pl-0123456789abcdef0", "pl-0fedcba9876543210"]
    rules = {
        kind: [r["Properties"] for r in template.find_resources(f"AWS::EC2::SecurityGroup{kind}").values()]
        for kind in ("Egress", "Ingress")
    }
    out = [r for r in rules["Egress"] if r["GroupId"] == stack.resolve(client.security_group_id)]
    assert [(r["DestinationPrefixListId"], r["FromPort"]) for r in out] == [(id_, 443) for id_ in ids]
    into = [r for r in rules["Ingress"] if r["GroupId"] == stack.resolve(target.security_group_id)]
    assert [(r["SourcePrefixListId"], r["FromPort"]) for r in into] == [(id_, 8080) for id_ in ids]


def test_without_prefix_lists_nothing_can_be_opened(stack: cdk.Stack, vpc: Vpc) -> None:
    """The message says what is missing."""
    mesh = MicroserviceMesh(stack, "Mesh", vpcs={"shop": vpc})
    with pytest.raises(ArgumentError) as caught:
        mesh.allow_client(ec2.SecurityGroup(stack, "Client", vpc=vpc))
    assert str(caught.value) == (
        "Shop/Mesh: security groups are opened to VPC Lattice by its prefix lists; give prefix_lists"
    )


def test_a_vpc_that_is_not_there_is_refused(stack: cdk.Stack, vpc: Vpc) -> None:
    """The message lists those that are."""
    mesh = MicroserviceMesh(stack, "Mesh", vpcs={"shop": vpc})
    with pytest.raises(ArgumentError) as caught:
        mesh.association("web")
    assert str(caught.value) == "Shop/Mesh: there is no vpc 'web'; there are 'shop'"


def test_a_second_mesh_in_one_vpc_is_refused(stack: cdk.Stack, vpc: Vpc) -> None:
    """And leaves nothing behind: a VPC has one association."""
    MicroserviceMesh(stack, "Mesh", vpcs={"shop": vpc})
    with pytest.raises(ArgumentError) as caught:
        MicroserviceMesh(stack, "Other", vpcs={"shop": vpc})
    assert str(caught.value) == (
        "Shop/Other/ServiceNetwork/shop: the vpc is associated with a service network already, by "
        "Shop/Mesh/ServiceNetwork/shop, and can be with one only; "
        "connect it to another one by a ServiceNetworkEndpoint"
    )
    assert stack.node.try_find_child("Other") is None
