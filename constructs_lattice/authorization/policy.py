"""Policy documents: reading them, and what they say about a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from constructs_lattice.authorization.condition import Condition
from constructs_lattice.authorization.context import RequestContext
from constructs_lattice.authorization.principals import PrincipalElement
from constructs_lattice.authorization.statement import Effect, Patterns, Statement
from constructs_lattice.authorization.truth import Truth, any_of
from constructs_lattice.model.policies import Json
from constructs_lattice.model.symbolic import Composite, Generated, SymbolicText
from constructs_lattice.model.unknown import Unknown

__all__ = ["Policy"]

_WITH_VARIABLES, _WITHOUT_VARIABLES = "2012-10-17", "2008-10-17"
_ELEMENTS = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
_EVERYTHING = Patterns(listed=("*",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy: of an identity, or, with principals, of a service network or a service."""

    name: str
    statements: tuple[Statement, ...]

    @classmethod
    def parse(cls, name: str, document: Json, *, has_principals: bool) -> Policy:
        """Read a document. What is not as IAM wants it becomes a problem of its statement, never nothing."""
        return cls(name=name, statements=tuple(_statements(name, document, has_principals=has_principals)))

    def allows(self, context: RequestContext) -> Truth:
        """Whether a statement allows a request."""
        return any_of(truth for _, truth in self.applying(Effect.ALLOW, context))

    def denies(self, context: RequestContext) -> Truth:
        """Whether a statement denies a request, explicitly."""
        return any_of(truth for _, truth in self.applying(Effect.DENY, context))

    def applying(self, effect: Effect, context: RequestContext) -> Iterator[tuple[Statement, Truth]]:
        """The statements that have, or may have, an effect, and whether they are about a request."""
        for statement in self.statements:
            if statement.effect in (effect, None):
                yield statement, statement.applies(context)


def _statements(name: str, document: Json, *, has_principals: bool) -> Iterator[Statement]:
    if not isinstance(document, dict):
        yield _unreadable(name, f"nobody knows what {name} says: {_why(document)}")
        return
    version = document.get("Version", _WITHOUT_VARIABLES)
    if version not in (_WITH_VARIABLES, _WITHOUT_VARIABLES):
        yield _unreadable(name, f"nobody knows how {name} is read: its version is {_shown(version)}")
        return
    has_variables = version == _WITH_VARIABLES
    listed = document.get("Statement", [])
    for index, content in enumerate(listed if isinstance(listed, list) else [listed]):
        where = f"statement {index} of {name}"
        if not isinstance(content, dict):
            yield _unreadable(where, f"nobody knows what {where} says: {_why(content)}")
            continue
        sid = content.get("Sid")
        if isinstance(sid, str) and sid:
            where = f"statement {sid} of {name}"
        yield _Reader(where, content, has_principals=has_principals, has_variables=has_variables).read()


def _unreadable(name: str, problem: str) -> Statement:
    return Statement(name=name, effect=None, actions=_EVERYTHING, resources=_EVERYTHING, problems=(problem,))


def _why(content: Json) -> str:
    return content.reason if isinstance(content, Unknown) else f"it must be an object, and is {content!r}"


class _Reader:
    """Reads one statement, and keeps what it finds wrong."""

    def __init__(self, where: str, content: dict[str, Json], *, has_principals: bool, has_variables: bool) -> None:
        self._where = where
        self._content = content
        self._has_principals = has_principals
        self._has_variables = has_variables
        self._problems: list[str] = []

    def read(self) -> Statement:
        """The statement."""
        for element in sorted(self._content.keys() - _ELEMENTS):
            self._wrong(f"has {element}, which is no element of a statement")
        return Statement(
            name=self._where,
            effect=self._effect(),
            actions=self._patterns("Action"),
            resources=self._patterns("Resource"),
            principals=self._principals(),
            conditions=tuple(self._conditions()),
            has_variables=self._has_variables,
            problems=tuple(self._problems),
        )

    def _wrong(self, problem: str) -> None:
        self._problems.append(f"{self._where} {problem}")

    def _effect(self) -> Effect | None:
        effect = self._content.get("Effect")
        if effect in (Effect.ALLOW, Effect.DENY):
            return Effect(effect)
        self._wrong(f"has no effect Allow or Deny, but {effect!r}")
        return None

    def _patterns(self, element: str) -> Patterns:
        """What an element lists; everything, next to the problem, if it is not as it should be."""
        negated = f"Not{element}"
        present = [name for name in (element, negated) if name in self._content]
        if len(present) != 1:
            self._wrong(f"needs either {element} or {negated}")
            return _EVERYTHING
        texts = self._texts(present[0], self._content[present[0]])
        return _EVERYTHING if texts is None else Patterns(listed=texts, is_negated=present[0] == negated)

    def _texts(self, where: str, content: Json) -> tuple[SymbolicText, ...] | None:
        """One text or a list of them; nothing, next to the problem, if it is neither."""
        found: list[SymbolicText] = []
        listed = content if isinstance(content, list) else [content]
        for each in listed:
            match each:
                case bool():
                    found.append("true" if each else "false")
                case int() | float():
                    found.append(str(each))
                case str() | Generated() | Composite() | Unknown():
                    found.append(each)
                case _:
                    self._wrong(f"has something in {where} that is no text: {each!r}")
                    return None
        if not found:
            self._wrong(f"has nothing in {where}")
            return None
        return tuple(found)

    def _principals(self) -> PrincipalElement | None:
        """Who is listed; nobody is asked for, next to the problem, if that is not as it should be."""
        present = [name for name in ("Principal", "NotPrincipal") if name in self._content]
        if not self._has_principals:
            if present:
                self._wrong(f"belongs to an identity and cannot have {present[0]}")
            return None
        if len(present) != 1:
            self._wrong("needs either Principal or NotPrincipal")
            return None
        element = present[0]
        if element == "NotPrincipal" and self._content.get("Effect") != Effect.DENY:
            self._wrong("has NotPrincipal, which only goes with Deny")
            return None
        listed = self._listed(element, self._content[element])
        return None if listed is None else PrincipalElement(listed=listed, is_negated=element == "NotPrincipal")

    def _listed(self, element: str, content: Json) -> tuple[tuple[str, SymbolicText], ...] | None:
        if content == "*":
            return (("AWS", "*"),)
        if not isinstance(content, dict):
            self._wrong(f"must have * or an object as {element}, and has {_shown(content)}")
            return None
        found: list[tuple[str, SymbolicText]] = []
        for kind, entries in content.items():
            texts = self._texts(element, entries)
            if texts is None:
                return None
            found += [(kind, text) for text in texts]
        return tuple(found)

    def _conditions(self) -> Iterator[Condition]:
        """The conditions; what is wrong with one is a problem of the statement."""
        content = self._content.get("Condition", {})
        if not isinstance(content, dict):
            self._wrong(f"has a condition that nobody knows: {_why(content)}")
            return
        for operator, keys in content.items():
            if not isinstance(keys, dict):
                self._wrong(f"has a condition {operator} that nobody knows: {_why(keys)}")
                continue
            for key, values in keys.items():
                texts = self._texts(f"the condition {key}", values)
                if texts is not None:
                    yield Condition.parse(operator, key, texts)


def _shown(content: Json) -> str:
    return content.reason if isinstance(content, Unknown) else repr(content)
