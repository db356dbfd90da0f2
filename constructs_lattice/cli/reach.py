"""`lattice reach`: everything that somebody can reach."""

from collections.abc import Sequence
from pathlib import Path

from constructs_lattice.addressing import aligned
from constructs_lattice.cli.loading import load_checker
from constructs_lattice.guarantees import Survey

__all__ = ["reach_from"]


def reach_from(target: Sequence[Path], source: str, parameters: Sequence[str]) -> str:
    """A table of what `source` can reach, with protocols and ports; what nobody knows has a question mark.

    Raises `TemplateError` or `GuaranteeError` for bad input.
    """
    found = Survey(load_checker(target, parameters)).reach(source)
    rows = [(name, str(protocol), str(ports)) for (name, protocol), ports in found.items()]
    if not rows:
        return f"{source} reaches nothing"
    return "\n".join(aligned([("reaches", "protocol", "ports"), *rows]))
