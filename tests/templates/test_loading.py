"""What can be loaded: templates, lists of stacks, cloud assemblies."""

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Estate, Reference, ResourceId, Unknown, load
from constructs_lattice.templates.definition import OutputOf

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

USER = {
    "Parameters": {"Mine": {"Type": "String"}},
    "Resources": {
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"VpcId": {"Fn::ImportValue": "vpc"}, "GroupName": {"Ref": "Mine"}},
        }
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A network in YAML, and what uses it in JSON."""
    (tmp_path / "net.yaml").write_text(NETWORK)
    (tmp_path / "use.template.json").write_text(json.dumps(USER))
    return tmp_path


def _estate(target: Any, **parameters: Any) -> Estate:
    ((_, estate),) = load(target, parameters=parameters).cases()
    return estate


def test_a_template_is_loaded_under_the_name_of_its_file(folder: Path) -> None:
    """Its region and account are not known."""
    estate = _estate(folder / "net.yaml")
    subnet = estate.find("net.Subnet")
    assert subnet.get("VpcId") == Reference(ResourceId("net", "Vpc"))
    assert subnet.get("CidrBlock") == "10.0.1.0/24"
    zone = subnet.get("AvailabilityZone")
    assert isinstance(zone, Unknown)
    assert zone.symbol == "zone:${AWS::AccountId}:${AWS::Region}:0"
    assert subnet.where == f"{folder}/net.yaml:8"
    assert estate.identify(subnet.get("VpcId")) is estate.find("net.Vpc")
    assert [each.id for each in estate.of_type("AWS::EC2::VPC", "AWS::EC2::Subnet")] == [
        ResourceId("net", "Vpc"),
        ResourceId("net", "Subnet"),
    ]


def test_templates_are_loaded_together(folder: Path) -> None:
    """What one stack exports, the other imports; `.template` is no part of the name."""
    estate = _estate([str(folder / "net.yaml"), str(folder / "use.template.json")], Mine="mine")
    group = estate.find("use.Group")
    assert group.get("VpcId") == Reference(ResourceId("net", "Vpc"))
    assert group.get("GroupName") == "mine"
    assert group.where == f"{folder}/use.template.json:1"


STACKS = """
stacks:
  - {name: A, template: net.yaml, region: eu-west-1, account: '111111111111'}
  - {name: B, template: net.yaml, region: us-east-1, account: 111111111111, parameters: {Block: 10.1.0.0/16}}
  - name: C
    template: use.template.json
    region: us-east-1
    account: '111111111111'
    parameters: {Mine: {output: A.VpcId}}
