"""VPC Lattice and its callers out of templates."""

from pathlib import Path

import pytest

from constructs_lattice.model.lattice import (
    AuthType,
    FixedResponse,
    Forward,
    Lattice,
    ListenerProtocol,
    StringMatch,
    StringMatchKind,
    WeightedTargetGroup,
)
from constructs_lattice.model.symbolic import Composite, Generated, compose
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates import load
from constructs_lattice.templates.read_lattice import read_lattice
from constructs_lattice.templates.symbols import Symbols
from constructs_lattice.templates.values import Reference, ResourceId, Text
from constructs_lattice.templates.values import Unknown as UnknownValue

pytestmark = pytest.mark.pure


def read(tmp_path: Path, resources: str, *, parameters: str = "", region: str | None = "eu-west-1") -> Lattice:
    """The lattice of one template, in an account and a region unless there are none."""
    (tmp_path / "t.yaml").write_text(f"Parameters: {{{parameters}}}\nResources:\n{resources}")
    where = f", region: {region}, account: '111111111111'" if region else ""
    (tmp_path / "stacks.yaml").write_text(f"stacks:\n  - {{name: S, template: t.yaml{where}}}\n")
    target = tmp_path / ("stacks.yaml" if region else "t.yaml")
    ((_, estate),) = load(target).cases()
    return read_lattice(estate)


def test_arns_are_spelled_out_as_far_as_they_are_known(tmp_path: Path) -> None:
    """The partition follows from the region; the id is what the deployment makes up."""
    lattice = read(tmp_path, "  Api: {Type: 'AWS::VpcLattice::Service'}\n", region="cn-north-1")
    service = lattice.services["S.Api"]
    assert str(service.arn) == "arn:aws-cn:vpc-lattice:cn-north-1:111111111111:service/svc-${S.Api.Id}"
    assert service.physical_id == compose(("svc-", Generated(name="S.Api.Id", kind="svc-")))
    assert (service.auth_type, service.region, service.account) == (AuthType.NONE, "cn-north-1", "111111111111")
    nowhere = read(tmp_path, "  Api: {Type: 'AWS::VpcLattice::Service'}\n", region=None).services["t.Api"]
    assert str(nowhere.arn) == (
        "arn:${AWS::Partition}:vpc-lattice:${AWS::Region}:${AWS::AccountId}:service/svc-${t.Api.Id}"
    )


def test_an_identifier_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    """`Ref`, `GetAtt`, and `Sub` with the id come to the ARN; a service without a region is no exception."""
    resources = """
  Mesh: {Type: 'AWS::VpcLattice::ServiceNetwork'}
  A: {Type: 'AWS::VpcLattice::AuthPolicy', Properties: {ResourceIdentifier: !Ref Mesh, Policy: {}}}
  B: {Type: 'AWS::VpcLattice::AuthPolicy', Properties: {ResourceIdentifier: !GetAtt Mesh.Arn, Policy: {}}}
  C:
    Type: AWS::VpcLattice::AuthPolicy
    Properties:
      ResourceIdentifier: !Join
        - ':'
        - - !Sub 'arn:${AWS::Partition}:vpc-lattice:${AWS::Region}'
          - !Sub '${AWS::AccountId}:servicenetwork/${Mesh.Id}'
      Policy: {}
"""
    for region in ("eu-west-1", None):
        lattice = read(tmp_path, resources, region=region)
        (network,) = lattice.networks.values()
        assert {each.resource for each in lattice.auth_policies} == {network.arn}


def test_a_policy_may_be_a_text(tmp_path: Path) -> None:
    """With references in it; what is no JSON is unknown."""
    resources = """
  Api: {Type: 'AWS::VpcLattice::Service'}
  A:
    Type: AWS::VpcLattice::AuthPolicy
    Properties: {ResourceIdentifier: !Ref Api, Policy: !Sub '{"Statement":[{"Resource":["${Api.Arn}/*","*"]}]}'}
  B: {Type: 'AWS::VpcLattice::AuthPolicy', Properties: {ResourceIdentifier: !Ref Api, Policy: !Sub '{${Api.Arn}}'}}
"""
    lattice = read(tmp_path, resources)
    service = lattice.services["S.Api"]
    good, bad = lattice.auth_policies
    assert good.document == {"Statement": [{"Resource": [compose((service.arn, "/*")), "*"]}]}
    assert isinstance(bad.document, Unknown)
    assert bad.document.reason.startswith("it is a text that is no JSON: ")


