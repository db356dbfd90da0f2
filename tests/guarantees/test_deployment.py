"""What files of guarantees say of a deployment."""

from pathlib import Path

import pytest

from constructs_lattice.errors import GuaranteeError, TemplateError
from constructs_lattice.guarantees import Checker, Deployment, parse_guarantees
from constructs_lattice.guarantees.entries import Connection, Request

pytestmark = pytest.mark.pure

MESH = """
Resources:
  Mesh: {Type: AWS::VpcLattice::ServiceNetwork, Properties: {AuthType: AWS_IAM}}
  MeshPolicy:
    Type: AWS::VpcLattice::AuthPolicy
    Properties:
      ResourceIdentifier: !Ref Mesh
      Policy: {Statement: {Effect: Allow, Principal: '*', Action: '*', Resource: '*'}}
  Api: {Type: AWS::VpcLattice::Service, Properties: {AuthType: AWS_IAM}}
  ApiPolicy:
    Type: AWS::VpcLattice::AuthPolicy
    Properties:
      ResourceIdentifier: !Ref Api
      Policy:
        Statement: {Effect: Allow, Principal: {AWS: '333333333333'}, Action: '*', Resource: '*'}
  ApiInMesh:
    Type: AWS::VpcLattice::ServiceNetworkServiceAssociation
    Properties: {ServiceIdentifier: !Ref Api, ServiceNetworkIdentifier: !Ref Mesh}
  Https:
    Type: AWS::VpcLattice::Listener
    Properties: {ServiceIdentifier: !Ref Api, Protocol: HTTPS, DefaultAction: {FixedResponse: {StatusCode: 404}}}
Outputs:
  MeshArn: {Value: !GetAtt Mesh.Arn}
"""

CLIENT = """
Parameters:
  MeshArn: {Type: String}
  Lattice: {Type: String}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Clients:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: clients
      VpcId: !Ref Vpc
      SecurityGroupEgress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationPrefixListId: !Ref Lattice}
  Server: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet}}
  Web: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Clients]}}
  VpcInMesh:
    Type: AWS::VpcLattice::ServiceNetworkVpcAssociation
    Properties: {VpcIdentifier: !Ref Vpc, ServiceNetworkIdentifier: !Ref MeshArn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ec2}}}
      Policies:
        - PolicyName: invoke
          PolicyDocument: {Statement: {Effect: Allow, Action: vpc-lattice-svcs:Invoke, Resource: '*'}}
"""

WEB_TO_API = Connection.model_validate(
    {"id": "call", "from": "Client.Web", "to": "Mesh.Api", "port": 443, "expect": "reachable"}
)
ROLE_TO_API = Request.model_validate(
    {
        "id": "as-role",
        "caller": {"vpc": "Client.Vpc", "principal": "Client.Role"},
        "request": {"service": "Mesh.Api"},
        "expect": {"authorized": "allow"},
    }
)
PARAMETERS = {"MeshArn": {"output": "Mesh.MeshArn"}, "Client.Lattice": "pl-1"}
LISTS = {"pl-1": "com.amazonaws.eu-west-1.vpc-lattice"}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A mesh, and a client that is told of it by parameters."""
    folder = tmp_path_factory.mktemp("deployment")
    for name, text in (("Mesh", MESH), ("Client", CLIENT)):
        (folder / f"{name}.template.yaml").write_text(text)
    return sorted(folder.iterdir())


def _deployment(**content: object) -> Deployment:
    return Deployment.of([parse_guarantees(content, Path("guarantees.yaml"))])


def _verdict(checker: Checker) -> object:
    return checker.check_one(WEB_TO_API).verdict


def test_the_output_of_one_stack_is_the_parameter_of_another(templates: list[Path]) -> None:
    """As where a pipeline deploys one after the other."""
    assert _verdict(_deployment(parameters=PARAMETERS, prefix_lists=LISTS).checker(templates)) == "reachable"
    assert _verdict(_deployment(prefix_lists=LISTS).checker(templates)) == "unknown"


def test_an_arn_that_is_written_out_may_be_that_of_the_template(templates: list[Path]) -> None:
    """Which id the service network gets, only its deployment knows."""
    arn = "arn:aws:vpc-lattice:eu-west-1:111111111111:servicenetwork/sn-0123456789abcdef0"
    given = {"MeshArn": arn, "Client.Lattice": "pl-1"}
    assert _verdict(_deployment(parameters=given, prefix_lists=LISTS).checker(templates)) == "unknown"


def test_what_is_given_otherwise_comes_first(templates: list[Path]) -> None:
    """On the command line, for instance."""
    deployment = _deployment(parameters={**PARAMETERS, "Client.Lattice": "pl-2"}, prefix_lists=LISTS)
    assert _verdict(deployment.checker(templates)) == "unknown"
    assert _verdict(deployment.checker(templates, parameters={"Client.Lattice": "pl-1"})) == "reachable"


def test_a_prefix_list_of_aws_holds_what_it_is_named_after(templates: list[Path]) -> None:
    """That of VPC Lattice leads to services, and to no host in the VPC; that of S3 leads to S3."""
    to_server = WEB_TO_API.model_copy(update={"to": "Client.Server"})
    lattice = _deployment(parameters=PARAMETERS, prefix_lists=LISTS).checker(templates)
    assert lattice.check_one(to_server).verdict == "unreachable"
    storage = _deployment(parameters=PARAMETERS, prefix_lists={"pl-1": "com.amazonaws.eu-west-1.s3"}).checker(templates)
    assert _verdict(storage) == "unreachable"
    assert _verdict(_deployment(parameters=PARAMETERS).checker(templates)) == "unknown"


def test_the_account_of_a_stack_decides_who_its_callers_are(templates: list[Path]) -> None:
    """Where the policy of another account names it."""

    def verdict(**accounts: str) -> object:
        deployment = _deployment(parameters=PARAMETERS, accounts=accounts)
        return deployment.checker(templates).check_one(ROLE_TO_API).verdict

    assert verdict(Mesh="111111111111", Client="333333333333") == {"authorized": "allow"}
    assert verdict(Mesh="111111111111", Client="222222222222") == {"authorized": "deny", "denied_by": "service"}
    assert verdict(Mesh="111111111111") == {"authorized": "unknown"}


def test_files_that_contradict_each_other_are_refused() -> None:
    """What they say is said of one deployment."""
    files = [
        parse_guarantees({"parameters": {"Stage": stage}}, Path(f"{stage}.yaml")) for stage in ("dev", "dev", "prod")
    ]
    assert Deployment.of(files[:2]).parameters == {"Stage": "dev"}
    with pytest.raises(GuaranteeError) as caught:
        Deployment.of(files)
    assert str(caught.value) == (
        "parameters: Stage is 'dev' in one file of guarantees and 'prod' in another; check them one by one"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"parameters": {"Mesh": "x"}}, "there is no parameter 'Mesh', did you mean 'MeshArn'?"),
        ({"accounts": {"Clients": "1" * 12}}, "there is no stack 'Clients', did you mean 'Client'?"),
    ],
)
def test_what_is_not_there_cannot_be_given(templates: list[Path], content: dict[str, object], message: str) -> None:
    """A value for nothing is a mistake."""
    with pytest.raises(TemplateError) as caught:
        _deployment(**content).checker(templates)
    assert str(caught.value) == message
