"""Associations of VPCs: any VPC, any network, one association each."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Annotations, Template

from constructs_lattice import ArgumentError, FlowLogs, PrivateDomains, ServiceNetwork, Tier, Vpc, VpcAssociation, Zones

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


def test_a_security_group_is_there_once(stack: cdk.Stack) -> None:
    """CloudFormation refuses a list in which one is twice; two imports may be of the same one."""
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])
    groups = [ec2.SecurityGroup.from_security_group_id(stack, name, "sg-0123456789abcdef0") for name in ("One", "Two")]
    with pytest.raises(ArgumentError) as caught:
        ServiceNetwork(stack, "Mesh").add_vpc_association("Vpc", vpc=vpc, security_groups=groups)
    assert str(caught.value) == "Shop/Mesh/Vpc: security_groups has Shop/Two twice; leave it out once"


def test_too_many_groups_leave_nothing_behind(stack: cdk.Stack) -> None:
    """Five is a quota that AWS does not raise."""
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])
    groups = [ec2.SecurityGroup.from_security_group_id(stack, f"Group{n}", f"sg-0123456789abcdef{n}") for n in range(6)]
    network = ServiceNetwork(stack, "Mesh")
    with pytest.raises(ArgumentError) as caught:
        network.add_vpc_association("Vpc", vpc=vpc, security_groups=groups)
    assert str(caught.value) == "Shop/Mesh/Vpc: there must be 0 to 5 security_groups, got 6"
    assert network.node.try_find_child("Vpc") is None


def test_private_dns_is_said_for_the_vpc(stack: cdk.Stack) -> None:
    """With the preference, and its domains if it has any."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())
    ServiceNetwork(stack, "Mesh").add_vpc_association(
        "Vpc", vpc=vpc, private_dns=PrivateDomains.specified("*.example.com")
    )
    Template.from_stack(stack).has_resource_properties(
        ASSOCIATION,
        {
            "PrivateDnsEnabled": True,
            "DnsOptions": {
                "PrivateDnsPreference": "SPECIFIED_DOMAINS_ONLY",
                "PrivateDnsSpecifiedDomains": ["*.example.com"],
            },
        },
    )


def test_private_dns_needs_dns_in_the_vpc(stack: cdk.Stack) -> None:
    """An L1 construct has no DNS hostnames unless it says so."""
    vpc = ec2.Vpc(stack, "Vpc", enable_dns_support=False, nat_gateways=0)
    with pytest.raises(ArgumentError) as caught:
        ServiceNetwork(stack, "Mesh").add_vpc_association("Vpc", vpc=vpc, private_dns=PrivateDomains.all())
    assert str(caught.value) == (
        "Shop/Mesh/Vpc: private_dns needs DNS support and DNS hostnames, which the vpc lacks; enable them both"
    )


def test_a_group_of_another_vpc_is_refused(stack: cdk.Stack) -> None:
    """Both are made here, so they are known to be two; ids that are written down are compared."""
    one, other = (ec2.Vpc(stack, name, nat_gateways=0) for name in ("One", "Other"))
    network = ServiceNetwork(stack, "Mesh")
    group = ec2.SecurityGroup(stack, "Group", vpc=other)
    with pytest.raises(ArgumentError) as caught:
        network.add_vpc_association("Vpc", vpc=one, security_groups=[group])
    assert str(caught.value) == (
        "Shop/Mesh/Vpc: security_groups must be in the vpc, but Shop/Group is in another one; make it there"
    )
    known = [
        ec2.Vpc.from_vpc_attributes(stack, name, vpc_id=f"vpc-{number:017x}", availability_zones=["eu-west-1a"])
        for number, name in enumerate(("A", "B"))
    ]
    with pytest.raises(ArgumentError) as caught:
        network.add_vpc_association("Vpc", vpc=known[0], security_groups=[ec2.SecurityGroup(stack, "G", vpc=known[1])])
    assert str(caught.value) == (
        "Shop/Mesh/Vpc: security_groups must be in the vpc, but Shop/G is in another one; make it there"
    )
    # A parameter may be either of them.
    token = ec2.Vpc.from_vpc_attributes(
        stack, "C", vpc_id=cdk.CfnParameter(stack, "Id").value_as_string, availability_zones=["eu-west-1a"]
    )
    network.add_vpc_association("Vpc", vpc=token, security_groups=[group])


def test_an_association_connects_as_other_constructs_do(stack: cdk.Stack) -> None:
    """Clients are let into its security groups."""
    vpc = ec2.Vpc(stack, "Vpc", nat_gateways=0)
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc, allow_all_outbound=False)
    client = ec2.SecurityGroup(stack, "Client", vpc=vpc, allow_all_outbound=False)
    association = ServiceNetwork(stack, "Mesh").add_vpc_association("Vpc", vpc=vpc, security_groups=[group])
    association.connections.allow_from(client, ec2.Port.tcp(443))
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"GroupId": stack.resolve(group.security_group_id), "FromPort": 443}
    )


def test_an_l1_construct_that_associates_a_vpc_again_is_found(stack: cdk.Stack) -> None:
    """At synthesis, in whatever stack it is."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())
    network = ServiceNetwork(stack, "Mesh")
    network.add_vpc_association("Vpc", vpc=vpc)
    other = cdk.Stack(app, "Other", env=ENV)
    vpclattice.CfnServiceNetworkVpcAssociation(other, "Unrelated", vpc_identifier="vpc-0123456789abcdef0")
    vpclattice.CfnServiceNetworkVpcAssociation(other, "Again", vpc_identifier=vpc.vpc_id)
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    assert (
        "the vpc of Shop/Mesh/Vpc is associated with a service network again, by Other/Again, and can be with one "
        "only; connect it to another one by a ServiceNetworkEndpoint"
    ) in str(caught.value)
    assert "Unrelated" not in str(caught.value)


def test_a_zone_without_vpc_lattice_is_a_warning(stack: cdk.Stack) -> None:
    """Other zones of the VPC work."""
    vpc = Vpc(
        stack,
        "Vpc",
        cidr="10.20.0.0/16",
        tiers=[Tier.isolated()],
        zones=Zones.ids("euw1-az1", "euw1-az4"),
        flow_logs=FlowLogs.none(),
    )
    ServiceNetwork(stack, "Mesh").add_vpc_association("Vpc", vpc=vpc)
    Annotations.from_stack(stack).has_warning(
        "/Shop/Mesh/Vpc",
        "VPC Lattice is not in the zone euw1-az4, in which the vpc has subnets "
        "[ack: constructs-lattice:latticeUnsupportedZone]",
    )


def test_ours_are_what_aws_cdk_lib_knows_by_their_references(stack: cdk.Stack) -> None:
    """It takes associations where it wants their references."""
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])
    network = ServiceNetwork(stack, "Mesh")
    of_vpc = network.add_vpc_association("Vpc", vpc=vpc)
    of_service = network.add_service("Orders", vpclattice.CfnService(stack, "Orders"))
    vpcs, services = vpclattice.CfnServiceNetworkVpcAssociation, vpclattice.CfnServiceNetworkServiceAssociation
    arns = {
        vpcs.arn_for_service_network_vpc_association(of_vpc): of_vpc.resource,
        services.arn_for_service_network_service_association(of_service): of_service.resource,
    }
    for arn, resource in arns.items():
        assert stack.resolve(arn) == {"Fn::GetAtt": [stack.get_logical_id(resource), "Arn"]}
