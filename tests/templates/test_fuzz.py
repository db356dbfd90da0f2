"""Whatever is loaded, it resolves or it is a `TemplateError`; no other exception, and nothing that runs away."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Application, Case, Estate, Reference, Text, Unknown, Value, load, unknowns
from constructs_lattice.templates.definition import StackDefinition
from constructs_lattice.templates.template import make_template

pytestmark = pytest.mark.pure

NAMES = st.sampled_from(
    ["A", "B", "C", "Parameter", "List", "Map", "Yes", "AWS::Region", "AWS::NoValue", "AWS::StackId", "Outputs.X", ""]
)
SCALARS = st.one_of(
    NAMES,
    st.integers(-3, 300),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False),
    st.sampled_from(
        [
            "10.0.0.0/16",
            "${A}-${B.Arn}",
            "${!A}${AWS::AccountId}",
            "{{resolve:ssm:/a}}",
            "{{resolve:secretsmanager:x:y}}",
            "{{resolve:ssm:${A}",
            "a,b,c",
            "arn:aws:iam::111111111111:role/x",
            ",",
            "/",
            "Vpc.CidrBlock",
            "5f00::/56",
            "é",
        ]
    ),
    st.text(max_size=6),
)
FUNCTIONS = st.sampled_from(
    [
        "Ref",
        "Condition",
        "Fn::And",
        "Fn::Base64",
        "Fn::Cidr",
        "Fn::Equals",
        "Fn::FindInMap",
        "Fn::ForEach::Loop",
        "Fn::GetAZs",
        "Fn::GetAtt",
        "Fn::GetStackOutput",
        "Fn::If",
        "Fn::ImportValue",
        "Fn::Join",
        "Fn::Length",
        "Fn::Not",
        "Fn::Or",
        "Fn::Select",
        "Fn::Split",
        "Fn::Sub",
        "Fn::ToJsonString",
        "Fn::Transform",
        "Fn::Unheard",
    ]
)


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(NAMES, FUNCTIONS), inner, max_size=3),
        st.dictionaries(FUNCTIONS, inner, min_size=1, max_size=1),
        st.dictionaries(FUNCTIONS, st.lists(inner, min_size=2, max_size=3), min_size=1, max_size=1),
        st.fixed_dictionaries({"Fn::Select": st.tuples(st.integers(0, 3), inner).map(list)}),
        st.fixed_dictionaries({"Fn::Split": st.tuples(st.sampled_from([",", "/", ":"]), inner).map(list)}),
        st.fixed_dictionaries({"Fn::Join": st.tuples(st.just(","), st.lists(inner, max_size=3)).map(list)}),
        st.fixed_dictionaries({"Fn::If": st.tuples(st.just("Yes"), inner, inner).map(list)}),
        st.fixed_dictionaries(
            {"Fn::GetAtt": st.tuples(NAMES, st.sampled_from(["Arn", "CidrBlock", "VpcId"])).map(list)}
        ),
    )


TREES = st.recursive(SCALARS, _grown, max_leaves=12)
TYPES = st.sampled_from(
    [
        "AWS::EC2::VPC",
        "AWS::EC2::VPCCidrBlock",
        "AWS::EC2::Subnet",
        "AWS::CloudFormation::Stack",
        "AWS::SSM::Parameter",
        "AWS::NetworkFirewall::Firewall",
        "AWS::IAM::Role",
        "Custom::CrossRegionExportReader",
        "Custom::CrossRegionExportWriter",
        "AWS::VpcLattice::Service",
        "X::Y::Z::MODULE",
    ]
)
PROPERTIES = st.dictionaries(
    st.sampled_from(["CidrBlock", "VpcId", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "Name", "Value", "Path", "RoleName"]),
    TREES,
    max_size=3,
)
RESOURCES = st.one_of(
    TREES,
    st.fixed_dictionaries(
        {"Type": TYPES},
        optional={
            "Properties": st.one_of(PROPERTIES, TREES),
            "Condition": NAMES,
            "DependsOn": TREES,
            "Metadata": TREES,
        },
    ),
    st.fixed_dictionaries({"Type": TYPES}, optional={"Properties": PROPERTIES}),
    st.fixed_dictionaries({"Type": TYPES}, optional={"Properties": PROPERTIES}),
)
PARAMETERS = st.fixed_dictionaries(
    {"Type": st.sampled_from(["String", "Number", "CommaDelimitedList", "AWS::SSM::Parameter::Value<List<String>>"])},
    optional={"Default": SCALARS, "AllowedValues": st.lists(SCALARS, max_size=3)},
)
TEMPLATES = st.fixed_dictionaries(
    {"Resources": st.dictionaries(st.one_of(NAMES, FUNCTIONS), RESOURCES, max_size=4)},
    optional={
        "Parameters": st.dictionaries(st.sampled_from(["Parameter", "List"]), PARAMETERS, max_size=2),
        "Mappings": st.one_of(TREES, st.fixed_dictionaries({"Map": TREES})),
        "Conditions": st.dictionaries(st.sampled_from(["Yes", "No"]), TREES, max_size=2),
        "Outputs": st.dictionaries(
            NAMES, st.fixed_dictionaries({"Value": TREES}, optional={"Export": TREES}), max_size=2
        ),
        "Transform": st.sampled_from(["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31", "Mine", None, [{}]]),
    },
)


CONDITION_NAMES = st.sampled_from(["Yes", "No", "Perhaps"])
MADE = st.sampled_from(["Vpc", "Subnet", "Role", "Nested", "Custom", "Firewall"])
ATTRIBUTES = st.sampled_from(["Arn", "CidrBlock", "VpcId", "Ipv6CidrBlocks", "Outputs.X", "EndpointIds", "RoleId"])


def _call(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(*arguments).map(lambda each: {name: list(each)})


def _call_one(name: str, argument: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return argument.map(lambda each: {name: each})


LEAVES = st.one_of(
    st.sampled_from(
        ["10.0.0.0/16", "a/b/c", "x", "${Parameter}/${Vpc}", "${Role.Arn}:${AWS::Region}", 1, "2", "{{resolve:ssm:/a}}"]
    ),
    _call_one(
        "Ref", st.sampled_from(["Parameter", "List", "AWS::Region", "AWS::NoValue", "AWS::StackId", "AWS::Partition"])
    ),
    _call_one("Ref", MADE),
    _call("Fn::GetAtt", MADE, ATTRIBUTES),
    _call_one("Fn::GetAZs", st.sampled_from(["", "eu-west-1", {"Ref": "AWS::Region"}])),
)


def _calls(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        _call("Fn::Split", st.sampled_from([",", "/", ":", "-"]), inner),
        _call("Fn::Cidr", inner, st.sampled_from([2, "4"]), st.sampled_from([8, "6"])),
        st.just({"Ref": "List"}),
        st.just({"Fn::GetAtt": ["Firewall", "EndpointIds"]}),
    )
    return st.one_of(
        _call("Fn::Select", st.sampled_from([0, "1", 2]), lists),
        _call("Fn::Join", st.sampled_from(["", ",", "/"]), lists),
        _call("Fn::If", CONDITION_NAMES, inner, inner),
        _call("Fn::FindInMap", st.just("Map"), inner, st.just("b")),
        _call("Fn::Sub", st.just("${x}/${Parameter}"), st.fixed_dictionaries({"x": inner})),
        _call_one("Fn::ImportValue", inner),
        _call_one("Fn::Length", lists),
        _call_one("Fn::ToJsonString", st.fixed_dictionaries({"a": inner, "b": lists})),
        _call_one("Fn::Base64", inner),
        st.fixed_dictionaries({"Fn::GetStackOutput": st.fixed_dictionaries({"StackName": inner, "OutputName": inner})}),
        st.fixed_dictionaries({"Key": inner, "Other": inner}),
        st.lists(inner, max_size=3),
    )


VALUES = st.recursive(LEAVES, _calls, max_leaves=6)


def _conditions(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(_call("Fn::And", inner, inner), _call("Fn::Or", inner, inner), _call("Fn::Not", inner))


KNOWN_EARLY = st.one_of(
    st.sampled_from(["x", "y", "eu-west-1", "x/y", {"Ref": "Parameter"}, {"Ref": "AWS::Region"}, {"Ref": "Choice"}]),
    st.just({"Fn::Join": ["/", [{"Ref": "Parameter"}, "y"]]}),
    st.just({"Fn::Select": [0, {"Ref": "List"}]}),
    st.just({"Fn::FindInMap": ["Map", {"Ref": "Parameter"}, "b"]}),
)
COMPARISONS = st.recursive(_call("Fn::Equals", KNOWN_EARLY, KNOWN_EARLY), _conditions, max_leaves=4)
WELL_SHAPED = st.fixed_dictionaries(
    {
        "Parameters": st.just(
            {
                "Parameter": {"Type": "String"},
                "List": {"Type": "CommaDelimitedList"},
                "Choice": {"Type": "String", "AllowedValues": ["x", "y", "z"]},
            }
        ),
        "Mappings": st.just({"Map": {"x": {"b": "1"}, "y": {"b": ["2", "3"]}}}),
        "Conditions": st.fixed_dictionaries({"Yes": COMPARISONS, "No": COMPARISONS, "Perhaps": COMPARISONS}),
        "Resources": st.fixed_dictionaries(
            {
                "Vpc": st.fixed_dictionaries(
                    {"Type": st.just("AWS::EC2::VPC"), "Properties": st.fixed_dictionaries({"CidrBlock": VALUES})}
                ),
                "Subnet": st.fixed_dictionaries(
                    {
                        "Type": st.just("AWS::EC2::Subnet"),
                        "Properties": st.fixed_dictionaries({"CidrBlock": VALUES, "VpcId": VALUES}),
                    },
                    optional={"Condition": CONDITION_NAMES},
                ),
                "Role": st.fixed_dictionaries(
                    {"Type": st.just("AWS::IAM::Role"), "Properties": st.fixed_dictionaries({"RoleName": VALUES})},
                    optional={"Condition": CONDITION_NAMES},
                ),
                "Nested": st.just({"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://x/y"}}),
                "Custom": st.just({"Type": "Custom::Mine"}),
                "Firewall": st.just({"Type": "AWS::NetworkFirewall::Firewall"}),
            }
        ),
        "Outputs": st.fixed_dictionaries(
            {"Out": st.fixed_dictionaries({"Value": VALUES}, optional={"Export": st.just({"Name": "x"})})}
        ),
    }
)


def _cases(content: Any) -> list[Case]:
    template = make_template(Path("fuzz.json"), content)
    stack = StackDefinition(name="Fuzz", stack_name="Fuzz", template=template)
    other = StackDefinition(name="Other", stack_name="Other", template=template, region="eu-west-1")
    return Application(stacks=(stack, other)).cases(most=6)


def _check(content: Any) -> None:
    """Load, resolve, and ask what everything is."""
    try:
        cases = _cases(content)
    except TemplateError:
        return
    assert 1 <= len(cases) <= 6
    assert _cases(content) == cases
    for case in cases:
        for resource in case.estate.resources.values():
            for value in (*resource.properties.values(), *resource.deployment.outputs.values()):
                case.estate.spelled(value)
                case.estate.identify(value)
                for leaf in _leaves(value):
                    _check_leaf(leaf)


def _leaves(value: Value) -> Iterator[Value]:
    match value:
        case list():
            assert type(value) is list
            for item in value:
                yield from _leaves(item)
        case dict():
            for item in value.values():
                yield from _leaves(item)
        case _:
            yield value


def _check_leaf(leaf: Value) -> None:
    """A leaf is plain, or one of the three kinds; a text has more than one part, and no two strings side by side."""
    assert leaf is None or isinstance(leaf, bool | int | float | str | Reference | Unknown | Text)
    if isinstance(leaf, Text):
        assert len(leaf.parts) > 1
        assert "" not in leaf.parts
        assert not any(isinstance(one, str) and isinstance(other, str) for one, other in pairwise(leaf.parts))
    if isinstance(leaf, Unknown):
        assert leaf.reason


@given(TEMPLATES)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_templates_of_random_trees(content: Any) -> None:
    """Intrinsic functions in all places, with all arguments."""
    _check(content)


@given(WELL_SHAPED)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_templates_that_are_well_shaped(content: Any) -> None:
    """Every function with arguments that it takes, as deep as they come."""
    _check(content)


def _fits(general: Value, special: Value) -> bool:
    """Whether a value may be another one once all is known; what stays unknown then would fail the deployment."""
    return isinstance(general, Unknown) or any(True for _ in unknowns(special)) or _fits_known(general, special)


def _fits_known(general: Value, special: Value) -> bool:
    match general:
        case Reference():
            return isinstance(special, str) or general == special  # the text is the name that the resource is given
        case Text():
            pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in general.parts)
            return re.fullmatch(pattern, str(special), re.DOTALL) is not None
        case list():
            # An item that is unknown may be none.
            return isinstance(special, list) and (
                any(isinstance(each, Unknown) for each in general)
                or (len(general) == len(special) and all(map(_fits, general, special)))
            )
        case dict():
            # So may be what stands under a key.
            missing = [each for name, each in general.items() if isinstance(special, dict) and name not in special]
            return (
                isinstance(special, dict)
                and special.keys() <= general.keys()
                and all(isinstance(each, Unknown) for each in missing)
                and all(_fits(general[name], each) for name, each in special.items())
            )
        case _:
            return general == special


def _estate_fits(general: Estate, special: Estate) -> bool:
    pairs = [(resource, special.resources.get(name)) for name, resource in general.resources.items()]
    if any(other is None and resource.doubt is None for resource, other in pairs):
        return False
    known = [(one, other) for one, other in pairs if other and one.doubt is None and other.doubt is None]
    return special.resources.keys() <= general.resources.keys() and all(
        _fits({**one.properties}, {**other.properties}) for one, other in known
    )


@given(WELL_SHAPED, st.sampled_from(["x", "y", "x/y", "else"]), st.sampled_from(["x", "y,x", "else"]), st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("most", [1, 64])
def test_every_deployment_is_one_of_the_cases(
    most: int, content: Any, text: str, listed: str, data: st.DataObject
) -> None:
    """Whatever values the parameters and the region are given, what comes out was foreseen by some case."""
    template = make_template(Path("fuzz.json"), content)
    stack = StackDefinition(name="Fuzz", stack_name="Fuzz", template=template)
    given_ = {"Parameter": text, "List": listed, "Choice": data.draw(st.sampled_from(["x", "y", "z"]))}
    region = data.draw(st.sampled_from(["eu-west-1", "cn-north-1"]))
    deployed = replace(stack, region=region, account="111111111111", parameters=given_)
    try:
        cases = Application(stacks=(stack,)).cases(most)
        ((_, estate),) = Application(stacks=(deployed,)).cases()
    except TemplateError:
        return
    if any(resource.doubt for resource in estate.resources.values()):
        return  # a condition looks up what no mapping has: this is never deployed
    assert any(_estate_fits(case.estate, estate) for case in cases)


SAMPLES = sorted(Path(__file__).parents[1].glob("*/cases/*/*.template.*"))
NOISE = st.one_of(
    st.binary(max_size=4),
    st.sampled_from(b"{ } [ ] : , !Ref !If[ &a *a << \" ' \\ - ? !!set Ref null 0x \xff \x00".split()),
    st.sampled_from([b"\n", b"\n  ", b"Fn::ForEach::X: ", b"- ", b": "]),
)
EDITS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 12), NOISE), min_size=1, max_size=4)


@given(st.sampled_from(SAMPLES), EDITS)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sample_templates_with_something_else_in_them(
    tmp_path: Path, sample: Path, edits: list[tuple[int, int, bytes]]
) -> None:
    """A few bytes of a real template replaced by others, as an editor's slip would."""
    text = sample.read_bytes()
    for place, length, noise in edits:
        start = place % len(text)
        text = text[:start] + noise + text[start + length :]
    _load(tmp_path / f"x{sample.suffix}", text)