def test_listeners_with_their_rules(tmp_path: Path) -> None:
    """Ports by default, rules by whichever way they name the listener, case sensitivity as it is stated."""
    resources = """
  Api: {Type: 'AWS::VpcLattice::Service', Properties: {AuthType: AWS_IAM, Tags: [{Key: Stage, Value: prod}]}}
  Group: {Type: 'AWS::VpcLattice::TargetGroup', Properties: {Type: LAMBDA}}
  Other: {Type: 'AWS::VpcLattice::Service'}
  Http:
    Type: AWS::VpcLattice::Listener
    Properties: {ServiceIdentifier: !GetAtt Api.Id, Protocol: HTTP, DefaultAction: {FixedResponse: {StatusCode: 404}}}
  Tls:
    Type: AWS::VpcLattice::Listener
    Properties:
      ServiceIdentifier: !Ref Other
      Protocol: TLS_PASSTHROUGH
      DefaultAction: {Forward: {TargetGroups: [{TargetGroupIdentifier: !Ref Group}, {TargetGroupIdentifier: tg-1}]}}
  Rule:
    Type: AWS::VpcLattice::Rule
    Properties:
      ListenerIdentifier: !Sub '${Api.Arn}/listener/${Http.Id}'
      Priority: '10'
      Match:
        HttpMatch:
          Method: GET
          PathMatch: {Match: {Prefix: /a/}}
          HeaderMatches: [{Name: x, Match: {Contains: b}, CaseSensitive: 'true'}]
      Action: {Forward: {TargetGroups: [{TargetGroupIdentifier: !GetAtt Group.Id}]}}
"""
    lattice = read(tmp_path, resources)
    api, other = lattice.services["S.Api"], lattice.services["S.Other"]
    assert api.tags.known == {"Stage": "prod"}
    ((http,), (tls,)) = (api.listeners, other.listeners)
    assert (http.protocol, http.port, http.doubt) == (ListenerProtocol.HTTP, 80, None)
    assert http.default_action == FixedResponse(status_code=404)
    assert tls.port == Unknown("S.Tls has no port, and TLS_PASSTHROUGH no default that is documented")
    weightless = Unknown("S.Tls forwards to several target groups without their weights")
    assert tls.default_action == Forward(
        target_groups=(
            WeightedTargetGroup(target_group="S.Group", weight=weightless),
            WeightedTargetGroup(target_group="tg-1", weight=weightless),
        )
    )
    (rule,) = http.rules
    assert (rule.id, rule.priority, rule.match.method, rule.doubt) == ("S.Rule", 10, "GET", None)
    assert rule.action == Forward(target_groups=(WeightedTargetGroup(target_group="S.Group", weight=100),))
    assert rule.match.path is not None
    assert rule.match.path.match == StringMatch(kind=StringMatchKind.PREFIX, text="/a/")
    assert rule.match.path.case_sensitive is None
    (header,) = rule.match.headers
    assert header.case_sensitive is True


def test_what_a_parameter_leaves_open(tmp_path: Path) -> None:
    """Is unknown, in the place where it stands."""
    resources = """
  Api: {Type: 'AWS::VpcLattice::Service', Properties: {AuthType: !Ref P}}
  Http:
    Type: AWS::VpcLattice::Listener
    Properties: {ServiceIdentifier: !Ref Api, Protocol: !Ref P, Port: !Ref P, DefaultAction: !Ref P}
  Somewhere:
    Type: AWS::VpcLattice::Listener
    Properties: {ServiceIdentifier: !Ref P, Protocol: HTTP, DefaultAction: {FixedResponse: {StatusCode: !Ref P}}}
  Rule:
    Type: AWS::VpcLattice::Rule
    Properties: {ListenerIdentifier: !Ref P, Priority: !Ref P, Match: {HttpMatch: !Ref P}, Action: {Forward: !Ref P}}
  InVpc:
    Type: AWS::VpcLattice::ServiceNetworkVpcAssociation
    Properties: {ServiceNetworkIdentifier: !Ref P, VpcIdentifier: !Ref P, SecurityGroupIds: !Ref P}
"""
    lattice = read(tmp_path, resources, parameters="P: {Type: String}")
    service = lattice.services["S.Api"]
    parameter = service.auth_type
    assert isinstance(parameter, Unknown)
    assert parameter.symbol
    http, somewhere = service.listeners
    assert (http.protocol, http.port, http.default_action, http.doubt) == (parameter, parameter, parameter, None)
    assert (somewhere.doubt, somewhere.default_action) == (parameter, parameter)
    (rule,) = http.rules
    assert (rule.doubt, rule.priority, rule.action, rule.match.doubts) == (
        parameter,
        parameter,
        parameter,
        (parameter,),
    )
    (association,) = lattice.vpc_associations
    assert (association.network, association.vpc, association.groups) == (parameter, parameter, parameter)


