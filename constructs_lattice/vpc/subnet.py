"""One subnet of a `Vpc`, known by its tier and its zone."""

from ipaddress import IPv4Network
from typing import Any, cast

import jsii
from aws_cdk import Resource
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, DependencyGroup, IDependable

from constructs_lattice.vpc.fragment import subnet_id
from constructs_lattice.vpc.parts import Parts
from constructs_lattice.vpc.tier import Role
from constructs_lattice.vpc.zones import Zone

__all__ = ["RouteTable", "Subnet"]


@jsii.implements(ec2.IRouteTable)
class RouteTable:
    """The route table of one subnet."""

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
class Subnet(Resource):
    """The subnet of one tier in one zone, usable wherever the CDK takes an `ec2.ISubnet`.

    Made by its `Vpc` when it is first asked for. Its parts are ordinary L1 constructs: `resource`,
    `route_table.resource`, `default_route` and `nat_gateway`.

    https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
    """

    def __init__(
        self, scope: Construct, *, parts: Parts, tier: str, role: Role, zone: Zone, name: str, block: IPv4Network
    ) -> None:
        super().__init__(scope, f"{tier}-{zone.key}")
        self._parts = parts
        self._tier = tier
        self._role = role
        self._zone = zone
        self._name = name
        self._block = block

    @property
    def tier(self) -> str:
        """The name of the tier."""
        return self._tier

    @property
    def role(self) -> Role:
        """The role of the tier."""
        return self._role

    @property
    def zone(self) -> str:
        """The key of the zone, such as `a`."""
        return self._zone.key

    @property
    def resource(self) -> ec2.CfnSubnet:
        """The subnet itself, as CloudFormation knows it."""
        return cast("ec2.CfnSubnet", self._parts.get(self._id("Subnet")))

    @property
    def route_table(self) -> RouteTable:
        """The route table."""
        return RouteTable(self._parts, self._id("RouteTable"))

    @property
    def default_route(self) -> ec2.CfnRoute | None:
        """The default route, if the tier's role has one."""
        return cast("ec2.CfnRoute | None", self._part("DefaultRoute"))

    @property
    def nat_gateway(self) -> ec2.CfnNatGateway | None:
        """The NAT gateway in this subnet, if there is one."""
        return cast("ec2.CfnNatGateway | None", self._part("NatGateway"))

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
        """The IPv4 block."""
        return str(self._block)

    @property
    def ways(self) -> list[Construct]:
        """What has to be there before anything in this subnet can use its default route; nothing without one."""
        if self.default_route is None:
            return []
        return [self.default_route, self._parts.get(self._id("RouteTableAssociation"))]

    @property
    def internet_connectivity_established(self) -> IDependable:
        """What to depend on to be made after the `ways`."""
        return DependencyGroup(*self.ways)

    def associate_network_acl(self, id: str, acl: ec2.INetworkAcl) -> None:
        """Put this subnet under a network ACL of your own."""
        ec2.SubnetNetworkAclAssociation(self, id, network_acl=acl, subnet=self)

    def _id(self, part: str) -> str:
        return subnet_id(self._tier, self._zone.key, part)

    def _part(self, part: str) -> Any:
        return self._parts.get(self._id(part)) if self._id(part) in self._parts else None
