"""What every test stands on."""

import os

# Before aws_cdk is imported anywhere: the built-in validation takes seconds to start. The example tests run with it, in
# processes of their own.
os.environ["CDK_VALIDATION"] = "false"

import pytest
from hypothesis import settings
from syrupy.assertion import SnapshotAssertion

from tests.snapshot_extension import YamlTemplateSnapshot

# The same examples in every run, however slow the machine.
settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")


@pytest.fixture
def template_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares text with a YAML file under tests/snapshots."""
    return snapshot.use_extension(YamlTemplateSnapshot)
