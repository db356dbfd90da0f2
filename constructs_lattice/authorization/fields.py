"""Reading the entries of guarantees, with messages that say where, what is wrong, and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from constructs_lattice.errors import ArgumentError

__all__ = ["Fields", "nearest", "placed"]


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message about a name that is not known."""
    names = sorted(str(each) for each in known)
    if found := get_close_matches(name, names, n=1, cutoff=0.6):
        return f", did you mean {found[0]!r}?"
    return f"; there is {', '.join(names)}" if names else "; there is none"


def placed(where: str, what: str, error: ArgumentError) -> ArgumentError:
    """The message of a value, which calls itself `what`, with the place that the value is in."""
    text = str(error)
    return error if text.startswith(where) else ArgumentError(f"{where}{text.removeprefix(what)}")


class Fields:
    """The keys of one mapping."""

    def __init__(self, where: str, content: object, known: Sequence[str]) -> None:
        if not isinstance(content, Mapping):
            raise ArgumentError(f"{where} must be a mapping, got {content!r}")
        for key in content:
            if key not in known:
                raise ArgumentError(f"{where}: unknown key {key!r}{nearest(str(key), known)}")
        self.where = where
        self._content = content

    def __contains__(self, name: str) -> bool:
        """Whether a key is there, with a value."""
        return self._content.get(name) is not None

    def text(self, name: str) -> str | None:
        """A string. YAML makes numbers of account ids that are not in quotes."""
        value = self._content.get(name)
        if value is None:
            return None
        return self._text(name, value)

    def required(self, name: str) -> str:
        """A string that has to be there."""
        value = self.text(name)
        if not value:
            raise ArgumentError(f"{self.where} needs {name}")
        return value

    def number(self, name: str) -> int | None:
        """A whole number."""
        value = self._content.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise ArgumentError(f"{self.where}: {name} must be a whole number, got {value!r}")
        return value

    def texts(self, name: str) -> dict[str, str]:
        """A mapping of strings."""
        return {key: self._text(f"{name}.{key}", value) for key, value in self._mapping(name).items()}

    def lists(self, name: str) -> dict[str, tuple[str, ...]]:
        """A mapping of strings, or lists of them."""
        return {
            key: tuple(
                self._text(f"{name}.{key}", each) for each in (value if isinstance(value, list | tuple) else [value])
            )
            for key, value in self._mapping(name).items()
        }

    def entries(self, name: str) -> list[object]:
        """A list."""
        value = self._content.get(name, [])
        if not isinstance(value, list):
            raise ArgumentError(f"{self.where}: {name} must be a list, got {value!r}")
        return list(value)

    def _mapping(self, name: str) -> Mapping[str, object]:
        value = self._content.get(name) or {}
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise ArgumentError(f"{self.where}: {name} must be a mapping of strings, got {value!r}")
        return value

    def _text(self, name: str, value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise ArgumentError(f"{self.where}: {name} must be a string, got {value!r}; put it in quotes")