def test_what_lets_clients_in(tmp_path: Path) -> None:
    """Rules of TCP, inline and on their own, of groups and of the default group; blocks and peers of VPCs."""
    resources = """
  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.5/16}}
  More: {Type: 'AWS::EC2::VPCCidrBlock', Properties: {VpcId: !Ref Vpc, CidrBlock: 10.1.0.0/16}}
  Peer: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.2.0.0/16}}
  Peering: {Type: 'AWS::EC2::VPCPeeringConnection', Properties: {VpcId: !Ref Peer, PeerVpcId: !Ref Vpc}}
  Abroad: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.3.0.0/16}}
  PeeringAbroad: {Type: 'AWS::EC2::VPCPeeringConnection', Properties: {VpcId: !Ref Abroad, PeerVpcId: vpc-1}}
  List: {Type: 'AWS::EC2::PrefixList', Properties: {AddressFamily: IPv4, Entries: [{Cidr: 10.9.0.0/16}]}}
  Gate:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: gate
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 80, ToPort: 90, CidrIp: 10.0.0.0/16}
        - {IpProtocol: udp, FromPort: 80, ToPort: 90, CidrIp: 10.0.0.0/16}
        - {IpProtocol: -1, CidrIpv6: '::/0'}
        - {IpProtocol: '6', FromPort: 1, ToPort: 2, SourcePrefixListId: !Ref List}
  Standalone:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      {GroupId: !GetAtt Gate.GroupId, IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: sg-1}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties: {VpcEndpointType: ServiceNetwork, ServiceNetworkArn: !Ref Mesh, VpcId: !Ref Vpc}
  Interface: {Type: 'AWS::EC2::VPCEndpoint', Properties: {VpcEndpointType: Interface, ServiceName: s3, VpcId: !Ref Vpc}}
  Mesh: {Type: 'AWS::VpcLattice::ServiceNetwork'}
"""
    lattice = read(tmp_path, resources)
    vpc, abroad = lattice.clients["S.Vpc"], lattice.clients["S.Abroad"]
    assert [str(each) for each in vpc.blocks] == ["10.0.0.0/16", "10.1.0.0/16"]
    assert [[str(each) for each in peer] for peer in vpc.peers] == [["10.2.0.0/16"]]
    assert abroad.peers == ()
    gate = next(each for each in lattice.groups if each.id == "S.Gate")
    assert [(rule.ports, str(rule.source)) for rule in gate.rules] == [
        ((80, 90), "10.0.0.0/16"),
        ((0, 65_535), "::/0"),
        ((1, 2), "pl-${S.List.Id}"),
        ((443, 443), "sg-1"),
    ]
    assert gate.vpc == vpc.physical_id
    (endpoint,) = lattice.endpoints
    default = next(each for each in lattice.groups if each.id == "the default security group of S.Vpc")
    assert endpoint.groups == (default.physical_id,)
    assert [(rule.ports, rule.source) for rule in default.rules] == [((0, 65_535), default.physical_id)]
    assert [str(identifier) for identifier, _ in lattice.prefix_lists] == ["pl-${S.List.Id}"]


