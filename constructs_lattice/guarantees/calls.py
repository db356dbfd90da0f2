"""Requests to VPC Lattice services, for people who have constructs in their hands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructs_lattice.authorization import Level, Protocol
from constructs_lattice.guarantees.entries import Request
from constructs_lattice.guarantees.names import End, caller_name_of, name_of

__all__ = ["Call", "allowed", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who calls which service, with what. `source` is what calls, as the `from` of a caller is.

    Without a method or a path, it is any. Without a protocol, it is HTTPS for one request, and any for many.
    """

    source: End
    to: End
    vpc: End | None = None
    method: str | None = "GET"
    path: str | None = "/"
    headers: Mapping[str, str] | None = None
    query: Mapping[str, str | Sequence[str]] | None = None
    protocol: Protocol | None = Protocol.HTTPS
    port: int | None = None
    service_network: End | None = None
    principal_org: str | None = None
    principal_tags: Mapping[str, str] | None = None

    def __str__(self) -> str:
        """Such as `Shop/Web to Shop/Orders, GET /orders`, with everything that is not as it usually is."""
        return f"{caller_name_of(self.source)} to {name_of(self.to)}, {' '.join(self._words())}"

    def guarantee(self, id: str, expect: Mapping[str, Any], *, why: str = "") -> Request:
        """What must become of it."""
        routes = any(name in expect for name in ("routed_to", "fixed_response"))
        return Request.made(
            {
                "id": id,
                "kind": "both" if routes else "authorize",
                "caller": self._caller(),
                "request": self._request(),
                "expect": dict(expect),
                "why": why,
            },
            f"guarantee {id!r}",
        )

    def _words(self) -> Iterator[str]:
        if self.protocol is Protocol.TLS:
            yield "a connection"
        elif self.method is None and self.path is None:
            yield "any request"
        else:
            yield f"{self.method or 'any method'} {self.path or 'any path'}"
        if self._protocol not in ("https", "any") or self.port is not None:
            yield f"over {self._protocol}{'' if self.port is None else f' {self.port}'}"
        if self.vpc is not None:
            yield f"from {caller_name_of(self.vpc)}"
        if self.service_network is not None:
            yield f"through {name_of(self.service_network)}"
        pairs = [
            *(self.headers or {}).items(),
            *((f"?{key}", value) for key, value in (self.query or {}).items()),
            *((f"tag {key}", value) for key, value in (self.principal_tags or {}).items()),
            *([("organization", self.principal_org)] if self.principal_org else []),
        ]
        if pairs:
            yield "with " + ", ".join(
                f"{key}={value if isinstance(value, str) else ','.join(value)}" for key, value in pairs
            )

    @property
    def _protocol(self) -> str:
        if self.protocol is not None:
            return str(self.protocol)
        return "any" if None in (self.method, self.path) else "https"

    def _caller(self) -> dict[str, Any]:
        return {
            "from": caller_name_of(self.source),
            "vpc": None if self.vpc is None else caller_name_of(self.vpc),
            "principal_org": self.principal_org,
            "principal_tags": None if self.principal_tags is None else dict(self.principal_tags),
        }

    def _request(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "service": name_of(self.to),
            "service_network": None if self.service_network is None else name_of(self.service_network),
            "protocol": self._protocol,
            "port": self.port,
            "headers": dict(self.headers or {}),
            "query": {
                key: value if isinstance(value, str) else list(value) for key, value in (self.query or {}).items()
            },
        }
        # What is passed through has neither; that a method or a path was given is for the checker to say.
        if self.protocol is Protocol.TLS and (self.method, self.path) in ((None, None), ("GET", "/")):
            return content
        return content | {"method": self.method or "*", "path": self.path or "*"}


def allowed(routed_to: End | Mapping[End, int] | None, fixed_response: int | None) -> dict[str, Any]:
    """What to expect of a request that is let through: where it goes, if that matters."""
    expect: dict[str, Any] = {"authorized": "allow"}
    if routed_to is not None:
        shares = routed_to if isinstance(routed_to, Mapping) else {routed_to: 100}
        expect["routed_to"] = [{"target_group": name_of(end), "weight": weight} for end, weight in shares.items()]
    if fixed_response is not None:
        expect["fixed_response"] = fixed_response
    return expect


def refused(denied_by: Level | None) -> dict[str, Any]:
    """What to expect of a request that is not: which level refuses it, if that matters."""
    return {"authorized": "deny"} | ({} if denied_by is None else {"denied_by": str(Level(denied_by))})
