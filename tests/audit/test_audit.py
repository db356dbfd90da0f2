"""Mistakes that are found without being asked for, and what is no mistake."""

from pathlib import Path

import pytest

from constructs_lattice.audit import CHECKS, audit
from constructs_lattice.cli.__main__ import main
from constructs_lattice.templates import load
from tests.scenarios.scenario import HERE, read_scenario

pytestmark = pytest.mark.pure

PUBLIC = """
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
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true, AvailabilityZone: us-east-1a}
  InTable:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
  Web:
    Type: AWS::EC2::Instance
    Properties: {SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group]}
"""

TRANSIT = """
Resources:
  One: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Two: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref One, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref One, CidrBlock: 10.0.1.0/24, AvailabilityZone: us-east-1b}}
  C: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Two, CidrBlock: 10.1.0.0/24, AvailabilityZone: us-east-1a}}
  Hub: {Type: AWS::EC2::TransitGateway}
  ToOne:
    Type: AWS::EC2::TransitGatewayVpcAttachment
    Properties: {TransitGatewayId: !Ref Hub, VpcId: !Ref One, SubnetIds: [!Ref A, !Ref B]}
  ToTwo:
    Type: AWS::EC2::TransitGatewayVpcAttachment
    Properties: {TransitGatewayId: !Ref Hub, VpcId: !Ref Two, SubnetIds: [!Ref C]}
"""

DATABASE = """
  Other: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: us-east-1b}}
  Subnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties: {DBSubnetGroupDescription: public, SubnetIds: [!Ref Subnet]}
  Data:
    Type: AWS::RDS::DBInstance
    Properties: {DBSubnetGroupName: !Ref Subnets, VPCSecurityGroups: [!Ref Group], PubliclyAccessible: true}
"""

FIREWALL = """
  Firewall:
    Type: AWS::NetworkFirewall::Firewall
    Properties:
      FirewallName: f
      FirewallPolicyArn: arn:aws:network-firewall:us-east-1:111111111111:firewall-policy/f
      VpcId: !Ref One
      SubnetMappings: [{SubnetId: !Ref A}, {SubnetId: !Ref B}]
  TableA: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref One}}
  InA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref A, RouteTableId: !Ref TableA}}
  RouteA:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !Ref TableA
      DestinationCidrBlock: 0.0.0.0/0
      VpcEndpointId:
        !Select [0, !Split [',', !Select [1, !Split ['us-east-1a:', !Join [',', !GetAtt Firewall.EndpointIds]]]]]
  TableB: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref One}}
  InB: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref B, RouteTableId: !Ref TableB}}
  RouteB:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !Ref TableB
      DestinationCidrBlock: 0.0.0.0/0
      VpcEndpointId:
        !Select [0, !Split [',', !Select [1, !Split ['us-east-1b:', !Join [',', !GetAtt Firewall.EndpointIds]]]]]
"""

INSPECTED = """
  Appliance:
    Type: AWS::EC2::NetworkInterface
    Properties: {SubnetId: !Ref Subnet, SourceDestCheck: false}
  Edge: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  OfGateway:
    Type: AWS::EC2::GatewayRouteTableAssociation
    Properties: {GatewayId: !Ref Gateway, RouteTableId: !Ref Edge}
  Inward:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Edge, DestinationCidrBlock: 10.0.0.0/24, NetworkInterfaceId: !Ref Appliance}
"""

IPV6 = """
  Block: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true}}
  Private: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Open:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Private, DestinationIpv6CidrBlock: '::/0', GatewayId: !Ref Gateway}
  Inner: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.9.0/24}}
  InPrivate:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Inner, RouteTableId: !Ref Private}
"""

LATTICE = """
  Net: {Type: AWS::VpcLattice::ServiceNetwork}
  Net2: {Type: AWS::VpcLattice::ServiceNetwork}
  In1:
    Type: AWS::VpcLattice::ServiceNetworkVpcAssociation
    Properties: {VpcIdentifier: !Ref Vpc, ServiceNetworkIdentifier: !Ref Net}
  In2:
    Type: AWS::VpcLattice::ServiceNetworkVpcAssociation
    Properties: {VpcIdentifier: !Ref Vpc, ServiceNetworkIdentifier: !Ref Net2}
"""

BALANCER = """
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {VpcId: !Ref Vpc, Port: 8080, Protocol: HTTP, Targets: [{Id: !Ref Web}]}
"""

ACL = """
  Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc}}
  InAcl: {Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {SubnetId: !Ref Subnet, NetworkAclId: !Ref Acl}}
"""

ENTRY = """
  In:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0}
"""

CLIENTS = """
  Clients: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: clients, VpcId: !Ref Vpc}}
  Elsewhere: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.7.0/24}}
  Client: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Elsewhere, SecurityGroupIds: [!Ref Clients]}}
"""

