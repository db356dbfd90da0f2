"""The parts of a request that policies look at, and the values of each that they tell apart.

A dimension is the path, the method, a header, or a key of the query string. Policies divide its values into classes by
the patterns that they compare it with; what they say depends on the classes only.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from constructs_lattice.authorization.arn import paths_of
from constructs_lattice.authorization.condition import Condition
from constructs_lattice.authorization.context import RequestContext
from constructs_lattice.authorization.glob import Glob, literal, wildcards
from constructs_lattice.authorization.language import Language, StringClass, classes
from constructs_lattice.authorization.operators import OPERATORS
from constructs_lattice.authorization.statement import Statement
from constructs_lattice.authorization.variables import readings, variables_in
from constructs_lattice.model.symbolic import SymbolicText

__all__ = ["HEADER", "METHOD", "PATH", "QUERY", "Dimension", "Predicate", "dimensions", "dimensions_of", "opaque_keys"]

_PREFIX = "vpc-lattice-svcs:"
METHOD = "RequestMethod"
PATH = "RequestPath"
HEADER = "RequestHeader/"
QUERY = "RequestQueryString/"

_OF_PATHS = string.ascii_letters + string.digits + "-._~!$&'()*+,;=:@%/"
_OF_METHODS = string.ascii_letters + string.digits + "-_"
_OF_VALUES = string.ascii_letters + string.digits + string.punctuation + " "

_CONTENT_TYPE = f"{HEADER}content-type"
# Headers that the client does not choose, or that every request has.
_FIXED = frozenset({"host", "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"})


@dataclass(frozen=True, slots=True)
class Predicate:
    """A set of values, as policies write it."""

    label: str
    language: Language


@dataclass(frozen=True)
class Dimension:
    """A part of a request. `can_be_absent` is for headers and query keys. The path and the method are always there."""

    name: str
    predicates: tuple[Predicate, ...]

    @property
    def can_be_absent(self) -> bool:
        """Whether a request can do without."""
        return self.name.startswith((HEADER, QUERY))

    @cached_property
    def classes(self) -> Sequence[StringClass]:
        """The classes of its values. Raises `TooManyClassesError`."""
        languages = [predicate.language for predicate in self.predicates]
        if self.name == PATH:
            return classes(languages, prefix="/", alphabet=_OF_PATHS)
        if self.name == METHOD:
            return classes(languages, alphabet=_OF_METHODS, least=1)
        return classes(languages, alphabet=_OF_VALUES)

    def class_of(self, value: str) -> int:
        """The position of the class that a value is in."""
        found = self.find(value)
        if found is None:
            raise LookupError(value)
        return found

    def find(self, value: str) -> int | None:
        """The same; nothing for a value with characters that no request is looked at for."""
        members = frozenset(i for i, each in enumerate(self.predicates) if value in each.language)
        return next((i for i, each in enumerate(self.classes) if each.languages == members), None)


def opaque_keys(statements: Iterable[Statement]) -> set[str]:
    """The keys that are compared in ways that make no patterns: as numbers, dates or addresses, or as variables."""
    found = set()
    for statement in statements:
        texts = [*statement.resources.listed]
        for condition in statement.conditions:
            texts += condition.values
            if condition.operator in OPERATORS and not condition.operator.startswith("String"):
                found.add(condition.key)
        found.update(name for text in texts for name in variables_in(text))
    return {key for key in found if _part(key)}


def dimensions(statements: Sequence[Statement], context: RequestContext, arn: SymbolicText) -> list[Dimension]:
    """The parts of requests to a service that the statements look at; the method and the path come last.

    `context` is that of any request: what the variables of the policies come to.
    """
    found: dict[str, dict[Predicate, None]] = {METHOD: {}, PATH: {}}
    for statement in statements:
        for pattern in statement.resources.listed:
            found[PATH] |= dict.fromkeys(_paths(statement, pattern, context, arn))
        for condition in statement.conditions:
            part = _part(condition.key)
            if part and part.removeprefix(HEADER) not in _FIXED:
                found.setdefault(part, {}).update(dict.fromkeys(_values(statement, condition, context)))
    for name, predicates in found.items():
        if name.startswith((HEADER, QUERY)):
            # What an empty value does is a question of its own.
            predicates[_predicate(literal(""))] = None
        if name == _CONTENT_TYPE:
            predicates[_predicate(wildcards("application/grpc*"))] = None
    extras = sorted(name for name in found if name not in (PATH, METHOD))
    return [Dimension(name, tuple(found[name])) for name in (*extras, METHOD, PATH)]


def dimensions_of(statement: Statement) -> set[str]:
    """The names of the parts of a request that matter to a statement."""
    found = {part for condition in statement.conditions if (part := _part(condition.key))}
    if any(name.startswith(QUERY) for name in found):
        # gRPC calls have no query keys.
        found.add(_CONTENT_TYPE)
    return found if all(pattern == "*" for pattern in statement.resources.listed) else found | {PATH}


def _part(key: str) -> str | None:
    """The part of a request that a condition key is about, however it is written."""
    lowered = key.lower()
    if not lowered.startswith(_PREFIX):
        return None
    name = key[len(_PREFIX) :]
    for known in (METHOD, PATH):
        if name.lower() == known.lower():
            return known
    if name.lower().startswith(HEADER.lower()):
        return HEADER + name[len(HEADER) :].lower()
    if name.lower().startswith(QUERY.lower()):
        return QUERY + name[len(QUERY) :]
    return None


def _paths(
    statement: Statement, pattern: SymbolicText, context: RequestContext, arn: SymbolicText
) -> Iterator[Predicate]:
    lookup = context.__getitem__ if statement.has_variables else None
    for reading in readings(pattern, lookup, has_wildcards=True):
        if reading.pattern is not None:
            label = str(reading.pattern)
            short = label.removeprefix(str(arn)) or label
            for kind, language in paths_of(reading.pattern, arn):
                if language.start:
                    yield Predicate(f"{kind}{short}", language)


def _values(statement: Statement, condition: Condition, context: RequestContext) -> Iterator[Predicate]:
    operator = OPERATORS.get(condition.operator)
    if operator is None or not condition.operator.startswith("String"):
        return
    lookup = context.__getitem__ if statement.has_variables else None
    for text in condition.values:
        ways = readings(text, lookup, has_wildcards=operator.has_wildcards, folds_case=operator.folds_case)
        yield from (_predicate(way.pattern) for way in ways if way.pattern is not None)


def _predicate(pattern: Glob) -> Predicate:
    suffix = " in any case" if pattern.folds_case else ""
    return Predicate(f"{str(pattern) or repr('')}{suffix}", Language.of(pattern))
