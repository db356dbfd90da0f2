"""Which route packets take: the most specific one, and among equals the one of the highest rank.

RT-2: longest prefix, then static routes, then those of prefix lists, then propagated ones. The local route comes before
propagated ones that are more specific. A static route may be more specific than the local one only for a NAT gateway, a
network interface or a Gateway Load Balancer endpoint. Of prefix lists that overlap, AWS picks one at random.

TGW-2: in a Transit Gateway's table, what VPCs propagate comes before what others do.

https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from constructs_lattice.model.block import DYNAMODB, PRIVATE, S3, Block, split
from constructs_lattice.model.gateways import AttachmentKind, TransitGatewayRoute, TransitGatewayRouteTable
from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import Ranges, intersect, subtract, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Route, RouteTable, TargetKind
from constructs_lattice.reachability.filters import NO_DOUBTS, Doubts
from constructs_lattice.reachability.flow import Flow
from constructs_lattice.reachability.reason import Reason

__all__ = ["LOCAL", "SERVICE_LISTS", "Tables", "Taken"]

LOCAL = Route(id="local", destination=Unknown("local"), kind=TargetKind.LOCAL, target="local")
"""The route that every route table of a VPC has for each block of the VPC."""

SERVICE_LISTS: Mapping[str, Mapping[int, Ranges]] = {"s3": S3, "dynamodb": DYNAMODB}
"""The prefix lists of the services that have gateway endpoints, by the service's short name."""

_T = TypeVar("_T", Route, TransitGatewayRoute)

# Ranks of routes to the same destination; and the prefix length that stands for those of a service's prefix list.
_LOCAL, _STATIC, _LIST, _PROPAGATED, _LEARNED = range(5)
_SERVICE_PREFIX = {4: 24, 6: 64}

_MAY_OVERRIDE_LOCAL = (
    TargetKind.LOCAL,
    TargetKind.NAT_GATEWAY,
    TargetKind.INTERFACE,
    TargetKind.INSTANCE,
    TargetKind.VPC_ENDPOINT,
)


@dataclass(frozen=True, slots=True)
class Taken(Generic[_T]):
    """The packets that take a route. No route: they have none."""

    flow: Flow
    route: _T | None
    doubts: Doubts = NO_DOUBTS


@dataclass(frozen=True, slots=True)
class _Entry(Generic[_T]):
    ranges: Ranges
    length: int
    rank: int
    route: _T
    doubts: Doubts = NO_DOUBTS
    prefix_list: str = ""


@dataclass(frozen=True, slots=True)
class _Table(Generic[_T]):
    """The entries in the order in which they are tried, and the routes whose destination nobody knows."""

    entries: tuple[_Entry[_T], ...]
    anywhere: tuple[tuple[_T, Doubts], ...] = ()
    doubts: Doubts = NO_DOUBTS


