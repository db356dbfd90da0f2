"""The rows of a service on a dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from aws_cdk import aws_cloudwatch as cloudwatch

from constructs_lattice._construct import path_of
from constructs_lattice.monitoring.server_errors import server_error_percent
from constructs_lattice.vpc_lattice.protocols import TargetProtocol
from constructs_lattice.vpc_lattice.service import Service
from constructs_lattice.vpc_lattice.service_ledger import ServiceLedger
from constructs_lattice.vpc_lattice.service_reference import ServiceBase
from constructs_lattice.vpc_lattice.target_group import TargetGroup, TargetGroupBase

if TYPE_CHECKING:
    from aws_cdk.interfaces import aws_vpclattice as interfaces

__all__ = ["Board", "ServiceRows"]

_WIDTH, _HEIGHT = 8, 6


class Board(Protocol):
    """What rows are added to: a construct with `add_row`."""

    def add_row(self, *widgets: cloudwatch.IWidget) -> None:
        """Add a row of widgets below those that are there."""


class ServiceRows:
    """What callers see of a service, and below it, once there is one, what its target groups do."""

    def __init__(self, board: Board, service: interfaces.IServiceRef) -> None:
        self._board = board
        self._targets: tuple[cloudwatch.GraphWidget, ...] | None = None
        path = path_of(service)
        ours = _service(board, service)
        board.add_row(cloudwatch.TextWidget(markdown=f"## {path}", width=3 * _WIDTH, height=1))
        board.add_row(_answers(ours), _failures(ours), _latency(ours))
        if isinstance(service, Service):
            # Its target groups may come later, after other services: their place is here.
            self._add_targets()
        ServiceLedger.of(service).watch_groups(self._add_group)

    def _add_targets(self) -> tuple[cloudwatch.GraphWidget, ...]:
        titles = ("requests to targets", "latency of targets, p99 in ms", "connections to targets that fail")
        self._targets = tuple(cloudwatch.GraphWidget(title=each, width=_WIDTH, height=_HEIGHT) for each in titles)
        self._board.add_row(*self._targets)
        return self._targets

    def _add_group(self, group: interfaces.ITargetGroupRef) -> None:
        requests, latency, failures = self._targets or self._add_targets()
        ours, name = _group(self._board, group), path_of(group)
        if ours.protocol is TargetProtocol.TCP:
            requests.add_left_metric(ours.metric_total_connection_count().with_(label=f"{name}, connections"))
        else:
            requests.add_left_metric(ours.metric_total_request_count().with_(label=name))
            latency.add_left_metric(ours.metric_request_time(statistic="p99").with_(label=name))
        for metric, words in (
            (ours.metric_connection_error_count(), "errors"),
            (ours.metric_connection_timeout_count(), "timeouts"),
            (ours.metric_tls_connection_error_count(), "TLS"),
        ):
            failures.add_left_metric(metric.with_(label=f"{name}, {words}"))


def _answers(service: ServiceBase) -> cloudwatch.GraphWidget:
    codes = {
        "2xx": service.metric_http_code_2xx_count(),
        "3xx": service.metric_http_code_3xx_count(),
        "4xx": service.metric_http_code_4xx_count(),
        "5xx": service.metric_http_code_5xx_count(),
    }
    left = [metric.with_(label=label) for label, metric in codes.items()]
    return cloudwatch.GraphWidget(title="answers", width=_WIDTH, height=_HEIGHT, left=left, stacked=True)


def _failures(service: ServiceBase) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title="failures",
        width=_WIDTH,
        height=_HEIGHT,
        left=[server_error_percent(service)],
        right=[service.metric_request_timeout_count().with_(label="timeouts")],
    )


def _latency(service: ServiceBase) -> cloudwatch.GraphWidget:
    left = [service.metric_request_time(statistic=each).with_(label=each) for each in ("p50", "p90", "p99")]
    return cloudwatch.GraphWidget(title="latency, ms", width=_WIDTH, height=_HEIGHT, left=left)


def _service(board: Any, service: interfaces.IServiceRef) -> ServiceBase:
    if isinstance(service, ServiceBase):
        return service
    return Service.from_service_arn(board, f"Service-{path_of(service)}", service.service_ref.service_arn)


def _group(board: Any, group: interfaces.ITargetGroupRef) -> TargetGroupBase:
    if isinstance(group, TargetGroupBase):
        return group
    arn = group.target_group_ref.target_group_arn
    return TargetGroup.from_target_group_arn(board, f"Group-{path_of(group)}", arn)
