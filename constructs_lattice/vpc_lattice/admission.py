"""Callers that an auth policy lets in without naming them, each by a key that requests without a signature lack.

A key that is absent satisfies no `StringEquals`, but every `StringNotEquals`: none of these statements says that
somebody is *not* in an account or an organization.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Self

from aws_cdk import Aws

from constructs_lattice._checks import check_pattern
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.permit import INVOKE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Admission"]

_ACCOUNT = re.compile(r"\d{12}")
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
# A VPC that is looked up is vpc-12345 until `cdk synth` has looked.
_VPC = re.compile(r"vpc-([0-9a-f]{8}|[0-9a-f]{17}|12345)")


class _Group(Enum):
    """Whom an admission lets in."""

    OWN_ACCOUNT = auto()
    ACCOUNTS = auto()
    ORGANIZATION = auto()
    VPCS = auto()
    AUTHENTICATED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Callers who are let in: a kind of group, and which ones."""

    group: _Group
    values: tuple[str, ...] = ()

    @classmethod
    def same_account(cls) -> Self:
        """Principals of the stack's own account."""
        return cls(group=_Group.OWN_ACCOUNT)

    @classmethod
    def of_accounts(cls, ids: Sequence[str]) -> Self:
        """Principals of these accounts."""
        return cls._of(_Group.ACCOUNTS, ids, "accounts", _ACCOUNT, "be ids of twelve digits")

    @classmethod
    def of_organization(cls, id: str) -> Self:
        """Principals of an organization's accounts."""
        rule = "be o- with 10 to 32 lower-case letters and digits"
        return cls._of(_Group.ORGANIZATION, [id], "organization_id", _ORGANIZATION, rule)

    @classmethod
    def of_vpcs(cls, ids: Sequence[str]) -> Self:
        """Principals whose requests come from these VPCs."""
        return cls._of(_Group.VPCS, ids, "vpcs", _VPC, "be ids such as vpc-0123456789abcdef0")

    @classmethod
    def of_authenticated(cls) -> Self:
        """All principals: everybody who signs."""
        return cls(group=_Group.AUTHENTICATED)

    @classmethod
    def _of(cls, group: _Group, values: Sequence[str], name: str, pattern: re.Pattern[str], rule: str) -> Self:
        if not values:
            raise ArgumentError(f"auth: {name} is empty, so nobody would be let in; name one, or use Auth.deny_all()")
        for value in values:
            check_pattern("auth", name, value, pattern, rule)
        return cls(group=group, values=tuple(dict.fromkeys(values)))

    def statement(self) -> dict[str, Any]:
        """The statement of an auth policy, made anew each time."""
        return {
            "Action": INVOKE,
            "Condition": self._condition(),
            "Effect": "Allow",
            "Principal": "*",
            "Resource": "*",
        }

    def admits(self, account: str | None, own_account: str) -> bool:
        """Whether a caller is let in without being named, given its account and that of the policy.

        The own account is taken to be in the organization. Where VPCs are let in, who is in them is not asked: a caller
        that was named would be let in from anywhere.
        """
        match self.group:
            case _Group.OWN_ACCOUNT | _Group.ORGANIZATION:
                return account == own_account
            case _Group.ACCOUNTS:
                return account in self.values
            case _Group.VPCS | _Group.AUTHENTICATED:
                return True

    def _condition(self) -> dict[str, dict[str, Any]]:
        # All requests have this key; in those without a signature it is Anonymous.
        signed = {"StringNotEquals": {"aws:PrincipalType": "Anonymous"}}
        one_or_all = self.values[0] if len(self.values) == 1 else list(self.values)
        match self.group:
            case _Group.OWN_ACCOUNT:
                return {"StringEquals": {"aws:PrincipalAccount": Aws.ACCOUNT_ID}}
            case _Group.ACCOUNTS:
                return {"StringEquals": {"aws:PrincipalAccount": one_or_all}}
            case _Group.ORGANIZATION:
                return {"StringEquals": {"aws:PrincipalOrgID": one_or_all}}
            case _Group.VPCS:
                # Requests without a signature have a VPC, too.
                return {"StringEquals": {"vpc-lattice-svcs:SourceVpc": one_or_all}, **signed}
            case _Group.AUTHENTICATED:
                return signed
