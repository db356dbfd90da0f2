"""From one interface of a load balancer to a registered target: in which zone, over which version of IP, as whom.

LB-4: a network load balancer may keep the addresses of its clients: in its VPC, or in a peered one of the same region.
LB-5: targets are in the zones that are enabled, and without cross-zone load balancing in the zone of the interface.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from constructs_lattice.model.block import Block
from constructs_lattice.model.services import LoadBalancer, LoadBalancerKind, LoadBalancerListener, Target, TargetGroup
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface
from constructs_lattice.reachability.answer import Answer, Verdict, all_of, unknown, unreachable
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.ends import End, Host, addresses
from constructs_lattice.reachability.handover import Handover
from constructs_lattice.reachability.parties import hosts_at
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.state import same_zone
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["Registration", "Way"]


@dataclass(frozen=True, slots=True)
class Way:
    """What comes through one interface of a load balancer to one of its listeners, over a version of IP.

    `client` is whose address targets see if the load balancer keeps it; none where it never does.
    """

    balancer: LoadBalancer
    listener: LoadBalancerListener
    node: Interface
    version: int
    client: End | None


class Registration:
    """How the targets of load balancers are reached in one network."""

    def __init__(self, connections: Connections, handover: Handover) -> None:
        self._connections = connections
        self._handover = handover
        self._network = connections.network

    def ends_of(self, group: TargetGroup, target: Target) -> list[End]:
        """What a target stands for: an address, or all interfaces of its owner; of an instance, the primary one."""
        if target.address:
            return list(hosts_at(self._network, Block.of(target.address), are_targets=True))
        is_instance = group.type == "instance"
        return [
            Host(each)
            for each in self._network.interfaces.values()
            if target.owner in each.owners and (each.is_primary or not is_instance)
        ]

    def to_end(self, way: Way, group: TargetGroup, end: End, wanted: Wanted) -> Answer:
        """Whether a target takes what comes a way."""
        apart = self._in_other_zone(way.balancer, group, way.node, end)
        if apart is not None:
            return apart
        own = self._own(way.balancer, way.node, end, wanted)
        keeps = group.preserves_client_ip
        client = way.client if way.version == wanted.version else None  # translated packets lose their address
        if client is None or keeps is False or not isinstance(end, Host):
            return own
        kept = self._kept(client, way.node, end, wanted)
        return kept if keeps is True else _whichever(kept, own, group)

    def _own(self, balancer: LoadBalancer, node: Interface, end: End, wanted: Wanted) -> Answer:
        own = self._connections.answer(Host(node), end, wanted)
        if balancer.kind is LoadBalancerKind.CLASSIC and isinstance(end, Host):
            return all_of([own, self._handover.out_of_subnet(node, end, wanted)])
        return own

    def _kept(self, client: End, node: Interface, end: Host, wanted: Wanted) -> Answer:
        if isinstance(client, Host) and client.interface.id == end.interface.id:
            text = "a target cannot reach itself through a load balancer that keeps the client's address"
            return unreachable(Reason("LB-4", node.id, text, "ELBV2_SOURCE_ADDRESS_PRESERVATION"))
        is_any = not isinstance(client, Host) or client.is_any
        kept = self._handover.keeping_address(node, addresses(client, wanted.version), end, wanted, is_any=is_any)
        home, there = (self._network.subnets[each.subnet].vpc for each in (node, end.interface))
        if home == there:
            return kept
        # Elsewhere the routes decide as well, whatever the groups say to the load balancer's own address.
        bare = Host(replace(end.interface, groups=None), is_any=end.is_any)
        way = self._connections.answer(Host(replace(node, groups=None)), bare, wanted)
        if way.verdict is not Verdict.UNREACHABLE and not self._are_peered(home, there):
            text = "keeping the client's address is not supported for targets beyond a transit gateway"
            return unknown(Reason("LB-4", node.id, text))
        return all_of([way, kept])

    def _are_peered(self, one: str, other: str) -> bool:
        peerings = self._network.peering_connections.values()
        return any(each.other(one) == other and each.is_same_region is True for each in peerings)

    def _in_other_zone(self, balancer: LoadBalancer, group: TargetGroup, node: Interface, end: End) -> Answer | None:
        """LB-5."""
        if not isinstance(end, Host):
            return None
        subnets = self._network.subnets
        there = subnets[end.interface.subnet]
        if there.vpc != subnets[node.subnet].vpc:
            return None
        crosses = balancer.is_cross_zone if group.is_cross_zone is None else group.is_cross_zone
        enabled = [subnets[self._network.interfaces[each].subnet] for each in balancer.interfaces]
        near = [subnets[node.subnet]] if crosses is not True else enabled
        same = [each.id == there.id or same_zone(each.zone, there.zone) for each in near]
        if True in same:
            return None
        if crosses is True:
            text = f"the zone of {end.interface.id} is not enabled for it"
            code = "ELB_INSTALLED_AZ_RESTRICTION"
        else:
            text = f"{end.interface.id} is in another zone than {node.id}, and cross-zone load balancing is off"
            code = "ELB_NOT_CROSSZONE"
        if None in same or isinstance(crosses, Unknown):
            return unknown(Reason("LB-5", balancer.id, f"it may be that {text}", code))
        return unreachable(Reason("LB-5", balancer.id, text, code))


def _whichever(kept: Answer, own: Answer, group: TargetGroup) -> Answer:
    """An answer that does not hang on whether the client's address is kept; else unknown."""
    if kept.verdict is own.verdict:
        return kept
    return unknown(Reason("LB-4", group.id, "whether it keeps the client's address is not known"))
