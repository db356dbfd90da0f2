"""Load balancers as ends of connections.

LB-2: an application load balancer takes connections and opens its own. A network load balancer hands them on: it is
reached if one of its targets takes what comes through it.

https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
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
from constructs_lattice.model.vpc import Interface, InterfaceKind
from constructs_lattice.reachability.answer import Answer, Verdict, all_of, any_of, unknown, unreachable
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.ends import End, Host, Internet, narrowed
from constructs_lattice.reachability.flow import TCP, UDP
from constructs_lattice.reachability.handover import Handover
from constructs_lattice.reachability.parties import in_lost_subnet, may_be_at
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.registration import Registration, Way
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
class _Registered:
    """A target, with its group and a listener that forwards to it."""

    listener: LoadBalancerListener
    group: TargetGroup
    target: Target

    @property
    def protocols(self) -> tuple[int, ...]:
        """The protocols of IP that both the listener and the group speak."""
        said = self.group.protocol
        own = (TCP, UDP) if isinstance(said, Unknown) else _PROTOCOLS.get(said, (TCP,))
        return tuple(each for each in own if each in protocols_of(self.listener))


class LoadBalancing:
    """Answers about the load balancers of one network."""

    def __init__(self, connections: Connections, handover: Handover) -> None:
        self._connections = connections
        self._handover = handover
        self._registration = Registration(connections, handover)
        self._network = connections.network

    # What load balancers take

    def to_balancer(self, client: End, balancer: LoadBalancer, wanted: Wanted) -> Answer:
        """Whether a load balancer takes a connection; a network load balancer, whether a target does."""
        unclear = _unclear(balancer)
        if unclear is not None:
            return unclear
        if wanted.protocol not in (TCP, UDP):
            return self._to_itself(client, balancer, wanted)
        listeners = [each for each in balancer.listeners if wanted.protocol in protocols_of(each)]
        text = "it has no listener for this protocol"
        none = Reason("LB-6", balancer.id, text, _code(balancer, "LISTENERS_MISMATCH"))
        return any_of((self._to_listener(client, balancer, each, wanted) for each in listeners), none)

    def _to_itself(self, client: End, balancer: LoadBalancer, wanted: Wanted) -> Answer:
        """What no listener takes: application load balancers answer pings that their security groups let in.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html
        """
        nodes = [self._network.interfaces[each] for each in balancer.interfaces]
        none = Reason("LB-6", balancer.id, "it has no interface in the templates")
        answer = any_of((self._connections.answer(client, Host(node), wanted) for node in nodes), none)
        answers_pings = balancer.kind is LoadBalancerKind.APPLICATION and wanted.is_ping
        if answers_pings or answer.verdict is not Verdict.REACHABLE:
            return answer
        text = "what load balancers of this type answer besides TCP and UDP is not documented"
        return unknown(Reason("LB-2", balancer.id, text))

    def _to_listener(
        self, client: End, balancer: LoadBalancer, listener: LoadBalancerListener, wanted: Wanted
    ) -> Answer:
        if isinstance(listener.port, Unknown):
            return unknown(Reason("LB-6", listener.id, listener.port.reason))
        at = wanted.at(listener.port)
        if at is None:
            text = f"it listens on port {listener.port}"
            return unreachable(Reason("LB-6", listener.id, text, _code(balancer, "LISTENER_PORT_RESTRICTION")))
        nodes = [self._network.interfaces[each] for each in balancer.interfaces]
        if balancer.kind is not LoadBalancerKind.NETWORK:
            return any_of(self._connections.answer(client, Host(node), at) for node in nodes)
        ways = (Way(balancer, listener, node, wanted.version, client) for node in nodes)
        return any_of(self._to_node(way, client, at) for way in ways)

    def _to_node(self, way: Way, client: End, wanted: Wanted) -> Answer:
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

    def to_targets(self, way: Way, wanted: Wanted) -> Answer:
        """Whether some target takes what comes this way."""
        answers = [unknown(Reason("LB-6", way.listener.id, each.reason)) for each in way.listener.doubts]
        for id_ in way.listener.groups:
            group = self._network.target_groups.get(id_)
            if group is None:
                answers.append(unknown(Reason("LB-6", id_, "the target group is not in the templates")))
                continue
            answers += [_unregistered(group, each.reason) for each in group.doubts]
            answers += [self._to_target(way, group, target, wanted) for target in group.targets]
            if not group.targets and not group.doubts:
                answers.append(_unregistered(group, _EMPTY))
        none = Reason("LB-6", way.listener.id, "it forwards to no target group", "ELBV2_LISTENER_HAS_NO_TG")
        return any_of(answers, none)

    def _to_target(self, way: Way, group: TargetGroup, target: Target, wanted: Wanted) -> Answer:
        for doubt in (target.doubt, target.port, group.version):
            if isinstance(doubt, Unknown):
                return unknown(Reason("LB-6", group.id, doubt.reason))
        on_port = _on_target(group, target, wanted)
        if target.owner in self._network.load_balancers:
            return self._to_next(way, group, self._network.load_balancers[target.owner], on_port)
        ends = self._registration.ends_of(group, target)
        if not ends:
            text = f"target {target.owner or target.address} has no interface in the templates"
            return unknown(Reason("LB-6", group.id, text))
        answer = any_of(self._registration.to_end(way, group, end, on_port) for end in ends)
        lost = in_lost_subnet(self._network, Block.of(target.address)) if target.address else None
        return answer if lost is None or answer.verdict is not Verdict.UNREACHABLE else unknown(lost)

    def _to_next(self, way: Way, group: TargetGroup, balancer: LoadBalancer, wanted: Wanted) -> Answer:
        """LB-6: an application load balancer behind a network load balancer, which keeps the client's address."""
        unclear = _unclear(balancer)
        if unclear is not None:
            return unclear
        ports = [each.port for each in balancer.listeners]
        if not any(isinstance(each, Unknown) or wanted.at(each) for each in ports):
            text = "it has no listener on the port of the target group"
            return unreachable(Reason("LB-6", balancer.id, text, "ELBV2_LISTENERS_MISMATCH"))
        nodes = (Host(self._network.interfaces[each]) for each in balancer.interfaces)
        return any_of(self._registration.to_end(way, group, node, wanted) for node in nodes)

    # What load balancers open

    def from_balancer(self, balancer: LoadBalancer, server: Interface, wanted: Wanted) -> Answer:
        """Whether a load balancer can open a connection to a registered target, on the port of the target."""
        unclear = _unclear(balancer)
        if unclear is not None:
            return unclear
        if server.kind is InterfaceKind.FUNCTION:
            return unreachable(Reason("LB-7", server.id, "functions are called, and take no connections"))
        answers: list[Answer] = []
        for registered in self._registrations(balancer):
            if self._is_of(registered, server) and wanted.protocol in registered.protocols:
                answers += self._to_registered(balancer, registered, server, wanted)
            elif may_be_at(registered.target.address, server):
                answers.append(_unregistered(registered.group, f"whether {server.id} is at this address is not known"))
        answers += [_unregistered(each, reason) for each, reason in self._open_groups(balancer, wanted)]
        answers += [
            unknown(Reason("LB-6", each.id, doubt.reason)) for each in balancer.listeners for doubt in each.doubts
        ]
        text = f"{server.owners[0] if server.owners else server.id} is not registered with it on this port"
        return any_of(answers, Reason("LB-6", balancer.id, text, "TARGET_PORT_RESTRICTION"))

    def _to_registered(
        self, balancer: LoadBalancer, registered: _Registered, server: Interface, wanted: Wanted
    ) -> Iterator[Answer]:
        """The connections of all interfaces of a load balancer to a target, for some client."""
        group, target = registered.group, registered.target
        for doubt in (target.port, group.version):
            if isinstance(doubt, Unknown):
                yield unknown(Reason("LB-6", group.id, doubt.reason))
                return
        at = wanted.at(target.port) if isinstance(target.port, int) else None
        if at is None or group.version != wanted.version:
            return
        keeps = balancer.kind is LoadBalancerKind.NETWORK
        anybody = Internet(((wanted.version, EVERYTHING[wanted.version]),)) if keeps else None
        for id_ in balancer.interfaces:
            way = Way(balancer, registered.listener, self._network.interfaces[id_], wanted.version, anybody)
            yield self._registration.to_end(way, group, Host(server), at)

    def _registrations(self, balancer: LoadBalancer) -> Iterator[_Registered]:
        for listener in balancer.listeners:
            for id_ in listener.groups:
                if (group := self._network.target_groups.get(id_)) is not None:
                    yield from (_Registered(listener, group, target) for target in group.targets)

    def _open_groups(self, balancer: LoadBalancer, wanted: Wanted) -> Iterator[tuple[TargetGroup, str]]:
        """Groups with which somebody may be registered who is not in the templates, and why."""
        for id_ in dict.fromkeys(group for each in balancer.listeners for group in each.groups):
            group = self._network.target_groups.get(id_)
            if group is None or (isinstance(group.port, int) and wanted.at(group.port) is None):
                continue
            yield from ((group, each.reason) for each in group.doubts)
            yield from ((group, each.doubt.reason) for each in group.targets if each.doubt is not None)
            if not group.targets and not group.doubts:
                yield group, _EMPTY

    def _is_of(self, registered: _Registered, server: Interface) -> bool:
        if registered.target.doubt is not None:
            return False
        ends = self._registration.ends_of(registered.group, registered.target)
        return any(isinstance(end, Host) and end.interface.id == server.id for end in ends)


