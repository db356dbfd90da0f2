"""Connections through NAT gateways: two halves, to the gateway, and on from it in its own name.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from constructs_lattice.model.block import INTERNET
from constructs_lattice.model.gateways import NatGateway
from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import intersect
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.reachability.ends import End, Host, Internet, Site
from constructs_lattice.reachability.filters import Passed
from constructs_lattice.reachability.findings import BEYOND, Findings, choices_of_answers
from constructs_lattice.reachability.flow import ALL_PORTS, CLIENT_PORTS, ICMP, ICMPV6, TCP, UDP, Flow
from constructs_lattice.reachability.quantify import Piece, covers
from constructs_lattice.reachability.reason import Hop, Reason
from constructs_lattice.reachability.state import Arrival, Choice, Loss, State, Walk, is_at
from constructs_lattice.reachability.walk import goals_by_vpc

if TYPE_CHECKING:
    from constructs_lattice.reachability.connection import Connections

__all__ = ["Translation"]


class Translation:
    """Continues connections behind NAT gateways."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._network: Network = connections.network

    def through(self, client: End, server: End, arrival: Arrival, findings: Findings, left: int) -> None:
        """Both halves of the connections that packets at a NAT gateway belong to."""
        nat, state = self._network.nat_gateways[arrival.at], arrival.state
        if left == 0:
            text = "the packets go round in circles between NAT gateways"
            findings.block(len(state.hops), Reason("RT-6", nat.id, text), forward=state.hops)
            return
        if not isinstance(client, Host | Site):
            text = "NAT gateways take nothing from the internet"
            reason = Reason("RT-6", nat.id, text, "NGW_REQUIRES_SOURCE_IN_VPC")
            findings.block(len(state.hops), reason, forward=state.hops)
            return
        if state.flow.protocol not in (TCP, UDP, ICMP, ICMPV6):
            text = "NAT gateways take TCP, UDP and ICMP only"
            findings.block(BEYOND, Reason("RT-6", nat.id, text, "PROTOCOL_RESTRICTION"), forward=state.hops)
            return
        for out in self._connections.judge(client, server, state, findings, is_egress=True):
            for far in self._beyond(nat, server, state.narrowed(out.flow), findings, left):
                near = out.flow.to(far.flow.dst).at(far.flow.dport)
                for piece in self._back(client, nat, arrival, near, findings):
                    findings.add(
                        Piece(
                            flow=piece.flow,
                            doubts=state.doubts | out.doubts | far.doubts | piece.doubts,
                            choices=(*state.choices, *_named(far.choices, nat.id), *piece.choices),
                            forward=(*_sent(client, out), *state.hops, *far.forward),
                            back=(*far.back, *piece.back),
                            appliances=(*state.appliances, *far.appliances),
                            is_half=far.is_half or piece.is_half,
                        )
                    )

    def _beyond(self, nat: NatGateway, server: End, near: State, findings: Findings, left: int) -> list[Piece]:
        """The half from the NAT gateway to the server."""
        flow = near.flow
        if nat.interface is None:
            return self._beyond_regional(nat, server, flow, findings)
        interface = self._network.interfaces[nat.interface]
        ports = CLIENT_PORTS if flow.protocol in (TCP, UDP) else ALL_PORTS
        if not interface.addresses(flow.version):
            findings.doubtful += [Reason("RES-6", nat.id, each.reason) for each in interface.doubts]
        own = replace(flow, src=interface.addresses(flow.version), sport=ports)
        far = self._connections.attempt(Host(interface), server, own, left - 1)
        findings.add_beyond(near.hops, far)
        return [_for_every_port(each, far.pieces, own, nat.id) for each in far.pieces]

    def _beyond_regional(self, nat: NatGateway, server: End, flow: Flow, findings: Findings) -> list[Piece]:
        """RT-7: a regional NAT gateway has a route to the internet gateway of its VPC by itself."""
        attached = {id_: self._network.leads_out(id_, nat.vpc) for id_ in self._network.internet_gateways}
        gateway = next((id_ for id_, leads in attached.items() if leads is True), None)
        if gateway is None:
            unknown = [(id_, each) for id_, each in attached.items() if isinstance(each, Unknown)]
            findings.doubtful += [Reason("RT-7", id_, each.reason) for id_, each in unknown]
            findings.block(BEYOND, Reason("RT-7", nat.id, "its VPC has no internet gateway"))
            return []
        if not isinstance(server, Internet):
            text = "where its own route table leads besides the internet is not modelled"
            findings.doubtful.append(Reason("RT-7", nat.id, text))
            return []
        vpc, access = self._network.vpcs[nat.vpc], self._connections.walker.public_access
        blocked = access.judge(vpc, None, is_outbound=True, is_outbound_only=True, is_behind_firewall=False)
        if blocked is not None:
            reason = Reason("RT-11", blocked.resource, blocked.text, "VPC_BLOCK_PUBLIC_ACCESS_ENABLED")
            findings.add_losses([Loss(flow=flow, reason=reason, is_doubtful=blocked.is_doubtful)])
            return []
        public = intersect(flow.dst, INTERNET[flow.version])
        forward = (Hop(nat.id, "sends it on in its own name"), Hop(gateway, "leaves to the internet"))
        back = (Hop(gateway, "enters from the internet"),)
        return [Piece(flow=flow.to(public), forward=forward, back=back)] if public else []

    def _back(
        self, client: Host | Site, nat: NatGateway, arrival: Arrival, flow: Flow, findings: Findings
    ) -> Iterator[Piece]:
        """The answers from the NAT gateway to the client, by the route table of the NAT gateway's subnet."""
        walk = self._walk_back(client, nat, flow.reply())
        found = False
        for each in walk.arrivals:
            is_half = each.state.appliances != tuple(reversed(arrival.state.appliances))
            if not is_at(each, client) or (is_half and not findings.shows_halves):
                continue
            choices = choices_of_answers(arrival.state.choices, each.state.choices)
            answered = flow.answered_by(each.state.flow)
            if choices is not None and not answered.is_empty:
                found = True
                hops = each.state.hops
                yield Piece(flow=answered, doubts=each.state.doubts, choices=choices, back=hops, is_half=is_half)
        if not found:
            findings.add_answer_losses(walk.losses)

    def _walk_back(self, client: Host | Site, nat: NatGateway, answers: Flow) -> Walk:
        walker = self._connections.walker
        if nat.subnet is not None:
            goals = goals_by_vpc(self._network, [client.interface] if isinstance(client, Host) else [])
            return walker.from_nat(self._network.subnets[nat.subnet], answers, goals)
        if isinstance(client, Host):
            return walker.straight(None, client.interface, answers)
        text = "where its own route table leads besides the internet is not modelled"
        return Walk([], [Loss(flow=answers, reason=Reason("RT-7", nat.id, text), is_doubtful=True)])


def _sent(client: End, out: Passed) -> tuple[Hop, ...]:
    if not isinstance(client, Host):
        return ()
    return (Hop(client.interface.id, f"sends it{f', {out.by} lets it out' if out.by else ''}"),)


def _for_every_port(piece: Piece, pieces: list[Piece], whole: Flow, nat: str) -> Piece:
    """The piece; doubtful if it works for some of the ports and addresses only that the NAT gateway may use.

    With other pieces, that is: those that hang on nothing else.
    """
    same = [each for each in pieces if each.doubts <= piece.doubts and set(each.choices) <= set(piece.choices)]
    if covers([piece, *same], replace(piece.flow, src=whole.src, sport=whole.sport)):
        return piece
    text = "it works for some of the ports or addresses only that the NAT gateway may use"
    return replace(piece, doubts=piece.doubts | {Reason("NACL-3", nat, text)})


def _named(choices: tuple[Choice, ...], name: str) -> tuple[Choice, ...]:
    return tuple(replace(choice, of=f"{name}:{choice.of}") for choice in choices)
