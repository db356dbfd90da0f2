"""Who calls, and from where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from constructs_lattice.authorization.fields import Fields, placed
from constructs_lattice.errors import ArgumentError

__all__ = ["ANYBODY", "ANYWHERE", "Caller", "Location", "LocationKind"]

ANYBODY = "anonymous"
"""The principal of a request that is not signed."""

ANYWHERE = "anywhere"
"""Where a caller is who counts from every VPC."""

_ONPREM = "onprem"
_PEERED = "peered:"
_ACCOUNT = re.compile(r"\d{12}")


class LocationKind(StrEnum):
    """How a client gets to the entrance of a service network."""

    VPC = "vpc"
    ONPREM = "onprem"
    PEERED = "peered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a client is: in a VPC, in one that is peered with `vpc`, or behind VPN or Direct Connect.

    `security_groups` are those of its network interface; nobody knows them if there are none.
    """

    kind: LocationKind
    vpc: str = ""
    security_groups: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As guarantees name it."""
        match self.kind:
            case LocationKind.ONPREM:
                return _ONPREM
            case LocationKind.PEERED:
                return f"{_PEERED}{self.vpc}"
            case _:
                return self.vpc


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A caller.

    `vpc` is `Stack.LogicalId`, `onprem`, or `peered:Stack.LogicalId`. `principal` is `anonymous`, the
    `Stack.LogicalId` of a role or a user, or the ARN of one outside of the templates. `principal_tags` are session
    tags, on top of those that the principal has. `source_account` owns the VPC, if the account of its stack does not.
    `security_groups` are those of its network interface, by `Stack.LogicalId`; without, nobody knows them.
    """

    vpc: str
    principal: str = ANYBODY
    principal_org: str | None = None
    principal_tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    source_account: str | None = None
    security_groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise `ArgumentError` for what cannot be."""
        if not self.vpc.removeprefix(_PEERED):
            raise ArgumentError(
                f"caller: vpc must be Stack.LogicalId, onprem, or peered:Stack.LogicalId, got {self.vpc!r}"
            )
        if self.source_account is not None and not _ACCOUNT.fullmatch(self.source_account):
            raise ArgumentError(f"caller: source_account must be 12 digits, got {self.source_account!r}")
        if self.principal == ANYBODY and (self.principal_org or self.principal_tags):
            raise ArgumentError("caller: an anonymous caller has no principal_org or principal_tags; leave them out")
        if self.security_groups and self.vpc == _ONPREM:
            raise ArgumentError("caller: a caller on premises has no security_groups; leave them out")

    @classmethod
    def parse(cls, content: object, *, where: str = "caller") -> Self:
        """Read the `caller` of a guarantee. Raises `ArgumentError`."""
        known = ("vpc", "principal", "principal_org", "principal_tags", "source_account", "security_groups")
        fields = Fields(where, content, known)
        try:
            return cls(
                vpc=fields.required("vpc"),
                principal=fields.required("principal"),
                principal_org=fields.text("principal_org"),
                principal_tags=fields.texts("principal_tags"),
                source_account=fields.text("source_account"),
                security_groups=tuple(str(each) for each in fields.entries("security_groups")),
            )
        except ArgumentError as error:
            raise placed(where, "caller", error) from None

    @property
    def location(self) -> Location:
        """Where the client is."""
        if self.vpc == _ONPREM:
            return Location(kind=LocationKind.ONPREM)
        if self.vpc.startswith(_PEERED):
            vpc = self.vpc.removeprefix(_PEERED)
            return Location(kind=LocationKind.PEERED, vpc=vpc, security_groups=self.security_groups)
        return Location(kind=LocationKind.VPC, vpc=self.vpc, security_groups=self.security_groups)

    @property
    def is_anonymous(self) -> bool:
        """Whether the request is not signed."""
        return self.principal == ANYBODY
