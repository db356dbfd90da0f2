"""Queries of access logs that are in CloudWatch, for CloudWatch Logs Insights.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-access-logs.html#monitoring-access-logs-contents
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from aws_cdk import aws_logs as logs

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct, path_of
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

__all__ = ["AccessLogQueries", "AccessLogQuery"]

# What stands in a field that has no value.
_NOTHING = '["null", "-", ""]'


class AccessLogQuery(Enum):
    """A question to the access logs of requests to services: `title` and `text`."""

    DENIED = (
        "denied, by whom",
        f"filter ispresent(authDeniedReason) and authDeniedReason not in {_NOTHING}",
        "stats count(*) as requests by callerPrincipal, resolvedUser, authDeniedReason, sourceVpcArn, serviceArn",
        "sort requests desc",
    )
    FAILURES = (
        "failures, by reason",
        f"filter ispresent(failureReason) and failureReason not in {_NOTHING}",
        "stats count(*) as requests by failureReason, serviceArn, targetGroupArn",
        "sort requests desc",
    )
    SLOWEST = (
        "slowest requests",
        "fields @timestamp, duration, requestToTargetDuration, responseFromTargetDuration, requestMethod, hostHeader, "
        "requestPath, responseCode, targetIpPort, callerPrincipal, requestId",
        "sort duration desc",
        "limit 100",
    )
    CALLERS = (
        "callers",
        "stats count(*) as requests, sum(bytesReceived) as received, sum(bytesSent) as sent, pct(duration, 99) as p99 "
        "by callerPrincipal, sourceVpcArn, serviceArn",
        "sort requests desc",
    )
    SERVER_ERRORS = (
        "5xx, by target",
        "filter responseCode >= 500",
        "stats count(*) as requests by targetGroupArn, targetIpPort, responseCode, failureReason",
        "sort requests desc",
    )

    @property
    def title(self) -> str:
        """What it asks for, in words."""
        return str(self.value[0])

    @property
    def text(self) -> str:
        """The query in the language of CloudWatch Logs Insights."""
        return "\n| ".join(self.value[1:])


class AccessLogQueries(LatticeConstruct):
    """Queries that the console offers under the log groups' access logs.

    Args:
        scope: The construct that these queries are part of.
        id: The id within `scope`.
        log_groups: Where the access logs are.
        queries: Which ones. All by default.
        folder: What they are listed under in the console, up to 200 characters. The path of this construct by default.

    Raises:
        ArgumentError: There is no log group.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        log_groups: Sequence[logs.ILogGroup],
        queries: Sequence[AccessLogQuery] = tuple(AccessLogQuery),
        folder: str | None = None,
    ) -> None:
        if not log_groups:
            raise ArgumentError(f"{Place(scope, id)}: queries are for log_groups, got none")
        super().__init__(scope, id)
        names = [group.log_group_name for group in log_groups]
        self._definitions = {
            query: logs.CfnQueryDefinition(
                self,
                query.name.title().replace("_", ""),
                name=f"{path_of(self) if folder is None else folder}/{query.title}",
                query_string=query.text,
                log_group_names=names,
            )
            for query in dict.fromkeys(queries)
        }

    @property
    def definitions(self) -> Mapping[AccessLogQuery, logs.CfnQueryDefinition]:
        """The queries, as CloudFormation knows them."""
        return dict(self._definitions)
