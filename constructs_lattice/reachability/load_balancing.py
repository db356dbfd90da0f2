"""Load balancers as ends of connections.

LB-2: an application load balancer takes connections and opens its own. A network load balancer hands them on: it is
reached if one of its targets takes what comes through it.

https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from constructs_lattice.model.block import EVERYTHING, Block
from constructs_lattice.model.services import (
    LoadBalancer,
    LoadBalancerKind,
    LoadBalancerListener,
    Target,
    TargetGroup,
)
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface
from constructs_lattice.reachability.answer import Answer, Verdict, all_of, any_of, unknown, unreachable
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.ends import End, Host, addresses, narrowed
from constructs_lattice.reachability.flow import TCP, UDP
from constructs_lattice.reachability.handover import Handover
from constructs_lattice.reachability.parties import hosts_at
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.state import same_zone
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["LoadBalancing", "protocols_of"]

_PROTOCOLS: dict[str, tuple[int, ...]] = {
    "HTTP": (TCP,),
    "HTTPS": (TCP,),
    "TCP": (TCP,),
    "TLS": (TCP,),
    "UDP": (UDP,),
    "TCP_UDP": (TCP, UDP),
    "QUIC": (UDP,),
    "TCP_QUIC": (TCP, UDP),
}


def protocols_of(listener: LoadBalancerListener) -> tuple[int, ...]:
    """The protocols of IP that a listener speaks."""
    return (TCP, UDP) if isinstance(listener.protocol, Unknown) else _PROTOCOLS.get(listener.protocol, ())


@dataclass(frozen=True, slots=True)
class _Way:
    """What comes through one interface of a load balancer to one of its listeners.

    `client` is whose address targets see if the load balancer keeps it; none where it never does.
    """

    balancer: LoadBalancer
    listener: LoadBalancerListener
    node: Interface
    client: End | None


class LoadBalancing:
    """Answers about the load balancers of one network."""

    def __init__(self, connections: Connections, handover: Handover) -> None:
        self._connections = connections
        self._handover = handover
        self._network = connections.network

    def to_balancer(self, client: End, balancer: LoadBalancer, wanted: Wanted) -> Answer:
        """Whether a load balancer takes a connection; a network load balancer, whether a target does."""
        unclear = _unclear(balancer)
        if unclear is not None:
            return unclear
        if wanted.protocol not in (TCP, UDP):
            text = "whether load balancers answer anything but TCP and UDP is not documented"
            return unknown(Reason("LB-2", balancer.id, text))
        listeners = [each for each in balancer.listeners if wanted.protocol in protocols_of(each)]
        text = "it has no listener for this protocol"
        none = Reason("LB-6", balancer.id, text, "ELBV2_LISTENERS_MISMATCH")
        return any_of((self._to_listener(client, balancer, each, wanted) for each in listeners), none)

    def _to_listener(
        self, client: End, balancer: LoadBalancer, listener: LoadBalancerListener, wanted: Wanted
    ) -> Answer:
        if isinstance(listener.port, Unknown):
            return unknown(Reason("LB-6", listener.id, listener.port.reason))
        at = wanted.at(listener.port)
        if at is None:
            text = f"it listens on port {listener.port}"
            return unreachable(Reason("LB-6", listener.id, text, "ELBV2_LISTENER_PORT_RESTRICTION"))
        nodes = [self._network.interfaces[each] for each in balancer.interfaces]
        if balancer.kind is not LoadBalancerKind.NETWORK:
            return any_of(self._connections.answer(client, Host(node), at) for node in nodes)
        return any_of(self._to_node(_Way(balancer, listener, node, client), client, at) for node in nodes)

    def _to_node(self, way: _Way, client: End, wanted: Wanted) -> Answer:
        """To one interface of a network load balancer, and on to some target: both for the same client."""
        taken = self._connections.answer(client, Host(way.node), wanted)
        if isinstance(client, Host) or taken.verdict is not Verdict.REACHABLE:
            return all_of([taken, self.to_targets(way, wanted)])
        same = self.to_targets(replace(way, client=narrowed(client, wanted.version, taken.source)), wanted)
        if same.verdict is Verdict.REACHABLE:
            return all_of([taken, same])
        others = self.to_targets(way, wanted)
        if others.verdict is not Verdict.REACHABLE:
            return all_of([taken, others])
        text = "whether one client gets past both the load balancer and a target is not worked out"
        return unknown(Reason("LB-4", way.balancer.id, text))

    def way(self, balancer: LoadBalancer, listener: LoadBalancerListener, node: Interface) -> _Way:
        """A way through a load balancer on which the client's address is never kept, as with PrivateLink."""
        return _Way(balancer, listener, node, None)

    def to_targets(self, way: _Way, wanted: Wanted) -> Answer:
        """Whether some target takes what comes this way."""
        answers = [unknown(Reason("LB-6", way.listener.id, each.reason)) for each in way.listener.doubts]
        for id_ in way.listener.groups:
            group = self._network.target_groups.get(id_)
            if group is None:
                answers.append(unknown(Reason("LB-6", id_, "the target group is not in the templates")))
                continue
            answers += [unknown(Reason("LB-6", id_, each.reason)) for each in group.doubts]
            answers += [self._to_target(way, group, target, wanted) for target in group.targets]
        none = Reason("LB-6", way.listener.id, "no target is registered with it", "ELBV2_LISTENER_HAS_NO_TG")
        return any_of(answers, none)

    def _to_target(self, way: _Way, group: TargetGroup, target: Target, wanted: Wanted) -> Answer:
        if target.doubt is not None:
            return unknown(Reason("LB-6", group.id, target.doubt.reason))
        if isinstance(target.port, Unknown):
            return unknown(Reason("LB-6", group.id, target.port.reason))
        on_port = wanted.to_port(target.port)
        if target.owner in self._network.load_balancers:
            return self.to_balancer(Host(way.node), self._network.load_balancers[target.owner], on_port)
        ends = self._ends_of(target)
        if not ends:
            text = f"target {target.owner or target.address} has no interface in the templates"
            return unknown(Reason("LB-6", group.id, text))
        return any_of(self._to_end(way, group, end, on_port) for end in ends)

    def _to_end(self, way: _Way, group: TargetGroup, end: End, wanted: Wanted) -> Answer:
        apart = self._in_other_zone(way.balancer, group, way.node, end)
        if apart is not None:
            return apart
        own = self._connections.answer(Host(way.node), end, wanted)
        keeps = group.preserves_client_ip
        if way.client is None or keeps is False or not isinstance(end, Host) or not self._is_near(way.node, end):
            return own
        kept = self._keeping_address(way.client, way.node, end, wanted)
        return kept if keeps is True else _whichever(kept, own, group)

    def _is_near(self, node: Interface, end: Host) -> bool:
        """LB-4: addresses are kept within the VPC only."""
        home, there = (self._network.subnets[each.subnet].vpc for each in (node, end.interface))
        return home == there

    def _keeping_address(self, client: End, node: Interface, end: Host, wanted: Wanted) -> Answer:
        if isinstance(client, Host) and client.interface.id == end.interface.id:
            text = "a target cannot reach itself through a load balancer that keeps the client's address"
            return unreachable(Reason("LB-4", node.id, text, "ELBV2_SOURCE_ADDRESS_PRESERVATION"))
        is_any = not isinstance(client, Host) or client.is_any
        src = addresses(client, wanted.version)
        return self._handover.keeping_address(node, src, end, wanted, is_any=is_any)

    def _ends_of(self, target: Target) -> list[End]:
        if target.address:
            return list(hosts_at(self._network, Block.of(target.address)))
        return [Host(each) for each in self._network.interfaces.values() if target.owner in each.owners]

    def _in_other_zone(self, balancer: LoadBalancer, group: TargetGroup, node: Interface, end: End) -> Answer | None:
        """LB-5: without cross-zone load balancing, a target is reached from its own zone only."""
        crosses = balancer.is_cross_zone if group.is_cross_zone is None else group.is_cross_zone
        if crosses is True or not isinstance(end, Host):
            return None
        zones = [self._network.subnets[each.subnet].zone for each in (node, end.interface)]
        is_same = node.subnet == end.interface.subnet or same_zone(*zones)
        if is_same is True:
            return None
        text = f"{end.interface.id} is in another zone than {node.id}, and cross-zone load balancing is off"
        if is_same is None or isinstance(crosses, Unknown):
            return unknown(Reason("LB-5", balancer.id, f"it may be that {text}", "ELB_NOT_CROSSZONE"))
        return unreachable(Reason("LB-5", balancer.id, text, "ELB_NOT_CROSSZONE"))

    # What load balancers open

    def from_balancer(self, balancer: LoadBalancer, server: Interface, wanted: Wanted) -> Answer:
        """Whether a load balancer can open a connection to a registered target, on the port of the target."""
        unclear = _unclear(balancer)
        if unclear is not None:
            return unclear
        answers: list[Answer] = []
        for listener, group, target in self._registrations(balancer):
            if not self._is_of(target, server):
                continue
            if isinstance(target.port, Unknown):
                answers.append(unknown(Reason("LB-6", group.id, target.port.reason)))
                continue
            at = wanted.at(target.port)
            if at is not None and wanted.protocol in _protocols_of_group(group, listener):
                nodes = (self._network.interfaces[each] for each in balancer.interfaces)
                answers += [self._from_node(balancer, group, node, server, at) for node in nodes]
        answers += [
            unknown(Reason("LB-6", each.id, doubt.reason)) for each in balancer.listeners for doubt in each.doubts
        ]
        text = f"{server.owners[0] if server.owners else server.id} is not registered with it on this port"
        return any_of(answers, Reason("LB-6", balancer.id, text, "TARGET_PORT_RESTRICTION"))

    def _from_node(
        self, balancer: LoadBalancer, group: TargetGroup, node: Interface, server: Interface, wanted: Wanted
    ) -> Answer:
        apart = self._in_other_zone(balancer, group, node, Host(server))
        if apart is not None:
            return apart
        own = self._connections.answer(Host(node), Host(server), wanted)
        keeps = group.preserves_client_ip
        if balancer.kind is not LoadBalancerKind.NETWORK or keeps is False or not self._is_near(node, Host(server)):
            return own
        anybody = EVERYTHING[wanted.version]
        kept = self._handover.keeping_address(node, anybody, Host(server), wanted, is_any=True)
        return kept if keeps is True else _whichever(kept, own, group)

    def _registrations(self, balancer: LoadBalancer) -> Iterator[tuple[LoadBalancerListener, TargetGroup, Target]]:
        for listener in balancer.listeners:
            for id_ in listener.groups:
                if (group := self._network.target_groups.get(id_)) is not None:
                    yield from ((listener, group, target) for target in group.targets)

    def _is_of(self, target: Target, server: Interface) -> bool:
        if target.doubt is not None:
            return False
        if target.owner:
            return target.owner in server.owners
        return any(isinstance(end, Host) and end.interface.id == server.id for end in self._ends_of(target))


def _unclear(balancer: LoadBalancer) -> Answer | None:
    """Unknown for what is not modelled."""
    if isinstance(balancer.kind, Unknown):
        return unknown(Reason("LB-1", balancer.id, balancer.kind.reason))
    if balancer.kind is LoadBalancerKind.GATEWAY:
        return unknown(Reason("FW-5", balancer.id, "what lies behind a Gateway Load Balancer is not modelled"))
    if balancer.doubts:
        return unknown(*(Reason("LB-1", balancer.id, each.reason) for each in balancer.doubts))
    return None


def _protocols_of_group(group: TargetGroup, listener: LoadBalancerListener) -> tuple[int, ...]:
    own = (TCP, UDP) if isinstance(group.protocol, Unknown) else _PROTOCOLS.get(group.protocol, (TCP,))
    return tuple(each for each in own if each in protocols_of(listener))


def _whichever(kept: Answer, own: Answer, group: TargetGroup) -> Answer:
    """An answer that does not hang on whether the client's address is kept; else unknown."""
    if kept.verdict is own.verdict:
        return kept
    return unknown(Reason("LB-4", group.id, "whether it keeps the client's address is not known"))
