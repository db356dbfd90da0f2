"""Networks behind connections that learn their routes over BGP.

VPN-1: who asks about a network on premises says that it is there: the connections that learn routes are taken to have
learned the one to it, and no other (ASSUME-SITE).
"""

from __future__ import annotations

from dataclasses import replace

from constructs_lattice.model.block import Block
from constructs_lattice.model.network import Network
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Route, TargetKind

__all__ = ["with_site"]


def with_site(network: Network, block: Block) -> Network:
    """The network when all connections with BGP have learned of a block."""
    gateways = {
        id_: replace(each, prefixes=(*each.prefixes, block), has_bgp=False) if each.has_bgp else each
        for id_, each in network.vpn_gateways.items()
    }
    tables = {
        id_: replace(table, routes=tuple(_learned(each, block) for each in table.routes))
        for id_, table in network.route_tables.items()
    }
    learning = {id_ for id_, each in network.attachments.items() if each.has_bgp}
    transit = {
        id_: replace(
            table,
            routes=tuple(
                replace(each, destination=block)
                if each.attachment in learning and _is_over_bgp(each.destination)
                else each
                for each in table.routes
            ),
        )
        for id_, table in network.transit_gateway_route_tables.items()
    }
    return replace(network, vpn_gateways=gateways, route_tables=tables, transit_gateway_route_tables=transit)


def _learned(route: Route, block: Block) -> Route:
    is_learned = route.kind is TargetKind.VPN_GATEWAY and _is_over_bgp(route.destination)
    return replace(route, destination=block) if is_learned else route


def _is_over_bgp(destination: object) -> bool:
    return isinstance(destination, Unknown) and destination.symbol.startswith("bgp:")