@given(st.binary(max_size=200), st.sampled_from(["x.json", "x.yaml", "x.template"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_of_random_bytes(tmp_path: Path, content: bytes, name: str) -> None:
    """What is not even text."""
    _load(tmp_path / name, content)


ARTIFACTS = st.one_of(
    TREES,
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["aws:cloudformation:stack", "cdk:cloud-assembly", "cdk:asset-manifest", "cdk:tree"]
            ),
            "properties": st.one_of(
                TREES,
                st.fixed_dictionaries(
                    {},
                    optional=dict.fromkeys(
                        ["templateFile", "directoryName", "file", "stackName"],
                        st.one_of(SCALARS, st.sampled_from(["manifest.json", ".", "..", "/", "x\0"])),
                    ),
                ),
            ),
        },
        optional={"environment": SCALARS, "metadata": TREES, "additionalMetadataFile": SCALARS},
    ),
)


@given(st.fixed_dictionaries({"artifacts": st.one_of(TREES, st.dictionaries(NAMES, ARTIFACTS, max_size=3))}))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_manifests_of_random_trees(tmp_path: Path, content: Any) -> None:
    """Artifacts of all kinds, with files that are not there."""
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    _load_target(tmp_path)


def _load(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _load_target(path)


def _load_target(path: Path) -> None:
    try:
        cases = load(path).cases(most=4)
    except TemplateError as error:
        assert str(error)  # noqa: PT017 - any message will do
        assert str(error).encode()  # noqa: PT017 - that can be printed
        return
    assert cases
