"""Routes that are added to the tiers of a VPC, besides the default ones."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.route_target import RouteTarget
from constructs_lattice.vpc.routes import Destination, Routes, check_destinations, route_key
from constructs_lattice.vpc.subnet_interface import SubnetInterface
from constructs_lattice.vpc.tier_subnets import TierInterface

__all__ = ["OwnRoutes"]


class OwnRoutes:
    """The routes that were added to the tiers of one VPC, one for each destination of a tier."""

    def __init__(self, vpc: Construct) -> None:
        self._vpc = vpc
        self._scope: Construct | None = None
        self._destinations: set[tuple[str, str]] = set()

    def add(self, tier: TierInterface[Any], to: Sequence[Destination], via: RouteTarget) -> list[ec2.CfnRoute]:
        """Add a route to each destination in each route table of the tier."""
        where = Place(self._vpc, "add_routes")
        targets = {subnet.zone: via.property_in(where, subnet.zone) for subnet in tier.subnets}
        check_destinations(where, to)
        for destination in to:
            self._check_free(where, tier, destination)
        if via.is_per_zone and not all(subnet.has_own_route_table for subnet in tier.subnets):
            raise ArgumentError(
                f"{where}: tier {tier.name!r} shares one route table, but each zone has a target of its own; ask for "
                "route tables per zone"
            )
        self._destinations |= {(tier.name, route_key(destination)) for destination in to}
        if self._scope is None:
            self._scope = Construct(self._vpc, "Routes")
        routes = []
        for subnet in _one_for_each_table(tier):
            make = partial(ec2.CfnRoute, **targets[subnet.zone])
            made = Routes(self._scope, self._vpc, make, via.after)  # type: ignore[arg-type]  # the vpc of the subnets
            routes += made.add(to, ec2.SubnetSelection(subnets=[subnet]))
        return routes

    def _check_free(self, where: Place, tier: TierInterface[Any], destination: Destination) -> None:
        first, key = tier.subnets[0], route_key(destination)
        defaults = {"0.0.0.0/0": first.default_route, "::/0": first.default_ipv6_route}
        if (tier.name, key) in self._destinations or defaults.get(key) is not None:
            name = destination if isinstance(destination, str) else f"prefix list {destination.node.path}"
            raise ArgumentError(f"{where}: tier {tier.name!r} has a route to {name} already, got another one")


def _one_for_each_table(tier: TierInterface[Any]) -> list[SubnetInterface]:
    return tier.subnets if tier.subnets[0].has_own_route_table else tier.subnets[:1]
