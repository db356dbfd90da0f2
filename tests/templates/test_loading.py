"""Loading templates, and resolving what they say."""

from pathlib import Path

import pytest

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Reference, ResourceId, Unknown, load

pytestmark = pytest.mark.pure

NETWORK = """
Parameters:
  Block: {Type: String, Default: 10.0.0.0/16}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: !Ref Block}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 4, 8]]
      AvailabilityZone: !Select [0, !GetAZs '']
Outputs:
  VpcId: {Value: !Ref Vpc, Export: {Name: vpc}}
"""


def test_a_template_is_loaded_under_the_name_of_its_file(tmp_path: Path) -> None:
    """References are references, blocks are cut, and zones are symbols."""
    (tmp_path / "net.yaml").write_text(NETWORK)
    ((assumed, estate),) = load(tmp_path / "net.yaml").cases()
    subnet = estate.find("net.Subnet")
    assert assumed == ""
    assert subnet.get("VpcId") == Reference(ResourceId("net", "Vpc"))
    assert subnet.get("CidrBlock") == "10.0.1.0/24"
    zone = subnet.get("AvailabilityZone")
    assert isinstance(zone, Unknown)
    assert zone.symbol == "zone:${AWS::AccountId}:${AWS::Region}:0"
    assert subnet.where == f"{tmp_path}/net.yaml:8"
    assert estate.identify(subnet.get("VpcId")) == estate.find("net.Vpc")


def test_a_file_lists_stacks(tmp_path: Path) -> None:
    """One template is deployed twice; what one stack exports, the other imports."""
    (tmp_path / "net.yaml").write_text(NETWORK)
    (tmp_path / "use.json").write_text(
        '{"Parameters": {"Mine": {"Type": "String"}}, "Resources": {"Group": {"Type": "AWS::EC2::SecurityGroup",'
        ' "Properties": {"VpcId": {"Fn::ImportValue": "vpc"}, "GroupName": {"Ref": "Mine"}}}}}'
    )
    (tmp_path / "stacks.yaml").write_text(
        "stacks:\n"
        "  - {name: A, template: net.yaml, region: eu-west-1, account: '111111111111'}\n"
        "  - {name: B, template: net.yaml, region: us-east-1, account: '111111111111', "
        "parameters: {Block: 10.1.0.0/16}}\n"
        "  - name: C\n"
        "    template: use.json\n"
        "    region: us-east-1\n"
        "    account: '111111111111'\n"
        "    parameters: {Mine: {output: A.VpcId}}\n"
    )
    ((_, estate),) = load(tmp_path / "stacks.yaml").cases()
    group = estate.find("C.Group")
    assert group.get("VpcId") == Reference(ResourceId("B", "Vpc"))
    assert group.get("GroupName") == Reference(ResourceId("A", "Vpc"))
    assert estate.find("B.Subnet").get("CidrBlock") == "10.1.1.0/24"
    assert [each.region for each in estate.deployments] == ["eu-west-1", "us-east-1", "us-east-1"]


def test_an_unknown_name_has_a_nearest_one(tmp_path: Path) -> None:
    """A guarantee that names a thing that is not there says what was meant."""
    (tmp_path / "net.yaml").write_text(NETWORK)
    ((_, estate),) = load(tmp_path / "net.yaml").cases()
    with pytest.raises(TemplateError) as caught:
        estate.find("net.Subnett")
    assert str(caught.value) == "there is no resource 'net.Subnett', did you mean 'net.Subnet'?"
