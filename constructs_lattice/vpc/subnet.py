"""One subnet of a `Vpc`, known by its tier and its zone."""

from ipaddress import IPv4Network
from typing import Any, cast

import jsii
from aws_cdk import Fn
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice.addressing import is_relative
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.attributes import SubnetAttributes
from constructs_lattice.vpc.fragment import subnet_id, table_id
from constructs_lattice.vpc.parts import Parts
from constructs_lattice.vpc.route_tables import RouteTables
from constructs_lattice.vpc.subnet_interface import SubnetInterface
from constructs_lattice.vpc.tier import Tier
from constructs_lattice.vpc.zones import Zone

__all__ = ["RouteTable", "Subnet"]


@jsii.implements(ec2.IRouteTable)
class RouteTable:
    """The route table of one subnet, or of all subnets of a tier."""

    def __init__(self, parts: Parts, id: str) -> None:
        self._parts = parts
        self._id = id

    @property
    def resource(self) -> ec2.CfnRouteTable:
        """The route table itself, as CloudFormation knows it."""
        return cast("ec2.CfnRouteTable", self._parts.get(self._id))

    @property
    def route_table_id(self) -> str:
        """The id of the route table."""
        return self._parts.ref(self._id)


@jsii.implements(ec2.ISubnet)
class Subnet(SubnetInterface):
    """The subnet of one tier in one zone, usable wherever the CDK takes an `ec2.ISubnet`.

    Made by its `Vpc` when it is first asked for. Its parts are ordinary L1 constructs: `resource`,
    `route_table.resource`, `route_table_association`, `default_route`, `default_ipv6_route`, `nat64_route`,
    `nat_gateway` and `nat_address`.

    https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
    """

    def __init__(
        self, scope: Construct, *, parts: Parts, tier: Tier, zone: Zone, name: str, block: IPv4Network | None
    ) -> None:
        super().__init__(scope, tier=tier.name, role=tier.role, zone=zone.key)
        self._parts = parts
        self._tier = tier
        self._name = name
        self._block = block

    @property
    def attributes(self) -> SubnetAttributes:
        """What is known of it elsewhere."""
        return SubnetAttributes(
            subnet_id=self.subnet_id,
            route_table_id=self.route_table.route_table_id,
            availability_zone=self.availability_zone,
            ipv4_cidr_block=None if self._block is None else self.ipv4_cidr_block,
            ipv6_cidr_block=self.ipv6_cidr_block,
        )

    @property
    def resource(self) -> ec2.CfnSubnet:
        """The subnet itself, as CloudFormation knows it."""
        return cast("ec2.CfnSubnet", self._parts.get(self._id("Subnet")))

    @property
    def route_table(self) -> RouteTable:
        """The route table."""
        return RouteTable(self._parts, table_id(self._tier, self.zone))

    @property
    def has_own_route_table(self) -> bool:
        """Whether the route table is not shared with the tier's subnets in other zones."""
        return self._tier.route_tables is RouteTables.PER_ZONE

    @property
    def default_route(self) -> ec2.CfnRoute | None:
        """The default route for IPv4, if the tier's role has one."""
        return cast("ec2.CfnRoute | None", self._part(table_id(self._tier, self.zone, "DefaultRoute")))

    @property
    def default_ipv6_route(self) -> ec2.CfnRoute | None:
        """The default route for IPv6, if the tier's role has one."""
        return cast("ec2.CfnRoute | None", self._part(table_id(self._tier, self.zone, "DefaultIpv6Route")))

    @property
    def nat64_route(self) -> ec2.CfnRoute | None:
        """The route to IPv4 destinations by NAT64, if this is a private tier of IPv6 only."""
        return cast("ec2.CfnRoute | None", self._part(table_id(self._tier, self.zone, "Nat64Route")))

    @property
    def route_table_association(self) -> ec2.CfnSubnetRouteTableAssociation:
        """What puts this subnet under its route table."""
        part: ec2.CfnSubnetRouteTableAssociation = self._parts.get(self._id("RouteTableAssociation"))
        return part

    @property
    def nat_address(self) -> ec2.CfnEIP | None:
        """The Elastic IP address of the NAT gateway in this subnet, if one was made for it."""
        return cast("ec2.CfnEIP | None", self._part(self._id("NatAddress")))

    @property
    def nat_gateway(self) -> ec2.CfnNatGateway | None:
        """The NAT gateway in this subnet, if there is one."""
        return cast("ec2.CfnNatGateway | None", self._part(self._id("NatGateway")))

    @property
    def subnet_id(self) -> str:
        """The id of the subnet."""
        return self._parts.ref(self._id("Subnet"))

    @property
    def subnet_ref(self) -> Any:
        """The reference by which L1 constructs know the subnet."""
        return self.resource.subnet_ref

    @property
    def availability_zone(self) -> str:
        """The name of the zone; a token where only the deployment knows it."""
        return self._name

    @property
    def ipv4_cidr_block(self) -> str:
        """The IPv4 block; a token where only the deployment knows it.

        Raises `ArgumentError` when the tier speaks IPv6 only.
        """
        if self._block is None:
            raise ArgumentError(f"{self.node.path}: tier {self.tier!r} speaks IPv6 only, so it has no IPv4 block")
        return self.resource.attr_cidr_block if is_relative(self._block) else str(self._block)

    @property
    def ipv6_cidr_block(self) -> str | None:
        """The IPv6 block, a token, if the tier speaks IPv6."""
        if self.resource.ipv6_cidr_block is None:
            return None
        return Fn.select(0, self.resource.attr_ipv6_cidr_blocks)

    @property
    def ways(self) -> list[Construct]:
        """What has to be there before anything in this subnet can use its default routes; nothing without any."""
        routes = [route for route in (self.default_route, self.default_ipv6_route) if route is not None]
        return [*routes, self.route_table_association] if routes else []

    def _id(self, part: str) -> str:
        return subnet_id(self.tier, self.zone, part)

    def _part(self, id: str) -> Any:
        return self._parts.get(id) if id in self._parts else None
