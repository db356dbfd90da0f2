"""Whether an auth policy lets in whom a TLS listener can know: nobody by name.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/tls-listeners.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import Stack
from constructs import IValidation

from constructs_lattice.vpc_lattice.permit import CONNECT

if TYPE_CHECKING:
    from constructs_lattice.vpc_lattice.auth_policy import AuthPolicy

__all__ = ["AnonymousCallers"]

_CONNECTS = {CONNECT, "vpc-lattice-svcs:*", "*"}
_EVERYONE = ("*", {"AWS": "*"})


@jsii.implements(IValidation)
class AnonymousCallers:
    """Finds an auth policy that lets no connection through a TLS listener. Node asks at synthesis."""

    def __init__(self, policy: AuthPolicy) -> None:
        self._policy = policy

    def validate(self) -> list[str]:
        """What is wrong. A policy without statements is not: it lets everybody in, or is wrong by itself."""
        document = self._policy.document
        if document is None:
            return []
        statements = Stack.of(self._policy).resolve(document)["Statement"]
        if any(_lets_connect(statement) for statement in statements):
            return []
        return [
            "a TLS listener knows no callers, and the auth policy of its service lets no anonymous one connect; "
            f"use Auth.none(), or allow AnyPrincipal() the action {CONNECT}"
        ]


def _lets_connect(statement: dict[str, Any]) -> bool:
    actions = statement.get("Action", [])
    return (
        statement["Effect"] == "Allow"
        and statement.get("Principal") in _EVERYONE
        and not _CONNECTS.isdisjoint([actions] if isinstance(actions, str) else actions)
    )
