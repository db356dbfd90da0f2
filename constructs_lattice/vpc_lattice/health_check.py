"""Health checks of target groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from constructs_lattice._checks import check_pattern, check_range, check_text
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.durations import whole_seconds
from constructs_lattice.vpc_lattice.protocols import ProtocolVersion, TargetProtocol

if TYPE_CHECKING:
    from aws_cdk import Duration

__all__ = ["HealthCheck"]

_CODES = re.compile(r"[0-9]{3}(-[0-9]{3})?(,[0-9]{3}(-[0-9]{3})?)*")
_CODE_RANGE = (200, 499)
_LONGEST_CODES = 2000
_PATH = re.compile(r"/[a-zA-Z0-9@:%_+.~#?&/=-]*")
_LONGEST_PATH = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """How VPC Lattice finds out which targets are healthy. What is left out is VPC Lattice's choice.

    - `path`: the path that is asked for, at most 2,048 characters; `/` by default.
    - `interval`: 5 to 300 seconds between two checks; 30 by default.
    - `timeout`: 1 to 120 seconds to wait for an answer; 5 by default.
    - `healthy_threshold`, `unhealthy_threshold`: 2 to 10 checks in a row to change a target's state; 5 and 2 by
      default.
    - `codes`: status codes of healthy answers, within 200 to 499, such as `200`, `200,204` or `200-299`; 200 by
      default.
    - `port`: the port that is asked; the target's own by default.
    - `protocol`, `protocol_version`: HTTP or HTTPS, HTTP1 or HTTP2; those of the target group by default.

    Raises `ArgumentError` beyond these limits.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-group-health-checks.html
    """

    enabled: bool = True
    path: str | None = None
    interval: Duration | None = None
    timeout: Duration | None = None
    healthy_threshold: int | None = None
    unhealthy_threshold: int | None = None
    codes: str | None = None
    port: int | None = None
    protocol: TargetProtocol | None = None
    protocol_version: ProtocolVersion | None = None

    def __post_init__(self) -> None:
        """Check the limits."""
        where = "health check"
        check_text(where, "path", self.path, 1, _LONGEST_PATH)
        check_pattern(where, "path", self.path, _PATH, "begin with / and hold the characters of a URL only")
        check_range(where, "interval", whole_seconds(where, "interval", self.interval), 5, 300, unit="seconds")
        check_range(where, "timeout", whole_seconds(where, "timeout", self.timeout), 1, 120, unit="seconds")
        check_range(where, "healthy_threshold", self.healthy_threshold, 2, 10)
        check_range(where, "unhealthy_threshold", self.unhealthy_threshold, 2, 10)
        check_range(where, "port", self.port, 1, 65_535)
        check_pattern(where, "codes", self.codes, _CODES, "be status codes such as '200', '200,204' or '200-299'")
        check_text(where, "codes", self.codes, 3, _LONGEST_CODES)
        if self.codes is not None and not is_token(self.codes):
            for part in self.codes.split(","):
                least, _, most = part.partition("-")
                check_range(where, "codes", int(least), *_CODE_RANGE)
                check_range(where, "codes", int(most or least), int(least), _CODE_RANGE[1])
        if self.protocol_version is ProtocolVersion.GRPC:
            raise ArgumentError("health check: protocol_version must be HTTP1 or HTTP2, got GRPC")
        if self.protocol is TargetProtocol.TCP:
            raise ArgumentError("health check: protocol must be HTTP or HTTPS, got TCP")

    @classmethod
    def disabled(cls) -> Self:
        """No health checks: all targets are taken to be healthy."""
        return cls(enabled=False)

    def rendered(self) -> dict[str, Any]:
        """The health check as CloudFormation takes it."""
        properties = {
            "enabled": self.enabled,
            "path": self.path,
            "healthCheckIntervalSeconds": None if self.interval is None else self.interval.to_seconds(),
            "healthCheckTimeoutSeconds": None if self.timeout is None else self.timeout.to_seconds(),
            "healthyThresholdCount": self.healthy_threshold,
            "unhealthyThresholdCount": self.unhealthy_threshold,
            "matcher": None if self.codes is None else {"httpCode": self.codes},
            "port": self.port,
            "protocol": self.protocol,
            "protocolVersion": self.protocol_version,
        }
        return {key: value for key, value in properties.items() if value is not None}
