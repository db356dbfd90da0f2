"""`lattice audit`: mistakes that are found without being asked for."""

import json
from collections.abc import Sequence
from pathlib import Path

from constructs_lattice.audit import audit
from constructs_lattice.cli.loading import parameter_values
from constructs_lattice.templates import load

__all__ = ["audit_target"]


def audit_target(target: Sequence[Path], format: str, parameters: Sequence[str]) -> tuple[str, bool]:
    """The findings as text or JSON, and whether there are none. Raises `TemplateError` for bad input."""
    findings = audit(load(list(target), parameters=parameter_values(parameters)))
    if format == "json":
        return json.dumps({"findings": [each.as_data() for each in findings]}, indent=2), not findings
    return "\n".join(str(each) for each in findings) or "nothing is found", not findings