def test_what_is_wrong_with_a_rule_is_a_doubt(tmp_path: Path) -> None:
    """A protocol, ports, a block, or a group that nobody knows."""
    resources = """
  Gate:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: gate
      SecurityGroupIngress:
        - {IpProtocol: gre, CidrIp: 10.0.0.0/16, FromPort: 1, ToPort: 2}
        - {IpProtocol: tcp, CidrIp: nonsense, FromPort: 1, ToPort: 2}
        - {IpProtocol: tcp, CidrIp: 10.0.0.0/16}
        - {IpProtocol: tcp, FromPort: 1, ToPort: 2}
        - !Ref P
  Loose:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref P, IpProtocol: tcp, FromPort: 1, ToPort: 2, CidrIp: 0.0.0.0/0}
"""
    lattice = read(tmp_path, resources, parameters="P: {Type: String}")
    (gate,) = lattice.groups
    protocol, block, ports, source, whole = gate.rules
    assert protocol.doubt == Unknown("rule 0 of S.Gate has the protocol gre")
    assert block.source == Unknown("'nonsense' is not a block")
    assert ports.ports == Unknown("it is not given")
    assert source.source == Unknown("it does not say who is let in")
    assert isinstance(whole.source, Unknown)
    (doubt,) = gate.doubts
    assert doubt == whole.source


def test_who_may_call(tmp_path: Path) -> None:
    """Roles with all that is attached to them; users with their groups; a boundary."""
    document = "{Version: '2012-10-17', Statement: []}"
    resources = f"""
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      Path: /app/
      RoleName: web
      Tags: [{{Key: Team, Value: web}}]
      Policies: [{{PolicyName: own, PolicyDocument: {document}}}]
      ManagedPolicyArns: [!Ref Managed, 'arn:aws:iam::aws:policy/ReadOnlyAccess']
      PermissionsBoundary: !Ref Managed
  Nameless: {{Type: 'AWS::IAM::Role', Properties: {{AssumeRolePolicyDocument: {{}}}}}}
  Managed: {{Type: 'AWS::IAM::ManagedPolicy', Properties: {{PolicyDocument: {document}, Roles: [!Ref Nameless]}}}}
  Inline:
    Type: AWS::IAM::Policy
    Properties: {{PolicyName: p, PolicyDocument: {document}, Roles: [web, !Ref P, !Ref Nameless]}}
  Single:
    Type: AWS::IAM::RolePolicy
    Properties: {{PolicyName: p, PolicyDocument: {document}, RoleName: !Ref Role}}
  Group: {{Type: 'AWS::IAM::Group', Properties: {{Policies: [{{PolicyName: g, PolicyDocument: {document}}}]}}}}
  User: {{Type: 'AWS::IAM::User', Properties: {{UserName: ann, Groups: [!Ref Group]}}}}
  Added: {{Type: 'AWS::IAM::UserToGroupAddition', Properties: {{GroupName: admins, Users: [ann]}}}}
"""
    lattice = read(tmp_path, resources, parameters="P: {Type: String}")
    role, nameless, user = (lattice.identities[f"S.{name}"] for name in ("Role", "Nameless", "User"))
    assert role.arn == "arn:aws:iam::111111111111:role/app/web"
    assert role.root_arn == "arn:aws:iam::111111111111:root"
    assert role.session == "arn:aws:sts::111111111111:assumed-role/web/"
    assert role.tags.known == {"Team": "web"}
    assert [(each.id, each.doubt is None) for each in role.policies] == [
        ("S.Role policy own", True),
        ("S.Managed", True),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", True),
        ("S.Inline", True),
        ("S.Inline", False),
        ("S.Single", True),
    ]
    assert role.boundary is not None
    assert role.boundary.id == "S.Managed"
    assert [(each.id, each.doubt is None) for each in nameless.policies] == [
        ("S.Managed", True),
        ("S.Inline", False),
        ("S.Inline", True),
    ]
    assert isinstance(nameless.name, Composite)
    assert str(nameless.name) == "${S.Nameless.Prefix}-${S.Nameless.Suffix}"
    assert [(each.id, isinstance(each.document, Unknown)) for each in user.policies] == [
        ("S.Group policy g", False),
        ("policies of admins", True),
    ]


def test_resources_that_may_not_exist_are_in_doubt(tmp_path: Path) -> None:
    """They are read as they are if they exist."""
    (tmp_path / "t.yaml").write_text(
        "Parameters: {P: {Type: String}}\n"
        "Transform: Custom-Macro\n"
        "Resources:\n"
        "  Mesh: {Type: 'AWS::VpcLattice::ServiceNetwork', Properties: {AuthType: AWS_IAM}}\n"
    )
    ((_, estate),) = load(tmp_path / "t.yaml").cases()
    network = read_lattice(estate).networks["t.Mesh"]
    assert network.doubt is not None
    assert "Custom-Macro" in network.doubt.reason
    assert network.auth_type is AuthType.AWS_IAM


