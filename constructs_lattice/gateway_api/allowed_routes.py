"""Which namespaces a listener takes routes from.

https://gateway-api.sigs.k8s.io/guides/multiple-ns/
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AllowedRoutes"]


class _From(StrEnum):
    SAME = "Same"
    ALL = "All"
    SELECTOR = "Selector"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedRoutes:
    """The namespaces whose routes may attach to a listener: `same_namespace`, `all_namespaces` or `labelled`."""

    source: _From
    labels: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Check that a selector selects."""
        if self.source is _From.SELECTOR and not self.labels:
            raise ArgumentError("allowed routes: labelled needs at least one label; use all_namespaces for every one")

    @classmethod
    def same_namespace(cls) -> Self:
        """The gateway's own."""
        return cls(source=_From.SAME)

    @classmethod
    def all_namespaces(cls) -> Self:
        """Every one in the cluster."""
        return cls(source=_From.ALL)

    @classmethod
    def labelled(cls, labels: Mapping[str, str]) -> Self:
        """Those that have all these labels."""
        return cls(source=_From.SELECTOR, labels=tuple(sorted(labels.items())))

    def admits_others(self) -> bool:
        """Whether a namespace other than the gateway's may be among them."""
        return self.source is not _From.SAME

    def for_listener(self) -> dict[str, Any]:
        """The `allowedRoutes` of a listener."""
        namespaces: dict[str, Any] = {"from": str(self.source)}
        if self.labels:
            namespaces["selector"] = {"matchLabels": dict(self.labels)}
        return {"namespaces": namespaces}
