"""Gateways, each of which stands for a service network.

https://www.gateway-api-controller.eks.aws.dev/latest/api-types/gateway/
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from constructs_lattice._checks import check_count, check_range
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.allowed_routes import AllowedRoutes
from constructs_lattice.gateway_api.kubernetes_object import (
    ANNOTATION_PREFIX,
    KubernetesObject,
    ObjectKind,
    ObjectRef,
    check_object_name,
)
from constructs_lattice.vpc_lattice.names import Named, check_name
from constructs_lattice.vpc_lattice.protocols import ListenerProtocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs_lattice.vpc_lattice.service_network import ServiceNetworkBase

__all__ = ["GATEWAY_CLASS", "GatewayListener", "LatticeGateway", "ParentRef", "gateway_class"]

GATEWAY_CLASS = "amazon-vpc-lattice"
"""The name of the GatewayClass that the controller looks after."""

_CONTROLLER_NAME = "application-networking.k8s.aws/gateway-api-controller"
_MOST_LISTENERS = 64
_NETWORK_ID = re.compile(r"sn-[0-9a-z]{17}")
_SAME_NAMESPACE = AllowedRoutes.same_namespace()


def gateway_class() -> dict[str, Any]:
    """The manifest of the GatewayClass. There is one in a cluster."""
    return {
        "apiVersion": ObjectKind.GATEWAY.api_version,
        "kind": "GatewayClass",
        "metadata": {"name": GATEWAY_CLASS},
        "spec": {"controllerName": _CONTROLLER_NAME},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayListener:
    """A listener that the services of attached routes get, made by `http`, `https` or `tls_passthrough`.

    Raises `ArgumentError` for a name or a port that is none, and for a certificate where nothing is decrypted.
    """

    name: str
    protocol: ListenerProtocol
    port: int
    certificate_arn: str | None = None
    allowed_routes: AllowedRoutes = _SAME_NAMESPACE

    def __post_init__(self) -> None:
        """Check the name, the port and the certificate."""
        where = f"listener {self.name!r}"
        check_object_name(where, self.name, "default")
        check_range(where, "port", self.port, 1, 65_535)
        if self.certificate_arn is not None and self.protocol is not ListenerProtocol.HTTPS:
            raise ArgumentError(f"{where}: a certificate_arn is for HTTPS, but it speaks {self.protocol}; leave it out")

    @classmethod
    def http(cls, name: str = "http", *, port: int = 80, allowed_routes: AllowedRoutes = _SAME_NAMESPACE) -> Self:
        """HTTP, for HTTPRoutes."""
        return cls(name=name, protocol=ListenerProtocol.HTTP, port=port, allowed_routes=allowed_routes)

    @classmethod
    def https(
        cls,
        name: str = "https",
        *,
        port: int = 443,
        certificate_arn: str | None = None,
        allowed_routes: AllowedRoutes = _SAME_NAMESPACE,
    ) -> Self:
        """HTTPS, for HTTPRoutes and GRPCRoutes. The certificate, of ACM, is for routes with a hostname of their own."""
        return cls(
            name=name,
            protocol=ListenerProtocol.HTTPS,
            port=port,
            certificate_arn=certificate_arn,
            allowed_routes=allowed_routes,
        )

    @classmethod
    def tls_passthrough(
        cls, name: str = "tls", *, port: int = 443, allowed_routes: AllowedRoutes = _SAME_NAMESPACE
    ) -> Self:
        """TLS that the targets decrypt, for TLSRoutes."""
        return cls(name=name, protocol=ListenerProtocol.TLS_PASSTHROUGH, port=port, allowed_routes=allowed_routes)

    def for_gateway(self) -> dict[str, Any]:
        """The listener as a Gateway takes it."""
        passes_through = self.protocol is ListenerProtocol.TLS_PASSTHROUGH
        listener: dict[str, Any] = {
            "name": self.name,
            "protocol": "TLS" if passes_through else str(self.protocol),
            "port": self.port,
            "allowedRoutes": self.allowed_routes.for_listener(),
        }
        if passes_through:
            listener["tls"] = {"mode": "Passthrough"}
        elif self.certificate_arn is not None:
            # An option instead of a reference to a Secret, which VPC Lattice could not read.
            options = {f"{ANNOTATION_PREFIX}certificate-arn": self.certificate_arn}
            listener["tls"] = {"mode": "Terminate", "options": options}
        return listener


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentRef:
    """What a route attaches to: a gateway, or one listener of it.

    `LatticeGateway.listener` makes one that knows the listener, so that the route is checked against it.
    """

    gateway: str
    namespace: str = "default"
    section: str | None = None
    listeners: Sequence[GatewayListener] | None = None

    def __post_init__(self) -> None:
        """Check the names."""
        where = f"parent {self.gateway!r}"
        check_object_name(where, self.gateway, self.namespace)
        if self.section is not None:
            check_object_name(f"{where}: section", self.section, self.namespace)

    @property
    def ref(self) -> ObjectRef:
        """The gateway."""
        return ObjectRef(kind=ObjectKind.GATEWAY, name=self.gateway, namespace=self.namespace)

    def for_route(self) -> dict[str, Any]:
        """An item of a route's `parentRefs`."""
        parent: dict[str, Any] = {"name": self.gateway, "namespace": self.namespace}
        if self.section is not None:
            parent["sectionName"] = self.section
        return parent


