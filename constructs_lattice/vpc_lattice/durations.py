"""Durations, which VPC Lattice takes in whole seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from aws_cdk import Duration

__all__ = ["whole_seconds"]


def whole_seconds(where: object, name: str, duration: Duration | None) -> int | float | None:
    """The seconds of `duration`, a token included. Raises `ArgumentError` when they are not whole."""
    if duration is None:
        return None
    seconds = duration.to_seconds(integral=False)
    if is_token(seconds) or seconds == int(seconds):
        return seconds
    raise ArgumentError(f"{where}: {name} must be whole seconds, got {seconds}")
