"""Many requests at once: whether all of some are let through, and whether any is.

Policies tell only finitely many requests apart, so all of them can be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from constructs_lattice.authorization.decision import Answer, Decision
from constructs_lattice.authorization.permission import Permission, permissions_of
from constructs_lattice.authorization.profile import Entry, Profile
from constructs_lattice.authorization.reason import Reason
from constructs_lattice.authorization.request import Protocol
from constructs_lattice.errors import ArgumentError

__all__ = ["Requests", "Sweep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """All requests to a service; with a protocol, a port, a method or a path if there is one, through any network."""

    service: str
    service_network: str | None = None
    protocol: Protocol | None = None
    port: int | None = None
    method: str | None = None
    path: str | None = None

    def __post_init__(self) -> None:
        """Raise `ArgumentError` for what cannot be."""
        if self.path is not None and not self.path.startswith("/"):
            raise ArgumentError(f"request: path must begin with / or be *, got {self.path!r}")
        if self.protocol is Protocol.TLS and (self.method or self.path):
            raise ArgumentError("request: tls is passed through unread, so it cannot have a method or a path")

    def of(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """What holds for them."""
        for entry in entries:
            is_known = entry.protocol is not None
            if is_known and self.protocol not in (None, entry.protocol):
                continue
            if is_known and self.port not in (None, entry.port):
                continue
            if entry.protocol is Protocol.TLS and (self.method or self.path):
                continue
            yield entry.only(self.method, self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What a caller may send of some requests. `ways` are what holds through each service network."""

    requests: Requests
    ways: tuple[Profile, ...]

    def any_allowed(self) -> Decision:
        """Whether any request is let through, for all that is known."""
        found = self._permissions()
        certain = [each for each in found if each.is_certain]
        if certain:
            return self._decision(Answer.ALLOW, (f"lets {each} through" for each in certain))
        if found:
            return self._decision(Answer.UNKNOWN, (reason for each in found for reason in each.reasons))
        return self._decision(Answer.DENY, ("no such request is let through",))

    def all_allowed(self) -> Decision:
        """Whether all requests are let through, and there is a listener for them at all."""
        values = [[truth.value for entry in way.entries for truth in entry.truths.values()] for way in self.ways]
        if any(each and all(value is True for value in each) for each in values):
            return self._decision(Answer.ALLOW, ("all such requests are let through",))
        found = self._permissions()
        refuses = len(self.ways) == 1 and False in values[0]
        if refuses or not found:
            only = [f"lets only {each} through" for each in found if each.is_certain]
            return self._decision(Answer.DENY, only or ["not all such requests are let through"])
        reasons = [reason for each in found for reason in each.reasons]
        return self._decision(Answer.UNKNOWN, reasons or ["it takes several service networks to let all through"])

    def _permissions(self) -> list[Permission]:
        return [each for way in self.ways for each in permissions_of(way)]

    def _decision(self, answer: Answer, texts: Iterable[str]) -> Decision:
        service = self.requests.service
        return Decision(
            authorized=answer,
            reasons=tuple(Reason(rule="LAT-6", resource=service, text=text) for text in dict.fromkeys(texts)),
        )
