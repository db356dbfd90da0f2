"""Routes that are added to the tiers of a VPC, besides the default ones."""

from collections.abc import Sequence
from functools import partial

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice.addressing import check_destination
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.route_target import RouteTarget
from constructs_lattice.vpc.routes import Routes
from constructs_lattice.vpc.subnet import Subnet
from constructs_lattice.vpc.tier_subnets import TierSubnets

__all__ = ["OwnRoutes"]


class OwnRoutes:
    """The routes that were added to the tiers of one VPC, one for each destination of a tier."""

    def __init__(self, vpc: Construct) -> None:
        self._vpc = vpc
        self._scope: Construct | None = None
        self._destinations: set[tuple[str, str]] = set()

    def add(self, tier: TierSubnets, to: Sequence[str], via: RouteTarget) -> list[ec2.CfnRoute]:
        """Add a route to each destination in each route table of the tier."""
        where = Place(self._vpc, "add_routes")
        targets = {subnet.zone: via.property_in(where, subnet.zone) for subnet in tier.subnets}
        for destination in to:
            check_destination(where, destination)
            self._check_free(where, tier, destination)
        if via.is_per_zone and not all(subnet.has_own_route_table for subnet in tier.subnets):
            raise ArgumentError(
                f"{where}: tier {tier.name!r} shares one route table, but each zone has a target of its own; ask for "
                "route tables per zone"
            )
        self._destinations |= {(tier.name, destination) for destination in to}
        if self._scope is None:
            self._scope = Construct(self._vpc, "Routes")
        routes = []
        for subnet in _one_for_each_table(tier):
            make = partial(ec2.CfnRoute, **targets[subnet.zone])
            made = Routes(self._scope, self._vpc, make)  # type: ignore[arg-type]  # the vpc of the subnets
            routes += made.add(to, ec2.SubnetSelection(subnets=[subnet]))
        return routes

    def _check_free(self, where: Place, tier: TierSubnets, destination: str) -> None:
        first = tier.subnets[0]
        defaults = {"0.0.0.0/0": first.default_route, "::/0": first.default_ipv6_route}
        if (tier.name, destination) in self._destinations or defaults.get(destination) is not None:
            raise ArgumentError(f"{where}: tier {tier.name!r} has a route to {destination} already, got another one")


def _one_for_each_table(tier: TierSubnets) -> list[Subnet]:
    return tier.subnets if tier.subnets[0].has_own_route_table else tier.subnets[:1]
