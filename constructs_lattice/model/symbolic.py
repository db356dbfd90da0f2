"""Strings that are known in parts: ARNs and ids of what only the deployment names.

Two such strings can still be compared. The ids of two services of the templates differ, whatever they will be; the ARN
of a service matches `arn:aws:vpc-lattice:*`; and it may or may not be an ARN that is written out somewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from constructs_lattice.model.unknown import Unknown

__all__ = ["Composite", "Generated", "Part", "SymbolicText", "compose", "parts_of"]

LOWER_CASE_AND_DIGITS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
"""What ids consist of, behind their prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """What the deployment makes up, such as the id of a service behind its `svc-`.

    Two of one kind are the same string if they have the same name, and different strings otherwise.
    """

    name: str
    kind: str
    alphabet: frozenset[str] = LOWER_CASE_AND_DIGITS
    least: int = 17
    most: int = 17

    def __str__(self) -> str:
        """In the way of `Fn::Sub`."""
        return f"${{{self.name}}}"


Part: TypeAlias = str | Generated | Unknown


@dataclass(frozen=True, slots=True)
class Composite:
    """A string in parts. Made by `compose`, which makes a plain string of what is known whole."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        """In the way of `Fn::Sub`."""
        return "".join(str(part) for part in self.parts)


SymbolicText: TypeAlias = Part | Composite


def parts_of(text: SymbolicText) -> tuple[Part, ...]:
    """The parts of a string, however it is represented."""
    match text:
        case Composite(parts=parts):
            return parts
        case "":
            return ()
        case _:
            return (text,)


def compose(pieces: Iterable[SymbolicText]) -> SymbolicText:
    """The pieces as one string, in its simplest representation: equal strings of known parts are equal values."""
    flat: list[Part] = []
    for piece in pieces:
        for part in parts_of(piece):
            if isinstance(part, str) and flat and isinstance(flat[-1], str):
                flat[-1] += part
            else:
                flat.append(part)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else Composite(tuple(flat))
