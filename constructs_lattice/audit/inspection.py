"""Appliances that see half of a connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from constructs_lattice.audit.finding import Audited, Finding
from constructs_lattice.audit.routes import is_default, table_of
from constructs_lattice.model.gateways import AttachmentKind, TransitGatewayAttachment
from constructs_lattice.model.network import Network
from constructs_lattice.model.services import EndpointKind
from constructs_lattice.model.vpc import InterfaceKind, Route, RouteTable, Subnet, TargetKind
from constructs_lattice.reachability.answer import Verdict
from constructs_lattice.reachability.parties import Owner, TheInternet
from constructs_lattice.reachability.reachability import Reachability
from constructs_lattice.reachability.reason import Hop

__all__ = ["asymmetric_inspection", "missing_appliance_mode"]

_VERSIONS = (4, 6)
_BY_PLACE = "@#"
"""How a firewall's endpoint is named that is known by its place in the list only."""


def missing_appliance_mode(audited: Audited) -> Iterator[Finding]:
    """TGW-9: without appliance mode, the two directions of a connection may enter different zones.

    https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html
    """
    network = audited.network
    for attachment in network.attachments.values():
        if attachment.kind is not AttachmentKind.VPC or attachment.appliance_mode is not False:
            continue
        inspected = _appliances_behind(network, attachment)
        if len(inspected) > 1:
            yield Finding(
                check="appliance-mode",
                resource=attachment.id,
                text=f"it leads to {' and '.join(inspected)}; the answers of a connection may come to the other one",
                way_out="set ApplianceModeSupport to enable",
            )


def _appliances_behind(network: Network, attachment: TransitGatewayAttachment) -> list[str]:
    """The appliances that the route tables of an attachment's subnets lead to."""
    found: dict[str, None] = {}
    for id_ in attachment.subnets:
        table = table_of(network, network.subnets.get(id_))
        for route in table.routes if table is not None else ():
            if isinstance(route.target, str) and _is_appliance(network, route):
                found[route.target] = None
    return list(found)


def _is_appliance(network: Network, route: Route) -> bool:
    name = str(route.target).partition("@")[0]
    if name in network.firewalls or route.kind is TargetKind.INTERFACE:
        return True
    made = network.endpoints.get(name)
    return made is not None and made.kind is EndpointKind.GATEWAY_LOAD_BALANCER


def asymmetric_inspection(audited: Audited) -> Iterator[Finding]:
    """FW-4: what packets pass on their way from or to the internet, and their answers do not."""
    found = list(_past_edges(audited.network))
    yield from found
    yield from _past_firewalls(audited.network, {each.resource for each in found})


def _past_edges(network: Network) -> Iterator[Finding]:
    """Subnets that a gateway's route table leads to by an appliance, and that answer by something else."""
    for gateway, table_id in network.edge_tables.items():
        vpc = network.internet_gateways.get(gateway)
        table = network.route_tables.get(table_id)
        for subnet in network.subnets.values():
            for version in _VERSIONS if subnet.vpc == vpc and table is not None else ():
                inward = _appliance_for(network, table, subnet, version) if table is not None else None
                default = _default_route(table_of(network, subnet), version)
                if inward is not None and default is not None and _are_apart(inward, str(default.target)):
                    yield Finding(
                        check="asymmetric-inspection",
                        resource=subnet.id,
                        text=f"packets from {gateway} pass {inward}, and the answers go to {default.target}",
                        way_out=f"route {default.destination} of {subnet.route_table} to {inward}",
                    )


def _past_firewalls(network: Network, told: set[str]) -> Iterator[Finding]:
    """Subnets whose hosts reach the internet, or are reached, past a firewall in one direction only."""
    if not network.firewalls:
        return
    shown = Reachability(replace(network, shows_halves=True))
    for interface in network.interfaces.values():
        if interface.subnet in told or interface.kind in (InterfaceKind.NAT_GATEWAY, InterfaceKind.ENDPOINT):
            continue
        own = Owner(interface.id, (interface.id,))
        asked = [pair for outside in map(TheInternet, _VERSIONS) for pair in ((outside, own), (own, outside))]
        for source, target in asked:
            answer = shown.ask(source, target)
            if answer.verdict is Verdict.REACHABLE and answer.is_half:
                told.add(interface.subnet)
                way = "from" if target is own else "to"
                there, back = (_inspecting(hops, network) for hops in (answer.forward, answer.back))
                yield Finding(
                    check="asymmetric-inspection",
                    resource=interface.subnet,
                    text=f"packets {way} the internet ({answer.packet}) pass {there}, and the answers {back}",
                    way_out="route both directions through the same endpoint of the firewall",
                )
                break


def _inspecting(hops: Iterable[Hop], network: Network) -> str:
    """The firewalls among the stations of packets."""
    return ", ".join(hop.resource for hop in hops if hop.resource in network.firewalls) or "no firewall"


def _appliance_for(network: Network, table: RouteTable, subnet: Subnet, version: int) -> str | None:
    """Where a gateway's table leads the addresses of a subnet, if that is to an appliance."""
    blocks = {str(block) for block in subnet.blocks if block.version == version}
    for route in table.routes:
        if str(route.destination) in blocks and route.doubt is None and _is_appliance(network, route):
            return str(route.target)
    return None


def _default_route(table: RouteTable | None, version: int) -> Route | None:
    """The default route over a version of IP, if it is sure which that is."""
    routes = [] if table is None else [each for each in table.routes if is_default(each, version)]
    return routes[0] if len(routes) == 1 and routes[0].doubt is None else None


def _are_apart(one: str, other: str) -> bool:
    """Whether two targets are surely not the same."""
    same_firewall = one.partition("@")[0] == other.partition("@")[0]
    return one != other and not (same_firewall and (_BY_PLACE in one or _BY_PLACE in other))
