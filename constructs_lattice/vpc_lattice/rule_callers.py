"""Who may send what a rule is for: one declaration says where requests go and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.auth import AuthType
from constructs_lattice.vpc_lattice.permit import Permit
from constructs_lattice.vpc_lattice.service_grants import ServiceGrants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs_lattice.vpc_lattice.caller import Caller, Grantee
    from constructs_lattice.vpc_lattice.listener import ListenerBase
    from constructs_lattice.vpc_lattice.match import Match

__all__ = ["RuleCallers"]


@dataclass(frozen=True, slots=True)
class RuleCallers:
    """The callers of a rule, and what they are permitted; nothing where there are none."""

    grantees: tuple[Grantee, ...] = ()
    grants: ServiceGrants | None = None
    requests: Permit | None = None

    @classmethod
    def of(cls, where: object, listener: ListenerBase, match: Match, grantees: Sequence[Grantee]) -> Self:
        """Those that a rule allows. Raises `ArgumentError` where that would not hold, or cannot be said in a policy."""
        if not grantees:
            return cls()
        service = getattr(listener, "service", None)
        grants, policy = getattr(service, "grants", None), getattr(service, "auth_policy", None)
        if not isinstance(grants, ServiceGrants) or policy is None:
            raise ArgumentError(
                f"{where}: allow writes the auth policy of the service, which is not a Service of this app; "
                "let its owner allow it"
            )
        if policy.auth.type is AuthType.NONE:
            raise ArgumentError(
                f"{where}: allow has no effect, since the service has Auth.none() and asks nobody; give it Auth.iam()"
            )
        return cls(tuple(grantees), grants, Permit.of_match(where, match, getattr(listener, "port", None)))

    def permit(self, where: object) -> list[Caller]:
        """Write it into the policies. Returns whom they let send it."""
        if self.grants is None or self.requests is None:
            return []
        return self.grants.permit(where, self.grantees, self.requests)
