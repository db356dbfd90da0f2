"""The subnets of one tier, as a VPC exposes them."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Generic, TypeVar

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice.addressing import VpcPlan
from constructs_lattice.vpc.attributes import TierAttributes
from constructs_lattice.vpc.fragment import subnet_id
from constructs_lattice.vpc.parts import Parts
from constructs_lattice.vpc.route_tables import RouteTables
from constructs_lattice.vpc.subnet import Subnet
from constructs_lattice.vpc.subnet_interface import SubnetInterface
from constructs_lattice.vpc.tier import Role, Tier
from constructs_lattice.vpc.zones import Zone, listed_zone

__all__ = ["TierInterface", "TierSubnets"]

_Subnet = TypeVar("_Subnet", bound=SubnetInterface)


class TierInterface(Generic[_Subnet]):
    """The subnets of one tier, made here or imported."""

    def __init__(self, name: str, role: Role, route_tables: RouteTables, zones: tuple[str, ...]) -> None:
        self._name = name
        self._role = role
        self._route_tables = route_tables
        self._keys = zones

    @property
    def name(self) -> str:
        """The name of the tier."""
        return self._name

    @property
    def role(self) -> Role:
        """The role of the tier."""
        return self._role

    @property
    def route_tables(self) -> RouteTables:
        """Whether each zone has its own route table."""
        return self._route_tables

    @property
    def zones(self) -> tuple[str, ...]:
        """The keys of its zones, in order."""
        return self._keys

    @property
    def by_zone(self) -> Mapping[str, _Subnet]:
        """The subnets by the key of the zone, in the order of the zones."""
        raise NotImplementedError

    @property
    def availability_zones(self) -> Mapping[str, str]:
        """The names of the zones by their keys; tokens where only the deployment knows them."""
        return {zone: subnet.availability_zone for zone, subnet in self.by_zone.items()}

    @property
    def subnets(self) -> list[_Subnet]:
        """The subnets, in the order of the zones."""
        return list(self.by_zone.values())

    @property
    def attributes(self) -> TierAttributes:
        """What is known of it elsewhere."""
        subnets = {zone: subnet.attributes for zone, subnet in self.by_zone.items()}
        return TierAttributes(role=self.role, route_tables=self.route_tables, subnets=subnets)

    @property
    def selection(self) -> ec2.SubnetSelection:
        """What other CDK constructs take as `vpc_subnets`."""
        return ec2.SubnetSelection(subnet_group_name=self.name)

    @property
    def subnet_type(self) -> ec2.SubnetType:
        """The nearest of the CDK's three types; what has no default route is isolated there."""
        types = {Role.PUBLIC: ec2.SubnetType.PUBLIC, Role.PRIVATE: ec2.SubnetType.PRIVATE_WITH_EGRESS}
        return types.get(self.role, ec2.SubnetType.PRIVATE_ISOLATED)


class TierSubnets(TierInterface[Subnet]):
    """The subnets of one tier of a `Vpc`; each becomes a construct when it is first asked for."""

    def __init__(self, vpc: Construct, parts: Parts, plan: VpcPlan, tier: Tier, zones: tuple[Zone, ...]) -> None:
        super().__init__(tier.name, tier.role, tier.route_tables, tuple(zone.key for zone in zones))
        self._vpc = vpc
        self._parts = parts
        self._tier = tier
        self._zones = zones
        ipv4 = plan.ipv4
        self._blocks = {zone.key: ipv4.get((tier.name, zone.key)) for zone in zones}
        self._by_zone: dict[str, Subnet] = {}

    @property
    def guarantee_name(self) -> str:
        """How guarantees name everything in this tier."""
        return f"tier:{self._vpc.node.path}/{self.name}"

    @property
    def blocks(self) -> Mapping[str, IPv4Network]:
        """The IPv4 block in each zone, by the key of the zone; counted from 0.0.0.0 where IPAM gives the VPC's."""
        return {zone: block for zone, block in self._blocks.items() if block is not None}

    @property
    def by_zone(self) -> Mapping[str, Subnet]:
        """The subnets by the key of the zone, in the order of the zones."""
        if not self._by_zone:
            names = self.availability_zones
            self._by_zone = {zone.key: self._subnet(zone, names[zone.key]) for zone in self._zones}
        return self._by_zone

    @property
    def availability_zones(self) -> Mapping[str, str]:
        """The names of the zones by their keys; tokens where only the deployment knows them."""
        return {zone.key: self._availability_zone(zone, index) for index, zone in enumerate(self._zones)}

    def _availability_zone(self, zone: Zone, index: int) -> str:
        if zone.zone_id is not None:
            resource: ec2.CfnSubnet = self._parts.get(subnet_id(self.name, zone.key))
            return resource.attr_availability_zone
        return zone.name or listed_zone(index)

    def _subnet(self, zone: Zone, name: str) -> Subnet:
        return Subnet(
            self._vpc,
            parts=self._parts,
            tier=self._tier,
            zone=zone,
            name=name,
            block=self._blocks[zone.key],
        )
