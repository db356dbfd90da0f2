"""Which requests somebody may send, in the words of a policy: a part of a statement that says nothing of who.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from aws_cdk import Tokenization

from constructs_lattice._checks import check_pattern
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.match import HeaderMatch, Match, MatchKind, Method
from constructs_lattice.vpc_lattice.policy_text import has_wildcard, literal, literal_in_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["CONNECT", "EVERY_PATH", "INVOKE", "Condition", "Permit", "covers"]

INVOKE = "vpc-lattice-svcs:Invoke"
"""The action of a request over HTTP or HTTPS."""

CONNECT = "vpc-lattice-svcs:Connect"
"""The action of a connection through a TLS listener."""

EVERY_PATH = "/*"
"""What follows the ARN of a service when any path is meant; the bare ARN matches no request over HTTP."""

# Wildcards are read, variables of policies are not.
_PATH = re.compile(r"/[A-Za-z0-9@:%_+.~&/=*?!'(),;-]*")
_QUERY_KEY = re.compile(r"[^*?$\s&=]+")
_KEY = "vpc-lattice-svcs:"

Condition = tuple[str, str, tuple[Any, ...]]
"""The operator, the key and the values, one of which has to match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """Requests: an action on paths, by methods, under conditions.

    No methods are all methods. Each condition has to be met.
    """

    action: str = INVOKE
    paths: tuple[str, ...] = (EVERY_PATH,)
    methods: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @classmethod
    def of(
        cls,
        where: object,
        *,
        methods: Sequence[Method] | None,
        paths: Sequence[str] | None,
        headers: Sequence[HeaderMatch],
        query: Mapping[str, str | Sequence[str]],
    ) -> Self:
        """What the arguments of a grant say. Raises `ArgumentError` when a policy cannot say that."""
        for name, values in (("methods", methods), ("paths", paths)):
            if values is not None and not values:
                raise ArgumentError(f"{where}: {name} is empty, so nothing would be allowed; leave it out for all")
        for method in methods or ():
            if not isinstance(method, Method):
                raise ArgumentError(f"{where}: methods must be out of {', '.join(Method)}, got {method!r}")
        for path in paths or ():
            check_pattern(
                where, "paths", path, _PATH, "begin with / and hold the characters of a path, * and ? as wildcards"
            )
        conditions = [_of_header(where, header) for header in headers]
        for key, values in query.items():
            conditions += _of_query(where, key, values)
        return cls(
            paths=_without_covered(paths or (EVERY_PATH,)),
            methods=tuple(sorted({str(method) for method in methods or ()})),
            conditions=_all_of(where, conditions),
        )

    @classmethod
    def of_match(cls, where: object, match: Match, port: int | None) -> Self:
        """The requests that a rule is for, on the port of its listener.

        Raises `ArgumentError` when a policy cannot say that: it compares patterns with regard to case only.
        """
        conditions = [_of_header(where, header) for header in match.headers]
        path = EVERY_PATH
        if match.path is not None:
            exact, cased = match.path_kind is MatchKind.EXACT, match.path.lower() != match.path.upper()
            if match.case_sensitive or not cased or is_token(match.path):
                path = literal_in_pattern(match.path) + ("" if exact else "*")
            elif exact:
                conditions.append(("StringEqualsIgnoreCase", f"{_KEY}RequestPath", (literal(match.path),)))
            else:
                raise ArgumentError(
                    f"{where}: a policy cannot compare the beginning of a path without regard to case, got "
                    f"{match.path!r}; let case count in the match, or use grants.invoke with wider paths"
                )
        if port is not None:
            conditions.append(("NumericEquals", f"{_KEY}Port", (_in_digits(port),)))
        methods = () if match.method is None else (str(match.method),)
        return cls(paths=(path,), methods=methods, conditions=_all_of(where, conditions))

    def under(self, where: object, conditions: Sequence[Condition]) -> Permit:
        """The same requests, when these conditions are met besides."""
        return Permit(
            action=self.action,
            paths=self.paths,
            methods=self.methods,
            conditions=_all_of(where, [*self.conditions, *conditions]),
        )

    def resources(self, service_arn: str) -> list[str]:
        """What is allowed, as the `Resource` of a statement."""
        return [f"{service_arn}{path}" for path in self.paths]

    def all_conditions(self) -> dict[str, dict[str, Any]]:
        """The `Condition` of a statement, that of the methods included; empty when there is none."""
        found: dict[str, dict[str, Any]] = {}
        own: list[Condition] = [("StringEquals", f"{_KEY}RequestMethod", self.methods)] if self.methods else []
        for operator, key, values in (*own, *self.conditions):
            found.setdefault(operator, {})[key] = values[0] if len(values) == 1 else list(values)
        return found


