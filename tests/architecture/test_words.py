"""The product speaks of itself alone."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Put together here, so that this file does not hold what it looks for.
BANNED = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "deb.debian" + ".org"]


@pytest.mark.parametrize("word", BANNED)
def test_no_registry_host_is_named(word: str) -> None:
    """Where packages come from is the user's own business."""
    found = subprocess.run(["git", "grep", "-lF", word], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.stdout == ""
