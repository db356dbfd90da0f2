"""Service networks: defined, imported, associated with VPCs."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Match, Template

from constructs_lattice import (
    AccessLogs,
    Action,
    ArgumentError,
    Auth,
    Service,
    ServiceAssociation,
    ServiceNetwork,
    VpcAssociation,
)
from constructs_lattice import Match as Path

ARN = "arn:aws-us-gov:vpc-lattice:us-gov-west-1:111111111111:servicenetwork/sn-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.Vpc:
    return ec2.Vpc(stack, "Vpc", restrict_default_security_group=False, nat_gateways=0)


def test_a_service_network_asks_who_calls(stack: cdk.Stack) -> None:
    """Signed requests from its own account, unless it is told otherwise; CloudFormation makes the name."""
    ServiceNetwork(stack, "Mesh")
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::VpcLattice::ServiceNetwork", {"AuthType": "AWS_IAM", "Name": Match.absent()})
    template.has_resource_properties(
        "AWS::VpcLattice::AuthPolicy",
        {
            "Policy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "vpc-lattice-svcs:Invoke",
                        "Principal": "*",
                        "Resource": "*",
                        "Condition": {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}},
                    }
                ],
            }
        },
    )


def test_access_logs_of_each_kind(stack: cdk.Stack) -> None:
    """CloudWatch, S3 and Firehose, a subscription each."""
    group, bucket = logs.LogGroup(stack, "Group"), s3.Bucket(stack, "Bucket")
    stream = "arn:aws:firehose:eu-west-1:111111111111:deliverystream/mesh"
    network = ServiceNetwork(
        stack,
        "Mesh",
        auth=Auth.none(),
        access_logs=[AccessLogs.to_cloud_watch(group), AccessLogs.to_s3(bucket), AccessLogs.to_firehose(stream)],
    )
    subscriptions = Template.from_stack(stack).find_resources("AWS::VpcLattice::AccessLogSubscription").values()
    assert [each["Properties"]["DestinationArn"] for each in subscriptions] == stack.resolve(
        [group.log_group_arn, bucket.bucket_arn, stream]
    )
    assert {str(each["Properties"]["ResourceIdentifier"]) for each in subscriptions} == {
        str(stack.resolve(network.service_network_arn))
    }


def test_two_destinations_of_one_kind_are_refused(stack: cdk.Stack) -> None:
    """VPC Lattice has one subscription of each kind."""
    stream = AccessLogs.to_firehose("arn:aws:firehose:eu-west-1:111111111111:deliverystream/mesh")
    with pytest.raises(ArgumentError) as caught:
        ServiceNetwork(stack, "Mesh", access_logs=[stream, stream])
    assert str(caught.value) == ("Shop/Mesh: access_logs has 2 destinations in Firehose, there can be one of each kind")
    assert stack.node.children == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ab", "service_network_name must be 3 to 63 characters long, got 'ab' (2)"),
        ("a" * 64, f"service_network_name must be 3 to 63 characters long, got '{'a' * 64}' (64)"),
        (
            "Shop",
            "service_network_name must be lower-case letters, digits and single hyphens, "
            "beginning and ending with a letter or a digit, got 'Shop'",
        ),
        (
            "a--b",
            "service_network_name must be lower-case letters, digits and single hyphens, "
            "beginning and ending with a letter or a digit, got 'a--b'",
        ),
        (
            "servicenetwork-shop",
            "service_network_name must not begin with 'servicenetwork-', which ids do, got 'servicenetwork-shop'",
        ),
    ],
)
def test_names_out_of_their_limits_are_refused(stack: cdk.Stack, name: str, message: str) -> None:
    """CloudFormation would refuse them at deploy time."""
    with pytest.raises(ArgumentError) as caught:
        ServiceNetwork(stack, "Mesh", service_network_name=name)
    assert str(caught.value) == f"Shop/Mesh: {message}"
    assert stack.node.children == []


def test_a_name_that_only_the_deployment_knows_passes(stack: cdk.Stack) -> None:
    """Such as a parameter."""
    ServiceNetwork(stack, "Mesh", service_network_name=cdk.CfnParameter(stack, "Name").value_as_string)
    Template.from_stack(stack).has_resource_properties("AWS::VpcLattice::ServiceNetwork", {"Name": {"Ref": "Name"}})


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda stack: ServiceNetwork.from_service_network_arn(stack, "Net", ARN), ARN),
        (
            lambda stack: ServiceNetwork.from_service_network_arn(stack, "Net", cdk.Fn.import_value("Arn")),
            {"Fn::ImportValue": "Arn"},
        ),
        (lambda stack: vpclattice.CfnServiceNetwork(stack, "Net"), {"Ref": "Net"}),
    ],
    ids=["arn", "token", "l1"],
)
def test_any_service_network_will_do(
    stack: cdk.Stack, vpc: ec2.Vpc, make: Callable[[cdk.Stack], ServiceNetwork], expected: object
) -> None:
    """Imported ones of any partition, tokens, and L1 constructs of aws-cdk-lib."""
    network = make(stack)
    VpcAssociation(stack, "Association", service_network=network, vpc=vpc)
    Service(stack, "Orders", service_networks=[network])
    template = Template.from_stack(stack)
    for type_ in ("ServiceNetworkVpcAssociation", "ServiceNetworkServiceAssociation"):
        template.has_resource_properties(f"AWS::VpcLattice::{type_}", {"ServiceNetworkIdentifier": expected})


def test_an_id_becomes_an_arn_of_the_stack(stack: cdk.Stack) -> None:
    """In its partition, region and account."""
    network = ServiceNetwork.from_service_network_id(stack, "Net", "sn-0123456789abcdef0")
    assert stack.resolve(network.service_network_ref.service_network_arn) == {
        "Fn::Join": [
            "",
            [
                "arn:",
                {"Ref": "AWS::Partition"},
                ":vpc-lattice:",
                {"Ref": "AWS::Region"},
                ":",
                {"Ref": "AWS::AccountId"},
                ":servicenetwork/sn-0123456789abcdef0",
            ],
        ]
    }


def test_ours_are_what_aws_cdk_lib_knows_by_its_references(stack: cdk.Stack) -> None:
    """It takes them where it wants an IServiceNetworkRef, an IServiceRef, an IListenerRef, an IRuleRef."""
    network, service = ServiceNetwork(stack, "Mesh"), Service(stack, "Orders")
    listener = service.add_listener("Https", default_action=Action.fixed_response(404))
    rule = listener.add_rule("Rule", priority=1, match=Path.path_exact("/"), action=Action.fixed_response(404))
    arns = {
        vpclattice.CfnServiceNetwork.arn_for_service_network(network): network.resource,
        vpclattice.CfnService.arn_for_service(service): service.resource,
        vpclattice.CfnListener.arn_for_listener(listener): listener.resource,
        vpclattice.CfnRule.arn_for_rule(rule): rule.resource,
    }
    for arn, resource in arns.items():
        assert stack.resolve(arn) == {"Fn::GetAtt": [stack.get_logical_id(resource), "Arn"]}


def test_a_vpc_is_associated_with_its_security_groups(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """Those that are given are used."""
    group = ec2.SecurityGroup(stack, "Clients", vpc=vpc)
    association = ServiceNetwork(stack, "Mesh").add_vpc_association("Vpc", vpc=vpc, security_groups=[group])
    assert association.vpc is vpc
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::ServiceNetworkVpcAssociation",
        {
            "VpcIdentifier": stack.resolve(vpc.vpc_id),
            "SecurityGroupIds": [stack.resolve(group.security_group_id)],
        },
    )


def test_without_security_groups_nothing_is_filtered(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """The property is left out: an empty list is something else."""
    ServiceNetwork(stack, "Mesh").add_vpc_association("Vpc", vpc=vpc)
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::ServiceNetworkVpcAssociation", {"SecurityGroupIds": Match.absent()}
    )


def test_a_vpc_has_one_association(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """A second one, in whatever network and stack of the app, is refused, and the way out is named."""
    ServiceNetwork(stack, "Mesh").add_vpc_association("Vpc", vpc=vpc)
    other = cdk.Stack(stack.node.root, "Other")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError) as caught:
        ServiceNetwork(other, "Mesh").add_vpc_association("Vpc", vpc=vpc)
    assert str(caught.value) == (
        "Other/Mesh/Vpc: the vpc is associated with a service network already, by Shop/Mesh/Vpc, and can be with one "
        "only; connect it to another one by a ServiceNetworkEndpoint"
    )


def test_an_association_that_failed_does_not_count(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """The VPC is as free as before."""
    network = ServiceNetwork(stack, "Mesh")
    groups = [ec2.SecurityGroup(stack, f"Clients{number}", vpc=vpc) for number in range(6)]
    with pytest.raises(ArgumentError) as caught:
        network.add_vpc_association("Vpc", vpc=vpc, security_groups=groups)
    assert str(caught.value) == "Shop/Mesh/Vpc: there must be 0 to 5 security_groups, got 6"
    network.add_vpc_association("Vpc", vpc=vpc, security_groups=groups[:5])


def test_two_apps_do_not_know_each_other() -> None:
    """The same id of a VPC in another app is another deployment."""
    for _ in range(2):
        stack = cdk.Stack(cdk.App(), "Shop")
        vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-1", availability_zones=["eu-west-1a"])
        ServiceNetwork(stack, "Mesh").add_vpc_association("Vpc", vpc=vpc)
        Template.from_stack(stack).resource_count_is("AWS::VpcLattice::ServiceNetworkVpcAssociation", 1)


def test_services_are_added_to_a_network(stack: cdk.Stack) -> None:
    """From the network's side, too."""
    network = ServiceNetwork(stack, "Mesh")
    association = network.add_service("Orders", Service(stack, "Orders"))
    assert isinstance(association, ServiceAssociation)
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::ServiceNetworkServiceAssociation", 1)
