"""Objects of Kubernetes: what they are called, and what every manifest has.

https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from constructs_lattice._checks import check_pattern, check_text
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = ["ANNOTATION_PREFIX", "KubernetesObject", "ObjectKind", "ObjectRef", "check_object_name"]

ANNOTATION_PREFIX = "application-networking.k8s.aws/"
"""What the annotations that the controller reads begin with."""

_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LONGEST_NAME = 253
_LONGEST_NAMESPACE = 63

_GATEWAY_API = "gateway.networking.k8s.io"
_CONTROLLER = "application-networking.k8s.aws"


class ObjectKind(StrEnum):
    """The kinds that are made here, or that are referred to."""

    GATEWAY = "Gateway"
    HTTP_ROUTE = "HTTPRoute"
    GRPC_ROUTE = "GRPCRoute"
    TLS_ROUTE = "TLSRoute"
    SERVICE = "Service"
    SERVICE_EXPORT = "ServiceExport"
    SERVICE_IMPORT = "ServiceImport"
    TARGET_GROUP_POLICY = "TargetGroupPolicy"
    VPC_ASSOCIATION_POLICY = "VpcAssociationPolicy"
    IAM_AUTH_POLICY = "IAMAuthPolicy"
    ACCESS_LOG_POLICY = "AccessLogPolicy"

    @property
    def group(self) -> str:
        """The API group; Services are in the core group, which has no name."""
        if self is ObjectKind.SERVICE:
            return ""
        routing = (ObjectKind.GATEWAY, ObjectKind.HTTP_ROUTE, ObjectKind.GRPC_ROUTE, ObjectKind.TLS_ROUTE)
        return _GATEWAY_API if self in routing else _CONTROLLER

    @property
    def api_version(self) -> str:
        """The group with the version that the controller reads."""
        if self is ObjectKind.SERVICE:
            return "v1"
        return f"{self.group}/{'v1' if self.group == _GATEWAY_API else 'v1alpha1'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRef:
    """An object in a cluster, whoever made it."""

    kind: ObjectKind
    name: str
    namespace: str = "default"

    def __post_init__(self) -> None:
        """Check the names."""
        check_object_name(self.kind, self.name, self.namespace)

    def __str__(self) -> str:
        """As messages name it: `HTTPRoute 'shop/orders'`."""
        return f"{self.kind} '{self.namespace}/{self.name}'"

    @classmethod
    def service(cls, name: str, *, namespace: str = "default") -> Self:
        """A Service of Kubernetes."""
        return cls(kind=ObjectKind.SERVICE, name=name, namespace=namespace)

    def check_kind(self, where: object, kinds: Collection[ObjectKind]) -> None:
        """Raise `ArgumentError` unless this is one of `kinds`."""
        if self.kind not in kinds:
            raise ArgumentError(f"{where}: target must be of the kind {' or '.join(kinds)}, got {self}")

    def as_target(self) -> dict[str, Any]:
        """The `targetRef` of a policy. The namespace is said: without it, the controller may take it for `default`."""
        return {
            "group": self.kind.group,
            "kind": str(self.kind),
            "name": self.name,
            "namespace": self.namespace,
        }


class KubernetesObject:
    """What is common to the values here: an object of Kubernetes, whose manifest is made of plain dicts and lists."""

    __slots__ = ()

    kind: ClassVar[ObjectKind]

    @property
    def ref(self) -> ObjectRef:
        """The reference by which others know it."""
        raise NotImplementedError

    @property
    def references(self) -> Sequence[ObjectRef]:
        """The objects that have to be there before this one, and that outlive it."""
        return ()

    def manifest(self) -> dict[str, Any]:
        """The manifest, new in each call: for `yaml.safe_dump`, for a file of GitOps, or for `kubectl apply`.

        It holds what it was given: a value that only the deployment knows is a token in it, which nothing but a
        CloudFormation template can resolve.
        """
        ref = self.ref
        metadata: dict[str, Any] = {"name": ref.name, "namespace": ref.namespace}
        if annotations := self._annotations():
            metadata["annotations"] = {f"{ANNOTATION_PREFIX}{key}": value for key, value in annotations.items()}
        return {
            "apiVersion": self.kind.api_version,
            "kind": str(self.kind),
            "metadata": metadata,
            "spec": self._spec(),
        }

    def _annotations(self) -> dict[str, str]:
        return {}

    def _spec(self) -> dict[str, Any]:
        raise NotImplementedError


def check_object_name(where: object, name: str, namespace: str) -> None:
    """Raise `ArgumentError` unless `name` and `namespace` are what Kubernetes takes for them."""
    check_text(where, "name", name, 1, _LONGEST_NAME)
    check_pattern(where, "name", name, _SUBDOMAIN, "be lower-case letters, digits, hyphens and dots")
    check_text(where, "namespace", namespace, 1, _LONGEST_NAMESPACE)
    check_pattern(where, "namespace", namespace, _LABEL, "be lower-case letters, digits and hyphens")
