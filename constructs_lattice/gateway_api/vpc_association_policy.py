"""VpcAssociationPolicies: the association of the cluster's VPC with a service network, by the controller.

https://www.gateway-api-controller.eks.aws.dev/latest/api-types/vpc-association-policy/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from constructs_lattice._checks import check_count, check_pattern
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.gateway import LatticeGateway
from constructs_lattice.gateway_api.kubernetes_object import KubernetesObject, ObjectKind, ObjectRef, check_object_name

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["VpcAssociationPolicy"]

_MOST_SECURITY_GROUPS = 5
_SECURITY_GROUP_ID = re.compile(r"sg-[0-9a-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcAssociationPolicy(KubernetesObject):
    """Whether and how the controller associates the cluster's VPC with the service network of a gateway.

    Use it where nobody else makes the association. A `VpcAssociation` of the same network is CloudFormation's: the two
    would change it in turns.

    - `gateway`: the gateway, in whose namespace the policy is.
    - `security_group_ids`: at most five. Once there are some, the association has to be made anew to be without.
    - `associate_with_vpc`: no association when false; an existing one of the controller's is removed.

    Raises `ArgumentError` for more security groups, or for some without an association.
    """

    kind: ClassVar[ObjectKind] = ObjectKind.VPC_ASSOCIATION_POLICY

    name: str
    gateway: LatticeGateway | ObjectRef
    security_group_ids: Sequence[str] = ()
    associate_with_vpc: bool = True

    def __post_init__(self) -> None:
        """Check the gateway and the security groups."""
        object.__setattr__(self, "security_group_ids", tuple(self.security_group_ids))
        where = f"{self.kind} {self.name!r}"
        self._target.check_kind(where, [ObjectKind.GATEWAY])
        check_object_name(where, self.name, self._target.namespace)
        if not is_token(self.security_group_ids):
            check_count(where, "security_group_ids", len(self.security_group_ids), 0, _MOST_SECURITY_GROUPS)
        for each in self.security_group_ids:
            check_pattern(where, "security_group_ids", each, _SECURITY_GROUP_ID, "be ids such as sg-0123456789abcdef0")
        if self.security_group_ids and not self.associate_with_vpc:
            raise ArgumentError(f"{where}: security_group_ids have no effect without an association; leave them out")

    @property
    def ref(self) -> ObjectRef:
        """The reference by which it is known."""
        return ObjectRef(kind=self.kind, name=self.name, namespace=self._target.namespace)

    @property
    def references(self) -> Sequence[ObjectRef]:
        """The gateway."""
        return [self._target]

    @property
    def _target(self) -> ObjectRef:
        return self.gateway.ref if isinstance(self.gateway, LatticeGateway) else self.gateway

    def _spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = {
            "targetRef": self._target.as_target(),
            "associateWithVpc": self.associate_with_vpc,
        }
        if self.security_group_ids:
            spec["securityGroupIds"] = list(self.security_group_ids)
        return spec
