"""TargetGroupPolicies: how the targets of a Service are spoken to, and how their health is checked.

https://www.gateway-api-controller.eks.aws.dev/latest/api-types/target-group-policy/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.kubernetes_object import KubernetesObject, ObjectKind, ObjectRef, check_object_name
from constructs_lattice.gateway_api.service_export import ServiceExport
from constructs_lattice.vpc_lattice.durations import whole_seconds
from constructs_lattice.vpc_lattice.protocols import ProtocolVersion, TargetProtocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs_lattice.vpc_lattice.health_check import HealthCheck

__all__ = ["TargetGroupPolicy"]

_KINDS = (ObjectKind.SERVICE, ObjectKind.SERVICE_EXPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroupPolicy(KubernetesObject):
    """The protocol and the health checks of the target groups of a Service, or of a ServiceExport.

    It is in the namespace of its target, which has one policy at most.

    - `target`: `ObjectRef.service(…)`, or a `ServiceExport`.
    - `protocol`: HTTP by default; HTTPS, or TCP behind TLSRoutes.
    - `protocol_version`: HTTP1 by default, or HTTP2. Behind GRPCRoutes it is gRPC, whatever is said here.
    - `health_check`: what is left out is VPC Lattice's choice.

    A change of the protocol or its version replaces the target groups. Raises `ArgumentError` for another kind of
    target and for combinations that VPC Lattice does not have.
    """

    kind: ClassVar[ObjectKind] = ObjectKind.TARGET_GROUP_POLICY

    name: str
    target: ObjectRef | ServiceExport
    protocol: TargetProtocol | None = None
    protocol_version: ProtocolVersion | None = None
    health_check: HealthCheck | None = None

    def __post_init__(self) -> None:
        """Check the combination."""
        where = f"{self.kind} {self.name!r}"
        self.target_ref.check_kind(where, _KINDS)
        check_object_name(where, self.name, self.target_ref.namespace)
        if self.protocol_version is ProtocolVersion.GRPC:
            raise ArgumentError(
                f"{where}: protocol_version must be HTTP1 or HTTP2, got GRPC; a GrpcRoute sets it itself"
            )
        if self.protocol is TargetProtocol.TCP and self.protocol_version is not None:
            raise ArgumentError(f"{where}: protocol_version must be left out for TCP, got {self.protocol_version}")

    @property
    def ref(self) -> ObjectRef:
        """The reference by which it is known."""
        return ObjectRef(kind=self.kind, name=self.name, namespace=self.target_ref.namespace)

    @property
    def references(self) -> Sequence[ObjectRef]:
        """Its target."""
        return [self.target_ref]

    @property
    def target_ref(self) -> ObjectRef:
        """The Service or the ServiceExport that it is of."""
        return self.target.ref if isinstance(self.target, ServiceExport) else self.target

    def _spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = {"targetRef": self.target_ref.as_target()}
        if self.protocol is not None:
            spec["protocol"] = str(self.protocol)
        if self.protocol_version is not None:
            spec["protocolVersion"] = str(self.protocol_version)
        if self.health_check is not None:
            spec["healthCheck"] = _health_check(self.health_check)
        return spec


def _health_check(check: HealthCheck) -> dict[str, Any]:
    where = "health check"
    values = {
        "enabled": check.enabled,
        "path": check.path,
        "intervalSeconds": whole_seconds(where, "interval", check.interval),
        "timeoutSeconds": whole_seconds(where, "timeout", check.timeout),
        "healthyThresholdCount": check.healthy_threshold,
        "unhealthyThresholdCount": check.unhealthy_threshold,
        "statusMatch": check.codes,
        "port": check.port,
        "protocol": None if check.protocol is None else str(check.protocol),
        "protocolVersion": None if check.protocol_version is None else str(check.protocol_version),
    }
    return {key: value for key, value in values.items() if value is not None}
