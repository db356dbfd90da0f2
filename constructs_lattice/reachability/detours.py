"""Ways that nobody walks here: what they may make of a verdict.

LB-10: what cannot be reached by routes may be reached by a way that no route tells. RT-6: hosts that have IPv6
addresses only may reach others through NAT64.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from constructs_lattice.model.block import Block, ranges_of
from constructs_lattice.model.network import EntryPoint, Network, Outside
from constructs_lattice.model.ranges import intersect
from constructs_lattice.model.vpc import Interface, InterfaceKind, Route, Subnet, TargetKind
from constructs_lattice.reachability.answer import Answer, Verdict, unknown
from constructs_lattice.reachability.parties import Addresses, OnPremises, Owner, Party, TheInternet, in_lost_subnet
from constructs_lattice.reachability.reason import Reason

__all__ = ["Detours"]

_NAT64 = ranges_of("64:ff9b::/96")
_IPV4, _IPV6 = 4, 6

# What an entry point that leads to nobody knows what may lead to.
_OPEN_TO = (InterfaceKind.LOAD_BALANCER, InterfaceKind.INSTANCE, InterfaceKind.NETWORK_INTERFACE)


class Detours:
    """What may let others in, or keep them out, in one network."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def consider(
        self, source: Party, senders: Iterable[Interface], target: Party, takers: Iterable[Interface], answer: Answer
    ) -> Answer:
        """The answer, or unknown if a detour may make another one."""
        takers, senders = list(takers), list(senders)
        if answer.verdict is Verdict.REACHABLE:
            reasons = list(self._blocking([*senders, *takers]))
            return unknown(*reasons) if reasons else answer
        if answer.verdict is not Verdict.UNREACHABLE:
            return answer
        reasons = [*self._leading(source, target, takers), *self._translating(senders, target, takers)]
        reasons += [*self._elsewhere(source, senders), *self._elsewhere(target, takers)]
        return unknown(*reasons, *answer.reasons) if reasons else answer

    def _elsewhere(self, party: Party, interfaces: list[Interface]) -> Iterator[Reason]:
        """Why a party may have more interfaces than are known, or hosts in subnets whose blocks are not."""
        if isinstance(party, Addresses):
            for subnet in self._network.subnets.values():
                for version, unknown in subnet.unknown_blocks:
                    if version == party.block.version and self._may_hold(subnet, party.block):
                        yield Reason("RES-6", subnet.id, unknown.reason)
            if (lost := in_lost_subnet(self._network, party.block)) is not None:
                yield lost
            return
        ids = {party.id} if isinstance(party, Owner) else set()
        ids |= {owner for each in interfaces for owner in each.owners if isinstance(party, Owner)}
        for each in sorted(ids & self._network.unplaced.keys()):
            yield Reason("RES-6", each, self._network.unplaced[each].reason)

    def _may_hold(self, subnet: Subnet, block: Block) -> bool:
        """Whether a subnet of unknown addresses may have some of a block."""
        vpc = self._network.vpcs[subnet.vpc]
        return bool(vpc.unknown_blocks) or any(
            each.version == block.version and intersect(each.ranges, block.ranges) for each in vpc.blocks
        )

    def is_unsure(self, interface: Interface) -> bool:
        """Whether something whose effects nobody knows may let others in VPCs reach an interface, or keep them out."""
        ids = self._around([interface])
        return any(each.may_block and ids & set(each.targets) for each in self._network.entry_points)

    def _leading(self, source: Party, target: Party, takers: list[Interface]) -> Iterator[Reason]:
        """The entry points that lead to a target."""
        ids = {target.id} if isinstance(target, Owner) else set()
        ids |= self._around(takers)
        for each in self._network.entry_points:
            if not _is_for(each, source):
                continue
            found = ids & set(each.targets)
            if found:
                yield Reason("LB-10", each.id, f"{each.what} leads to {', '.join(sorted(found))}")
            elif each.doubt is not None and any(taker.kind in _OPEN_TO for taker in takers):
                yield Reason("LB-10", each.id, f"{each.what} may lead there: {each.doubt.reason}")

    def _blocking(self, interfaces: list[Interface]) -> Iterator[Reason]:
        ids = self._around(interfaces)
        for each in self._network.entry_points:
            if each.may_block and ids & set(each.targets):
                text = f"{each.what} may keep traffic back in {', '.join(sorted(ids & set(each.targets)))}"
                yield Reason("RES-6", each.id, text)

    def _around(self, interfaces: list[Interface]) -> set[str]:
        """The ids of interfaces, of their owners and their VPCs, and of what these are attached to."""
        vpcs = {self._network.subnets[each.subnet].vpc for each in interfaces}
        gateways = {each.transit_gateway for each in self._network.attachments.values() if each.vpc in vpcs}
        owners = {owner for each in interfaces for owner in each.owners}
        return vpcs | gateways | owners | {each.id for each in interfaces}

    def _translating(self, senders: list[Interface], target: Party, takers: list[Interface]) -> Iterator[Reason]:
        """The routes of senders that lead to NAT64, if the target has an IPv4 address."""
        if not any(each.ipv4 for each in takers) and not _is_ipv4(target):
            return
        for sender in senders:
            if not sender.ipv6:
                continue
            table = self._network.route_tables.get(str(self._network.subnets[sender.subnet].route_table))
            for route in table.routes if table is not None else ():
                if _is_to_nat64(route):
                    yield Reason("RT-6", route.id, "it leads to NAT64, and what that does is not worked out")


def _is_for(entry: EntryPoint, source: Party) -> bool:
    if entry.source is Outside.ANYWHERE:
        return entry.may_block or not isinstance(source, Owner)
    if entry.source is Outside.SITE:
        return isinstance(source, OnPremises | Addresses)
    return isinstance(source, TheInternet | Addresses)


def _is_ipv4(target: Party) -> bool:
    match target:
        case TheInternet(version=version):
            return version == _IPV4
        case Addresses(block=block) | OnPremises(block=block):
            return block.version == _IPV4
        case Owner():
            return False


def _is_to_nat64(route: Route) -> bool:
    destination = route.destination
    is_through = route.kind in (TargetKind.NAT_GATEWAY, TargetKind.TRANSIT_GATEWAY)
    if not is_through or not isinstance(destination, Block) or destination.version != _IPV6:
        return False
    return not destination.is_everything and bool(intersect(destination.ranges, _NAT64))
