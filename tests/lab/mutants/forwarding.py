"""Bugs about route tables, gateways and peering."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import subtract
from constructs_lattice.model.vpc import RouteTable, TargetKind
from constructs_lattice.reachability import connection, lookup, targets
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.ends import Host, Internet
from constructs_lattice.reachability.quantify import Piece
from constructs_lattice.reachability.run import Run
from constructs_lattice.reachability.state import Arrival, Here, Place, State, Walk
from constructs_lattice.reachability.translation import Translation
from tests.lab.mutants.sowing import each_of, misreading, mutant

# Route tables


@mutant
def _no_route_back(patch: pytest.MonkeyPatch) -> None:
    """Answers find back without routes and ACLs."""

    def back(_self: Connections, client: Any, _server: Any, arrival: Arrival, answers: Any) -> Walk:
        at = client.interface.id if isinstance(client, Host) else arrival.state.hops[0].resource
        place = Place.INTERFACE if isinstance(client, Host) else Place.INTERNET
        return Walk([Arrival(place=place, at=at, state=State(flow=answers))], [])

    patch.setattr(Connections, "_back", back)


@mutant
def _first_route_instead_of_the_most_specific(patch: pytest.MonkeyPatch) -> None:
    """Routes are tried as they are written."""
    patch.setattr(lookup, "_in_order", tuple)


@mutant
def _local_route_before_everything(patch: pytest.MonkeyPatch) -> None:
    """Nothing can be more specific than the local route."""
    in_order = lookup._in_order

    def local_first(entries: list[Any]) -> Any:
        return tuple(sorted(in_order(entries), key=lambda each: each.route is not lookup.LOCAL))

    patch.setattr(lookup, "_in_order", local_first)


@misreading
def _no_main_table(network: Network) -> Network:
    """A subnet without a table of its own has some table of its VPC."""
    tables = {each.vpc: each.id for each in network.route_tables.values() if not each.id.endswith("main-route-table")}
    mains = {vpc.main_route_table: vpc.id for vpc in network.vpcs.values()}
    subnets = {
        id_: replace(each, route_table=tables.get(mains[str(each.route_table)], each.route_table))
        if each.route_table in mains
        else each
        for id_, each in network.subnets.items()
    }
    return replace(network, subnets=subnets)


@misreading
def _second_blocks_are_forgotten(network: Network) -> Network:
    """A VPC has only the block that it was made with."""
    vpcs = each_of(network.vpcs, lambda vpc: replace(vpc, blocks=vpc.blocks[:1]))
    tables = each_of(network.route_tables, lambda table: replace(table, local=table.local[:1]))
    return replace(network, vpcs=vpcs, route_tables=tables)


@misreading
def _routes_of_prefix_lists_are_forgotten(network: Network) -> Network:
    """A route whose destination is a list leads nowhere."""

    def shortened(table: RouteTable) -> RouteTable:
        return replace(table, routes=tuple(each for each in table.routes if not isinstance(each.destination, str)))

    return replace(network, route_tables=each_of(network.route_tables, shortened))


@mutant
def _interfaces_pass_on_what_is_for_others(patch: pytest.MonkeyPatch) -> None:
    """The source/destination check drops nothing."""

    def enter(run_: Run, _target: str, here: Here, state: State) -> None:
        run_.deliver(here, state)

    for kind in (TargetKind.INTERFACE, TargetKind.INSTANCE):
        patch.setitem(targets._TARGETS, kind, enter)


# Gateways and peering


@misreading
def _public_addresses_for_everybody(network: Network) -> Network:
    """A route to an internet gateway is all that it takes."""
    return replace(network, interfaces=each_of(network.interfaces, lambda each: replace(each, has_public_ipv4=True)))


@misreading
def _internet_gateways_that_are_attached_to_nothing(network: Network) -> Network:
    """A route to an internet gateway attaches it."""
    users = {
        route.target: table.vpc
        for table in network.route_tables.values()
        for route in table.routes
        if route.kind is TargetKind.INTERNET_GATEWAY
    }
    gateways = {id_: vpc or users.get(id_, "") for id_, vpc in network.internet_gateways.items()}
    return replace(network, internet_gateways=gateways)


@mutant
def _peering_is_transitive(patch: pytest.MonkeyPatch) -> None:
    """What comes over a peering connection goes on by the routes of the other VPC."""
    cross = targets._cross_peering

    def cross_further(run_: Run, id_: str, here: Here, state: State) -> None:
        cross(run_, id_, here, state)
        other = run_.network.peering_connections[id_].other(here.vpc.id)
        outside = subtract(state.flow.dst, run_.walker.vpc_ranges(str(other), 4))
        passed = sum(hop.resource in run_.network.peering_connections for hop in state.hops)
        if outside and other and passed < 3:
            further = state.narrowed(state.flow.to(outside)).past(id_, "crosses")
            for subnet in [each for each in run_.network.subnets.values() if each.vpc == other][:1]:
                run_.route(subnet, further)

    patch.setitem(targets._TARGETS, TargetKind.PEERING_CONNECTION, cross_further)


@mutant
def _answers_to_nat_gateways_need_routes(patch: pytest.MonkeyPatch) -> None:
    """Over peering, too."""
    patch.setattr(connection, "_returns_to_sender", lambda *_: False)


@mutant
def _nat_gateways_need_no_way_out(patch: pytest.MonkeyPatch) -> None:
    """Who has a route to a public NAT gateway is on the internet, wherever that gateway is."""
    beyond = Translation._beyond

    def straight(self: Translation, nat: Any, server: Any, near: State, *more: Any) -> list[Piece]:
        if isinstance(server, Internet) and nat.is_public is True:
            return [Piece(flow=near.flow)]
        return beyond(self, nat, server, near, *more)

    patch.setattr(Translation, "_beyond", straight)


@misreading
def _private_nat_gateways_reach_the_internet(network: Network) -> Network:
    """A NAT gateway is taken for a public one, whatever it is."""
    owned = {each.interface for each in network.nat_gateways.values()}
    interfaces = {
        id_: replace(each, has_public_ipv4=True) if id_ in owned else each for id_, each in network.interfaces.items()
    }
    return replace(network, interfaces=interfaces)
