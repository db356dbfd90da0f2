"""IAM policies and who they are attached to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from constructs_lattice.model.symbolic import SymbolicText
from constructs_lattice.model.unknown import Unknown

__all__ = ["Identity", "IdentityKind", "IdentityPolicy", "Json", "Tags"]

Json: TypeAlias = "bool | int | float | SymbolicText | list[Json] | dict[str, Json] | None"
"""A policy document. What is not determined is an `Unknown`, wherever it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """The tags of a resource. With a doubt, there may be others."""

    known: Mapping[str, SymbolicText] = field(default_factory=lambda: MappingProxyType({}))
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPolicy:
    """A policy of an identity: a resource, a name within one, or the ARN of a policy that is not in the templates.

    `doubt` is why nobody knows whether it is attached.
    """

    id: str
    document: Json
    doubt: Unknown | None = None


class IdentityKind(StrEnum):
    """What signs requests."""

    ROLE = "role"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A role or a user, with all that its permissions follow from.

    `root_arn` is that of its account, `session` what the ARN of a session of a role begins with.
    """

    id: str
    kind: IdentityKind
    name: SymbolicText
    arn: SymbolicText
    account: SymbolicText
    root_arn: SymbolicText
    session: SymbolicText = ""
    tags: Tags = field(default_factory=Tags)
    policies: tuple[IdentityPolicy, ...] = ()
    boundary: IdentityPolicy | None = None
    doubt: Unknown | None = None
