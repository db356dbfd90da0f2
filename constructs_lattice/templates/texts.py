"""Texts that are known in parts: splitting them, and naming what functions make of them."""

import re
from collections.abc import Callable

from constructs_lattice.templates.values import Reference, String, Text, Unknown, Value, joined, unknowns

__all__ = ["Open", "applied", "as_text", "is_too_large", "split", "symbolic"]


_LONGEST_SYMBOL = 2_000
_LONGEST_TEXT = 1_000_000
_MOST_ITEMS = 50_000


class Open(list[Value]):
    """The first items of a list that goes on, nobody knows how. Its last item is `rest`, which is unknown."""

    __slots__ = ("rest",)

    def __init__(self, known: list[Value], rest: Unknown) -> None:
        super().__init__([*known, rest])
        self.rest = rest


def as_text(value: Value) -> "String | None":
    """A scalar as CloudFormation writes it in a text; None for a list, a mapping or null."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str() | Reference() | Unknown() | Text():
            return value
        case _:
            return None


def applied(function: str, *arguments: Value) -> Unknown:
    """What a function makes of something that is not known. The same function of the same thing is the same."""
    found = next((unknown for each in arguments for unknown in unknowns(each)), None)
    missing = next((str(each) for each in arguments if isinstance(each, Reference | Text)), "it")
    reason = found.reason if found else f"{missing} is known after the deployment only"
    names = [_name(each) for each in arguments]
    symbol = f"{function}({', '.join(names)})" if all(names) else ""
    return Unknown(reason, symbol if len(symbol) < _LONGEST_SYMBOL else "")


def symbolic(value: Value) -> bool:
    """Whether a value has anything in it that only the deployment gives a text."""
    match value:
        case list():
            return any(symbolic(each) for each in value)
        case dict():
            return any(symbolic(each) for each in value.values())
        case _:
            return isinstance(value, Reference | Unknown | Text)


def _name(value: Value) -> str:
    """A name that equal values share and others do not, or nothing."""
    if any(not unknown.symbol for unknown in unknowns(value)):
        return ""
    match value:
        case list():
            return f"[{', '.join(_name(each) for each in value)}]"
        case dict():
            return f"{{{', '.join(f'{key!r}: {_name(each)}' for key, each in value.items())}}}"
        case Reference() | Unknown():
            return str(value)
        case Text():
            return f"Fn::Sub({str(value)!r})"
        case _:
            return repr(value)


def is_too_large(value: Value) -> bool:
    """Whether a value has grown out of all proportion, as one can that is put together of itself again and again."""
    if isinstance(value, str):
        return len(value) > _LONGEST_TEXT
    waiting: list[Value] = [value]
    count = 0
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, Text):
            count += len(each.parts)
        count += 1
        if count + len(waiting) > _MOST_ITEMS:
            return True
    return False


_PLAIN = re.compile(r"[A-Za-z0-9._-]*")
_NAMES = ("AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::URLSuffix", "zone:")


def split(delimiter: str, text: String, is_name: Callable[[Reference], bool] = lambda _: False) -> list[Value]:
    """The pieces between the delimiters; an `Open` list where an unknown part may hold one more.

    `is_name` says which references are plain names, without any `:`, `/` or `,`.
    """
    if isinstance(text, str):
        return list(text.split(delimiter))
    pieces: list[list[str | Reference | Unknown]] = [[]]
    for part in text.parts if isinstance(text, Text) else (text,):
        if isinstance(part, str):
            first, *rest = part.split(delimiter)
            pieces[-1].append(first)
            pieces += [[piece] for piece in rest]
        elif _PLAIN.fullmatch(delimiter) or not (
            part.symbol.startswith(_NAMES) if isinstance(part, Unknown) else is_name(part)
        ):
            return Open([joined(piece) for piece in pieces[:-1]], applied("Fn::Split", delimiter, text))
        else:
            pieces[-1].append(part)
    return [joined(piece) for piece in pieces]
