"""What all routes have in common: each becomes a VPC Lattice service.

https://www.gateway-api-controller.eks.aws.dev/latest/concepts/overview/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from constructs_lattice._checks import check_count, check_pattern, check_text
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.gateway import LatticeGateway, ParentRef
from constructs_lattice.gateway_api.kubernetes_object import KubernetesObject, ObjectRef, check_object_name
from constructs_lattice.vpc_lattice.names import Named, check_name
from constructs_lattice.vpc_lattice.protocols import ListenerProtocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from constructs_lattice.gateway_api.backend import Backend
    from constructs_lattice.gateway_api.gateway import GatewayListener

__all__ = ["Route"]

_MOST_PARENTS = 32
_HOSTNAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+")
_IP_ADDRESS = re.compile(r"[0-9.]+")
_OWNER = re.compile(r"[0-9]{12}/[^/]+/vpc-[0-9a-f]{8,17}")

# The controller makes the service's name out of these many characters of the route's name and of its namespace.
_NAME_PART, _NAMESPACE_PART = 20, 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(KubernetesObject):
    """A route: what is common to `HttpRoute`, `GrpcRoute` and `TlsRoute`.

    - `name`, `namespace`: they also name the VPC Lattice service, as `lattice_service_name` tells.
    - `parents`: the gateways, or listeners of them, that it attaches to. Each gateway is a service network in which the
      service can be called; the listeners are those of the first.
    - `hostname`: a domain name of one's own. VPC Lattice has one a service, fixed once the service is made.
    - `standalone`: the service is in no service network. It can be shared, or be associated by others.
    - `service_name`: the name of the VPC Lattice service instead of the one that is made. Fixed once it is made.
    - `take_over_from`: who gives the service up to this cluster, as `<account>/<cluster>/<vpc id>`.
    """

    protocols: ClassVar[tuple[ListenerProtocol, ...]]

    name: str
    namespace: str = "default"
    parents: Sequence[LatticeGateway | ParentRef]
    hostname: str | None = None
    standalone: bool = False
    service_name: str | None = None
    take_over_from: str | None = None

    def __post_init__(self) -> None:
        """Check the names, and that the listeners of the gateways take this route."""
        object.__setattr__(self, "parents", tuple(self.parents))
        where = self.where
        check_object_name(where, self.name, self.namespace)
        if self.service_name is None:
            self._check_lattice_service_name()
        check_name(where, "service_name", self.service_name, Named.SERVICE)
        check_text(where, "hostname", self.hostname, 3, 253)
        check_pattern(where, "hostname", self.hostname, _HOSTNAME, "be a domain name without a wildcard")
        if self.hostname is not None and _IP_ADDRESS.fullmatch(self.hostname):
            raise ArgumentError(f"{where}: hostname must be a domain name, got the IP address {self.hostname!r}")
        check_pattern(where, "take_over_from", self.take_over_from, _OWNER, "be <account>/<cluster name>/<vpc id>")
        self._check_parents()

    @property
    def where(self) -> str:
        """How messages name it, before its names have been checked."""
        return f"{self.kind} {self.name!r}"

    @property
    def ref(self) -> ObjectRef:
        """The reference by which policies know it."""
        return ObjectRef(kind=self.kind, name=self.name, namespace=self.namespace)

    @property
    def lattice_service_name(self) -> str:
        """The name of the VPC Lattice service: 20 characters of the route's name, a hyphen, 18 of its namespace.

        Routes that agree in them compete for one service, and all but the first fail.
        """
        if self.service_name is not None:
            return self.service_name
        return f"{self.name[:_NAME_PART].strip('-')}-{self.namespace[:_NAMESPACE_PART].strip('-')}"

    @property
    def listeners(self) -> list[GatewayListener]:
        """The listeners that the service gets, as far as they are known: those of its first gateway that suit."""
        refs = self._parent_refs()
        of_first = [each.listeners or () for each in refs if each.ref == refs[0].ref]
        return [each for listeners in of_first for each in listeners if each.protocol in self.protocols]

    @property
    def references(self) -> Sequence[ObjectRef]:
        """The gateways, and the imports that requests go to."""
        backends = [each.ref(self.namespace) for each in self.backends]
        return list(dict.fromkeys([*(each.ref for each in self._parent_refs()), *backends]))

    @property
    def backends(self) -> Sequence[Backend]:
        """The backends of all rules."""
        raise NotImplementedError

    def _rules(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def _spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = {"parentRefs": [each.for_route() for each in self._parent_refs()]}
        if self.hostname is not None:
            spec["hostnames"] = [self.hostname]
        spec["rules"] = self._rules()
        return spec

    def _annotations(self) -> dict[str, str]:
        annotations = {}
        if self.standalone:
            annotations["standalone"] = "true"
        if self.service_name is not None:
            annotations["service-name-override"] = self.service_name
        if self.take_over_from is not None:
            annotations["allow-takeover-from"] = self.take_over_from
        return annotations

    def _parent_refs(self) -> list[ParentRef]:
        return [each.parent if isinstance(each, LatticeGateway) else each for each in self.parents]

    def _check_lattice_service_name(self) -> None:
        if is_token(self.name) or is_token(self.namespace):
            return
        try:
            check_name(self.where, "name", self.lattice_service_name, Named.SERVICE)
        except ArgumentError as error:
            raise ArgumentError(
                f"{self.where}: its VPC Lattice service would be called {self.lattice_service_name!r}, which is no "
                "name for one; choose another name, or give a service_name"
            ) from error

    def _check_parents(self) -> None:
        check_count(self.where, "parents", len(self.parents), 1, _MOST_PARENTS)
        refs = self._parent_refs()
        sections: dict[ObjectRef, list[str | None]] = {}
        for each in refs:
            sections.setdefault(each.ref, []).append(each.section)
            _check_parent(self, each)
        for gateway, names in sections.items():
            if len(names) > 1 and (None in names or len(set(names)) < len(names)):
                raise ArgumentError(
                    f"{self.where}: {gateway} is there {len(names)} times; name a different listener each"
                )


def _check_parent(route: Route, parent: ParentRef) -> None:
    # Of gateways that are made elsewhere, nothing is known.
    if parent.listeners is None:
        return
    suiting = [each for each in parent.listeners if each.protocol in route.protocols]
    if not suiting:
        raise ArgumentError(
            f"{route.where}: it needs a listener of {_either(route.protocols)}, but "
            f"{_either({each.protocol: None for each in parent.listeners})} is what {_said(parent)} speaks; "
            "attach it to another one"
        )
    if route.namespace != parent.namespace and not any(each.allowed_routes.admits_others() for each in suiting):
        raise ArgumentError(
            f"{route.where}: {_said(parent)} takes routes of the namespace {parent.namespace!r} only, not of "
            f"{route.namespace!r}; give the listener AllowedRoutes.all_namespaces() or labelled(…)"
        )


def _said(parent: ParentRef) -> str:
    section = "" if parent.section is None else f"listener {parent.section!r} of "
    return f"{section}{parent.ref}"


def _either(protocols: Collection[ListenerProtocol]) -> str:
    return " or ".join("TLS" if each is ListenerProtocol.TLS_PASSTHROUGH else each for each in protocols)