_EMPTY = "nobody is registered with it in the templates, and somebody may be later"


def _unregistered(group: TargetGroup, reason: str) -> Answer:
    return unknown(Reason("LB-6", group.id, reason))


def _unclear(balancer: LoadBalancer) -> Answer | None:
    """Unknown for what is not modelled."""
    if isinstance(balancer.kind, Unknown):
        return unknown(Reason("LB-1", balancer.id, balancer.kind.reason))
    if balancer.kind is LoadBalancerKind.GATEWAY:
        return unknown(Reason("FW-5", balancer.id, "what lies behind a Gateway Load Balancer is not modelled"))
    if balancer.doubts:
        return unknown(*(Reason("LB-1", balancer.id, each.reason) for each in balancer.doubts))
    return None


def _code(balancer: LoadBalancer, name: str) -> str:
    """AWS's explanation code, which has another prefix for Classic Load Balancers."""
    return f"{'ELB' if balancer.kind is LoadBalancerKind.CLASSIC else 'ELBV2'}_{name}"


def _on_target(group: TargetGroup, target: Target, wanted: Wanted) -> Wanted:
    """What is wanted of a target: its port, over the version of IP of its group."""
    port = target.port if isinstance(target.port, int) else 0
    version = group.version if isinstance(group.version, int) else wanted.version
    return Wanted(wanted.protocol, ((port, port),), version)
