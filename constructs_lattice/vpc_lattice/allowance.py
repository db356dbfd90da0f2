"""Who may send which requests, in as few statements as say it: an auth policy has 10 KB.

Merging is exact: what comes out allows what went in, to the same callers, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from constructs_lattice.vpc_lattice.permit import Permit, covers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Allowance", "Name", "merged"]

_EQUAL = {"StringEquals", "StringEqualsIgnoreCase", "StringLike", "NumericEquals", "ArnEquals", "ArnLike"}

Name = tuple[str, str]
"""The kind of a principal and its name, such as `("AWS", "arn:aws:iam::111111111111:role/web")`."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Callers, in the order in which they came, who may send the requests of a permit.

    They may send them to the service with that ARN, or else to whatever the policy is asked about.
    """

    names: tuple[Name, ...]
    permit: Permit
    service: str | None = None

    def statement(self) -> dict[str, Any]:
        """The statement of an auth policy, written as the CDK writes them."""
        kinds: dict[str, list[str]] = {}
        for kind, name in self.names:
            kinds.setdefault(kind, []).append(name)
        everybody = "*" in kinds.get("AWS", ())
        conditions = self.permit.all_conditions()
        return {
            "Action": self.permit.action,
            **({"Condition": conditions} if conditions else {}),
            "Effect": "Allow",
            "Principal": "*" if everybody else {kind: _one_or_all(names) for kind, names in kinds.items()},
            "Resource": "*" if self.service is None else _one_or_all(self.permit.resources(self.service)),
        }


def merged(allowances: Iterable[Allowance]) -> list[Allowance]:
    """The same permissions in fewer statements."""
    found = list(dict.fromkeys(allowances))
    while True:
        before = len(found)
        for dimension in (_by_names, _by_paths, _by_methods, *_by_values(found)):
            found = _united(found, dimension)
        found = _without_contained(found)
        if len(found) == before:
            return found


def _by_names(one: Allowance) -> tuple[Any, ...]:
    return (one.service, one.permit)


def _by_paths(one: Allowance) -> tuple[Any, ...]:
    return (one.service, frozenset(one.names), one.permit.action, one.permit.methods, one.permit.conditions)


def _by_methods(one: Allowance) -> tuple[Any, ...]:
    return (one.service, frozenset(one.names), one.permit.action, one.permit.paths, one.permit.conditions)


def _by_values(allowances: list[Allowance]) -> list[Callable[[Allowance], tuple[Any, ...]]]:
    """For each key that conditions are about: what has to be the same besides its values, one of which has to match."""
    keys = dict.fromkeys(
        condition[:2] for each in allowances for condition in each.permit.conditions if _takes_any(condition[0])
    )

    def but_for(key: tuple[str, str]) -> Callable[[Allowance], tuple[Any, ...]]:
        return lambda one: (
            one.service,
            frozenset(one.names),
            replace(one.permit, conditions=()),
            tuple(each[:2] if each[:2] == key else each for each in one.permit.conditions),
        )

    return [but_for(key) for key in keys]


def _takes_any(operator: str) -> bool:
    """Whether one value that matches will do; of what is negated, and of ForAllValues, a list says something else."""
    return operator.removeprefix("ForAnyValue:") in _EQUAL


def _united(allowances: list[Allowance], same: Callable[[Allowance], tuple[Any, ...]]) -> list[Allowance]:
    """One for all those that differ in a single dimension: what they have there is added up."""
    found: dict[tuple[Any, ...], Allowance] = {}
    for each in allowances:
        key = same(each)
        found[key] = _sum(found[key], each) if key in found else each
    return list(found.values())


def _sum(one: Allowance, other: Allowance) -> Allowance:
    first, second = one.permit, other.permit
    paths = {*first.paths, *second.paths}
    every_method = not first.methods or not second.methods
    permit = replace(
        first,
        paths=tuple(sorted(path for path in paths if not _covered(path, paths))),
        methods=() if every_method else tuple(sorted({*first.methods, *second.methods})),
        conditions=tuple(
            (operator, key, tuple(dict.fromkeys((*values, *others))))
            for (operator, key, values), (_, _, others) in zip(first.conditions, second.conditions, strict=True)
        ),
    )
    return Allowance(tuple(dict.fromkeys((*one.names, *other.names))), permit, one.service)


def _covered(path: str, paths: set[str]) -> bool:
    return any(covers(other, path) for other in paths if other != path)


def _without_contained(allowances: list[Allowance]) -> list[Allowance]:
    kept = list(allowances)
    for each in allowances:
        if any(_contains(other, each) for other in kept if other is not each):
            kept.remove(each)
    return kept


def _contains(wide: Allowance, narrow: Allowance) -> bool:
    """Whether all that `narrow` allows is allowed by `wide`."""
    outer, inner = wide.permit, narrow.permit
    return (
        wide.service in (None, narrow.service)
        and outer.action == inner.action
        and set(narrow.names) <= set(wide.names)
        and (not outer.methods or (bool(inner.methods) and set(inner.methods) <= set(outer.methods)))
        and set(outer.conditions) <= set(inner.conditions)
        and all(any(covers(path, each) for path in outer.paths) for each in inner.paths)
    )


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
