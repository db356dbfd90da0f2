"""What commands are pointed at: targets, and values for parameters."""

from collections.abc import Sequence
from pathlib import Path

from constructs_lattice.errors import TemplateError
from constructs_lattice.guarantees import Checker, Deployment, GuaranteesFile, read_guarantees
from constructs_lattice.templates import read_document

__all__ = ["load_checker", "parameter_values"]


def load_checker(
    target: Sequence[Path], parameters: Sequence[str], files: Sequence[GuaranteesFile] | None = None
) -> Checker:
    """Read a target, and make its networks. Files of guarantees, and a target with `stacks`, say how it is deployed.

    Raises `TemplateError` when it cannot be read, or a value is not written as `Name=value`, and `GuaranteeError` when
    what is said of the deployment is wrong.
    """
    own = [read_guarantees(each) for each in target if not each.is_dir() and "stacks" in read_document(each)]
    return Deployment.of([*own, *(files or [])]).checker(list(target), parameters=parameter_values(parameters))


def parameter_values(parameters: Sequence[str]) -> dict[str, str]:
    """The values that are written as `Name=value`. Raises `TemplateError` for those that are not."""
    values = {}
    for each in parameters:
        name, equals, value = each.partition("=")
        if not equals:
            raise TemplateError(f"--parameter: write Name=value or Stack.Name=value, got {each!r}")
        values[name] = value
    return values
