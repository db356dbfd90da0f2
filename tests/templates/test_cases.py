"""RES-3 and RES-8: conditions, what exists because of them, and the cases that undecided ones make.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
"""

from collections.abc import Sequence

import pytest

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Unknown, Value
from tests.templates.stacks import cases, estate, reference, stack

pytestmark = pytest.mark.pure

SECTIONS = """
Parameters:
  Stage: {Type: String}
  Size: {Type: String, AllowedValues: [small, large, huge]}
  Zones: {Type: Number, Default: 3}
  Hosts: {Type: CommaDelimitedList}
Mappings:
  Stages: {prod: {Nat: 'yes', Count: 3}, test: {Nat: 'no', Count: 3}}
Conditions:
  Is: CONDITION
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !If [Is, 10.1.0.0/16, 10.2.0.0/16]}}
  Gateway: {Type: AWS::EC2::InternetGateway, Condition: Is}
  Probe:
    Type: X::Y::Z
    Properties:
      Dropped: !If [Is, !Ref AWS::NoValue, 1]
      Items: [!If [Is, a, !Ref AWS::NoValue], b]
"""


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("!Equals [a, a]", True),
        ("!Equals [a, A]", False),
        ("!Equals [!Ref Zones, '3']", True),
        ("!Equals ['true', true]", True),
        ("!Equals [!Ref AWS::Region, eu-west-1]", True),
        ("!Equals [!Ref Stage, !Ref Stage]", True),
        ("!Equals [!Sub '${Stage}-x', prod-y]", False),
        ("!Equals [!Sub 'x-${Stage}', prod]", False),
        ("!Equals [!Sub 'ab${Stage}ba', aba]", False),
        ("!Equals [!Ref Size, tiny]", False),
        ("!Equals [[a], [a]]", True),
        ("!Equals [!FindInMap [Stages, prod, Nat], 'yes']", True),
        ("!Not [!Equals [a, b]]", True),
        ("!And [!Equals [a, a], !Equals [a, b]]", False),
        ("!And [!Equals [!Ref Stage, prod], !Equals [a, b]]", False),
        ("!Or [!Equals [a, b], !Equals [a, a]]", True),
        ("!Or [!Equals [!Ref Stage, prod], !Equals [a, a]]", True),
        ("!Or [!Condition Is2, !Equals [a, a]]\n  Is2: !Equals [a, b]", True),
        ("{Condition: Is2}\n  Is2: !Equals [a, b]", False),
        ("'true'", True),
        ("false", False),
    ],
)
def test_a_condition_is_decided_where_the_template_decides_it(condition: str, holds: bool) -> None:
    """What hangs on it exists or not; an unknown that makes no difference makes no cases."""
    found = estate(stack(SECTIONS.replace("CONDITION", condition)))
    assert ("Shop.Gateway" in map(str, found.resources)) is holds
    assert found.find("Shop.Vpc").get("CidrBlock") == ("10.1.0.0/16" if holds else "10.2.0.0/16")
    assert found.find("Shop.Probe").get("Items") == (["a", "b"] if holds else ["b"])
    assert found.find("Shop.Probe").get("Dropped") == (None if holds else 1)


