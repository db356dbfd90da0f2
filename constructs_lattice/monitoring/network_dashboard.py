"""A dashboard for a service network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Annotations
from aws_cdk import aws_cloudwatch as cloudwatch

from constructs_lattice._construct import LatticeConstruct, path_of
from constructs_lattice.monitoring.service_rows import ServiceRows
from constructs_lattice.vpc_lattice.access_log_queries import AccessLogQuery
from constructs_lattice.vpc_lattice.network_ledger import NetworkLedger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_logs as logs
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

__all__ = ["NetworkDashboard"]

_MOST_WIDGETS = 500
_LOGS = (AccessLogQuery.DENIED, AccessLogQuery.FAILURES, AccessLogQuery.SLOWEST)


class NetworkDashboard(LatticeConstruct):
    """A dashboard with two rows for each service of a network: what callers see of it, and its target groups.

    Services and target groups that join later are on it, too. Where they are in several stacks, the dashboard has to be
    in one that comes after theirs: it refers to them.

    VPC Lattice has no metrics of a network as a whole, and none of healthy targets.

    Args:
        scope: The construct that this dashboard is part of.
        id: The id within `scope`.
        service_network: The service network, made here or imported.
        services: The services that are on it. By default all that this app associates with the network; those that
            others associate have to be imported and named.
        log_group: Where the network's access logs are: with it, a row of answers from them comes first. None by
            default.
        dashboard_name: Its name. Made by CloudFormation by default.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-cloudwatch.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service_network: interfaces.IServiceNetworkRef,
        services: Sequence[interfaces.IServiceRef] | None = None,
        log_group: logs.ILogGroup | None = None,
        dashboard_name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._dashboard = cloudwatch.Dashboard(self, "Resource", dashboard_name=dashboard_name)
        self._widgets = 0
        self._rows: dict[str, ServiceRows] = {}
        self.add_row(cloudwatch.TextWidget(markdown=f"# {path_of(service_network)}", width=24, height=1))
        if log_group is not None:
            self.add_row(*(_from_logs(query, log_group) for query in _LOGS))
        if services is None:
            NetworkLedger.of(self, service_network.service_network_ref.service_network_arn).watch(self.add_service)
        else:
            for service in services:
                self.add_service(service)

    @property
    def dashboard(self) -> cloudwatch.Dashboard:
        """The dashboard itself, as aws-cdk-lib knows it."""
        return self._dashboard

    def add_service(self, service: interfaces.IServiceRef) -> None:
        """Add the rows of a service, once."""
        arn = service.service_ref.service_arn
        if arn not in self._rows:
            self._rows[arn] = ServiceRows(self, service)

    def add_row(self, *widgets: cloudwatch.IWidget) -> None:
        """Add a row of widgets below those that are there. More than 500 widgets are an error of synthesis."""
        self._dashboard.add_widgets(*widgets)
        before, self._widgets = self._widgets, self._widgets + len(widgets)
        if before <= _MOST_WIDGETS < self._widgets:
            Annotations.of(self).add_error(
                f"a dashboard has {_MOST_WIDGETS} widgets at most; make several, and name the services of each"
            )


def _from_logs(query: AccessLogQuery, log_group: logs.ILogGroup) -> cloudwatch.LogQueryWidget:
    return cloudwatch.LogQueryWidget(
        log_group_names=[log_group.log_group_name],
        query_string=query.text.replace("\n", ""),
        title=query.title,
        width=8,
        height=6,
        view=cloudwatch.LogQueryVisualizationType.TABLE,
    )
