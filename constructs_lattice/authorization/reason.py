"""What a decision says for itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from constructs_lattice.authorization.truth import Truth

__all__ = ["Level", "Reason", "Verdict"]


class Level(StrEnum):
    """Who refuses, in the order in which a request meets them."""

    NETWORK_ASSOCIATION = "network-association"
    SECURITY_GROUP = "security-group"
    IDENTITY = "identity"
    NETWORK = "network"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A sentence, with the id of the rule of VPC Lattice that it rests on and the resource that it is about."""

    rule: str
    resource: str
    text: str

    def __str__(self) -> str:
        """For people."""
        return f"{self.rule} {self.resource}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one level says about a request; the listener, which lets nobody in and shuts nobody out, has no level."""

    level: Level | None
    truth: Truth
    reasons: tuple[Reason, ...]
