"""Loops are written out, macros are not; circles of resources are errors."""

import pytest

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Unknown
from tests.templates.stacks import cases, estate, reference, stack

pytestmark = pytest.mark.pure

LOOPS = """
Transform: AWS::LanguageExtensions
Parameters:
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
  Hosts: {Type: CommaDelimitedList}
Mappings: {Blocks: {a: {Cidr: 10.0.1.0/24}, b: {Cidr: 10.0.2.0/24}}}
Conditions:
  Fn::ForEach::Conditions: [Zone, !Ref Zones, {'Is${Zone}': !Equals ['${Zone}', a]}]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Fn::ForEach::Subnets:
    - Zone
    - !Ref Zones
    - Subnet${Zone}:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Vpc
          CidrBlock: !FindInMap [Blocks, !Ref Zone, Cidr]
          AvailabilityZone: !Sub '${AWS::Region}${Zone}'
      Fn::ForEach::Rules:
        - Port
        - ['80/tcp', '443/tcp']
        - Rule${Zone}&{Port}: {Type: AWS::EC2::SecurityGroupIngress, Condition: 'Is${Zone}', Properties: {P: '${Port}'}}
  Tagged: {Type: X::Y::Z, Properties: {Tags: {'Fn::ForEach::Tags': [Zone, [x, y], {'tag-${Zone}': !Ref Zone}]}}}
Outputs:
  Fn::ForEach::Outputs: [Zone, !Ref Zones, {'Id${Zone}': {Value: !Ref 'Subnet${Zone}'}}]
"""


def test_loops_are_written_out() -> None:
    """In resources, properties, conditions and outputs, one in another.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
    """
    found = estate(stack(LOOPS))
    assert [each.logical_id for each in found.resources] == [
        "Vpc",
        "Subneta",
        "Rulea80tcp",
        "Rulea443tcp",
        "Subnetb",
        "Tagged",
    ]
    assert found.find("Shop.Subnetb").properties == {
        "VpcId": reference("Vpc"),
        "CidrBlock": "10.0.2.0/24",
        "AvailabilityZone": "eu-west-1b",
    }
    assert found.find("Shop.Rulea443tcp").get("P") == "443/tcp"
    assert found.find("Shop.Tagged").get("Tags") == {"tag-x": "x", "tag-y": "y"}
    assert found.deployments[0].outputs == {"Ida": reference("Subneta"), "Idb": reference("Subnetb")}
    assert found.find("Shop.Subnetb").where == "shop.yaml:14"


def test_a_loop_over_what_nobody_knows_leaves_a_doubt() -> None:
    """One resource of its type, of which nothing is known; what may be in the loop is unknown."""
    text = LOOPS.replace("[Zone, [x, y]", "[Zone, !Ref Hosts").replace(
        "Subnets:\n    - Zone\n    - !Ref Zones", "Subnets:\n    - Zone\n    - !Ref Hosts"
    )
    text = text.replace("Outputs: [Zone, !Ref Zones,", "Outputs: [Zone, [q],")
    found = estate(stack(text))
    subnet, tagged = found.find("Shop.Subnet${Zone}"), found.find("Shop.Tagged")
    assert subnet.doubt == Unknown("over what Fn::ForEach::Subnets of Shop runs is not known")
    assert subnet.get("VpcId") == subnet.doubt
    assert tagged.doubt == Unknown("over what Fn::ForEach::Tags of Shop runs is not known")
    assert found.deployments[0].outputs == {"Idq": Unknown("Subnetq may be made by a loop", "loop:Shop.Subnetq")}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "Transform: AWS::LanguageExtensions\n",
            "",
            "shop.yaml: Conditions.Fn::ForEach::Conditions needs Transform: AWS::LanguageExtensions",
        ),
        (
            "[Zone, [x, y], {'tag-${Zone}': !Ref Zone}]",
            "[Zone, [x, y]]",
            "shop.yaml:24: Resources.Tagged.Properties.Tags.Fn::ForEach::Tags: needs an identifier, a collection and a "
            "mapping, got ['Zone', ['x', 'y']]",
        ),
        (
            "{'tag-${Zone}': !Ref Zone}",
            "{tag: !Ref Zone}",
            "shop.yaml:24: Resources.Tagged.Properties.Tags.Fn::ForEach::Tags: makes 'tag' twice",
        ),
        (
            "[x, y]",
            "[[x], y]",
            "shop.yaml:24: Resources.Tagged.Properties.Tags.Fn::ForEach::Tags: needs a list of texts, got [['x'], 'y']",
        ),
    ],
)
def test_a_loop_that_is_written_wrong_is_an_error(old: str, new: str, message: str) -> None:
    """With its place."""
    with pytest.raises(TemplateError) as caught:
        estate(stack(LOOPS.replace(old, new)))
    assert str(caught.value) == message


def test_a_loop_does_not_run_away() -> None:
    """Loops in loops grow fast."""
    many = [str(each) for each in range(1000)]
    text = (
        "Transform: AWS::LanguageExtensions\nResources:\n"
        f"  Fn::ForEach::A: [A, {many}, {{'Fn::ForEach::B': [B, {many}, {{'R${{A}}x${{B}}': {{Type: 'X::Y::Z'}}}}]}}]\n"
    )
    with pytest.raises(TemplateError) as caught:
        estate(stack(text))
    assert str(caught.value).endswith("with its loops written out, the template has more than 200,000 nodes")


MACRO = """
Transform: TRANSFORM
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Probe: {Type: X::Y::Z, Properties: {P: !GetAtt MadeRole.Arn, Q: !Ref Vpc}}
  Other: {Type: X::Y::Z, Properties: {P: !GetAtt Vpc.CidrBlock}}
Outputs:
  Block: {Value: !GetAtt Vpc.CidrBlock}
"""


