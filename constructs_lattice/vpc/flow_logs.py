"""Where a VPC's flow logs go."""

from dataclasses import dataclass
from typing import Self

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

__all__ = ["FlowLogs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLogs:
    """Where the records of all traffic of a VPC go: `to_cloud_watch`, `to_s3` or `none`.

    Accepted and rejected traffic is recorded, in AWS's default format, at most ten minutes late.
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
    """

    retention: logs.RetentionDays | None = None
    bucket: s3.IBucket | None = None

    @classmethod
    def none(cls) -> Self:
        """No flow logs."""
        return cls()

    @classmethod
    def to_cloud_watch(cls, *, retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS) -> Self:
        """To a log group of their own, which is deleted together with the VPC. Kept for three months by default."""
        return cls(retention=retention)

    @classmethod
    def to_s3(cls, bucket: s3.IBucket) -> Self:
        """To a bucket."""
        return cls(bucket=bucket)

    def apply(self, scope: Construct, id: str, vpc: ec2.IVpc) -> ec2.FlowLog | None:
        """Make the flow log of `vpc` under `scope`, together with its log group and role if it needs them."""
        if self.retention is None and self.bucket is None:
            return None
        return ec2.FlowLog(
            scope,
            id,
            resource_type=ec2.FlowLogResourceType.from_vpc(vpc),
            destination=self._destination(scope, id),
            traffic_type=ec2.FlowLogTrafficType.ALL,
        )

    def _destination(self, scope: Construct, id: str) -> ec2.FlowLogDestination:
        if self.bucket is not None:
            return ec2.FlowLogDestination.to_s3(self.bucket)
        group = logs.LogGroup(scope, f"{id}Group", retention=self.retention, removal_policy=RemovalPolicy.DESTROY)
        role = iam.Role(scope, f"{id}Role", assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com"))
        return ec2.FlowLogDestination.to_cloud_watch_logs(group, role)
