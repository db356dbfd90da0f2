"""What routes lead to: out of a VPC, or into another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from constructs_lattice.model.block import INTERNET
from constructs_lattice.model.ranges import intersect, subtract, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import InterfaceKind, Route, Subnet, TargetKind
from constructs_lattice.reachability.appliances import enter_endpoint, enter_interface
from constructs_lattice.reachability.filters import NO_DOUBTS, Doubts
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
    attached = run.network.leads_out(gateway, here.vpc.id)
    if isinstance(attached, Unknown):
        text = f"whether it is attached to {here.vpc.id} is not known: {attached.reason}"
        run.lose(state, "RT-13", gateway, text, is_doubtful=True)
        return
    if not attached:
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
    attached = run.network.egress_only_internet_gateways.get(gateway)
    if attached is None or isinstance(attached, Unknown):
        text = "whether it is of this VPC is not known" if attached else "it is not in the templates"
        run.lose(state, "RT-13", gateway, text, is_doubtful=True)
        return
    if attached != here.vpc.id:
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
    for passed in run.judge_public_access(
        here.vpc, home, state, is_outbound_only=state.is_outbound_only or is_nat, is_leaving=True
    ):
        left = passed.past(gateway, "leaves to the internet")
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
    if vpn is None or isinstance(vpn.vpc, Unknown):
        text = "the gateway is not in the templates" if vpn is None else "to which VPC it is attached is not known"
        run.lose(state, "RT-13", gateway, text, is_doubtful=True)
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
    unknown = [Reason("VPN-1", gateway, each.reason) for each in vpn.unknown_prefixes]
    if vpn.has_bgp:
        unknown.append(Reason("RT-12", gateway, "what it learns over BGP is not in the templates"))
    if rest and unknown:
        _site(run, gateway, state.narrowed(state.flow.to(rest), frozenset(unknown)))
    elif rest:
        text = f"none of its connections leads to {addresses_in_words(state.flow.version, rest)}"
        run.lose(state.narrowed(state.flow.to(rest)), "VPN-1", gateway, text, code="NO_ROUTE_TO_DESTINATION")


def _site(run: Run, gateway: str, state: State) -> None:
    left = state.past(gateway, "leaves to the site")
    run.walk.arrivals.append(Arrival(place=Place.SITE, at=gateway, state=left))


def _cross_peering(run: Run, connection: str, here: Here, state: State) -> None:
    """RT-10: from one VPC to the other, and no further."""
    peering = run.network.peering_connections.get(connection)
    if peering is None or peering.doubts:
        text = "the peering connection is not in the templates" if peering is None else peering.doubts[0].reason
        run.lose(state, "RT-13", connection, text, is_doubtful=True)
        return
    other = peering.other(here.vpc.id)
    if other is None:
        run.lose(state, "RT-13", connection, f"it does not end in {here.vpc.id}", code="BAD_STATE_ROUTE")
        return
    if state.via is not Via.INSIDE:
        text = f"peering takes nothing that comes over a {state.via}: it is not transitive"
        run.lose(state, "RT-10", connection, text, code="PCX_REQUIRES_ADDRESS_IN_VPC_CIDR")
        return
    if other not in run.network.vpcs:
        run.lose(state, "RT-10", connection, f"VPC {other} is not in the templates", is_doubtful=True)
        return
    if any(intersect(run.walker.vpc_ranges(here.vpc.id, v), run.walker.vpc_ranges(other, v)) for v in (4, 6)):
        run.lose(state, "RT-10", connection, "EC2 does not peer VPCs whose blocks overlap", is_doubtful=True)
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


_TARGETS: Mapping[TargetKind, Callable[[Run, str, Here, State], None]] = {
    TargetKind.INTERNET_GATEWAY: _leave_to_internet,
    TargetKind.EGRESS_ONLY_INTERNET_GATEWAY: _leave_by_egress_only,
    TargetKind.NAT_GATEWAY: _translate,
    TargetKind.VPN_GATEWAY: _leave_to_site,
    TargetKind.PEERING_CONNECTION: _cross_peering,
    TargetKind.TRANSIT_GATEWAY: _cross_transit,
    TargetKind.VPC_ENDPOINT: enter_endpoint,
    TargetKind.INTERFACE: enter_interface,
    TargetKind.INSTANCE: enter_interface,
}
