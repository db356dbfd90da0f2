"""Alarms for target groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice._checks import Place, check_range
from constructs_lattice._construct import LatticeConstruct, path_of
from constructs_lattice.errors import ArgumentError
from constructs_lattice.monitoring.alarm_window import AlarmWindow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch
    from constructs import Construct

    from constructs_lattice.vpc_lattice.target_group import TargetGroupBase

__all__ = ["TargetGroupAlarms"]


class TargetGroupAlarms(LatticeConstruct):
    """Alarms for a target group: connections to targets fail, are not established in time, or fail in TLS.

    They are what there is instead of an alarm for unhealthy targets, of which VPC Lattice has no metric.

    Args:
        scope: The construct that these alarms are part of.
        id: The id within `scope`.
        target_group: The target group, made here or imported.
        connection_errors: The alarm is on when more connections than this fail in a period. 0 by default; none leaves
            the alarm out.
        connection_timeouts: The alarm is on when more connections than this are not established in time. 0 by default;
            none leaves the alarm out.
        tls_errors: The alarm is on when more connections than this fail in TLS. 0 by default; none leaves the alarm
            out.
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
        target_group: TargetGroupBase,
        connection_errors: int | None = 0,
        connection_timeouts: int | None = 0,
        tls_errors: int | None = 0,
        window: AlarmWindow | None = None,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
    ) -> None:
        where = Place(scope, id)
        window = window or AlarmWindow()
        thresholds = {
            "ConnectionErrors": ("connection_errors", connection_errors, "connections fail"),
            "ConnectionTimeouts": (
                "connection_timeouts",
                connection_timeouts,
                "connections take too long",
            ),
            "TlsErrors": ("tls_errors", tls_errors, "connections fail in TLS"),
        }
        for argument, threshold, _ in thresholds.values():
            check_range(where, argument, threshold, 0, 1_000_000)
        if all(threshold is None for _, threshold, _ in thresholds.values()):
            raise ArgumentError(f"{where}: there is no alarm left; give a threshold for one")
        super().__init__(scope, id)
        metrics = {
            "ConnectionErrors": target_group.metric_connection_error_count(period=window.each),
            "ConnectionTimeouts": target_group.metric_connection_timeout_count(period=window.each),
            "TlsErrors": target_group.metric_tls_connection_error_count(period=window.each),
        }
        self._alarms = {
            id_: window.alarm(
                self,
                id_,
                metric=metrics[id_],
                threshold=threshold,
                description=f"{path_of(target_group)}: more than {threshold:,} {words}",
                actions=actions,
            )
            for id_, (_, threshold, words) in thresholds.items()
            if threshold is not None
        }

    @property
    def alarms(self) -> Mapping[str, cloudwatch.Alarm]:
        """The alarms: `ConnectionErrors`, `ConnectionTimeouts` and `TlsErrors`, as far as they are there."""
        return dict(self._alarms)
