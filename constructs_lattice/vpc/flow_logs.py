"""Where a VPC's flow logs go, and what they say."""

import re
from dataclasses import dataclass, field
from typing import Self, cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lattice._checks import check_pattern
from constructs_lattice.vpc.flow_log_files import FlowLogFiles
from constructs_lattice.vpc.flow_log_format import FlowLogFormat

__all__ = ["FlowLogs"]

_WHERE = "flow logs"

# AWS adds a folder `AWSLogs` and allows no other one of that name.
_PREFIX = re.compile(r"(?!(.*/)?AWSLogs(/|$))[^/].*")
_STREAM = re.compile(r"arn:[^:]+:firehose:[^:]+:[0-9]{12}:deliverystream/[A-Za-z0-9_.-]{1,64}")
_ROLE = re.compile(r"arn:[^:]+:iam::[0-9]{12}:role/(.+/)?AWSLogDeliveryFirehoseCrossAccountRole[^/]*")

# Who hands records over to Firehose.
_DELIVERY = "delivery.logs.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLogs:
    """Where the records of a VPC's traffic go: `to_cloud_watch`, `to_s3`, `to_firehose` or `none`.

    Each takes, besides what its destination needs:

    - `format`: what the records say. AWS's own format by default.
    - `traffic`: whether accepted traffic is recorded, rejected, or all of it. All by default.
    - `interval`: how long a flow may be gathered before its record is written, one minute or ten. Ten by default; on
      instances of the Nitro system it is one minute whatever is said.

    AWS changes no flow log. When anything here is changed, the format or the destination, CloudFormation makes a new
    one and deletes the old one. The new one takes some minutes to begin; log group and bucket stay, and hold records of
    both then.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
    """

    retention: logs.RetentionDays | None = None
    bucket: s3.IBucket | None = None
    prefix: str | None = None
    files: FlowLogFiles | None = None
    delivery_stream_arn: str | None = None
    cross_account_role_arn: str | None = None
    format: FlowLogFormat = field(default_factory=FlowLogFormat.default)
    traffic: ec2.FlowLogTrafficType = ec2.FlowLogTrafficType.ALL
    interval: ec2.FlowLogMaxAggregationInterval | None = None

    def __post_init__(self) -> None:
        """Check the prefix and the ARNs."""
        rule = "be a path that does not begin with a slash and has no folder 'AWSLogs', which AWS adds itself"
        check_pattern(_WHERE, "prefix", self.prefix, _PREFIX, rule)
        rule = "be the arn of a delivery stream"
        check_pattern(_WHERE, "delivery_stream_arn", self.delivery_stream_arn, _STREAM, rule)
        rule = "be the arn of a role whose name begins with AWSLogDeliveryFirehoseCrossAccountRole"
        check_pattern(_WHERE, "cross_account_role_arn", self.cross_account_role_arn, _ROLE, rule)

    @classmethod
    def none(cls) -> Self:
        """No flow logs."""
        return cls()

    @classmethod
    def to_cloud_watch(
        cls,
        *,
        retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        format: FlowLogFormat | None = None,
        traffic: ec2.FlowLogTrafficType = ec2.FlowLogTrafficType.ALL,
        interval: ec2.FlowLogMaxAggregationInterval | None = None,
    ) -> Self:
        """To a log group of their own, which is deleted together with the VPC. Kept for three months by default."""
        return cls(retention=retention, format=format or FlowLogFormat.default(), traffic=traffic, interval=interval)

    @classmethod
    def to_s3(
        cls,
        bucket: s3.IBucket,
        *,
        prefix: str | None = None,
        files: FlowLogFiles | None = None,
        format: FlowLogFormat | None = None,
        traffic: ec2.FlowLogTrafficType = ec2.FlowLogTrafficType.ALL,
        interval: ec2.FlowLogMaxAggregationInterval | None = None,
    ) -> Self:
        """To a bucket, below `prefix` if that is given, in files of text with a folder for each day by default.

        Raises `ArgumentError` for a prefix that AWS does not take.
        """
        return cls(
            bucket=bucket,
            prefix=prefix,
            files=files,
            format=format or FlowLogFormat.default(),
            traffic=traffic,
            interval=interval,
        )

    @classmethod
    def to_firehose(
        cls,
        delivery_stream_arn: str,
        *,
        cross_account_role_arn: str | None = None,
        format: FlowLogFormat | None = None,
        traffic: ec2.FlowLogTrafficType = ec2.FlowLogTrafficType.ALL,
        interval: ec2.FlowLogMaxAggregationInterval | None = None,
    ) -> Self:
        """To a delivery stream of Amazon Data Firehose, whose source is Direct PUT.

        For a stream of another account, `cross_account_role_arn` is a role there, whose name must begin with
        `AWSLogDeliveryFirehoseCrossAccountRole`. The role here that assumes it is made; the one there has to trust it.

        Raises `ArgumentError` for an ARN of something else.
        https://docs.aws.amazon.com/vpc/latest/userguide/firehose-cross-account-delivery.html
        """
        return cls(
            delivery_stream_arn=delivery_stream_arn,
            cross_account_role_arn=cross_account_role_arn,
            format=format or FlowLogFormat.default(),
            traffic=traffic,
            interval=interval,
        )

    def apply(self, scope: Construct, id: str, vpc: ec2.IVpc) -> ec2.FlowLog | None:
        """Make the flow log of `vpc` under `scope`, together with its log group and role if it needs them."""
        destination = self._destination(scope, id, vpc)
        if destination is None:
            return None
        log_format = self.format.log_format
        flow_log = ec2.FlowLog(
            scope,
            id,
            resource_type=ec2.FlowLogResourceType.from_vpc(vpc),
            destination=destination,
            traffic_type=self.traffic,
            max_aggregation_interval=self.interval,
            log_format=None if log_format is None else [ec2.LogFormat.custom(log_format)],
        )
        self._complete(scope, id, flow_log)
        return flow_log

    def _destination(self, scope: Construct, id: str, vpc: ec2.IVpc) -> ec2.FlowLogDestination | None:
        if self.bucket is not None:
            return self._s3(self.bucket)
        if self.delivery_stream_arn is not None:
            stream = firehose.DeliveryStream.from_delivery_stream_arn(scope, f"{id}Stream", self.delivery_stream_arn)
            return ec2.FlowLogDestination.to_firehose(stream, self._delivery_role(scope, id, vpc))
        if self.retention is not None:
            group = logs.LogGroup(scope, f"{id}Group", retention=self.retention, removal_policy=RemovalPolicy.DESTROY)
            role = iam.Role(scope, f"{id}Role", assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com"))
            return ec2.FlowLogDestination.to_cloud_watch_logs(group, role)
        return None

    def _s3(self, bucket: s3.IBucket) -> ec2.FlowLogDestination:
        if self.files is None:
            return ec2.FlowLogDestination.to_s3(bucket, self.prefix)
        return ec2.FlowLogDestination.to_s3(
            bucket,
            self.prefix,
            file_format=self.files.form,
            hive_compatible_partitions=self.files.partitions.is_hive_compatible,
            per_hour_partition=self.files.partitions.is_hourly,
        )

    def _delivery_role(self, scope: Construct, id: str, vpc: ec2.IVpc) -> iam.Role | None:
        """The role that hands the records of `vpc` over to a stream of another account, if it is one of another."""
        if self.cross_account_role_arn is None:
            return None
        role = iam.Role(scope, f"{id}Role", assumed_by=iam.ServicePrincipal(_DELIVERY))
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[role.role_arn],
                conditions={
                    "StringEquals": {"iam:PassedToService": _DELIVERY},
                    "StringLike": {"iam:AssociatedResourceARN": vpc.vpc_arn},
                },
            )
        )
        # These actions know no resources.
        deliveries = ["CreateLogDelivery", "DeleteLogDelivery", "GetLogDelivery", "ListLogDeliveries"]
        role.add_to_policy(iam.PolicyStatement(actions=[f"logs:{action}" for action in deliveries], resources=["*"]))
        role.add_to_policy(iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[self.cross_account_role_arn]))
        return role

    def _complete(self, scope: Construct, id: str, flow_log: ec2.FlowLog) -> None:
        """Say what `ec2.FlowLog` has no argument for, or says wrongly."""
        resource = cast("ec2.CfnFlowLog", flow_log.node.default_child)
        if self.format.tag_field_specifications:
            # An override, which older editions of aws-cdk-lib take as well.
            resource.add_property_override("TagFieldSpecifications", self.format.tag_field_specifications)
        if self.files is not None:
            # `ec2.FlowLog` writes the keys in lower case, which CloudFormation does not know.
            # https://github.com/aws/aws-cdk/issues/25432
            resource.destination_options = None
            resource.add_property_override("DestinationOptions", self.files.destination_options)
        if self.cross_account_role_arn is not None:
            resource.deliver_cross_account_role = self.cross_account_role_arn
            # Delivery begins by assuming the role there: that must be allowed by then.
            flow_log.node.add_dependency(scope.node.find_child(f"{id}Role"))