def test_a_macro_may_rewrite_everything() -> None:
    """Nothing is known of any resource, and that it adds none is an assumption.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
    """
    found = estate(stack(MACRO.replace("TRANSFORM", "[AWS::LanguageExtensions, {Name: Mine, Parameters: {}}]")))
    assert found.find("Shop.Vpc").doubt == Unknown("the macro Mine may rewrite Shop.Vpc")
    assert found.deployments[0].outputs == {
        "Block": Unknown("the macro Mine may rewrite the output Block of Shop", "output:Shop.Block")
    }
    assert found.find("Shop.Other").declared["P"] == Unknown(
        "the macro Mine may rewrite Shop.Vpc", "attribute:Shop.Vpc.CidrBlock"
    )
    assert found.assumptions == ("the macro Mine adds no resources to Shop",)


def test_the_serverless_macro_leaves_other_resources_alone() -> None:
    """It makes resources that the template refers to, which are unknown.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html
    """
    found = estate(stack(MACRO.replace("TRANSFORM", "AWS::Serverless-2016-10-31")))
    assert found.find("Shop.Vpc").doubt is None
    assert found.find("Shop.Probe").properties == {
        "P": Unknown("MadeRole may be made by the macro AWS::Serverless-2016-10-31", "macro:Shop.MadeRole"),
        "Q": reference("Vpc"),
    }


def test_a_macro_in_a_resource_leaves_that_in_doubt() -> None:
    """It may change every property beside it."""
    text = "Resources: {Probe: {Type: X::Y::Z, Properties: {P: 1, 'Fn::Transform': {Name: Mine}}}}"
    assert estate(stack(text)).find("Shop.Probe").doubt == Unknown("a macro writes properties of Shop.Probe")


def test_a_macro_in_a_section_runs_over_all_of_it() -> None:
    """`Fn::Transform` beside the resources may add more."""
    text = "Resources: {Probe: {Type: X::Y::Z}, 'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://x}}}"
    found = estate(stack(text))
    assert found.find("Shop.Probe").doubt == Unknown("the macro AWS::Include may rewrite Shop.Probe")
    assert found.assumptions == ("the macro AWS::Include adds no resources to Shop",)


def test_what_a_module_holds_is_unknown() -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html."""
    text = "Resources: {Net: {Type: 'My::Net::Vpc::MODULE'}, Probe: {Type: X::Y::Z, Properties: {P: !Ref NetVpc}}}"
    assert estate(stack(text)).find("Shop.Probe").get("P") == Unknown(
        "NetVpc is in the module Shop.Net", "module:Shop.NetVpc"
    )


@pytest.mark.parametrize(
    ("resources", "circle"),
    [
        (
            "A: {Type: X::Y::Z, Properties: {P: !Ref B}}, B: {Type: X::Y::Z, Properties: {P: !GetAtt A.X}}",
            "A → Shop.B → Shop.A",
        ),
        ("A: {Type: X::Y::Z, DependsOn: [B]}, B: {Type: X::Y::Z, Properties: {P: !Sub '${A}'}}", "B → Shop.A → Shop.B"),
        ("A: {Type: X::Y::Z, DependsOn: A}", "A → Shop.A"),
        (
            "C: {Type: X::Y::Z, DependsOn: A}, A: {Type: X::Y::Z, DependsOn: B}, B: {Type: X::Y::Z, DependsOn: A}",
            "A → Shop.B → Shop.A",
        ),
    ],
)
def test_resources_that_need_each_other_are_an_error(resources: str, circle: str) -> None:
    """CloudFormation refuses them.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
    """
    with pytest.raises(TemplateError) as caught:
        estate(stack(f"Resources: {{{resources}}}"))
    assert str(caught.value) == f"shop.yaml:1: circular dependency: Shop.{circle}"


def test_a_branch_that_is_not_taken_makes_no_circle() -> None:
    """Dependencies follow from what is deployed."""
    text = """
    Conditions: {Never: !Equals [a, b]}
    Resources:
      A: {Type: X::Y::Z, Properties: {P: !If [Never, !Ref B, 1]}}
      B: {Type: X::Y::Z, Properties: {P: !Ref A}}
    """
    ((_, found),) = cases(stack(text))
    assert len(found.resources) == 2


def test_properties_that_need_each_other_are_an_error() -> None:
    """The message is the chain."""
    text = """
    Resources:
      A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !GetAtt B.CidrBlock}}
      B: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !GetAtt A.CidrBlock}}
    """
    with pytest.raises(TemplateError) as caught:
        estate(stack(text))
    chain = [f"Shop.Resources.{each}.Properties.CidrBlock" for each in "ABA"]
    assert str(caught.value) == f"shop.yaml: circular reference: {' → '.join(chain)}"


def test_a_value_that_doubles_again_and_again_is_an_error() -> None:
    """Sixty outputs, each twice the one before, would fill any memory."""
    resources = "".join(
        f"  R{each}: {{Type: X::Y::Z, Properties: {{P: [!GetAtt R{each - 1}.P, !GetAtt R{each - 1}.P]}}}}\n"
        for each in range(1, 61)
    )
    with pytest.raises(TemplateError) as caught:
        estate(stack(f"Resources:\n  R0: {{Type: X::Y::Z, Properties: {{P: x}}}}\n{resources}"))
    assert str(caught.value).endswith("Fn::GetAtt makes a value that is too large")
    texts = resources.replace("[!GetAtt ", "!Join ['', [!GetAtt ").replace(".P]", ".P]]")
    with pytest.raises(TemplateError) as caught:
        estate(stack(f"Resources:\n  R0: {{Type: X::Y::Z, Properties: {{P: x}}}}\n{texts}"))
    assert str(caught.value).endswith("Fn::Join makes a value that is too large")
