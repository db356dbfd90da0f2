"""What a caller may call, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from constructs_lattice.authorization.cover import Span, boxes, cover
from constructs_lattice.authorization.dimension import HEADER, METHOD, PATH, QUERY, Dimension
from constructs_lattice.authorization.profile import ABSENCE, Cell, Entry, Profile
from constructs_lattice.authorization.request import Protocol

__all__ = ["Permission", "permissions_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Requests that a caller may make, or, if it is not certain, of which nobody knows, for the reasons.

    No methods means all of them, no paths means all of them. A connection over TLS has neither.
    """

    principal: str
    vpcs: tuple[str, ...]
    service: str
    service_network: str
    ports: tuple[str, ...]
    methods: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    is_certain: bool = True
    reasons: tuple[str, ...] = ()

    def as_data(self) -> dict[str, object]:
        """The permission as it stands in a JSON report."""
        return {
            "principal": self.principal,
            "vpcs": list(self.vpcs),
            "service": self.service,
            "service_network": self.service_network,
            "ports": list(self.ports),
            "methods": list(self.methods),
            "paths": list(self.paths),
            "conditions": list(self.conditions),
            "authorized": "allow" if self.is_certain else "unknown",
            "reasons": list(self.reasons),
        }

    def __str__(self) -> str:
        """Such as `Shop.Web from Shop.Vpc: GET /orders/* of Shop.Orders (https 443)`."""
        what = [", ".join(self.methods) or "any method", " and ".join(self.paths) or "any path"]
        if all(port.startswith("tls") for port in self.ports):
            what = ["connections"]
        line = f"{self.principal} from {', '.join(self.vpcs)}: {' '.join(what)} of {self.service}"
        line += f" ({', '.join(self.ports)})"
        if self.conditions:
            line += f", with {' and '.join(self.conditions)}"
        if self.is_certain:
            return line
        more = f", and {len(self.reasons) - 1} more" if len(self.reasons) > 1 else ""
        return f"perhaps {line}: {self.reasons[0]}{more}"


def permissions_of(profile: Profile) -> list[Permission]:
    """The permissions in a profile, those that are certain first."""
    found = []
    for value in (True, None):
        alike: dict[tuple[tuple[object, ...], ...], list[Entry]] = {}
        for entry in profile.entries:
            if shape := _shape(entry, value):
                alike.setdefault(shape, []).append(entry)
        for entries in alike.values():
            found += [_permission(profile, entries, box, value) for box in _boxes(entries[0], value)]
    return found


_Box = tuple[frozenset[int], ...]


def _permission(
    profile: Profile,
    entries: list[Entry],
    box: _Box,
    value: bool | None,  # noqa: FBT001 - the value of a truth
) -> Permission:
    question, entry = profile.question, entries[0]
    return Permission(
        principal=question.principal.name,
        vpcs=(question.caller.vpc,),
        service=question.service.id,
        service_network=question.view.name,
        ports=tuple(each.where for each in entries),
        methods=tuple(_spans(entry, METHOD, box)),
        paths=tuple(_spans(entry, PATH, box)),
        conditions=tuple(_conditions(entry, box)),
        is_certain=value is True,
        reasons=() if value else _reasons(entry, box),
    )


def _shape(entry: Entry, value: bool | None) -> tuple[tuple[object, ...], ...]:  # noqa: FBT001 - the value of a truth
    """What makes entries alike: the cells with a value, and what these are cells of."""
    cells = tuple(sorted(cell for cell, truth in entry.truths.items() if truth.value is value))
    return (cells, tuple(each.name for each in entry.dimensions), (entry.protocol is Protocol.TLS,)) if cells else ()


def _boxes(entry: Entry, value: bool | None) -> list[_Box]:  # noqa: FBT001 - the value of a truth
    """The cells with a value in as few boxes as one of some orders of the dimensions gives."""
    cells = [cell for cell, truth in entry.truths.items() if truth.value is value]
    if not entry.dimensions:
        return boxes(cells)
    *others, path = range(len(entry.dimensions))
    orders = [[path, *others], [*others, path], [path, *reversed(others)]]
    return min((_in_order(cells, order) for order in orders), key=len)


def _in_order(cells: list[Cell], order: list[int]) -> list[_Box]:
    turned = boxes(tuple(cell[i] for i in order) for cell in cells)
    back = [order.index(i) for i in range(len(order))]
    return [tuple(box[i] for i in back) for box in turned]


def _reasons(entry: Entry, box: _Box) -> tuple[str, ...]:
    truths = [truth for cell, truth in entry.truths.items() if _is_in(cell, box)]
    return tuple(dict.fromkeys(reason for truth in truths for reason in truth.reasons))


def _is_in(cell: Cell, box: _Box) -> bool:
    return all(position in side for position, side in zip(cell, box, strict=True))


def _spans(entry: Entry, name: str, box: _Box) -> Iterator[str]:
    """The values of a dimension in words; nothing if it is all of them."""
    for dimension, side in zip(entry.dimensions, box, strict=True):
        if dimension.name == name and len(side) < len(dimension.classes):
            spans = cover(side, dimension.classes, len(dimension.predicates))
            yield from (_in_words(span, dimension) for span in spans)


def _conditions(entry: Entry, box: _Box) -> Iterator[str]:
    """The headers and the query keys in words."""
    for dimension, side in zip(entry.dimensions, box, strict=True):
        if dimension.name in (METHOD, PATH) or len(side) == len(dimension.classes) + 1:
            continue
        name = dimension.name.removeprefix(HEADER)
        name = f"?{name.removeprefix(QUERY)}" if name.startswith(QUERY) else name
        present = side - {ABSENCE}
        if not present:
            yield f"no {name}"
        elif len(side) == len(dimension.classes) and ABSENCE not in side:
            yield f"any {name}"
        else:
            spans = cover(present, dimension.classes, len(dimension.predicates))
            values = [_in_words(span, dimension) for span in spans]
            yield f"{name} {' or '.join([*values, *(['none'] if ABSENCE in side else [])])}"


def _in_words(span: Span, dimension: Dimension) -> str:
    labels = [dimension.predicates[i].label for i in span.patterns]
    exceptions = [dimension.predicates[i].label for i in span.exceptions]
    words = " that is also ".join(labels) or {METHOD: "any method", PATH: "any path"}.get(dimension.name, "anything")
    return f"{words} except {', '.join(exceptions)}" if exceptions else words