@pytest.mark.parametrize(
    ("condition", "assumed"),
    [
        ("!Equals [!Ref Stage, prod]", ["parameter Stage of Shop is 'prod'", "parameter Stage of Shop is not 'prod'"]),
        (
            "!Or [!Equals [!Ref Stage, prod], !Equals [!Ref Stage, test]]",
            [
                "parameter Stage of Shop is 'prod'",
                "parameter Stage of Shop is 'test'",
                "parameter Stage of Shop is none of 'prod', 'test'",
            ],
        ),
        (
            "!Or [!Equals [!Ref Size, small], !Equals [!Ref Size, large]]",
            [
                "parameter Size of Shop is 'small'",
                "parameter Size of Shop is 'large'",
                "parameter Size of Shop is 'huge'",
            ],
        ),
        (
            "!And [!Equals [!Ref Size, small], !Equals [!Ref Stage, prod]]",
            [
                "parameter Size of Shop is 'small'; parameter Stage of Shop is 'prod'",
                "parameter Size of Shop is 'small'; parameter Stage of Shop is not 'prod'",
                "parameter Size of Shop is not 'small'",
            ],
        ),
        (
            "!Equals [!Sub 'net-${Stage}-1', net-prod-1]",
            ["parameter Stage of Shop is 'prod'", "parameter Stage of Shop is not 'prod'"],
        ),
        (
            "!Equals [!FindInMap [Stages, !Ref Stage, Nat], 'yes']",
            [
                "parameter Stage of Shop is 'prod'",
                "parameter Stage of Shop is 'test'",
                "parameter Stage of Shop is none of 'prod', 'test'",
            ],
        ),
        (
            "!Equals [!Ref Stage, !Ref Size]",
            [
                "Fn::Equals(${parameter:Shop.Size}, ${parameter:Shop.Stage}) holds",
                "Fn::Equals(${parameter:Shop.Size}, ${parameter:Shop.Stage}) does not hold",
            ],
        ),
        (
            "!Equals [!Join ['', !Ref Hosts], '']",
            [
                "Fn::Join('', ${parameter:Shop.Hosts}) is ''",
                "Fn::Join('', ${parameter:Shop.Hosts}) is not ''",
            ],
        ),
    ],
)
def test_what_is_undecided_makes_cases(condition: str, assumed: Sequence[str]) -> None:
    """One for each way in which it can be decided, with what is assumed in words."""
    found = cases(stack(SECTIONS.replace("CONDITION", condition)))
    assert [each.assumed for each in found] == assumed
    assert all("; ".join(each.estate.assumptions) == each.assumed for each in found)


def test_what_contradicts_itself_is_no_case() -> None:
    """Two parameters that are equal are not two things, nor one thing if they differ."""
    condition = "!And [!Equals [!Ref Stage, !Ref Size], !Equals [!Ref Stage, small], !Equals [!Ref Size, large]]"
    found = cases(stack(SECTIONS.replace("CONDITION", condition)))
    assert [each.assumed for each in found] == [
        "Fn::Equals(${parameter:Shop.Size}, ${parameter:Shop.Stage}) holds; parameter Stage of Shop is 'small'; "
        "parameter Size of Shop is 'small'",
        "Fn::Equals(${parameter:Shop.Size}, ${parameter:Shop.Stage}) holds; parameter Stage of Shop is not 'small'",
        "Fn::Equals(${parameter:Shop.Size}, ${parameter:Shop.Stage}) does not hold",
    ]


def test_a_parameter_is_what_the_case_says() -> None:
    """In the values as well as in the conditions; what it is not stays unknown."""
    text = SECTIONS.replace("CONDITION", "!Equals [!Ref Stage, prod]")
    first, second = cases(stack(text + "      Stage: !Sub 'stage-${Stage}'\n"))
    assert first.estate.find("Shop.Probe").get("Stage") == "stage-prod"
    assert str(second.estate.find("Shop.Probe").get("Stage")) == "stage-${parameter:Shop.Stage}"


def test_a_given_parameter_makes_no_cases() -> None:
    """The value that is given decides."""
    text = SECTIONS.replace("CONDITION", "!Equals [!Ref Stage, prod]")
    assert "Shop.Gateway" in map(str, estate(stack(text, parameters={"Stage": "prod"})).resources)
    assert "Shop.Gateway" not in map(str, estate(stack(text, parameters={"Stage": "test"})).resources)


def test_the_region_is_a_case_where_it_is_not_given() -> None:
    """And the stack is then deployed there, in that partition."""
    text = SECTIONS.replace("CONDITION", "!Equals [!Ref AWS::Region, cn-north-1]")
    china, elsewhere = cases(stack(text + "      In: !Ref AWS::Partition\n", region=None))
    assert china.assumed == "AWS::Region is 'cn-north-1'"
    assert china.estate.deployments[0].region == "cn-north-1"
    assert china.estate.find("Shop.Probe").get("In") == "aws-cn"
    assert isinstance(elsewhere.estate.deployments[0].region, Unknown)


