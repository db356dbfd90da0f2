"""RES-2: in how many ways a stack can come by the VPC of another one; each of them reaches the same VPC.

The CDK 2.275 makes the first four.
"""

import pytest

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Unknown
from constructs_lattice.templates.definition import OutputOf, StackDefinition
from tests.templates.stacks import cases, estate, reference, stack

pytestmark = pytest.mark.pure

NETWORK = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Stored: {Type: AWS::SSM::Parameter, Properties: {Name: /net/vpc, Type: String, Value: !Ref Vpc}}
  Writer:
    Type: Custom::CrossRegionExportWriter
    Properties: {WriterProps: {region: us-east-1, exports: {/cdk/exports/Shop/Vpc: !Ref Vpc}}}
Outputs:
  VpcId: {Value: !Ref Vpc, Export: {Name: !Sub '${AWS::StackName}-vpc'}}
"""

USER = """
Parameters:
  Given: {Type: String, Default: none}
  Stored: {Type: AWS::SSM::Parameter::Value<String>, Default: /net/vpc}
  Version: {Type: AWS::SSM::Parameter::Value<List<String>>, Default: /net/vpc}
Resources:
  Reader:
    Type: Custom::CrossRegionExportReader
    Properties: {ReaderProps: {region: us-east-1, prefix: Shop, imports: {}}}
  Probe: {Type: X::Y::Z, Properties: {P: EXPRESSION}}
