"""IAMAuthPolicies: who may call, as the controller writes it.

https://www.gateway-api-controller.eks.aws.dev/latest/api-types/iam-auth-policy/
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aws_cdk.aws_iam import PolicyDocument

from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.gateway import LatticeGateway
from constructs_lattice.gateway_api.kubernetes_object import KubernetesObject, ObjectKind, ObjectRef, check_object_name
from constructs_lattice.vpc_lattice.auth import Auth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs_lattice.gateway_api.grpc_route import GrpcRoute
    from constructs_lattice.gateway_api.http_route import HttpRoute

__all__ = ["IamAuthPolicy"]

_KINDS = (ObjectKind.GATEWAY, ObjectKind.HTTP_ROUTE, ObjectKind.GRPC_ROUTE)
# A quota that AWS does not raise, counted over the rendered JSON.
_MOST_BYTES = 10 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class IamAuthPolicy(KubernetesObject):
    """The auth policy of a service network or of a service, and with it the auth type AWS_IAM.

    It is in the namespace of its target, which has one policy at most. Taking it away sets the auth type to NONE:
    everybody may call then.

    - `target`: a gateway, for its service network; or an HttpRoute or a GrpcRoute, for its service.
    - `policy`: `Auth.iam(…)` or another `Auth` with statements, or a document of aws-cdk.

    Raises `ArgumentError` for a policy without statements or beyond 10 KB, and for a service network that
    CloudFormation looks after: give `auth` to it.
    """

    kind: ClassVar[ObjectKind] = ObjectKind.IAM_AUTH_POLICY

    name: str
    target: LatticeGateway | HttpRoute | GrpcRoute | ObjectRef
    policy: Auth | PolicyDocument

    def __post_init__(self) -> None:
        """Check the target and the policy."""
        where = f"{self.kind} {self.name!r}"
        target = self._target
        target.check_kind(where, _KINDS)
        check_object_name(where, self.name, target.namespace)
        if isinstance(self.target, LatticeGateway) and self.target.is_defined_here:
            raise ArgumentError(
                f"{where}: the auth policy of the service network {target.name!r} is CloudFormation's; give auth to "
                "the ServiceNetwork, or use its add_to_auth_policy"
            )
        rendered = self.rendered
        if (size := len(rendered.encode())) > _MOST_BYTES and not is_token(rendered):
            raise ArgumentError(
                f"{where}: the policy has {size:,} bytes, {_MOST_BYTES:,} is the most; merge statements or use "
                "wildcards"
            )
        for problem in self._document.validate_for_resource_policy():
            raise ArgumentError(f"{where}: {problem[0].lower()}{problem[1:].rstrip('.')}")

    @property
    def ref(self) -> ObjectRef:
        """The reference by which it is known."""
        return ObjectRef(kind=self.kind, name=self.name, namespace=self._target.namespace)

    @property
    def references(self) -> Sequence[ObjectRef]:
        """Its target."""
        return [self._target]

    @property
    def rendered(self) -> str:
        """The policy as JSON, without line breaks, which VPC Lattice does not take."""
        return json.dumps(self._document.to_json(), separators=(",", ":"))

    @property
    def _document(self) -> PolicyDocument:
        if not isinstance(self.policy, Auth):
            document = self.policy
        else:
            document = PolicyDocument(statements=self.policy.all_statements())
        if document.is_empty:
            raise ArgumentError(
                f"{self.kind} {self.name!r}: the policy has no statements, so nobody could call; add one, or leave the "
                "policy out to let everybody call"
            )
        return document

    @property
    def _target(self) -> ObjectRef:
        return self.target if isinstance(self.target, ObjectRef) else self.target.ref

    def _spec(self) -> dict[str, Any]:
        return {"targetRef": self._target.as_target(), "policy": self.rendered}
