"""Who may call: the auth type of a service network or a service, and what its auth policy says from the beginning.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from aws_cdk.aws_iam import PolicyStatement

from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.admission import Admission
from constructs_lattice.vpc_lattice.permit import INVOKE

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

__all__ = ["INVOKE", "Auth", "AuthType"]


class AuthType(StrEnum):
    """Whether callers are asked who they are."""

    NONE = "NONE"
    AWS_IAM = "AWS_IAM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """Who may call a service, or anything in a service network.

    A request has to pass the network *and* the service, each by its own `Auth`; a caller that signs its requests must
    also be allowed to by its identity policy. Grants, such as `service.grants.invoke`, write into all three.
    """

    type: AuthType
    statements: tuple[PolicyStatement, ...] = ()
    admission: Admission | None = None
    denies_all: bool = False

    def __post_init__(self) -> None:
        """Check that nothing is said where nobody is asked."""
        if self.type is AuthType.NONE and (self.statements or self.admission or self.denies_all):
            raise ArgumentError("auth: a statement has no effect where nobody is asked; use Auth.iam()")

    @classmethod
    def none(cls) -> Self:
        """Everyone, without asking: this level lets every request through."""
        return cls(type=AuthType.NONE)

    @classmethod
    def same_account(cls, *statements: PolicyStatement) -> Self:
        """Signed requests of principals of the stack's own account, and what `statements` say besides."""
        return cls(type=AuthType.AWS_IAM, statements=statements, admission=Admission.same_account())

    @classmethod
    def accounts(cls, *account_ids: str) -> Self:
        """Signed requests of principals of these accounts, by their ids of twelve digits."""
        return cls(type=AuthType.AWS_IAM, admission=Admission.of_accounts(account_ids))

    @classmethod
    def organization(cls, organization_id: str) -> Self:
        """Signed requests of principals of all accounts of an organization, by its id, such as `o-a1b2c3d4e5`."""
        return cls(type=AuthType.AWS_IAM, admission=Admission.of_organization(organization_id))

    @classmethod
    def vpcs(cls, *vpcs: ec2.IVpc | str) -> Self:
        """Signed requests of any principal that come from one of these VPCs."""
        ids = [vpc if isinstance(vpc, str) else vpc.vpc_id for vpc in vpcs]
        return cls(type=AuthType.AWS_IAM, admission=Admission.of_vpcs(ids))

    @classmethod
    def authenticated(cls) -> Self:
        """Signed requests of any principal, whatever its account: their identity policies decide alone."""
        return cls(type=AuthType.AWS_IAM, admission=Admission.of_authenticated())

    @classmethod
    def iam(cls, *statements: PolicyStatement) -> Self:
        """What the statements say, and what is granted later; an error when there is nothing at all.

        The resource of a statement is the service with a path, `<service ARN>/*`, or simply `*`. A service's bare ARN
        matches no request over HTTP.
        """
        return cls(type=AuthType.AWS_IAM, statements=statements)

    @classmethod
    def deny_all(cls) -> Self:
        """Nobody, until something is granted."""
        return cls(type=AuthType.AWS_IAM, denies_all=True)

    def all_statements(self) -> list[PolicyStatement]:
        """What the policy says from the beginning; new objects for what is made here."""
        admitted = [] if self.admission is None else [PolicyStatement.from_json(self.admission.statement())]
        return [*admitted, *self.statements]
