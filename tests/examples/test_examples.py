"""Every example, and the reference application: synthesized as a user would, linted, read, and proved.

`cdk synth` runs each with the built-in validation's findings as errors, the AwsSolutions rules of cdk-nag, and its own
guarantees: a finding that is not acknowledged fails it, and so does a guarantee that does not hold.
"""

import json
import os
import subprocess
from pathlib import Path

from cfnlint import ManualArgs, lint_file  # type: ignore[import-untyped]
from syrupy.assertion import SnapshotAssertion

from constructs_lattice.templates import load, load_assembly, unknowns
from constructs_lattice.testing import readable_template
from tests.examples.example import APPS, ROOT, Example

# Findings of cfn-lint that are the CDK's own doing, each with its reason.
ALLOWED = {
    "W3005": "the CDK says DependsOn where a Ref says so already",
}

# What is unknown in templates that can be deployed to any account.
EXPECTED = ("AWS::AccountId", "zone:", "parameter:")


def test_synthesized(example: Example, template_snapshot: SnapshotAssertion) -> None:
    """No finding of the validation, cdk-nag or cfn-lint; each stack's template is as it was when it was last read."""
    report = json.loads((example.assembly / "validation-report.json").read_text())
    plugins = {each["pluginName"] for each in report["pluginReports"]}
    assert {"AwsSolutions"} <= plugins, plugins
    stacks = load_assembly(example.assembly)
    assert stacks
    for stack in stacks:
        findings = lint_file(stack.template_path, config=ManualArgs(regions=["eu-west-1"]))
        assert [str(each) for each in findings if each.rule.id not in ALLOWED] == []
        assert readable_template(stack.template) == template_snapshot(name=stack.name)


def test_resolved(example: Example) -> None:
    """Nothing in it is unknown but the account, its zones, and the parameters that are given at the deployment."""
    ((assumed, estate),) = load(example.assembly).cases()
    assert assumed == ""
    assert estate.assumptions == ()
    for resource in estate.resources.values():
        assert resource.doubt is None
        symbols = {each.symbol for each in unknowns(dict(resource.properties))}
        assert {each for each in symbols if not each.startswith(EXPECTED)} == set(), resource.id


def test_every_example_has_the_flags_of_the_reference_application() -> None:
    """An example that is copied out of here starts from the feature flags of a new CDK application."""
    flags = {app.name: json.loads((app / "cdk.json").read_text())["context"] for app in APPS}
    assert len(APPS) > 1
    assert all(each == flags[ROOT.name] for each in flags.values())


def test_the_command_line_needs_no_account(tmp_path: Path) -> None:
    """`cdk ls` lists the stacks, and `cdk diff` compares one with a template, without credentials."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}

    def cdk(*arguments: str) -> str:
        command = ["cdk", *arguments, "--no-notices", "--output", str(tmp_path / "cdk.out")]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    assert cdk("ls").splitlines()[-3:] == ["Shop", "Estate", "Mesh"]
    template = tmp_path / "Mesh.template.json"
    template.write_text((tmp_path / "cdk.out" / "Mesh.template.json").read_text())
    assert "There were no differences" in cdk("diff", "--template", str(template), "Mesh")
    template.write_text(template.read_text().replace("10.60.0.0/16", "10.61.0.0/16"))
    assert "10.61.0.0/16" in cdk("diff", "--template", str(template), "Mesh")
