"""RES-3 and RES-4: the intrinsic functions, pseudo parameters and mappings."""

from ipaddress import IPv4Address, IPv4Network
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Text, Unknown, Value
from constructs_lattice.templates.cidr import cut
from tests.templates.stacks import estate, reference, stack, value

pytestmark = pytest.mark.pure

SECTIONS = """
Parameters:
  Block: {Type: String, Default: 10.140.0.0/20}
  Port: {Type: Number, Default: 8000}
  Flag: {Type: String, Default: true}
  Offices: {Type: CommaDelimitedList, Default: '85.90.20.0/24, 85.90.22.0/24'}
  Ports: {Type: List<Number>, Default: '80,443'}
  Nothing: {Type: CommaDelimitedList, Default: ''}
  Missing: {Type: String}
  MissingList: {Type: CommaDelimitedList}
Mappings:
  Offices:
    eu-west-1: {Cidr: 81.20.0.0/16, Ports: [1, 2]}
    us-east-1: {Cidr: 52.10.0.0/16, Same: x}
    eu-west-2: {Same: x}
    '111111111111': {Cidr: 10.0.0.0/8}
"""


def _unknown(name: str, function: str) -> Unknown:
    """What a function makes of a parameter without a value; `function` has `{}` where that stands."""
    symbol = f"${{parameter:Shop.{name}}}"
    return Unknown(f"parameter {name} of Shop has no value and no default", function.replace("{}", symbol))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Parameters: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
        ("!Ref Block", "10.140.0.0/20"),
        ("!Ref Port", 8000),
        ("!Ref Flag", "true"),
        ("!Ref Offices", ["85.90.20.0/24", "85.90.22.0/24"]),
        ("!Ref Ports", ["80", "443"]),
        ("!Ref Nothing", []),
        ("!Ref Missing", Unknown("parameter Missing of Shop has no value and no default", "parameter:Shop.Missing")),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-join.html
        ("!Join ['/', [!Join ['.', ['0', 0, '0', 0]], 0]]", "0.0.0.0/0"),
        ("!Join [',', !Ref Offices]", "85.90.20.0/24,85.90.22.0/24"),
        ("!Join ['', [true, !Ref AWS::NoValue, 1.5]]", "true1.5"),
        ("!Join ['', []]", ""),
        ("!Join ['', [!Ref Other]]", reference("Other")),
        ("!Join ['-', [a, !Ref Other, b]]", Text(("a-", reference("Other"), "-b"))),
        ("!Join [',', !Ref MissingList]", _unknown("MissingList", "Fn::Join(',', {})")),
        ("!Join ['', [[a]]]", Unknown("an item of Fn::Join is a list, not text")),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
        ("!Sub 'a-${Block}-${AWS::Region}'", "a-10.140.0.0/20-eu-west-1"),
        ("!Sub '${!Block} ${ Port }'", "${Block} 8000"),
        ("!Sub ['${Own}.${Port}', {Own: !Select [0, !Ref Ports]}]", "80.8000"),
        ("!Sub '${Other.Arn}/*'", Text((reference("Other", "Arn"), "/*"))),
        ("!Sub '$${Port}$'", "$8000$"),
        ("!Sub '${Ports}'", Unknown("${Ports} in a text of Fn::Sub is a list, not text")),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html
        ("!Split ['|', 'a|b||']", ["a", "b", "", ""]),
        ("!Split ['-', 'a']", ["a"]),
        (
            "!Split ['/', !Sub 'a/${Other.X}/b']",
            Unknown(
                "a/${Shop.Other.X}/b is known after the deployment only",
                "Fn::Split('/', Fn::Sub('a/${Shop.Other.X}/b'))",
            ),
        ),
        ("!Split ['/', !Sub 'a/${AWS::Region}/b']", ["a", "eu-west-1", "b"]),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html
        ("!Select [1, !Ref Offices]", "85.90.22.0/24"),
        ("!Select ['1', [a, b]]", "b"),
        ("!Select [0, !Split ['/', !Sub 'a/${Other.X}/b']]", "a"),
        (
            "!Select [5, !Split ['/', !Sub 'a/${Other.X}/b']]",
            Unknown(
                "a/${Shop.Other.X}/b is known after the deployment only",
                "Fn::Select(5, ${Fn::Split('/', Fn::Sub('a/${Shop.Other.X}/b'))})",
            ),
        ),
        ("!Select [2, [a, b]]", Unknown("Fn::Select asks for item 2 of a list of 2")),
        ("!Select [-1, [a, b]]", Unknown("Fn::Select asks for item -1 of a list of 2")),
        ("!Select [!Ref Missing, [a, a]]", "a"),
        ("!Select [!Ref Missing, [a, b]]", _unknown("Missing", "Fn::Select({}, ['a', 'b'])")),
        ("!Select [1, !Ref MissingList]", _unknown("MissingList", "Fn::Select(1, {})")),
        ("!Select [1, !GetAtt Other.List]", reference("Other", "List.1")),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
        ("!Cidr [192.168.0.0/24, 6, 5]", [f"192.168.0.{each}/27" for each in (0, 32, 64, 96, 128, 160)]),
        ("!Cidr [!Ref Block, '2', '8']", ["10.140.0.0/24", "10.140.1.0/24"]),
        ("!Cidr ['2001:db8:1234:1a00::/56', 2, 64]", ["2001:db8:1234:1a00::/64", "2001:db8:1234:1a01::/64"]),
        ("!Select [3, !Cidr [!Select [3, !Cidr [!Ref Block, 6, 8]], 4, 6]]", "10.140.3.192/26"),
        ("!Cidr [10.0.0.0/16, 1, 16]", ["10.0.0.0/16"]),
        ("!Cidr [!Ref Missing, 2, 8]", _unknown("Missing", "Fn::Cidr({}, 2, 8)")),
        ("!Cidr [10.0.0.0/16, 300, 4]", Unknown("Fn::Cidr fails: the number of blocks must be 1 to 256, got 300")),
        (
            "!Cidr [10.0.0.0/16, 2, 20]",
            Unknown("Fn::Cidr fails: a block with 20 host bits does not fit into 10.0.0.0/16"),
        ),
        ("!Cidr [10.0.0.0/24, 3, 7]", Unknown("Fn::Cidr fails: 10.0.0.0/24 holds 2 blocks with 7 host bits, not 3")),
        ("!Cidr [x, 1, 1]", Unknown("Fn::Cidr fails: 'x' is no CIDR block")),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html
        ("!FindInMap [Offices, !Ref AWS::Region, Cidr]", "81.20.0.0/16"),
        ("!FindInMap [Offices, !Ref AWS::AccountId, Cidr]", "10.0.0.0/8"),
        ("!FindInMap [Offices, eu-west-1, Ports]", [1, 2]),
        ("{'Fn::FindInMap': [Offices, x, Cidr, {DefaultValue: !Ref Block}]}", "10.140.0.0/20"),
        ("!FindInMap [Offices, x, Cidr]", Unknown("the mapping Offices has nothing for x, Cidr")),
        (
            "!FindInMap [Offices, !Ref Missing, Cidr]",
            _unknown("Missing", "Fn::FindInMap('Shop', 'Offices', [{}, 'Cidr'])"),
        ),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-length.html
        ("{'Fn::Length': !Ref Offices}", 2),
        ("{'Fn::Length': !Ref MissingList}", _unknown("MissingList", "Fn::Length({})")),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ToJsonString.html
        ("{'Fn::ToJsonString': {a: [1, !Ref Block], b: true}}", '{"a":[1,"10.140.0.0/20"],"b":true}'),
        ("{'Fn::ToJsonString': {a: !Ref Other}}", Text(('{"a":"', reference("Other"), '"}'))),
        (
            "{'Fn::ToJsonString': {a: !Ref Missing}}",
            Text(('{"a":', _unknown("Missing", "Fn::ToJsonString({})"), "}")),
        ),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-base64.html
        ("!Base64 'a${b'", "YSR7Yg=="),
        ("!Base64 {Ref: Missing}", _unknown("Missing", "Fn::Base64({})")),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
        ("!Sub '${AWS::Partition} ${AWS::URLSuffix} ${AWS::AccountId}'", "aws amazonaws.com 111111111111"),
        ("!Ref AWS::StackName", "Shop"),
        ("!Select [1, !Split ['/', !Ref AWS::StackId]]", "Shop"),
        # What is not known here.
        ("{'Fn::Shuffle': [a]}", Unknown("Fn::Shuffle is not a function that is known here")),
        ("{'Fn::Transform': {Name: 'AWS::Include'}}", Unknown("the macro AWS::Include makes it")),
        ("{a: 1, 'Fn::Transform': {Name: Mine}}", Unknown("a macro writes it")),
        ("{a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue, 1]}", {"b": [1]}),
    ],
)
def test_a_function_gives_what_its_page_says(expression: str, expected: Value) -> None:
    """What is known is worked out; what is not stays a reference, a text in parts, or unknown under a name."""
    assert value(expression, sections=SECTIONS) == expected


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ],
)
def test_the_partition_follows_from_the_region(region: str, partition: str, suffix: str) -> None:
    """https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html."""
    assert value("!Sub '${AWS::Partition} ${AWS::URLSuffix}'", region=region) == f"{partition} {suffix}"


