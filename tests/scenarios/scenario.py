"""Scenarios: a network in one file, questions about it, and the answers that AWS's documentation gives.

A scenario is written as the documented cases are, but its templates are in the file itself, and may be based on those
in `bases`: what a scenario says is laid over its base, key by key; `null` takes something away. An expectation may name
the `rule` that is to be among the reasons. Adding a scenario adds no Python.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lattice.guarantees import Checker, Connection
from constructs_lattice.templates import Application, load
from constructs_lattice.templates.document import read_document

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One file."""

    name: str
    rules: tuple[str, ...]
    pages: tuple[str, ...]
    stacks: tuple[dict[str, Any], ...]
    questions: tuple[tuple[Connection, str], ...]

    def checker(self, folder: Path) -> Checker:
        """Ready to answer."""
        return Checker(self.loaded(folder))

    def loaded(self, folder: Path) -> Application:
        """Read; the templates go through files, as any others do."""
        listed = []
        for stack in self.stacks:
            file = f"{stack['name'].replace('/', '-')}.template.json"
            (folder / file).write_text(json.dumps(stack["template"]))
            listed.append({**stack, "template": file})
        path = folder / "stacks.json"
        path.write_text(json.dumps({"stacks": listed}))
        return load(path)


def read_scenario(path: Path) -> Scenario:
    content = read_document(path)
    unknown = set(content) - {"title", "rules", "doc", "stacks", "guarantees"}
    assert not unknown, f"{path}: {unknown}"
    questions = [dict(each) for each in content["guarantees"]]
    rules = [each.pop("rule", "") for each in questions]
    return Scenario(
        name=path.stem,
        rules=tuple(content["rules"]),
        pages=tuple(content["doc"]),
        stacks=tuple(_stack(dict(each)) for each in content["stacks"]),
        questions=tuple(zip([Connection.model_validate(each) for each in questions], rules, strict=True)),
    )


def all_scenarios() -> Iterator[Scenario]:
    for path in sorted(HERE.glob("*.yaml")):
        yield read_scenario(path)


def _stack(stack: dict[str, Any]) -> dict[str, Any]:
    """A stack with its whole template; what it is based on brings a region and an account, too."""
    base = stack.pop("based_on", None)
    where = {"region": "eu-west-1", "account": "111111111111"}
    template = stack.pop("template", {})
    if base is not None:
        template = _laid_over(_base(base), template)
    return {**where, **stack, "template": template}


def _base(name: str) -> Any:
    content = read_document(HERE / "bases" / f"{name}.yaml")
    base = content.pop("BasedOn", None)
    return content if base is None else _laid_over(_base(base), content)


def _laid_over(base: Any, more: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(more, dict) or _is_function(base) or _is_function(more):
        return more
    merged = {**base}
    for key, value in more.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _laid_over(base[key], value) if key in base else value
    return merged


def _is_function(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))
