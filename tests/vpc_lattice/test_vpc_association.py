"""Associations of VPCs: any VPC, any network, one association each."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Template

from constructs_lattice import ArgumentError, FlowLogs, ServiceNetwork, Tier, Vpc, VpcAssociation

ENV = cdk.Environment(account="111111111111", region="eu-west-1")
ASSOCIATION = "AWS::VpcLattice::ServiceNetworkVpcAssociation"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=ENV)


def test_our_vpc_with_all_that_can_be_said(stack: cdk.Stack) -> None:
    """The network by its ARN, the VPC by its id, five groups in their order."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())
    network = vpclattice.CfnServiceNetwork(stack, "Mesh")
    ids = [f"sg-0123456789abcdef{number}" for number in range(5)]
    groups = [ec2.SecurityGroup.from_security_group_id(stack, id_, id_) for id_ in ids]
    association = VpcAssociation(stack, "Association", service_network=network, vpc=vpc, security_groups=groups)
    assert association.vpc is vpc
    (resource,) = Template.from_stack(stack).find_resources(ASSOCIATION).values()
    assert resource["Properties"] == {
        "ServiceNetworkIdentifier": {"Ref": "Mesh"},
        "VpcIdentifier": stack.resolve(vpc.vpc_id),
        "SecurityGroupIds": ids,
        "Tags": [{"Key": "Name", "Value": "Shop/Association"}],
    }
    assert stack.get_logical_id(association.resource).startswith("Association")


def test_two_vpcs_that_were_not_looked_up_yet_are_two(stack: cdk.Stack) -> None:
    """Every look-up has the same id until `cdk synth` has looked: it says nothing about which VPC it is."""
    network = ServiceNetwork(stack, "Mesh")
    vpcs = [ec2.Vpc.from_lookup(stack, name, vpc_name=name) for name in ("Blue", "Green")]
    assert vpcs[0].vpc_id == vpcs[1].vpc_id
    for vpc in vpcs:
        network.add_vpc_association(vpc.node.id, vpc=vpc)
    Template.from_stack(stack).resource_count_is(ASSOCIATION, 2)


def test_vpcs_that_only_the_deployment_knows_pass(stack: cdk.Stack) -> None:
    """Two parameters may be two VPCs."""
    network = ServiceNetwork(stack, "Mesh")
    for name in ("Blue", "Green"):
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            name,
            vpc_id=cdk.CfnParameter(stack, f"{name}Id").value_as_string,
            availability_zones=["eu-west-1a"],
        )
        network.add_vpc_association(f"Of{name}", vpc=vpc)
    associations = Template.from_stack(stack).find_resources(ASSOCIATION).values()
    assert [each["Properties"]["VpcIdentifier"] for each in associations] == [{"Ref": "BlueId"}, {"Ref": "GreenId"}]


def test_one_vpc_imported_twice_is_one(stack: cdk.Stack) -> None:
    """The id counts, not the object; the second association leaves nothing behind."""
    network = ServiceNetwork(stack, "Mesh")
    first, second = (
        ec2.Vpc.from_vpc_attributes(stack, name, vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])
        for name in ("First", "Second")
    )
    network.add_vpc_association("One", vpc=first)
    with pytest.raises(ArgumentError) as caught:
        network.add_vpc_association("Two", vpc=second)
    assert str(caught.value) == (
        "Shop/Mesh/Two: the vpc is associated with a service network already, by Shop/Mesh/One, and can be with one "
        "only; connect it to another one by a ServiceNetworkEndpoint"
    )
    assert network.node.try_find_child("Two") is None


def test_too_many_groups_leave_nothing_behind(stack: cdk.Stack) -> None:
    """Five is a quota that AWS does not raise."""
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])
    groups = [ec2.SecurityGroup.from_security_group_id(stack, f"Group{n}", f"sg-0123456789abcdef{n}") for n in range(6)]
    network = ServiceNetwork(stack, "Mesh")
    with pytest.raises(ArgumentError) as caught:
        network.add_vpc_association("Vpc", vpc=vpc, security_groups=groups)
    assert str(caught.value) == "Shop/Mesh/Vpc: there must be 0 to 5 security_groups, got 6"
    assert network.node.try_find_child("Vpc") is None
