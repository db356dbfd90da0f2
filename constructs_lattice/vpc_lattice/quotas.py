"""Quotas that AWS raises on request: going beyond them is a warning that can be acknowledged.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/quotas.html
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from aws_cdk import Annotations

from constructs_lattice.vpc_lattice.regions import Region

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["Quota"]

_SMALL_REGION = "il-central-1"


class Quota(Enum):
    """A quota: what is counted, of what, how many there may be, how many in il-central-1, and the id of the warning."""

    LISTENERS = ("listeners", "service", 2, 2, "latticeListenersPerService")
    RULES = ("rules", "listener", 10, 5, "latticeRulesPerListener")
    TARGET_GROUPS = ("target groups", "service", 10, 5, "latticeTargetGroupsPerService")
    SERVICE_NETWORKS = ("service networks", "region", 50, 10, "latticeServiceNetworksPerRegion")
    SERVICES = ("services", "region", 2000, 500, "latticeServicesPerRegion")
    ALL_TARGET_GROUPS = ("target groups", "region", 500, 500, "latticeTargetGroupsPerRegion")
    SERVICE_ASSOCIATIONS = ("services", "service network", 500, 500, "latticeServicesPerServiceNetwork")
    VPC_ASSOCIATIONS = ("VPCs", "service network", 500, 500, "latticeVpcsPerServiceNetwork")
    ENDPOINTS = ("endpoints", "service network", 200, 200, "latticeEndpointsPerServiceNetwork")
    RESOURCES = ("resource configurations", "service network", 500, 500, "latticeResourcesPerServiceNetwork")
    RESOURCE_GATEWAYS = ("resource gateways", "vpc", 500, 500, "latticeResourceGatewaysPerVpc")
    RESOURCE_CONFIGURATIONS = ("resource configurations", "region", 2000, 2000, "latticeResourcesPerRegion")
    CHILDREN = ("children", "group", 60, 60, "latticeChildrenPerGroup")
    DOMAIN_VERIFICATIONS = ("domain verifications", "region", 5, 5, "latticeDomainVerificationsPerRegion")

    def warn(self, construct: IConstruct, before: int, now: int) -> None:
        """Add a warning to `construct` when the count goes beyond the quota now; once, however far it goes."""
        what, whole, usual, small, id_ = self.value
        if not any(before <= most < now for most in (small, usual)):
            return
        most = small if Region.of(construct).name == _SMALL_REGION else usual
        if before <= most < now:
            Annotations.of(construct).add_warning_v2(
                f"constructs-lattice:{id_}",
                f"more than {most:,} {what}; {most:,} a {whole} is the quota, which AWS raises on request",
            )
