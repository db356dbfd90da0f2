"""What all target groups have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import CfnTag
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._construct import LatticeResource
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.protocols import ProtocolVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

__all__ = ["TargetGroup", "TargetGroupBase"]

MOST_TARGETS = 100
"""How many targets CloudFormation takes in a target group; the quota of the service is 1,000."""


@jsii.implements(interfaces.ITargetGroupRef)
class TargetGroupBase(LatticeResource):
    """A target group, defined or imported."""

    _arn: str

    @property
    def target_group_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def target_group_ref(self) -> interfaces.TargetGroupReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.TargetGroupReference(target_group_arn=self._arn)


class TargetGroup(TargetGroupBase):
    """A target group of one of the four types, each of which has a class: IP addresses, instances, one Application Load
    Balancer, one Lambda function.

    A target group belongs to one service.
    """

    _protocol_version: ProtocolVersion | None = None

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self._service: tuple[str, str] | None = None

    @staticmethod
    def from_target_group_arn(scope: Construct, id: str, target_group_arn: str) -> TargetGroupBase:
        """A target group that exists already."""
        return _ImportedTargetGroup(scope, id, target_group_arn=target_group_arn)

    @property
    def resource(self) -> vpclattice.CfnTargetGroup:
        """The target group itself, as CloudFormation knows it."""
        return self._resource

    @property
    def target_group_id(self) -> str:
        """The id, such as `tg-0123456789abcdef0`."""
        return self._resource.attr_id

    def check_use(self, where: object, service_arn: str, service: str, *, secure: bool) -> None:
        """Raise `ArgumentError` unless a listener of that service can forward to this group.

        `service` names the service in the message; `secure` says whether the listener speaks HTTPS.
        """
        if self._service is not None and self._service[0] != service_arn:
            raise ArgumentError(
                f"{where}: target group {self.node.path} belongs to service {self._service[1]}, got {service}; "
                "a target group is for one service, make another one"
            )
        if self._protocol_version in (ProtocolVersion.HTTP2, ProtocolVersion.GRPC) and not secure:
            raise ArgumentError(
                f"{where}: target group {self.node.path} speaks {self._protocol_version}, which needs an HTTPS listener"
            )

    def bind(self, service_arn: str, service: str) -> None:
        """Note that the group belongs to that service from now on."""
        self._service = (service_arn, service)

    def _define(
        self,
        type_: str,
        name: str | None,
        config: vpclattice.CfnTargetGroup.TargetGroupConfigProperty | None,
        targets: Sequence[vpclattice.CfnTargetGroup.TargetProperty],
    ) -> None:
        self._resource = vpclattice.CfnTargetGroup(
            self,
            "Resource",
            type=type_,
            name=name,
            config=config,
            targets=list(targets) or None,
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        self._arn = self._resource.attr_arn


class _ImportedTargetGroup(TargetGroupBase):
    def __init__(self, scope: Construct, id: str, *, target_group_arn: str) -> None:
        super().__init__(scope, id)
        self._arn = target_group_arn
