"""Connections: whether packets of a client get to a server, and the answers back.

SG-2: security groups remember connections; they judge the first packet only, at both interfaces. Everything else, ACLs
and routes, judges the answers as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from constructs_lattice.model.gateways import AttachmentKind
from constructs_lattice.model.network import Network
from constructs_lattice.model.vpc import InterfaceKind
from constructs_lattice.reachability.answer import Answer
from constructs_lattice.reachability.ends import End, Host, Internet, ServiceList, Site, addresses
from constructs_lattice.reachability.filters import Passed, Peer, pass_groups
from constructs_lattice.reachability.findings import (
    GROUPS,
    Findings,
    choices_of_answers,
    chosen_by_opener,
    without_address,
)
from constructs_lattice.reachability.flow import Flow
from constructs_lattice.reachability.namesakes import Namesakes
from constructs_lattice.reachability.quantify import Piece
from constructs_lattice.reachability.reason import Hop, Reason
from constructs_lattice.reachability.run import Goals
from constructs_lattice.reachability.state import Arrival, Loss, Place, State, Via, Walk, is_at
from constructs_lattice.reachability.translation import Translation
from constructs_lattice.reachability.walk import Walker, goals_by_vpc
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["Connections"]

_MOST_TRANSLATIONS = 3


class Connections:
    """Tries connections through one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.walker = Walker(network)
        self._translation = Translation(self)
        self._namesakes = Namesakes(network)

    def answer(self, client: End, server: End, wanted: Wanted) -> Answer:
        """Whether the client can connect to the server and gets answers."""
        src, dst = addresses(client, wanted.version), addresses(server, wanted.version)
        if not src or not dst:
            return without_address(client if not src else server, wanted.version)
        flow = wanted.first_packet(src, dst)
        return self.attempt(client, server, flow).verdict(flow, chosen_by_opener(client, server))

    def attempt(self, client: End, server: End, flow: Flow, translations: int = _MOST_TRANSLATIONS) -> Findings:
        """Send the first packets, see who gets them, and what becomes of the answers."""
        findings = Findings(shows_halves=self.network.shows_halves)
        walks = list(self._first(client, server, flow))
        if not walks:
            findings.block(0, _without_way(client, server))
        for start, walk in walks:
            findings.add_losses(walk.losses)
            for arrival in walk.arrivals:
                if arrival.place is Place.NAT:
                    self._translation.through(client, server, arrival, findings, translations)
                elif is_at(arrival, server):
                    self._judged(client, server, start, arrival, findings)
                elif arrival.place is Place.SITE and isinstance(server, Internet):
                    text = "whether the site sends it on to the internet is not in the templates"
                    findings.doubtful.append(Reason("VPN-1", arrival.at, text))
                else:
                    text = f"{arrival.at} leads to the {arrival.place}, not there"
                    reason = Reason("RT-2", arrival.at, text, "NO_POSSIBLE_DESTINATION")
                    findings.block(len(arrival.state.hops), reason, forward=arrival.state.hops)
        return findings

    def judge(self, end: End, peer: End, state: State, findings: Findings, *, is_egress: bool) -> list[Passed]:
        """What the security groups of one end let through; everything where it has none."""
        if not isinstance(end, Host) or end.interface.groups is None:
            return [Passed(state.flow)]
        interface = end.interface
        known = _peer(peer, state, is_egress=is_egress)
        namesakes = self._namesakes.groups_of(peer.interface) if isinstance(peer, Host) else None
        if namesakes:
            known = replace(known, namesakes=namesakes)
        passed, notes = pass_groups(
            self.network,
            interface.groups or (),
            interface.unknown_groups,
            state.flow,
            known,
            is_egress=is_egress,
        )
        findings.block(GROUPS if is_egress else GROUPS + 1, *notes, forward=() if is_egress else state.hops)
        return passed

    def admit(self, client: End, server: End, state: State, findings: Findings) -> Iterator[tuple[State, str, str]]:
        """The packets that the groups of the client let out and those of the server let in, and which rules do."""
        for out in self.judge(client, server, state, findings, is_egress=True):
            left = state.narrowed(out.flow, out.doubts)
            for in_ in self.judge(server, client, left, findings, is_egress=False):
                yield left.narrowed(in_.flow, in_.doubts), out.by, in_.by

    def _first(self, client: End, server: End, flow: Flow) -> Iterator[tuple[str, Walk]]:
        """The walks of the first packets: from every place where they may enter."""
        goals = self._goals(server)
        match client:
            case Host(interface=interface):
                yield interface.id, self.walker.from_interface(interface, flow, goals)
            case Internet():
                for gateway in self._internet_gateways_of(server):
                    yield gateway, self.walker.from_internet(gateway, flow, goals)
            case Site():
                for gateway in self._ways_from_sites():
                    yield gateway, self.walker.from_site(gateway, flow, goals)
            case ServiceList(endpoint=endpoint):
                text = "a gateway endpoint opens no connections"
                yield endpoint, Walk([], [Loss(flow=flow, reason=Reason("EP-1", endpoint, text))])

    def _goals(self, end: End) -> Goals:
        return goals_by_vpc(self.network, [end.interface] if isinstance(end, Host) else [])

    def _internet_gateways_of(self, server: End) -> list[str]:
        if not isinstance(server, Host):
            return []
        vpc = self.network.subnets[server.interface.subnet].vpc
        return [each for each in self.network.internet_gateways if self.network.leads_out(each, vpc) is not False]

    def _ways_from_sites(self) -> list[str]:
        vpn = [each.id for each in self.network.vpn_gateways.values()]
        return vpn + [each.id for each in self.network.attachments.values() if each.kind is AttachmentKind.VPN]

    def _judged(self, client: End, server: End, start: str, arrival: Arrival, findings: Findings) -> None:
        """Security groups at both ends, then the answers."""
        for admitted, out, in_ in self.admit(client, server, arrival.state, findings):
            walk = self._back(client, server, arrival, admitted.flow.reply())
            at_client = [each for each in walk.arrivals if is_at(each, client) and _is_way_of(each, start, client)]
            strays = [each for each in walk.arrivals if each not in at_client]
            walk = Walk(at_client, [*walk.losses, *(_stray(each) for each in strays)])
            hops = _judged_hops(client, server, admitted.hops, out, in_)
            for piece in _answered(replace(admitted, hops=hops), walk, findings):
                findings.add(
                    replace(
                        piece,
                        doubts=admitted.doubts | piece.doubts,
                        choices=(*admitted.choices, *piece.choices),
                        forward=hops,
                        appliances=admitted.appliances,
                    )
                )

    def _back(self, client: End, server: End, arrival: Arrival, answers: Flow) -> Walk:
        """The walk of the answers."""
        goals = self._goals(client)
        match server:
            case Host(interface=interface):
                if isinstance(client, Host) and _returns_to_sender(client, arrival):
                    return self.walker.straight(interface, client.interface, answers)
                return self.walker.from_interface(interface, answers, goals, are_answers=True)
            case Internet():
                return self.walker.from_internet(arrival.at, answers, goals, are_answers=True)
            case Site():
                return self.walker.from_site(arrival.at, answers, goals, are_answers=True)
            case ServiceList():
                # EP-1: straight to the client, past the ACL of its subnet.
                return (
                    self.walker.straight(None, client.interface, answers) if isinstance(client, Host) else Walk([], [])
                )


