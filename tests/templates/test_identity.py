"""Which resource a value names, and how one is asked for."""

from pathlib import Path

import pytest

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Reference, Text, Unknown, Value, joined
from tests.templates.stacks import estate, reference, stack

pytestmark = pytest.mark.pure

TEXT = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}, Metadata: {'aws:cdk:path': Shop/Net/Resource}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: web, GroupName: web}}
  Address: {Type: AWS::EC2::EIP}
  Hub: {Type: AWS::EC2::TransitGateway}
  Concentrator: {Type: AWS::EC2::VPNConcentrator}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: web, Path: /apps/}}
  Nameless: {Type: AWS::IAM::Role}
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: front}}
  Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup}
  Wall: {Type: AWS::NetworkFirewall::Firewall, Properties: {FirewallName: wall}}
  Service: {Type: AWS::VpcLattice::Service, Properties: {Name: orders}}
  Mesh: {Type: AWS::VpcLattice::ServiceNetwork, Properties: {Name: mesh}}
  Function: {Type: AWS::Lambda::Function, Properties: {FunctionName: orders}}
  Bucket: {Type: AWS::S3::Bucket}
"""
ESTATE = estate(stack(TEXT))
_PREFIX = "eu-west-1:111111111111"


def _arn(*parts: str | Reference) -> Value:
    return joined(["arn:aws:", *parts])


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (reference("Vpc"), "Vpc"),
        (reference("Vpc", "VpcId"), "Vpc"),
        (reference("Vpc", "DefaultSecurityGroup"), None),
        (reference("Group", "GroupId"), "Group"),
        (reference("Address"), "Address"),
        (reference("Address", "AllocationId"), "Address"),
        (reference("Hub", "Id"), "Hub"),
        (reference("Concentrator", "TransitGatewayAttachmentId"), None),
        (reference("Role", "Arn"), "Role"),
        (reference("Balancer", "LoadBalancerFullName"), "Balancer"),
        (reference("Balancer", "DNSName"), None),
        (reference("Targets", "TargetGroupArn"), "Targets"),
        (reference("Wall", "EndpointIds.eu-west-1a"), "Wall"),
        (reference("Service", "Id"), "Service"),
        (reference("Nowhere"), None),
        ("front", "Balancer"),
        ("mesh", "Mesh"),
        ("web", None),  # a security group and a role
        ("arn:aws:iam::111111111111:role/apps/web", "Role"),
        ("arn:aws:iam::222222222222:role/apps/web", None),
        ("arn:aws:iam::111111111111:role/web", None),
        (_arn("iam::111111111111:role/", reference("Nameless")), "Nameless"),
        (_arn(f"vpc-lattice:{_PREFIX}:service/", reference("Service", "Id")), "Service"),
        (_arn("vpc-lattice:us-east-1:111111111111:service/", reference("Service", "Id")), None),
        (_arn(f"vpc-lattice:{_PREFIX}:service/", reference("Service", "Id"), "/*"), None),
        (_arn(f"ec2:{_PREFIX}:vpc/", reference("Vpc")), "Vpc"),
        (_arn(f"ec2:{_PREFIX}:vpc/", reference("Vpc", "VpcId")), "Vpc"),
        (_arn(f"ec2:{_PREFIX}:security-group/", reference("Group", "GroupId")), "Group"),
        (f"arn:aws:network-firewall:{_PREFIX}:firewall/wall", "Wall"),
        (_arn(f"elasticloadbalancing:{_PREFIX}:", reference("Targets", "TargetGroupFullName")), "Targets"),
        (f"arn:aws:lambda:{_PREFIX}:function:orders", "Function"),
        (_arn("s3:::", reference("Bucket")), "Bucket"),
        ("vpc-0123456789", None),
        (Unknown("nobody knows", "x"), None),
        (["front"], None),
        (None, None),
    ],
)
def test_a_value_names_a_resource(value: Value, name: str | None) -> None:
    """By reference, by an attribute that identifies it, by its ARN put together, or by the name that it is given."""
    found = ESTATE.identify(value)
    assert (found and found.id.logical_id) == name


def test_a_name_of_two_resources_is_told_apart_by_the_type() -> None:
    """Names are unique within a type at most."""
    assert ESTATE.identify("web", "AWS::IAM::Role") is ESTATE.find("Shop.Role")
    assert ESTATE.identify("web", "AWS::EC2::SecurityGroup") is ESTATE.find("Shop.Group")
    assert ESTATE.identify("orders", "AWS::VpcLattice::Service", "AWS::IAM::Role") is ESTATE.find("Shop.Service")
    assert ESTATE.identify(reference("Vpc"), "AWS::EC2::Subnet") is None


def test_texts_that_are_the_same_are_spelled_the_same() -> None:
    """An ARN that `Fn::GetAtt` gives, and one that is put together."""
    service = Text((f"arn:aws:vpc-lattice:{_PREFIX}:service/", reference("Service", "Id")))
    assert ESTATE.spelled(reference("Service", "Arn")) == ESTATE.spelled(reference("Service")) == service
    assert ESTATE.spelled(Text((reference("Service", "Arn"), "/*"))) == Text((*service.parts, "/*"))
    assert ESTATE.spelled(reference("Role", "Arn")) == "arn:aws:iam::111111111111:role/apps/web"
    assert ESTATE.spelled(reference("Vpc", "VpcId")) == reference("Vpc")
    assert ESTATE.spelled(reference("Vpc", "DefaultNetworkAcl")) == reference("Vpc", "DefaultNetworkAcl")
    assert ESTATE.spelled(["left", "alone"]) == ["left", "alone"]


def test_what_is_cut_out_of_an_arn_is_the_identifier() -> None:
    """As the CDK cuts the id of a service out of its ARN.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-vpclattice-service.html
    """
    text = TEXT + (
        "  Probe:\n"
        "    Type: X::Y::Z\n"
        "    Properties:\n"
        "      Id: !Select [1, !Split ['/', !GetAtt Service.Arn]]\n"
        "      Account: !Select [4, !Split [':', !Ref Service]]\n"
        "      Last: !Select [5, !Split [':', !GetAtt Role.Arn]]\n"
        "      Name: !Select [2, !Split ['/', !Ref Balancer]]\n"
    )
    found = estate(stack(text))
    probe = found.find("Shop.Probe")
    assert probe.get("Id") == reference("Service", "Id")
    assert found.identify(probe.get("Id")) is found.find("Shop.Service")
    assert probe.get("Account") == "111111111111"
    assert probe.get("Last") == "role/apps/web"
    assert isinstance(probe.get("Name"), Unknown)


def test_a_place_that_nobody_knows_is_in_the_arn() -> None:
    """Both ways to write it have the same symbols."""
    text = TEXT + (
        "  Probe:\n    Type: X::Y::Z\n    Properties:\n"
        "      P: !Sub 'arn:${AWS::Partition}:vpc-lattice:${AWS::Region}:${AWS::AccountId}:service/${Service.Id}'\n"
    )
    found = estate(stack(text, region=None, account=None))
    assert found.identify(found.find("Shop.Probe").get("P")) is found.find("Shop.Service")


@pytest.mark.parametrize("name", ["Shop.Vpc", "Shop/Net", "Shop/Net/Resource"])
def test_a_resource_is_found_by_its_names(name: str) -> None:
    """`Stack.LogicalId`, the construct path of its own, and that of the construct it is the main resource of."""
    assert ESTATE.find(name).id.logical_id == "Vpc"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Shop.Vpcs", "there is no resource 'Shop.Vpcs', did you mean 'Shop.Vpc'?"),
        ("Shop/Nets", "there is no resource 'Shop/Nets', did you mean 'Shop/Net'?"),
        ("quite different", "there is no resource 'quite different'"),
    ],
)
def test_a_name_of_nothing_is_an_error(name: str, message: str) -> None:
    """It says what is near."""
    with pytest.raises(TemplateError) as caught:
        ESTATE.find(name)
    assert str(caught.value) == message


def test_a_resource_says_where_it_is() -> None:
    """The file and the line, for messages."""
    assert ESTATE.find("Shop.Vpc").where == f"{Path('shop.yaml')}:3"
    assert str(ESTATE.find("Shop.Group").id) == "Shop.Group"
