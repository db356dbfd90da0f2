"""HTTPRoutes: requests over HTTP and HTTPS.

https://www.gateway-api-controller.eks.aws.dev/latest/api-types/http-route/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from constructs_lattice._checks import check_count, check_pattern, check_text
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.backend import Backend, check_backends
from constructs_lattice.gateway_api.kubernetes_object import ObjectKind
from constructs_lattice.gateway_api.route import Route
from constructs_lattice.gateway_api.route_header import RouteHeader, check_headers
from constructs_lattice.vpc_lattice.protocols import ListenerProtocol

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["HttpMatch", "HttpRoute", "HttpRule", "RouteMethod"]

_MOST_RULES = 16
# What VPC Lattice and the Gateway API both take. Rules in CloudFormation would be held to 128 characters.
_LONGEST_PATH = 200
_PATH = re.compile(r"/[a-zA-Z0-9@:%_+.~&/=-]*")
_FORBIDDEN_IN_PATH = re.compile(r"//|/\.\.?(/|$)|%2[fF]|%(?![0-9a-fA-F]{2})")


class RouteMethod(StrEnum):
    """A method of HTTP. Unlike rules in CloudFormation, routes know PATCH."""

    CONNECT = "CONNECT"
    DELETE = "DELETE"
    GET = "GET"
    HEAD = "HEAD"
    OPTIONS = "OPTIONS"
    PATCH = "PATCH"
    POST = "POST"
    PUT = "PUT"
    TRACE = "TRACE"


class _PathKind(StrEnum):
    EXACT = "Exact"
    PREFIX = "PathPrefix"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMatch:
    """Which requests a rule is for: a path, a method and up to five headers, all of which must match.

    Made by `path_exact`, `path_prefix`, `method_is` or `header_is`. Paths are at most 200 characters long; upper and
    lower case differ in them. There are no regular expressions and no query parameters: VPC Lattice has neither. Raises
    `ArgumentError` beyond these limits.
    """

    path: str = "/"
    path_kind: _PathKind = _PathKind.PREFIX
    method: RouteMethod | None = None
    headers: tuple[RouteHeader, ...] = ()

    def __post_init__(self) -> None:
        """Check the limits."""
        where = "http match"
        check_text(where, "path", self.path, 1, _LONGEST_PATH)
        check_pattern(where, "path", self.path, _PATH, "begin with / and hold letters, digits and @:%_+.~&/=- only")
        if not is_token(self.path) and _FORBIDDEN_IN_PATH.search(self.path):
            raise ArgumentError(
                f"{where}: path must not hold '//', '/./', '/../', '%2F' or a bare '%', got {self.path!r}"
            )
        check_headers(where, self.headers)

    @classmethod
    def path_exact(cls, path: str, *, method: RouteMethod | None = None, headers: Sequence[RouteHeader] = ()) -> Self:
        """Requests for exactly this path."""
        return cls(path=path, path_kind=_PathKind.EXACT, method=method, headers=tuple(headers))

    @classmethod
    def path_prefix(cls, path: str, *, method: RouteMethod | None = None, headers: Sequence[RouteHeader] = ()) -> Self:
        """Requests for paths that begin like this."""
        return cls(path=path, path_kind=_PathKind.PREFIX, method=method, headers=tuple(headers))

    @classmethod
    def method_is(cls, method: RouteMethod, *, headers: Sequence[RouteHeader] = ()) -> Self:
        """Requests with this method, whatever their path."""
        return cls(method=method, headers=tuple(headers))

    @classmethod
    def header_is(cls, *headers: RouteHeader) -> Self:
        """Requests with these headers, whatever their path."""
        if not headers:
            raise ArgumentError("http match: header_is needs at least one header")
        return cls(headers=headers)

    def for_rule(self) -> dict[str, Any]:
        """The only item of a rule's `matches`: VPC Lattice has one a rule."""
        match: dict[str, Any] = {"path": {"type": str(self.path_kind), "value": self.path}}
        if self.method is not None:
            match["method"] = str(self.method)
        if self.headers:
            match["headers"] = [each.for_match() for each in self.headers]
        return match


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRule:
    """Where the requests go that match; by default, all requests match.

    There are no redirects, no rewriting of URLs and no changing of headers: the controller would ignore them.
    """

    backends: tuple[Backend, ...]
    match: HttpMatch = HttpMatch()

    def __post_init__(self) -> None:
        """Check the backends."""
        check_backends("http rule", self.backends)

    @classmethod
    def to(cls, *backends: Backend, match: HttpMatch = HttpMatch()) -> Self:
        """Forward to one to ten backends.

        Raises `ArgumentError` when there are none or too many, one is there twice, or all weights are 0.
        """
        return cls(backends=backends, match=match)

    def for_route(self) -> dict[str, Any]:
        """An item of a route's `rules`."""
        return {"matches": [self.match.for_rule()], "backendRefs": [each.for_rule() for each in self.backends]}


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoute(Route):
    """A service over HTTP or HTTPS, and its rules. The arguments besides `rules` are those of `Route`.

    - `rules`: 1 to 16, tried in this order. More than ten need a higher quota of VPC Lattice. The controller changes
      all priorities in one call, which takes five rules at most: to a longer list, add at its end only.

    Raises `ArgumentError` for two rules with the same match, of which the controller would make one.
    """

    kind: ClassVar[ObjectKind] = ObjectKind.HTTP_ROUTE
    protocols: ClassVar[tuple[ListenerProtocol, ...]] = (ListenerProtocol.HTTP, ListenerProtocol.HTTPS)

    rules: Sequence[HttpRule]

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