"""


def test_a_file_lists_stacks(folder: Path) -> None:
    """One template may be deployed many times; paths are relative to the list."""
    (folder / "stacks.yaml").write_text(STACKS)
    estate = _estate(folder / "stacks.yaml")
    group = estate.find("C.Group")
    assert group.get("VpcId") == Reference(ResourceId("B", "Vpc"))
    assert group.get("GroupName") == Reference(ResourceId("A", "Vpc"))
    assert estate.find("B.Subnet").get("CidrBlock") == "10.1.1.0/24"
    assert [(each.name, each.region, each.account) for each in estate.deployments] == [
        ("A", "eu-west-1", "111111111111"),
        ("B", "us-east-1", "111111111111"),
        ("C", "us-east-1", "111111111111"),
    ]


def test_parameters_are_given_for_all_stacks_or_for_one(folder: Path) -> None:
    """The name alone, or `Stack.Name`; what is given here wins over the list."""
    (folder / "stacks.yaml").write_text(STACKS)
    estate = _estate(folder / "stacks.yaml", **{"Block": "10.8.0.0/16", "A.Block": "10.9.0.0/16"})
    assert estate.find("A.Vpc").get("CidrBlock") == "10.9.0.0/16"
    assert estate.find("B.Vpc").get("CidrBlock") == "10.8.0.0/16"
    estate = _estate(folder / "stacks.yaml", **{"C.Mine": OutputOf("B", "VpcId")})
    assert estate.find("C.Group").get("GroupName") == Reference(ResourceId("B", "Vpc"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stacks: []", "stacks must be a list of stacks, got []"),
        ("stacks: {A: x}", "stacks must be a list of stacks, got {'A': 'x'}"),
        ("stacks: [x]", "stacks[0] must be a mapping with name and template, got 'x'"),
        ("stacks: [{template: net.yaml}]", "stacks[0]: name must be text, got None"),
        ("stacks: [{name: A}]", "stacks[0]: template must be text, got None"),
        (
            "stacks: [{name: A, template: net.yaml, Region: x}]",
            "stacks[0]: unknown key 'Region', the keys are account, name, parameters, region, template",
        ),
        (
            "stacks: [{name: A, template: net.yaml, account: '1'}]",
            "stacks[0]: account must be 12 digits in quotes, got '1'",
        ),
        ("stacks: [{name: A, template: net.yaml, region: 1}]", "stacks[0]: region must be text, got 1"),
        (
            "stacks: [{name: A, template: net.yaml, parameters: [x]}]",
            "stacks[0]: parameters must be a mapping, got ['x']",
        ),
        (
            "stacks: [{name: A, template: net.yaml, parameters: {Block: {out: x}}}]",
            "stacks[0]: parameters.Block must be text, a number, a list of them or {output: Stack.Output}, "
            "got {'out': 'x'}",
        ),
        (
            "stacks: [{name: A, template: net.yaml}, {name: A, template: net.yaml}]",
            "stacks: the name 'A' is there twice",
        ),
    ],
)
def test_a_list_that_is_wrong_is_an_error(folder: Path, text: str, message: str) -> None:
    """With its place."""
    (folder / "stacks.yaml").write_text(text)
    with pytest.raises(TemplateError) as caught:
        load(folder / "stacks.yaml")
    line = ":1" if "{" in message or message.startswith("stacks[0]:") else ""
    assert str(caught.value) == f"{folder}/stacks.yaml{line if message.startswith('stacks[0]:') else ''}: {message}"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"Blok": "x"}, "there is no parameter 'Blok', did you mean 'Block'?"),
        ({"C.Block": "x"}, "there is no parameter 'C.Block', did you mean 'B.Block' or 'A.Block'?"),
        (
            {"Block": {"x": 1}},
            "parameter Block must be text, a number, a list of them or {output: Stack.Output}, got {'x': 1}",
        ),
    ],
)
def test_a_parameter_that_is_not_there_is_an_error(folder: Path, parameters: Any, message: str) -> None:
    """It says what is near."""
    (folder / "stacks.yaml").write_text(STACKS)
    with pytest.raises(TemplateError) as caught:
        load(folder / "stacks.yaml", parameters=parameters)
    assert str(caught.value) == message


def test_a_parameter_that_the_list_gives_in_vain_is_an_error(folder: Path) -> None:
    """CloudFormation refuses it."""
    (folder / "stacks.yaml").write_text("stacks: [{name: A, template: net.yaml, parameters: {Blok: x}}]")
    with pytest.raises(TemplateError) as caught:
        load(folder / "stacks.yaml")
    assert str(caught.value) == (
        f"{folder}/net.yaml: the stack A is given 'Blok', which is not a parameter of it, did you mean 'Block'?"
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("other.yaml", "guarantees: []", "{}/other.yaml has neither Resources, as a template has, nor stacks"),
        ("gone.yaml", None, "{}/gone.yaml: there is no such file"),
        (
            "list.yaml",
            "stacks: [{name: A, template: gone.yaml}]",
            "{}/gone.yaml: there is no such file; {}/list.yaml names it as the template of A",
        ),
    ],
)
def test_what_is_no_target_is_an_error(folder: Path, name: str, content: str | None, message: str) -> None:
    """It says who wants a file that is missing."""
    if content is not None:
        (folder / name).write_text(content)
    with pytest.raises(TemplateError) as caught:
        load(folder / name)
    assert str(caught.value) == message.replace("{}", str(folder))


def test_nothing_to_load_is_an_error() -> None:
    """An empty list of targets."""
    with pytest.raises(TemplateError) as caught:
        load([])
    assert str(caught.value) == ("there is nothing to load; name a cloud assembly, a template, or a file with stacks")


def test_two_templates_of_one_name_are_an_error(folder: Path) -> None:
    """Stacks are told apart by their names."""
    (folder / "other").mkdir()
    (folder / "other" / "net.json").write_text('{"Resources": {}}')
    with pytest.raises(TemplateError) as caught:
        load([folder / "net.yaml", folder / "other" / "net.json"])
    assert str(caught.value) == (
        f"{folder}/other/net.json and {folder}/net.yaml both make a stack 'net'; "
        "list them in a file with stacks, where each has a name"
    )


def test_the_account_of_a_stack_can_be_given(folder: Path) -> None:
    """Where it is not in the target."""
    found = load(folder / "net.yaml", accounts={"net": "222222222222"})
    assert [stack.account for stack in found.stacks] == ["222222222222"]


@pytest.mark.parametrize(
    ("accounts", "message"),
    [
        ({"D": "222222222222"}, "there is no stack 'D'"),
        ({"A": "222222222222"}, "the stack A is in account 111111111111, and was given 222222222222"),
    ],
)
def test_an_account_that_cannot_be_given(folder: Path, accounts: dict[str, str], message: str) -> None:
    """Nothing is given to nobody, or against what the target says."""
    (folder / "stacks.yaml").write_text(STACKS)
    with pytest.raises(TemplateError) as caught:
        load(folder / "stacks.yaml", accounts=accounts)
    assert str(caught.value) == message