def test_metadata_of_the_cdk_makes_no_cases() -> None:
    """It exists in the regions that the CDK lists; nobody asks for it."""
    text = """
    Conditions: {CDKMetadataAvailable: !Or [!Equals [!Ref AWS::Region, a], !Equals [!Ref AWS::Region, b]]}
    Resources:
      CDKMetadata: {Type: AWS::CDK::Metadata, Condition: CDKMetadataAvailable}
    """
    ((assumed, found),) = cases(stack(text, region=None))
    assert assumed == ""
    assert found.find("Shop.CDKMetadata").doubt == Unknown(
        "whether Shop.CDKMetadata exists is not known: the region of Shop is not given"
    )


def _switches(count: int, *, kind: str) -> str:
    names = [f"S{each}" for each in range(count)]
    parameters = "".join(f"  {name}: {{Type: String}}\n" for name in names)
    conditions = "".join(f"  Is{name}: !Equals [!Ref {name}, 'on']\n" for name in names)
    resources = "".join(f"  R{name}: {{Type: {kind}, Condition: Is{name}}}\n" for name in names)
    return f"""
Parameters:
  Stage: {{Type: String}}
{parameters}
Conditions:
  Is: !Equals [!Ref Stage, prod]
{conditions}
Resources:
  Vpc: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: !If [Is, 10.1.0.0/16, 10.2.0.0/16]}}}}
  Gateway: {{Type: AWS::EC2::InternetGateway, Condition: Is}}
{resources}"""


def test_too_many_cases_are_those_of_the_network() -> None:
    """A resource that carries no traffic stays in doubt."""
    found = cases(stack(_switches(6, kind="AWS::CloudWatch::Alarm")))
    assert [each.assumed for each in found] == [
        "parameter Stage of Shop is 'prod'",
        "parameter Stage of Shop is not 'prod'",
    ]
    doubt = "whether Shop.RS0 exists is not known: parameter S0 of Shop has no value and no default"
    assert {each.estate.find("Shop.RS0").doubt for each in found} == {Unknown(doubt)}


def test_too_many_cases_of_the_network_are_one_in_which_all_is_open() -> None:
    """A resource that may exist tells nobody anything who does not look at its doubt."""
    found = cases(stack(_switches(6, kind="AWS::EC2::VPC")))
    ((assumed, open_estate),) = found
    assert assumed == ""
    vpc, gateway = open_estate.find("Shop.Vpc"), open_estate.find("Shop.Gateway")
    assert vpc.doubt is None
    assert vpc.get("CidrBlock") == Unknown(
        "it hangs on the condition Is of Shop: parameter Stage of Shop has no value and no default"
    )
    doubt = Unknown("whether Shop.Gateway exists is not known: parameter Stage of Shop has no value and no default")
    assert gateway.doubt == doubt
    assert gateway.get("Tags") == gateway.get("Tags", []) == doubt
    assert len(cases(stack(_switches(6, kind="AWS::EC2::VPC")), most=128)) == 128


def test_a_resource_in_doubt_has_what_it_declares_aside() -> None:
    """Who knows about doubts may look at what is there if the resource exists."""
    text = """
    Parameters: {Open: {Type: String}}
    Conditions: {IsOpen: !Equals [!Ref Open, 'yes']}
    Resources:
      Rule: {Type: AWS::EC2::SecurityGroupIngress, Condition: IsOpen, Properties: {IpProtocol: '-1'}}
    """
    ((_, found),) = cases(stack(text), most=1)
    rule = found.find("Shop.Rule")
    assert rule.declared == {"IpProtocol": "-1"}
    assert rule.properties == {"IpProtocol": rule.doubt}


@pytest.mark.parametrize(
    ("expression", "expected"), [("!If [Is, a, a]", "a"), ("!If [Is, !Ref Vpc, !Ref Vpc]", reference("Vpc"))]
)
def test_an_open_condition_between_equals_is_no_matter(expression: str, expected: Value) -> None:
    """Both branches come to the same."""
    text = SECTIONS.replace("CONDITION", "!Equals [!Ref Stage, prod]") + f"      Same: {expression}\n"
    ((_, found),) = cases(stack(text), most=1)
    assert found.find("Shop.Probe").get("Same") == expected


