"""Reading the gateways of VPCs, and peering connections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from constructs_lattice.model.block import Block
from constructs_lattice.model.gateways import NatGateway, PeeringConnection, VpnGateway
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Subnet
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.reader import Reader, regional_table

__all__ = [
    "is_static",
    "read_egress_only_gateways",
    "read_internet_gateways",
    "read_nat_gateways",
    "read_peering_connections",
    "read_vpn_gateways",
    "static_routes",
]

_ATTACHMENT = "AWS::EC2::VPCGatewayAttachment"
_VPN = "AWS::EC2::VPNConnection"


def read_internet_gateways(reader: Reader) -> dict[str, str | Unknown]:
    """The VPCs that internet gateways are attached to. One that nobody knows goes by the id of its attachment."""
    found: dict[str, str | Unknown] = {}
    unattached: str | Unknown = ""
    for resource in reader.of_type(_ATTACHMENT):
        gateway, vpc = reader.id(resource.get("InternetGatewayId")), reader.id(resource.get("VpcId"))
        if isinstance(gateway, Unknown) and vpc is not None:
            found[str(resource.id)] = Unknown(vpc.reason) if isinstance(vpc, Unknown) else vpc
            several = unattached != "" or isinstance(vpc, Unknown)
            text = f"{resource.id} may be for this gateway: {gateway.reason}"
            unattached = Unknown(text, symbol="" if several else f"vpc:{vpc}")
        elif gateway is not None and vpc is not None:
            found[str(gateway)] = Unknown(vpc.reason) if isinstance(vpc, Unknown) else vpc
    for resource in reader.of_type("AWS::EC2::InternetGateway"):
        found.setdefault(str(resource.id), unattached)
    return found


def read_egress_only_gateways(reader: Reader) -> dict[str, str | Unknown]:
    """The VPCs of egress-only internet gateways."""
    found: dict[str, str | Unknown] = {}
    for resource in reader.of_type("AWS::EC2::EgressOnlyInternetGateway"):
        found[str(resource.id)] = reader.id(resource.get("VpcId")) or ""
    return found


def read_nat_gateways(reader: Reader, subnets: Mapping[str, Subnet]) -> dict[str, NatGateway]:
    """NAT gateways, zonal and regional."""
    found = {}
    for resource in reader.of_type("AWS::EC2::NatGateway"):
        id_, subnet = str(resource.id), reader.id(resource.get("SubnetId"))
        kind = reader.text(resource, "ConnectivityType", "public")
        is_public = kind if isinstance(kind, Unknown) else kind.lower() == "public"
        if isinstance(subnet, str) and subnet in subnets:
            vpc = subnets[subnet].vpc
            found[id_] = NatGateway(id=id_, vpc=vpc, subnet=subnet, is_public=is_public, interface=f"{id_}/interface")
        elif subnet is None and isinstance(vpc_id := reader.id(resource.get("VpcId")), str):
            table = regional_table(id_)
            found[id_] = NatGateway(id=id_, vpc=vpc_id, subnet=None, is_public=is_public, route_table=table)
    return found


def read_vpn_gateways(reader: Reader) -> dict[str, VpnGateway]:
    """Virtual private gateways, with the static routes of their connections."""
    found = {str(each.id): VpnGateway(id=str(each.id), vpc=None) for each in reader.of_type("AWS::EC2::VPNGateway")}
    for resource in reader.of_type(_ATTACHMENT):
        gateway, vpc = reader.id(resource.get("VpnGatewayId")), reader.id(resource.get("VpcId"))
        if isinstance(gateway, str) and vpc is not None:
            found[gateway] = replace(found.get(gateway) or VpnGateway(id=gateway, vpc=vpc), vpc=vpc)
        elif isinstance(gateway, Unknown):
            text = f"{resource.id} may be for this gateway: {gateway.reason}"
            found |= {id_: replace(each, vpc=Unknown(text)) for id_, each in found.items() if each.vpc is None}
    static = static_routes(reader)
    for resource in reader.of_type(_VPN):
        _doubt_all(reader, found, resource, "VpnGatewayId")
        if (gateway := _gateway_of(reader, resource, "VpnGatewayId")) in found:
            vpn, said = found[gateway], [*static[str(resource.id)], *static[""], *_maybe_bgp(reader, resource)]
            found[gateway] = replace(
                vpn,
                prefixes=(*vpn.prefixes, *(each for each in said if isinstance(each, Block))),
                unknown_prefixes=(*vpn.unknown_prefixes, *(each for each in said if isinstance(each, Unknown))),
                has_bgp=vpn.has_bgp or is_static(reader, resource) is False,
                has_connection=True,
            )
    for type_, names in _LEARNING.items():
        for resource in reader.of_type(type_):
            _doubt_all(reader, found, resource, *names)
            if (gateway := _gateway_of(reader, resource, *names)) in found:
                found[gateway] = replace(found[gateway], has_bgp=True, has_connection=True)
    return found


# What learns its routes over BGP besides, and how it names the gateway.
_LEARNING = {
    "AWS::DirectConnect::DirectConnectGatewayAssociation": ("AssociatedGatewayId", "GatewayId"),
    "AWS::DirectConnect::PrivateVirtualInterface": ("VirtualGatewayId",),
}


def _gateway_of(reader: Reader, resource: Resource, *names: str) -> str:
    return next((each for name in names if isinstance(each := reader.id(resource.get(name)), str)), "")


def _doubt_all(reader: Reader, found: dict[str, VpnGateway], resource: Resource, *names: str) -> None:
    """A connection of a gateway that nobody knows may be any gateway's."""
    for unknown in (each for name in names if isinstance(each := reader.id(resource.get(name)), Unknown)):
        doubt = Unknown(f"{resource.id} may be a connection of this gateway: {unknown.reason}")
        for id_, vpn in found.items():
            found[id_] = replace(vpn, unknown_prefixes=(*vpn.unknown_prefixes, doubt), has_connection=True)


