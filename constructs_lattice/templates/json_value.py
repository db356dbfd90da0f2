"""A value as JSON text, with what is not known standing in it."""

import json
import re
from typing import Any

from constructs_lattice.templates.texts import applied
from constructs_lattice.templates.values import Reference, String, Text, Unknown, Value, joined, unknowns

__all__ = ["to_json"]

_MARK = re.compile('"\ue000([0-9]+)\ue000"')


def to_json(value: Value) -> Value:
    """What `Fn::ToJsonString` gives.

    A reference stands between the quotes, as identifiers need no escapes; something unknown stands for its quotes as
    well, as it may be a number.
    """
    left: list[String] = []

    def marked(each: Value) -> Any:
        match each:
            case list():
                return [marked(item) for item in each]
            case dict():
                return {name: marked(item) for name, item in each.items()}
            case Reference() | Unknown() | Text():
                if any(True for _ in unknowns(each)):
                    left.append(applied("Fn::ToJsonString", each))
                else:
                    left.append(joined(['"', each, '"']))
                return f"\ue000{len(left) - 1}\ue000"
            case _:
                return each

    pieces = _MARK.split(json.dumps(marked(value), separators=(",", ":"), ensure_ascii=False))
    return joined(left[int(piece)] if index % 2 else piece for index, piece in enumerate(pieces))
