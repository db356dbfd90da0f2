"""What commands are pointed at: targets, and values for parameters."""

from collections.abc import Sequence
from pathlib import Path

from constructs_lattice.errors import TemplateError
from constructs_lattice.guarantees import Checker
from constructs_lattice.templates import load

__all__ = ["load_checker", "parameter_values"]


def load_checker(target: Sequence[Path], parameters: Sequence[str]) -> Checker:
    """Read a target, and make its networks.

    Raises `TemplateError` when it cannot be read, or a value is not written as `Name=value`.
    """
    return Checker(load(list(target), parameters=parameter_values(parameters)))


def parameter_values(parameters: Sequence[str]) -> dict[str, str]:
    """The values that are written as `Name=value`. Raises `TemplateError` for those that are not."""
    values = {}
    for each in parameters:
        name, equals, value = each.partition("=")
        if not equals:
            raise TemplateError(f"--parameter: write Name=value or Stack.Name=value, got {each!r}")
        values[name] = value
    return values
