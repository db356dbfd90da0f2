"""How long something has to be wrong before it is an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from constructs_lattice._checks import check_range
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

__all__ = ["AlarmWindow"]

_MOST_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmWindow:
    """A number of periods, in some of which something has to be wrong.

    - `period`: how long each is, whole minutes; one minute by default, as often as VPC Lattice reports.
    - `breaching`: in how many of them it has to be wrong; 3 by default.
    - `out_of`: how many are looked at; 5 by default.

    Raises `ArgumentError` when more periods have to be wrong than are looked at, or when they are more than a day.
    """

    period: Duration | None = None
    breaching: int = 3
    out_of: int = 5

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_range("alarm window", "breaching", self.breaching, 1, self.out_of)
        seconds = self.each.to_seconds()
        if seconds % 60:
            raise ArgumentError(f"alarm window: period must be whole minutes, got {seconds} seconds")
        if seconds * self.out_of > _MOST_SECONDS:
            raise ArgumentError(
                f"alarm window: {self.out_of} periods of {seconds:,} seconds are more than a day; shorten them"
            )

    @property
    def each(self) -> Duration:
        """How long a period is."""
        return Duration.minutes(1) if self.period is None else self.period

    def alarm(
        self,
        scope: Construct,
        id: str,
        *,
        metric: cloudwatch.IMetric,
        threshold: float,
        description: str,
        actions: Sequence[cloudwatch.IAlarmAction],
    ) -> cloudwatch.Alarm:
        """An alarm for a metric that is above `threshold`. No points are no alarm: without traffic, there are none."""
        alarm = cloudwatch.Alarm(
            scope,
            id,
            metric=metric,
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            datapoints_to_alarm=self.breaching,
            evaluation_periods=self.out_of,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=description,
        )
        alarm.add_alarm_action(*actions)
        return alarm
