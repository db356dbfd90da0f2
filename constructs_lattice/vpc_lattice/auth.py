"""Who may call: the auth type of a service network or a service, together with its auth policy.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

import jsii
from aws_cdk import Aws, Stack
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.aws_iam import AnyPrincipal, PolicyDocument, PolicyStatement
from constructs import Construct, IValidation

from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Auth", "AuthPolicy", "AuthType"]

INVOKE = "vpc-lattice-svcs:Invoke"
"""The action of a request over HTTP or HTTPS."""

# A quota that AWS does not raise, counted over the rendered JSON.
_MOST_BYTES = 10 * 1024


class AuthType(StrEnum):
    """Whether callers are asked who they are."""

    NONE = "NONE"
    AWS_IAM = "AWS_IAM"


class _Stance(StrEnum):
    """What an auth policy without statements means."""

    OVERSIGHT = "oversight"
    DENY_ALL = "deny all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """Who may call a service, or anything in a service network.

    A request has to pass the network *and* the service, each by its own `Auth`; a caller that signs its requests must
    also be allowed to by its identity policy.
    """

    type: AuthType
    statements: tuple[PolicyStatement, ...] = ()
    stance: _Stance = _Stance.OVERSIGHT
    own_account: bool = False

    @classmethod
    def none(cls) -> Self:
        """Everyone, without asking: this level lets every request through."""
        return cls(type=AuthType.NONE)

    @classmethod
    def same_account(cls, *statements: PolicyStatement) -> Self:
        """Signed requests of principals of the stack's own account, and what `statements` say besides."""
        return cls(type=AuthType.AWS_IAM, statements=statements, own_account=True)

    @classmethod
    def iam(cls, *statements: PolicyStatement) -> Self:
        """What the statements say, and those that are added later; an error when there are none at all.

        The resource of a statement is the service with a path, `<service ARN>/*`, or simply `*`. A service's bare ARN
        matches no request over HTTP.
        """
        return cls(type=AuthType.AWS_IAM, statements=statements)

    @classmethod
    def deny_all(cls) -> Self:
        """Nobody, until statements are added."""
        return cls(type=AuthType.AWS_IAM, stance=_Stance.DENY_ALL)

    def all_statements(self) -> list[PolicyStatement]:
        """The statements, the one for the own account first; new objects for what is made here."""
        if not self.own_account:
            return list(self.statements)
        own = PolicyStatement(
            actions=[INVOKE],
            resources=["*"],
            principals=[AnyPrincipal()],
            # An unsigned request has no account: it does not match.
            conditions={"StringEquals": {"aws:PrincipalAccount": Aws.ACCOUNT_ID}},
        )
        return [own, *self.statements]


@jsii.implements(IValidation)
class AuthPolicy(LatticeConstruct):
    """The auth policy of one service network or service. There is one at most; it grows with what is added."""

    def __init__(self, scope: Construct, id: str, *, resource_identifier: str, auth: Auth) -> None:
        super().__init__(scope, id)
        self._auth = auth
        self._document: PolicyDocument | None = None
        self._identifier = resource_identifier
        if statements := auth.all_statements():
            self._write(statements)
        if auth.type is AuthType.AWS_IAM:
            self.node.add_validation(self)

    @property
    def document(self) -> PolicyDocument | None:
        """The policy; none as long as there are no statements."""
        return self._document

    def add(self, statement: PolicyStatement) -> None:
        """Add a statement. Raises `ArgumentError` when nobody is asked who they are: it would have no effect."""
        if self._auth.type is AuthType.NONE:
            raise ArgumentError(
                f"{self.node.scope.node.path if self.node.scope else self.node.path}: a statement has no effect with "
                "Auth.none(); use Auth.iam()"
            )
        if self._document is None:
            self._write([statement])
        else:
            self._document.add_statements(statement)

    def validate(self) -> list[str]:
        """What is wrong with the policy as a whole; Node asks at synthesis."""
        if self._document is None:
            if self._auth.stance is _Stance.DENY_ALL:
                return []
            return ["Auth.iam() without any statement denies everybody; add one, or say Auth.deny_all()"]
        rendered = json.dumps(Stack.of(self).resolve(self._document), separators=(",", ":"))
        if (size := len(rendered.encode())) > _MOST_BYTES:
            return [
                f"the auth policy has {size:,} bytes, {_MOST_BYTES:,} is the most; merge statements or use wildcards"
            ]
        # A statement without a principal, an action or a resource fails at deployment only.
        return self._document.validate_for_resource_policy()

    def _write(self, statements: Sequence[PolicyStatement]) -> None:
        self._document = PolicyDocument(statements=list(statements))
        vpclattice.CfnAuthPolicy(self, "Resource", policy=self._document, resource_identifier=self._identifier)
