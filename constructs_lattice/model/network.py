"""A network: everything that decides who reaches whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from constructs_lattice.model.firewalls import Firewall
from constructs_lattice.model.gateways import (
    NatGateway,
    PeeringConnection,
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayRouteTable,
    VpnGateway,
)
from constructs_lattice.model.mesh import MeshAssociation, MeshResource, MeshService
from constructs_lattice.model.ranges import Ranges
from constructs_lattice.model.services import EndpointService, LoadBalancer, TargetGroup, VpcEndpoint
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, NetworkAcl, PrefixList, RouteTable, SecurityGroup, Subnet, Vpc

__all__ = ["EntryPoint", "MaybeAt", "Network", "Outside", "PublicAccessBlock"]

_T = TypeVar("_T")


def _nothing() -> Mapping[str, _T]:
    return MappingProxyType({})


class Outside(StrEnum):
    """Where those come from whom an entry point lets in."""

    INTERNET = "internet"
    SITE = "site"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoint:
    """Something that lets others in by a way of its own, which is not modelled: an accelerator, a client VPN, ….

    `targets` are what it leads to: owners of interfaces, or VPCs; `doubt` says that there may be others. `may_block`:
    it may keep others out, too.
    """

    id: str
    what: str
    targets: tuple[str, ...]
    source: Outside = Outside.INTERNET
    doubt: Unknown | None = None
    may_block: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAccessBlock:
    """VPC Block Public Access in one account and region: its mode, and what is excluded from it."""

    id: str
    blocks_ingress: bool | Unknown = False
    blocks_egress: bool | Unknown = False
    region: str | Unknown = ""
    account: str | Unknown = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaybeAt:
    """What has one of some addresses, and nobody knows which one, or where.

    `subnet` is where it is, empty if that is not known; `is_subnet` if it is a subnet itself, in a VPC that is not.
    """

    id: str
    version: int
    ranges: Ranges
    doubt: Unknown
    subnet: str = ""
    is_subnet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """All parts by their ids. What the templates only name, such as a VPC of another account, has no part here.

    `unplaced` are those that have interfaces where nobody knows, besides the ones that are here, and why; `maybe_at`
    are the addresses of such, and of those that are said to have one which nobody knows.

    `internet_gateways` and `egress_only_internet_gateways` are the VPCs that these are attached to; unknown ones have
    the only VPC that is possible as their symbol, `vpc:` and its id. `edge_tables` are the route tables of gateways.
    `mesh_networks` are the service networks of VPC Lattice. `exclusions` are the VPCs and subnets that Block Public
    Access leaves out: in both directions, or outbound only. `severed` are gateways and appliances that nothing passes,
    as if they were not there. `shows_halves`: appliances let through what they see one half of, so that it is seen.
    """

    vpcs: Mapping[str, Vpc] = field(default_factory=_nothing)
    subnets: Mapping[str, Subnet] = field(default_factory=_nothing)
    route_tables: Mapping[str, RouteTable] = field(default_factory=_nothing)
    network_acls: Mapping[str, NetworkAcl] = field(default_factory=_nothing)
    security_groups: Mapping[str, SecurityGroup] = field(default_factory=_nothing)
    prefix_lists: Mapping[str, PrefixList] = field(default_factory=_nothing)
    interfaces: Mapping[str, Interface] = field(default_factory=_nothing)
    unplaced: Mapping[str, Unknown] = field(default_factory=_nothing)
    maybe_at: tuple[MaybeAt, ...] = ()
    internet_gateways: Mapping[str, str | Unknown] = field(default_factory=_nothing)
    egress_only_internet_gateways: Mapping[str, str | Unknown] = field(default_factory=_nothing)
    edge_tables: Mapping[str, str] = field(default_factory=_nothing)
    nat_gateways: Mapping[str, NatGateway] = field(default_factory=_nothing)
    vpn_gateways: Mapping[str, VpnGateway] = field(default_factory=_nothing)
    peering_connections: Mapping[str, PeeringConnection] = field(default_factory=_nothing)
    transit_gateways: Mapping[str, TransitGateway] = field(default_factory=_nothing)
    attachments: Mapping[str, TransitGatewayAttachment] = field(default_factory=_nothing)
    transit_gateway_route_tables: Mapping[str, TransitGatewayRouteTable] = field(default_factory=_nothing)
    load_balancers: Mapping[str, LoadBalancer] = field(default_factory=_nothing)
    target_groups: Mapping[str, TargetGroup] = field(default_factory=_nothing)
    endpoints: Mapping[str, VpcEndpoint] = field(default_factory=_nothing)
    endpoint_services: Mapping[str, EndpointService] = field(default_factory=_nothing)
    firewalls: Mapping[str, Firewall] = field(default_factory=_nothing)
    mesh_associations: tuple[MeshAssociation, ...] = ()
    mesh_services: Mapping[str, MeshService] = field(default_factory=_nothing)
    mesh_resources: Mapping[str, MeshResource] = field(default_factory=_nothing)
    mesh_networks: frozenset[str] = frozenset()
    mesh_groups: Mapping[str, TargetGroup] = field(default_factory=_nothing)
    entry_points: tuple[EntryPoint, ...] = ()
    public_access_blocks: tuple[PublicAccessBlock, ...] = ()
    exclusions: Mapping[str, bool | Unknown] = field(default_factory=_nothing)
    severed: frozenset[str] = frozenset()
    shows_halves: bool = False
    has_placeholders: bool = False
    assumptions: tuple[str, ...] = ()

    def leads_out(self, gateway: str, vpc: str) -> bool | Unknown:
        """Whether an internet gateway is attached to a VPC."""
        attached = self.internet_gateways.get(gateway)
        if attached is None:
            return Unknown("it is not in the templates")
        if not isinstance(attached, Unknown):
            return attached == vpc
        return attached if attached.symbol in ("", f"vpc:{vpc}") else False