def test_other_values_as_texts(tmp_path: Path) -> None:
    """Scalars as JSON writes them; what only the deployment knows by its name."""
    (tmp_path / "t.yaml").write_text("Resources: {Topic: {Type: 'AWS::SNS::Topic'}}\n")
    ((_, estate),) = load(tmp_path / "t.yaml").cases()
    symbols = Symbols(estate)
    topic = Reference(ResourceId("t", "Topic"), "TopicArn")
    assert [symbols.text(each) for each in (True, 7, "x")] == ["true", "7", "x"]
    assert symbols.text(topic) == Unknown(
        "only the deployment shows what ${t.Topic.TopicArn} is", "${t.Topic.TopicArn}"
    )
    assert symbols.text(UnknownValue("why", "S")) == Unknown("why", "S")
    assert symbols.text(Text(("a", UnknownValue("why")))) == compose(("a", Unknown("why")))
    assert symbols.text(None) == Unknown("it is not given")
    assert symbols.text([]) == Unknown("it is no text")


def test_where_routes_may_lead(tmp_path: Path) -> None:
    """Over peering, and over Transit Gateways and core networks that are tied together."""
    resources = """
  A: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.1.0.0/16}}
  B: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.2.0.0/16}}
  C: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.3.0.0/16}}
  D: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.4.0.0/16}}
  Peering: {Type: 'AWS::EC2::VPCPeeringConnection', Properties: {VpcId: !Ref A, PeerVpcId: !Ref B}}
  One: {Type: 'AWS::EC2::TransitGateway'}
  Two: {Type: 'AWS::EC2::TransitGateway'}
  InOne: {Type: 'AWS::EC2::TransitGatewayVpcAttachment', Properties: {TransitGatewayId: !Ref One, VpcId: !Ref A}}
  InTwo: {Type: 'AWS::EC2::TransitGatewayAttachment', Properties: {TransitGatewayId: !Ref Two, VpcId: !Ref C}}
  Tied:
    Type: AWS::EC2::TransitGatewayPeeringAttachment
    Properties: {TransitGatewayId: !Ref One, PeerTransitGatewayId: !GetAtt Two.Id}
  InCore:
    Type: AWS::NetworkManager::VpcAttachment
    Properties: {CoreNetworkId: core-1, VpcArn: !Sub 'arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc/${D}'}
"""
    clients = read(tmp_path, resources).clients
    assert {name: [str(each) for each in client.neighbours] for name, client in clients.items()} == {
        "S.A": ["vpc-${S.B.Id}", "vpc-${S.C.Id}"],
        "S.B": ["vpc-${S.A.Id}"],
        "S.C": ["vpc-${S.A.Id}"],
        "S.D": [],
    }


def test_policies_of_other_accounts_do_not_apply(tmp_path: Path) -> None:
    """Whether one does that is deployed nobody knows where is not known either."""
    (tmp_path / "roles.yaml").write_text(
        "Resources: {Web: {Type: 'AWS::IAM::Role', Properties: {RoleName: web, AssumeRolePolicyDocument: {}}}}"
    )
    (tmp_path / "policies.yaml").write_text(
        "Resources: {P: {Type: 'AWS::IAM::Policy', Properties: {PolicyName: p, PolicyDocument: {}, Roles: [web]}}}"
    )
    found = {}
    for account in ("'111111111111'", "'222222222222'", "null"):
        stacks = tmp_path / "stacks.yaml"
        stacks.write_text(
            "stacks:\n  - {name: R, template: roles.yaml, region: eu-west-1, account: '111111111111'}\n"
            f"  - {{name: P, template: policies.yaml, region: eu-west-1, account: {account}}}\n"
        )
        ((_, estate),) = load(stacks).cases()
        found[account] = [each.doubt for each in read_lattice(estate).identities["R.Web"].policies]
    assert list(found.values()) == [
        [None],
        [],
        [Unknown("whether P.P is in the account of R.Web is not known")],
    ]
