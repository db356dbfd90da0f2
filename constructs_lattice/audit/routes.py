"""Routes that lead nowhere, and tables that nobody asks."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lattice.audit.finding import Audited, Finding
from constructs_lattice.model.block import Block
from constructs_lattice.model.network import Network
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Route, RouteTable, Subnet, TargetKind
from constructs_lattice.templates.network.reader import Reader

__all__ = ["dead_ends", "idle_tables", "is_default", "table_of"]


def table_of(network: Network, subnet: Subnet | None) -> RouteTable | None:
    """The route table of a subnet, if it is known."""
    table = None if subnet is None else subnet.route_table
    return network.route_tables.get(table) if isinstance(table, str) else None


def is_default(route: Route, version: int | None = None) -> bool:
    """Whether a route is for everything, over one version of IP or over any."""
    destination = route.destination
    return isinstance(destination, Block) and destination.is_everything and version in (None, destination.version)


def dead_ends(audited: Audited) -> Iterator[Finding]:
    """RT-13: default routes to what does not lead on."""
    network = audited.network
    for table in network.route_tables.values():
        for route in table.routes:
            if is_default(route) and isinstance(route.target, str) and route.doubt is None:
                reason = _dead(network, table, route, route.target)
                if reason is not None:
                    yield Finding(
                        check="dead-end",
                        resource=route.id,
                        text=f"{table.id} sends {route.destination} to {route.target}, {reason}",
                        way_out="lead it on, or take the route away",
                    )


def _dead(network: Network, table: RouteTable, route: Route, target: str) -> str | None:
    """Why packets go no further behind the target of a default route."""
    match route.kind:
        case TargetKind.NAT_GATEWAY:
            return _dead_nat(network, table, target)
        case TargetKind.TRANSIT_GATEWAY:
            return _dead_transit(network, table, target)
        case TargetKind.INTERFACE:
            interface = network.interfaces.get(target)
            drops = interface is not None and interface.checks_source is True
            return "whose source/destination check drops what is for others" if drops else None
        case _:
            vpc = _vpc_of(network, route.kind, target)
            return None if isinstance(vpc, Unknown) or vpc == table.vpc else "which is not attached to its VPC"


_ELSEWHERE = Unknown("it is not in the templates, or of no single VPC")


def _vpc_of(network: Network, kind: TargetKind, target: str) -> str | Unknown | None:
    """The VPC that a gateway is attached to."""
    match kind:
        case TargetKind.INTERNET_GATEWAY:
            return network.internet_gateways.get(target, _ELSEWHERE)
        case TargetKind.EGRESS_ONLY_INTERNET_GATEWAY:
            return network.egress_only_internet_gateways.get(target, _ELSEWHERE)
        case TargetKind.VPN_GATEWAY:
            gateway = network.vpn_gateways.get(target)
            return _ELSEWHERE if gateway is None else gateway.vpc
        case _:
            return _ELSEWHERE


def _dead_nat(network: Network, table: RouteTable, target: str) -> str | None:
    nat = network.nat_gateways.get(target)
    if nat is None or nat.subnet is None:
        return None
    if nat.vpc != table.vpc:
        return "which is in another VPC"
    home = table_of(network, network.subnets[nat.subnet])
    if nat.is_public is True and home is not None and not any(is_default(each) for each in home.routes):
        return f"whose own subnet {nat.subnet} has no default route"
    return None


def _dead_transit(network: Network, table: RouteTable, target: str) -> str | None:
    if target not in network.transit_gateways:
        return None
    for attachment in network.attachments.values():
        if attachment.transit_gateway == target and attachment.vpc == table.vpc:
            tables = network.transit_gateway_route_tables
            asked = tables.get(attachment.association) if isinstance(attachment.association, str) else None
            if attachment.association is None:
                return "whose attachment is associated with no route table"
            if asked is not None and not asked.routes and not asked.doubts:
                return f"whose route table {asked.id} has no routes"
            return None
    return "to which its VPC is not attached"


def idle_tables(audited: Audited) -> Iterator[Finding]:
    """TGW-1: a table with routes that no attachment is associated with decides about nothing."""
    network = audited.network
    reader = Reader(audited.estate)
    associations = audited.estate.of_type("AWS::EC2::TransitGatewayRouteTableAssociation")
    named = [reader.id(each.get("TransitGatewayRouteTableId")) for each in associations]
    if any(isinstance(each, Unknown) for each in named):
        return
    asked = {*named, *(each.association for each in network.attachments.values())}
    asked |= {each.default_route_table for each in network.transit_gateways.values()}
    said = {str(each.id) for each in audited.estate.of_type("AWS::EC2::TransitGatewayRouteTable")}
    for table in network.transit_gateway_route_tables.values():
        if table.id in said and table.id not in asked:
            yield Finding(
                check="idle-table",
                resource=table.id,
                text="no attachment is associated with it, so nothing is ever looked up in it",
                way_out="associate one, or take the table away",
            )
