"""Alarms for services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice._checks import Place, check_range
from constructs_lattice._construct import LatticeConstruct, path_of
from constructs_lattice.errors import ArgumentError
from constructs_lattice.monitoring.alarm_window import AlarmWindow
from constructs_lattice.monitoring.server_errors import server_error_percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import Duration
    from aws_cdk import aws_cloudwatch as cloudwatch
    from constructs import Construct

    from constructs_lattice.vpc_lattice.service_reference import ServiceBase

__all__ = ["ServiceAlarms"]


class ServiceAlarms(LatticeConstruct):
    """Alarms for a service: too many requests fail, take too long, or time out.

    None of them tells that targets are unhealthy, or that nobody calls: VPC Lattice has no metric of the one, and no
    points at all is what a service has that nobody called yet.

    Args:
        scope: The construct that these alarms are part of.
        id: The id within `scope`.
        service: The service, made here or imported.
        server_errors: The alarm is on when more than this percentage of the requests is answered with 500 to 599. 5 by
            default; none leaves the alarm out.
        least_requests: In a period with fewer requests, none of them counts as failed. 10 by default.
        latency: The alarm is on when one request in a hundred takes longer than this. None by default: no alarm.
        request_timeouts: The alarm is on when more requests than this time out in a period. 0 by default; none leaves
            the alarm out.
        window: How long it has to be like that. Three minutes out of five by default.
        actions: What happens then, such as a message. Nothing by default.

    Raises:
        ArgumentError: A number is out of its limits, or no alarm is left.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-cloudwatch.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: ServiceBase,
        server_errors: float | None = 5,
        least_requests: int = 10,
        latency: Duration | None = None,
        request_timeouts: int | None = 0,
        window: AlarmWindow | None = None,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
    ) -> None:
        where = Place(scope, id)
        check_range(where, "server_errors", server_errors, 0, 100, unit="%")
        check_range(where, "request_timeouts", request_timeouts, 0, 1_000_000)
        if server_errors is None and latency is None and request_timeouts is None:
            raise ArgumentError(f"{where}: there is no alarm left; give a threshold for one")
        super().__init__(scope, id)
        window = window or AlarmWindow()
        self._alarms: dict[str, cloudwatch.Alarm] = {}
        name = path_of(service)

        def add(id: str, metric: cloudwatch.IMetric, threshold: float, description: str) -> None:
            description = f"{name}: {description}"
            self._alarms[id] = window.alarm(
                self, id, metric=metric, threshold=threshold, description=description, actions=actions
            )

        if server_errors is not None:
            metric = server_error_percent(service, least_requests=least_requests, period=window.each)
            add("ServerErrors", metric, server_errors, f"more than {server_errors:g} % of the requests fail")
        if latency is not None:
            milliseconds = latency.to_milliseconds()
            slow = service.metric_request_time(statistic="p99", period=window.each)
            add("Latency", slow, milliseconds, f"one request in a hundred takes more than {milliseconds:,} ms")
        if request_timeouts is not None:
            timeouts = service.metric_request_timeout_count(period=window.each)
            add("RequestTimeouts", timeouts, request_timeouts, f"more than {request_timeouts:,} requests time out")

    @property
    def alarms(self) -> Mapping[str, cloudwatch.Alarm]:
        """The alarms: `ServerErrors`, `Latency` and `RequestTimeouts`, as far as they are there."""
        return dict(self._alarms)
