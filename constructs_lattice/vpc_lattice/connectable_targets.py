"""Target groups whose targets have security groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_ec2 as ec2

from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.target_group import TargetGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists

__all__ = ["ConnectableTargets", "check_prefix_lists"]


@jsii.implements(ec2.IConnectable)
class ConnectableTargets(TargetGroup):
    """A target group whose targets take requests and health checks from VPC Lattice."""

    _targets: Sequence[ec2.IConnectable]
    _prefix_lists: LatticePrefixLists | None
    _connections: ec2.Connections | None = None

    @property
    def connections(self) -> ec2.Connections:
        """The security groups of its targets: those that were given, and those of what registers itself.

        What is allowed here, is allowed for all of them, also for those that come later.
        """
        if self._connections is None:
            groups = [group for each in self._targets for group in each.connections.security_groups]
            self._connections = ec2.Connections(security_groups=groups, default_port=ec2.Port.tcp(self._ports[0]))
        return self._connections

    @property
    def prefix_lists(self) -> LatticePrefixLists | None:
        """From where its targets take requests and health checks, if that is looked after."""
        return self._prefix_lists

    def admit(
        self, targets: ec2.IConnectable, port: int | None = None, *, prefix_lists: LatticePrefixLists | None = None
    ) -> None:
        """Take in what registers itself: its security groups take requests on `port`, and health checks on theirs.

        The port is the target group's by default. Without prefix lists, given here or to the target group, the security
        groups stay as they are: they are the caller's own business.
        """
        self.connections.add_security_group(*targets.connections.security_groups)
        lists = prefix_lists or self._prefix_lists
        if lists is not None:
            lists.allow_from(targets, *self._open_ports([port]))

    def _connect(
        self,
        targets: Sequence[ec2.IConnectable],
        prefix_lists: LatticePrefixLists | None,
        ports: Sequence[int | None] = (),
    ) -> None:
        """Note whose security groups those of the targets are, and open them; `ports` are those of single targets."""
        self._targets = tuple(targets)
        self._prefix_lists = prefix_lists
        if prefix_lists is not None:
            # One by one: what is allowed by the connections would hold for those that register themselves, too.
            for each in targets:
                prefix_lists.allow_from(each, *self._open_ports(ports or [None]), beside=self)

    def _open_ports(self, ports: Sequence[int | None]) -> list[int]:
        own, *checked = self._ports
        return list(dict.fromkeys([*(own if port is None else port for port in ports), *checked]))


def check_prefix_lists(where: object, prefix_lists: LatticePrefixLists | None, group: str, *, ipv6: bool) -> None:
    """Raise `ArgumentError` when targets of IPv6 would take nothing, since there is no prefix list for them."""
    if ipv6 and prefix_lists is not None and prefix_lists.ipv6 is None:
        raise ArgumentError(f"{where}: prefix_lists has no ipv6, but {group} is of IPv6; add it")
