"""Reading gateways, peering connections and Transit Gateways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from constructs_lattice.model.block import Block
from constructs_lattice.model.gateways import (
    AttachmentKind,
    NatGateway,
    PeeringConnection,
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayRoute,
    TransitGatewayRouteTable,
    VpnGateway,
)
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Subnet, Vpc
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.reader import Reader, within

__all__ = [
    "read_attachments",
    "read_egress_only_gateways",
    "read_internet_gateways",
    "read_nat_gateways",
    "read_peering_connections",
    "read_transit_gateways",
    "read_transit_tables",
    "read_vpn_gateways",
]

_ATTACHMENT = "AWS::EC2::VPCGatewayAttachment"
_VPN = "AWS::EC2::VPNConnection"
_TRANSIT, _TRANSIT_TABLE = "AWS::EC2::TransitGateway", "AWS::EC2::TransitGatewayRouteTable"
_TRANSIT_VPC = ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment")
_TRANSIT_OTHER = ("AWS::EC2::TransitGatewayConnect",)


def read_internet_gateways(reader: Reader) -> dict[str, str | Unknown]:
    """The VPCs that internet gateways are attached to."""
    found: dict[str, str | Unknown] = {}
    for resource in reader.of_type(_ATTACHMENT):
        gateway, vpc = reader.id(resource.get("InternetGatewayId")), reader.id(resource.get("VpcId"))
        if isinstance(gateway, str) and vpc is not None:
            found[gateway] = vpc
    for resource in reader.of_type("AWS::EC2::InternetGateway"):
        found.setdefault(str(resource.id), "")
    return found


def read_egress_only_gateways(reader: Reader) -> dict[str, str]:
    """The VPCs of egress-only internet gateways."""
    found = {}
    for resource in reader.of_type("AWS::EC2::EgressOnlyInternetGateway"):
        if isinstance(vpc := reader.id(resource.get("VpcId")), str):
            found[str(resource.id)] = vpc
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
            found[id_] = NatGateway(id=id_, vpc=vpc_id, subnet=None, is_public=is_public)
    return found


def read_vpn_gateways(reader: Reader) -> dict[str, VpnGateway]:
    """Virtual private gateways, with the static routes of their connections."""
    found = {str(each.id): VpnGateway(id=str(each.id), vpc=None) for each in reader.of_type("AWS::EC2::VPNGateway")}
    for resource in reader.of_type(_ATTACHMENT):
        gateway, vpc = reader.id(resource.get("VpnGatewayId")), reader.id(resource.get("VpcId"))
        if isinstance(gateway, str) and isinstance(vpc, str):
            found[gateway] = replace(found.get(gateway) or VpnGateway(id=gateway, vpc=vpc), vpc=vpc)
    static = _static_routes(reader)
    for resource in reader.of_type(_VPN):
        gateway = reader.id(resource.get("VpnGatewayId"))
        if isinstance(gateway, str) and gateway in found:
            vpn = found[gateway]
            found[gateway] = replace(
                vpn,
                prefixes=(*vpn.prefixes, *static[str(resource.id)]),
                has_bgp=vpn.has_bgp or not _is_static(reader, resource),
                has_connection=True,
            )
    for resource in reader.of_type("AWS::DirectConnect::DirectConnectGatewayAssociation"):
        gateway = reader.id(resource.get("AssociatedGatewayId")) or reader.id(resource.get("GatewayId"))
        if isinstance(gateway, str) and gateway in found:
            found[gateway] = replace(found[gateway], has_bgp=True, has_connection=True)
    return found


def _is_static(reader: Reader, connection: Resource) -> bool:
    return reader.boolean(connection.get("StaticRoutesOnly"), default=False) is True


def _static_routes(reader: Reader) -> dict[str, list[Block]]:
    """The static routes of VPN connections; those that are not known make a connection lead anywhere."""
    found: dict[str, list[Block]] = defaultdict(list)
    for resource in reader.of_type("AWS::EC2::VPNConnectionRoute"):
        connection = reader.id(resource.get("VpnConnectionId"))
        block = reader.block(resource, resource.get("DestinationCidrBlock"))
        if isinstance(connection, str) and isinstance(block, Block):
            found[connection].append(block)
    return found


def read_peering_connections(reader: Reader) -> dict[str, PeeringConnection]:
    """Peering connections, taken as accepted."""
    found = {}
    for resource in reader.of_type("AWS::EC2::VPCPeeringConnection"):
        sides = [reader.id(resource.get(name)) for name in ("VpcId", "PeerVpcId")]
        requester, accepter = (str(side) if side is not None else "" for side in sides)
        region, owner = resource.get("PeerRegion"), resource.get("PeerOwnerId")
        found[str(resource.id)] = PeeringConnection(
            id=str(resource.id),
            requester=requester,
            accepter=accepter,
            is_same_region=_is_own(region, resource.deployment.region),
            is_same_account=_is_own(owner, resource.deployment.account),
        )
    return found


def _is_own(said: object, own: object) -> bool | Unknown:
    if said is None or said == own:
        return True
    if isinstance(said, Unknown):
        return said
    return Unknown(f"{said} may be the stack's own") if isinstance(own, Unknown) else False


def read_transit_gateways(reader: Reader) -> dict[str, TransitGateway]:
    """Transit Gateways. TGW-1: unless switched off, attachments share a default route table."""
    found = {}
    for resource in reader.of_type(_TRANSIT):
        id_ = str(resource.id)
        own = reader.id(resource.get("AssociationDefaultRouteTableId"))
        found[id_] = TransitGateway(
            id=id_,
            default_route_table=own if isinstance(own, str) else f"{id_}/default-route-table",
            associates_by_default=reader.boolean(resource.get("DefaultRouteTableAssociation"), default=True),
            propagates_by_default=reader.boolean(resource.get("DefaultRouteTablePropagation"), default=True),
            references_groups=reader.boolean(resource.get("SecurityGroupReferencingSupport"), default=False),
        )
    return found


def read_attachments(
    reader: Reader, gateways: Mapping[str, TransitGateway], vpcs: Mapping[str, Vpc]
) -> dict[str, TransitGatewayAttachment]:
    """All attachments, each with the route table that it is associated with."""
    found = {each.id: each for each in _attachments(reader)}
    said = _associations(reader)
    for id_, attachment in found.items():
        gateway = gateways.get(attachment.transit_gateway)
        association: str | Unknown | None = said.get(id_)
        if association is None and gateway is not None:
            default = gateway.associates_by_default
            association = default if isinstance(default, Unknown) else gateway.default_route_table if default else None
        if association is None and gateway is None:
            association = Unknown(f"{attachment.transit_gateway} is not in the templates")
        if association is None and (unknown := said.get("")) is not None:
            association = unknown
        found[id_] = replace(attachment, association=association)
    return {id_: each for id_, each in found.items() if each.kind is not AttachmentKind.VPC or each.vpc in vpcs}


def _associations(reader: Reader) -> dict[str, str | Unknown]:
    found: dict[str, str | Unknown] = {}
    for resource in reader.of_type("AWS::EC2::TransitGatewayRouteTableAssociation"):
        attachment = reader.id(resource.get("TransitGatewayAttachmentId"))
        table = reader.id(resource.get("TransitGatewayRouteTableId"))
        if isinstance(attachment, Unknown):
            found[""] = Unknown(f"{resource.id} may be for this attachment: {attachment.reason}")
        elif attachment is not None and table is not None:
            found[attachment] = table
    return found


def _attachments(reader: Reader) -> Iterator[TransitGatewayAttachment]:
    for resource in reader.of_type(*_TRANSIT_VPC):
        subnets, unknown = reader.ids(resource.get("SubnetIds"))
        options = resource.get("Options")
        yield TransitGatewayAttachment(
            id=str(resource.id),
            transit_gateway=str(reader.id(resource.get("TransitGatewayId"))),
            kind=AttachmentKind.VPC,
            vpc=str(reader.id(resource.get("VpcId"))),
            subnets=(*subnets, *(each.reason for each in unknown)),
            appliance_mode=reader.boolean(within(options, "ApplianceModeSupport"), default=False),
            references_groups=None
            if (said := within(options, "SecurityGroupReferencingSupport")) is None
            else reader.boolean(said, default=False),
            doubts=unknown,
        )
    yield from _peerings(reader)
    yield from _sites(reader)
    for resource in reader.of_type(*_TRANSIT_OTHER, "AWS::NetworkFirewall::Firewall"):
        gateway = reader.id(resource.get("TransitGatewayId"))
        if isinstance(gateway, str):
            yield TransitGatewayAttachment(id=str(resource.id), transit_gateway=gateway, kind=AttachmentKind.OTHER)


def _peerings(reader: Reader) -> Iterator[TransitGatewayAttachment]:
    """TGW-8: a peering attachment has an end at each of two gateways."""
    for resource in reader.of_type("AWS::EC2::TransitGatewayPeeringAttachment"):
        id_ = str(resource.id)
        near, far = (str(reader.id(resource.get(name))) for name in ("TransitGatewayId", "PeerTransitGatewayId"))
        for own, peer, gateway in ((id_, f"{id_}/peer", near), (f"{id_}/peer", id_, far)):
            yield TransitGatewayAttachment(id=own, transit_gateway=gateway, kind=AttachmentKind.PEERING, peer=peer)


def _sites(reader: Reader) -> Iterator[TransitGatewayAttachment]:
    """VPN connections, concentrators and Direct Connect gateways."""
    static = _static_routes(reader)
    behind: dict[str, list[Resource]] = defaultdict(list)
    for resource in reader.of_type(_VPN):
        concentrator = reader.id(resource.get("VpnConcentratorId"))
        gateway = reader.id(resource.get("TransitGatewayId"))
        if isinstance(concentrator, str):
            behind[concentrator].append(resource)
        elif isinstance(gateway, str):
            yield _site(reader, str(resource.id), gateway, [resource], static)
    for resource in reader.of_type("AWS::EC2::VPNConcentrator"):
        gateway = reader.id(resource.get("TransitGatewayId"))
        if isinstance(gateway, str):
            yield _site(reader, str(resource.id), gateway, behind[str(resource.id)], static)
    for resource in reader.of_type("AWS::DirectConnect::DirectConnectGatewayAssociation"):
        named = reader.resource(resource.get("AssociatedGatewayId") or resource.get("GatewayId"))
        if named is not None and named.type == _TRANSIT:
            yield _site(reader, str(resource.id), str(named.id), [], static)


def _site(
    reader: Reader, id: str, gateway: str, connections: list[Resource], static: Mapping[str, list[Block]]
) -> TransitGatewayAttachment:
    return TransitGatewayAttachment(
        id=id,
        transit_gateway=gateway,
        kind=AttachmentKind.VPN,
        prefixes=tuple(block for each in connections for block in static.get(str(each.id), ())),
        has_bgp=not connections or any(not _is_static(reader, each) for each in connections),
    )


def read_transit_tables(
    reader: Reader,
    gateways: Mapping[str, TransitGateway],
    attachments: Mapping[str, TransitGatewayAttachment],
    vpcs: Mapping[str, Vpc],
) -> dict[str, TransitGatewayRouteTable]:
    """The route tables of Transit Gateways: static routes, and what attachments propagate."""
    owners = {str(each.id): str(reader.id(each.get("TransitGatewayId"))) for each in reader.of_type(_TRANSIT_TABLE)}
    for gateway in gateways.values():
        owners.setdefault(gateway.default_route_table, gateway.id)
    routes: dict[str, list[TransitGatewayRoute]] = defaultdict(list)
    doubts: dict[str, list[Unknown]] = defaultdict(list)
    for resource in reader.of_type("AWS::EC2::TransitGatewayRoute"):
        table = reader.id(resource.get("TransitGatewayRouteTableId"))
        if isinstance(table, str):
            routes[table].append(_transit_route(reader, resource))
    for gateway in gateways.values():
        if isinstance(gateway.propagates_by_default, Unknown):
            doubts[gateway.default_route_table].append(gateway.propagates_by_default)
    for table, attachment, id_ in _propagations(reader, gateways, attachments):
        routes[table] += _propagated(attachments[attachment], vpcs, id_)
    return {
        id_: TransitGatewayRouteTable(
            id=id_, transit_gateway=gateway, routes=tuple(routes[id_]), doubts=tuple(doubts[id_])
        )
        for id_, gateway in owners.items()
    }


def _transit_route(reader: Reader, resource: Resource) -> TransitGatewayRoute:
    is_black_hole = reader.boolean(resource.get("Blackhole"), default=False)
    attachment = reader.id(resource.get("TransitGatewayAttachmentId"))
    return TransitGatewayRoute(
        id=str(resource.id),
        destination=reader.block(resource, resource.get("DestinationCidrBlock")),
        attachment=is_black_hole if isinstance(is_black_hole, Unknown) else None if is_black_hole else attachment,
    )


def _propagations(
    reader: Reader, gateways: Mapping[str, TransitGateway], attachments: Mapping[str, TransitGatewayAttachment]
) -> Iterator[tuple[str, str, str]]:
    """Which table each attachment propagates to: those that are said, and the default one besides."""
    for resource in reader.of_type("AWS::EC2::TransitGatewayRouteTablePropagation"):
        table = reader.id(resource.get("TransitGatewayRouteTableId"))
        attachment = reader.id(resource.get("TransitGatewayAttachmentId"))
        if isinstance(table, str) and isinstance(attachment, str) and attachment in attachments:
            yield table, attachment, str(resource.id)
    for attachment_ in attachments.values():
        gateway = gateways.get(attachment_.transit_gateway)
        if gateway is not None and gateway.propagates_by_default is not False:
            yield gateway.default_route_table, attachment_.id, attachment_.id


def _propagated(
    attachment: TransitGatewayAttachment, vpcs: Mapping[str, Vpc], id: str
) -> Iterator[TransitGatewayRoute]:
    """TGW-8: peering attachments propagate nothing."""
    match attachment.kind:
        case AttachmentKind.VPC:
            vpc = vpcs[attachment.vpc]
            destinations: list[Block | Unknown] = [*vpc.blocks, *vpc.unknown_blocks]
        case AttachmentKind.VPN:
            destinations = list(attachment.prefixes)
            if attachment.has_bgp:
                destinations.append(Unknown(f"what {attachment.id} learns over BGP is not in the templates"))
        case AttachmentKind.OTHER:
            destinations = [Unknown(f"what {attachment.id} propagates is not modelled")]
        case AttachmentKind.PEERING:
            destinations = []
    for destination in destinations:
        yield TransitGatewayRoute(id=id, destination=destination, attachment=attachment.id, is_propagated=True)
