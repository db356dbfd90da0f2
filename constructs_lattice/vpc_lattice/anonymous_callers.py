"""Whether an auth policy lets in whom a TLS listener can know: nobody by name.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/tls-listeners.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsii
from constructs import IValidation

from constructs_lattice._construct import path_of
from constructs_lattice.vpc_lattice.permit import CONNECT

if TYPE_CHECKING:
    from constructs_lattice.vpc_lattice.auth_policy import AuthPolicy
    from constructs_lattice.vpc_lattice.service_grants import ServiceGrants

__all__ = ["AnonymousCallers"]

_CONNECTS = {CONNECT, "vpc-lattice-svcs:*", "*"}
_EVERYONE = ("*", {"AWS": "*"})


@jsii.implements(IValidation)
class AnonymousCallers:
    """Finds auth policies that let no connection through a TLS listener. Node asks at synthesis."""

    def __init__(self, policy: AuthPolicy, grants: ServiceGrants) -> None:
        self._policy = policy
        self._grants = grants

    def validate(self) -> list[str]:
        """What is wrong. A policy without statements is not: it lets everybody in, or is wrong by itself."""
        return [
            f"a TLS listener knows no callers, and the auth policy of {_holder(policy)} lets no anonymous one connect; "
            f"name VPCs by grants.connect, use Auth.none(), or allow AnyPrincipal() the action {CONNECT}"
            for policy in (self._policy, *self._grants.networks)
            if not _lets_somebody_connect(policy)
        ]


def _lets_somebody_connect(policy: AuthPolicy) -> bool:
    document = policy.document
    if document is None:
        return True
    return any(_lets_connect(statement) for statement in policy.stack.resolve(document)["Statement"])


def _lets_connect(statement: dict[str, Any]) -> bool:
    actions = statement.get("Action", [])
    return (
        statement["Effect"] == "Allow"
        and statement.get("Principal") in _EVERYONE
        and not _CONNECTS.isdisjoint([actions] if isinstance(actions, str) else actions)
    )


def _holder(policy: AuthPolicy) -> str:
    return path_of(policy).rpartition("/")[0]
