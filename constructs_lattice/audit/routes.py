"""Routes that lead nowhere, tables that nobody asks, and appliances that see half of a connection."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lattice.audit.finding import Audited, Finding
from constructs_lattice.model.block import Block
from constructs_lattice.model.gateways import AttachmentKind, TransitGatewayAttachment
from constructs_lattice.model.network import Network
from constructs_lattice.model.services import EndpointKind
from constructs_lattice.model.vpc import Route, RouteTable, Subnet, TargetKind

__all__ = ["asymmetric_inspection", "dead_ends", "idle_tables", "missing_appliance_mode"]


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
        table = _table_of(network, network.subnets.get(id_))
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


def _table_of(network: Network, subnet: Subnet | None) -> RouteTable | None:
    table = None if subnet is None else subnet.route_table
    return network.route_tables.get(table) if isinstance(table, str) else None


def asymmetric_inspection(audited: Audited) -> Iterator[Finding]:
    """FW-4: subnets that are reached from the internet through an appliance, and answer past it, or the other way."""
    network = audited.network
    for gateway, table_id in network.edge_tables.items():
        vpc = network.internet_gateways.get(gateway)
        table = network.route_tables.get(table_id)
        for subnet in network.subnets.values():
            if subnet.vpc != vpc or table is None:
                continue
            inward = _appliance_for(network, table, subnet)
            outward = _default_target(_table_of(network, subnet))
            if inward is not None and outward is not None and outward != inward:
                yield Finding(
                    check="asymmetric-inspection",
                    resource=subnet.id,
                    text=f"packets from {gateway} pass {inward}, and the answers go to {outward}",
                    way_out=f"route 0.0.0.0/0 of {subnet.route_table} to {inward}",
                )


def _appliance_for(network: Network, table: RouteTable, subnet: Subnet) -> str | None:
    """Where a gateway's table leads the addresses of a subnet, if that is to an appliance."""
    blocks = {str(block) for block in subnet.blocks if block.version == 4}  # noqa: PLR2004 - the version of IP
    for route in table.routes:
        if str(route.destination) in blocks and _is_appliance(network, route):
            return str(route.target)
    return None


def _default_target(table: RouteTable | None) -> str | None:
    return next((str(each.target) for each in table.routes if _is_default(each)), None) if table is not None else None


def _is_default(route: Route) -> bool:
    return isinstance(route.destination, Block) and route.destination.is_everything


def dead_ends(audited: Audited) -> Iterator[Finding]:
    """RT-13: default routes to what does not lead on."""
    network = audited.network
    for table in network.route_tables.values():
        for route in table.routes:
            if _is_default(route) and isinstance(route.target, str):
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
        case TargetKind.INTERNET_GATEWAY:
            attached = network.internet_gateways.get(target, table.vpc)
            return (
                None if attached == table.vpc or not isinstance(attached, str) else "which is not attached to its VPC"
            )
        case TargetKind.NAT_GATEWAY:
            return _dead_nat(network, table, target)
        case TargetKind.TRANSIT_GATEWAY:
            return _dead_transit(network, table, target)
        case _:
            return None


def _dead_nat(network: Network, table: RouteTable, target: str) -> str | None:
    nat = network.nat_gateways.get(target)
    if nat is None or nat.subnet is None:
        return None
    if nat.vpc != table.vpc:
        return "which is in another VPC"
    home = _table_of(network, network.subnets[nat.subnet])
    if nat.is_public is True and home is not None and not any(_is_default(each) for each in home.routes):
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
    asked = {each.association for each in network.attachments.values()}
    said = {str(each.id) for each in audited.estate.of_type("AWS::EC2::TransitGatewayRouteTable")}
    for table in network.transit_gateway_route_tables.values():
        if table.id in said and table.id not in asked:
            yield Finding(
                check="idle-table",
                resource=table.id,
                text="no attachment is associated with it, so nothing is ever looked up in it",
                way_out="associate one, or take the table away",
            )
