"""What is known of each service network across an app: the services that are in it.

Networks are told apart by their ARNs, so one that is made here and one that is imported are treated alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from constructs_lattice._construct import path_of, root_of
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import IConstruct

__all__ = ["NetworkLedger"]

# For each app, the ledgers of the networks, by ARN.
_LEDGERS: WeakKeyDictionary[Any, dict[str, NetworkLedger]] = WeakKeyDictionary()


@dataclass(slots=True)
class NetworkLedger:
    """What is known of one service network."""

    services: dict[str, interfaces.IServiceRef] = field(default_factory=dict)
    domains: dict[str, str] = field(default_factory=dict)
    watchers: list[Callable[[interfaces.IServiceRef], None]] = field(default_factory=list)

    @classmethod
    def of(cls, scope: IConstruct, network_arn: str) -> NetworkLedger:
        """The ledger of the service network with that ARN, in the app that `scope` is part of."""
        return _LEDGERS.setdefault(root_of(scope), {}).setdefault(network_arn, cls())

    def check(self, where: object, service: interfaces.IServiceRef) -> None:
        """Raise `ArgumentError` when the service is in the network already, or another one has its domain name."""
        if service.service_ref.service_arn in self.services:
            raise ArgumentError(
                f"{where}: service {path_of(service)} is in the service network already; leave out one association"
            )
        name = _domain_name(service)
        if name in self.domains:
            raise ArgumentError(
                f"{where}: service {self.domains[name]} has the custom_domain_name {name!r} in the service network, "
                f"got service {path_of(service)} with the same; names are unique there"
            )

    def add(self, service: interfaces.IServiceRef) -> None:
        """Tell those who watch the network of a service, and note that it is there, unless one of them refuses it."""
        for watcher in self.watchers:
            watcher(service)
        self.services[service.service_ref.service_arn] = service
        if name := _domain_name(service):
            self.domains[name] = path_of(service)

    def watch(self, watcher: Callable[[interfaces.IServiceRef], None]) -> None:
        """Call `watcher` with every service that is in the network, and with every one that is added."""
        for service in self.services.values():
            watcher(service)
        self.watchers.append(watcher)


def _domain_name(service: interfaces.IServiceRef) -> str | None:
    name: str | None = getattr(service, "custom_domain_name", None)
    return None if name is None or is_token(name) else name.lower()
