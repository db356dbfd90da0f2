"""Bugs about Transit Gateways."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from constructs_lattice.model.network import Network
from constructs_lattice.reachability import findings, quantify, targets, transit
from constructs_lattice.reachability.run import Run
from constructs_lattice.reachability.state import Here, State
from tests.lab.mutants.sowing import each_of, misreading, mutant


@misreading
def _attachments_without_a_table_have_one(network: Network) -> Network:
    """An attachment that is associated with no table has the first one."""
    tables = {each.transit_gateway: each.id for each in [*network.transit_gateway_route_tables.values()][::-1]}
    return replace(
        network,
        attachments=each_of(
            network.attachments,
            lambda each: each if each.association else replace(each, association=tables[each.transit_gateway]),
        ),
    )


@misreading
def _no_default_tables(network: Network) -> Network:
    """An attachment without an association in the template has none."""
    defaults = {each.default_route_table for each in network.transit_gateways.values()}
    return replace(
        network,
        attachments=each_of(
            network.attachments, lambda each: replace(each, association=None) if each.association in defaults else each
        ),
    )


@misreading
def _no_black_holes(network: Network) -> Network:
    """Routes into black holes are left out."""
    tables = each_of(
        network.transit_gateway_route_tables,
        lambda table: replace(table, routes=tuple(each for each in table.routes if each.attachment is not None)),
    )
    return replace(network, transit_gateway_route_tables=tables)


@misreading
def _propagated_routes_before_static_ones(network: Network) -> Network:
    """For the same destination, what is propagated wins."""
    tables = each_of(
        network.transit_gateway_route_tables,
        lambda table: replace(table, routes=tuple(replace(e, is_propagated=not e.is_propagated) for e in table.routes)),
    )
    return replace(network, transit_gateway_route_tables=tables)


@mutant
def _zones_of_attachments_do_not_matter(patch: pytest.MonkeyPatch) -> None:
    """A Transit Gateway is reached from zones in which its attachment has no subnet."""
    patch.setattr(transit, "same_zone", lambda *_: True)


@mutant
def _any_entrance_of_an_attachment_is_enough(patch: pytest.MonkeyPatch) -> None:
    """Of several zones that packets may enter in, one that works will do."""
    certain = quantify.is_certain

    def carefree(pieces: Any, whole: Any, chosen: Any) -> Any:
        return certain([replace(each, choices=()) for each in pieces], whole, chosen)

    patch.setattr(findings, "is_certain", carefree)


@mutant
def _transit_gateways_deliver_straight(patch: pytest.MonkeyPatch) -> None:
    """What comes out of a Transit Gateway asks no route table of the VPC, and no ACL on the way out."""

    def enter(run_: Run, subnet: Any, state: State) -> None:
        run_.deliver(Here(run_.network.vpcs[subnet.vpc]), state)

    patch.setattr(targets, "_enter_from_transit", enter)


@misreading
def _all_of_overlapping_vpcs_are_propagated(network: Network) -> Network:
    """The most specific block wins, whoever was attached first."""
    tables = each_of(
        network.transit_gateway_route_tables,
        lambda table: replace(table, routes=tuple(replace(each, doubt=None) for each in table.routes)),
    )
    return replace(network, transit_gateway_route_tables=tables)