class Tables:
    """All route tables of a network, sorted once for each family of addresses."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._vpc_blocks = {
            version: union(
                block.ranges for vpc in network.vpcs.values() for block in vpc.blocks if block.version == version
            )
            for version in (4, 6)
        }
        self._vpc: dict[tuple[str, int], _Table[Route]] = {}
        self._transit: dict[tuple[str, int], _Table[TransitGatewayRoute]] = {}

    def look_up(self, table: RouteTable, flow: Flow) -> list[Taken[Route]]:
        """The routes of a VPC's route table that packets take."""
        key = (table.id, flow.version)
        if key not in self._vpc:
            self._vpc[key] = self._sorted(table, flow.version)
        return self._take(self._vpc[key], flow)

    def look_up_transit(self, table: TransitGatewayRouteTable, flow: Flow) -> list[Taken[TransitGatewayRoute]]:
        """The routes of a Transit Gateway's route table that packets take."""
        key = (table.id, flow.version)
        if key not in self._transit:
            entries, anywhere = self._entries(table.routes, flow.version)
            doubts = frozenset(Reason("TGW-2", table.id, each.reason) for each in table.doubts)
            self._transit[key] = _Table(_in_order(entries), tuple(anywhere), doubts)
        return self._take(self._transit[key], flow)

    def _take(self, table: _Table[_T], flow: Flow) -> list[Taken[_T]]:
        taken = _take(table, flow)
        for route, doubts in table.anywhere:
            taken = [part for each in taken for part in self._with_rival(each, route, doubts)]
        return taken

    def _with_rival(self, taken: Taken[_T], route: _T, doubts: Doubts) -> Iterator[Taken[_T]]:
        """A route whose destination is unknown may have any packet; one for the VPC itself, where that is allowed.

        A propagated one may have those to addresses outside of all VPCs: if there is another route, to private ones.
        Sites are taken not to advertise what belongs to others (ASSUME-BGP); appliances behind a route server may. A
        static route of a VPN connection may be for anything.
        """
        if _is_local(taken.route) and not _may_override_local(route):
            yield taken
            return
        version, dst = taken.flow.version, taken.flow.dst
        contested = dst
        if route.is_propagated and not _is_of_connection(route) and not self._is_of_some_vpc(route):
            if taken.route is not None:
                contested = subtract(intersect(dst, PRIVATE[version]), self._vpc_blocks[version])
            elif not _is_of_appliances(route):
                contested = subtract(dst, self._vpc_blocks[version])
        if contested:
            yield Taken(taken.flow.to(contested), route, taken.doubts | doubts)
            yield Taken(taken.flow.to(contested), taken.route, taken.doubts | doubts)
        if rest := subtract(dst, contested):
            yield Taken(taken.flow.to(rest), taken.route, taken.doubts)

    def _is_of_some_vpc(self, route: Route | TransitGatewayRoute) -> bool:
        """Whether it is propagated by the attachment of a VPC, and nobody knows which one that is."""
        attachment = self._network.attachments.get(str(getattr(route, "attachment", "")))
        return attachment is not None and attachment.kind is AttachmentKind.OTHER and attachment.vpc.startswith("${")

    def _sorted(self, table: RouteTable, version: int) -> _Table[Route]:
        entries, anywhere = self._entries(table.routes, version)
        local = [
            _Entry(block.ranges, block.network.prefixlen, _LOCAL, LOCAL)
            for block in table.local
            if block.version == version
        ]
        return _Table(_in_order([*local, *(_judged(entry, local) for entry in entries)]), tuple(anywhere))

    def _entries(self, routes: Iterable[_T], version: int) -> tuple[list[_Entry[_T]], list[tuple[_T, Doubts]]]:
        entries: list[_Entry[_T]] = []
        anywhere: list[tuple[_T, Doubts]] = []
        for route in routes:
            doubts = _doubts_of(route)
            match route.destination:
                case Block() as block:
                    if block.version == version:
                        entries.append(_Entry(block.ranges, block.network.prefixlen, self._rank(route), route, doubts))
                case Unknown() as unknown:
                    anywhere.append((route, doubts | {Reason("RES-6", route.id, unknown.reason)}))
                case str() as list_:
                    found, more = self._listed(route, list_, version)
                    entries += found
                    anywhere += more
        return entries, anywhere

    def _rank(self, route: Route | TransitGatewayRoute) -> int:
        if not route.is_propagated:
            return _STATIC
        if isinstance(route, Route):
            return _PROPAGATED
        attachment = self._network.attachments.get(str(route.attachment))
        return _PROPAGATED if attachment is not None and attachment.kind is AttachmentKind.VPC else _LEARNED

    def _listed(self, route: _T, list_: str, version: int) -> tuple[list[_Entry[_T]], list[tuple[_T, Doubts]]]:
        doubts = _doubts_of(route)
        if list_ in SERVICE_LISTS:
            ranges = SERVICE_LISTS[list_][version]
            entry = _Entry(ranges, _SERVICE_PREFIX[version], _LIST, route, doubts)
            return [entry] if _is_for(route, version) else [], []
        prefix_list = self._network.prefix_lists.get(list_)
        if prefix_list is None:
            doubt = Reason("SG-9", route.id, f"the entries of prefix list {list_} are not in the templates")
            return [], [(route, doubts | {doubt})]
        entries = [
            _Entry(block.ranges, block.network.prefixlen, _LIST, route, doubts, list_)
            for block in prefix_list.entries
            if block.version == version
        ]
        unclear = [(route, doubts | {Reason("SG-9", list_, each.reason)}) for each in prefix_list.doubts]
        return entries, unclear


def _is_local(route: Route | TransitGatewayRoute | None) -> bool:
    return isinstance(route, Route) and route.kind is TargetKind.LOCAL


def _may_override_local(route: Route | TransitGatewayRoute) -> bool:
    """Whether a route may be more specific than the local one."""
    return isinstance(route, Route) and not route.is_propagated and route.kind in _MAY_OVERRIDE_LOCAL


def _is_of_connection(route: Route | TransitGatewayRoute) -> bool:
    """Whether a static route of a VPN connection is propagated, and not what a site advertises."""
    is_vpn = isinstance(route, Route) and route.kind is TargetKind.VPN_GATEWAY
    destination = route.destination
    return is_vpn and not (isinstance(destination, Unknown) and destination.symbol.startswith("bgp:"))


