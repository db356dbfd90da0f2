"""A value as JSON text, with what is not known standing in it."""

import json
import re
from typing import Any

from constructs_lattice.templates.values import Reference, Text, Unknown, Value, joined

__all__ = ["to_json"]

_MARK = re.compile("\x00([0-9]+)\x00")


def to_json(value: Value) -> Value:
    """What `Fn::ToJsonString` gives."""
    unknown: list[Reference | Unknown | Text] = []

    def marked(each: Value) -> Any:
        match each:
            case list():
                return [marked(item) for item in each]
            case dict():
                return {name: marked(item) for name, item in each.items()}
            case Reference() | Unknown() | Text():
                unknown.append(each)
                return f"\x00{len(unknown) - 1}\x00"
            case str():
                return each.replace("\x00", "")
            case _:
                return each

    text = json.dumps(marked(value), separators=(",", ":"), ensure_ascii=False)
    pieces = _MARK.split(text.replace("\\u0000", "\x00"))
    return joined(unknown[int(piece)] if index % 2 else piece for index, piece in enumerate(pieces))
