"""The subnets of one tier, as a `Vpc` exposes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

from aws_cdk import aws_ec2 as ec2

from constructs_lattice.vpc.tier import Role

__all__ = ["TierSubnets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierSubnets:
    """The subnets of one tier: `by_zone` in the order of the zones, their `blocks`, and who the tier is."""

    name: str
    role: Role
    by_zone: Mapping[str, ec2.Subnet]
    blocks: Mapping[str, IPv4Network]

    @property
    def subnets(self) -> list[ec2.Subnet]:
        """The subnets, in the order of the zones."""
        return list(self.by_zone.values())

    @property
    def selection(self) -> ec2.SubnetSelection:
        """What other CDK constructs take as `vpc_subnets`."""
        return ec2.SubnetSelection(subnet_group_name=self.name)

    @property
    def subnet_type(self) -> ec2.SubnetType:
        """The nearest of the CDK's three types; what has no default route is isolated there."""
        types = {Role.PUBLIC: ec2.SubnetType.PUBLIC, Role.PRIVATE: ec2.SubnetType.PRIVATE_WITH_EGRESS}
        return types.get(self.role, ec2.SubnetType.PRIVATE_ISOLATED)
