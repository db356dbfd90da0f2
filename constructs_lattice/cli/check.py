"""`lattice check`: guarantees against a target."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from constructs_lattice.cli.loading import load_checker
from constructs_lattice.cli.progress import progress_bar
from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees import Checker, Connection, Request, Result, read_guarantees
from constructs_lattice.templates import read_document

__all__ = ["check_target"]

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def check_target(
    target: Sequence[Path], files: Sequence[Path], format: str, parameters: Sequence[str]
) -> tuple[str, bool]:
    """The report, and whether all guarantees hold.

    Raises `TemplateError` or `GuaranteeError` for bad input.
    """
    read = [(file, read_guarantees(file)) for file in files or [each for each in target if _has_guarantees(each)]]
    found = [(file, each) for file, content in read for each in content.guarantees]
    if not found:
        raise GuaranteeError("there are no guarantees to check; name a file of them with --guarantees")
    checker = load_checker(target, parameters, [content for _, content in read])
    results = _checked(checker, [each for _, each in found])
    match format:
        case "json":
            text = json.dumps({"results": [each.as_data() for each in results]}, indent=2)
        case "sarif":
            text = json.dumps(_sarif([(file, each) for (file, _), each in zip(found, results, strict=True)]), indent=2)
        case _:
            text = _text(results)
    return text, all(each.holds for each in results)


def _has_guarantees(target: Path) -> bool:
    """Whether a target says itself what must be so. Raises `TemplateError` for a file that cannot be read."""
    return not target.is_dir() and "guarantees" in read_document(target)


def _checked(checker: Checker, guarantees: Sequence[Connection | Request]) -> list[Result]:
    """The results. Raises `GuaranteeError`, about all of them at once, for names that are not there."""
    problems: list[str] = []
    results = []
    with progress_bar("checking") as progress:
        for number, guarantee in enumerate(guarantees):
            progress(number, len(guarantees))
            try:
                results.append(checker.check_one(guarantee))
            except GuaranteeError as error:
                problems.append(str(error))
    GuaranteeError.raise_all(problems)
    return results


def _text(results: Sequence[Result]) -> str:
    broken = [each for each in results if not each.holds]
    lines = [line for each in results for line in (each.lines() if not each.holds else [f"{each.id}: holds"])]
    if broken:
        lines.append(f"{len(broken)} of {len(results)} guarantees do not hold")
    else:
        lines.append(f"all {len(results)} guarantees hold")
    return "\n".join(lines)


def _sarif(results: Sequence[tuple[Path, Result]]) -> dict[str, Any]:
    """A report for code scanning: a result for each guarantee that does not hold.

    https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
    """
    rules = sorted({each.id for _, each in results})
    return {
        "$schema": _SARIF,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "constructs_lattice", "rules": [{"id": each} for each in rules]}},
                "results": [
                    {
                        "ruleId": each.id,
                        "level": "error",
                        "message": {"text": "\n".join(each.lines())},
                        "locations": [{"physicalLocation": {"artifactLocation": {"uri": file.as_posix()}}}],
                    }
                    for file, each in results
                    if not each.holds
                ],
            }
        ],
    }
