"""RES-1: `Ref` and `Fn::GetAtt` name a resource of one stack; what mirrors a property is that property.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
"""

import pytest

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Reference, Value
from tests.templates.stacks import estate, reference, stack, value

pytestmark = pytest.mark.pure

NETWORK = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a, Ipv6CidrBlock: '2001:db8::/64'}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: web, VpcId: !Ref Vpc}}
  Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet, PrivateIpAddress: 10.0.1.9}}
  Nic: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref Subnet, PrivateIpAddress: 10.0.1.8}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: web}}
  Mesh: {Type: AWS::VpcLattice::ServiceNetwork}
  Shop: {Type: AWS::VpcLattice::Service}
  Joined:
    Type: AWS::VpcLattice::ServiceNetworkServiceAssociation
    Properties: {ServiceIdentifier: !Ref Shop, ServiceNetworkIdentifier: !GetAtt Mesh.Id}
  Probe: {Type: X::Y::Z, Properties: {P: EXPRESSION}}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Vpc", reference("Vpc")),
        ("!GetAtt Vpc.VpcId", reference("Vpc", "VpcId")),
        ("!GetAtt Vpc.DefaultSecurityGroup", reference("Vpc", "DefaultSecurityGroup")),
        ("!GetAtt Vpc.DefaultNetworkAcl", reference("Vpc", "DefaultNetworkAcl")),
        ("!GetAtt Group.GroupId", reference("Group", "GroupId")),
        ("!GetAtt [Role, Arn]", reference("Role", "Arn")),
        ("!GetAtt [Role, !Sub 'Ar${Letter}']", reference("Role", "Arn")),
        ("!GetAtt Mesh.Id", reference("Mesh", "Id")),
    ],
)
def test_what_the_deployment_gives_is_a_reference(expression: str, expected: Reference) -> None:
    """Not a text: two references are equal when they are to the same attribute of the same resource."""
    text = "Parameters: {Letter: {Type: String, Default: n}}" + NETWORK.replace("EXPRESSION", expression)
    assert estate(stack(text)).find("Shop.Probe").get("P") == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!GetAtt Vpc.CidrBlock", "10.0.0.0/16"),
        ("!GetAtt Subnet.CidrBlock", "10.0.1.0/24"),
        ("!GetAtt Subnet.AvailabilityZone", "eu-west-1a"),
        ("!GetAtt Subnet.VpcId", reference("Vpc")),
        ("!GetAtt Subnet.Ipv6CidrBlocks", ["2001:db8::/64"]),
        ("!GetAtt Group.VpcId", reference("Vpc")),
        ("!GetAtt Host.PrivateIp", "10.0.1.9"),
        ("!GetAtt Nic.PrimaryPrivateIpAddress", "10.0.1.8"),
        ("!GetAtt Joined.ServiceArn", reference("Shop")),
        ("!GetAtt Joined.ServiceNetworkArn", reference("Mesh", "Id")),
    ],
)
def test_an_attribute_that_mirrors_a_property_is_that_property(expression: str, expected: Value) -> None:
    """The attributes of the resource schemas whose values the template says."""
    assert estate(stack(NETWORK.replace("EXPRESSION", expression))).find("Shop.Probe").get("P") == expected


def test_a_template_that_is_deployed_twice_has_two_of_everything() -> None:
    """A reference is scoped by its stack."""
    found = estate(
        stack(NETWORK, name="One", region="eu-west-1"),
        stack(NETWORK, name="Two", region="us-east-1"),
    )
    assert found.find("One.Subnet").get("VpcId") == reference("Vpc", name="One")
    assert found.find("Two.Subnet").get("VpcId") == reference("Vpc", name="Two")
    assert [(each.name, each.region) for each in found.deployments] == [("One", "eu-west-1"), ("Two", "us-east-1")]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("!Ref Thin", "there is no parameter or resource 'Thin', did you mean 'Thing'?"),
        ("!GetAtt Thin.Arn", "there is no resource 'Thin', did you mean 'Thing'?"),
        ("!Ref AWS::Continent", "there is no pseudo parameter AWS::Continent"),
        ("!Sub '${Thin}'", "there is no parameter or resource 'Thin', did you mean 'Thing'?"),
        ("!Ref [Thing]", "needs the name of a parameter or a resource, got ['Thing']"),
        ("!GetAtt Thing", "needs a resource and an attribute, got a list of 1"),
        ("!GetAtt [[Thing], Arn]", "needs the logical id of a resource, got ['Thing']"),
    ],
)
def test_a_name_that_is_not_there_is_an_error(expression: str, message: str) -> None:
    """With the file, the line, the place in the template, and the nearest name."""
    function = {"R": "Ref", "G": "Fn::GetAtt", "S": "Fn::Sub"}[expression[1]]
    with pytest.raises(TemplateError) as caught:
        value(expression)
    assert str(caught.value) == f"shop.yaml:6: Resources.Thing.Properties.P.{function}: {message}"
