"""Checks of arguments, with messages that say where, what, the value and the way out.

Tokens pass every check untouched: what only the deployment knows cannot be judged here.
"""

import re
from typing import Any

from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

__all__ = ["Place", "check_count", "check_list", "check_pattern", "check_range", "check_text", "check_whole"]


class Place:
    """Where in the construct tree an argument was given.

    The path is a call into Node, so it is read only when a message is made of it.
    """

    def __init__(self, scope: Any, id: str) -> None:
        self._scope = scope
        self._id = id

    def __str__(self) -> str:
        path: str = self._scope.node.path
        return f"{path}/{self._id}" if path else self._id


def check_range(where: object, name: str, value: float | None, least: float, most: float, *, unit: str = "") -> None:
    """Raise unless the number `value` is absent, a token, or within `least` and `most`."""
    if value is None or is_token(value) or least <= value <= most:
        return
    unit = f" {unit}" if unit else ""
    raise ArgumentError(f"{where}: {name} must be {least:,} to {most:,}{unit}, got {value}")


def check_whole(where: object, name: str, value: object) -> None:
    """Raise unless the number `value` is absent, or a whole one that is known at synthesis; context gives texts."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return
    got = "a token" if is_token(value) else repr(value)
    raise ArgumentError(f"{where}: {name} must be a whole number, got {got}")


def check_text(where: object, name: str, value: str | None, least: int, most: int) -> None:
    """Raise unless the text `value` is absent, a token, or `least` to `most` characters long."""
    if value is None or is_token(value) or least <= len(value) <= most:
        return
    raise ArgumentError(
        f"{where}: {name} must be {least:,} to {most:,} characters long, got {value!r} ({len(value):,})"
    )


def check_pattern(where: object, name: str, value: str | None, pattern: re.Pattern[str], rule: str) -> None:
    """Raise unless the text `value` is absent, a token, or matches the whole of `pattern`, put in words by `rule`."""
    if value is None or is_token(value) or pattern.fullmatch(value):
        return
    raise ArgumentError(f"{where}: {name} must {rule}, got {value!r}")


def check_list(where: object, name: str, values: object) -> None:
    """Raise when one text was given in the place of a list of texts, which Python would take apart into letters."""
    if isinstance(values, str):
        raise ArgumentError(f"{where}: {name} must be a list, got the text {values!r}; write [{values!r}]")


def check_count(where: object, name: str, count: int, least: int, most: int) -> None:
    """Raise unless there are `least` to `most` of `name`."""
    if not least <= count <= most:
        raise ArgumentError(f"{where}: there must be {least:,} to {most:,} {name}, got {count:,}")
