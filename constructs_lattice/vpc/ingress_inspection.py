"""Inspection of what comes from the internet, and of what goes there."""

from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.encryption_check import enforces_encryption
from constructs_lattice.vpc.route_tables import RouteTables
from constructs_lattice.vpc.subnet import Subnet
from constructs_lattice.vpc.tier import Role
from constructs_lattice.vpc.tier_subnets import TierSubnets
from constructs_lattice.vpc.vpc import Vpc

__all__ = ["IngressInspection"]


class IngressInspection(LatticeConstruct):
    """Leads what public tiers exchange with the internet through a firewall, in both directions.

    The internet gateway gets a route table that sends what is for a subnet to the firewall endpoint in its zone; the
    subnet's default route leads to the same endpoint; and the firewall's own subnets lead to the internet gateway. Both
    directions of a flow meet the same endpoint, as stateful firewalls need.

    Args:
        scope: The construct that this inspection is part of.
        id: The id within `scope`.
        vpc: One of our VPCs, with a tier for the firewall: `Tier.firewall()`.
        endpoints: The ids of the endpoints of Network Firewall or of a Gateway Load Balancer, by the key of the zone.
        tiers: The names of the public tiers. All of them by default.
        firewall_tier: The name of the tier that the endpoints are in. The firewall tier by default.

    Raises:
        ArgumentError: A zone has no endpoint; a tier is not public, shares a route table or is inspected already; or
            there is no firewall tier, or several; or the VPC enforces encryption.

    https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: Vpc,
        endpoints: Mapping[str, str],
        tiers: Sequence[str] = (),
        firewall_tier: str | None = None,
    ) -> None:
        where = Place(scope, id)
        if enforces_encryption(vpc):
            raise ArgumentError(
                f"{where}: the vpc enforces encryption, where AWS supports no firewall endpoints; use "
                "EncryptionControl.monitor()"
            )
        inspected = _inspected(where, vpc, tiers)
        firewall = _firewall_tier(where, vpc, firewall_tier)
        for tier in inspected:
            _check(where, tier, endpoints)
        super().__init__(scope, id)
        self._resource = ec2.CfnRouteTable(
            self, "Resource", vpc_id=vpc.vpc_id, tags=[CfnTag(key="Name", value=self.node.path)]
        )
        self._gateway_id = cast("ec2.CfnInternetGateway", vpc.internet_gateway).ref  # a public tier has one
        ec2.CfnGatewayRouteTableAssociation(
            self, "Association", gateway_id=self._gateway_id, route_table_id=self._resource.ref
        )
        for tier in inspected:
            for subnet in tier.subnets:
                self._lead_through(subnet, endpoints[subnet.zone])
        for subnet in firewall.subnets if firewall.route_tables is RouteTables.PER_ZONE else firewall.subnets[:1]:
            self._lead_out(subnet, vpc)

    @property
    def resource(self) -> ec2.CfnRouteTable:
        """The route table of the internet gateway, as CloudFormation knows it."""
        return self._resource

    def _lead_through(self, subnet: Subnet, endpoint: str) -> None:
        """What comes for the subnet goes to the endpoint, and so does what leaves it."""
        name = f"{subnet.tier}-{subnet.zone}"
        if (route := subnet.default_route) is not None:
            _turn(route, endpoint)
            ec2.CfnRoute(
                self,
                f"{name}-Ingress",
                route_table_id=self._resource.ref,
                destination_cidr_block=subnet.ipv4_cidr_block,
                vpc_endpoint_id=endpoint,
            )
        if (route := subnet.default_ipv6_route) is not None:
            _turn(route, endpoint)
            ec2.CfnRoute(
                self,
                f"{name}-Ipv6Ingress",
                route_table_id=self._resource.ref,
                destination_ipv6_cidr_block=subnet.ipv6_cidr_block,
                vpc_endpoint_id=endpoint,
            )

    def _lead_out(self, subnet: Subnet, vpc: Vpc) -> None:
        name = f"{subnet.tier}-{subnet.zone}" if subnet.has_own_route_table else subnet.tier
        table = subnet.route_table.route_table_id
        attachment = vpc.internet_gateway_attachment
        routes = [
            ec2.CfnRoute(
                self,
                f"{name}-Internet",
                route_table_id=table,
                destination_cidr_block="0.0.0.0/0",
                gateway_id=self._gateway_id,
            )
        ]
        if subnet.ipv6_cidr_block is not None:
            routes.append(
                ec2.CfnRoute(
                    self,
                    f"{name}-Ipv6Internet",
                    route_table_id=table,
                    destination_ipv6_cidr_block="::/0",
                    gateway_id=self._gateway_id,
                )
            )
        for route in routes:
            route.node.add_dependency(attachment)


def _turn(route: ec2.CfnRoute, endpoint: str) -> None:
    """Lead a default route from the internet gateway to an endpoint; the route stays the same resource."""
    route.gateway_id = None
    route.vpc_endpoint_id = endpoint


def _inspected(where: Place, vpc: Vpc, names: Sequence[str]) -> list[TierSubnets]:
    tiers = [vpc.tier(name) for name in names] or [tier for tier in vpc.tiers if tier.role is Role.PUBLIC]
    if not tiers:
        raise ArgumentError(f"{where}: there is no public tier to inspect; add Tier.public()")
    return tiers


def _firewall_tier(where: Place, vpc: Vpc, name: str | None) -> TierSubnets:
    if name is not None:
        return vpc.tier(name)
    found = [tier for tier in vpc.tiers if tier.role is Role.FIREWALL]
    if len(found) != 1:
        names = " and ".join(repr(tier.name) for tier in found) or "none"
        raise ArgumentError(
            f"{where}: there must be one tier for the firewall, got {names}; add Tier.firewall(), or say which one "
            "with firewall_tier"
        )
    return found[0]


def _check(where: Place, tier: TierSubnets, endpoints: Mapping[str, str]) -> None:
    if tier.role is not Role.PUBLIC:
        raise ArgumentError(f"{where}: tier {tier.name!r} is {tier.role}, but only public tiers meet the internet")
    if missing := [zone for zone in tier.zones if zone not in endpoints]:
        raise ArgumentError(
            f"{where}: endpoints must have one for each of the zones {', '.join(tier.zones)}, got none for "
            f"{', '.join(missing)}"
        )
    if not all(subnet.has_own_route_table for subnet in tier.subnets):
        raise ArgumentError(
            f"{where}: tier {tier.name!r} shares one route table, but each zone has its own endpoint; ask for route "
            "tables per zone"
        )
    routes = [route for subnet in tier.subnets for route in (subnet.default_route, subnet.default_ipv6_route)]
    if any(route is not None and route.gateway_id is None for route in routes):
        raise ArgumentError(f"{where}: tier {tier.name!r} is inspected already")
