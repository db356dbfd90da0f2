"""One walk: how packets enter, and what becomes of them within a VPC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import EMPTY, Ranges, intersect, subtract, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, InterfaceKind, Route, RouteTable, Subnet, TargetKind, Vpc
from constructs_lattice.reachability import targets
from constructs_lattice.reachability.filters import pass_acl
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.state import Arrival, Here, Place, State, Via, Walk
from constructs_lattice.reachability.words import addresses_in_words

if TYPE_CHECKING:
    from constructs_lattice.reachability.walk import Walker

__all__ = ["Goals", "Run"]

Goals = Mapping[str, Sequence[Interface]]
"""The interfaces that are looked for, by their VPC."""


class Run:
    """One walk."""

    def __init__(self, walker: Walker, goals: Goals) -> None:
        self.walker = walker
        self.goals = goals
        self.walk = Walk([], [])

    @property
    def network(self) -> Network:
        """The network that packets walk through."""
        return self.walker.network

    # How packets enter

    def enter_from_internet(self, gateway: str, state: State) -> None:
        """Through an internet gateway."""
        is_outbound_only = gateway in self.network.egress_only_internet_gateways
        attached = self.network.egress_only_internet_gateways if is_outbound_only else self.network.internet_gateways
        vpc_id = attached.get(gateway)
        if isinstance(vpc_id, Unknown) or vpc_id is None or vpc_id not in self.network.vpcs:
            text = "it is not attached to a VPC of the templates"
            self.lose(state, "RT-4", gateway, text, is_doubtful=vpc_id is not None)
            return
        vpc = self.network.vpcs[vpc_id]
        state = replace(state.past(gateway, "enters from the internet"), is_outbound_only=is_outbound_only)
        self._enter(gateway, vpc, state)

    def _enter(self, gateway: str, vpc: Vpc, state: State) -> None:
        """RT-8: by the gateway's own route table if it has one."""
        if gateway not in self.network.edge_tables:
            if "" in self.network.edge_tables:
                self.lose(state, "RT-8", gateway, self.network.edge_tables[""], is_doubtful=True)
                doubt = Reason("RT-8", gateway, self.network.edge_tables[""])
                state = state.narrowed(state.flow, frozenset({doubt}))
            self.deliver(Here(vpc), state)
            return
        table = self.network.route_tables.get(self.network.edge_tables[gateway])
        if table is None:
            self.lose(state, "RT-8", gateway, "its route table is not in the templates", is_doubtful=True)
        elif table.vpc not in self.network.vpcs:
            self.lose(state, "RT-8", table.id, "of which VPC this table is, is not known", is_doubtful=True)
        else:
            self.look_up(table, Here(vpc), state)

    def enter_from_site(self, gateway: str, state: State) -> None:
        """Through a virtual private gateway, or from an attachment of a Transit Gateway."""
        if gateway in self.network.attachments:
            entered = replace(state.past(gateway, "enters from the site"), via=Via.TRANSIT)
            targets.cross_transit_from(self, gateway, entered)
            return
        attached = self.network.vpn_gateways[gateway].vpc
        if not isinstance(attached, str) or attached not in self.network.vpcs:
            text = "the gateway is not attached to a VPC of the templates"
            self.lose(state, "VPN-1", gateway, text, is_doubtful=isinstance(attached, Unknown))
            return
        self._enter(gateway, self.network.vpcs[attached], state.past(gateway, "enters from the site"))

    # Within a VPC

    def leave(self, subnet: Subnet, state: State) -> None:
        """Packets leave an interface of a subnet: NACL-4, within the subnet nothing judges them."""
        vpc = self.network.vpcs[subnet.vpc]
        own = intersect(state.flow.dst, self.walker.subnet_ranges(subnet.id, state.flow.version))
        rest = subtract(state.flow.dst, own)
        if own:
            self.deliver(Here(vpc, subnet), state.narrowed(state.flow.to(own)))
        if rest:
            for passed in self.judge(subnet, state.narrowed(state.flow.to(rest)), is_egress=True):
                self.route(subnet, passed)

    def route(self, subnet: Subnet, state: State) -> None:
        """Ask the route table of a subnet."""
        if isinstance(subnet.route_table, Unknown):
            self.lose(state, "RT-1", subnet.id, subnet.route_table.reason, is_doubtful=True)
            return
        table = self.network.route_tables.get(subnet.route_table)
        if table is None:
            text = f"route table {subnet.route_table} is not in the templates"
            self.lose(state, "RT-1", subnet.id, text, is_doubtful=True)
            return
        self.look_up(table, Here(self.network.vpcs[subnet.vpc], subnet), state)

    def look_up(self, table: RouteTable, here: Here, state: State) -> None:
        """Follow the routes that packets take."""
        asking = state.asks(table.id)
        if asking is None:
            self.lose(state, "RT-13", table.id, "the packets go round in circles", code="NO_POSSIBLE_DESTINATION")
            return
        for taken in self.walker.tables.look_up(table, state.flow):
            part = asking.narrowed(taken.flow, taken.doubts)
            if taken.route is None:
                text = f"there is no route to {addresses_in_words(part.flow.version, part.flow.dst)}"
                self.lose(part, "RT-2", table.id, text, code="NO_ROUTE_TO_DESTINATION")
            else:
                targets.follow(self, taken.route, here, part.past(table.id, _says(taken.route)))

    def deliver(self, here: Here, state: State) -> None:
        """The local route: to who has the address in the VPC, through the network ACL of another subnet."""
        found: list[Ranges] = []
        for interface in self.goals.get(here.vpc.id, ()):
            part = intersect(state.flow.dst, interface.addresses(state.flow.version))
            if part == EMPTY:
                continue
            found.append(part)
            arriving = state.narrowed(state.flow.to(part))
            home = self.network.subnets[interface.subnet]
            if not here.is_in(home):
                for passed in self.judge(home, arriving, is_egress=False):
                    self.arrive(interface, passed)
            else:
                self.arrive(interface, arriving)
        rest = subtract(state.flow.dst, union(found))
        if rest:
            self.lose(
                state.narrowed(state.flow.to(rest)),
                "RT-2",
                here.vpc.id,
                "the address belongs to this VPC itself, and to nobody that is asked about",
                code="NO_POSSIBLE_DESTINATION",
            )

    def skip_routes(self, sender: Interface | None, receiver: Interface, state: State) -> None:
        """Hand packets to somebody without asking a route table; ACLs judge them all the same."""
        leaving = [state]
        home = self.network.subnets[receiver.subnet]
        if sender is not None and sender.subnet == home.id:
            self.arrive(receiver, state)
            return
        if sender is not None:
            leaving = self.judge(self.network.subnets[sender.subnet], state, is_egress=True)
        for each in leaving:
            for passed in self.judge(home, each, is_egress=False):
                self.arrive(receiver, passed)

    def arrive(self, interface: Interface, state: State) -> None:
        """At the interface that was looked for."""
        for each in self._from_internet(interface, state) if state.via is Via.INTERNET else [state]:
            arrived = each.past(interface.id, "arrives")
            self.walk.arrivals.append(Arrival(place=Place.INTERFACE, at=interface.id, state=arrived))

    def _from_internet(self, interface: Interface, state: State) -> list[State]:
        """What an interface gets from the internet.

        RT-4: IPv4 needs a public address. EP-2: VPC endpoints are never reached. RT-11: public access may be blocked.
        """
        if interface.denies_internet is True:
            self.lose(state, "EP-2", interface.id, f"this {interface.kind} takes nothing from the internet")
            return []
        if isinstance(interface.denies_internet, Unknown):
            doubt = Reason("LB-1", interface.id, interface.denies_internet.reason)
            state = state.narrowed(state.flow, frozenset({doubt}))
        if state.flow.version == 4:  # noqa: PLR2004 - the version of IP
            if interface.has_public_ipv4 is False:
                text = "it has no public IPv4 address"
                self.lose(state, "RT-4", interface.id, text, code="IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS")
                return []
            if isinstance(interface.has_public_ipv4, Unknown):
                doubt = Reason("RT-4", interface.id, interface.has_public_ipv4.reason)
                state = state.narrowed(state.flow, frozenset({doubt}))
        subnet = self.network.subnets[interface.subnet]
        is_nat = interface.kind is InterfaceKind.NAT_GATEWAY
        return self.judge_public_access(
            self.network.vpcs[subnet.vpc],
            subnet,
            state,
            is_outbound_only=state.is_outbound_only or is_nat,
            is_leaving=False,
        )

    def judge_public_access(
        self, vpc: Vpc, subnet: Subnet | None, state: State, *, is_outbound_only: bool, is_leaving: bool
    ) -> list[State]:
        """RT-11: what VPC Block Public Access lets through; the subnet of an appliance next to the gateway counts."""
        appliance = (state.appliances[-1] if is_leaving else state.appliances[0]) if state.appliances else ""
        id_, _, home = appliance.partition("@")
        blocked = self.walker.public_access.judge(
            vpc,
            self.network.subnets[home] if home else subnet,
            is_outbound=is_leaving != state.is_answer,
            is_outbound_only=is_outbound_only,
            is_behind_firewall=id_ in self.network.firewalls,
        )
        if blocked is None:
            return [state]
        if not blocked.is_doubtful:
            self.lose(state, "RT-11", blocked.resource, blocked.text, code="VPC_BLOCK_PUBLIC_ACCESS_ENABLED")
            return []
        return [state.narrowed(state.flow, frozenset({Reason("RT-11", blocked.resource, blocked.text)}))]

    def judge(self, subnet: Subnet, state: State, *, is_egress: bool) -> list[State]:
        """What the network ACL of a subnet lets through."""
        if isinstance(subnet.network_acl, Unknown):
            doubt = Reason("NACL-5", subnet.id, subnet.network_acl.reason)
            return [state.narrowed(state.flow, frozenset({doubt}))]
        acl = self.network.network_acls.get(subnet.network_acl)
        if acl is None:
            doubt = Reason("NACL-5", subnet.id, f"network ACL {subnet.network_acl} is not in the templates")
            return [state.narrowed(state.flow, frozenset({doubt}))]
        if acl.is_default:
            return [state]
        passed, denied = pass_acl(acl, state.flow, is_egress=is_egress)
        for reason in denied:
            self.walk.losses.append(state.loss(reason))
        text = f"lets it {'out of' if is_egress else 'into'} {subnet.id}"
        return [state.narrowed(each.flow, each.doubts).past(acl.id, text) for each in passed]

    def lose(
        self, state: State, rule: str, resource: str, text: str, *, is_doubtful: bool = False, code: str = ""
    ) -> None:
        """Packets that get no further, and why."""
        reason = Reason(rule, resource, text, code)
        self.walk.losses.append(state.loss(reason, is_doubtful=is_doubtful))


def _says(route: Route) -> str:
    """What a route table does with packets that take a route."""
    if route.kind is TargetKind.LOCAL:
        return "delivers it within the VPC"
    what = "it" if isinstance(route.destination, Unknown) else str(route.destination)
    return f"sends {what} to {route.kind} {route.target}"
