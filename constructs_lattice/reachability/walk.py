"""Packets on their way through a network: one direction, without anybody who remembers connections.

A walk begins at an interface, or where packets enter from outside, and follows every packet until it arrives or is
lost. Sets of packets are split where a table or an ACL treats them differently. What security groups say is no part of
a walk, since they let answers through.
"""

from __future__ import annotations

from collections.abc import Iterable

from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import Ranges, union
from constructs_lattice.model.vpc import Interface, Subnet
from constructs_lattice.reachability.flow import Flow
from constructs_lattice.reachability.lookup import Tables
from constructs_lattice.reachability.public_access import PublicAccess
from constructs_lattice.reachability.run import Goals, Run
from constructs_lattice.reachability.state import Arrival, Place, State, Via, Walk
from constructs_lattice.reachability.transit import Transit

__all__ = ["Walker", "goals_by_vpc"]


class Walker:
    """Follows packets through one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.tables = Tables(network)
        self.transit = Transit(network, self.tables)
        self.public_access = PublicAccess(network)
        self._subnets = {(id_, v): _ranges(each.blocks, v) for id_, each in network.subnets.items() for v in (4, 6)}
        self._vpcs = {(id_, v): _ranges(each.blocks, v) for id_, each in network.vpcs.items() for v in (4, 6)}

    def from_interface(
        self, interface: Interface, flow: Flow, goals: Goals, *, are_answers: bool = False, is_traced: bool = True
    ) -> Walk:
        """What an interface sends; with the hops unless nobody wants them."""
        subnet = self.network.subnets[interface.subnet]
        run = Run(self, goals)
        start = State(flow=flow, origin=interface, zone=subnet.zone, is_answer=are_answers, is_traced=is_traced)
        run.leave(subnet, start)
        return run.walk

    def from_internet(self, gateway: str, flow: Flow, goals: Goals, *, are_answers: bool = False) -> Walk:
        """What enters through an internet gateway, or, as answers, through an egress-only one."""
        run = Run(self, goals)
        run.enter_from_internet(gateway, State(flow=flow, via=Via.INTERNET, is_answer=are_answers))
        return run.walk

    def from_site(self, gateway: str, flow: Flow, goals: Goals, *, are_answers: bool = False) -> Walk:
        """What enters through a virtual private gateway, or through an attachment of a Transit Gateway."""
        run = Run(self, goals)
        run.enter_from_site(gateway, State(flow=flow, via=Via.SITE, is_answer=are_answers))
        return run.walk

    def from_nat(self, subnet: Subnet, flow: Flow, goals: Goals) -> Walk:
        """What a NAT gateway hands back to its clients: by the route table of its subnet, for their addresses."""
        run = Run(self, goals)
        run.leave(subnet, State(flow=flow, zone=subnet.zone, is_answer=True))
        return run.walk

    def straight(self, sender: Interface | None, receiver: Interface, flow: Flow) -> Walk:
        """What needs no route: past the ACLs of both subnets only."""
        run = Run(self, goals_by_vpc(self.network, [receiver]))
        run.skip_routes(sender, receiver, State(flow=flow))
        return run.walk

    def depart(self, sender: Interface, flow: Flow) -> Walk:
        """What gets out of an interface's subnet to where no route is needed."""
        run = Run(self, {})
        subnet = self.network.subnets[sender.subnet]
        for passed in run.judge(subnet, State(flow=flow, origin=sender), is_egress=True):
            run.walk.arrivals.append(Arrival(place=Place.SERVICE, at=sender.id, state=passed))
        return run.walk

    def subnet_ranges(self, subnet: str, version: int) -> Ranges:
        """The addresses of a subnet."""
        return self._subnets[subnet, version]

    def vpc_ranges(self, vpc: str, version: int) -> Ranges:
        """The addresses of a VPC, as far as they are known."""
        return self._vpcs[vpc, version]


def goals_by_vpc(network: Network, interfaces: Iterable[Interface]) -> Goals:
    """Interfaces by the VPC that they are in."""
    goals: dict[str, list[Interface]] = {}
    for interface in interfaces:
        goals.setdefault(network.subnets[interface.subnet].vpc, []).append(interface)
    return goals


def _ranges(blocks: Iterable[object], version: int) -> Ranges:
    return union(block.ranges for block in blocks if block.version == version)  # type: ignore[attr-defined]
