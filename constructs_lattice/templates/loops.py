"""Writing out `Fn::ForEach`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from constructs_lattice.templates.marked import Marked, line_of
from constructs_lattice.templates.problem import Problem
from constructs_lattice.templates.template import LOOP, Template, make_template
from constructs_lattice.templates.texts import as_text, symbolic

if TYPE_CHECKING:
    from constructs_lattice.templates.scope import Scope

__all__ = ["write_out"]

_PARTS = 3
_MOST = 200_000


class _Open(Exception):  # noqa: N818 - caught where the entry is that it makes unknown
    """Over what a loop runs is not known."""


def write_out(scope: "Scope") -> tuple[Template, dict[str, str]]:
    """The template of a stack without loops, and the resources of which nothing is known, with the reason.

    A loop over what nobody knows leaves one resource of which nothing is known.
    """
    template = scope.template
    doubts: dict[str, str] = {}
    writer = _Writer(scope)
    content = {
        "Parameters": template.parameters,
        "Mappings": template.mappings,
        "Conditions": writer.section("Conditions", template.conditions, doubts),
        "Resources": writer.section("Resources", template.resources, doubts),
        "Outputs": writer.section("Outputs", template.outputs, doubts),
        "Transform": [*template.macros],
    }
    return make_template(template.path, content), doubts


class _Writer:
    """Writes out loops, and counts."""

    def __init__(self, scope: "Scope") -> None:
        self._scope = scope
        self._written = 0

    def section(self, name: str, entries: Mapping[str, Any], doubts: dict[str, str]) -> dict[str, Any]:
        """A section without loops."""
        result: dict[str, Any] = {}
        for key, entry in entries.items():
            try:
                result |= self._loop(key, entry) if key.startswith(LOOP) else {key: self._node(entry)}
            except _Open as problem:
                left = _fragment(entry) if key.startswith(LOOP) else {key: entry}
                for inner, body in left.items():
                    if name == "Resources" and isinstance(body, dict) and isinstance(body.get("Type"), str):
                        result[inner] = Marked({"Type": body["Type"]}, line_of(body))
                        doubts[inner] = str(problem)
            except Problem as problem:
                raise problem.within(f"{name}.{key}", entry) from None
        return result

    def _node(self, node: Any) -> Any:
        self._written += 1
        if self._written > _MOST:
            raise Problem(f"with its loops written out, the template has more than {_MOST:,} nodes")
        if isinstance(node, list):
            return [self._node(each) for each in node]
        if not isinstance(node, dict):
            return node
        result: dict[str, Any] = {}
        for key, value in node.items():
            try:
                result |= self._loop(key, value) if key.startswith(LOOP) else {key: self._node(value)}
            except Problem as problem:
                raise problem.within(f".{key}", node) from None
        return Marked(result, line_of(node))

    def _loop(self, key: str, argument: Any) -> dict[str, Any]:
        """The entries that a loop makes."""
        fragment = _fragment(argument)
        identifier, collection = argument[0], argument[1]
        values = self._scope.value(collection)
        texts = [as_text(each) for each in values] if isinstance(values, list) else []
        if symbolic(values) or not isinstance(values, list):
            raise _Open(f"over what {key} of {self._scope.name} runs is not known")
        result: dict[str, Any] = {}
        for text in texts:
            if not isinstance(text, str):
                raise Problem(f"needs a list of texts, got {repr(values)[:60]}")
            made = self._node(_put(fragment, identifier, text))
            again = sorted(made.keys() & result.keys())
            if again:
                raise Problem(f"makes {again[0]!r} twice")
            result |= made
        return result


def _fragment(argument: Any) -> dict[str, Any]:
    """What a loop repeats."""
    if (
        not isinstance(argument, list)
        or len(argument) != _PARTS
        or not isinstance(argument[0], str)
        or not isinstance(argument[2], dict)
    ):
        raise Problem(f"needs an identifier, a collection and a mapping, got {repr(argument)[:60]}")
    return argument[2]


def _put(node: Any, identifier: str, text: str) -> Any:
    """A fragment with a value in place of the identifier; `&{…}` leaves out what no logical id may hold."""
    if isinstance(node, str):
        return node.replace(f"${{{identifier}}}", text).replace(f"&{{{identifier}}}", re.sub("[^A-Za-z0-9]", "", text))
    if isinstance(node, list):
        return [_put(each, identifier, text) for each in node]
    if not isinstance(node, dict):
        return node
    if node == {"Ref": identifier}:
        return text
    return Marked(
        {_put(key, identifier, text): _put(each, identifier, text) for key, each in node.items()}, line_of(node)
    )
