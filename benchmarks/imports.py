"""What importing costs, each import in a Python process of its own."""

import json
import subprocess
import sys

from benchmarks.timing import median_seconds

_MODULES = "import json, sys; print(json.dumps(sorted(m for m in sys.modules if m.startswith('aws_cdk.aws_'))))"


def report() -> str:
    """Import times against an empty Python start, and the aws-cdk modules that one name loads."""
    seconds = median_seconds(
        {
            "an empty Python start": lambda: _run("pass"),
            "import constructs_lattice": lambda: _run("import constructs_lattice"),
            "import constructs_lattice.addressing": lambda: _run("import constructs_lattice.addressing"),
        },
        rounds=9,
    )
    empty = seconds["an empty Python start"]
    lines = ["Import (median of 9 processes)"]
    lines += [f"  {name:38} {1e3 * each:6.1f} ms  {1e3 * (each - empty):+6.1f} ms" for name, each in seconds.items()]
    for name in ("ServiceNetwork", "Vpc"):
        loaded = json.loads(_run(f"from constructs_lattice import {name}; {_MODULES}"))
        modules = ", ".join(m.removeprefix("aws_cdk.") for m in loaded if not m.endswith("._private"))
        lines.append(f"  from constructs_lattice import {name} loads: {modules}")
    return "\n".join(lines)


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