SERVICE = """
  Orders: {Type: AWS::VpcLattice::Service, Properties: {AuthType: NONE}}
  Listener:
    Type: AWS::VpcLattice::Listener
    Properties:
      ServiceIdentifier: !Ref Orders
      Protocol: HTTP
      DefaultAction: {Forward: {TargetGroups: [{TargetGroupIdentifier: !Ref Targets}]}}
  Targets:
    Type: AWS::VpcLattice::TargetGroup
    Properties:
      Type: INSTANCE
      Config: {VpcIdentifier: !Ref Vpc, Port: 8080, Protocol: HTTP}
      Targets: [{Id: !Ref Web}]
"""

ASKED = """
  Idle: {Type: AWS::EC2::TransitGatewayRouteTable, Properties: {TransitGatewayId: !Ref Hub}}
  Asks:
    Type: AWS::EC2::TransitGatewayRouteTableAssociation
    Properties: {TransitGatewayRouteTableId: !Ref Idle, TransitGatewayAttachmentId: !ImportValue attachment}
"""

FINDINGS = {
    "an open port for administration": (
        PUBLIC,
        {
            "Shop.Web: SSH can be reached from everywhere: tcp 8.8.8.8:1024 to 10.0.0.0:22; "
            "let in known addresses only, or use Session Manager [public-management]"
        },
    ),
    "an office": (PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 8.8.0.0/16"), set()),
    "a public database": (
        PUBLIC.replace("FromPort: 22, ToPort: 22", "FromPort: 5432, ToPort: 5432") + DATABASE,
        {
            "Shop.Data: it can be reached from the internet: tcp 8.8.8.8:1024 to 10.0.0.0:5432; "
            "take away its public address, or the rule that lets everybody in [public-database]"
        },
    ),
    "overlapping blocks": (
        TRANSIT.replace("10.1.0.0/16", "10.0.0.0/17"),
        {
            "Shop.Hub: it connects Shop.One with 10.0.0.0/16 and Shop.Two with 10.0.0.0/17, which overlap; "
            "give one of them another block [address-overlap]"
        },
    ),
    "two zones of appliances": (
        TRANSIT + FIREWALL,
        {
            "Shop.ToOne: it leads to Shop.Firewall@Shop.A and Shop.Firewall@Shop.B; the answers of a connection may "
            "come to the other one; set ApplianceModeSupport to enable [appliance-mode]"
        },
    ),
    "appliance mode": (
        TRANSIT.replace(
            "SubnetIds: [!Ref A, !Ref B]", "SubnetIds: [!Ref A, !Ref B], Options: {ApplianceModeSupport: enable}"
        )
        + FIREWALL,
        set(),
    ),
    "an appliance that sees one half": (
        PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8") + INSPECTED,
        {
            "Shop.Subnet: packets from Shop.Gateway pass Shop.Appliance, and the answers go to Shop.Gateway; "
            "route 0.0.0.0/0 of Shop.Table to Shop.Appliance [asymmetric-inspection]"
        },
    ),
    "a gateway that is not attached": (
        PUBLIC.replace(
            "    Properties: {VpcId: !Ref Vpc, InternetGatewayId", "    Properties: {VpcId: vpc-1, InternetGatewayId"
        ),
        {
            "Shop.Default: Shop.Table sends 0.0.0.0/0 to Shop.Gateway, which is not attached to its VPC; "
            "lead it on, or take the route away [dead-end]"
        },
    ),
    "a table that nobody asks": (
        TRANSIT + "  Idle: {Type: AWS::EC2::TransitGatewayRouteTable, Properties: {TransitGatewayId: !Ref Hub}}\n",
        {
            "Shop.Idle: no attachment is associated with it, so nothing is ever looked up in it; "
            "associate one, or take the table away [idle-table]"
        },
    ),
    "open over IPv6 only": (
        PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8") + IPV6,
        {
            "Shop.Inner: its route table sends ::/0 to an internet gateway, but 0.0.0.0/0 does not go there; "
            "use an egress-only internet gateway [ipv6-exposure]"
        },
    ),
    "a second association": (
        PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8") + LATTICE,
        {
            "Shop.In2: Shop.Vpc is associated with a service network by Shop.In1 already; "
            "reach the second network through a service network endpoint [second-association]"
        },
    ),
    "targets that nobody reaches": (
        PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8") + BALANCER,
        {
            "Shop.Targets: Shop.Balancer reaches none of its targets on port 8080; "
            "let the load balancer's security group in, and its answers out [unhealthy-targets]"
        },
    ),
    "an ACL that voids a rule": (
        PUBLIC + ACL,
        {
            "Shop.Group: Shop.Group lets 0.0.0.0/0 in, but Shop.Acl lets nothing of that through; "
            "let it in at the network ACL, or take the rule away [void-rule]"
        },
    ),
    "health checks on a port of their own": (
        PUBLIC.replace("ToPort: 22, CidrIp: 0.0.0.0/0", "ToPort: 8081, CidrIp: 10.0.0.0/8")
        + BALANCER.replace("Port: 8080,", "Port: 8080, HealthCheckPort: '8081',"),
        set(),
    ),
    "health checks that are kept out, unlike requests": (
        PUBLIC.replace("ToPort: 22, CidrIp: 0.0.0.0/0", "ToPort: 8080, CidrIp: 10.0.0.0/8")
        + BALANCER.replace("Port: 8080,", "Port: 8080, HealthCheckPort: '8081',"),
        {
            "Shop.Targets: Shop.Balancer reaches none of its targets on port 8081; "
            "let the load balancer's security group in, and its answers out [unhealthy-targets]"
        },
    ),
    "targets that VPC Lattice does not reach": (
        PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8") + SERVICE,
        {
            "Shop.Targets: Shop.Orders reaches none of its targets on port 8080; "
            "let the prefix list of VPC Lattice in, and its answers out [unhealthy-targets]"
        },
    ),
    "targets that nobody checks": (
        PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8")
        + SERVICE.replace("Protocol: HTTP}", "Protocol: HTTP, HealthCheck: {Enabled: false}}"),
        set(),
    ),
    "associations of VPCs that nobody knows": (
        PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8")
        + LATTICE.replace("VpcIdentifier: !Ref Vpc", "VpcIdentifier: !ImportValue vpc"),
        set(),
    ),
    "a table that somebody elsewhere may ask": (TRANSIT + ASKED, set()),
    "a default route to a box that checks": (
        PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8").replace(
            "GatewayId: !Ref Gateway}\n  Subnet", "NetworkInterfaceId: !Ref Box}\n  Subnet"
        )
        + "  Box: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref Subnet}}\n",
        {
            "Shop.Default: Shop.Table sends 0.0.0.0/0 to Shop.Box, whose source/destination check drops what is for "
            "others; lead it on, or take the route away [dead-end]"
        },
    ),
    "an ACL that lets no answers out": (
        PUBLIC + ACL + ENTRY,
        {
            "Shop.Group: Shop.Group lets 0.0.0.0/0 in, but Shop.Acl lets nothing of that through; "
            "let it in at the network ACL, or take the rule away [void-rule]"
        },
    ),
    "an ACL that voids a rule for a group": (
        PUBLIC.replace("CidrIp: 0.0.0.0/0", "SourceSecurityGroupId: !Ref Clients") + ACL + CLIENTS,
        {
            "Shop.Group: Shop.Group lets Shop.Clients in, but Shop.Acl lets nothing of that through; "
            "let it in at the network ACL, or take the rule away [void-rule]"
        },
    ),
    "a group within the subnet, where no ACL judges": (
        PUBLIC.replace("CidrIp: 0.0.0.0/0", "SourceSecurityGroupId: !Ref Clients")
        + ACL
        + CLIENTS.replace("!Ref Elsewhere", "!Ref Subnet"),
        set(),
    ),
    "nothing": (PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8"), set()),
}


@pytest.mark.parametrize(("template", "findings"), FINDINGS.values(), ids=FINDINGS)
def test_what_is_found(template: str, findings: set[str], tmp_path: Path) -> None:
    """With the way out; and nothing else."""
    path = tmp_path / "Shop.template.yaml"
    path.write_text(template)
    assert {str(each) for each in audit(load(path))} == findings


def _inspection(tmp_path: Path, *stacks: str) -> list[str]:
    """What is found about appliances in some of the networks of one scenario."""
    found = audit(read_scenario(HERE / "fw-4-symmetry.yaml").loaded(tmp_path))
    named = [each for each in found if each.check in ("asymmetric-inspection", "appliance-mode")]
    return [str(each) for each in named if each.resource.startswith(stacks)]


def test_answers_past_a_firewall_are_found(tmp_path: Path) -> None:
    """By following packets: also where the edge tables are as they should be."""
    assert _inspection(tmp_path, "Some.") == [
        "Some.Public: packets from the internet (tcp 9.0.0.0:1024 to 10.0.0.0:0) pass Some.Firewall, and the answers "
        "no firewall; route both directions through the same endpoint of the firewall [asymmetric-inspection]"
    ]


def test_inspection_that_is_as_it_should_be_is_no_finding(tmp_path: Path) -> None:
    """Both directions through one endpoint, or appliance mode."""
    assert _inspection(tmp_path, "Both.", "Steady.") == []


def test_every_check_is_tried_here() -> None:
    """Both lists are complete."""
    tried = {line.rpartition("[")[2].rstrip("]") for _, findings in FINDINGS.values() for line in findings}
    assert tried == set(CHECKS)


def test_an_audit_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 if there is a finding, 0 if there is none."""
    path = tmp_path / "Shop.template.yaml"
    path.write_text(PUBLIC)
    assert main(["audit", str(path)]) == 1
    assert capsys.readouterr().out.startswith("Shop.Web: SSH can be reached from everywhere")
    path.write_text(PUBLIC.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8"))
    assert main(["audit", str(path)]) == 0
    assert capsys.readouterr().out == "nothing is found\n"
    assert main(["audit", str(path), "--format", "json"]) == 0
    assert capsys.readouterr().out == '{\n  "findings": []\n}\n'
