"""What the lab knows of a network: as much as it takes to build it."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

__all__ = [
    "ALL",
    "EVERYTHING",
    "AclEntry",
    "Attachment",
    "Facts",
    "GroupRule",
    "Nat",
    "Port",
    "Route",
    "Subnet",
    "TransitRoute",
]

EVERYTHING = IPv4Network("0.0.0.0/0")
ALL = -1
"""All protocols."""


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """A subnet; without a table of its own, the VPC's main one, and likewise the ACL."""

    id: str
    vpc: str
    zone: str
    block: IPv4Network
    table: str | None
    acl: str | None


@dataclass(frozen=True, kw_only=True)
class Port:
    """Whatever has an address in a subnet: a host, or a NAT gateway, which has no groups."""

    id: str
    subnet: str
    address: IPv4Address
    groups: tuple[str, ...]
    is_public: bool
    is_nat: bool = False


@dataclass(frozen=True, kw_only=True)
class AclEntry:
    """An entry of a network ACL; no ports: all of them. For ICMP, the ports are types."""

    number: int
    is_egress: bool
    is_allow: bool
    protocol: int
    block: IPv4Network
    ports: tuple[int, int] | None


@dataclass(frozen=True, kw_only=True)
class GroupRule:
    """A rule of a security group: for blocks, or for the members of a group."""

    protocol: int
    ports: tuple[int, int] | None
    blocks: tuple[IPv4Network, ...] = ()
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route of a VPC's table: to what, and what that is. Those of prefix lists rank behind the others."""

    block: IPv4Network
    kind: str
    target: str
    is_listed: bool = False


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A VPC attached to a Transit Gateway, in some subnets, associated with a table or none."""

    id: str
    gateway: str
    vpc: str
    subnets: tuple[str, ...]
    table: str | None
    keeps_groups: bool


@dataclass(frozen=True, kw_only=True)
class TransitRoute:
    """A static route of a Transit Gateway's table; without an attachment, a black hole."""

    block: IPv4Network
    attachment: str | None


@dataclass(frozen=True, kw_only=True)
class Nat:
    """A NAT gateway, by the id that it has as a port, too."""

    id: str
    subnet: str


@dataclass(kw_only=True)
class Facts:
    """What a template says. `aliases` are other names of ports; `propagating` are the attachments of each table."""

    vpcs: dict[str, list[IPv4Network]] = field(default_factory=dict)
    subnets: dict[str, Subnet] = field(default_factory=dict)
    ports: dict[str, Port] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    acls: dict[str, list[AclEntry]] = field(default_factory=dict)
    ingress: dict[str, list[GroupRule]] = field(default_factory=dict)
    egress: dict[str, list[GroupRule]] = field(default_factory=dict)
    group_vpcs: dict[str, str] = field(default_factory=dict)
    routes: dict[str, list[Route]] = field(default_factory=dict)
    gateways: dict[str, str] = field(default_factory=dict)
    nats: dict[str, Nat] = field(default_factory=dict)
    peerings: dict[str, tuple[str, str]] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    transit_routes: dict[str, list[TransitRoute]] = field(default_factory=dict)
    propagating: dict[str, list[str]] = field(default_factory=dict)

    def vpc_of(self, port: Port) -> str:
        """The VPC that a port is in."""
        return self.subnets[port.subnet].vpc

    def port(self, name: str) -> Port:
        """The port of this name."""
        return self.ports[self.aliases.get(name, name)]