def _maybe_bgp(reader: Reader, connection: Resource) -> list[Unknown]:
    static = is_static(reader, connection)
    if isinstance(static, Unknown):
        return [Unknown(f"whether {connection.id} learns routes is not known: {static.reason}")]
    return []


def is_static(reader: Reader, connection: Resource) -> bool | Unknown:
    """Whether a VPN connection has static routes only."""
    return reader.boolean(connection.get("StaticRoutesOnly"), default=False)


def static_routes(reader: Reader) -> dict[str, list[Block | Unknown]]:
    """The static routes of VPN connections."""
    found: dict[str, list[Block | Unknown]] = defaultdict(list)
    for resource in reader.of_type("AWS::EC2::VPNConnectionRoute"):
        connection = reader.id(resource.get("VpnConnectionId"))
        if isinstance(connection, str):
            found[connection].append(reader.block(resource, resource.get("DestinationCidrBlock")))
        elif connection is not None:
            found[""].append(Unknown(f"{resource.id} may be for this connection: {connection.reason}"))
    return found


def read_peering_connections(reader: Reader) -> dict[str, PeeringConnection]:
    """Peering connections, taken as accepted."""
    found = {}
    for resource in reader.of_type("AWS::EC2::VPCPeeringConnection"):
        sides = [reader.id(resource.get(name)) for name in ("VpcId", "PeerVpcId")]
        requester, accepter = (side if isinstance(side, str) else "" for side in sides)
        region, owner = resource.get("PeerRegion"), resource.get("PeerOwnerId")
        found[str(resource.id)] = PeeringConnection(
            id=str(resource.id),
            requester=requester,
            accepter=accepter,
            is_same_region=_is_own(region, resource.deployment.region),
            is_same_account=_is_own(owner, resource.deployment.account),
            doubts=tuple(side for side in sides if isinstance(side, Unknown)),
        )
    return found


def _is_own(said: object, own: object) -> bool | Unknown:
    if said is None or said == own:
        return True
    if isinstance(said, Unknown):
        return said
    return Unknown(f"{said} may be the stack's own") if isinstance(own, Unknown) else False
