"""`lattice reach`: everything that somebody can reach, or everybody who can reach something."""

from collections.abc import Sequence
from pathlib import Path

from constructs_lattice.addressing import aligned
from constructs_lattice.cli.loading import load_checker
from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees import Survey

__all__ = ["reach"]


def reach(target: Sequence[Path], source: str | None, to: str | None, parameters: Sequence[str]) -> str:
    """A table of what `source` can reach, or of who can reach `to`; what nobody knows has a question mark.

    Raises `TemplateError` or `GuaranteeError` for bad input, and unless there is one of the two.
    """
    if (source is None) == (to is None):
        raise GuaranteeError("reach: say either --from or --to; lattice trace takes both")
    survey = Survey(load_checker(target, parameters))
    if source is not None:
        found, heading, none = survey.reach(source), "reaches", f"{source} reaches nothing"
    else:
        found, heading, none = survey.reaching(str(to)), "reached by", f"nobody reaches {to}"
    rows = [(name, str(protocol), str(ports)) for (name, protocol), ports in found.items()]
    return "\n".join(aligned([(heading, "protocol", "ports"), *rows])) if rows else none
