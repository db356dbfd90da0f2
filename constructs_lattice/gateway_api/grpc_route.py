"""GRPCRoutes: calls over gRPC.

https://www.gateway-api-controller.eks.aws.dev/latest/api-types/grpc-route/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from constructs_lattice._checks import check_count, check_pattern, check_text
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.backend import Backend, check_backends
from constructs_lattice.gateway_api.kubernetes_object import ObjectKind
from constructs_lattice.gateway_api.route import Route
from constructs_lattice.gateway_api.route_header import RouteHeader, check_headers
from constructs_lattice.vpc_lattice.protocols import ListenerProtocol

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GrpcMatch", "GrpcRoute", "GrpcRule"]

_MOST_RULES = 16
_LONGEST_PATH = 200
_SERVICE = re.compile(r"[A-Za-z_][A-Za-z_0-9]*(\.[A-Za-z_][A-Za-z_0-9]*)*")
_METHOD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class GrpcMatch:
    """Which calls a rule is for: a service, perhaps a method of it, and up to five headers.

    - `service`: with its package, such as `helloworld.Greeter`. It cannot be left out: the controller fails on matches
      of headers alone, and VPC Lattice could not match a method alone.
    - `method`: such as `SayHello`; every method of the service by default.

    Raises `ArgumentError` for names that gRPC does not have.
    """

    service: str
    method: str | None = None
    headers: tuple[RouteHeader, ...] = ()

    def __post_init__(self) -> None:
        """Check the names and the headers."""
        where = "grpc match"
        check_pattern(where, "service", self.service, _SERVICE, "be the name of a gRPC service with its package")
        check_pattern(where, "method", self.method, _METHOD, "be the name of a gRPC method")
        # VPC Lattice matches the path that gRPC makes of both.
        check_text(where, "path", f"/{self.service}/{self.method or ''}", 1, _LONGEST_PATH)
        check_headers(where, self.headers)

    @classmethod
    def of(cls, service: str, method: str | None = None, *, headers: Sequence[RouteHeader] = ()) -> Self:
        """Calls of a service, or of one method of it."""
        return cls(service=service, method=method, headers=tuple(headers))

    def for_rule(self) -> dict[str, Any]:
        """The only item of a rule's `matches`: VPC Lattice has one a rule."""
        method = {"type": "Exact", "service": self.service}
        if self.method is not None:
            method["method"] = self.method
        match: dict[str, Any] = {"method": method}
        if self.headers:
            match["headers"] = [each.for_match() for each in self.headers]
        return match


@dataclass(frozen=True, slots=True, kw_only=True)
class GrpcRule:
    """Where the calls go that match; without a match, all calls."""

    backends: tuple[Backend, ...]
    match: GrpcMatch | None = None

    def __post_init__(self) -> None:
        """Check the backends."""
        check_backends("grpc rule", self.backends)

    @classmethod
    def to(cls, *backends: Backend, match: GrpcMatch | None = None) -> Self:
        """Forward to one to ten backends.

        Raises `ArgumentError` when there are none or too many, one is there twice, or all weights are 0.
        """
        return cls(backends=backends, match=match)

    def for_route(self) -> dict[str, Any]:
        """An item of a route's `rules`."""
        rule: dict[str, Any] = {} if self.match is None else {"matches": [self.match.for_rule()]}
        return {**rule, "backendRefs": [each.for_rule() for each in self.backends]}


@dataclass(frozen=True, slots=True, kw_only=True)
class GrpcRoute(Route):
    """A service over gRPC, on an HTTPS listener, and its rules. The arguments besides `rules` are those of `Route`.

    - `rules`: 1 to 16, tried in this order; what `HttpRoute` says of their number holds here.

    Raises `ArgumentError` for two rules with the same match, of which the controller would make one.
    """

    kind: ClassVar[ObjectKind] = ObjectKind.GRPC_ROUTE
    protocols: ClassVar[tuple[ListenerProtocol, ...]] = (ListenerProtocol.HTTPS,)

    rules: Sequence[GrpcRule]

    def __post_init__(self) -> None:
        """Check the rules, and what is common to routes."""
        Route.__post_init__(self)
        object.__setattr__(self, "rules", tuple(self.rules))
        check_count(self.where, "rules", len(self.rules), 1, _MOST_RULES)
        if len({each.match for each in self.rules}) < len(self.rules):
            raise ArgumentError(f"{self.where}: two rules have the same match; put their backends into one")

    @property
    def backends(self) -> Sequence[Backend]:
        """The backends of all rules."""
        return [backend for rule in self.rules for backend in rule.backends]

    def _rules(self) -> list[dict[str, Any]]:
        return [each.for_route() for each in self.rules]
