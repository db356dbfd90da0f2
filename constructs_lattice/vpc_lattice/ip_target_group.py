"""Target groups of IP addresses."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from constructs_lattice._checks import Place, check_count, check_range
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.interface import VpcInterface
from constructs_lattice.vpc_lattice.connectable_targets import ConnectableTargets, check_prefix_lists
from constructs_lattice.vpc_lattice.names import Named, check_name
from constructs_lattice.vpc_lattice.protocols import IpAddressType, ProtocolVersion, TargetProtocol
from constructs_lattice.vpc_lattice.target_group import MOST_TARGETS, choose_version
from constructs_lattice.vpc_lattice.vpc_identity import check_in_vpc, vpc_id_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct

    from constructs_lattice.vpc_lattice.health_check import HealthCheck
    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists

__all__ = ["IpTarget", "IpTargetGroup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IpTarget:
    """An address inside the VPC, and its port; the target group's port by default."""

    address: str
    port: int | None = None

    def __post_init__(self) -> None:
        """Check the address and the port."""
        check_range(f"target {self.address}", "port", self.port, 1, 65_535)
        if is_token(self.address):
            return
        try:
            ip_address(self.address)
        except ValueError:
            raise ArgumentError(f"target: address must be an IP address, got {self.address!r}") from None

    @property
    def ip_address_type(self) -> IpAddressType | None:
        """The kind of the address; none for a token."""
        if is_token(self.address):
            return None
        return IpAddressType.IPV6 if ip_address(self.address).version == 6 else IpAddressType.IPV4  # noqa: PLR2004


class IpTargetGroup(ConnectableTargets):
    """A target group of IP addresses: containers of ECS and Kubernetes, and whatever else has an address in the VPC.

    Args:
        scope: The construct that this target group is part of.
        id: The id within `scope`.
        vpc: The VPC that the addresses are in, ours or any `ec2.IVpc`.
        port: The port of targets that have none of their own. 80 for HTTP and 443 for the others by default.
        protocol: HTTP by default. TCP needs a TLS_PASSTHROUGH listener.
        protocol_version: HTTP1 by default, none for TCP. HTTP2 and GRPC need an HTTPS listener.
        ip_address_type: IPV4 by default. IPV6 needs a VPC that has IPv6 addresses.
        targets: At most 100 addresses. None by default: others, such as ECS, register them.
        health_check: VPC Lattice's own by default: for HTTP1 over the group's protocol, none for the others.
        security_groups: Those of the targets, as far as they do not register themselves. None by default.
        prefix_lists: The prefix lists of VPC Lattice, from which the targets' security groups then take requests and
            health checks, each on their port. None by default: the security groups are the caller's own business.
        target_group_name: Its name: 3 to 128 lower-case letters, digits and single hyphens. Made by CloudFormation by
            default, which is better: almost every change replaces a target group.

    Raises:
        ArgumentError: Something is out of its limits, a target's address is of the other type, public, or not the
            VPC's, a security group is in another VPC, or the VPC has no IPv6, as far as that is known, or there is no
            prefix list for IPv6.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        port: int | None = None,
        protocol: TargetProtocol = TargetProtocol.HTTP,
        protocol_version: ProtocolVersion | None = None,
        ip_address_type: IpAddressType = IpAddressType.IPV4,
        targets: Sequence[IpTarget] = (),
        health_check: HealthCheck | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] = (),
        prefix_lists: LatticePrefixLists | None = None,
        target_group_name: str | None = None,
    ) -> None:
        where = Place(scope, id)
        check_range(where, "port", port, 1, 65_535)
        check_name(where, "target_group_name", target_group_name, Named.TARGET_GROUP)
        check_count(where, "targets", len(targets), 0, MOST_TARGETS)
        if ip_address_type is IpAddressType.IPV6 and isinstance(vpc, VpcInterface) and vpc.ipv6_cidr_block is None:
            raise ArgumentError(f"{where}: IPV6 needs a vpc with IPv6 addresses; give it some, or use IPV4")
        for target in targets:
            _check_address(where, target, ip_address_type, vpc)
        check_in_vpc(where, "security_groups", vpc, security_groups)
        check_prefix_lists(where, prefix_lists, "the target group", ipv6=ip_address_type is IpAddressType.IPV6)
        version = choose_version(where, protocol, protocol_version, health_check)
        port = protocol.default_port if port is None else port
        super().__init__(scope, id)
        self._ip_address_type = ip_address_type
        self._speak(protocol, version, port, health_check)
        self._define(
            "IP",
            target_group_name,
            {
                "port": port,
                "protocol": protocol,
                "protocolVersion": version,
                "ipAddressType": ip_address_type,
                "vpcIdentifier": vpc_id_of(vpc),
                "healthCheck": None if health_check is None else health_check.rendered(),
            },
            [(target.address, target.port) for target in targets],
        )
        self._connect(security_groups, prefix_lists, [target.port for target in targets])

    @property
    def ip_address_type(self) -> IpAddressType:
        """The kind of its targets' addresses."""
        return self._ip_address_type


def _check_address(where: object, target: IpTarget, ip_address_type: IpAddressType, vpc: ec2.IVpc) -> None:
    if target.ip_address_type not in (None, ip_address_type):
        raise ArgumentError(f"{where}: targets must be {ip_address_type} addresses, got {target.address!r}")
    if target.ip_address_type is None:
        return
    address = ip_address(target.address)
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        raise ArgumentError(f"{where}: targets must be addresses that the vpc gives out, got {target.address!r}")
    if target.ip_address_type is IpAddressType.IPV6:
        return
    if address.is_global:
        raise ArgumentError(f"{where}: targets must be private addresses of the vpc, got {target.address!r}")
    # Of other VPCs, the secondary blocks are not known; and nobody knows yet what IPAM will give.
    blocks = vpc.cidr_blocks if isinstance(vpc, VpcInterface) else []
    if blocks and not is_token(blocks) and not any(address in ip_network(block) for block in blocks):
        raise ArgumentError(
            f"{where}: targets must be addresses of the vpc, which is {' and '.join(blocks)}, got {target.address!r}; "
            "put others behind a load balancer"
        )
