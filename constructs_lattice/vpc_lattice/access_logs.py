"""Where access logs go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from aws_cdk import aws_vpclattice as vpclattice

from constructs_lattice._checks import check_pattern
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

__all__ = ["AccessLogs"]

_DELIVERY_STREAM = re.compile(r"arn:[a-z0-9-]+:firehose:[^:]+:[^:]+:deliverystream/.+")


class _Kind(StrEnum):
    CLOUD_WATCH = "CloudWatch"
    S3 = "S3"
    FIREHOSE = "Firehose"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLogs:
    """A destination of access logs. A service network or a service has one of each kind at most.

    VPC Lattice adds what the destination's resource policy lacks, on behalf of who deploys.
    https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-access-logs.html
    """

    kind: _Kind
    destination_arn: str

    @classmethod
    def to_cloud_watch(cls, log_group: logs.ILogGroup) -> Self:
        """A CloudWatch log group."""
        return cls(kind=_Kind.CLOUD_WATCH, destination_arn=log_group.log_group_arn)

    @classmethod
    def to_s3(cls, bucket: s3.IBucket) -> Self:
        """An S3 bucket."""
        return cls(kind=_Kind.S3, destination_arn=bucket.bucket_arn)

    @classmethod
    def to_firehose(cls, delivery_stream_arn: str) -> Self:
        """An Amazon Data Firehose delivery stream. Raises `ArgumentError` for anything else, such as a data stream."""
        check_pattern(
            "access logs",
            "delivery_stream_arn",
            delivery_stream_arn,
            _DELIVERY_STREAM,
            "be the ARN of a Firehose delivery stream",
        )
        return cls(kind=_Kind.FIREHOSE, destination_arn=delivery_stream_arn)


def check_access_logs(where: object, access_logs: Sequence[AccessLogs]) -> None:
    """Raise `ArgumentError` when a kind is there twice."""
    kinds = [each.kind for each in access_logs]
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise ArgumentError(
                f"{where}: access_logs has {kinds.count(kind)} destinations in {kind}, there can be one of each kind"
            )


def subscribe(scope: Construct, resource_arn: str, access_logs: Sequence[AccessLogs]) -> None:
    """Send the access logs of a service network or a service to each destination."""
    for each in access_logs:
        vpclattice.CfnAccessLogSubscription(
            scope, f"AccessLogs{each.kind}", destination_arn=each.destination_arn, resource_identifier=resource_arn
        )