@dataclass(frozen=True, slots=True, kw_only=True)
class LatticeGateway(KubernetesObject):
    """A Gateway of the class `amazon-vpc-lattice`: it stands for the service network that has its name.

    It is no proxy and has no address: each route that attaches to it becomes a VPC Lattice service with a domain name
    of its own, and with the listeners of the gateway.

    - `name`: the name of the service network. The controller finds it by its id as well, but only once: afterwards it
      compares names, and would associate the services again and again. An id is an error here.
    - `listeners`: 1 to 64, each with a name and a port of its own. A service has two at most, unless AWS raised the
      quota: let routes attach to one of them when there are more.

    Raises `ArgumentError` beyond these limits.
    """

    kind: ClassVar[ObjectKind] = ObjectKind.GATEWAY

    name: str
    namespace: str = "default"
    listeners: Sequence[GatewayListener]
    service_network: ServiceNetworkBase | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check the name and the listeners."""
        object.__setattr__(self, "listeners", tuple(self.listeners))
        where = f"Gateway {self.name!r}"
        if _NETWORK_ID.fullmatch(self.name):
            raise ArgumentError(
                f"{where}: name must be the name of a service network, got an id; the controller does not recognize "
                "associations by it"
            )
        check_object_name(where, self.name, self.namespace)
        check_name(where, "name", self.name, Named.SERVICE_NETWORK)
        check_count(where, "listeners", len(self.listeners), 1, _MOST_LISTENERS)
        _check_twice(where, [f"the name {each.name!r}" for each in self.listeners])
        _check_twice(where, [f"{each.protocol} on port {each.port}" for each in self.listeners])

    @classmethod
    def of(
        cls, service_network: ServiceNetworkBase, *, listeners: Sequence[GatewayListener], namespace: str = "default"
    ) -> Self:
        """The gateway of a service network that is defined here.

        Raises `ArgumentError` when its name is not known, because it was imported or is left to CloudFormation.
        """
        resource = getattr(service_network, "resource", None)
        name = None if resource is None else resource.name
        if name is None:
            raise ArgumentError(
                f"{service_network.node.path}: its gateway has to have its name, which is not known here; define it "
                "with a service_network_name, or make LatticeGateway(name=…)"
            )
        return cls(name=name, namespace=namespace, listeners=listeners, service_network=service_network)

    @property
    def ref(self) -> ObjectRef:
        """The reference by which policies know it."""
        return ObjectRef(kind=self.kind, name=self.name, namespace=self.namespace)

    @property
    def parent(self) -> ParentRef:
        """For routes that attach to every listener that suits them."""
        return ParentRef(gateway=self.name, namespace=self.namespace, listeners=self.listeners)

    def listener(self, name: str) -> ParentRef:
        """For routes that attach to one listener. Raises `ArgumentError` when there is none of this name."""
        found = tuple(each for each in self.listeners if each.name == name)
        if not found:
            names = ", ".join(each.name for each in self.listeners)
            raise ArgumentError(f"Gateway {self.name!r}: it has no listener {name!r}; there is {names}")
        return ParentRef(gateway=self.name, namespace=self.namespace, section=name, listeners=found)

    @property
    def is_defined_here(self) -> bool:
        """Whether CloudFormation looks after its service network, so that no policy of the cluster may."""
        return self.service_network is not None

    def _spec(self) -> dict[str, Any]:
        return {
            "gatewayClassName": GATEWAY_CLASS,
            "listeners": [each.for_gateway() for each in self.listeners],
        }


def _check_twice(where: str, what: list[str]) -> None:
    for each, count in Counter(what).items():
        if count > 1:
            raise ArgumentError(f"{where}: {count} listeners have {each}; give each its own")
