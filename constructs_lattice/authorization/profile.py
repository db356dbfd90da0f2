"""What policies say about all requests of one caller to one service, as a finite table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import TypeAlias

from constructs_lattice.authorization.context import ContextValue, RequestContext, undetermined
from constructs_lattice.authorization.dimension import (
    HEADER,
    METHOD,
    PATH,
    QUERY,
    Dimension,
    dimensions,
    dimensions_of,
    opaque_keys,
)
from constructs_lattice.authorization.language import TooManyClassesError
from constructs_lattice.authorization.question import Question
from constructs_lattice.authorization.request import Protocol, Request
from constructs_lattice.authorization.statement import Statement
from constructs_lattice.authorization.truth import Truth, all_of, unknown
from constructs_lattice.model.lattice import Listener, ListenerProtocol
from constructs_lattice.model.unknown import Unknown

__all__ = ["ABSENCE", "Cell", "Entry", "Profile", "Profiles"]

ABSENCE = -1
"""The class of a header or a query key that the request does not have."""

_MOST_CELLS = 10_000
_SOURCE = "vpc-lattice-svcs:source"

Cell: TypeAlias = tuple[int, ...]
"""A class for each dimension."""

_PROTOCOLS = {
    ListenerProtocol.HTTP: Protocol.HTTP,
    ListenerProtocol.HTTPS: Protocol.HTTPS,
    ListenerProtocol.TLS_PASSTHROUGH: Protocol.TLS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What holds at one listener: `truths` by cell; one cell without dimensions where nothing more is told apart.

    `protocol` and `port` are none where nobody knows them.
    """

    where: str
    protocol: Protocol | None
    port: int | None = None
    dimensions: tuple[Dimension, ...]
    truths: Mapping[Cell, Truth]

    def of(self, request: Request) -> Truth:
        """Whether a request that arrives here is authorized. It has at most one value for each query key."""
        return self.truths[tuple(_class_in(request, dimension) for dimension in self.dimensions)]

    def only(self, method: str | None, path: str | None) -> Entry:
        """What holds for requests with this method and this path; any of them if it is none."""
        wanted = {}
        for position, dimension in enumerate(self.dimensions):
            value = {METHOD: method, PATH: path}.get(dimension.name)
            if value is None:
                continue
            if (found := dimension.find(value)) is None:
                doubt = unknown(f"what policies say of {value} is not looked at with others")
                return replace(self, dimensions=(), truths={(): doubt})
            wanted[position] = found
        truths = {
            cell: truth
            for cell, truth in self.truths.items()
            if all(cell[position] == class_ for position, class_ in wanted.items())
        }
        return replace(self, truths=truths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The entries of one caller to one service through one network."""

    question: Question
    entries: tuple[Entry, ...]


_Table: TypeAlias = tuple[tuple[Dimension, ...], Mapping[Cell, Truth]]


class Profiles:
    """Makes profiles. What policies say is looked at once, however many VPCs it is the same from."""

    def __init__(self) -> None:
        self._tables: dict[tuple[object, ...], _Table] = {}

    def of(self, question: Question) -> Profile:
        """Look at every class of requests. `question` says who calls what, through which network, from where."""
        entries = [self._entry(question, listener) for listener in question.service.listeners]
        return Profile(question=question, entries=tuple(entries))

    def _entry(self, question: Question, listener: Listener) -> Entry:
        for known in (listener.protocol, listener.port):
            if isinstance(known, Unknown):
                return Entry(where=listener.id, protocol=None, dimensions=(), truths={(): unknown(known.reason)})
        protocol = _PROTOCOLS[ListenerProtocol(str(listener.protocol))]
        port = int(str(listener.port))
        here = replace(question, request=Request(service=question.service.id, protocol=protocol, port=port))
        gates = [verdict.truth for verdict in here.connection()]
        gate = all_of([*gates, unknown(listener.doubt.reason)] if listener.doubt else gates)
        found, truths = ((), {(): gate}) if gate.is_no else self._table(here)
        return Entry(
            where=f"{protocol} {port}",
            protocol=protocol,
            port=port,
            dimensions=found,
            truths={cell: gate & truth for cell, truth in truths.items()},
        )

    def _table(self, question: Question) -> _Table:
        request = question.request
        minds_source = any(_minds_source(statement) for statement in question.statements())
        key = (
            question.principal.name,
            question.service.id,
            question.view.name,
            request.protocol,
            request.port,
            question.caller.vpc if minds_source else "",
        )
        if key not in self._tables:
            self._tables[key] = _table(question)
        return self._tables[key]


def _minds_source(statement: Statement) -> bool:
    """Whether it matters to a statement where a request comes from."""
    texts = [str(text) for text in statement.resources.listed]
    for condition in statement.conditions:
        texts += [condition.key, *(str(value) for value in condition.values)]
    return any(_SOURCE in text.lower() for text in texts)


def _table(question: Question) -> _Table:
    """What the policies say, for every cell."""
    if question.request.protocol is Protocol.TLS:
        return (), {(): _authorized(question, frozenset())}
    statements = list(question.statements())
    opaque = frozenset(opaque_keys(statements))
    context = _veiled(question.context(), opaque)
    found = tuple(dimensions(statements, context, question.service.arn))
    try:
        choices = [_classes(dimension) for dimension in found]
    except TooManyClassesError:
        choices = []
    if not choices or prod(len(each) for each in choices) > _MOST_CELLS:
        return (), {(): unknown("the policies tell too many requests apart to list them")}
    memory = _Memory(found)
    truths = {}
    for cell in product(*choices):
        memory.cell = cell
        truths[cell] = _authorized(
            replace(question, request=_example(question.request, found, cell)), opaque, memory=memory
        )
    return found, truths


class _Memory:
    """What statements say in the cells that have been looked at."""

    def __init__(self, found: Sequence[Dimension]) -> None:
        self.cell: Cell = ()
        self._names = [dimension.name for dimension in found]
        self._relevant: dict[int, list[int]] = {}
        self._known: dict[tuple[int, Cell], Truth] = {}

    def recall(self, subject: object, compute: Callable[[], Truth]) -> Truth:
        """What a statement says in this cell, or in one that does not differ in what matters to it."""
        if not isinstance(subject, Statement):
            return compute()
        if id(subject) not in self._relevant:
            names = dimensions_of(subject)
            self._relevant[id(subject)] = [i for i, name in enumerate(self._names) if name in names]
        key = (id(subject), tuple([self.cell[i] for i in self._relevant[id(subject)]]))
        if key not in self._known:
            self._known[key] = compute()
        return self._known[key]


def _authorized(question: Question, opaque: frozenset[str], *, memory: _Memory | None = None) -> Truth:
    context = replace(_veiled(question.context(), opaque), memory=memory)
    return all_of(verdict.truth for verdict in question.authorization(context))


def _veiled(context: RequestContext, opaque: frozenset[str]) -> RequestContext:
    """The context with the keys that no classes are made of unknown."""
    if not opaque:
        return context
    names = {name.lower() for name in opaque}
    keys: dict[str, ContextValue] = {key: value for key, value in context.keys.items() if key.lower() not in names}
    keys |= {name: undetermined(f"it depends on {name}, which is not only compared with patterns") for name in opaque}
    return replace(context, keys=keys)


def _classes(dimension: Dimension) -> Sequence[int]:
    positions = range(len(dimension.classes))
    return (ABSENCE, *positions) if dimension.can_be_absent else positions


def _example(request: Request, found: Sequence[Dimension], cell: Cell) -> Request:
    """A request out of a cell."""
    examples = {
        dimension.name: dimension.classes[position].example
        for dimension, position in zip(found, cell, strict=True)
        if position != ABSENCE
    }
    return replace(
        request,
        method=examples[METHOD],
        path=examples[PATH],
        headers={name.removeprefix(HEADER): value for name, value in examples.items() if name.startswith(HEADER)},
        query={name.removeprefix(QUERY): (value,) for name, value in examples.items() if name.startswith(QUERY)},
    )


def _class_in(request: Request, dimension: Dimension) -> int:
    name = dimension.name
    if name == METHOD:
        return dimension.class_of(request.method)
    if name == PATH:
        return dimension.class_of(request.path)
    if name.startswith(HEADER):
        value = request.headers.get(name.removeprefix(HEADER))
    else:
        # gRPC calls have no query keys.
        values = () if request.is_grpc else request.query.get(name.removeprefix(QUERY), ())
        value = values[0] if values else None
    return ABSENCE if value is None else dimension.class_of(value)