def test_a_reference_to_what_does_not_exist_is_unknown() -> None:
    """The deployment would fail; the reason says so."""
    text = SECTIONS.replace("CONDITION", "!Equals [a, b]") + "      R: !Ref Gateway\n      G: !GetAtt Gateway.Id\n"
    reason = "Shop.Gateway does not exist, its condition Is is false"
    assert estate(stack(text)).find("Shop.Probe").get("R") == Unknown(reason)
    assert estate(stack(text)).find("Shop.Probe").get("G") == Unknown(reason)


def test_a_branch_that_is_not_taken_is_not_looked_at() -> None:
    """A reference to a resource that does not exist does no harm there."""
    text = SECTIONS.replace("CONDITION", "!Equals [a, b]") + "      R: !If [Is, !Ref Gateway, none]\n"
    assert estate(stack(text)).find("Shop.Probe").get("R") == "none"


def test_outputs_exist_under_their_conditions() -> None:
    """Those that may not exist are unknown; what is imported must exist."""
    text = SECTIONS.replace("CONDITION", "!Equals [!Ref Stage, prod]") + (
        "Outputs:\n"
        "  Always: {Value: 1}\n"
        "  Never: {Value: 2, Condition: IsNot}\n"
        "  Gateway: {Value: !Ref Gateway, Condition: Is, Export: {Name: gateway}}\n"
    )
    text = text.replace("Conditions:\n", "Conditions:\n  IsNot: !Equals [a, b]\n")
    user = stack("Resources: {Probe: {Type: X::Y::Z, Properties: {P: !ImportValue gateway}}}", name="User")
    first, second = (each.estate for each in cases(stack(text), user))
    assert first.deployments[0].outputs == {"Always": 1, "Gateway": reference("Gateway")}
    assert second.deployments[0].outputs == {"Always": 1}
    assert first.find("User.Probe").get("P") == reference("Gateway")
    assert second.find("User.Probe").get("P") == Unknown(
        "no stack here exports 'gateway' in the region and account of User",
        "export:111111111111:eu-west-1:gateway",
    )


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("!Equals [a]", "Conditions.Is.Fn::Equals: needs a list of two values, got ['a']"),
        (
            "!And [!Equals [a, a]]",
            "Conditions.Is.Fn::And: needs a list of 2 or more conditions, got [{'Fn::Equals': ['a', 'a']}]",
        ),
        (
            "!Not [!Equals [a, a], x]",
            "Conditions.Is.Fn::Not: needs a list of one condition, got [{'Fn::Equals': ['a', 'a']}, 'x']",
        ),
        ("!Condition [a]", "Conditions.Is.Condition: needs the name of a condition, got ['a']"),
        ("!Condition Iss", "Conditions.Is.Condition: there is no condition 'Iss', did you mean 'Is'?"),
        (
            "!Ref Stage",
            "Conditions.Is: a condition must be one of Condition, Fn::And, Fn::Equals, Fn::Not, Fn::Or, got the keys "
            "Ref",
        ),
        ("7", "Conditions.Is: a condition must be one of Condition, Fn::And, Fn::Equals, Fn::Not, Fn::Or, got 7"),
    ],
)
def test_a_condition_that_is_written_wrong_is_an_error(condition: str, message: str) -> None:
    """With the place in the template."""
    with pytest.raises(TemplateError) as caught:
        estate(stack(SECTIONS.replace("CONDITION", condition)))
    where, _, text = str(caught.value).partition(": ")
    assert where in {"shop.yaml", "shop.yaml:10"}
    assert text == message


def test_conditions_that_need_each_other_are_an_error() -> None:
    """The message is the chain."""
    with pytest.raises(TemplateError) as caught:
        estate(stack(SECTIONS.replace("CONDITION", "!Condition Is2\n  Is2: !Not [!Condition Is]")))
    assert str(caught.value) == (
        "shop.yaml: circular reference: Shop.Conditions.Is → Shop.Conditions.Is2 → Shop.Conditions.Is"
    )