def _is_of_appliances(route: Route | TransitGatewayRoute) -> bool:
    """Whether a route server has learned a route."""
    return isinstance(route, Route) and route.kind is TargetKind.OTHER


def _is_for(route: Route | TransitGatewayRoute, version: int) -> bool:
    """Whether a route is for the addresses of a service in a version of IP."""
    return not isinstance(route, Route) or version in route.versions


def _doubts_of(route: Route | TransitGatewayRoute) -> Doubts:
    if route.doubt is None:
        return NO_DOUBTS
    if isinstance(route, Route):
        return frozenset({Reason("RT-1", route.id, route.doubt.reason)})
    return frozenset({Reason("TGW-7" if route.is_propagated else "TGW-2", route.id, route.doubt.reason)})


def _judged(entry: _Entry[Route], local: list[_Entry[Route]]) -> _Entry[Route]:
    """An entry with its rank against the local ones: propagated ones within them lose, few static ones are allowed."""
    for each in local:
        (low, high), (least, most) = entry.ranges[0], each.ranges[0]
        if least <= low and high <= most:
            if entry.rank is _PROPAGATED:
                return replace(entry, length=-1)
            text = ""
            if entry.route.kind not in _MAY_OVERRIDE_LOCAL:
                text = f"EC2 does not take a route to a {entry.route.kind} that is as specific as the local one"
            elif entry.ranges == each.ranges and entry.route.kind is not TargetKind.LOCAL:
                text = "whether it takes the place of the local route is not documented for CloudFormation"
            if text:
                doubts = entry.doubts | {Reason("RT-2", entry.route.id, text)}
                return replace(entry, rank=_LOCAL - 1 if entry.ranges == each.ranges else entry.rank, doubts=doubts)
    return entry


def _in_order(entries: list[_Entry[_T]]) -> tuple[_Entry[_T], ...]:
    """The order in which entries are tried; of equals, those that are certain first."""
    ordered = sorted(entries, key=lambda each: (-each.length, each.rank, bool(each.doubts)))
    return tuple(_contested(entry, ordered[index + 1 :]) for index, entry in enumerate(ordered))


def _contested(entry: _Entry[_T], later: list[_Entry[_T]]) -> _Entry[_T]:
    """An entry, with a doubt if one that comes later may have its packets instead."""
    if entry.rank is _LOCAL or entry.doubts:
        return entry
    for rival in later:
        if rival.doubts or not _differ(rival.route, entry.route):
            continue
        text = ""
        if (rival.ranges, rival.rank) == (entry.ranges, entry.rank):
            text = f"{rival.route.id} leads elsewhere with the same destination and priority"
        if entry.prefix_list and rival.prefix_list not in ("", entry.prefix_list) and _overlap(entry, rival):
            text = f"{rival.route.id} leads elsewhere with a prefix list that overlaps, and AWS picks one at random"
        if text:
            return replace(entry, doubts=frozenset({Reason("RT-2", entry.route.id, text)}))
    return entry


def _overlap(one: _Entry[_T], other: _Entry[_T]) -> bool:
    return bool(intersect(one.ranges, other.ranges))


def _differ(one: Route | TransitGatewayRoute, other: Route | TransitGatewayRoute) -> bool:
    if isinstance(one, Route) and isinstance(other, Route):
        return (one.kind, one.target) != (other.kind, other.target)
    if isinstance(one, TransitGatewayRoute) and isinstance(other, TransitGatewayRoute):
        return one.attachment != other.attachment
    return True


def _take(table: _Table[_T], flow: Flow) -> list[Taken[_T]]:
    """Deal the packets out to the routes, the first entry that matches first."""
    taken: list[Taken[_T]] = []
    left: list[tuple[Ranges, Doubts]] = [(flow.dst, table.doubts)]
    for entry in table.entries:
        rest: list[tuple[Ranges, Doubts]] = []
        for ranges, doubts in left:
            parts = split(flow.version, ranges, entry.ranges)
            if parts.inside:
                taken.append(Taken(flow.to(parts.inside), entry.route, doubts | entry.doubts))
                if entry.doubts:  # a rival, or nothing, may have them instead
                    rest.append((parts.inside, doubts | entry.doubts))
            if parts.outside:
                rest.append((parts.outside, doubts))
            if parts.doubtful:
                text = "whether the destination is in this route's is known at the deployment only"
                more = doubts | entry.doubts | {Reason("RES-6", entry.route.id, text)}
                taken.append(Taken(flow.to(parts.doubtful), entry.route, more))
                rest.append((parts.doubtful, more))
        left = rest
        if not left:
            break
    taken += [Taken(flow.to(ranges), None, doubts) for ranges, doubts in left]
    return taken
