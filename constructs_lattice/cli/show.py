"""What a cloud assembly holds, as text: a paragraph for each stack."""

from collections import Counter
from pathlib import Path

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Stack, load_assembly

__all__ = ["show_assembly"]

_MOST_TYPES = 6


def show_assembly(directory: Path) -> str:
    """Every stack of the assembly: its resources by type, and where its template is.

    Raises `TemplateError` when there is no assembly, or a broken one.
    """
    if directory.is_file():
        raise TemplateError(f"{directory} is a file; show takes the directory of a cloud assembly, such as cdk.out")
    return "\n\n".join(_show_stack(stack) for stack in load_assembly(directory))


def _show_stack(stack: Stack) -> str:
    types = Counter(resource["Type"] for resource in stack.resources.values())
    most = types.most_common(_MOST_TYPES)
    width = max((len(type_) for type_, _ in most), default=0)
    lines = [f"{stack.name}: {types.total()} resources, {stack.template_path}"]
    lines += [f"  {type_:{width}} {count:4}" for type_, count in most]
    if (rest := types.total() - sum(count for _, count in most)) > 0:
        lines.append(f"  {f'{len(types) - len(most)} more types':{width}} {rest:4}")
    return "\n".join(lines)
