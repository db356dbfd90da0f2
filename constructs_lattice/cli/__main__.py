"""`python -m constructs_lattice.cli show cdk.out`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from constructs_lattice.cli.show import show_assembly
from constructs_lattice.errors import LatticeError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0, or 2 for bad input."""
    parser = argparse.ArgumentParser(
        prog="python -m constructs_lattice.cli", description="Look at synthesized networks."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="print what a cloud assembly holds")
    show.add_argument("assembly", type=Path, help="the directory, such as cdk.out")
    chosen = parser.parse_args(arguments)
    try:
        print(show_assembly(chosen.assembly))
    except LatticeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
