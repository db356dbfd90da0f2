"""What is known of each service across an app: its ports, and the target groups that belong to it.

Services are told apart by their ARNs, so one that is made here and one that is imported are treated alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from constructs_lattice._construct import path_of, root_of
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.target_group import TargetGroupBase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import IConstruct

__all__ = ["ServiceLedger"]

# For each app: which service each target group belongs to, and the ledgers of the services, all by ARN.
_OWNERS: WeakKeyDictionary[Any, dict[str, ServiceLedger]] = WeakKeyDictionary()
_LEDGERS: WeakKeyDictionary[Any, dict[str, ServiceLedger]] = WeakKeyDictionary()


@dataclass(slots=True)
class ServiceLedger:
    """What is known of one service."""

    arn: str
    path: str
    service: interfaces.IServiceRef | None
    owners: dict[str, ServiceLedger]
    ports: dict[int, str] = field(default_factory=dict)
    listener_names: dict[str, str] = field(default_factory=dict)
    listeners: list[interfaces.IListenerRef] = field(default_factory=list)
    groups: dict[str, interfaces.ITargetGroupRef] = field(default_factory=dict)
    listener_watchers: list[Callable[[interfaces.IListenerRef], None]] = field(default_factory=list)
    group_watchers: list[Callable[[interfaces.ITargetGroupRef], None]] = field(default_factory=list)

    @classmethod
    def of(cls, service: interfaces.IServiceRef) -> ServiceLedger:
        """The ledger of a service, ours or not."""
        ledger = cls.of_arn(service, service.service_ref.service_arn)
        ledger.service = ledger.service or service
        return ledger

    @classmethod
    def of_arn(cls, construct: IConstruct, service_arn: str) -> ServiceLedger:
        """The ledger of the service with that ARN; the path of `construct` names it where it is new."""
        root = root_of(construct)
        ledgers = _LEDGERS.setdefault(root, {})
        if service_arn not in ledgers:
            ledgers[service_arn] = cls(service_arn, path_of(construct), None, _OWNERS.setdefault(root, {}))
        return ledgers[service_arn]

    def check_port(self, where: object, port: int) -> None:
        """Raise `ArgumentError` when a listener has the port."""
        if port in self.ports and not is_token(port):
            raise ArgumentError(f"{where}: port {port} is taken by listener {self.ports[port]!r}; choose another")

    def check_listener_name(self, where: object, name: str | None) -> None:
        """Raise `ArgumentError` when a listener has the name."""
        if name in self.listener_names and not is_token(name):
            raise ArgumentError(
                f"{where}: listener_name {name!r} is taken by listener {self.listener_names[name]!r}; leave it out, or "
                "choose another"
            )

    def check_groups(self, where: object, groups: Iterable[interfaces.ITargetGroupRef]) -> None:
        """Raise `ArgumentError` when a target group belongs to another service."""
        others = [*self.groups.values()]
        for group in groups:
            if isinstance(group, TargetGroupBase):
                group.check_service(where, self, others)
            others.append(group)
            owner = self.owners.get(group.target_group_ref.target_group_arn, self)
            if owner is not self:
                raise ArgumentError(
                    f"{where}: target group {group.node.path} belongs to service {owner.path}, got {self.path}; "
                    "a target group is for one service, make another one"
                )

    def add_listener(self, listener: interfaces.IListenerRef, id: str, port: int, name: str | None) -> None:
        """Note that a listener has that port and name, and warn when there are more of them than the quota."""
        self.ports[port] = id
        if name is not None:
            self.listener_names[name] = id
        self.listeners.append(listener)
        Quota.LISTENERS.warn(listener, len(self.listeners) - 1, len(self.listeners))
        for watcher in self.listener_watchers:
            watcher(listener)

    def add_groups(self, user: IConstruct, groups: Iterable[interfaces.ITargetGroupRef]) -> None:
        """Note that target groups belong to the service from now on, and warn when they are more than the quota."""
        before = len(self.groups)
        for group in groups:
            arn = group.target_group_ref.target_group_arn
            if arn not in self.groups:
                self.owners[arn] = self
                self.groups[arn] = group
                if isinstance(group, TargetGroupBase):
                    group.join(self)
                for watcher in self.group_watchers:
                    watcher(group)
        Quota.TARGET_GROUPS.warn(user, before, len(self.groups))

    def watch_listeners(self, watcher: Callable[[interfaces.IListenerRef], None]) -> None:
        """Call `watcher` with every listener that is made here, and with every one that is added."""
        for listener in self.listeners:
            watcher(listener)
        self.listener_watchers.append(watcher)

    def watch_groups(self, watcher: Callable[[interfaces.ITargetGroupRef], None]) -> None:
        """Call `watcher` with every target group of the service, and with every one that is added."""
        for group in self.groups.values():
            watcher(group)
        self.group_watchers.append(watcher)
