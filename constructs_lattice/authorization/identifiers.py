"""Whether two identifiers name the same thing.

An ARN and an id are of the same thing if the ARN ends with the id, as in `arn:…:service/svc-0123456789abcdef0`.
"""

from __future__ import annotations

from functools import lru_cache

from constructs_lattice.authorization.glob import literal
from constructs_lattice.authorization.truth import YES, Truth, any_of
from constructs_lattice.model.lattice import Named
from constructs_lattice.model.symbolic import SymbolicText

__all__ = ["are_same", "is_identifier_of"]


def is_identifier_of(identifier: SymbolicText, thing: Named) -> Truth:
    """Whether an identifier is the ARN or the id of a thing of the templates."""
    return any_of((_equal(identifier, thing.arn), _equal(identifier, thing.physical_id)))


def are_same(one: SymbolicText, other: SymbolicText) -> Truth:
    """Whether two identifiers of things outside of the templates name the same."""
    if (found := _equal(one, other)).is_yes:
        return found
    for whole, end in ((one, other), (other, one)):
        if isinstance(whole, str) and isinstance(end, str) and whole.endswith(f"/{end}"):
            return YES
    return found


@lru_cache(maxsize=65_536)
def _equal(one: SymbolicText, other: SymbolicText) -> Truth:
    return literal(one).covers(other)
