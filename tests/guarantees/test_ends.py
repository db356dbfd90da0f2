"""What the names in guarantees mean."""

import pytest

from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees.ends import Ends
from constructs_lattice.model.block import Block
from constructs_lattice.reachability import Addresses, OnPremises, Owner, TheInternet
from constructs_lattice.templates import load
from constructs_lattice.templates.network import read_network

pytestmark = pytest.mark.pure

TEMPLATE = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  AppA:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: 10.0.0.0/24
      Tags: [{Key: 'aws-cdk:subnet-name', Value: app}]
  Empty:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: 10.0.1.0/24
      Tags: [{Key: 'aws-cdk:subnet-name', Value: data}]
  Web:
    Type: AWS::EC2::Instance
    Metadata: {'aws:cdk:path': Shop/Web/Resource}
    Properties: {SubnetId: !Ref AppA, Tags: [{Key: Team, Value: web}]}
  Queue:
    Type: AWS::SQS::Queue
    Metadata: {'aws:cdk:path': Shop/Work/Queue/Resource}
  Worker:
    Type: AWS::EC2::Instance
    Metadata: {'aws:cdk:path': Shop/Work/Instance/Resource}
    Properties: {SubnetId: !Ref AppA}
"""


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """The ends of one small network."""
    path = tmp_path_factory.mktemp("ends") / "Shop.template.yaml"
    path.write_text(TEMPLATE)
    (case,) = load(path).cases()
    return Ends(case.estate, read_network(case.estate))


NAMES = {
    "internet": TheInternet(4),
    "internet6": TheInternet(6),
    "ip:10.0.0.7": Addresses(Block.of("10.0.0.7/32")),
    "cidr:10.0.0.0/16": Addresses(Block.of("10.0.0.0/16")),
    "onprem:192.168.0.0/16": OnPremises(Block.of("192.168.0.0/16")),
    "Shop.Web": Owner("Shop.Web"),
    "Shop/Web/Resource": Owner("Shop.Web"),
    "Shop/Web": Owner("Shop.Web"),
    "Shop/Work": Owner("Shop.Worker"),
    "tier:Shop.Vpc/app": Owner("tier:Shop.Vpc/app", ("Shop.Web", "Shop.Worker"), ("Shop.AppA",)),
    "tier:Shop.Vpc/data": Owner("tier:Shop.Vpc/data", (), ("Shop.Empty",)),
    "tag:Team=web": Owner("tag:Team=web", ("Shop.Web",)),
}


@pytest.mark.parametrize(("name", "end"), NAMES.items(), ids=NAMES)
def test_a_name_means_an_end(ends: Ends, name: str, end: object) -> None:
    """A resource is named by its id or its construct path; the path of a construct around it does, too."""
    assert ends.find("g", name) == end


MISTAKES = {
    "Shop.Wbe": "g: there is no resource 'Shop.Wbe', did you mean 'Shop.Web' or 'Shop/Web' or 'Shop.Worker'?",
    "ip:10.0.0.0/16": "g: 'ip:10.0.0.0/16' is a block; write cidr:10.0.0.0/16",
    "ip:here": "g: 'ip:here' has no address in it",
    "cidr:wide": "g: 'cidr:wide' has no block in it",
    "tier:app": "g: a tier is named tier:Stack.Vpc/app, got 'tier:app'",
    "tier:Shop.Vpc/ap": "g: Shop.Vpc has no tier 'ap'; did you mean 'app'?",
    "tag:Team": "g: a tag is named tag:Key=Value, got 'tag:Team'",
    "tag:Team=wed": "g: no resource has the tag 'Team=wed'; did you mean 'Team=web'?",
}


@pytest.mark.parametrize(("name", "message"), MISTAKES.items(), ids=MISTAKES)
def test_a_name_that_means_nothing_is_an_error(ends: Ends, name: str, message: str) -> None:
    """With the nearest one that does."""
    with pytest.raises(GuaranteeError) as caught:
        ends.find("g", name)
    assert str(caught.value) == message
