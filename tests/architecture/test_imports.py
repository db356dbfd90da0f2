"""Imports go one way, and what is pure stays away from the CDK."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
PURE = next(contract["source_modules"] for contract in CONTRACTS if contract["id"] == "pure")


def _loaded(code: str) -> set[str]:
    """The modules of the CDK that a new Python process has loaded after `code`."""
    code += "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    modules: list[str] = json.loads(done.stdout)
    return {name for name in modules if name.split(".")[0] in {"aws_cdk", "constructs", "jsii", "cdk_nag"}}


def test_the_contracts_hold() -> None:
    """The layers and the purity that pyproject.toml states."""
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("module", ["constructs_lattice", *PURE])
def test_pure_modules_start_no_node(module: str) -> None:
    """Importing them loads neither the CDK nor jsii, which would start a Node process."""
    assert _loaded(f"import {module}") == set()


def test_an_error_is_imported_without_the_cdk() -> None:
    """The lazy names load their own home only."""
    assert _loaded("from constructs_lattice import LatticeError") == set()
