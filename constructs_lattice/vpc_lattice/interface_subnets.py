"""The subnets in which an endpoint or a resource gateway has its network interfaces.

https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-service-networks.html#sn-endpoint-subnets-zones
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Self

from aws_cdk import aws_ec2 as ec2

from constructs_lattice._tokens import is_list_token, is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc import IpProtocol, Role, Subnet, SubnetInterface, VpcInterface, pick
from constructs_lattice.vpc_lattice.regions import unsupported_zones

__all__ = ["InterfaceSubnets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceSubnets:
    """Subnets of one VPC, one in each zone."""

    subnets: tuple[ec2.ISubnet, ...]
    zone_names: tuple[str, ...]
    pending: bool

    @classmethod
    def choose(cls, where: object, vpc: ec2.IVpc, selection: ec2.SubnetSelection | None) -> Self:
        """The subnets that are selected. By default those of the tier for endpoints, else those that a VPC prefers.

        Raises `ArgumentError` when two are in one zone, when there are none, or when VPC Lattice is not in a zone.
        """
        picked = pick(vpc, selection or _default(vpc))
        chosen = cls(
            subnets=tuple(picked.subnets),
            zone_names=tuple(picked.availability_zones),
            pending=bool(picked.is_pending_lookup) or is_list_token(picked.availability_zones),
        )
        chosen._check_zones(where)
        return chosen

    @property
    def ids(self) -> list[str]:
        """The ids of the subnets."""
        return [subnet.subnet_id for subnet in self.subnets]

    @property
    def zone_ids(self) -> frozenset[str] | None:
        """The ids of the zones, such as `use1-az1`, if all are known."""
        ours = (subnet.zone for subnet in self.subnets if isinstance(subnet, SubnetInterface))
        keys = frozenset(zone for zone in ours if "-az" in zone)
        return keys if len(keys) == len(self.subnets) else None

    @property
    def identity(self) -> list[list[str]]:
        """The ids of the subnets, and the blocks and zones that would make other subnets of them, if they are known."""
        blocks = {subnet.node.path: str(block) for subnet, block in self.blocks()}
        return [
            [subnet.subnet_id, blocks.get(subnet.node.path, ""), zone]
            for subnet, zone in zip(self.subnets, self.zone_names, strict=not self.pending)
        ]

    def blocks(self) -> Iterator[tuple[ec2.ISubnet, IPv4Network]]:
        """The subnets whose IPv4 blocks are known, with them."""
        for subnet in self.subnets:
            made = _made(subnet)
            if made is not None and made.cidr_block is not None and not is_token(made.cidr_block):
                yield subnet, IPv4Network(made.cidr_block)

    def are_apart_from(self, others: InterfaceSubnets, *, one_account: bool) -> bool:
        """Whether no zone is common to both, for certain. A zone's name means another zone in each account."""
        if self.pending or others.pending:
            return False
        if self.zone_ids is not None and others.zone_ids is not None:
            return not self.zone_ids & others.zone_ids
        known = not is_token((*self.zone_names, *others.zone_names))
        return one_account and known and not set(self.zone_names) & set(others.zone_names)

    def check_protocol(self, where: object, ip_protocol: IpProtocol, *, or_both: bool = False) -> None:
        """Raise `ArgumentError` for a subnet that does not have just the addresses of `ip_protocol`.

        IPv4 is had beside IPv6, but not IPv6 beside IPv4, unless `or_both`.
        """
        for subnet in self.subnets:
            made = _made(subnet)
            if made is None:
                continue
            ipv4 = made.cidr_block is not None or made.ipv4_ipam_pool_id is not None
            ipv6 = made.ipv6_cidr_block is not None or made.ipv6_ipam_pool_id is not None
            fits = {
                IpProtocol.IPV4: ipv4,
                IpProtocol.DUAL_STACK: ipv4 and ipv6,
                IpProtocol.IPV6: ipv6 and (or_both or not ipv4),
            }
            if not fits[ip_protocol]:
                has = " and ".join(name for name, there in (("IPv4", ipv4), ("IPv6", ipv6)) if there)
                raise ArgumentError(
                    f"{where}: ip_protocol {ip_protocol.value!r} does not go with subnet {subnet.node.path}, which has "
                    f"{has}; choose another one, or other subnets"
                )

    def _check_zones(self, where: object) -> None:
        if not self.subnets:
            raise ArgumentError(f"{where}: there must be a subnet at least, got none; choose others")
        if bad := unsupported_zones(self.zone_ids or ()):
            raise ArgumentError(
                f"{where}: VPC Lattice is not in the zone {bad[0]}; choose subnets without the one that is there"
            )
        if self.pending:
            return
        for zone in self.zone_names:
            if self.zone_names.count(zone) > 1:
                paths = [s.node.path for s, name in zip(self.subnets, self.zone_names, strict=True) if name == zone]
                raise ArgumentError(
                    f"{where}: there can be one subnet in each zone, got {' and '.join(paths)} in one; leave others out"
                )


def _default(vpc: ec2.IVpc) -> ec2.SubnetSelection:
    if isinstance(vpc, VpcInterface):
        for tier in vpc.tiers:
            if tier.role is Role.ENDPOINTS:
                return ec2.SubnetSelection(subnet_group_name=tier.name)
    return ec2.SubnetSelection(one_per_az=True)


def _made(subnet: ec2.ISubnet) -> ec2.CfnSubnet | None:
    """The subnet itself, if it is made in this app."""
    made = subnet.resource if isinstance(subnet, Subnet) else subnet.node.default_child
    return made if isinstance(made, ec2.CfnSubnet) else None
