"""All pairs: which interfaces reach which, at which ports.

Interfaces in one subnet, with the same security groups and of one kind, are one class: what holds for one of them
holds for all. Packets of each class are followed once, wherever they go; the answers to them are among the packets of
the other class. What is not plain, because packets are translated or inspected on their way or something about them is
doubtful, is asked pair by pair. Interfaces whose addresses are not known, not even as ranges, are left out. What takes
no connections is no target, and VPC endpoints are no sources.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import EMPTY, Ranges, covers, intersect, subtract, union
from constructs_lattice.model.vpc import Interface, InterfaceKind
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.detours import Detours
from constructs_lattice.reachability.ends import TAKING_NOTHING, Host
from constructs_lattice.reachability.findings import Findings
from constructs_lattice.reachability.flow import ALL_PORTS, CLIENT_PORTS, TCP, UDP, Flow
from constructs_lattice.reachability.ports import port_ranges
from constructs_lattice.reachability.quantify import is_certain
from constructs_lattice.reachability.state import Arrival, Place, State
from constructs_lattice.reachability.walk import goals_by_vpc
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["Matrix", "Reach"]


@dataclass(frozen=True, slots=True)
class Reach:
    """The ports at which one class surely reaches another, and those at which nobody knows."""

    open: Ranges = EMPTY
    unsure: Ranges = EMPTY


@dataclass(slots=True)
class _Paths:
    """Where the packets of one class go: plainly to others, and what has to be asked pair by pair."""

    plain: dict[str, list[State]]
    intricate: set[str]
    translated: list[Arrival]


class Matrix:
    """Who reaches whom among all interfaces of a network, with TCP or UDP over one version of IP.

    `classes` are the members of each class by the first of them; `reach` has the pairs that are not surely unreachable.
    """

    def __init__(self, network: Network, protocol: int = TCP, version: int = 4) -> None:
        if protocol not in (TCP, UDP):
            raise ValueError(f"a matrix is of TCP or UDP, got protocol {protocol}")
        self._network = network
        self._protocol = protocol
        self._version = version
        self._connections = Connections(network)
        self.classes = _classes(network, version)
        self._first = {id_: members[0] for id_, members in self.classes.items()}
        self._everybody = union([each.addresses(version) for each in self._first.values()])
        self._ranges = port_ranges([network])
        self._goals = goals_by_vpc(network, self._first.values())
        detours = Detours(network)
        self._unsure = {id_ for id_, each in self._first.items() if detours.is_unsure(each)}
        self._paths = {id_: self._follow(each) for id_, each in self._first.items()}
        self.reach: Mapping[tuple[str, str], Reach] = dict(self._pairs())

    def _follow(self, interface: Interface) -> _Paths:
        """Every packet of a class, whatever its ports."""
        src = interface.addresses(self._version)
        flow = Flow(self._version, self._protocol, src, self._everybody, ALL_PORTS, ALL_PORTS)
        walk = self._connections.walker.from_interface(interface, flow, self._goals, is_traced=False)
        plain: dict[str, list[State]] = defaultdict(list)
        intricate: set[str] = set()
        for arrival in walk.arrivals:
            if arrival.place is Place.INTERFACE:
                plain[arrival.at].append(arrival.state)
                if arrival.state.doubts or arrival.state.choices or arrival.state.appliances:
                    intricate.add(arrival.at)
        for loss in walk.losses:
            if loss.is_doubtful:
                intricate |= self._at(loss.flow.dst)
        return _Paths(plain, intricate, [each for each in walk.arrivals if each.place is Place.NAT])

    def _at(self, dst: Ranges) -> set[str]:
        """The classes that have some of these addresses."""
        return {id_ for id_, each in self._first.items() if intersect(each.addresses(self._version), dst)}

    def _pairs(self) -> Iterator[tuple[tuple[str, str], Reach]]:
        for source, paths in self._paths.items():
            if not self._network.endpoints.keys().isdisjoint(self._first[source].owners):
                continue
            beyond = self._beyond(paths)
            doubtful = self._first if source in self._unsure else self._unsure
            for target in dict.fromkeys([*paths.plain, *paths.intricate, *beyond, *doubtful]):
                is_alone = target == source and len(self.classes[source]) == 1
                if is_alone or self._first[target].kind in TAKING_NOTHING:
                    continue
                back = self._paths[target]
                if target in doubtful:
                    found = self._doubted(source, target)
                elif target in paths.intricate or target in beyond or source in back.intricate:
                    found = self._asked(source, target)
                else:
                    found = self._plainly(source, target, paths.plain[target], back.plain.get(source, ()))
                if self._first[target].kind is InterfaceKind.RESOURCE_GATEWAY:
                    found = Reach(unsure=union([found.open, found.unsure]))
                if found.open or found.unsure:
                    yield (source, target), found

    def _doubted(self, source: str, target: str) -> Reach:
        """What something of unknown effects keeps from being sure: that packets pass, and, at the target, all."""
        asked = self._asked(source, target)
        return Reach(unsure=ALL_PORTS if target in self._unsure else union([asked.open, asked.unsure]))

    def _beyond(self, paths: _Paths) -> set[str]:
        """The classes that NAT gateways reach with the packets that come to them."""
        found: set[str] = set()
        for arrival in paths.translated:
            interface = self._network.nat_gateways[arrival.at].interface
            for target, states in self._paths[interface].plain.items() if interface in self._paths else ():
                if any(intersect(state.flow.dst, arrival.state.flow.dst) for state in states):
                    found.add(target)
        return found

    def _plainly(self, source: str, target: str, forward: Sequence[State], back: Sequence[State]) -> Reach:
        """Certain packets and certain answers: nothing is left but the security groups."""
        client, server = self._first[source], self._first[target]
        found: list[Ranges] = []
        for out in forward:
            for home in back:
                if home.appliances != tuple(reversed(out.appliances)):
                    continue
                answered = intersect(CLIENT_PORTS, home.flow.dport)
                is_whole = (
                    covers(answered, CLIENT_PORTS)
                    and covers(intersect(out.flow.src, home.flow.dst), client.addresses(self._version))
                    and covers(intersect(out.flow.dst, home.flow.src), server.addresses(self._version))
                )
                if not is_whole:
                    return self._asked(source, target)
                ports = self._admitted(client, server, out)
                if ports is None:
                    return self._asked(source, target)
                found.append(ports)
        return Reach(union(found))

    def _admitted(self, client: Interface, server: Interface, state: State) -> Ranges | None:
        """The ports at which the groups of both ends let packets through; none if they do not do so as a whole."""
        found = []
        for admitted, _, _ in self._connections.admit(Host(client), Host(server), state, Findings()):
            flow = admitted.flow
            if admitted.doubts or flow.src != state.flow.src or flow.dst != state.flow.dst:
                return None
            found.append(flow.dport)
        return union(found)

    def _asked(self, source: str, target: str) -> Reach:
        """The exact answer, for each range of ports that is treated alike."""
        client, server = Host(self._first[source]), Host(self._first[target])
        wanted = Wanted(self._protocol, ALL_PORTS, self._version)
        flow = wanted.first_packet(client.interface.addresses(self._version), server.interface.addresses(self._version))
        findings = self._connections.attempt(client, server, flow)
        sure: list[Ranges] = []
        maybe = union([each.flow.dport for each in findings.pieces])
        for low, high in self._ranges:
            pieces = [each for each in findings.pieces if intersect(each.flow.dport, ((low, low),))]
            if pieces and is_certain(pieces, flow.at(((low, low),)), frozenset({"dport"})) is not None:
                sure.append(((low, high),))
        opened = union(sure)
        unsure = ALL_PORTS if findings.doubtful else maybe
        return Reach(opened, subtract(unsure, opened))


def _classes(network: Network, version: int) -> dict[str, list[Interface]]:
    """The interfaces that are alike, by the first of them."""
    found: dict[tuple[object, ...], list[Interface]] = defaultdict(list)
    for each in network.interfaces.values():
        if each.addresses(version):
            settled = each.addresses(version) if version in each.settled else ()
            is_nat = each.id if each.kind is InterfaceKind.NAT_GATEWAY else ""
            key = (each.subnet, each.kind, each.groups, each.unknown_groups, settled, each.has_public_ipv4, is_nat)
            found[key].append(each)
    return {members[0].id: members for members in found.values()}
