"""The command line: `lattice`, or `python -m constructs_lattice.cli`."""

__all__: list[str] = []
