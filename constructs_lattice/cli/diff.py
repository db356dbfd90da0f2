"""`lattice diff`: two versions of an application."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from constructs_lattice.cli.loading import parameter_values
from constructs_lattice.cli.progress import progress_bar
from constructs_lattice.comparison import compare
from constructs_lattice.templates import Application, load

__all__ = ["diff_targets"]


def diff_targets(before: Path, after: Path, format: str, parameters: Sequence[str]) -> str:
    """The difference as text, Markdown or JSON. Raises `TemplateError` for bad input.

    Two templates are versions of one stack, whatever their files are called.
    """
    values = parameter_values(parameters)
    with progress_bar("comparing") as progress:
        old, new = _paired(load(before, parameters=values), load(after, parameters=values))
        difference = compare(old, new, progress)
    match format:
        case "json":
            return json.dumps(difference.as_data(), indent=2)
        case "markdown":
            return difference.as_markdown()
        case _:
            return difference.as_text()


def _paired(before: Application, after: Application) -> tuple[Application, Application]:
    """The versions; a single stack, with none nested in it, goes by its later name in both."""
    stacks = (*before.stacks, *after.stacks)
    if len(before.stacks) == len(after.stacks) == 1 and not any(each.nested for each in stacks):
        stack, name = before.stacks[0], after.stacks[0].name
        before = replace(before, stacks=(replace(stack, name=name, stack_name=after.stacks[0].stack_name),))
    return before, after
