"""Headers of requests, which routes compare exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from constructs_lattice._checks import check_count, check_pattern, check_text
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["RouteHeader", "check_headers"]

_MOST_HEADERS = 5
_LONGEST_NAME = 100
_LONGEST_VALUE = 200
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+\-.^_`|~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteHeader:
    """A header with exactly this value, upper and lower case being the same.

    The controller knows no prefixes and no regular expressions here. Names are at most 100 characters long, values 1 to
    200. Raises `ArgumentError` beyond these limits.
    """

    name: str
    value: str

    def __post_init__(self) -> None:
        """Check the lengths."""
        check_text("header", "name", self.name, 1, _LONGEST_NAME)
        check_pattern("header", "name", self.name, _NAME, "be the name of a header")
        check_text(f"header {self.name!r}", "value", self.value, 1, _LONGEST_VALUE)

    def for_match(self) -> dict[str, Any]:
        """An item of the `headers` of a match."""
        return {"type": "Exact", "name": self.name, "value": self.value}


def check_headers(where: object, headers: Sequence[RouteHeader]) -> None:
    """Raise `ArgumentError` unless there are at most five, each once."""
    check_count(where, "headers", len(headers), 0, _MOST_HEADERS)
    names = [each.name.lower() for each in headers]
    for name in names:
        if names.count(name) > 1:
            raise ArgumentError(f"{where}: the header {name!r} is there {names.count(name)} times; it has one value")
