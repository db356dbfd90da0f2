"""A mapping of a template that knows where it is written."""

from typing import Any

__all__ = ["Marked", "line_of"]


class Marked(dict[str, Any]):
    """A mapping and the line on which it begins. The readers of JSON and of YAML make them."""

    __slots__ = ("line",)

    def __init__(self, content: dict[str, Any], line: int) -> None:
        super().__init__(content)
        self.line = line


def line_of(node: object) -> int:
    """The line on which a part of a template begins, or 0 when nobody knows."""
    return node.line if isinstance(node, Marked) else 0
