"""`lattice diff`: two versions of an application."""

import json
from collections.abc import Sequence
from pathlib import Path

from constructs_lattice.cli.loading import parameter_values
from constructs_lattice.cli.progress import progress_bar
from constructs_lattice.comparison import compare
from constructs_lattice.templates import load

__all__ = ["diff_targets"]


def diff_targets(before: Path, after: Path, format: str, parameters: Sequence[str]) -> str:
    """The difference as text, Markdown or JSON. Raises `TemplateError` for bad input."""
    values = parameter_values(parameters)
    with progress_bar("comparing") as progress:
        difference = compare(load(before, parameters=values), load(after, parameters=values), progress)
    match format:
        case "json":
            return json.dumps(difference.as_data(), indent=2)
        case "markdown":
            return difference.as_markdown()
        case _:
            return difference.as_text()
