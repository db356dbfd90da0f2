"""Deployments of ECS services that shift requests between two target groups.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-lattice-resources-for-blue-green.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, Any, Self

from constructs_lattice._checks import check_range
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk.interfaces import aws_vpclattice as interfaces

__all__ = ["EcsDeployment", "EcsStrategy"]

_MOST_MINUTES = 1440
# CloudFormation gives up after 36 hours, and refuses what would take 33 by its own account.
_MOST_MINUTES_TOGETHER = 33 * 60
_USUAL_BAKE = 15
_USUAL_PAUSE = {"LINEAR": 6, "CANARY": 10}
_USUAL_PERCENT = {"LINEAR": 10.0, "CANARY": 5.0}
_LEAST_PERCENT = {"LINEAR": 3.0, "CANARY": 0.1}


class EcsStrategy(StrEnum):
    """How requests move from the tasks of the old revision to those of the new one."""

    BLUE_GREEN = "BLUE_GREEN"
    LINEAR = "LINEAR"
    CANARY = "CANARY"


@dataclass(frozen=True, slots=True, kw_only=True)
class EcsDeployment:
    """A deployment with two target groups, made by `blue_green`, `linear` or `canary`.

    - `alternate`: the other target group, of the same service and of the same kind as the first.
    - `production`: the rule that forwards the requests, to the first group with the weight 100 and to the alternate one
      with 0; or a listener whose default action does, such as a TLS_PASSTHROUGH listener, which has no rules.
    - `test`: another one of the same kind for requests that try the new revision before production moves; a rule must
      come before the one of production. None by default.
    - `bake_time`: how long both revisions run after all requests have moved, up to a day in whole minutes. 15 minutes
      by default.
    - `percent`: how much moves in each step of a linear deployment, 3 to 100, 10 by default; or in the first of the two
      of a canary deployment, 0.1 to 100, 5 by default.
    - `pause`: how long to wait between steps, up to a day in whole minutes. By default 6 minutes for a linear
      deployment, and 10 for a canary one.

    ECS owns the weights from the first deployment on. A change of the rule's action in the template would set them
    back: leave it as it is.

    Raises `ArgumentError` beyond these limits, and when all the waiting comes to more than 33 hours.
    """

    strategy: EcsStrategy
    alternate: interfaces.ITargetGroupRef
    production: interfaces.IRuleRef | interfaces.IListenerRef
    test: interfaces.IRuleRef | interfaces.IListenerRef | None = None
    bake_time: Duration | None = None
    percent: float | None = None
    pause: Duration | None = None

    def __post_init__(self) -> None:
        """Check the limits."""
        bake = _minutes("bake_time", self.bake_time, _USUAL_BAKE)
        pause = _minutes("pause", self.pause, _USUAL_PAUSE.get(self.strategy, 0))
        percent = _USUAL_PERCENT.get(self.strategy, 100.0) if self.percent is None else self.percent
        check_range("deployment", "percent", percent, _LEAST_PERCENT.get(self.strategy, 100.0), 100.0)
        # What only the deployment knows cannot be added up.
        if any(is_token(each) for each in (bake, pause, percent)):
            return
        if round(percent * 10, 6) % 1:
            raise ArgumentError(f"deployment: percent must be a multiple of 0.1, got {percent}")
        pauses = 1 if self.strategy is EcsStrategy.CANARY else ceil(round(100 / percent, 6)) - 1
        if (together := bake + pause * pauses) > _MOST_MINUTES_TOGETHER:
            raise ArgumentError(
                f"deployment: it would wait for {together:,} minutes, {_MOST_MINUTES_TOGETHER:,} is the most; "
                "shorten pause or bake_time, or take larger steps"
            )

    @classmethod
    def blue_green(
        cls,
        *,
        alternate: interfaces.ITargetGroupRef,
        production: interfaces.IRuleRef | interfaces.IListenerRef,
        test: interfaces.IRuleRef | interfaces.IListenerRef | None = None,
        bake_time: Duration | None = None,
    ) -> Self:
        """All requests move at once."""
        return cls(
            strategy=EcsStrategy.BLUE_GREEN, alternate=alternate, production=production, test=test, bake_time=bake_time
        )

    @classmethod
    def linear(
        cls,
        *,
        alternate: interfaces.ITargetGroupRef,
        production: interfaces.IRuleRef | interfaces.IListenerRef,
        test: interfaces.IRuleRef | interfaces.IListenerRef | None = None,
        percent: float | None = None,
        pause: Duration | None = None,
        bake_time: Duration | None = None,
    ) -> Self:
        """Requests move in equal steps."""
        return cls(
            strategy=EcsStrategy.LINEAR,
            alternate=alternate,
            production=production,
            test=test,
            percent=percent,
            pause=pause,
            bake_time=bake_time,
        )

    @classmethod
    def canary(
        cls,
        *,
        alternate: interfaces.ITargetGroupRef,
        production: interfaces.IRuleRef | interfaces.IListenerRef,
        test: interfaces.IRuleRef | interfaces.IListenerRef | None = None,
        percent: float | None = None,
        pause: Duration | None = None,
        bake_time: Duration | None = None,
    ) -> Self:
        """A few requests move first, the rest after a while."""
        return cls(
            strategy=EcsStrategy.CANARY,
            alternate=alternate,
            production=production,
            test=test,
            percent=percent,
            pause=pause,
            bake_time=bake_time,
        )

    def for_service(self) -> dict[str, Any]:
        """The deployment configuration as CloudFormation takes it, of which what is left out is ECS's choice."""
        configuration: dict[str, Any] = {"Strategy": self.strategy.value}
        if self.bake_time is not None:
            configuration["BakeTimeInMinutes"] = self.bake_time.to_minutes()
        name = self.strategy.value.title()
        step = {
            f"{'Step' if self.strategy is EcsStrategy.LINEAR else name}Percent": self.percent,
            f"{'Step' if self.strategy is EcsStrategy.LINEAR else name}BakeTimeInMinutes": (
                None if self.pause is None else self.pause.to_minutes()
            ),
        }
        if given := {key: value for key, value in step.items() if value is not None}:
            configuration[f"{name}Configuration"] = given
        return configuration


def arn_of(rule: interfaces.IRuleRef | interfaces.IListenerRef) -> str:
    """The ARN by which ECS knows a rule, or a listener's default action."""
    arn: str = rule.rule_ref.rule_arn if hasattr(rule, "rule_ref") else rule.listener_ref.listener_arn
    return arn


def _minutes(name: str, duration: Duration | None, usual: int) -> float:
    if duration is None:
        return usual
    minutes = duration.to_minutes(integral=False)
    if not is_token(minutes) and minutes != int(minutes):
        raise ArgumentError(f"deployment: {name} must be whole minutes, got {minutes}")
    check_range("deployment", name, minutes, 0, _MOST_MINUTES, unit="minutes")
    return minutes
