"""Alarms and dashboards for services, target groups and service networks of VPC Lattice."""

from constructs_lattice.monitoring.alarm_window import AlarmWindow
from constructs_lattice.monitoring.network_dashboard import NetworkDashboard
from constructs_lattice.monitoring.server_errors import server_error_percent
from constructs_lattice.monitoring.service_alarms import ServiceAlarms
from constructs_lattice.monitoring.target_group_alarms import TargetGroupAlarms

__all__ = ["AlarmWindow", "NetworkDashboard", "ServiceAlarms", "TargetGroupAlarms", "server_error_percent"]
