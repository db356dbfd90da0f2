"""TLSRoutes: connections that the targets decrypt.

https://www.gateway-api-controller.eks.aws.dev/latest/api-types/tls-route/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.backend import Backend, check_backends
from constructs_lattice.gateway_api.kubernetes_object import ObjectKind
from constructs_lattice.gateway_api.route import Route
from constructs_lattice.vpc_lattice.protocols import ListenerProtocol

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TlsRoute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsRoute(Route):
    """A service whose targets decrypt, on a TLS listener. The arguments besides `to` are those of `Route`.

    It has exactly one rule, for all connections, and exactly one `hostname`, by which VPC Lattice tells the connections
    apart.

    - `to`: one to ten backends, with weights.

    Raises `ArgumentError` without a hostname.
    """

    kind: ClassVar[ObjectKind] = ObjectKind.TLS_ROUTE
    protocols: ClassVar[tuple[ListenerProtocol, ...]] = (ListenerProtocol.TLS_PASSTHROUGH,)

    to: Sequence[Backend]

    def __post_init__(self) -> None:
        """Check the hostname and the backends, and what is common to routes."""
        Route.__post_init__(self)
        object.__setattr__(self, "to", tuple(self.to))
        if self.hostname is None:
            raise ArgumentError(
                f"{self.where}: it needs a hostname, by which VPC Lattice tells connections apart; give it"
            )
        check_backends(self.where, self.to)

    @property
    def backends(self) -> Sequence[Backend]:
        """The backends."""
        return self.to

    def _rules(self) -> list[dict[str, Any]]:
        return [{"backendRefs": [each.for_rule() for each in self.to]}]
