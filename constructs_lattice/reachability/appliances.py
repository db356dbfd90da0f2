"""Routes into endpoints, firewalls and appliances: where packets are judged, and where they go on.

FW-1: packets go into the endpoint, and on from its subnet, their addresses as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING

from constructs_lattice.model.firewalls import Firewall
from constructs_lattice.model.ranges import intersect, subtract
from constructs_lattice.model.services import EndpointKind
from constructs_lattice.model.vpc import Interface, Subnet
from constructs_lattice.reachability.filters import Passed
from constructs_lattice.reachability.firewalls import pass_firewall
from constructs_lattice.reachability.flow import ICMP, ICMPV6, TCP
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.state import Arrival, Choice, Here, Place, State, Via

if TYPE_CHECKING:
    from constructs_lattice.reachability.run import Run

__all__ = ["enter_endpoint", "enter_interface"]

_MOST_ENDPOINTS = 4


def enter_endpoint(run: Run, endpoint: str, here: Here, state: State) -> None:
    """A gateway endpoint is the end of the way; a firewall's or a Gateway Load Balancer's is a station."""
    id_, _, home = endpoint.partition("@")
    made = run.network.endpoints.get(id_)
    if made is not None and made.kind is EndpointKind.GATEWAY:
        _enter_gateway_endpoint(run, id_, state)
    elif id_ in run.network.firewalls:
        for chosen, subnet in _endpoints(run.network.firewalls[id_], home, state):
            _pass_firewall(run, run.network.firewalls[id_], subnet, here, chosen)
    elif made is not None and made.kind is EndpointKind.GATEWAY_LOAD_BALANCER and made.subnets:
        text = "what the appliances behind the Gateway Load Balancer let through is not known"
        _pass_appliance(run, _Appliance(id_, made.subnets[0], text), here, state)
    else:
        run.lose(state, "EP-7", endpoint, "what lies behind this endpoint is not known", is_doubtful=True)


def _enter_gateway_endpoint(run: Run, endpoint: str, state: State) -> None:
    """EP-1: for TCP and pings of the VPC's own interfaces."""
    if state.via is not Via.INSIDE:
        text = "gateway endpoints take nothing that comes from other networks"
        run.lose(state, "EP-1", endpoint, text)
    elif state.flow.protocol not in (TCP, ICMP, ICMPV6):
        text = "gateway endpoints take TCP and pings only"
        run.lose(state, "EP-1", endpoint, text, code="VPCE_GATEWAY_PROTOCOL_RESTRICTION")
    else:
        arrived = state.past(endpoint, "arrives")
        run.walk.arrivals.append(Arrival(place=Place.SERVICE, at=endpoint, state=arrived))


def _endpoints(firewall: Firewall, home: str, state: State) -> Iterator[tuple[State, str]]:
    """RES-7: the subnet of an endpoint; of one that is known by its place in the list, each that it may be in.

    AWS lists the endpoints of a firewall in any order, and in the same one everywhere.
    """
    if not home.startswith("#") or len(firewall.subnets) > _MOST_ENDPOINTS:
        yield state, home
        return
    place, of = int(home[1:]), f"endpoints of {firewall.id}"
    if place >= len(firewall.subnets):
        return
    orders = {", ".join(order): order for order in permutations(firewall.subnets)}
    taken = next((each.taken for each in state.choices if each.of == of), None)
    for name, order in orders.items():
        if taken in (None, name):
            choices = state.choices
            if taken is None:
                choices = (*choices, Choice(of, name, tuple(orders), is_shared=True))
            yield replace(state, choices=choices), order[place]


def _pass_firewall(run: Run, firewall: Firewall, subnet: str, here: Here, state: State) -> None:
    for entered in _enter(run, firewall.id, subnet, here, state):
        passed, dropped = pass_firewall(firewall, entered.flow, are_answers=entered.is_answer)
        if entered.is_answer and run.network.shows_halves:
            passed, dropped = [Passed(entered.flow)], []
        run.walk.losses += [entered.loss(each) for each in dropped]
        _go_on(run, firewall.id, run.network.subnets[subnet], entered, passed)


