"""Reading files: JSON, YAML with its short forms, and what is neither."""

from pathlib import Path
from typing import Any

import pytest

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.document import read_document
from constructs_lattice.templates.json_text import read_json
from constructs_lattice.templates.marked import line_of
from constructs_lattice.templates.yaml_text import read_yaml

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!Condition A", {"Condition": "A"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!Sub 'a-${B}'", {"Fn::Sub": "a-${B}"}),
        ("!Join [',', [a, !Ref B]]", {"Fn::Join": [",", ["a", {"Ref": "B"}]]}),
        ("!If [A, !Ref B, !Ref AWS::NoValue]", {"Fn::If": ["A", {"Ref": "B"}, {"Ref": "AWS::NoValue"}]}),
        ("!Base64 {'Fn::Sub': x}", {"Fn::Base64": {"Fn::Sub": "x"}}),
        ("!Transform {Name: M}", {"Fn::Transform": {"Name": "M"}}),
        ("!GetAZs ''", {"Fn::GetAZs": ""}),
        ("!NoSuchThing 1", {"Fn::NoSuchThing": "1"}),
    ],
)
def test_short_forms_are_long_forms(short: str, long: Any) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html."""
    assert read_yaml("x.yaml", f"P: {short}") == {"P": long}


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("2012-10-17", "2012-10-17"),
        ("'443'", "443"),
        ("443", 443),
        ("0x10", 16),
        ("1_000", 1000),
        ("1.5", 1.5),
        ("true", True),
        ("'true'", "true"),
        ("~", None),
        ("", None),
        ("!!str 443", "443"),
        ("!!map {a: 1}", {"a": 1}),
        ("10.0.0.0/16", "10.0.0.0/16"),
        ("|\n  a\n  b\n", "a\nb\n"),
        ("{111111111111: x, on: y, 2012-10-17: z}", {"111111111111": "x", "on": "y", "2012-10-17": "z"}),
        ("&a [1]\nQ: *a", [1]),
    ],
)
def test_scalars_are_what_yaml_1_1_says(text: str, content: Any) -> None:
    """But for dates, and for keys, which are text as they are written.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    """
    assert read_yaml("x.yaml", f"P: {text}")["P"] == content


@pytest.mark.parametrize("read", [read_json, read_yaml])
def test_resources_know_their_lines(read: Any) -> None:
    """The line of the logical id."""
    content = read("x", '{\n "Resources": {\n  "A": {"Type": "X"},\n  "B":\n   {"Type": "X"}\n }\n}')
    assert [line_of(each) for each in content["Resources"].values()] == [3, 4]
    assert line_of("text") == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "a": 2}', "x.json is not JSON: the key 'a' is there twice in one object"),
        ('{"a": NaN}', "x.json is not JSON: NaN is not a number of JSON"),
        ('{"a": }', "x.json is not JSON: Expecting value: line 1 column 7 (char 6)"),
        ("", "x.json is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ('{"a": "\\ud800"}', "x.json is not JSON: an escape stands for half a character"),
        ("[" * 100_000, "x.json is nested too deeply to be read"),
    ],
)
def test_broken_json_is_an_error(text: str, message: str) -> None:
    """A template is read whole or not at all."""
    with pytest.raises(TemplateError) as caught:
        read_json("x.json", text)
    assert str(caught.value) == message


def test_a_number_that_nobody_can_read_is_an_error() -> None:
    """Python itself refuses more than 4,300 digits."""
    with pytest.raises(TemplateError) as caught:
        read_json("x.json", '{"a": ' + "9" * 5000 + "}")
    assert str(caught.value).startswith("x.json is not JSON: Exceeds the limit")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", "x.yaml:3: the key 'a' is there twice in one mapping"),
        ("a:\n  ? [1]\n  : 2", "x.yaml:2: a key must be text, not a list or a mapping"),
        ("x: &x a\ny: {*x : 1}", "x.yaml:2: a key must be text, not an alias"),
        ("a: *b", "x.yaml:1: the alias *b has no anchor before it"),
        ("a: &a [*a]", "x.yaml:1: the alias *a has no anchor before it"),
        ("a: &a {b: 1}\nc:\n  <<: *a", "x.yaml:3: merge keys are not read by CloudFormation; write the keys out"),
        ("a: 1\n---\nb: 2", "x.yaml:2: a second document begins, a template is one"),
        ("a: !!set {b}", "x.yaml:1: the tag !!set is not read by CloudFormation"),
        ("a: !!binary aGk=", "x.yaml:1: the tag !!binary is not read by CloudFormation"),
        ("a: !!int x", "x.yaml:1: 'x' is no int"),
        ("a: !<x> 1", "x.yaml:1: the tag x is not read by CloudFormation"),
        ("a: " + "[" * 200, "x.yaml:1: nested more than 100 levels deep"),
    ],
)
def test_broken_yaml_is_an_error(text: str, message: str) -> None:
    """With the line."""
    with pytest.raises(TemplateError) as caught:
        read_yaml("x.yaml", text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["a: [", "a: 'b", "\ta: 1", "a: b: c", "a: \x00", "%"])
def test_what_is_no_yaml_is_an_error(text: str) -> None:
    """In the words of the parser, which are those of libyaml or of PyYAML."""
    with pytest.raises(TemplateError) as caught:
        read_yaml("x.yaml", text)
    assert str(caught.value).startswith("x.yaml is not YAML: ")
    assert "\n" not in str(caught.value)


def test_aliases_cannot_fill_the_memory() -> None:
    """Nine levels of nine aliases would be 387 million nodes."""
    levels = ["a0: &a0 [x]"]
    levels += [f"a{each}: &a{each} [{', '.join([f'*a{each - 1}'] * 9)}]" for each in range(1, 10)]
    with pytest.raises(TemplateError) as caught:
        read_yaml("x.yaml", "\n".join(levels))
    assert str(caught.value) == "x.yaml:7: with its aliases written out, the document has more than 1,000,000 nodes"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.json", b"[]", "must hold a JSON object, got list"),
        ("x.yaml", b"- a", "must hold a mapping, got list"),
        ("x.yaml", b"", "must hold a mapping, got nothing"),
        ("x.json", b"a: 1", "is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (
            "x.yaml",
            b"a: \xff",
            "is not UTF-8 text: 'utf-8' codec can't decode byte 0xff in position 3: invalid start byte",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """With its name."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TemplateError) as caught:
        read_document(tmp_path / name)
    assert str(caught.value) == f"{tmp_path}/{name} {message}"


def test_a_directory_in_place_of_a_file_is_an_error(tmp_path: Path) -> None:
    """As is what the system does not let be read."""
    with pytest.raises(TemplateError) as caught:
        read_document(tmp_path)
    assert str(caught.value) == f"{tmp_path} cannot be read: [Errno 21] Is a directory: '{tmp_path}'"


@pytest.mark.parametrize("content", ['{"a": {"Ref": "B"}}', "{a: !Ref B}", "a: {Ref: B}", '\ufeff{"a": {"Ref": "B"}}'])
def test_a_template_may_be_json_or_yaml_whatever_it_is_called(tmp_path: Path, content: str) -> None:
    """`.template` says neither; a byte order mark is no part of it."""
    (tmp_path / "x.template").write_text(content, encoding="utf-8")
    assert read_document(tmp_path / "x.template") == {"a": {"Ref": "B"}}
