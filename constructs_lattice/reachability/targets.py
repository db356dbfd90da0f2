"""What routes lead to: out of a VPC, into another one, or through an appliance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from constructs_lattice.model.block import INTERNET
from constructs_lattice.model.ranges import intersect, subtract, union
from constructs_lattice.model.services import EndpointKind
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, InterfaceKind, Route, Subnet, TargetKind
from constructs_lattice.reachability.filters import NO_DOUBTS, Doubts
from constructs_lattice.reachability.flow import ICMP, ICMPV6, TCP
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.state import Arrival, Here, Loss, Place, State, Via
from constructs_lattice.reachability.words import addresses_in_words

if TYPE_CHECKING:
    from constructs_lattice.reachability.run import Run

__all__ = ["cross_transit_from", "follow"]


_FROM_GATEWAYS = (TargetKind.LOCAL, TargetKind.INTERFACE, TargetKind.VPC_ENDPOINT)


def follow(run: Run, route: Route, here: Here, state: State) -> None:
    """Send packets to the target of a route."""
    if isinstance(route.target, Unknown):
        run.lose(state, "RT-13", route.id, route.target.reason, is_doubtful=True)
    elif route.target.partition("@")[0] in run.network.severed:
        run.lose(state, "FW-1", route.target, "it is taken to be severed")
    elif here.subnet is None and route.kind not in _FROM_GATEWAYS:
        text = f"a gateway's route table cannot lead to a {route.kind}"
        run.lose(state, "RT-8", route.id, text, code="BAD_STATE_ROUTE")
    elif route.kind is TargetKind.LOCAL:
        run.deliver(here, state)
    elif route.kind in _TARGETS:
        _TARGETS[route.kind](run, route.target, here, state)
    else:
        text = f"what lies behind {route.target} is not modelled"
        run.lose(state, "RT-12", route.id, text, is_doubtful=True)


def _leave_to_internet(run: Run, gateway: str, here: Here, state: State) -> None:
    attached = run.network.internet_gateways.get(gateway)
    if isinstance(attached, Unknown) or gateway not in run.network.internet_gateways:
        reason = attached.reason if isinstance(attached, Unknown) else "it is not in the templates"
        run.lose(
            state, "RT-13", gateway, f"whether it is attached to {here.vpc.id} is not known: {reason}", is_doubtful=True
        )
        return
    if attached != here.vpc.id:
        run.lose(state, "RT-13", gateway, f"it is not attached to {here.vpc.id}", code="BAD_STATE_ROUTE")
        return
    state = _public_only(run, gateway, state)
    if state.flow.is_empty or not _has_public_source(run, gateway, state):
        return
    doubts: Doubts = NO_DOUBTS
    origin = state.origin
    if origin is not None and isinstance(origin.has_public_ipv4, Unknown) and state.flow.version == 4:  # noqa: PLR2004
        doubts = frozenset({Reason("RT-4", origin.id, origin.has_public_ipv4.reason)})
    _exit(run, gateway, here, state.narrowed(state.flow, doubts))


def _public_only(run: Run, gateway: str, state: State) -> State:
    """RT-4: internet gateways take nothing for private addresses."""
    public = intersect(state.flow.dst, INTERNET[state.flow.version])
    private = subtract(state.flow.dst, public)
    if private:
        words = addresses_in_words(state.flow.version, private)
        text = f"internet gateways take nothing for private addresses such as {words}"
        lost = state.narrowed(state.flow.to(private))
        run.lose(lost, "RT-4", gateway, text, code="IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS")
    return state.narrowed(state.flow.to(public))


def _has_public_source(run: Run, gateway: str, state: State) -> bool:
    """RT-4: over IPv4, only interfaces with a public address, and of this VPC, use an internet gateway."""
    origin = state.origin
    if state.via is not Via.INSIDE or origin is None:
        text = "internet gateways take nothing that comes from other networks"
        run.lose(state, "RT-4", gateway, text, code="IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")
        return False
    if state.flow.version == 4 and origin.has_public_ipv4 is False:  # noqa: PLR2004
        text = f"{origin.id} has no public IPv4 address"
        run.lose(state, "RT-4", gateway, text, code="IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")
        return False
    return True


def _leave_by_egress_only(run: Run, gateway: str, here: Here, state: State) -> None:
    if run.network.egress_only_internet_gateways.get(gateway, here.vpc.id) != here.vpc.id:
        run.lose(state, "RT-13", gateway, f"it is not of {here.vpc.id}", code="BAD_STATE_ROUTE")
        return
    state = _public_only(run, gateway, state)
    if state.flow.is_empty or not _has_public_source(run, gateway, state):
        return
    _exit(run, gateway, here, replace(state, is_outbound_only=True))


def _exit(run: Run, gateway: str, here: Here, state: State) -> None:
    """RT-11: out to the internet, unless public access is blocked."""
    origin = state.origin
    is_nat = origin is not None and origin.kind is InterfaceKind.NAT_GATEWAY
    home = here.subnet if origin is None else run.network.subnets[origin.subnet]
    blocked = run.walker.public_access.outbound(
        here.vpc, home, is_outbound_only=state.is_outbound_only or is_nat, is_inspected=bool(state.appliances)
    )
    if blocked is not None and not blocked.is_doubtful:
        run.lose(state, "RT-11", blocked.resource, blocked.text, code="VPC_BLOCK_PUBLIC_ACCESS_ENABLED")
        return
    if blocked is not None:
        state = state.narrowed(state.flow, frozenset({Reason("RT-11", blocked.resource, blocked.text)}))
    left = state.past(gateway, "leaves to the internet")
    run.walk.arrivals.append(Arrival(place=Place.INTERNET, at=gateway, state=left))


def _translate(run: Run, gateway: str, here: Here, state: State) -> None:
    nat = run.network.nat_gateways.get(gateway)
    if nat is None:
        run.lose(state, "RT-6", gateway, "the NAT gateway is not in the templates", is_doubtful=True)
        return
    if nat.vpc != here.vpc.id:
        run.lose(state, "RT-13", gateway, f"the NAT gateway is not in {here.vpc.id}", code="BAD_STATE_ROUTE")
        return
    if state.via in (Via.PEERING, Via.SITE, Via.INTERNET):
        text = f"NAT gateways take nothing that comes over a {state.via}"
        run.lose(state, "RT-6", gateway, text, code="NGW_REQUIRES_SOURCE_IN_VPC")
        return
    home = None if nat.subnet is None else run.network.subnets[nat.subnet]
    arriving = [state] if home is None or here.is_in(home) else run.judge(home, state, is_egress=False)
    for each in arriving:
        arrived = each.past(gateway, "translates the source address")
        run.walk.arrivals.append(Arrival(place=Place.NAT, at=gateway, state=arrived))


def _leave_to_site(run: Run, gateway: str, here: Here, state: State) -> None:
    vpn = run.network.vpn_gateways.get(gateway)
    if vpn is None or vpn.vpc is None:
        is_known = vpn is not None
        text = f"it is not attached to {here.vpc.id}" if is_known else "the gateway is not in the templates"
        run.lose(state, "RT-13", gateway, text, is_doubtful=not is_known, code="BAD_STATE_ROUTE")
        return
    if vpn.vpc != here.vpc.id:
        run.lose(state, "RT-13", gateway, f"it is not attached to {here.vpc.id}", code="BAD_STATE_ROUTE")
        return
    if state.via is not Via.INSIDE:
        text = "virtual private gateways take nothing that comes from other networks"
        run.lose(state, "RT-10", gateway, text, code="VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS")
        return
    known = union(block.ranges for block in vpn.prefixes if block.version == state.flow.version)
    certain = intersect(state.flow.dst, known)
    rest = subtract(state.flow.dst, known)
    if certain:
        _site(run, gateway, state.narrowed(state.flow.to(certain)))
    if rest and vpn.has_bgp:
        text = "what it learns over BGP is not in the templates"
        _site(run, gateway, state.narrowed(state.flow.to(rest), frozenset({Reason("RT-12", gateway, text)})))
    elif rest:
        text = f"none of its connections leads to {addresses_in_words(state.flow.version, rest)}"
        run.lose(state.narrowed(state.flow.to(rest)), "VPN-1", gateway, text, code="NO_ROUTE_TO_DESTINATION")


def _site(run: Run, gateway: str, state: State) -> None:
    left = state.past(gateway, "leaves to the site")
    run.walk.arrivals.append(Arrival(place=Place.SITE, at=gateway, state=left))


def _cross_peering(run: Run, connection: str, here: Here, state: State) -> None:
    """RT-10: from one VPC to the other, and no further."""
    peering = run.network.peering_connections.get(connection)
    other = None if peering is None else peering.other(here.vpc.id)
    if peering is None or other is None:
        is_known = peering is not None
        text = f"it does not end in {here.vpc.id}" if is_known else "the peering connection is not in the templates"
        run.lose(state, "RT-13", connection, text, is_doubtful=not is_known, code="BAD_STATE_ROUTE")
        return
    if state.via is not Via.INSIDE:
        text = f"peering takes nothing that comes over a {state.via}: it is not transitive"
        run.lose(state, "RT-10", connection, text, code="PCX_REQUIRES_ADDRESS_IN_VPC_CIDR")
        return
    if other not in run.network.vpcs:
        run.lose(state, "RT-10", connection, f"VPC {other} is not in the templates", is_doubtful=True)
        return
    state = replace(state.past(connection, f"crosses to {other}"), via=Via.PEERING)
    if peering.is_same_region is not True:
        text = "security groups cannot refer to those of another region"
        reason = Reason("SG-7", connection, text, "SG_REFERENCES_NOT_PRESERVED")
        unknown = isinstance(peering.is_same_region, Unknown)
        state = replace(state, doubt=reason) if unknown else replace(state, lost=reason)
    inside = intersect(state.flow.dst, run.walker.vpc_ranges(other, state.flow.version))
    rest = subtract(state.flow.dst, inside)
    if inside:
        run.deliver(Here(run.network.vpcs[other]), state.narrowed(state.flow.to(inside)))
    if rest:
        text = f"{addresses_in_words(state.flow.version, rest)} is not in {other}, and peering is not transitive"
        is_doubtful = bool(run.network.vpcs[other].unknown_blocks)
        lost = state.narrowed(state.flow.to(rest))
        run.lose(lost, "RT-10", connection, text, is_doubtful=is_doubtful, code="PCX_REQUIRES_ADDRESS_IN_VPC_CIDR")


def _cross_transit(run: Run, gateway: str, here: Here, state: State) -> None:
    """TGW-5: into the Transit Gateway, in the zone of the subnet."""
    for entry in run.walker.transit.attach(gateway, here, state):
        if isinstance(entry, Loss):
            run.walk.losses.append(entry)
            continue
        attachment, home, inside = entry
        # NACL-7: also in the subnet of the attachment itself, inbound rules judge by the source.
        for passed in run.judge(home, inside, is_egress=False):
            cross_transit_from(run, attachment, replace(passed, via=Via.TRANSIT))


def cross_transit_from(run: Run, attachment: str, state: State) -> None:
    """What came from an attachment goes where the table that it is associated with says."""
    for exit_ in run.walker.transit.forward(attachment, state):
        match exit_:
            case Loss():
                run.walk.losses.append(exit_)
            case Arrival():
                run.walk.arrivals.append(exit_)
            case (home, inside):
                _enter_from_transit(run, home, inside)


def _enter_from_transit(run: Run, subnet: Subnet, state: State) -> None:
    """NACL-7: packets enter through the subnet of the attachment; its ACL judges what goes on to other subnets."""
    run.leave(subnet, state)


def _enter_endpoint(run: Run, endpoint: str, here: Here, state: State) -> None:
    """A gateway endpoint is the end of the way; a firewall's or a Gateway Load Balancer's is a station."""
    id_, _, home = endpoint.partition("@")
    made = run.network.endpoints.get(id_)
    if made is not None and made.kind is EndpointKind.GATEWAY:
        _enter_gateway_endpoint(run, id_, state)
    elif id_ in run.network.firewalls:
        _pass_appliance(run, _Appliance(id_, home, run.network.firewalls[id_].passes), here, state)
    elif made is not None and made.kind is EndpointKind.GATEWAY_LOAD_BALANCER and made.subnets:
        unknown = Unknown("what the appliances behind the Gateway Load Balancer let through is not known")
        _pass_appliance(run, _Appliance(id_, made.subnets[0], unknown), here, state)
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


@dataclass(frozen=True, slots=True)
class _Appliance:
    """What packets are led through, the subnet that it is in, and whether it lets them through."""

    id: str
    subnet: str
    passes: bool | Unknown


def _pass_appliance(run: Run, appliance: _Appliance, here: Here, state: State) -> None:
    """FW-1: packets go into the endpoint, and on from its subnet, the addresses as they were."""
    home, id_ = run.network.subnets.get(appliance.subnet), appliance.id
    if home is None:
        run.lose(state, "RES-7", id_, "in which subnet this endpoint is, is not known", is_doubtful=True)
        return
    if appliance.passes is False:
        run.lose(state, "FW-2", id_, "the firewall drops it", code="FIREWALL_RULES_RESTRICTION")
        return
    doubts = NO_DOUBTS
    if isinstance(appliance.passes, Unknown):
        doubts = frozenset({Reason("FW-3", id_, appliance.passes.reason)})
    lost = Reason("SG-8", id_, "security groups are not known behind a middlebox", "SG_REFERENCES_NOT_PRESERVED")
    for each in [state] if here.is_in(home) else run.judge(home, state, is_egress=False):
        inside = replace(
            each.narrowed(each.flow, doubts).past(id_, "inspects it"),
            appliances=(*each.appliances, f"{id_}@{home.id}"),
            lost=lost,
            zone=home.zone,
        )
        run.leave(home, inside)


def _enter_interface(run: Run, target: str, here: Here, state: State) -> None:
    """RT-9: an interface takes what is for others only without its source/destination check."""
    found = _interfaces_of(run, target)
    if len(found) != 1:
        run.lose(state, "RT-9", target, "which interface this is, is not known", is_doubtful=True)
        return
    interface = found[0]
    if interface.checks_source is True:
        text = "it drops what is not for its own address: its source/destination check is on"
        run.lose(state, "RT-9", interface.id, text, code="ENI_SOURCE_DEST_CHECK_RESTRICTION")
        return
    text = "what this appliance does with packets for others is not in the templates"
    _pass_appliance(run, _Appliance(interface.id, interface.subnet, Unknown(text)), here, state)


def _interfaces_of(run: Run, target: str) -> list[Interface]:
    if target in run.network.interfaces:
        return [run.network.interfaces[target]]
    return [each for each in run.network.interfaces.values() if target in each.owners]


_TARGETS: Mapping[TargetKind, Callable[[Run, str, Here, State], None]] = {
    TargetKind.INTERNET_GATEWAY: _leave_to_internet,
    TargetKind.EGRESS_ONLY_INTERNET_GATEWAY: _leave_by_egress_only,
    TargetKind.NAT_GATEWAY: _translate,
    TargetKind.VPN_GATEWAY: _leave_to_site,
    TargetKind.PEERING_CONNECTION: _cross_peering,
    TargetKind.TRANSIT_GATEWAY: _cross_transit,
    TargetKind.VPC_ENDPOINT: _enter_endpoint,
    TargetKind.INTERFACE: _enter_interface,
    TargetKind.INSTANCE: _enter_interface,
}
