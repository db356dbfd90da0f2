"""Tiers: named rows of subnets, one subnet in each zone, with one role."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Self

from constructs_lattice._checks import check_pattern, check_range, check_whole
from constructs_lattice.addressing import TierRequest, parse_block
from constructs_lattice.addressing.block import LONGEST_PREFIX, RESERVED_BY_AWS, SHORTEST_PREFIX
from constructs_lattice.addressing.request import DEFAULT_ZONE_SLOTS
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.ip_protocol import IpProtocol
from constructs_lattice.vpc.route_tables import RouteTables

__all__ = ["Role", "Tier", "check_tier_name"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


class Role(StrEnum):
    """What a tier is for. The role decides where its default route leads."""

    PUBLIC = "public"
    """The default route leads to the internet gateway; load balancers and NAT gateways live here."""

    PRIVATE = "private"
    """The default route leads to a NAT gateway: out, never in."""

    ISOLATED = "isolated"
    """No default route: nothing leaves the VPC unless a route is added."""

    TRANSIT = "transit"
    """The network interfaces of attachments to a Transit Gateway or Cloud WAN, and nothing else; no default route."""

    FIREWALL = "firewall"
    """Firewall endpoints, and nothing else; no default route unless one is added."""

    ENDPOINTS = "endpoints"
    """Interface endpoints of AWS services; no default route."""

    RESOLVER = "resolver"
    """Endpoints of the Route 53 Resolver; no default route."""

    LOAD_BALANCER = "load balancer"
    """Internal load balancers; no default route."""

    @property
    def is_reserved(self) -> bool:
        """Whether nothing is put there by default that does not ask for the tier by its name."""
        return self not in (Role.PUBLIC, Role.PRIVATE, Role.ISOLATED)


# A tier's default size depends on the block of its VPC: 16 private subnets fill it, and so on.
_BITS_BELOW_VPC = {
    Role.PUBLIC: 8,
    Role.PRIVATE: 4,
    Role.ISOLATED: 6,
    Role.TRANSIT: 12,
    Role.FIREWALL: 12,
    Role.ENDPOINTS: 8,
    Role.RESOLVER: 12,
    Role.LOAD_BALANCER: 8,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A named row of subnets, one in each zone of the VPC.

    Made by the constructor of its role, such as `Tier.private("app", prefix=20)`:

    - `name`: 1 to 32 lower-case letters, digits and hyphens. It is the subnet group's name for the rest of the CDK, and
      part of every logical id.
    - `prefix`: the prefix length of each subnet, 16 to 28. Without it, the size follows from the VPC's block: in a
      /16, a public subnet is a /24, a private one a /20, an isolated one a /22 and a transit one a /28; in a smaller
      VPC they shrink along, down to /28.
    - `hosts`: instead of `prefix`, how many interfaces there must be room for in each zone.
    - `zone_slots`: for how many zones the tier keeps addresses, 1, 2, 4, 8 or 16. 4 by default.
    - `cidrs`: fixed blocks for some zones, by zone key.
    - `within`: the block that the subnets are taken from, such as a secondary block of the VPC or a part of one;
      without `prefix` the tier fills it. Anywhere in the VPC by default.
    - `ip_protocol`: the versions of IP, if they are others than the VPC's.
    - `route_tables`: one for each zone, or one for all. One for each zone by default.

    Raises `ArgumentError` for a bad name and `AddressError` for bad sizes or blocks.
    """

    name: str
    role: Role
    prefix: int | None = None
    zone_slots: int = DEFAULT_ZONE_SLOTS
    cidrs: Mapping[str, str] = field(default_factory=dict)
    within: str | None = None
    ip_protocol: IpProtocol | None = None
    route_tables: RouteTables = RouteTables.PER_ZONE

    def __post_init__(self) -> None:
        """Check everything that can be checked without the VPC."""
        check_tier_name("tier", self.name)
        check_whole(f"tier {self.name!r}", "prefix", self.prefix)
        check_whole(f"tier {self.name!r}", "zone_slots", self.zone_slots)
        if self.prefix is not None and self.ip_protocol is IpProtocol.IPV6:
            raise ArgumentError(
                f"tier {self.name!r}: prefix and hosts are for IPv4 addresses, of which it has none; leave them out"
            )
        self._request(LONGEST_PREFIX, self.ip_protocol or IpProtocol.IPV4)

    @classmethod
    def public(
        cls,
        name: str = "public",
        *,
        prefix: int | None = None,
        hosts: int | None = None,
        zone_slots: int = DEFAULT_ZONE_SLOTS,
        cidrs: Mapping[str, str] | None = None,
        within: str | None = None,
        ip_protocol: IpProtocol | None = None,
        route_tables: RouteTables = RouteTables.PER_ZONE,
    ) -> Self:
        """A tier whose default route leads to the internet gateway."""
        return cls(
            name=name,
            role=Role.PUBLIC,
            prefix=_prefix(name, prefix, hosts),
            zone_slots=zone_slots,
            cidrs=cidrs or {},
            within=within,
            ip_protocol=ip_protocol,
            route_tables=route_tables,
        )

    @classmethod
    def private(
        cls,
        name: str = "private",
        *,
        prefix: int | None = None,
        hosts: int | None = None,
        zone_slots: int = DEFAULT_ZONE_SLOTS,
        cidrs: Mapping[str, str] | None = None,
        within: str | None = None,
        ip_protocol: IpProtocol | None = None,
        route_tables: RouteTables = RouteTables.PER_ZONE,
    ) -> Self:
        """A tier whose default route leads to a NAT gateway."""
        return cls(
            name=name,
            role=Role.PRIVATE,
            prefix=_prefix(name, prefix, hosts),
            zone_slots=zone_slots,
            cidrs=cidrs or {},
            within=within,
            ip_protocol=ip_protocol,
            route_tables=route_tables,
        )

    @classmethod
    def isolated(
        cls,
        name: str = "isolated",
        *,
        prefix: int | None = None,
        hosts: int | None = None,
        zone_slots: int = DEFAULT_ZONE_SLOTS,
        cidrs: Mapping[str, str] | None = None,
        within: str | None = None,
        ip_protocol: IpProtocol | None = None,
        route_tables: RouteTables = RouteTables.PER_ZONE,
    ) -> Self:
        """A tier without a default route."""
        return cls(
            name=name,
            role=Role.ISOLATED,
            prefix=_prefix(name, prefix, hosts),
            zone_slots=zone_slots,
            cidrs=cidrs or {},
            within=within,
            ip_protocol=ip_protocol,
            route_tables=route_tables,
        )

    @classmethod
    def transit(
        cls,
        name: str = "transit",
        *,
        prefix: int | None = None,
        hosts: int | None = None,
        zone_slots: int = DEFAULT_ZONE_SLOTS,
        cidrs: Mapping[str, str] | None = None,
        within: str | None = None,
        ip_protocol: IpProtocol | None = None,
        route_tables: RouteTables = RouteTables.PER_ZONE,
    ) -> Self:
        """A tier for the interfaces of attachments to a Transit Gateway or a Cloud WAN core network.

        AWS recommends a separate small subnet for them in each zone, so that their route tables and network ACLs are
        their own: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-best-design-practices.html
        """
        return cls(
            name=name,
            role=Role.TRANSIT,
            prefix=_prefix(name, prefix, hosts),
            zone_slots=zone_slots,
            cidrs=cidrs or {},
            within=within,
            ip_protocol=ip_protocol,
            route_tables=route_tables,
        )

    @classmethod
    def firewall(
        cls,
        name: str = "firewall",
        *,
        prefix: int | None = None,
        hosts: int | None = None,
        zone_slots: int = DEFAULT_ZONE_SLOTS,
        cidrs: Mapping[str, str] | None = None,
        within: str | None = None,
        ip_protocol: IpProtocol | None = None,
        route_tables: RouteTables = RouteTables.PER_ZONE,
    ) -> Self:
        """A tier for the endpoints of a firewall, and nothing else.

        https://docs.aws.amazon.com/network-firewall/latest/developerguide/vpc-config.html
        """
        return cls(
            name=name,
            role=Role.FIREWALL,
            prefix=_prefix(name, prefix, hosts),
            zone_slots=zone_slots,
            cidrs=cidrs or {},
            within=within,
            ip_protocol=ip_protocol,
            route_tables=route_tables,
        )

    @classmethod
    def endpoints(
        cls,
        name: str = "endpoints",
        *,
        prefix: int | None = None,
        hosts: int | None = None,
        zone_slots: int = DEFAULT_ZONE_SLOTS,
        cidrs: Mapping[str, str] | None = None,
        within: str | None = None,
        ip_protocol: IpProtocol | None = None,
        route_tables: RouteTables = RouteTables.PER_ZONE,
    ) -> Self:
        """A tier for interface endpoints: those of the VPC go there rather than to where the application is."""
        return cls(
            name=name,
            role=Role.ENDPOINTS,
            prefix=_prefix(name, prefix, hosts),
            zone_slots=zone_slots,
            cidrs=cidrs or {},
            within=within,
            ip_protocol=ip_protocol,
            route_tables=route_tables,
        )

    @classmethod
    def resolver(
        cls,
        name: str = "resolver",
        *,
        prefix: int | None = None,
        hosts: int | None = None,
        zone_slots: int = DEFAULT_ZONE_SLOTS,
        cidrs: Mapping[str, str] | None = None,
        within: str | None = None,
        ip_protocol: IpProtocol | None = None,
        route_tables: RouteTables = RouteTables.PER_ZONE,
    ) -> Self:
        """A tier for the endpoints of the Route 53 Resolver."""
        return cls(
            name=name,
            role=Role.RESOLVER,
            prefix=_prefix(name, prefix, hosts),
            zone_slots=zone_slots,
            cidrs=cidrs or {},
            within=within,
            ip_protocol=ip_protocol,
            route_tables=route_tables,
        )

    @classmethod
    def load_balancer(
        cls,
        name: str = "load-balancer",
        *,
        prefix: int | None = None,
        hosts: int | None = None,
        zone_slots: int = DEFAULT_ZONE_SLOTS,
        cidrs: Mapping[str, str] | None = None,
        within: str | None = None,
        ip_protocol: IpProtocol | None = None,
        route_tables: RouteTables = RouteTables.PER_ZONE,
    ) -> Self:
        """A tier for internal load balancers: ours go there rather than to where the application is."""
        return cls(
            name=name,
            role=Role.LOAD_BALANCER,
            prefix=_prefix(name, prefix, hosts),
            zone_slots=zone_slots,
            cidrs=cidrs or {},
            within=within,
            ip_protocol=ip_protocol,
            route_tables=route_tables,
        )

    def request(self, vpc_prefix: int, ip_protocol: IpProtocol = IpProtocol.IPV4) -> TierRequest:
        """What this tier asks of the plan of a VPC with that prefix length, and those versions of IP."""
        return self._request(vpc_prefix, self.ip_protocol or ip_protocol)

    def _request(self, vpc_prefix: int, ip_protocol: IpProtocol) -> TierRequest:
        where = f"tier {self.name!r}"
        within = None if self.within is None else parse_block(where, self.within)
        return TierRequest(
            tier=self.name,
            prefix=self._prefix_in(vpc_prefix, within) if ip_protocol.has_ipv4 else None,
            zone_slots=self.zone_slots,
            explicit={zone: parse_block(f"{where} in zone {zone!r}", cidr) for zone, cidr in self.cidrs.items()},
            within=within,
            ipv6=ip_protocol.has_ipv6,
        )

    def _prefix_in(self, vpc_prefix: int, within: IPv4Network | None) -> int:
        if self.prefix is not None:
            return self.prefix
        if within is not None:
            return min(within.prefixlen + self.zone_slots.bit_length() - 1, LONGEST_PREFIX)
        return min(vpc_prefix + _BITS_BELOW_VPC[self.role], LONGEST_PREFIX)


def check_tier_name(where: object, name: str) -> None:
    """Raise `ArgumentError` unless a tier can have that name."""
    rule = "be 1 to 32 lower-case letters, digits and hyphens, beginning with a letter"
    check_pattern(where, "name", name, _NAME, rule)


def _prefix(name: str, prefix: int | None, hosts: int | None) -> int | None:
    """The prefix length that was said, or that of the smallest subnet with room for `hosts`."""
    if hosts is None:
        return prefix
    if prefix is not None:
        raise ArgumentError(f"tier {name!r}: prefix and hosts say the same thing twice; leave one of them out")
    check_whole(f"tier {name!r}", "hosts", hosts)
    largest = 2 ** (32 - SHORTEST_PREFIX) - RESERVED_BY_AWS
    check_range(f"tier {name!r}", "hosts", hosts, 1, largest)
    return min(32 - (hosts + RESERVED_BY_AWS - 1).bit_length(), LONGEST_PREFIX)
