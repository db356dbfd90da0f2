"""How many of the requests fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch

from constructs_lattice._checks import check_range

if TYPE_CHECKING:
    from aws_cdk import Duration

    from constructs_lattice.vpc_lattice.metrics import CloudWatchMetrics

__all__ = ["server_error_percent"]


def server_error_percent(
    of: CloudWatchMetrics, *, least_requests: int = 1, period: Duration | None = None
) -> cloudwatch.MathExpression:
    """The percentage of the requests that were answered with 500 to 599.

    Args:
        of: A service or a target group.
        least_requests: With fewer requests in a period it is 0: one failure out of two requests says little.
        period: How long each point stands for. Five minutes by default.

    Raises:
        ArgumentError: `least_requests` is less than 1, or the target group speaks TCP.
    """
    check_range("server_error_percent", "least_requests", least_requests, 1, 1_000_000)
    return cloudwatch.MathExpression(
        # Where nothing failed yet, there may be no points of failures; where nothing was asked for, there are none.
        expression=f"IF(requests >= {least_requests}, 100 * FILL(errors, 0) / requests, 0)",
        using_metrics={
            "errors": of.metric_http_code_5xx_count(period=period),
            "requests": of.metric_total_request_count(period=period),
        },
        period=period,
        label="5xx, % of requests",
    )
