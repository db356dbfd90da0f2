"""Halves of connections that managed services open or take: load balancers, PrivateLink, VPC Lattice.

No route is asked on these: the services find their way, and ACLs and security groups judge at the interface only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from constructs_lattice.model.mesh import MeshAssociation
from constructs_lattice.model.ranges import Ranges
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface
from constructs_lattice.reachability.answer import Answer, Verdict, reachable, unknown
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.ends import End, Host, Internet, addresses
from constructs_lattice.reachability.filters import Passed, Peer, pass_groups
from constructs_lattice.reachability.findings import GROUPS, Findings, chosen_by_opener, without_address
from constructs_lattice.reachability.flow import Flow
from constructs_lattice.reachability.quantify import Piece
from constructs_lattice.reachability.reason import Hop, Reason
from constructs_lattice.reachability.state import State, Walk
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["Handover"]

_NOBODY = Internet(())


class Handover:
    """Tries such halves in one network."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._network = connections.network
        self._walker = connections.walker

    def keeping_address(self, node: Interface, src: Ranges, server: Host, wanted: Wanted, *, is_any: bool) -> Answer:
        """Whether a server takes what a load balancer hands on with the addresses of its clients.

        LB-4: the server's groups see the client's address, or the load balancer's groups; never the client's groups.
        """
        dst = server.interface.addresses(wanted.version)
        if not src or not dst:
            return without_address(server, wanted.version)
        flow, findings = wanted.first_packet(src, dst), Findings()
        walk = self._walker.straight(node, server.interface, flow)
        findings.add_losses(walk.losses)
        hop = Hop(node.id, "hands it on with the client's address")
        for arrival in walk.arrivals:
            for admitted, _, _ in self._connections.admit(Host(node), server, arrival.state, findings):
                back = self._walker.straight(server.interface, node, admitted.flow.reply())
                _add(findings, _after(hop, admitted), back)
        chosen = {"dport"} | ({"src"} if is_any else set()) | ({"dst"} if server.is_any else set())
        return findings.verdict(flow, frozenset(chosen))

    def out_of_subnet(self, node: Interface, server: Host, wanted: Wanted) -> Answer:
        """NACL-9: whether the ACL of a Classic Load Balancer's subnet lets out what it sends to a target in there."""
        src, dst = node.addresses(wanted.version), server.interface.addresses(wanted.version)
        hop = (Hop(node.id, "sends it past the network ACL of its subnet"),)
        if node.subnet != server.interface.subnet or not src or not dst:
            return reachable("", hop)
        flow, findings = wanted.first_packet(src, dst), Findings()
        walk = self._walker.depart(node, flow)
        for loss in walk.losses:
            findings.add_losses([replace(loss, reason=replace(loss.reason, rule="NACL-9", code="ELB_ACL_RESTRICTION"))])
        for each in walk.arrivals:
            findings.add(Piece(flow=each.state.flow, doubts=each.state.doubts, forward=hop))
        return findings.verdict(flow, frozenset({"dport"}))

    def from_link(self, enforces: bool | Unknown, node: Interface, client: End, wanted: Wanted) -> Answer:  # noqa: FBT001
        """EP-3: over PrivateLink, a load balancer's groups see the client's private address, unless told otherwise."""
        src, hop = addresses(client, wanted.version), (Hop(node.id, "takes it from PrivateLink"),)
        if node.groups is None or enforces is False or not src:
            return reachable("", hop)
        flow, findings = wanted.first_packet(src, node.addresses(wanted.version)), Findings()
        for each in self._through(node.groups, node.unknown_groups, flow, Peer(), findings):
            findings.add(Piece(flow=each.flow, doubts=each.doubts, forward=hop))
        answer = findings.verdict(flow, chosen_by_opener(client, Host(node)))
        if isinstance(enforces, Unknown) and answer.verdict is not Verdict.REACHABLE:
            return unknown(Reason("EP-3", node.id, enforces.reason))
        return answer

    def to_mesh(self, client: Interface, dst: Ranges, wanted: Wanted, association: MeshAssociation) -> Answer:
        """Whether a client gets out to VPC Lattice, and past the groups of its VPC's association if it has any."""
        src = client.addresses(wanted.version)
        if not src:
            return without_address(Host(client), wanted.version)
        flow, findings = wanted.first_packet(src, dst), Findings()
        outward = self._walker.depart(client, flow)
        findings.add_losses(outward.losses)
        hop = Hop(association.id, "takes it into the service network")
        groups, unknown_groups = association.groups, association.unknown_groups
        peer = Peer(client.groups or (), client.unknown_groups)
        for arrival in outward.arrivals:
            for out in self._connections.judge(Host(client), _NOBODY, arrival.state, findings, is_egress=True):
                passed: Iterable[Passed] = [Passed(out.flow)]
                if groups or unknown_groups:
                    passed = self._through(groups, unknown_groups, out.flow, peer, findings)
                for each in passed:
                    back = self._walker.straight(None, client, each.flow.reply())
                    state = arrival.state.narrowed(each.flow, out.doubts | each.doubts)
                    _add(findings, _after(hop, state), back)
        return findings.verdict(flow, frozenset({"dport", "dst"}))

    def from_mesh(self, src: Ranges, server: Interface, wanted: Wanted, group: str) -> Answer:
        """Whether a target takes connections from VPC Lattice."""
        dst = server.addresses(wanted.version)
        if not dst:
            return without_address(Host(server), wanted.version)
        flow, findings = wanted.first_packet(src, dst), Findings()
        walk = self._walker.straight(None, server, flow)
        findings.add_losses(walk.losses)
        hop = Hop(group, "sends it to a target")
        for arrival in walk.arrivals:
            for in_ in self._connections.judge(Host(server), _NOBODY, arrival.state, findings, is_egress=False):
                back = self._walker.depart(server, in_.flow.reply())
                _add(findings, _after(hop, arrival.state.narrowed(in_.flow, in_.doubts)), back)
        return findings.verdict(flow, frozenset({"dport"}))

    def _through(
        self, groups: Sequence[str], unknown_groups: Sequence[Unknown], flow: Flow, peer: Peer, findings: Findings
    ) -> list[Passed]:
        passed, notes = pass_groups(self._network, groups, unknown_groups, flow, peer, is_egress=False)
        findings.block(GROUPS + 1, *notes)
        return passed


def _add(findings: Findings, admitted: State, back: Walk) -> None:
    """Note the packets whose answers get back."""
    findings.add_answer_losses(back.losses if not back.arrivals else (), forward=admitted.hops)
    for each in back.arrivals:
        findings.add(
            Piece(
                flow=admitted.flow.answered_by(each.state.flow),
                doubts=admitted.doubts | each.state.doubts,
                forward=admitted.hops,
                back=each.state.hops,
            )
        )


def _after(hop: Hop, state: State) -> State:
    """Packets that a service has handed on first."""
    return replace(state, hops=(hop, *state.hops))