def _in_digits(number: int) -> str:
    return Tokenization.stringify_number(number) if is_token(number) else str(number)


def _check_written(where: object, name: str, value: str) -> None:
    """Raise `ArgumentError` for a part of a key that only the deployment knows: CloudFormation has keys in writing."""
    if is_token(value):
        raise ArgumentError(f"{where}: {name} must be in writing, since it is part of a key of the policy, got a token")


def _of_header(where: object, header: HeaderMatch) -> Condition:
    _check_written(where, "the name of a header", header.name)
    # Names are compared without regard to case in rules, and with regard to it in policies; HTTP/2 sends lower case.
    key = f"{_KEY}RequestHeader/{header.name.lower()}"
    cased = header.value.lower() != header.value.upper()
    if header.kind is MatchKind.EXACT:
        operator = "StringEquals" if header.case_sensitive or not cased else "StringEqualsIgnoreCase"
        return operator, key, (literal(header.value),)
    if cased and not header.case_sensitive:
        raise ArgumentError(
            f"{where}: a policy cannot compare a part of header {header.name!r} without regard to case, got "
            f"{header.value!r}; say case_sensitive=True, or compare the whole value"
        )
    before = "*" if header.kind is MatchKind.CONTAINS else ""
    return "StringLike", key, (f"{before}{literal_in_pattern(header.value)}*",)


def _of_query(where: object, key: str, values: str | Sequence[str]) -> list[Condition]:
    _check_written(where, "a key of query", key)
    check_pattern(where, "query", key, _QUERY_KEY, "have keys without wildcards, blanks, $, & and =")
    values = [values] if isinstance(values, str) else values
    if not values:
        raise ArgumentError(f"{where}: query has no values for {key!r}; give it one, or '*' for any")
    # A key has several values when it is there several times, and a service may heed any of them: all of them have to
    # match. Since all of none do, and nothing is said of an empty one, one of them has to match besides.
    operator = "StringLike" if any(has_wildcard(value) for value in values) else "StringEquals"
    name, meant = f"{_KEY}RequestQueryString/{key}", tuple(sorted({literal(value) for value in values}))
    return [(f"{every}:{operator}", name, meant) for every in ("ForAllValues", "ForAnyValue")]


def _all_of(where: object, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions in order. Of two values for one key, a policy asks for either, never for both."""
    found: dict[tuple[str, str], Condition] = {}
    for condition in conditions:
        operator, key, values = condition
        if found.setdefault((operator, key), condition)[2] != values:
            raise ArgumentError(
                f"{where}: a policy cannot ask for two things of {key} at once by {operator}, got "
                f"{found[operator, key][2][0]!r} and {values[0]!r}; leave one of them out"
            )
    return tuple(found[each] for each in sorted(found))


def _without_covered(paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(path for path in set(paths) if not any(covers(other, path) for other in set(paths) - {path})))


def covers(wide: str, narrow: str) -> bool:
    """Whether a path pattern certainly matches all that another one does."""
    beginning = wide[:-1]
    return wide == narrow or (wide.endswith("*") and not has_wildcard(beginning) and narrow.startswith(beginning))
