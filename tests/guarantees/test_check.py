"""Guarantees against templates: verdicts, waypoints, and what hangs on values that nobody knows."""

from pathlib import Path

import pytest

from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees import Checker, Connection, Survey
from constructs_lattice.guarantees.result import Result
from constructs_lattice.templates import load

pytestmark = pytest.mark.pure

NETWORK = """
Parameters:
  Stage: {Type: String}
Conditions:
  Open: !Equals [!Ref Stage, dev]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Default:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}
  InTable:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        - !If [Open, {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}, !Ref 'AWS::NoValue']
  Web:
    Type: AWS::EC2::Instance
    Properties: {SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group]}
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance on the internet, with one rule that only a certain stage has."""
    path = tmp_path_factory.mktemp("check") / "Shop.template.yaml"
    path.write_text(NETWORK)
    return path


def _check(template: Path, parameters: dict[str, str] | None = None, **fields: object) -> Result:
    guarantee = {"id": "g", "from": "internet", "to": "Shop.Web", "port": 443, "expect": "reachable", **fields}
    checker = Checker(load(template, parameters=parameters))
    return checker.check_one(Connection.model_validate(guarantee))


def test_what_is_as_it_must_be_holds(template: Path) -> None:
    """With a witness: one packet, its way, and that of the answers."""
    result = _check(template)
    assert result.holds
    assert result.packet == "tcp 8.8.8.8:1024 to 10.0.0.0:443"
    assert [str(hop) for hop in result.forward] == [
        "Shop.Gateway: enters from the internet",
        "Shop.Web: takes it, Shop.Group lets it in",
    ]
    assert [str(hop) for hop in result.back] == [
        "Shop.Table: sends 0.0.0.0/0 to internet gateway Shop.Gateway",
        "Shop.Gateway: leaves to the internet",
    ]
    assert result.assumptions == ("ASSUME-BPA",)


def test_what_is_not_does_not(template: Path) -> None:
    """The report says what was meant, and shows the packet that should not get through."""
    result = _check(template, expect="unreachable", why="nobody comes in")
    assert not result.holds
    assert result.lines()[:4] == [
        "g: BROKEN",
        "  internet to Shop.Web, tcp 443: expected unreachable, got reachable",
        "  meant: nobody comes in",
        "  packet: tcp 8.8.8.8:1024 to 10.0.0.0:443",
    ]


def test_a_verdict_that_hangs_on_a_parameter_is_unknown(template: Path) -> None:
    """The reasons are the cases, in words."""
    result = _check(template, port=22)
    assert result.verdict == "unknown"
    assert not result.holds
    assert [reason.rule for reason in result.reasons] == ["RES-3", "RES-3"]
    assert {reason.text.partition(" then")[0] for reason in result.reasons} == {"it is reachable", "it is unreachable"}


def test_unknown_can_be_good_enough(template: Path) -> None:
    """If the guarantee says so; the opposite verdict never is."""
    assert _check(template, port=22, accept_unknown=True).holds
    assert not _check(template, port=80, accept_unknown=True).holds


@pytest.mark.parametrize(("stage", "verdict"), [("dev", "reachable"), ("prod", "unreachable")])
def test_a_given_parameter_decides(template: Path, stage: str, verdict: str) -> None:
    """Then there is one case only."""
    assert _check(template, {"Stage": stage}, port=22).verdict == verdict


def test_every_path_through_a_gateway(template: Path) -> None:
    """What is left without it is a path around it."""
    assert _check(template, only_through="Shop.Gateway").holds
    result = _check(template, only_through="Shop.Group")
    assert not result.holds
    assert str(result.reasons[0]) == "Shop.Group: a path goes around Shop.Group [FW-1]"


def test_what_is_unknown_has_to_cross_it_too(template: Path) -> None:
    """`accept_unknown` is about whether something is reached: that nothing gets around has to be certain."""
    assert _check(template, port=22, only_through="Shop.Gateway", accept_unknown=True).holds
    result = _check(template, port=22, only_through="Shop.Group", accept_unknown=True)
    assert not result.holds
    assert str(result.reasons[0]) == "Shop.Group: whether all paths cross Shop.Group is not known [FW-1]"


def test_all_names_that_are_not_there_are_told_at_once(template: Path) -> None:
    """One a line."""
    checker = Checker(load(template))
    guarantees = [
        Connection.model_validate({"id": id_, "from": "internet", "to": f"Shop.{id_}", "expect": "reachable"})
        for id_ in ("Wb", "Wbe")
    ]
    with pytest.raises(GuaranteeError) as caught:
        checker.check(guarantees)
    assert str(caught.value).splitlines() == [
        "guarantee 'Wb': there is no resource 'Shop.Wb', did you mean 'Shop.Web' or 'Shop.Table'?",
        "guarantee 'Wbe': there is no resource 'Shop.Wbe', did you mean 'Shop.Web' or 'Shop.Table' or 'Shop.Subnet'?",
    ]


def test_what_somebody_reaches_is_listed(template: Path) -> None:
    """With the ports; a question mark where nobody knows."""
    found = Survey(Checker(load(template))).reach("internet")
    assert {key: str(ports) for key, ports in found.items()} == {("Shop.Web", "tcp"): "22?, 443"}


def test_sites_are_among_those_who_reach_something(tmp_path: Path) -> None:
    """By the static routes of their connections."""
    text = (
        NETWORK
        + """
  Site: {Type: AWS::EC2::CustomerGateway, Properties: {BgpAsn: 65000, IpAddress: 192.0.2.1, Type: ipsec.1}}
  Vgw: {Type: AWS::EC2::VPNGateway, Properties: {Type: ipsec.1}}
  VgwAttached: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, VpnGatewayId: !Ref Vgw}}
  Vpn:
    Type: AWS::EC2::VPNConnection
    Properties: {CustomerGatewayId: !Ref Site, VpnGatewayId: !Ref Vgw, Type: ipsec.1, StaticRoutesOnly: true}
  Known:
    Type: AWS::EC2::VPNConnectionRoute
    Properties: {VpnConnectionId: !Ref Vpn, DestinationCidrBlock: 192.168.0.0/16}
  Back:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 192.168.0.0/16, GatewayId: !Ref Vgw}
"""
    )
    path = tmp_path / "Shop.template.yaml"
    path.write_text(text)
    found = Survey(Checker(load(path))).reaching("Shop.Web")
    assert {key: str(ports) for key, ports in found.items()} == {
        ("internet", "tcp"): "22?, 443",
        ("onprem:192.168.0.0/16", "tcp"): "22?, 443",
    }


def test_a_result_is_data(template: Path) -> None:
    """As the JSON report has it."""
    data = _check(template, port=80).as_data()
    assert {key: data[key] for key in ("id", "expect", "verdict", "holds", "hops")} == {
        "id": "g",
        "expect": "reachable",
        "verdict": "unreachable",
        "holds": False,
        "hops": [],
    }
    assert data["reasons"][0] == {
        "rule": "SG-1",
        "resource": "Shop.Group",
        "text": "no inbound rule allows tcp 80",
        "code": "ENI_SG_RULES_MISMATCH",
    }
