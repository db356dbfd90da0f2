"""How a subnet of a tier looks to the rest of the CDK, made here or imported: the members of `ec2.ISubnet`."""

from typing import Any

from aws_cdk import Resource
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, DependencyGroup, IDependable

from constructs_lattice.vpc.attributes import SubnetAttributes
from constructs_lattice.vpc.tier import Role

__all__ = ["SubnetInterface"]


class SubnetInterface(Resource):
    """A subnet that is known by its tier and its zone.

    https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_ec2/ISubnet.html
    """

    def __init__(self, scope: Construct, *, tier: str, role: Role, zone: str) -> None:
        super().__init__(scope, f"{tier}-{zone}")
        self._tier_name = tier
        self._role = role
        self._zone_key = zone

    @property
    def tier(self) -> str:
        """The name of the tier."""
        return self._tier_name

    @property
    def role(self) -> Role:
        """The role of the tier."""
        return self._role

    @property
    def zone(self) -> str:
        """The key of the zone, such as `a`."""
        return self._zone_key

    @property
    def attributes(self) -> SubnetAttributes:
        """What is known of it elsewhere."""
        raise NotImplementedError

    @property
    def subnet_id(self) -> str:
        """The id of the subnet."""
        raise NotImplementedError

    @property
    def subnet_arn(self) -> str:
        """The ARN, which attachments to Cloud WAN ask for."""
        return self.stack.format_arn(service="ec2", resource="subnet", resource_name=self.subnet_id)

    @property
    def subnet_ref(self) -> Any:
        """The reference by which L1 constructs know the subnet."""
        raise NotImplementedError

    @property
    def route_table(self) -> ec2.IRouteTable:
        """The route table."""
        raise NotImplementedError

    @property
    def has_own_route_table(self) -> bool:
        """Whether the route table is not shared with the tier's subnets in other zones."""
        raise NotImplementedError

    @property
    def availability_zone(self) -> str:
        """The name of the zone; a token where only the deployment knows it."""
        raise NotImplementedError

    @property
    def ipv4_cidr_block(self) -> str:
        """The IPv4 block; a token where only the deployment knows it.

        Raises `ArgumentError` when the tier speaks IPv6 only.
        """
        raise NotImplementedError

    @property
    def ipv6_cidr_block(self) -> str | None:
        """The IPv6 block, a token, if the tier speaks IPv6."""
        raise NotImplementedError

    @property
    def default_route(self) -> ec2.CfnRoute | None:
        """The default route for IPv4, if the tier's role has one, and it was made here."""
        return None

    @property
    def default_ipv6_route(self) -> ec2.CfnRoute | None:
        """The default route for IPv6, if the tier's role has one, and it was made here."""
        return None

    @property
    def ways(self) -> list[Construct]:
        """What has to be there before anything in this subnet can use its default routes; nothing without any."""
        return []

    @property
    def internet_connectivity_established(self) -> IDependable:
        """What to depend on to be made after the `ways`."""
        return DependencyGroup(*self.ways)

    def associate_network_acl(self, id: str, acl: ec2.INetworkAcl) -> None:
        """Put this subnet under a network ACL of your own."""
        ec2.SubnetNetworkAclAssociation(self, id, network_acl=acl, subnet=self)