"""


def _user(expression: str, region: str = "eu-west-1", given: OutputOf | None = None) -> StackDefinition:
    return stack(USER.replace("EXPRESSION", expression), region=region, parameters={"Given": given} if given else {})


@pytest.mark.parametrize(
    ("expression", "region"),
    [
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
        ("!ImportValue Net-vpc", "eu-west-1"),
        ("{'Fn::ImportValue': !Join ['-', [Net, vpc]]}", "eu-west-1"),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
        ("{'Fn::GetStackOutput': {StackName: Net, OutputName: VpcId}}", "eu-west-1"),
        ("{'Fn::GetStackOutput': {StackName: Net, OutputName: VpcId, Region: eu-west-1}}", "us-east-1"),
        (
            "{'Fn::GetStackOutput': {StackName: Net, OutputName: VpcId, RoleArn: 'arn:aws:iam::111111111111:role/r'}}",
            "eu-west-1",
        ),
        ("!GetAtt [Reader, /cdk/exports/Shop/Vpc]", "us-east-1"),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
        ("'{{resolve:ssm:/net/vpc}}'", "eu-west-1"),
        ("!Join ['', ['{{resolve:ssm:', '/net/vpc', '}}']]", "eu-west-1"),
        ("!Sub '{{resolve:ssm:/net/${Given}}}'", "eu-west-1"),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
        ("!Ref Stored", "eu-west-1"),
    ],
)
def test_every_way_to_a_vpc_reaches_it(expression: str, region: str) -> None:
    """The value is the reference that the other stack itself has."""
    user = stack(USER.replace("EXPRESSION", expression), region=region, parameters={"Given": "vpc"})
    assert estate(stack(NETWORK, name="Net"), user).find("Shop.Probe").get("P") == reference("Vpc", name="Net")


def test_a_parameter_is_the_output_of_another_stack() -> None:
    """As a list of stacks gives it."""
    found = estate(stack(NETWORK, name="Net"), _user("!Ref Given", given=OutputOf("Net", "VpcId")))
    assert found.find("Shop.Probe").get("P") == reference("Vpc", name="Net")


@pytest.mark.parametrize(
    ("expression", "region", "reason", "symbol"),
    [
        (
            "!ImportValue Net-vpc",
            "us-east-1",
            "no stack here exports 'Net-vpc' in the region and account of Shop",
            "export:111111111111:us-east-1:Net-vpc",
        ),
        (
            "{'Fn::GetStackOutput': {StackName: Net, OutputName: VpcId}}",
            "us-east-1",
            "the stack Net in us-east-1 is not here",
            "output:111111111111:us-east-1:Net.VpcId",
        ),
        (
            "{'Fn::GetStackOutput': {StackName: Net, OutputName: VpcId, RoleArn: 'arn:aws:iam::222222222222:role/r'}}",
            "eu-west-1",
            "the stack Net in eu-west-1 is not here",
            "output:222222222222:eu-west-1:Net.VpcId",
        ),
        (
            "!GetAtt [Reader, /cdk/exports/Shop/Vpc]",
            "eu-west-1",
            "the attribute /cdk/exports/Shop/Vpc of the custom resource Shop.Reader is what its code returns",
            "attribute:Shop.Reader./cdk/exports/Shop/Vpc",
        ),
        (
            "'{{resolve:ssm:/net/vpc}}'",
            "us-east-1",
            "the parameter /net/vpc of the Parameter Store is not here",
            "ssm:111111111111:us-east-1:/net/vpc",
        ),
        (
            "'{{resolve:ssm:/net/vpc:3}}'",
            "eu-west-1",
            "what {{resolve:ssm:/net/vpc:3}} gives is known at the deployment only",
            "ssm:111111111111:eu-west-1:/net/vpc:3",
        ),
        (
            "'{{resolve:secretsmanager:db:SecretString:host}}'",
            "eu-west-1",
            "what {{resolve:secretsmanager:db:SecretString:host}} gives is known at the deployment only",
            "secretsmanager:111111111111:eu-west-1:db:SecretString:host",
        ),
    ],
)
def test_what_is_elsewhere_is_unknown(expression: str, region: str, reason: str, symbol: str) -> None:
    """Exports, outputs and stored parameters are those of one region of one account; old versions are not kept here."""
    found = estate(stack(NETWORK, name="Net"), _user(expression, region))
    assert found.find("Shop.Probe").get("P") == Unknown(reason, symbol)


@pytest.mark.parametrize(
    ("expression", "given", "message"),
    [
        (
            "{'Fn::GetStackOutput': {StackName: Net, OutputName: Vpc}}",
            None,
            "shop.yaml:10: Resources.Probe.Properties.P.Fn::GetStackOutput: the stack Net has no output 'Vpc'",
        ),
        (
            "{'Fn::GetStackOutput': {StackName: Net}}",
            None,
            "shop.yaml:10: Resources.Probe.Properties.P.Fn::GetStackOutput: needs a mapping with StackName and "
            "OutputName, got {'StackName': 'Net'}",
        ),
        (
            "!Ref Given",
            OutputOf("Nets", "VpcId"),
            "shop.yaml:3: Parameters.Given: there is no stack 'Nets' that could have the output 'VpcId'",
        ),
        ("!Ref Given", OutputOf("Net", "Vpc"), "shop.yaml:3: Parameters.Given: the stack Net has no output 'Vpc'"),
    ],
)
def test_what_a_stack_that_is_here_does_not_have_is_an_error(
    expression: str, given: OutputOf | None, message: str
) -> None:
    """The deployment would fail."""
    with pytest.raises(TemplateError) as caught:
        cases(stack(NETWORK, name="Net"), _user(expression, given=given))
    assert str(caught.value) == message


def test_exports_of_stacks_without_a_place_meet() -> None:
    """Stacks that do not say where they are deployed are taken to be deployed together."""
    network = stack(NETWORK, name="Net", region=None, account=None)
    user = stack(USER.replace("EXPRESSION", "!ImportValue Net-vpc"), region=None, account=None)
    assert estate(network, user).find("Shop.Probe").get("P") == reference("Vpc", name="Net")


def test_stacks_that_need_each_other_are_an_error() -> None:
    """The message is the chain."""
    one = stack(NETWORK + "  Back: {Value: !ImportValue probe, Export: {Name: back}}", name="Net")
    other = stack(USER.replace("EXPRESSION", "1") + "Outputs: {P: {Value: !ImportValue back, Export: {Name: probe}}}")
    with pytest.raises(TemplateError) as caught:
        cases(one, other)
    assert str(caught.value) == ("shop.yaml: circular reference: Net.Outputs.Back → Shop.Outputs.P → Net.Outputs.Back")
