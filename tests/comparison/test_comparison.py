"""Two versions of an application: which flows open and close, and what is replaced."""

from pathlib import Path

import pytest

from constructs_lattice.cli.__main__ import main
from constructs_lattice.comparison import compare
from constructs_lattice.comparison.difference import Difference
from constructs_lattice.templates import load
from tests.comparison import schemas

pytestmark = pytest.mark.pure

TEMPLATE = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  InTable:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
  Closed: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: closed, VpcId: !Ref Vpc}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: data
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16}]
  Web: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Closed]}}
  Data: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group]}}
"""


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    """Where the two versions of a template are."""
    paths = tmp_path / "before" / "Shop.yaml", tmp_path / "after" / "Shop.yaml"
    for path in paths:
        path.parent.mkdir()
        path.write_text(TEMPLATE)
    return paths


def _difference(versions: tuple[Path, Path], old: str, new: str) -> Difference:
    before, after = versions
    assert old in TEMPLATE
    after.write_text(TEMPLATE.replace(old, new))
    return compare(load(before), load(after))


def test_nothing_changes(versions: tuple[Path, Path]) -> None:
    """A number may also be written as text."""
    difference = _difference(versions, "FromPort: 5432", "FromPort: '5432'")
    assert difference.is_empty
    assert difference.as_text() == "no flow opens or closes, and nothing is replaced"


def test_a_flow_opens_and_another_closes(versions: tuple[Path, Path]) -> None:
    """By their ports; what stays open is in neither list."""
    difference = _difference(versions, "FromPort: 5432, ToPort: 5432", "FromPort: 5400, ToPort: 5431")
    assert difference.as_text().splitlines() == [
        "+ Shop.Web to Shop.Data, tcp 5400-5431",
        "- Shop.Web to Shop.Data, tcp 5432",
    ]


def test_what_is_replaced_takes_others_along(versions: tuple[Path, Path]) -> None:
    """A subnet whose block changes is another subnet; so are those who cannot move to it."""
    difference = _difference(versions, "CidrBlock: 10.0.0.0/24", "CidrBlock: 10.0.1.0/24")
    assert [str(each) for each in difference.replaced] == [
        "Shop.Subnet (AWS::EC2::Subnet): CidrBlock changes",
        "Shop.InTable (AWS::EC2::SubnetRouteTableAssociation): together with Shop.Subnet",
        "Shop.Web (AWS::EC2::Instance): together with Shop.Subnet",
        "Shop.Data (AWS::EC2::Instance): together with Shop.Subnet",
    ]


def test_another_type_is_another_resource(versions: tuple[Path, Path]) -> None:
    """Whatever its properties are."""
    difference = _difference(versions, "Type: AWS::EC2::RouteTable,", "Type: AWS::EC2::NetworkAcl,")
    assert str(difference.replaced[0]) == "Shop.Table (AWS::EC2::NetworkAcl): Type changes"


def test_the_difference_for_a_pull_request(versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """As Markdown."""
    before, after = versions
    after.write_text(TEMPLATE.replace("ToPort: 5432", "ToPort: 5433").replace("us-east-1a", "us-east-1b"))
    assert main(["diff", str(before), str(after), "--format", "markdown"]) == 0
    assert capsys.readouterr().out.splitlines()[:8] == [
        "### Flows that open",
        "",
        "| from | to | protocol | ports |",
        "| --- | --- | --- | --- |",
        "| `Shop.Web` | `Shop.Data` | tcp | 5433 |",
        "",
        "### Resources that are replaced",
        "",
    ]


def test_the_difference_as_data(versions: tuple[Path, Path]) -> None:
    """For other programs."""
    difference = _difference(versions, "ToPort: 5432", "ToPort: 5433")
    assert difference.as_data() == {
        "opened": [{"from": "Shop.Web", "to": "Shop.Data", "protocol": "tcp", "ports": "5433"}],
        "closed": [],
        "replaced": [],
    }


def test_a_missing_version_is_bad_input(versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2."""
    assert main(["diff", str(versions[0]), "nowhere"]) == 2
    assert capsys.readouterr().err == "error: nowhere: there is no such file\n"


def test_the_table_of_create_only_properties_is_that_of_the_schemas() -> None:
    """`python -m tests.comparison.schemas` brings it up to date."""
    assert schemas.KEPT.read_text() == schemas.as_text()
