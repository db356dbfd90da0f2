"""The examples, and what they synthesize to."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.examples.example import APPS, Example


@pytest.fixture(scope="session", params=APPS, ids=Example.name_of)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Example:
    """One application, synthesized with the CDK's command line as a user would."""
    app: Path = request.param
    output = tmp_path_factory.mktemp(Example.name_of(app)) / "cdk.out"
    environment = {name: value for name, value in os.environ.items() if name != "CDK_VALIDATION"}
    # `frozen` is for those that have a lock file: it must be up to date.
    command = ["cdk", "synth", "--quiet", "--no-notices", "--output", str(output), "--context", "frozen=true"]
    done = subprocess.run(command, cwd=app, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Example(app=app, assembly=output)
