"""Resources that a deployment replaces: those whose create-only properties change.

A resource that refers to a replaced one in such a property is replaced, too: a NAT gateway goes with its subnet.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.values import ResourceId, Unknown, Value, referred

__all__ = ["Replacement", "replacements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A resource that is replaced, and the properties that make it so: changed, or naming what is replaced."""

    id: str
    type: str
    properties: tuple[str, ...]
    with_: str = ""

    def __str__(self) -> str:
        """A line."""
        reason = f"together with {self.with_}" if self.with_ else f"{', '.join(self.properties)} changes"
        return f"{self.id} ({self.type}): {reason}"


def replacements(before: Estate, after: Estate) -> list[Replacement]:
    """What of `before` is replaced to get to `after`, in the order of `after`."""
    both = {id_: (before.resources[id_], each) for id_, each in after.resources.items() if id_ in before.resources}
    found = {id_: made for id_, (old, new) in both.items() if (made := _replaced(old, new)) is not None}
    while more := {id_: made for id_, (_, new) in both.items() if id_ not in found and (made := _follows(new, found))}:
        found |= more
    return [found[id_] for id_ in both if id_ in found]


def _replaced(old: Resource, new: Resource) -> Replacement | None:
    if old.type != new.type:
        return Replacement(id=str(new.id), type=new.type, properties=("Type",))
    changed = tuple(
        name for name in _create_only().get(new.type, ()) if not _same(old.declared.get(name), new.declared.get(name))
    )
    return Replacement(id=str(new.id), type=new.type, properties=changed) if changed else None


def _follows(new: Resource, found: Mapping[ResourceId, Replacement]) -> Replacement | None:
    """The replacement of a resource that names a replaced one where it cannot be changed."""
    for name in _create_only().get(new.type, ()):
        for each in referred(new.declared.get(name)):
            if each in found:
                return Replacement(id=str(new.id), type=new.type, properties=(name,), with_=str(each))
    return None


def _same(one: Value, other: Value) -> bool:
    """Whether two values are the same to CloudFormation, which takes numbers as text as well."""
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return one == other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, str | int | float | bool) and isinstance(other, str | int | float | bool):
        return _text(one) == _text(other)
    return one == other


def _text(value: str | float | bool) -> str:  # noqa: FBT001 - a value of JSON
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _create_only() -> Mapping[str, tuple[str, ...]]:
    content = files("constructs_lattice.comparison").joinpath("create_only.json").read_text(encoding="utf-8")
    return {type_: tuple(names) for type_, names in json.loads(content).items()}
