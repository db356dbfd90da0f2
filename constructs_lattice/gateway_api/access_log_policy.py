"""AccessLogPolicies: access logs of a service network or of a service, by the controller.

https://www.gateway-api-controller.eks.aws.dev/latest/api-types/access-log-policy/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, cast

from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.kubernetes_object import KubernetesObject, ObjectKind, ObjectRef, check_object_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs_lattice.gateway_api.gateway import LatticeGateway
    from constructs_lattice.gateway_api.grpc_route import GrpcRoute
    from constructs_lattice.gateway_api.http_route import HttpRoute
    from constructs_lattice.vpc_lattice.access_logs import AccessLogs

__all__ = ["AccessLogPolicy", "LogDestination"]

_KINDS = (ObjectKind.GATEWAY, ObjectKind.HTTP_ROUTE, ObjectKind.GRPC_ROUTE)


class LogDestination(StrEnum):
    """The kinds of destinations, as `AccessLogs` names them."""

    CLOUD_WATCH = "CloudWatch"
    S3 = "S3"
    FIREHOSE = "Firehose"


_ARNS = {
    LogDestination.CLOUD_WATCH: re.compile(r"arn:[^:]+:logs:[^:]*:[^:]*:log-group:.+"),
    LogDestination.S3: re.compile(r"arn:[^:]+:s3:::[^/]+(/.*)?"),
    LogDestination.FIREHOSE: re.compile(r"arn:[^:]+:firehose:[^:]*:[^:]*:deliverystream/.+"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLogPolicy(KubernetesObject):
    """Access logs of all services of a gateway, or of one route's.

    It is in the namespace of its target, which has one policy at most for each kind of destination.

    - `target`: a gateway, an HttpRoute or a GrpcRoute. The controller has none for TLSRoutes.
    - `destination`: `AccessLogs.to_cloud_watch(…)`, `to_s3(…)` or `to_firehose(…)`, or the ARN of such a destination.

    Raises `ArgumentError` for other kinds of targets and destinations.
    """

    kind: ClassVar[ObjectKind] = ObjectKind.ACCESS_LOG_POLICY

    name: str
    target: LatticeGateway | HttpRoute | GrpcRoute | ObjectRef
    destination: AccessLogs | str

    def __post_init__(self) -> None:
        """Check the target and the destination."""
        where = f"{self.kind} {self.name!r}"
        self._target.check_kind(where, _KINDS)
        check_object_name(where, self.name, self._target.namespace)
        if isinstance(self.destination, str) and _kind_of(self.destination) is None:
            got = (
                "one that only the deployment knows; use AccessLogs" if is_token(self.destination) else self.destination
            )
            raise ArgumentError(
                f"{where}: destination must be the ARN of a log group, a bucket or a delivery stream, got {got}"
            )

    @property
    def ref(self) -> ObjectRef:
        """The reference by which it is known."""
        return ObjectRef(kind=self.kind, name=self.name, namespace=self._target.namespace)

    @property
    def references(self) -> Sequence[ObjectRef]:
        """Its target."""
        return [self._target]

    @property
    def destination_kind(self) -> LogDestination:
        """The kind of the destination, which says what the controller has to be permitted."""
        kind = _kind_of(self.destination) if isinstance(self.destination, str) else None
        return kind or LogDestination(cast("AccessLogs", self.destination).kind)

    @property
    def destination_arn(self) -> str:
        """The ARN of the destination."""
        return self.destination if isinstance(self.destination, str) else self.destination.destination_arn

    @property
    def permitted_arns(self) -> list[str]:
        """What the controller has to be permitted at: the bucket without a prefix, or the delivery stream."""
        # Log groups have no policies of their own: the account has them.
        return [] if self.destination_kind is LogDestination.CLOUD_WATCH else [_without_prefix(self.destination_arn)]

    @property
    def _target(self) -> ObjectRef:
        return self.target if isinstance(self.target, ObjectRef) else self.target.ref

    def _spec(self) -> dict[str, Any]:
        return {"targetRef": self._target.as_target(), "destinationArn": self.destination_arn}


def _kind_of(arn: str) -> LogDestination | None:
    return next((kind for kind, pattern in _ARNS.items() if pattern.fullmatch(arn)), None)


def _without_prefix(arn: str) -> str:
    return arn.split("/", 1)[0] if ":s3:::" in arn else arn