@dataclass(frozen=True, slots=True)
class _Appliance:
    """An appliance or the endpoint of one, the subnet that it is in, and why nobody knows what it lets through."""

    id: str
    subnet: str
    text: str


def _pass_appliance(run: Run, appliance: _Appliance, here: Here, state: State) -> None:
    """FW-5: what an appliance does with packets is not in templates."""
    for entered in _enter(run, appliance.id, appliance.subnet, here, state):
        passed = Passed(entered.flow, frozenset({Reason("FW-5", appliance.id, appliance.text)}))
        _go_on(run, appliance.id, run.network.subnets[appliance.subnet], entered, [passed])


def _enter(run: Run, id: str, subnet: str, here: Here, state: State) -> list[State]:
    """Past the ACL of the subnet of an endpoint."""
    home = run.network.subnets.get(subnet)
    if home is None:
        run.lose(state, "RES-7", id, "in which subnet this endpoint is, is not known", is_doubtful=True)
        return []
    return [state] if here.is_in(home) else run.judge(home, state, is_egress=False)


def _go_on(run: Run, id: str, home: Subnet, state: State, passed: list[Passed]) -> None:
    """On from the subnet of an endpoint. SG-8: security groups are not known any more."""
    lost = Reason("SG-8", id, "security groups are not known behind a middlebox", "SG_REFERENCES_NOT_PRESERVED")
    for each in passed:
        inside = replace(
            state.narrowed(each.flow, each.doubts).past(id, "inspects it"),
            appliances=(*state.appliances, f"{id}@{home.id}"),
            lost=lost,
            zone=home.zone,
        )
        run.leave(home, inside)


def enter_interface(run: Run, target: str, here: Here, state: State) -> None:
    """RT-9: an interface takes what is for others only without its source/destination check."""
    found = _interfaces_of(run, target)
    if len(found) != 1:
        run.lose(state, "RT-9", target, "which interface this is, is not known", is_doubtful=True)
        return
    interface = found[0]
    state = _for_itself(run, interface, here, state)
    if state.flow.is_empty:
        return
    if interface.checks_source is True:
        text = "it drops what is not for its own address: its source/destination check is on"
        run.lose(state, "RT-9", interface.id, text, code="ENI_SOURCE_DEST_CHECK_RESTRICTION")
        return
    if state.via is Via.INTERNET and here.subnet is None and interface.has_public_ipv4 is False:
        text = "an appliance without a public address gets nothing from an internet gateway"
        run.lose(state, "RT-8", interface.id, text, code="INGRESS_RTB_NO_PUBLIC_IP")
        return
    # Others than firewalls' endpoints may send them on in their own name, as NAT instances do.
    text = "whether this appliance translates addresses is not in the templates"
    run.lose(state, "FW-5", interface.id, text, is_doubtful=True)
    text = "what this appliance does with packets for others is not in the templates"
    _pass_appliance(run, _Appliance(interface.id, interface.subnet, text), here, state)


def _for_itself(run: Run, interface: Interface, here: Here, state: State) -> State:
    """Hand an interface that is looked for what is for its own address; the rest is left."""
    own = intersect(state.flow.dst, interface.addresses(state.flow.version))
    if not own or not any(each.id == interface.id for each in run.goals.get(here.vpc.id, ())):
        return state
    home, arriving = run.network.subnets[interface.subnet], state.narrowed(state.flow.to(own))
    for each in [arriving] if here.is_in(home) else run.judge(home, arriving, is_egress=False):
        run.arrive(interface, each)
    return state.narrowed(state.flow.to(subtract(state.flow.dst, own)))


def _interfaces_of(run: Run, target: str) -> list[Interface]:
    """An interface, or the primary one of an instance."""
    if target in run.network.interfaces:
        return [run.network.interfaces[target]]
    return [each for each in run.network.interfaces.values() if target in each.owners and each.is_primary]
