"""The same input gives the same bytes."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _templates(output: Path, hash_seed: str) -> dict[str, bytes]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "CDK_OUTDIR": str(output)}
    subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in output.glob("*.template.json")}


def test_two_processes_with_two_hash_seeds_synthesize_the_same_bytes(tmp_path: Path) -> None:
    """Nothing depends on the order of sets, on the clock or on the process."""
    first, second = (_templates(tmp_path / seed, seed) for seed in ("1", "2"))
    assert first
    assert first == second
