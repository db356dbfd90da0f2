"""Changes to scenarios: one property each, at random, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from tests.scenarios.scenario import Scenario

Place = tuple[str | int, ...]

PARAMETER = "NobodyKnows"


def places(scenario: Scenario) -> list[tuple[int, Place]]:
    """All properties, and parts of them, by the stack that they are in; not within functions."""
    return [
        (index, (name, "Properties", *place))
        for index, stack in enumerate(scenario.stacks)
        for name, resource in stack["template"]["Resources"].items()
        if isinstance(resource, dict) and isinstance(resource.get("Properties"), dict)
        for place in _within(resource["Properties"])
    ]


def _within(value: Any) -> Iterator[Place]:
    if isinstance(value, dict) and not (len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))):
        steps: list[tuple[str | int, Any]] = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    else:
        steps = []
    for step, inner in steps:
        yield (step,)
        yield from ((step, *more) for more in _within(inner))


def changed(scenario: Scenario, index: int, changes: dict[Place, Any]) -> Scenario:
    """The scenario with some properties of one stack replaced; a parameter without a value is there for them."""
    stacks = [deepcopy(each) for each in scenario.stacks]
    template = stacks[index]["template"]
    template.setdefault("Parameters", {})[PARAMETER] = {"Type": "String"}
    for place, value in changes.items():
        parent = template["Resources"]
        for step in place[:-1]:
            parent = parent[step]
        parent[place[-1]] = value
    return Scenario(name=scenario.name, rules=(), pages=(), stacks=tuple(stacks), questions=scenario.questions)


def some_places(scenario: Scenario, count: int, *seed: object) -> list[tuple[int, Place]]:
    """Some of all places, the same ones every time."""
    found = places(scenario)
    chance = Random(f"{scenario.name} {seed}")  # noqa: S311 - no secret
    return chance.sample(found, min(count, len(found)))
