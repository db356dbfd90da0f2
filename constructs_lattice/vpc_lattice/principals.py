"""With whom something is shared by AWS Resource Access Manager."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from constructs_lattice._checks import check_pattern
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

__all__ = ["Principals"]

_ACCOUNT = re.compile(r"\d{12}")
_UNIT = re.compile(r"arn:[a-z0-9-]+:organizations::\d{12}:ou/o-[a-z0-9]{10,32}/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}")
_ORGANIZATION = re.compile(r"arn:[a-z0-9-]+:organizations::\d{12}:organization/o-[a-z0-9]{10,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Principals:
    """Accounts, organizational units and an organization, in any combination.

    Those outside of the owner's own organization are invited, and have to accept; in it, sharing must be enabled in AWS
    Organizations, and needs no acceptance. VPC Lattice cannot be shared with single roles or users.

    Raises `ArgumentError` for a malformed id or ARN, for one that is there twice, and when there is nobody.
    """

    accounts: tuple[str, ...] = ()
    organizational_units: tuple[str, ...] = ()
    organization: str | None = None

    def __post_init__(self) -> None:
        """Check the ids and the ARNs."""
        for account in self.accounts:
            check_pattern("principals", "accounts", account, _ACCOUNT, "be ids of twelve digits")
        for unit in self.organizational_units:
            check_pattern("principals", "organizational_units", unit, _UNIT, "be ARNs of organizational units")
        check_pattern("principals", "organization", self.organization, _ORGANIZATION, "be the ARN of an organization")
        if not self.all:
            raise ArgumentError("principals: there is nobody to share with; give accounts, units or an organization")
        for each in self.all:
            if self.all.count(each) > 1 and not is_token(each):
                raise ArgumentError(f"principals: {each!r} is there {self.all.count(each)} times")

    @classmethod
    def of_accounts(cls, *accounts: str) -> Self:
        """Accounts, by their ids."""
        return cls(accounts=accounts)

    @classmethod
    def of_organizational_units(cls, *arns: str) -> Self:
        """All accounts of organizational units, by the ARNs of these."""
        return cls(organizational_units=arns)

    @classmethod
    def of_organization(cls, arn: str) -> Self:
        """All accounts of an organization, by its ARN, such as `arn:aws:organizations::…:organization/o-…`."""
        return cls(organization=arn)

    @property
    def all(self) -> list[str]:
        """Everybody, as AWS Resource Access Manager takes them."""
        return [*self.accounts, *self.organizational_units, *([] if self.organization is None else [self.organization])]