def _judged_hops(client: End, server: End, hops: tuple[Hop, ...], out: str, in_: str) -> tuple[Hop, ...]:
    """The stations with both ends, and the rules that let packets out and in."""
    if isinstance(client, Host):
        hops = (Hop(client.interface.id, f"sends it{_let(out, 'out')}"), *hops)
    if isinstance(server, Host):
        hops = (*hops[:-1], Hop(server.interface.id, f"takes it{_let(in_, 'in')}"))
    return hops


def _let(by: str, way: str) -> str:
    return f", {by} lets it {way}" if by else ""


def _stray(arrival: Arrival) -> Loss:
    text = f"they go to {arrival.at} instead"
    return arrival.state.loss(Reason("RT-2", arrival.at, text, "NO_POSSIBLE_DESTINATION"))


def _answered(state: State, walk: Walk, findings: Findings) -> Iterator[Piece]:
    """The packets whose answers get back, through the same appliances."""
    elsewhere: list[Reason] = []
    found = False
    for each in walk.arrivals:
        choices = choices_of_answers(state.choices, each.state.choices)
        answered = state.flow.answered_by(each.state.flow)
        if choices is None or answered.is_empty:
            continue
        is_half = each.state.appliances != tuple(reversed(state.appliances))
        if is_half and not findings.shows_halves:
            text = (
                f"packets pass {_listed(state.appliances)}, answers {_listed(each.state.appliances)}: "
                "an appliance drops what it sees one half of"
            )
            elsewhere.append(Reason("FW-4", each.at, text))
            continue
        found = True
        yield Piece(flow=answered, doubts=each.state.doubts, choices=choices, back=each.state.hops, is_half=is_half)
    if not found:
        findings.add_answer_losses(walk.losses, elsewhere, state.hops)
    else:
        findings.doubtful += [loss.reason for loss in walk.losses if loss.is_doubtful]


def _without_way(client: End, server: End) -> Reason:
    """Why nobody from outside gets in at all."""
    name = server.interface.id if isinstance(server, Host) else "the other end"
    if isinstance(client, Internet):
        return Reason("RT-4", name, "its VPC has no internet gateway", "NO_PATH")
    return Reason("VPN-1", name, "there is no connection to sites in the templates", "NO_PATH")


def _returns_to_sender(client: Host, arrival: Arrival) -> bool:
    """RT-6: over peering, answers to a NAT gateway find back without a route; ACLs judge them all the same."""
    return client.interface.kind is InterfaceKind.NAT_GATEWAY and arrival.state.via is Via.PEERING


def _is_way_of(arrival: Arrival, start: str, client: End) -> bool:
    """Answers to the internet leave by the gateway by which the packets came, and not by an egress-only one."""
    return not isinstance(client, Internet) or arrival.at == start


def _peer(end: End, state: State, *, is_egress: bool) -> Peer:
    if not isinstance(end, Host):
        return Peer()
    lost = state.lost
    if is_egress and lost is None and state.via is Via.TRANSIT:
        # SG-7: across a Transit Gateway, inbound rules only.
        text = "outbound rules cannot refer to security groups across a transit gateway"
        lost = Reason("SG-7", end.interface.id, text, "SG_REFERENCES_NOT_PRESERVED")
    return Peer(end.interface.groups or (), end.interface.unknown_groups, lost, state.doubt)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "no appliance"
