"""ServiceExports: a Service becomes a target group that routes of other clusters use.

https://www.gateway-api-controller.eks.aws.dev/latest/api-types/service-export/
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from constructs_lattice._checks import check_range
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.kubernetes_object import KubernetesObject, ObjectKind, ObjectRef, check_object_name

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ExportedPort", "RouteType", "ServiceExport"]


class RouteType(StrEnum):
    """The kind of routes that an exported port is for."""

    HTTP = "HTTP"
    GRPC = "GRPC"
    TLS = "TLS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedPort:
    """A port of the Service, and the kind of routes that it is for."""

    port: int
    route_type: RouteType = RouteType.HTTP

    def __post_init__(self) -> None:
        """Check the port."""
        check_range("exported port", "port", self.port, 1, 65_535)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceExport(KubernetesObject):
    """A Service whose pods are the targets of a target group, for routes of this and other clusters.

    - `name`: the name of the Service, unless `service_name` says it.
    - `ports`: which ports, each with a target group of its own. An import takes one of them, whichever the controller
      finds first: give an export that is imported one port.
    - `service_name`: the Service, so that clusters in which it has one name export it by different ones.

    Raises `ArgumentError` without a port, or for a port that is there twice.
    """

    kind: ClassVar[ObjectKind] = ObjectKind.SERVICE_EXPORT

    name: str
    namespace: str = "default"
    ports: Sequence[ExportedPort]
    service_name: str | None = None

    def __post_init__(self) -> None:
        """Check the names and the ports."""
        object.__setattr__(self, "ports", tuple(self.ports))
        where = f"{self.kind} {self.name!r}"
        check_object_name(where, self.name, self.namespace)
        if self.service_name is not None:
            check_object_name(f"{where}: service_name", self.service_name, self.namespace)
        if not self.ports:
            raise ArgumentError(f"{where}: ports must name at least one port of the Service; give ExportedPort(port=…)")
        if len(set(self.ports)) < len(self.ports):
            raise ArgumentError(f"{where}: a port is there twice for one kind of routes; name it once")

    @property
    def ref(self) -> ObjectRef:
        """The reference by which policies know it."""
        return ObjectRef(kind=self.kind, name=self.name, namespace=self.namespace)

    def _annotations(self) -> dict[str, str]:
        # The controller passes over exports without the first one.
        annotations = {"federation": "amazon-vpc-lattice"}
        if self.service_name is not None:
            annotations["service-name"] = self.service_name
        return annotations

    def _spec(self) -> dict[str, Any]:
        return {"exportedPorts": [{"port": each.port, "routeType": str(each.route_type)} for each in self.ports]}
