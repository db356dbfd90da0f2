"""The Helm chart of the controller, and its values.

https://www.gateway-api-controller.eks.aws.dev/latest/guides/environment/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from constructs_lattice._checks import check_pattern, check_range
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.durations import whole_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import Duration

__all__ = ["CONTROLLER_NAMESPACE", "SERVICE_ACCOUNT", "ControllerChart", "LogLevel"]

CONTROLLER_NAMESPACE = "aws-application-networking-system"
"""The namespace that AWS's guides install the controller in."""

SERVICE_ACCOUNT = "gateway-api-controller"
"""The name of the controller's service account, in the chart."""

_VERSION = re.compile(r"v(\d+)\.(\d+)\.\d+")
_LEAST_VERSION = (2, 1)
_SHORTEST_RESYNC = 60
_OF_THE_CLUSTER = ("awsRegion", "awsAccountId", "clusterVpcId", "clusterName")


class LogLevel(StrEnum):
    """How much the controller says."""

    DEBUG = "debug"
    INFO = "info"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerChart:
    """The chart: where it comes from, and what the controller is told.

    - `version`: v2.1.0 or later. The permissions and the limits here are those of v2.1.3.
    - `repository`: the chart in an OCI registry; AWS's own in the public ECR by default.
    - `concurrent_reconciles`: how many routes of a kind are looked after at once. Ten by default, as AWS advises: with
      one, which is the controller's own default, pods that stop are deregistered late.
    - `resync`: how often changes that others made are found and undone, 60 seconds at least. Never by default.
    - `tagging_api`: whether tags are read by the Resource Groups Tagging API, which has public endpoints only. False
      for private clusters.
    - `dns_endpoints`: whether the chart brings the resource definition by which ExternalDNS makes records of hostnames.
      Not where ExternalDNS has brought it.
    - `values`: other values of the chart, such as tolerations. Those that are made here are an error.

    Raises `ArgumentError` beyond these limits.
    """

    version: str = "v2.1.3"
    repository: str = "oci://public.ecr.aws/aws-application-networking-k8s/aws-gateway-controller-chart"
    log_level: LogLevel = LogLevel.INFO
    concurrent_reconciles: int = 10
    resync: Duration | None = None
    tagging_api: bool = True
    dns_endpoints: bool = False
    values: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        """Check the limits."""
        where = "controller chart"
        check_pattern(where, "version", self.version, _VERSION, "be a version such as v2.1.3")
        numbers = _VERSION.fullmatch(self.version)
        if numbers and tuple(int(each) for each in numbers.groups()) < _LEAST_VERSION:
            raise ArgumentError(f"{where}: version must be v2.1.0 or later, got {self.version!r}")
        if not self.repository.startswith("oci://"):
            raise ArgumentError(f"{where}: repository must begin with oci://, got {self.repository!r}")
        check_range(where, "concurrent_reconciles", self.concurrent_reconciles, 1, 100)
        seconds = whole_seconds(where, "resync", self.resync)
        check_range(where, "resync", seconds, _SHORTEST_RESYNC, 86_400, unit="seconds")
        if taken := sorted(self._settings().keys() & (self.values or {}).keys()):
            raise ArgumentError(f"{where}: values must not hold {', '.join(taken)}, which the other arguments make")

    def values_for(
        self, *, cluster_name: str, vpc_id: str, account: str, region: str, role_arn: str | None = None
    ) -> dict[str, Any]:
        """The values of the chart for a cluster, new in each call: for a chart that GitOps installs, say.

        All of the cluster is told, so that the controller need not ask the metadata of its node, which answers pods
        with a hop limit of two only. There is no default service network: it is the gateways that name them. `role_arn`
        is for `ControllerCredentials.irsa()`.
        """
        values = self._settings() | {
            "awsRegion": region,
            "awsAccountId": account,
            "clusterVpcId": vpc_id,
            "clusterName": cluster_name,
        }
        if role_arn is not None:
            values["serviceAccount"]["annotations"] = {"eks.amazonaws.com/role-arn": role_arn}
        return {**values, **(self.values or {})}

    def _settings(self) -> dict[str, Any]:
        resync = whole_seconds("controller chart", "resync", self.resync)
        return {
            **dict.fromkeys(_OF_THE_CLUSTER),
            "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
            "log": {"level": str(self.log_level)},
            "routeMaxConcurrentReconciles": self.concurrent_reconciles,
            "disableTaggingServiceApi": not self.tagging_api,
            "installExternalDNSCRD": self.dns_endpoints,
            # The controller takes 0 for never.
            "reconcileDefaultResyncSeconds": 0 if resync is None else resync,
        }
