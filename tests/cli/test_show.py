"""`show`: what a cloud assembly holds."""

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lattice.cli.__main__ import main
from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import load_assembly

pytestmark = pytest.mark.pure


def _stack(file: str, name: str) -> dict[str, Any]:
    return {"type": "aws:cloudformation:stack", "properties": {"templateFile": file, "stackName": name}}


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    """An assembly of one stack and of a stage with another one."""
    stage = tmp_path / "assembly-Prod"
    stage.mkdir()
    prod = {"type": "cdk:cloud-assembly", "properties": {"directoryName": stage.name}}
    manifest = {"artifacts": {"Shop": _stack("Shop.json", "Shop"), "Tree": {"type": "cdk:tree"}, "Prod": prod}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    types = ["AWS::EC2::Subnet", "AWS::EC2::VPC", "AWS::EC2::Subnet", *(f"AWS::X::{letter}" for letter in "ABCDE")]
    resources = {f"R{number}": {"Type": type_} for number, type_ in enumerate(types)}
    (tmp_path / "Shop.json").write_text(json.dumps({"Resources": resources}))
    (stage / "manifest.json").write_text(json.dumps({"artifacts": {"ProdShop": _stack("Shop.json", "prod-shop")}}))
    (stage / "Shop.json").write_text("{}")
    return tmp_path


def test_it_shows_every_stack(assembly: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A paragraph a stack, those of stages included; the most frequent types first."""
    assert main(["show", str(assembly)]) == 0
    assert capsys.readouterr().out == (
        f"Shop: 8 resources, {assembly}/Shop.json\n"
        "  AWS::EC2::Subnet    2\n"
        "  AWS::EC2::VPC       1\n"
        "  AWS::X::A           1\n"
        "  AWS::X::B           1\n"
        "  AWS::X::C           1\n"
        "  AWS::X::D           1\n"
        "  1 more types        1\n"
        "\n"
        f"prod-shop: 0 resources, {assembly}/assembly-Prod/Shop.json\n"
    )


def test_a_missing_assembly_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and a message that says what to do."""
    assert main(["show", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"error: {tmp_path}/manifest.json: there is no such file; "
        "it is the first file of a cloud assembly; run cdk synth\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b"[]", "must hold a JSON object, got list"),
        (b"\xff", "is not JSON: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)
def test_a_broken_manifest_is_bad_input(tmp_path: Path, content: bytes, message: str) -> None:
    """Nothing is guessed from half a file."""
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(TemplateError) as caught:
        load_assembly(tmp_path)
    assert str(caught.value) == f"{tmp_path}/manifest.json {message}"


def test_a_missing_template_names_who_wants_it(assembly: Path) -> None:
    """The message leads from the manifest to the file."""
    (assembly / "Shop.json").unlink()
    with pytest.raises(TemplateError) as caught:
        load_assembly(assembly)
    assert str(caught.value) == (
        f"{assembly}/Shop.json: there is no such file; "
        f"{assembly}/manifest.json names it as the template of Shop; run cdk synth again"
    )


def test_a_file_in_place_of_the_directory_is_bad_input(tmp_path: Path) -> None:
    """A template is not an assembly."""
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(TemplateError) as caught:
        load_assembly(tmp_path / "x.json")
    assert str(caught.value) == (
        f"{tmp_path}/x.json is not a directory; it is the first file of a cloud assembly; run cdk synth"
    )
