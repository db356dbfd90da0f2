"""What a property of a template comes to, once everything that can be resolved is resolved.

A `Value` is plain JSON, in which three kinds of leaves stand for what a template does not say by itself:

- `Reference`: a resource of the templates, or one of its attributes, that only the deployment gives a text. Two
  references are the same thing when they are equal, wherever they are written.
- `Unknown`: something that the templates do not determine, with the reason. Never a wildcard, and never nothing; where
  an item of a list or a property is unknown because of an undecided condition, it may be that it is not there at all.
- `Text`: a string with such leaves in it, as `arn:aws:iam::${AWS::AccountId}:root` is.

Pure: nothing here knows the CDK.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from constructs_lattice.model.unknown import Unknown

__all__ = ["Reference", "ResourceId", "String", "Text", "Unknown", "Value", "joined", "referred", "unknowns"]


@dataclass(frozen=True, slots=True, order=True)
class ResourceId:
    """A resource of one deployed stack; a template that is deployed twice has two of each. Written `Shop.Web`."""

    stack: str
    logical_id: str

    def __str__(self) -> str:
        """As guarantees name it."""
        return f"{self.stack}.{self.logical_id}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A resource, or an attribute of it; no attribute is what `Ref` gives."""

    resource: ResourceId
    attribute: str = ""

    def __str__(self) -> str:
        """In the way of `Fn::Sub`."""
        return f"${{{self.resource}{'.' if self.attribute else ''}{self.attribute}}}"


@dataclass(frozen=True, slots=True)
class Text:
    """A string that is known in parts. Made by `joined`, which makes a plain string of what is known whole."""

    parts: tuple[str | Reference | Unknown, ...]

    def __str__(self) -> str:
        """In the way of `Fn::Sub`."""
        return "".join(str(part) for part in self.parts)


String: TypeAlias = "str | Reference | Unknown | Text"
"""A text, known whole, in parts, or not at all."""

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | Reference | Unknown | Text | None"


def joined(parts: Iterable[String]) -> String:
    """The parts as one string: plain if all are, the part itself if there is one, else a `Text`."""
    flat: list[str | Reference | Unknown] = []
    for part in parts:
        for each in part.parts if isinstance(part, Text) else (part,):
            if isinstance(each, str) and flat and isinstance(flat[-1], str):
                flat[-1] += each
            elif each != "":
                flat.append(each)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else Text(tuple(flat))


def unknowns(value: Value) -> Iterator[Unknown]:
    """All that is unknown in a value, however deep."""
    return (leaf for leaf in _leaves(value) if isinstance(leaf, Unknown))


def referred(value: Value) -> Iterator[ResourceId]:
    """The resources that a value refers to, however deep."""
    return (leaf.resource for leaf in _leaves(value) if isinstance(leaf, Reference))


def _leaves(value: Value) -> Iterator[Value]:
    match value:
        case Text(parts=parts):
            yield from parts
        case list():
            for item in value:
                yield from _leaves(item)
        case dict():
            for item in value.values():
                yield from _leaves(item)
        case _:
            yield value
