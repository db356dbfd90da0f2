"""Reading a template that is JSON.

Objects two levels deep, which are the resources, parameters and outputs of a template, know their lines.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]  # documented nowhere, and there since Python 2
from typing import Any

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.marked import Marked

__all__ = ["read_json"]

_BLANK = " \t\n\r"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(where: object, text: str) -> Any:
    """The content of `text`. Raises `TemplateError` when it is not JSON, or says a key twice."""
    try:
        content = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except RecursionError:
        raise TemplateError(f"{where} is nested too deeply to be read") from None
    except ValueError as error:
        raise TemplateError(f"{where} is not JSON: {error}") from None
    if _SURROGATE.search(text) and not _is_text(content):
        raise TemplateError(f"{where} is not JSON: an escape stands for half a character")
    if isinstance(content, dict):
        for section, name, position in _positions(text):
            entries = content[section]
            if isinstance(entries, dict) and isinstance(entries.get(name), dict):
                entries[name] = Marked(entries[name], position)
    return content


def _is_text(content: Any) -> bool:
    """Whether all characters are whole: JSON can escape half of one, which no file can hold."""
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        again = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {again!r} is there twice in one object")
    return content


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _positions(text: str) -> Iterator[tuple[str, str, int]]:
    """The line of every entry of every object in the object that `text` is; the text is known to be JSON."""
    decode = json.JSONDecoder().raw_decode
    line, counted = 1, 0
    for section, _, start in _entries(text, _skip(text, 0), decode):
        if text[start] != "{":
            continue
        for name, position, _ in _entries(text, start, decode):
            line += text.count("\n", counted, position)
            counted = position
            yield section, name, line


def _entries(text: str, start: int, decode: Any) -> Iterator[tuple[str, int, int]]:
    """The keys of the object that begins at `start`, where they begin, and where their values begin."""
    position = _skip(text, start + 1)
    while text[position] != "}":
        begin = position
        key, position = scanstring(text, begin + 1)
        position = _skip(text, _skip(text, position) + 1)
        yield key, begin, position
        _, position = decode(text, position)
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)


def _skip(text: str, position: int) -> int:
    while text[position] in _BLANK:
        position += 1
    return position
