"""The request context: what the condition keys of policies are compared with.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-condition-keys
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from constructs_lattice.authorization.signer import Signer
from constructs_lattice.authorization.truth import Truth
from constructs_lattice.model.symbolic import SymbolicText
from constructs_lattice.model.unknown import Unknown

__all__ = [
    "ABSENT",
    "Absent",
    "ContextValue",
    "Doubtful",
    "Memory",
    "Present",
    "RequestContext",
    "present",
    "undetermined",
]


@dataclass(frozen=True, slots=True)
class Present:
    """A key that the request has, with its values; most keys have one."""

    values: tuple[SymbolicText, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """A key that the request does not have, perhaps under an assumption."""

    assumption: str = ""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A key of which nobody knows which of some alternatives it is, and why."""

    alternatives: tuple[Present | Absent, ...]
    reason: str


ContextValue: TypeAlias = Present | Absent | Doubtful

ABSENT = Absent()


def present(*values: SymbolicText) -> Present:
    """A key with these values."""
    return Present(values)


def undetermined(reason: str) -> Doubtful:
    """A key that may be there, with any value, or not."""
    return Doubtful((Present((Unknown(reason),)), ABSENT), reason)


class Memory(Protocol):
    """What has been found out about many requests that differ in some respects only."""

    def recall(self, subject: object, compute: Callable[[], Truth]) -> Truth:
        """What is known of a subject in the respects that matter to it; computed where it is new."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """One request, as the policies of every level see it.

    `families` says what the keys are that begin with a prefix, such as `aws:PrincipalTag/`, and are not among `keys`.
    """

    action: str
    resource: SymbolicText
    signer: Signer
    keys: Mapping[str, ContextValue]
    families: Mapping[str, ContextValue]
    others: ContextValue
    memory: Memory | None = field(default=None, repr=False, compare=False)
    _by_lower_case: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Index the keys by their names in lower case."""
        names: dict[str, tuple[str, ...]] = {}
        for name in self.keys:
            names[name.lower()] = (*names.get(name.lower(), ()), name)
        object.__setattr__(self, "_by_lower_case", names)

    def __getitem__(self, name: str) -> ContextValue:
        """The key of a policy.

        IAM reads names of keys without regard to case, VPC Lattice says that they are case sensitive: where the two
        differ, both readings are alternatives.
        """
        variants = self._by_lower_case.get(name.lower(), ())
        if variants == (name,):
            return self.keys[name]
        if variants:
            readings = [self.keys[variant] for variant in variants]
            if name not in variants:
                readings.append(ABSENT)
            return Doubtful(tuple(_flat(readings)), f"the documentation disagrees whether {name} is {variants[0]}")
        for prefix, value in self.families.items():
            if name.lower().startswith(prefix.lower()):
                return value
        if name.lower().startswith("aws:"):
            return undetermined(f"nobody knows {name}")
        if name.lower().startswith("vpc-lattice-svcs:"):
            return undetermined(f"VPC Lattice documents no condition key {name}")
        return self.others


def _flat(values: Iterable[ContextValue]) -> Iterable[Present | Absent]:
    for value in values:
        yield from value.alternatives if isinstance(value, Doubtful) else (value,)
