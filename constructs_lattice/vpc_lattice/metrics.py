"""What CloudWatch knows of services and target groups, minute by minute.

The documentation does not say by what a service or a target group is known to CloudWatch. It is the id, not the name:
exporters of CloudWatch find a service's metrics by the end of its ARN. There is no metric of healthy targets, and none
of a service network as a whole.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-cloudwatch.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from constructs_lattice._tokens import is_token
from constructs_lattice.vpc_lattice.identifiers import Imported

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_cloudwatch as cloudwatch
    from constructs import Construct

__all__ = ["NAMESPACE", "CloudWatchMetrics", "ServiceMetrics", "TargetGroupMetrics", "is_of_requests"]

NAMESPACE = "AWS/VpcLattice"
"""The namespace of all metrics of VPC Lattice."""


class _Name(StrEnum):
    REQUEST_TIMEOUT_COUNT = "RequestTimeoutCount"
    TOTAL_REQUEST_COUNT = "TotalRequestCount"
    REQUEST_TIME = "RequestTime"
    HTTP_CODE_2XX_COUNT = "HTTPCode_2XX_Count"
    HTTP_CODE_3XX_COUNT = "HTTPCode_3XX_Count"
    HTTP_CODE_4XX_COUNT = "HTTPCode_4XX_Count"
    HTTP_CODE_5XX_COUNT = "HTTPCode_5XX_Count"
    TOTAL_CONNECTION_COUNT = "TotalConnectionCount"
    ACTIVE_CONNECTION_COUNT = "ActiveConnectionCount"
    CONNECTION_ERROR_COUNT = "ConnectionErrorCount"
    CONNECTION_TIMEOUT_COUNT = "ConnectionTimeoutCount"
    HTTP1_CONNECTION_COUNT = "HTTP1_ConnectionCount"
    HTTP2_CONNECTION_COUNT = "HTTP2_ConnectionCount"
    TOTAL_RECEIVED_CONNECTION_BYTES = "TotalReceivedConnectionBytes"
    TOTAL_SENT_CONNECTION_BYTES = "TotalSentConnectionBytes"
    ACTIVE_REQUEST_COUNT = "ActiveRequestCount"
    TLS_CONNECTION_ERROR_COUNT = "TLSConnectionErrorCount"
    TOTAL_TLS_CONNECTION_HANDSHAKE_COUNT = "TotalTLSConnectionHandshakeCount"


_AVERAGE, _SUM = "Average", "Sum"

# What CloudWatch does not have of target groups of TCP: whatever is about requests.
_OF_REQUESTS = frozenset(
    {
        _Name.HTTP1_CONNECTION_COUNT,
        _Name.HTTP2_CONNECTION_COUNT,
        _Name.TOTAL_REQUEST_COUNT,
        _Name.ACTIVE_REQUEST_COUNT,
        _Name.REQUEST_TIME,
        _Name.HTTP_CODE_2XX_COUNT,
        _Name.HTTP_CODE_3XX_COUNT,
        _Name.HTTP_CODE_4XX_COUNT,
        _Name.HTTP_CODE_5XX_COUNT,
    }
)


def is_of_requests(name: str) -> bool:
    """Whether a metric is about requests, which target groups of TCP do not know."""
    return name in _OF_REQUESTS


class CloudWatchMetrics:
    """Mixin of what has metrics: `metric` for all of them, and a method for each one that services and target groups
    have in common.

    Each method has the statistic that the documentation calls the most useful one. Metrics are reported once a minute,
    from the first request or connection on; a period is five minutes by default, as everywhere in the CDK. There is no
    unit to choose by: it would hide what is reported without one. Every other option is set by `with_` of the metric.
    """

    def metric(
        self,
        name: str,
        *,
        statistic: str | None = None,
        period: Duration | None = None,
        availability_zone: str | None = None,
    ) -> cloudwatch.Metric:
        """A metric by its name in CloudWatch.

        Args:
            name: The name, such as `TotalRequestCount`.
            statistic: `Sum`, `Average`, `p99` and so on. The most useful one by default.
            period: How long each point stands for. Five minutes by default.
            availability_zone: The Availability Zone. All of them by default.

        Raises:
            ArgumentError: It is about requests, and the target group speaks TCP.
        """
        most_useful = _AVERAGE if name == _Name.REQUEST_TIME else _SUM
        return self._metric(name, statistic or most_useful, period, availability_zone)

    def _metric(
        self, name: str, statistic: str, period: Duration | None, availability_zone: str | None
    ) -> cloudwatch.Metric:
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415 - loaded by who has metrics only

        self._check_metric(name)
        zone = {} if availability_zone is None else {"AvailabilityZone": availability_zone}
        account, region = self._elsewhere()
        metric = cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=str(name),
            dimensions_map={**zone, **self._dimension()},
            statistic=statistic,
            period=period,
            account=account,
            region=region,
        )
        return metric.attach_to(cast("Construct", self))

    def _dimension(self) -> dict[str, str]:
        raise NotImplementedError

    def _check_metric(self, name: str) -> None:
        """Raise `ArgumentError` when there is no such metric of it."""

    def _elsewhere(self) -> tuple[str | None, str | None]:
        """The account and the region of what is imported, where they are known."""
        if not isinstance(self, Imported) or is_token((self.env.account, self.env.region)):
            return None, None
        return self.env.account, self.env.region

    def metric_total_request_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many requests there were."""
        return self._metric(_Name.TOTAL_REQUEST_COUNT, statistic, period, availability_zone)

    def metric_request_time(
        self, *, statistic: str = _AVERAGE, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How long requests took, to the last byte, in milliseconds; `p99` and the like are of use, too."""
        return self._metric(_Name.REQUEST_TIME, statistic, period, availability_zone)

    def metric_http_code_2xx_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many requests were answered with a status code of 200 to 299."""
        return self._metric(_Name.HTTP_CODE_2XX_COUNT, statistic, period, availability_zone)

    def metric_http_code_3xx_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many requests were answered with a status code of 300 to 399."""
        return self._metric(_Name.HTTP_CODE_3XX_COUNT, statistic, period, availability_zone)

    def metric_http_code_4xx_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many requests were answered with a status code of 400 to 499."""
        return self._metric(_Name.HTTP_CODE_4XX_COUNT, statistic, period, availability_zone)

    def metric_http_code_5xx_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many requests were answered with a status code of 500 to 599."""
        return self._metric(_Name.HTTP_CODE_5XX_COUNT, statistic, period, availability_zone)


class ServiceMetrics(CloudWatchMetrics):
    """Mixin: the metrics of a service."""

    service_id: Any

    def _dimension(self) -> dict[str, str]:
        return {"Service": self.service_id}

    def metric_request_timeout_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many requests timed out while they waited for an answer."""
        return self._metric(_Name.REQUEST_TIMEOUT_COUNT, statistic, period, availability_zone)


class TargetGroupMetrics(CloudWatchMetrics):
    """Mixin: the metrics of a target group.

    Those about requests raise `ArgumentError` when it speaks TCP. None tells how many targets are healthy.
    """

    target_group_id: Any

    def _dimension(self) -> dict[str, str]:
        return {"TargetGroup": self.target_group_id}

    def metric_total_connection_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many connections there were."""
        return self._metric(_Name.TOTAL_CONNECTION_COUNT, statistic, period, availability_zone)

    def metric_active_connection_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many connections are open."""
        return self._metric(_Name.ACTIVE_CONNECTION_COUNT, statistic, period, availability_zone)

    def metric_connection_error_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many connections failed."""
        return self._metric(_Name.CONNECTION_ERROR_COUNT, statistic, period, availability_zone)

    def metric_connection_timeout_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many connections were not established in time."""
        return self._metric(_Name.CONNECTION_TIMEOUT_COUNT, statistic, period, availability_zone)

    def metric_http1_connection_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many connections of HTTP/1.1 there were."""
        return self._metric(_Name.HTTP1_CONNECTION_COUNT, statistic, period, availability_zone)

    def metric_http2_connection_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many connections of HTTP/2 there were."""
        return self._metric(_Name.HTTP2_CONNECTION_COUNT, statistic, period, availability_zone)

    def metric_total_received_connection_bytes(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many bytes connections received."""
        return self._metric(_Name.TOTAL_RECEIVED_CONNECTION_BYTES, statistic, period, availability_zone)

    def metric_total_sent_connection_bytes(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many bytes connections sent."""
        return self._metric(_Name.TOTAL_SENT_CONNECTION_BYTES, statistic, period, availability_zone)

    def metric_active_request_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many requests are being answered."""
        return self._metric(_Name.ACTIVE_REQUEST_COUNT, statistic, period, availability_zone)

    def metric_tls_connection_error_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many connections failed in TLS, but for certificates that were not accepted."""
        return self._metric(_Name.TLS_CONNECTION_ERROR_COUNT, statistic, period, availability_zone)

    def metric_total_tls_connection_handshake_count(
        self, *, statistic: str = _SUM, period: Duration | None = None, availability_zone: str | None = None
    ) -> cloudwatch.Metric:
        """How many connections were encrypted by TLS."""
        return self._metric(_Name.TOTAL_TLS_CONNECTION_HANDSHAKE_COUNT, statistic, period, availability_zone)