def test_a_place_that_is_not_given_is_one_symbol_for_all() -> None:
    """Stacks that do not say where they are deployed share a region, an account and a partition."""
    text = "Resources: {Thing: {Type: X::Y::Z, Properties: {P: !Sub '${AWS::Partition}:${AWS::Region}'}}}"
    found = estate(stack(text, name="A", region=None), stack(text, name="B", region=None))
    expected = Text(
        (
            Unknown("the region of A is not given", "AWS::Partition"),
            ":",
            Unknown("the region of A is not given", "AWS::Region"),
        )
    )
    assert found.find("A.Thing").get("P") == expected
    assert str(found.find("B.Thing").get("P")) == str(expected) == "${AWS::Partition}:${AWS::Region}"


def test_a_property_of_no_value_is_absent() -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html."""
    text = "Resources: {Thing: {Type: X::Y::Z, Properties: {P: !Ref AWS::NoValue, Q: 1}}}"
    assert estate(stack(text)).find("Shop.Thing").properties == {"Q": 1}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("!Select [a]", "Fn::Select: needs an index and a list, got a list of 1"),
        ("!Select [x, [a]]", "Fn::Select: needs a number, got 'x'"),
        ("!Select [1.5, [a, b]]", "Fn::Select: needs a whole number, got 1.5"),
        ("!Select [0, 'a,b']", "Fn::Select: needs a list to select from, got 'a,b'"),
        ("!Split [[','], a]", "Fn::Split: needs a delimiter that is text, got [',']"),
        ("!Split ['', a]", "Fn::Split: needs a delimiter that is text, got ''"),
        ("!Join [',', a, b]", "Fn::Join: needs a delimiter and a list, got a list of 3"),
        ("!Join [',', a]", "Fn::Join: needs a list to join, got 'a'"),
        ("!Join [1, [a]]", "Fn::Join: needs a delimiter that is text, got 1"),
        ("!Sub [a]", "Fn::Sub: needs a text and a mapping of variables, got a list of 1"),
        ("!Sub [a, b]", "Fn::Sub: needs a text, or a text and a mapping of variables, got ['a', 'b']"),
        ("!Cidr [10.0.0.0/16, 2]", "Fn::Cidr: needs a block, a count and a number of host bits, got a list of 2"),
        ("!Cidr [10.0.0.0/16, 2, true]", "Fn::Cidr: needs a number, got True"),
        ("!Cidr [[a], 2, 8]", "Fn::Cidr: needs a CIDR block, got ['a']"),
        ("!FindInMap [Offices, a]", "Fn::FindInMap: needs a mapping and two keys, got a list of 2"),
        ("!FindInMap [Office, a, b]", "Fn::FindInMap: there is no mapping 'Office', did you mean 'Offices'?"),
        ("!FindInMap [Offices, a, b, c]", "Fn::FindInMap: needs a DefaultValue behind the keys, got 'c'"),
        ("!If [HasIt, a]", "Fn::If: needs a condition and two values, got a list of 2"),
        ("!If [HasIt, a, b]", "Fn::If: there is no condition 'HasIt'"),
        ("!If [[HasIt], a, b]", "Fn::If: needs the name of a condition, got ['HasIt']"),
        ("{'Fn::Length': a}", "Fn::Length: needs a list, got 'a'"),
        ("[a, {b: !Select [a]}]", "[1].b.Fn::Select: needs an index and a list, got a list of 1"),
    ],
)
def test_what_is_written_wrong_is_an_error(expression: str, message: str) -> None:
    """It says where, down to the function; what only comes out wrong is unknown instead, see above."""
    with pytest.raises(TemplateError) as caught:
        value(expression, sections=SECTIONS)
    place = message if message.startswith("[") else f".{message}"
    assert str(caught.value) == f"shop.yaml:22: Resources.Thing.Properties.P{place}"


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ("{Type: String, Default: x, AllowedValues: [a, b]}", "must be one of a, b, got 'x'"),
        ("{Type: String, Default: [x]}", "the Default must be text, got ['x']"),
    ],
)
def test_a_parameter_that_is_declared_wrong_is_an_error(parameter: str, message: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html."""
    with pytest.raises(TemplateError) as caught:
        value("!Ref P", sections=f"Parameters:\n  P: {parameter}")
    assert str(caught.value) == f"shop.yaml:2: Parameters.P: {message}"


@given(st.integers(0, 2**32 - 1), st.integers(8, 30), st.integers(1, 256), st.integers(1, 24))
def test_blocks_are_the_first_subnets(address: int, prefix: int, count: int, bits: int) -> None:
    """What `Fn::Cidr` cuts is what Python's own arithmetic counts off, or an error where there is not enough."""
    network = IPv4Network((address, prefix), strict=False)
    cutting = cut(f"{IPv4Address(address)}/{prefix}", count, bits)
    if 32 - bits < prefix or count > 1 << (32 - bits - prefix):
        assert isinstance(cutting, str)
    else:
        assert cutting == [str(each) for each in islice(network.subnets(new_prefix=32 - bits), count)]
