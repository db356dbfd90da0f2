"""The smallest template that still shows something."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator
from typing import Any

__all__ = ["shrink"]

Template = dict[str, Any]
Show = Callable[[list[Template]], list[bool]]
"""Which of some templates show it; they are tried together, since building takes time."""

_TOGETHER = 8
_LISTS = ("SecurityGroupIngress", "SecurityGroupEgress", "SecurityGroupIds", "GroupSet", "SubnetIds", "Entries")
_NEVER_EMPTY = ("SubnetIds", "Entries")


def shrink(template: Template, keep: Collection[str], show: Show) -> Template:
    """Leave out as much as possible; never the resources in `keep`, and what these refer to.

    First many resources at once, then single ones, then what is in lists.
    """
    size = max(1, len(template["Resources"]) // 2)
    while True:
        template = _without_chunks(template, keep, show, size)
        if size == 1:
            break
        size //= 2
    before = None
    while before != template:
        before = template
        template = _without_chunks(_without_items(template, keep, show), keep, show, 1)
    return template


def _without_chunks(template: Template, keep: Collection[str], show: Show, size: int) -> Template:
    place = 0
    while place < len(template["Resources"]):
        names = list(template["Resources"])
        chunks = [names[first : first + size] for first in range(place, len(names), size)][:_TOGETHER]
        candidates = [_without(template, chunk) for chunk in chunks]
        number = _first(candidates, template, keep, show)
        if number is None:
            place += size * len(chunks)
        else:
            place += size * number
            template = candidates[number]
    return template


def _without_items(template: Template, keep: Collection[str], show: Show) -> Template:
    place = 0
    while items := list(_items(template))[place : place + _TOGETHER]:
        candidates = [_without_item(template, *item) for item in items]
        number = _first(candidates, template, keep, show)
        if number is None:
            place += len(items)
        else:
            place += number
            template = candidates[number]
    return template


def _first(candidates: list[Template], template: Template, keep: Collection[str], show: Show) -> int | None:
    """The first of them that shows it, as far as they may be tried at all."""
    possible = [
        number
        for number, each in enumerate(candidates)
        if each != template and all(name in each["Resources"] for name in keep)
    ]
    shown = show([candidates[number] for number in possible]) if possible else []
    return next((number for number, is_shown in zip(possible, shown, strict=True) if is_shown), None)


def _items(template: Template) -> Iterator[tuple[str, tuple[str | int, ...], int]]:
    """Where there is a list that may have fewer items: the resource, the way to the list, the item."""
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        for path in (*((each,) for each in _LISTS), ("NetworkInterfaces", 0, "GroupSet")):
            items = _at(properties, path)
            if isinstance(items, list) and len(items) > (path[-1] in _NEVER_EMPTY):
                yield from ((name, path, index) for index in range(len(items)))


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError):
            return None
    return value


def _without_item(template: Template, name: str, path: tuple[str | int, ...], index: int) -> Template:
    changed = copy.deepcopy(template)
    del _at(changed["Resources"][name]["Properties"], path)[index]
    return changed


def _without(template: Template, names: Collection[str]) -> Template:
    """Without these, and without all that cannot be without them."""
    left = {name: copy.deepcopy(each) for name, each in template["Resources"].items() if name not in names}
    while True:
        for each in left.values():
            _drop_items(each.get("Properties", {}), left)
        broken = [name for name, each in left.items() if any(other not in left for other in _references(each))]
        broken += [name for name, each in left.items() if each.get("Properties", {}).get("SubnetIds") == []]
        if not broken:
            return {**template, "Resources": left}
        for name in dict.fromkeys(broken):
            del left[name]


def _drop_items(properties: dict[str, Any], left: Collection[str]) -> None:
    """Groups and subnets that are gone leave their lists."""
    own = properties.get("NetworkInterfaces", [{}])[0]
    for owner in (properties, own):
        for key in ("SecurityGroupIds", "GroupSet", "SubnetIds"):
            if key in owner:
                owner[key] = [item for item in owner[key] if all(other in left for other in _references(item))]


def _references(value: Any) -> Iterator[str]:
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), _]}:
            yield name
        case dict():
            for each in value.values():
                yield from _references(each)
        case list():
            for each in value:
                yield from _references(each)
