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
    """Who calls which service, with what. `source` is what calls, as the `from` of a caller is."""

    source: End
    to: End
    vpc: End | None = None
    method: str = "GET"
    path: str = "/"
    headers: Mapping[str, str] | None = None
    query: Mapping[str, str | Sequence[str]] | None = None
    protocol: Protocol = Protocol.HTTPS
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
        return Request.model_validate(
            {
                "id": id,
                "kind": "both" if routes else "authorize",
                "caller": self._caller(),
                "request": self._request(),
                "expect": dict(expect),
                "why": why,
            }
        )

    def _words(self) -> Iterator[str]:
        yield "a connection" if self.protocol is Protocol.TLS else f"{self.method} {self.path}"
        if self.protocol is not Protocol.HTTPS or self.port is not None:
            yield f"over {self.protocol}{'' if self.port is None else f' {self.port}'}"
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
            "protocol": str(self.protocol),
            "port": self.port,
            "headers": dict(self.headers or {}),
            "query": {
                key: value if isinstance(value, str) else list(value) for key, value in (self.query or {}).items()
            },
        }
        # What is passed through has neither; that a method or a path was given is for the checker to say.
        said = {"method": self.method, "path": self.path}
        usual = {"method": "GET", "path": "/"}
        return content | (said if self.protocol is not Protocol.TLS or said != usual else {})


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
