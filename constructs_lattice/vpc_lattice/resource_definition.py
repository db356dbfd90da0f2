"""What a resource configuration shares: a domain name, an address, a database, a group of those, or a network segment.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/resource-configuration.html#resource-definition
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Self

from aws_cdk import aws_ec2 as ec2

from constructs_lattice._checks import check_count, check_pattern
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.ip_protocol import IpProtocol
from constructs_lattice.vpc_lattice.domain_names import check_domain_name

if TYPE_CHECKING:
    from aws_cdk import aws_rds as rds

__all__ = ["ResourceDefinition", "ResourceType"]

_ADDRESSES = {IpProtocol.IPV4: "IPV4", IpProtocol.IPV6: "IPV6", IpProtocol.DUAL_STACK: "DUALSTACK"}
_DATABASE = re.compile(r"arn:[a-z0-9-]+:rds:[a-z0-9-]+:\d{12}:(db|cluster):[A-Za-z0-9-]+")
_PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"))
_NEVER = tuple(
    ip_network(block) for block in ("100.64.0.0/10", "169.254.0.0/16", "224.0.0.0/4", "fe80::/10", "ff00::/8")
)
_EVERYTHING = ("0.0.0.0/0", "::/0")
_MOST_CIDRS = 10


class ResourceType(StrEnum):
    """The types of resource configurations."""

    SINGLE = "SINGLE"
    GROUP = "GROUP"
    CHILD = "CHILD"
    ARN = "ARN"
    CIDR = "CIDR"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDefinition:
    """What a resource configuration shares, made by one of the constructors.

    `body` is how L1 constructs know it, and `peers` is what a resource gateway's security groups must let it connect
    to; none stands for the addresses of the gateway's VPC. `client_ports` are those that a database tells by itself.
    """

    type: ResourceType
    body: dict[str, Any] | None = None
    peers: tuple[ec2.IConnectable, ...] | None = None
    ip_protocol: IpProtocol | None = None
    domain_name: str | None = None
    cidr_ranges: tuple[str, ...] = ()
    client_ports: tuple[ec2.Port, ...] = ()

    @classmethod
    def dns_name(
        cls, domain_name: str, *, ip_protocol: IpProtocol = IpProtocol.IPV4, peer: ec2.IConnectable | None = None
    ) -> Self:
        """What a domain name resolves to.

        A name in a private hosted zone needs a gateway that resolves `IN_VPC`; what is outside the gateway's VPC needs
        a NAT gateway there. `peer` is what the name stands for, such as a load balancer; by default anything in the
        gateway's VPC. Raises `ArgumentError` for a name that is none.
        """
        check_domain_name("resource", "domain_name", domain_name)
        return cls(
            type=ResourceType.SINGLE,
            body={"dnsResource": {"domainName": domain_name, "ipAddressType": _ADDRESSES[ip_protocol]}},
            peers=None if peer is None else (peer,),
            ip_protocol=ip_protocol,
            domain_name=domain_name,
        )

    @classmethod
    def ip_address(cls, address: str) -> Self:
        """An address. Raises `ArgumentError` for one that is none, and for an IPv4 address that is not private."""
        peers, ip_protocol = None, None
        if not is_token(address):
            parsed = _parse_address(address)
            ip_protocol = IpProtocol.IPV4 if isinstance(parsed, IPv4Address) else IpProtocol.IPV6
            peers = (_peer(ip_network(parsed)),)
        return cls(type=ResourceType.SINGLE, body={"ipResource": address}, peers=peers, ip_protocol=ip_protocol)

    @classmethod
    def arn(cls, resource_arn: str) -> Self:
        """A database or a cluster of Amazon RDS. Raises `ArgumentError` for the ARN of anything else."""
        check_pattern(
            "resource", "resource_arn", resource_arn, _DATABASE, "be the ARN of a database or a cluster of Amazon RDS"
        )
        return cls(type=ResourceType.ARN, body={"arnResource": resource_arn}, peers=())

    @classmethod
    def database(cls, database: rds.IDatabaseInstance | rds.IDatabaseCluster) -> Self:
        """A database or a cluster of Amazon RDS, on its own port."""
        arn = getattr(database, "instance_arn", None) or database.cluster_arn  # type: ignore[union-attr]  # one of them
        port = database.connections.default_port
        return cls(
            type=ResourceType.ARN,
            body={"arnResource": arn},
            peers=(database,),
            client_ports=() if port is None else (port,),
        )

    @classmethod
    def cidrs(cls, *cidrs: str) -> Self:
        """A network segment: up to ten blocks.

        Raises `ArgumentError` for a block that is none, one that is never reached this way, and for one that is
        everything beside others.
        """
        check_count("resource", "cidrs", len(cidrs), 1, _MOST_CIDRS)
        parsed = [_parse_block(cidr, len(cidrs)) for cidr in cidrs if not is_token(cidr)]
        peers = tuple(_peer(each) for each in parsed) if len(parsed) == len(cidrs) else None
        return cls(type=ResourceType.CIDR, cidr_ranges=cidrs, peers=peers)

    @classmethod
    def group(cls) -> Self:
        """A group, whose children are added to it."""
        return cls(type=ResourceType.GROUP, peers=())


def _parse_address(address: str) -> IPv4Address | IPv6Address:
    try:
        parsed = ip_address(address)
    except ValueError:
        raise ArgumentError(f"resource: ip_address must be an IPv4 or IPv6 address, got {address!r}") from None
    if isinstance(parsed, IPv4Address) and not any(parsed in block for block in _PRIVATE):
        raise ArgumentError(
            f"resource: ip_address must be in {', '.join(map(str, _PRIVATE[:-1]))} or {_PRIVATE[-1]}, got {address!r}"
        )
    if isinstance(parsed, IPv6Address) and (parsed.is_link_local or parsed.is_loopback or parsed.is_multicast):
        raise ArgumentError(f"resource: ip_address must be an address of the gateway's vpc, got {address!r}")
    return parsed


def _parse_block(cidr: str, count: int) -> IPv4Network | IPv6Network:
    try:
        block = ip_network(cidr)
    except ValueError:
        raise ArgumentError(f"resource: cidrs must be blocks such as 10.0.0.0/16, got {cidr!r}") from None
    if cidr in _EVERYTHING:
        if count > 1:
            raise ArgumentError(
                f"resource: cidrs has {cidr}, which stands alone, got {count:,} blocks; leave others out"
            )
        return block
    for never in _NEVER:
        if block.version == never.version and block.overlaps(never):
            raise ArgumentError(f"resource: cidrs must be outside {never}, got {cidr!r}")
    return block


def _peer(block: IPv4Network | IPv6Network) -> ec2.IPeer:
    return ec2.Peer.ipv4(str(block)) if isinstance(block, IPv4Network) else ec2.Peer.ipv6(str(block))
