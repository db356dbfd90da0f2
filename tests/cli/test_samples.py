"""The sample cases, as somebody checks them who has nothing but the command."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from constructs_lattice.cli.__main__ import main

pytestmark = pytest.mark.pure

TESTS = Path(__file__).parents[1]
SAMPLES = [
    folder / "case.yaml"
    for kind in ("authorization", "reachability")
    for folder in sorted((TESTS / kind / "cases").iterdir())
    if folder.name < "100"
]
LEVELS = ["network-association", "security-group", "identity", "network", "service"]
TEXT = {"type": "string", "minLength": 1}
WEIGHT = {
    "type": "object",
    "properties": {"target_group": TEXT, "weight": {"type": "integer"}},
    "required": ["target_group", "weight"],
    "additionalProperties": False,
}
DECISION = {
    "type": "object",
    "properties": {
        "authorized": {"enum": ["allow", "deny", "unknown"]},
        "denied_by": {"enum": LEVELS},
        "routed_to": {"anyOf": [{"type": "array", "items": WEIGHT}, {"const": "unknown"}]},
        "fixed_response": {"type": "integer"},
    },
    "required": ["authorized"],
    "additionalProperties": False,
}
VERDICT = {"anyOf": [{"enum": ["reachable", "unreachable", "unknown"]}, DECISION]}
REASON = {
    "type": "object",
    "properties": {"rule": TEXT, "resource": {"type": "string"}, "text": TEXT, "code": TEXT},
    "required": ["rule", "resource", "text"],
    "additionalProperties": False,
}
HOP = {
    "type": "object",
    "properties": {"direction": {"enum": ["forward", "back"]}, "resource": TEXT, "text": TEXT},
    "required": ["direction", "resource", "text"],
    "additionalProperties": False,
}
RESULT = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "expect": VERDICT,
        "verdict": VERDICT,
        "holds": {"type": "boolean"},
        "reasons": {"type": "array", "items": REASON},
        "hops": {"type": "array", "items": HOP},
        "assumptions": {"type": "array", "items": TEXT},
    },
    "required": ["id", "expect", "verdict", "holds", "reasons", "hops", "assumptions"],
    "additionalProperties": False,
}
REPORT = {
    "type": "object",
    "properties": {"results": {"type": "array", "items": RESULT}},
    "required": ["results"],
    "additionalProperties": False,
}


def _case(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text())
    return content


def _shares(groups: list[Mapping[str, Any]]) -> dict[str, float]:
    whole = sum(each["weight"] for each in groups)
    return {each["target_group"]: each["weight"] / whole for each in groups if each["weight"]}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_a_sample_holds_in_the_documented_report(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0; the verdict of each guarantee is what it expects, in the same words."""
    assert main(["check", str(path), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    jsonschema.validate(report, REPORT)
    guarantees = _case(path)["guarantees"]
    assert [each["id"] for each in report["results"]] == [each["id"] for each in guarantees]
    for result, guarantee in zip(report["results"], guarantees, strict=True):
        expected, verdict = guarantee["expect"], result["verdict"]
        answer = verdict if isinstance(verdict, str) else verdict["authorized"]
        if answer == "unknown" and guarantee["accept_unknown"]:
            continue
        if isinstance(expected, str):
            assert verdict == expected
            continue
        routed = expected.pop("routed_to", None)
        assert {name: verdict[name] for name in expected} == expected
        assert routed is None or _shares(verdict["routed_to"]) == _shares(routed)


OPPOSITE = {"reachable": "unreachable", "unreachable": "reachable", "unknown": "reachable"}


def _opposite(expect: Any) -> Any:
    if isinstance(expect, str):
        return OPPOSITE[expect]
    return {"authorized": "deny" if expect["authorized"] == "allow" else "allow"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_the_opposite_of_a_sample_does_not_hold(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1; none of it holds, by a file of guarantees that is not the target."""
    case = _case(path)
    broken = tmp_path / "guarantees.yaml"
    guarantees = [each | {"expect": _opposite(each["expect"]), "accept_unknown": False} for each in case["guarantees"]]
    broken.write_text(yaml.safe_dump({"guarantees": guarantees}))
    assert main(["check", str(path), "--guarantees", str(broken), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    jsonschema.validate(report, REPORT)
    assert [each["id"] for each in report["results"] if each["holds"]] == []


def test_the_templates_of_a_sample_are_a_target_as_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stacks are then named after their files; region and account are not known, and do not matter here."""
    folder = SAMPLES[0].parent
    case = _case(SAMPLES[0])
    text = yaml.safe_dump({"guarantees": case["guarantees"]}).replace("App.", "app.")
    file = tmp_path / "guarantees.yaml"
    file.write_text(text)
    assert main(["check", str(folder / "app.template.yaml"), "--guarantees", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"all {len(case['guarantees'])} guarantees hold"
