"""A VPC of tiers that was made elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, cast

import jsii
from aws_cdk import aws_ec2 as ec2
from aws_cdk.interfaces import aws_ec2 as interfaces
from constructs import Construct, DependencyGroup, IDependable

from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.attributes import SubnetAttributes
from constructs_lattice.vpc.interface import VpcInterface
from constructs_lattice.vpc.route_tables import RouteTables
from constructs_lattice.vpc.subnet_interface import SubnetInterface
from constructs_lattice.vpc.tier import Role
from constructs_lattice.vpc.tier_subnets import TierInterface

__all__ = ["ImportedSubnet", "ImportedTier", "ImportedVpc", "TierShape", "VpcSource"]


class TierShape(Protocol):
    """What has to be known of a tier at synthesis."""

    @property
    def role(self) -> Role:
        """The role."""

    @property
    def route_tables(self) -> RouteTables:
        """Whether each zone has its own route table."""

    @property
    def zones(self) -> tuple[str, ...]:
        """The keys of its zones, in order."""


class VpcSource(Protocol):
    """Where the ids and the blocks of a VPC come from: values, or parameters that are made when they are asked for."""

    @property
    def vpc_id(self) -> str:
        """The id of the VPC."""

    @property
    def cidr_blocks(self) -> Sequence[str]:
        """All IPv4 blocks, the first one first."""

    @property
    def ipv6_cidr_block(self) -> str | None:
        """The IPv6 block, if there is one."""

    @property
    def tiers(self) -> Mapping[str, TierShape]:
        """The tiers by their names."""

    def subnet(self, tier: str, zone: str) -> SubnetAttributes:
        """The subnet of a tier in a zone, both of which are there."""


@jsii.implements(ec2.IRouteTable)
class _RouteTable:
    """A route table that was made elsewhere."""

    def __init__(self, route_table_id: str) -> None:
        self._id = route_table_id

    @property
    def route_table_id(self) -> str:
        return self._id


@jsii.implements(ec2.ISubnet)
class ImportedSubnet(SubnetInterface):
    """A subnet that was made elsewhere, known by its tier and its zone."""

    def __init__(
        self,
        scope: Construct,
        *,
        tier: str,
        role: Role,
        zone: str,
        route_tables: RouteTables,
        attributes: SubnetAttributes,
    ) -> None:
        super().__init__(scope, tier=tier, role=role, zone=zone)
        self._route_tables = route_tables
        self._attributes = attributes

    @property
    def attributes(self) -> SubnetAttributes:
        """What is known of it."""
        return self._attributes

    @property
    def subnet_id(self) -> str:
        """The id of the subnet."""
        return self._attributes.subnet_id

    @property
    def subnet_ref(self) -> Any:
        """The reference by which L1 constructs know the subnet."""
        return interfaces.SubnetReference(subnet_id=self.subnet_id)

    @property
    def route_table(self) -> ec2.IRouteTable:
        """The route table."""
        return cast("ec2.IRouteTable", _RouteTable(self._attributes.route_table_id))

    @property
    def has_own_route_table(self) -> bool:
        """Whether the route table is not shared with the tier's subnets in other zones."""
        return self._route_tables is RouteTables.PER_ZONE

    @property
    def availability_zone(self) -> str:
        """The name of the zone; a token where only the deployment knows it."""
        return self._attributes.availability_zone

    @property
    def ipv4_cidr_block(self) -> str:
        """The IPv4 block. Raises `ArgumentError` when the tier speaks IPv6 only."""
        if self._attributes.ipv4_cidr_block is None:
            raise ArgumentError(f"{self.node.path}: tier {self.tier!r} speaks IPv6 only, so it has no IPv4 block")
        return self._attributes.ipv4_cidr_block

    @property
    def ipv6_cidr_block(self) -> str | None:
        """The IPv6 block, if the tier speaks IPv6."""
        return self._attributes.ipv6_cidr_block


class ImportedTier(TierInterface[ImportedSubnet]):
    """The subnets of one tier that was made elsewhere; each becomes a construct when it is first asked for."""

    def __init__(
        self,
        vpc: Construct,
        name: str,
        role: Role,
        *,
        zones: tuple[str, ...],
        route_tables: RouteTables,
        attributes: Callable[[str], SubnetAttributes],
    ) -> None:
        super().__init__(name, role, route_tables, zones)
        self._vpc = vpc
        self._attributes = attributes
        self._by_zone: dict[str, ImportedSubnet] = {}

    @property
    def by_zone(self) -> Mapping[str, ImportedSubnet]:
        """The subnets by the key of the zone, in the order of the zones."""
        if not self._by_zone:
            self._by_zone = {zone: self._subnet(zone) for zone in self.zones}
        return self._by_zone

    def _subnet(self, zone: str) -> ImportedSubnet:
        attributes = self._attributes(zone)
        if self.route_tables is RouteTables.SHARED:
            # Of tokens nobody sees that they are one id: that of the first zone stands for all.
            attributes = replace(attributes, route_table_id=self._attributes(self.zones[0]).route_table_id)
        return ImportedSubnet(
            self._vpc,
            tier=self.name,
            role=self.role,
            zone=zone,
            route_tables=self.route_tables,
            attributes=attributes,
        )


@jsii.implements(ec2.IVpc)
class ImportedVpc(VpcInterface[ImportedTier, ImportedSubnet]):
    """A VPC of tiers that was made elsewhere, in another application or account perhaps.

    `Vpc.from_vpc_attributes` and `Vpc.from_parameters` make it. It is taken wherever a `Vpc` is, but for what needs the
    VPC's own plan or gateways: isolation and inspection.
    """

    def __init__(self, scope: Construct, id: str, *, source: Callable[[Construct], VpcSource]) -> None:
        super().__init__(scope, id)
        self._source = source(self)
        self._tiers = {name: self._tier(name, shape) for name, shape in self._source.tiers.items()}

    @property
    def vpc_id(self) -> str:
        """The id of the VPC."""
        return self._source.vpc_id

    @property
    def vpc_ref(self) -> Any:
        """The reference by which L1 constructs know the VPC."""
        return interfaces.VPCReference(vpc_id=self.vpc_id)

    @property
    def cidr_blocks(self) -> list[str]:
        """All IPv4 blocks, the first one first."""
        return list(self._source.cidr_blocks)

    @property
    def ipv6_cidr_block(self) -> str | None:
        """The IPv6 block, if a tier speaks IPv6."""
        return self._source.ipv6_cidr_block

    @property
    def internet_connectivity_established(self) -> IDependable:
        """What to depend on to be made after the way to the internet: nothing, it is there."""
        return DependencyGroup()

    def _tier(self, name: str, shape: TierShape) -> ImportedTier:
        return ImportedTier(
            self,
            name,
            shape.role,
            zones=shape.zones,
            route_tables=shape.route_tables,
            attributes=lambda zone: self._source.subnet(name, zone),
        )
