"""Target groups of EC2 instances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from constructs_lattice._checks import Place, check_count, check_range
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.connectable_targets import ConnectableTargets
from constructs_lattice.vpc_lattice.names import Named, check_name
from constructs_lattice.vpc_lattice.protocols import ProtocolVersion, TargetProtocol
from constructs_lattice.vpc_lattice.target_group import MOST_TARGETS, choose_version
from constructs_lattice.vpc_lattice.vpc_identity import check_in_vpc, vpc_id_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_autoscaling as autoscaling
    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct

    from constructs_lattice.vpc_lattice.health_check import HealthCheck
    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists

__all__ = ["InstanceTarget", "InstanceTargetGroup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceTarget:
    """An instance, and its port; the target group's port by default."""

    instance_id: str
    port: int | None = None

    def __post_init__(self) -> None:
        """Check the port."""
        check_range(f"target {self.instance_id}", "port", self.port, 1, 65_535)


class InstanceTargetGroup(ConnectableTargets):
    """A target group of EC2 instances. They must be running when they are registered.

    Args:
        scope: The construct that this target group is part of.
        id: The id within `scope`.
        vpc: The VPC that the instances are in, ours or any `ec2.IVpc`.
        port: The port of targets that have none of their own. 80 for HTTP and 443 for the others by default.
        protocol: HTTP by default. TCP needs a TLS_PASSTHROUGH listener.
        protocol_version: HTTP1 by default, none for TCP. HTTP2 and GRPC need an HTTPS listener.
        targets: At most 100 instances. None by default: Auto Scaling groups, or others, register them.
        health_check: VPC Lattice's own by default: for HTTP1 over the group's protocol, none for the others.
        security_groups: Those of the targets, as far as they do not register themselves. None by default.
        prefix_lists: The prefix lists of VPC Lattice, from which the targets' security groups then take requests and
            health checks, each on their port. None by default: the security groups are the caller's own business.
        target_group_name: Its name: 3 to 128 lower-case letters, digits and single hyphens. Made by CloudFormation by
            default, which is better: almost every change replaces a target group.

    Raises:
        ArgumentError: Something is out of its limits, or a security group is in another VPC.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        port: int | None = None,
        protocol: TargetProtocol = TargetProtocol.HTTP,
        protocol_version: ProtocolVersion | None = None,
        targets: Sequence[InstanceTarget] = (),
        health_check: HealthCheck | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] = (),
        prefix_lists: LatticePrefixLists | None = None,
        target_group_name: str | None = None,
    ) -> None:
        where = Place(scope, id)
        check_range(where, "port", port, 1, 65_535)
        check_name(where, "target_group_name", target_group_name, Named.TARGET_GROUP)
        check_count(where, "targets", len(targets), 0, MOST_TARGETS)
        check_in_vpc(where, "security_groups", vpc, security_groups)
        version = choose_version(where, protocol, protocol_version, health_check)
        port = protocol.default_port if port is None else port
        super().__init__(scope, id)
        self._speak(protocol, version, port, health_check)
        self._define(
            "INSTANCE",
            target_group_name,
            {
                "port": port,
                "protocol": protocol,
                "protocolVersion": version,
                "vpcIdentifier": vpc_id_of(vpc),
                "healthCheck": None if health_check is None else health_check.rendered(),
            },
            [(target.instance_id, target.port) for target in targets],
        )
        self._connect(security_groups, prefix_lists, [target.port for target in targets])

    def add_auto_scaling_group(
        self, auto_scaling_group: autoscaling.AutoScalingGroup, prefix_lists: LatticePrefixLists | None = None
    ) -> None:
        """Let an Auto Scaling group register its instances here when it launches them, and take them out at their end.

        With `prefix_lists`, given here or to the target group, its security groups take requests and health checks from
        VPC Lattice. For instances that VPC Lattice finds unhealthy to be replaced, the Auto Scaling group has to have
        the health check `VPC_LATTICE`.

        Raises `ArgumentError` when the Auto Scaling group is registered already, or when aws-cdk knows it by its name
        only.

        https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-vpc-lattice-target-group-asg.html
        """
        from aws_cdk import aws_autoscaling as autoscaling  # noqa: PLC0415 - loaded by who has such a group only

        resource: Any = auto_scaling_group.node.default_child
        if not isinstance(resource, autoscaling.CfnAutoScalingGroup):
            raise ArgumentError(
                f"{self.node.path}: Auto Scaling group {auto_scaling_group.node.path} is imported, so its traffic "
                "sources are not this app's to change; attach the target group where it is defined"
            )
        sources: list[Any] = list(cast("Any", resource.traffic_sources) or [])
        if any(source.identifier == self._arn for source in sources):
            raise ArgumentError(
                f"{self.node.path}: Auto Scaling group {auto_scaling_group.node.path} is registered already"
            )
        own = autoscaling.CfnAutoScalingGroup.TrafficSourceIdentifierProperty(identifier=self._arn, type="vpc-lattice")
        resource.traffic_sources = [*sources, own]
        self.admit(auto_scaling_group, prefix_lists=prefix_lists)
