"""What all target groups have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource, name_tag, path_of
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, home_of, id_of
from constructs_lattice.vpc_lattice.metrics import TargetGroupMetrics, is_of_requests
from constructs_lattice.vpc_lattice.names import Named, warn_of_name
from constructs_lattice.vpc_lattice.protocols import ListenerProtocol, ProtocolVersion, TargetProtocol
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lattice.vpc_lattice.health_check import HealthCheck
    from constructs_lattice.vpc_lattice.service_ledger import ServiceLedger

__all__ = ["TargetGroup", "TargetGroupBase", "choose_version"]

MOST_TARGETS = 100
"""How many targets CloudFormation takes in a target group; the quota of the service is 1,000."""


@jsii.implements(interfaces.ITargetGroupRef)
class TargetGroupBase(LatticeResource, TargetGroupMetrics):
    """A target group, defined or imported."""

    _arn: str
    _ref: interfaces.TargetGroupReference | None = None
    _told = False  # what it speaks; a function has no protocol
    _protocol: TargetProtocol | None = None
    _protocol_version: ProtocolVersion | None = None

    @property
    def target_group_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def target_group_id(self) -> str:
        """The id, such as `tg-0123456789abcdef0`."""
        return id_of(self._arn)

    @property
    def target_group_ref(self) -> interfaces.TargetGroupReference:
        """The reference by which constructs of the CDK know it."""
        if self._ref is None:
            self._ref = interfaces.TargetGroupReference(target_group_arn=self._arn)
        return self._ref

    @property
    def protocol(self) -> TargetProtocol | None:
        """How requests reach its targets. None for a function, and for an imported one that does not tell."""
        return self._protocol

    def _check_metric(self, name: str) -> None:
        if self._protocol is TargetProtocol.TCP and is_of_requests(name):
            raise ArgumentError(
                f"{path_of(self)}: {name} is about requests, of which a target group that speaks TCP knows nothing; "
                "use a metric of connections"
            )

    def check_service(
        self,
        where: object,
        service: ServiceLedger,
        others: Sequence[interfaces.ITargetGroupRef],  # noqa: ARG002 - subclasses look at them
    ) -> None:
        """Raise `ArgumentError` when the service, with the others, cannot have this group: it is elsewhere."""
        if is_token(self._arn) and is_token(service.arn):
            return
        own = home_of(self._arn, self)
        its = home_of(service.arn, service.service)
        if None not in (own, its) and own != its:
            raise ArgumentError(
                f"{where}: target group {path_of(self)} is in {own}, but service {service.path} in {its}; a target "
                "group is in the account and the region of its service"
            )

    def join(self, service: ServiceLedger) -> None:
        """Belong to a service from now on."""

    def check_use(self, where: object, protocol: ListenerProtocol) -> None:
        """Raise `ArgumentError` when a listener that speaks `protocol` cannot forward to this group.

        Of an imported one that does not tell what it speaks, nothing is known.
        """
        if not self._told:
            return
        passes_through = protocol is ListenerProtocol.TLS_PASSTHROUGH
        if passes_through and self._protocol is not TargetProtocol.TCP:
            speaks = "invokes a function" if self._protocol is None else f"speaks {self._protocol}"
            raise ArgumentError(
                f"{where}: target group {self.node.path} {speaks}, but a TLS listener forwards to groups of TCP only"
            )
        if self._protocol is TargetProtocol.TCP and not passes_through:
            raise ArgumentError(
                f"{where}: target group {self.node.path} speaks TCP, which needs a TLS_PASSTHROUGH listener"
            )
        if (
            self._protocol_version in (ProtocolVersion.HTTP2, ProtocolVersion.GRPC)
            and protocol is not ListenerProtocol.HTTPS
        ):
            raise ArgumentError(
                f"{where}: target group {self.node.path} speaks {self._protocol_version}, which needs an HTTPS listener"
            )


class TargetGroup(TargetGroupBase):
    """A target group of one of the four types, each of which has a class: IP addresses, instances, one Application Load
    Balancer, one Lambda function.

    A target group belongs to one service.
    """

    _told = True
    _ports: tuple[int, ...] = ()

    @staticmethod
    def from_target_group_arn(scope: Construct, id: str, target_group_arn: str) -> TargetGroupBase:
        """A target group that exists already. Raises `ArgumentError` for anything else than the ARN of one."""
        return _ImportedTargetGroup(scope, id, target_group_arn=target_group_arn)

    @staticmethod
    def from_target_group_id(scope: Construct, id: str, target_group_id: str) -> TargetGroupBase:
        """A target group of the stack's own account and region, such as `tg-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        Identified.TARGET_GROUP.check_id(Place(scope, id), "target_group_id", target_group_id)
        arn = Identified.TARGET_GROUP.arn_of(scope, target_group_id)
        return _ImportedTargetGroup(scope, id, target_group_arn=arn)

    @staticmethod
    def from_target_group_attributes(
        scope: Construct,
        id: str,
        *,
        target_group_arn: str,
        protocol: TargetProtocol | None,
        protocol_version: ProtocolVersion | None = None,
    ) -> TargetGroupBase:
        """A target group that exists already, together with what it speaks: none is a function.

        Its use by listeners is checked accordingly. Raises `ArgumentError` when `target_group_arn` is something else
        than the ARN of one.
        """
        speaks = (protocol, protocol_version)
        return _ImportedTargetGroup(scope, id, target_group_arn=target_group_arn, speaks=speaks)

    @property
    def resource(self) -> vpclattice.CfnTargetGroup:
        """The target group itself, as CloudFormation knows it."""
        return self._resource

    @property
    def target_group_id(self) -> str:
        """The id, such as `tg-0123456789abcdef0`."""
        return self._resource.attr_id

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that VPC Lattice opens on targets that have none of their own: for requests and for health checks.

        Those are what a target's security group has to admit.
        """
        return self._ports

    def _speak(
        self, protocol: TargetProtocol, version: ProtocolVersion | None, port: int, health_check: HealthCheck | None
    ) -> None:
        self._protocol = protocol
        self._protocol_version = version
        checked = port if health_check is None or health_check.port is None else health_check.port
        self._ports = tuple(dict.fromkeys((port, checked)))

    def _define(
        self,
        type_: str,
        name: str | None,
        config: dict[str, Any],
        targets: Sequence[tuple[str, int | None]],
    ) -> None:
        region = Region.of(self)
        region.check(path_of(self))
        region.check_name(path_of(self), "target_group_name", name, Named.TARGET_GROUP)
        self._resource = vpclattice.CfnTargetGroup(
            self,
            "Resource",
            type=type_,
            name=name,
            config={key: value for key, value in config.items() if value is not None},
            targets=[{"id": id_} if port is None else {"id": id_, "port": port} for id_, port in targets] or None,
            tags=[name_tag(self)],
        )
        self._arn = self._resource.attr_arn
        region.count(self, Quota.ALL_TARGET_GROUPS)
        region.claim_name(self, name, Named.TARGET_GROUP)
        warn_of_name(self, "target_group_name", name, "anything but its targets or its health check")


def choose_version(
    where: object, protocol: TargetProtocol, version: ProtocolVersion | None, health_check: HealthCheck | None
) -> ProtocolVersion | None:
    """The version of a group that speaks `protocol`: HTTP1 by default, none for TCP.

    Raises `ArgumentError` when TCP has a version, or when health checks do not say how to speak with targets of TCP or
    gRPC, which VPC Lattice cannot check in their own protocols.
    """
    checked = health_check is not None and health_check.enabled
    if protocol is not TargetProtocol.TCP:
        version = version or ProtocolVersion.HTTP1
        if version is ProtocolVersion.GRPC and checked and health_check and health_check.protocol_version is None:
            raise ArgumentError(
                f"{where}: health_check needs a protocol_version, HTTP1 or HTTP2, since gRPC is not checked by itself"
            )
        return version
    if version is not None:
        raise ArgumentError(f"{where}: TCP has no protocol_version, got {version}; leave it out")
    if checked and health_check and None in (health_check.protocol, health_check.protocol_version):
        raise ArgumentError(
            f"{where}: health_check needs a protocol and a protocol_version, since TCP is not checked by itself"
        )
    return None


class _ImportedTargetGroup(Imported, TargetGroupBase):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        target_group_arn: str,
        speaks: tuple[TargetProtocol | None, ProtocolVersion | None] | None = None,
    ) -> None:
        Identified.TARGET_GROUP.check_arn(Place(scope, id), "target_group_arn", target_group_arn)
        super().__init__(scope, id)
        self._arn = target_group_arn
        if speaks is not None:
            self._told = True
            self._protocol, self._protocol_version = speaks
