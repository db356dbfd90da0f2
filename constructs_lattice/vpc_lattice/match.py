"""Which requests a rule is for.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/listener-rules.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from constructs_lattice._checks import check_count, check_pattern, check_text
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["IN_RULES", "HeaderMatch", "Match", "MatchKind", "Method"]

# CloudFormation takes less than the service does.
_LONGEST_PATH = 128
_LONGEST_HEADER_NAME = 40
_LONGEST_HEADER_VALUE = 128
_MOST_HEADERS = 5
_PATH = re.compile(r"/[a-zA-Z0-9@:%_+.~#?&/=-]*")


class Method(StrEnum):
    """A method of HTTP. Grants take all of them; PATCH is not among those that CloudFormation takes in a rule."""

    CONNECT = "CONNECT"
    DELETE = "DELETE"
    GET = "GET"
    HEAD = "HEAD"
    OPTIONS = "OPTIONS"
    PATCH = "PATCH"
    POST = "POST"
    PUT = "PUT"
    TRACE = "TRACE"


IN_RULES = tuple(method for method in Method if method is not Method.PATCH)
"""The methods that CloudFormation takes in a rule."""


class MatchKind(StrEnum):
    """How a text is compared."""

    EXACT = "exact"
    PREFIX = "prefix"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderMatch:
    """A condition on a header, made by `exact`, `prefix` or `contains`.

    Names are at most 40 characters long, values 1 to 128. Upper and lower case are the same in values unless
    `case_sensitive` is set; in names they always are. Raises `ArgumentError` beyond these limits.
    """

    name: str
    kind: MatchKind
    value: str
    case_sensitive: bool

    def __post_init__(self) -> None:
        """Check the lengths."""
        check_text("header match", "name", self.name, 1, _LONGEST_HEADER_NAME)
        check_text(f"header match {self.name!r}", "value", self.value, 1, _LONGEST_HEADER_VALUE)

    @classmethod
    def exact(cls, name: str, value: str, *, case_sensitive: bool = False) -> Self:
        """The header has exactly this value."""
        return cls(name=name, kind=MatchKind.EXACT, value=value, case_sensitive=case_sensitive)

    @classmethod
    def prefix(cls, name: str, value: str, *, case_sensitive: bool = False) -> Self:
        """The header's value begins like this."""
        return cls(name=name, kind=MatchKind.PREFIX, value=value, case_sensitive=case_sensitive)

    @classmethod
    def contains(cls, name: str, value: str, *, case_sensitive: bool = False) -> Self:
        """The header's value has this in it."""
        return cls(name=name, kind=MatchKind.CONTAINS, value=value, case_sensitive=case_sensitive)

    def rendered(self) -> dict[str, Any]:
        """The condition as CloudFormation takes it."""
        return {"name": self.name, "caseSensitive": self.case_sensitive, "match": {self.kind.value: self.value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which requests a rule is for: a path, a method and up to five headers, all of which must match.

    Made by `path_exact`, `path_prefix`, `method_is` or `header_is`. Paths are at most 128 characters long and begin
    with a slash; upper and lower case differ in them unless `case_sensitive` is switched off. Raises `ArgumentError`
    beyond these limits.
    """

    path: str | None = None
    path_kind: MatchKind = MatchKind.PREFIX
    case_sensitive: bool = True
    method: Method | None = None
    headers: tuple[HeaderMatch, ...] = ()

    def __post_init__(self) -> None:
        """Check the limits, and that there is a condition at all."""
        if self.path is None and self.method is None and not self.headers:
            raise ArgumentError("match: there must be a path, a method or a header, got none of them")
        check_text("match", "path", self.path, 1, _LONGEST_PATH)
        check_pattern("match", "path", self.path, _PATH, "begin with / and hold the characters of a URL only")
        check_count("match", "headers", len(self.headers), 0, _MOST_HEADERS)
        if self.method is not None and not any(self.method is method for method in IN_RULES):
            raise ArgumentError(
                f"match: method must be one of {', '.join(IN_RULES)}, which CloudFormation takes, got "
                f"{str(self.method)!r}; match a path or a header instead"
            )

    @classmethod
    def path_exact(
        cls,
        path: str,
        *,
        method: Method | None = None,
        headers: Sequence[HeaderMatch] = (),
        case_sensitive: bool = True,
    ) -> Self:
        """Requests for exactly this path."""
        return cls(
            path=path, path_kind=MatchKind.EXACT, case_sensitive=case_sensitive, method=method, headers=tuple(headers)
        )

    @classmethod
    def path_prefix(
        cls,
        path: str,
        *,
        method: Method | None = None,
        headers: Sequence[HeaderMatch] = (),
        case_sensitive: bool = True,
    ) -> Self:
        """Requests for paths that begin like this."""
        return cls(
            path=path, path_kind=MatchKind.PREFIX, case_sensitive=case_sensitive, method=method, headers=tuple(headers)
        )

    @classmethod
    def method_is(cls, method: Method, *, headers: Sequence[HeaderMatch] = ()) -> Self:
        """Requests with this method, whatever their path."""
        return cls(method=method, headers=tuple(headers))

    @classmethod
    def header_is(cls, *headers: HeaderMatch) -> Self:
        """Requests with these headers, whatever their path."""
        if not headers:
            raise ArgumentError("match: header_is needs at least one header")
        return cls(headers=headers)

    def rendered(self) -> dict[str, Any]:
        """The condition as CloudFormation takes it. Whether case counts is always said: the defaults disagree."""
        http: dict[str, Any] = {}
        if self.method is not None:
            http["method"] = self.method.value
        if self.path is not None:
            http["pathMatch"] = {"caseSensitive": self.case_sensitive, "match": {self.path_kind.value: self.path}}
        if self.headers:
            http["headerMatches"] = [header.rendered() for header in self.headers]
        return {"httpMatch": http}
