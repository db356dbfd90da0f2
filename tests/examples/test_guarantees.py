"""Every example proves what it is for: its guarantees are checked, they hold, and the opposite of each does not."""

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
import yaml

from constructs_lattice import Guarantees
from constructs_lattice.cli.__main__ import main
from constructs_lattice.guarantees import Checker, Connection, Deployment, GuaranteesFile, Request, read_guarantees
from tests.examples.broken import broken_versions
from tests.examples.example import APPS, ROOT, Example

SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IN_PYTHON = ROOT / "examples" / "three_tier"


def _said(example: Example) -> GuaranteesFile:
    """What an example says must be so: in a file beside it, or in Python."""
    if example.app != IN_PYTHON:
        return read_guarantees(example.guarantees)
    stack = runpy.run_path(str(example.app / "app.py"))["ShopStack"]
    shop = stack(cdk.App(), "Shop", env=cdk.Environment(region="eu-west-1"))
    return GuaranteesFile(guarantees=[each.guarantee for each in Guarantees.of(shop).statements])


def _broken(checker: Checker, guarantees: list[Connection | Request]) -> list[str]:
    return [each.id for each in checker.check(guarantees) if not each.holds]


def test_what_is_guaranteed_holds_and_nothing_else(example: Example) -> None:
    """Each guarantee holds; with one thing in it turned into its opposite, it does not, in any version."""
    said = _said(example)
    assert len(said.guarantees) >= 3
    checker = Deployment.of([said]).checker(example.assembly)
    assert _broken(checker, said.guarantees) == []
    for guarantee in said.guarantees:
        versions = list(broken_versions(guarantee))
        assert versions
        for each in versions:
            assert _broken(checker, [each]) == [guarantee.id], each


def test_a_broken_guarantee_fails_the_synthesis(example: Example, tmp_path: Path) -> None:
    """The CDK reports it beside what cdk-nag finds; all other guarantees were checked, and hold."""
    copy = tmp_path / "app"
    shutil.copytree(example.app, copy, ignore=lambda folder, names: {n for n in names if (Path(folder) / n).is_dir()})
    broken = _break(copy)
    context = json.loads((copy / "cdk.json").read_text())["context"]
    told = {"CDK_OUTDIR": str(tmp_path / "cdk.out"), "CDK_CONTEXT_JSON": json.dumps(context)}
    done = subprocess.run([sys.executable, "app.py"], cwd=copy, env=os.environ | told, capture_output=True, check=False)
    assert done.returncode != 0
    report = json.loads((tmp_path / "cdk.out" / "validation-report.json").read_text())
    reports: dict[str, Any] = {each["pluginName"]: each for each in report["pluginReports"]}
    assert reports["AwsSolutions"]["conclusion"] == "success"
    ours = reports["constructs-lattice"]
    assert ours["metadata"] == {"guarantees": str(len(_said(example).guarantees))}
    assert [each["ruleName"] for each in ours["violations"]] == [broken]


def _break(app: Path) -> str:
    """Turn the last guarantee of an application into its opposite, and say which one that is."""
    path = app / "guarantees.yaml"
    if path.exists():
        last = read_guarantees(path).guarantees[-1]
        content = yaml.safe_load(path.read_text())
        opposite = next(broken_versions(last))
        content["guarantees"][-1] = opposite.model_dump(by_alias=True, exclude_none=True)
        path.write_text(yaml.safe_dump(content))
        return last.id
    source = (app / "app.py").read_text()
    assert source.count("deny(database, to=service)") == 1
    (app / "app.py").write_text(source.replace("deny(database, to=service)", "allow(database, to=service, port=22)"))
    return "allow Shop/Database to Shop/App, tcp 22"


@pytest.mark.parametrize("example", [app for app in APPS if app != IN_PYTHON], indirect=True, ids=Example.name_of)
def test_the_command_line_agrees(example: Example, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`lattice check` says of the assembly that all hold, and of a broken one that it does not."""
    shutil.copy(example.guarantees, tmp_path)
    command = ["check", str(example.assembly), "--guarantees", str(tmp_path / "guarantees.yaml")]
    count = len(_said(example).guarantees)
    assert main(command) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"all {count} guarantees hold"
    broken = _break(tmp_path)
    assert main(command) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"{broken}: BROKEN" in lines
    assert lines[-1] == f"1 of {count} guarantees do not hold"


@pytest.mark.parametrize("example", [ROOT], indirect=True, ids=Example.name_of)
def test_the_commands_of_the_readme(
    example: Example, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Word for word, they answer about the reference application; `make` has the targets that are named."""
    monkeypatch.chdir(ROOT)
    lines = [line for block in SHELL.findall((ROOT / "README.md").read_text()) for line in block.splitlines()]
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("lattice ")]
    named = ["check", "trace", "reach", "authorize", "permissions", "audit", "show"]
    assert [command[0] for command in commands] == named
    for command in commands:
        assert main([str(example.assembly) if word == "cdk.out" else word for word in command]) == 0, command
    assert "all 22 guarantees hold" in capsys.readouterr().out
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    made = {shlex.split(line)[1] for line in lines if line.startswith("make ")}
    assert made == {"synth", "test"}
    assert made <= set(targets)
