"""A file that lists stacks: templates, with the region, the account and the parameters that each is deployed with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.definition import Given, OutputOf
from constructs_lattice.templates.marked import line_of

__all__ = ["ListedStack", "listed_stacks"]

from dataclasses import dataclass

_KEYS = {"name", "template", "region", "account", "parameters"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStack:
    """An entry of the list."""

    name: str
    template: Path
    region: str | None
    account: str | None
    parameters: Mapping[str, Given]


def listed_stacks(path: Path, content: Mapping[str, Any]) -> list[ListedStack]:
    """The entries of `stacks`. Raises `TemplateError` when one is wrong."""
    entries = content["stacks"]
    if not isinstance(entries, list) or not entries:
        raise TemplateError(f"{path}: stacks must be a list of stacks, got {repr(entries)[:60]}")
    stacks = [_listed(path, index, entry) for index, entry in enumerate(entries)]
    names = [each.name for each in stacks]
    again = sorted({name for name in names if names.count(name) > 1})
    if again:
        raise TemplateError(f"{path}: stacks: the name {again[0]!r} is there twice")
    return stacks


def _listed(path: Path, index: int, entry: Any) -> ListedStack:
    line = line_of(entry)
    where = f"{path}{f':{line}' if line else ''}: stacks[{index}]"
    if not isinstance(entry, dict):
        raise TemplateError(f"{where} must be a mapping with name and template, got {repr(entry)[:60]}")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise TemplateError(f"{where}: unknown key {unknown[0]!r}, the keys are {', '.join(sorted(_KEYS))}")
    return ListedStack(
        name=_text(where, entry, "name"),
        template=path.parent / _text(where, entry, "template"),
        region=_text(where, entry, "region") if entry.get("region") is not None else None,
        account=_account(where, entry.get("account")),
        parameters=_parameters(where, entry.get("parameters")),
    )


def _text(where: str, entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise TemplateError(f"{where}: {key} must be text, got {value!r}")
    return value


def _account(where: str, value: Any) -> str | None:
    """Twelve digits; YAML reads them as a number where they are not in quotes."""
    if value is None:
        return None
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) == 12):  # noqa: PLR2004
        raise TemplateError(f"{where}: account must be 12 digits in quotes, got {value!r}")
    return text


def _parameters(where: str, value: Any) -> dict[str, Given]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TemplateError(f"{where}: parameters must be a mapping, got {repr(value)[:60]}")
    return {name: given(f"{where}: parameters.{name}", each) for name, each in value.items()}


def given(where: str, value: Any) -> Given:
    """The value of a parameter: a literal, a list of them, or `{output: Stack.Output}`."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        return value
    if isinstance(value, OutputOf):
        return value
    if isinstance(value, dict) and set(value) == {"output"} and isinstance(value["output"], str):
        stack, _, output = value["output"].rpartition(".")
        if stack and output:
            return OutputOf(stack, output)
    raise TemplateError(f"{where} must be text, a number, a list of them or {{output: Stack.Output}}, got {value!r}")
