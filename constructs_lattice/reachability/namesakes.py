"""Who has the address of somebody else, in VPCs whose blocks overlap.

SG-6: a rule that names a security group is for the private addresses of the group's members. Whether it is also for
others with these addresses, in a VPC to which packets get all the same, AWS does not say.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing
"""

from __future__ import annotations

from functools import cached_property
from itertools import combinations

from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import Ranges, intersect, union
from constructs_lattice.model.vpc import Interface, Vpc

__all__ = ["Namesakes"]

_VERSIONS = (4, 6)


class Namesakes:
    """The interfaces of one network that share an address with one elsewhere."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._groups: dict[str, frozenset[str]] = {}

    def groups_of(self, interface: Interface) -> frozenset[str]:
        """The groups of all interfaces in other VPCs that have, or may have, the address of this one."""
        others = self._rivals.get(self._vpc_of(interface))
        if others is None:
            return frozenset()
        if interface.id not in self._groups:
            self._groups[interface.id] = frozenset(
                group
                for each in self._network.interfaces.values()
                if self._vpc_of(each) in others and _share(interface, each)
                for group in each.groups or ()
            )
        return self._groups[interface.id]

    @cached_property
    def _rivals(self) -> dict[str, set[str]]:
        """The VPCs that overlap others, with these."""
        blocks = {vpc.id: [_ranges(vpc, version) for version in _VERSIONS] for vpc in self._network.vpcs.values()}
        found: dict[str, set[str]] = {}
        for one, other in combinations(blocks, 2):
            if any(intersect(own, theirs) for own, theirs in zip(blocks[one], blocks[other], strict=True)):
                found.setdefault(one, set()).add(other)
                found.setdefault(other, set()).add(one)
        return found

    def _vpc_of(self, interface: Interface) -> str:
        return self._network.subnets[interface.subnet].vpc


def _ranges(vpc: Vpc, version: int) -> Ranges:
    return union(each.ranges for each in vpc.blocks if each.version == version)


def _share(one: Interface, other: Interface) -> bool:
    return any(intersect(one.addresses(version), other.addresses(version)) for version in _VERSIONS)
