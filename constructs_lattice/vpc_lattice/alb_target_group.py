"""Target groups of one Application Load Balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_vpclattice as vpclattice

from constructs_lattice._checks import Place, check_range
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.names import Named, check_name
from constructs_lattice.vpc_lattice.protocols import ProtocolVersion, TargetProtocol
from constructs_lattice.vpc_lattice.target_group import TargetGroup

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2
    from constructs import Construct

__all__ = ["AlbTargetGroup"]


class AlbTargetGroup(TargetGroup):
    """A target group of one internal Application Load Balancer.

    The load balancer must have a listener with the port and the protocol of the target group. It checks its own
    targets: the target group has no health check.

    Args:
        scope: The construct that this target group is part of.
        id: The id within `scope`.
        load_balancer: The load balancer, aws-cdk's own or the `resource` of ours.
        port: The port of its listener. 80 for HTTP and 443 for HTTPS by default.
        protocol: The protocol of its listener. HTTP by default.
        vpc: Its VPC. The load balancer tells by default; one that was imported may not.
        target_group_name: Its name: 3 to 128 lower-case letters, digits and single hyphens. Made by CloudFormation by
            default, which is better: almost every change replaces a target group.

    Raises:
        ArgumentError: Something is out of its limits, or the VPC is not known.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/alb-target.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        load_balancer: elbv2.IApplicationLoadBalancer,
        port: int | None = None,
        protocol: TargetProtocol = TargetProtocol.HTTP,
        vpc: ec2.IVpc | None = None,
        target_group_name: str | None = None,
    ) -> None:
        where = Place(scope, id)
        check_range(where, "port", port, 1, 65_535)
        check_name(where, "target_group_name", target_group_name, Named.TARGET_GROUP)
        vpc = vpc or load_balancer.vpc
        if vpc is None:
            raise ArgumentError(f"{where}: the load balancer was imported without its vpc; give it as vpc")
        super().__init__(scope, id)
        port = protocol.default_port if port is None else port
        self._define(
            "ALB",
            target_group_name,
            vpclattice.CfnTargetGroup.TargetGroupConfigProperty(
                port=port, protocol=protocol, protocol_version=ProtocolVersion.HTTP1, vpc_identifier=vpc.vpc_id
            ),
            [vpclattice.CfnTargetGroup.TargetProperty(id=load_balancer.load_balancer_arn, port=port)],
        )
        # A target is registered when the group is made; requests fail until the load balancer listens.
        self.node.add_dependency(load_balancer)
