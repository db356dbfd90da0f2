"""The command line: `python -m constructs_lattice.cli`."""

__all__: list[str] = []
