"""By which endpoints each VPC reaches each resource under its private name, which can be one only.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/resource-configuration.html#resource-configuration-accessing
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.looked_up import DUMMY_VPC_ID

if TYPE_CHECKING:
    from constructs import Construct

__all__ = ["ResourcePaths"]


def _paths() -> defaultdict[str, dict[str, str]]:
    return defaultdict(dict)


@dataclass(slots=True, weakref_slot=True)
class ResourcePaths:
    """What of an app has private DNS: resources in service networks, and the endpoints of VPCs. By ARNs and ids."""

    members: defaultdict[str, dict[str, str]] = field(default_factory=_paths)
    """The paths of the associations of each service network, by resource configuration."""

    network_endpoints: defaultdict[str, dict[str, str]] = field(default_factory=_paths)
    """The paths of the service network endpoints of each VPC, by service network."""

    resource_endpoints: defaultdict[str, dict[str, str]] = field(default_factory=_paths)
    """The paths of the resource endpoints of each VPC, by resource configuration."""

    @classmethod
    def of(cls, scope: Construct) -> ResourcePaths:
        """The paths of the app that `scope` is in."""
        return _APPS.setdefault(scope.node.root, cls())

    def check_member(self, where: object, network: str, configuration: str) -> None:
        """Raise `ArgumentError` when a VPC would have two ways to a resource that is added to a service network."""
        for vpc_id, networks in self.network_endpoints.items():
            if network in networks:
                self._check(where, networks[network], self.resource_endpoints[vpc_id].get(configuration))

    def check_network_endpoint(self, where: object, vpc_id: str, network: str) -> None:
        """Raise `ArgumentError` when the VPC has a resource endpoint for a resource of the service network."""
        for configuration, path in self.resource_endpoints[vpc_id].items():
            if configuration in self.members[network] and vpc_id != DUMMY_VPC_ID:
                self._check(where, str(where), path)

    def check_resource_endpoint(self, where: object, vpc_id: str, configuration: str) -> None:
        """Raise `ArgumentError` when the VPC has an endpoint for a service network that the resource is in."""
        for network, path in self.network_endpoints[vpc_id].items():
            if configuration in self.members[network] and vpc_id != DUMMY_VPC_ID:
                self._check(where, path, str(where))

    @staticmethod
    def _check(where: object, network_endpoint: str, resource_endpoint: str | None) -> None:
        if resource_endpoint is not None:
            raise ArgumentError(
                f"{where}: one resource would have private DNS in one vpc twice, by the service network endpoint "
                f"{network_endpoint} and by the resource endpoint {resource_endpoint}; leave private_dns out of one"
            )


_APPS: WeakKeyDictionary[Any, ResourcePaths] = WeakKeyDictionary()
