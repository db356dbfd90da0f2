"""Nested stacks: finding the template that a `TemplateURL` leads to.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.definition import StackDefinition
from constructs_lattice.templates.template import Template, read_template

__all__ = ["STACK", "Shelf", "with_nested"]

STACK = "AWS::CloudFormation::Stack"
_DEEPEST = 16
_OBJECT = re.compile(r"/([^/]+)$")


class Shelf:
    """The templates that have been read, each once."""

    def __init__(self) -> None:
        self._read: dict[Path, Template] = {}

    def template(self, path: Path, wanted: str = "") -> Template:
        """The template in a file. Raises `TemplateError` when it cannot be read; `wanted` says who wants it."""
        key = path.absolute()
        if key not in self._read:
            self._read[key] = read_template(path, wanted)
        return self._read[key]

    def keep(self, template: Template) -> Template:
        """Remember a template."""
        return self._read.setdefault(template.path.absolute(), template)


def with_nested(
    shelf: Shelf,
    stack: StackDefinition,
    *,
    assets: Mapping[str, str] | None = None,
    paths: Mapping[str, str] | None = None,
    depth: int = 0,
) -> StackDefinition:
    """A stack with the nested stacks whose templates are at hand.

    `assets` are the files of a cloud assembly by the names that they are uploaded under; `paths` are the logical ids by
    construct path, of all that is in the stack and in those nested in it.
    """
    if depth > _DEEPEST:
        raise TemplateError(f"{stack.template.path}: the stack {stack.name} is nested more than {_DEEPEST} levels deep")
    nested = {}
    own = dict(paths or {})
    for logical_id, resource in stack.template.resources.items():
        if not isinstance(resource, dict) or resource.get("Type") != STACK:
            continue
        inside = _inside(own, logical_id)
        own = {path: name for path, name in own.items() if path not in inside}
        file = _template_of(stack.template, resource, assets or {})
        if file is None:
            continue
        name = f"{stack.name}/{logical_id}"
        inner = StackDefinition(
            name=name,
            stack_name="",
            template=shelf.template(file.path, f"{stack.template.where(resource)} names it as the template of {name}"),
            region=stack.region,
            account=stack.account,
            assumption=f"the template of {name} at {file.address} is that in {file.path}" if file.address else "",
        )
        nested[logical_id] = with_nested(shelf, inner, assets=assets, paths=inside, depth=depth + 1)
    return replace(stack, nested=nested, construct_paths={name: path for path, name in own.items()})


def _inside(paths: Mapping[str, str], logical_id: str) -> dict[str, str]:
    """The construct paths in a nested stack: `Shop/Net/…` for the resource `Shop/Net.NestedStack/…`."""
    outer = next((path for path, name in paths.items() if name == logical_id), "").rpartition("/")[0]
    prefix = f"{outer.removesuffix('.NestedStack')}/"
    return {path: name for path, name in paths.items() if outer and path.startswith(prefix)}


@dataclass(frozen=True, slots=True)
class _File:
    """The file of a nested template, and the address that it is taken to be at if it is not known to be."""

    path: Path
    address: str = ""


def _template_of(template: Template, resource: Mapping[str, Any], assets: Mapping[str, str]) -> _File | None:
    """The file that holds the template of a nested stack, if there is one."""
    folder = template.path.parent
    metadata = resource.get("Metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("aws:asset:path"), str):
        return _File(folder / str(metadata["aws:asset:path"]))
    url = (resource.get("Properties") or {}).get("TemplateURL")
    texts = list(_texts(url))
    for text in texts:
        name = text.rpartition("/")[2]
        if name in assets:
            return _File(folder / assets[name])
    if isinstance(url, str) and "://" not in url:
        return _File(folder / url)
    name = texts[-1].rpartition("/")[2] if texts else ""
    if name and "${" not in name and (folder / name).is_file():
        return _File(folder / name, "".join(texts))
    return None


def _texts(node: Any) -> Iterator[str]:
    """All texts in a part of a template."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        for each in node.values():
            yield from _texts(each)
