"""Where access logs go.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-access-logs.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from constructs_lattice._checks import check_pattern
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.access_log_subscription import subscribe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3
    from aws_cdk.interfaces import aws_kinesisfirehose as firehose

__all__ = ["AccessLogs", "DestinationKind", "check_access_logs", "subscribe"]

_DELIVERY_STREAM = re.compile(r"arn:[a-z0-9-]+:firehose:[^:]+:[^:]+:deliverystream/.+")
_PREFIX = re.compile(r"[^/].*[^/]|[^/]")


class DestinationKind(StrEnum):
    """What takes access logs."""

    CLOUD_WATCH = "CloudWatch"
    S3 = "S3"
    FIREHOSE = "Firehose"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLogs:
    """A destination of access logs. A service network or a service has one of each kind at most.

    A bucket that is made in the same app gets the statements by which logs are delivered, and so does its key: VPC
    Lattice would add them itself, but the next deployment of the bucket's policy would take them away again. To what
    exists already, and to log groups, VPC Lattice adds what is missing, on behalf of who deploys.
    """

    kind: DestinationKind
    destination_arn: str
    bucket: s3.IBucket | None = field(default=None, compare=False)
    prefix: str | None = None

    @classmethod
    def to_cloud_watch(cls, log_group: logs.ILogGroup) -> Self:
        """A CloudWatch log group.

        What VPC Lattice adds to its policy may be too much once there are many groups. One entry is enough for all
        whose names begin with `/aws/vendedlogs/`.
        """
        return cls(kind=DestinationKind.CLOUD_WATCH, destination_arn=log_group.log_group_arn)

    @classmethod
    def to_s3(cls, bucket: s3.IBucket, *, prefix: str | None = None) -> Self:
        """An S3 bucket, and how the names of its objects begin. By default they begin with `AWSLogs`.

        Raises `ArgumentError` for a prefix that begins or ends with a slash.
        """
        check_pattern("access logs", "prefix", prefix, _PREFIX, "neither begin nor end with a slash")
        arn = bucket.bucket_arn if prefix is None else f"{bucket.bucket_arn}/{prefix}"
        return cls(kind=DestinationKind.S3, destination_arn=arn, bucket=bucket, prefix=prefix)

    @classmethod
    def to_firehose(cls, delivery_stream: firehose.IDeliveryStreamRef | str) -> Self:
        """An Amazon Data Firehose delivery stream, or its ARN.

        Raises `ArgumentError` for anything else, such as a data stream of Kinesis.
        """
        arn = (
            delivery_stream
            if isinstance(delivery_stream, str)
            else delivery_stream.delivery_stream_ref.delivery_stream_arn
        )
        check_pattern(
            "access logs", "delivery_stream", arn, _DELIVERY_STREAM, "be the ARN of a Firehose delivery stream"
        )
        return cls(kind=DestinationKind.FIREHOSE, destination_arn=arn)


def check_access_logs(where: object, access_logs: Sequence[AccessLogs], name: str = "access_logs") -> None:
    """Raise `ArgumentError` when a kind is there twice."""
    kinds = [each.kind for each in access_logs]
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise ArgumentError(
                f"{where}: {name} has {kinds.count(kind)} destinations in {kind}, there can be one of each kind"
            )
