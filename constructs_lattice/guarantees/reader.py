"""Reading files of guarantees."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees.entries import Connection, GuaranteesFile, Request
from constructs_lattice.templates.document import read_document
from constructs_lattice.templates.marked import Marked, line_of

__all__ = ["json_schema", "parse_guarantees", "read_guarantees"]


def read_guarantees(path: str | Path) -> GuaranteesFile:
    """Read one file, YAML or JSON.

    Raises `GuaranteeError`, with the line, for what is not as the JSON Schema says, and `TemplateError` for a file that
    cannot be read at all.
    """
    path = Path(path)
    return parse_guarantees(read_document(path), path)


def parse_guarantees(content: Mapping[str, Any], path: Path) -> GuaranteesFile:
    """What a file holds. Raises `GuaranteeError` as `read_guarantees` does; all problems at once."""
    entries = content.get("guarantees", [])
    if not isinstance(entries, list):
        raise GuaranteeError(f"{path}: guarantees must be a list, got {type(entries).__name__}")
    problems: list[str] = []
    found: list[Connection | Request] = []
    for index, entry in enumerate(entries):
        kind = Request if isinstance(entry, dict) and ("caller" in entry or "request" in entry) else Connection
        made = _made(kind, entry, f"guarantees[{index}]", path, problems)
        if made is not None:
            found.append(made)
    rest = Marked({name: value for name, value in content.items() if name != "guarantees"}, line_of(content))
    whole: GuaranteesFile = _made(GuaranteesFile, rest, "", path, problems)
    problems += _repeated(found, path)
    GuaranteeError.raise_all(problems)
    return whole.model_copy(update={"guarantees": found})


def _made(kind: type[Any], content: Any, place: str, path: Path, problems: list[str]) -> Any:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        problems += [_problem(each, kind, content, place, path) for each in error.errors(include_url=False)]
        return None


def _problem(error: Any, kind: type[BaseModel], content: Any, place: str, path: Path) -> str:
    """One problem: where, what, the value, the way out."""
    steps = [str(each) for each in error["loc"]]
    where = ".".join(each for each in (place, *steps) if each)
    line = line_of(_nearest_mapping(content, error["loc"]))
    at = f"{path}:{line}" if line else str(path)
    match error["type"]:
        case "extra_forbidden":
            outer = ".".join(each for each in (place, *steps[:-1]) if each)
            known = _names(kind, error["loc"][:-1])
            near = get_close_matches(steps[-1], known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(known)}"
            return f"{at}: {f'{outer}: ' if outer else ''}unknown key {steps[-1]!r}, {hint}"
        case "missing":
            outer = ".".join(each for each in (place, *steps[:-1]) if each)
            return f"{at}: {f'{outer}: ' if outer else ''}{steps[-1]!r} is missing"
        case "literal_error":
            return f"{at}: {where} must be {error['ctx']['expected']}, got {error['input']!r}"
        case "value_error":
            return f"{at}: {where}: {error['ctx']['error']}"
        case _:
            return f"{at}: {where}: {error['msg'][:1].lower()}{error['msg'][1:]}, got {error['input']!r}"


def _nearest_mapping(content: Any, steps: Iterable[str | int]) -> Any:
    """The innermost mapping on the way to a problem: what has a line."""
    found = content
    for step in steps:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(content, dict):
            found = content
    return found


def _names(kind: type[BaseModel], steps: Iterable[str | int]) -> list[str]:
    """The keys that a mapping may have."""
    model: Any = kind
    for step in steps:
        field = model.model_fields.get(step) if isinstance(step, str) else None
        annotation = getattr(field, "annotation", None)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    return [field.alias or name for name, field in model.model_fields.items()]


def _repeated(entries: list[Connection | Request], path: Path) -> list[str]:
    ids = [entry.id for entry in entries]
    return [
        f"{path}: guarantee {id_!r} is there {ids.count(id_)} times; give each an id of its own"
        for id_ in dict.fromkeys(ids)
        if ids.count(id_) > 1
    ]


def json_schema() -> str:
    """The JSON Schema of these files, as text."""
    schema = GuaranteesFile.model_json_schema(by_alias=True)
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2) + "\n"
