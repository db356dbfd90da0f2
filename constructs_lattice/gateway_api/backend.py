"""Where the requests of a route go: Services of the cluster, and imports from elsewhere.

https://gateway-api.sigs.k8s.io/reference/spec/#backendref
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from constructs_lattice._checks import check_count, check_range
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.kubernetes_object import ObjectKind, ObjectRef, check_object_name

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Backend", "check_backends"]

# What VPC Lattice takes; the Gateway API would take more groups, and heavier ones.
_MOST_BACKENDS = 10
_HEAVIEST = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A backend and its share of the requests, made by `service` or `service_import`.

    - `weight`: 0 to 999, over the sum of all weights of the rule.
    - `namespace`: where the backend is; the route's own namespace by default.

    A Service has one IP family: VPC Lattice has no dual-stack target groups. Raises `ArgumentError` for a weight or a
    port that is none.
    """

    kind: ObjectKind
    name: str
    port: int | None = None
    weight: int = 1
    namespace: str | None = None

    def __post_init__(self) -> None:
        """Check the name, the port and the weight."""
        where = f"backend {self.name!r}"
        check_object_name(where, self.name, "default" if self.namespace is None else self.namespace)
        check_range(where, "port", self.port, 1, 65_535)
        check_range(where, "weight", self.weight, 0, _HEAVIEST)

    @classmethod
    def service(cls, name: str, *, port: int, weight: int = 1, namespace: str | None = None) -> Self:
        """A Service of the cluster, and the port of it."""
        return cls(kind=ObjectKind.SERVICE, name=name, port=port, weight=weight, namespace=namespace)

    @classmethod
    def service_import(cls, name: str, *, weight: int = 1, namespace: str | None = None) -> Self:
        """A ServiceImport. It has no port: that of the export, or of the target group, counts."""
        return cls(kind=ObjectKind.SERVICE_IMPORT, name=name, weight=weight, namespace=namespace)

    def ref(self, namespace: str) -> ObjectRef:
        """What it refers to, from a route in `namespace`."""
        return ObjectRef(kind=self.kind, name=self.name, namespace=self.namespace or namespace)

    def for_rule(self) -> dict[str, Any]:
        """An item of a rule's `backendRefs`."""
        backend: dict[str, Any] = {"kind": str(self.kind), "name": self.name, "weight": self.weight}
        if self.kind is ObjectKind.SERVICE_IMPORT:
            backend["group"] = self.kind.group
        if self.namespace is not None:
            backend["namespace"] = self.namespace
        if self.port is not None:
            backend["port"] = self.port
        return backend


def check_backends(where: object, backends: Sequence[Backend]) -> None:
    """Raise `ArgumentError` unless there are 1 to 10 different backends, of which one at least gets requests."""
    check_count(where, "backends", len(backends), 1, _MOST_BACKENDS)
    identities = [(each.kind, each.namespace, each.name, each.port) for each in backends]
    if len(set(identities)) < len(identities):
        raise ArgumentError(f"{where}: a backend is there twice; add up its weights")
    if all(each.weight == 0 for each in backends):
        raise ArgumentError(f"{where}: all weights are 0, so no request would go anywhere; give a backend a weight")
