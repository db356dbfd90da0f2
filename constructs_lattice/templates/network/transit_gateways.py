"""Reading Transit Gateways: what is attached to them, and their route tables.

TGW-11: a VPC attachment is written as either of two types. What else can be attached is not modelled: packets for it
go where nobody can follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from constructs_lattice.model.block import Block
from constructs_lattice.model.gateways import (
    AttachmentKind,
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayRoute,
    TransitGatewayRouteTable,
)
from constructs_lattice.model.ranges import intersect
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Vpc
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.gateways import is_static, static_routes
from constructs_lattice.templates.network.reader import Reader, within
from constructs_lattice.templates.values import Value

__all__ = ["read_attachments", "read_transit_gateways", "read_transit_tables"]

_GATEWAY, _TABLE, _VPN = "AWS::EC2::TransitGateway", "AWS::EC2::TransitGatewayRouteTable", "AWS::EC2::VPNConnection"
_OF_VPC = ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment")

# What is attached and not modelled, and where it says to which gateway.
_OTHERS: Mapping[str, tuple[str, ...]] = {
    "AWS::EC2::TransitGatewayConnect": ("TransitGatewayId",),
    "AWS::EC2::ClientVpnEndpoint": ("TransitGatewayConfiguration", "TransitGatewayId"),
    "AWS::NetworkFirewall::Firewall": ("TransitGatewayId",),
    "AWS::NetworkManager::TransitGatewayPeering": ("TransitGatewayArn",),
}


def read_transit_gateways(reader: Reader) -> dict[str, TransitGateway]:
    """Transit Gateways. TGW-1: unless switched off, attachments share a default route table."""
    found = {}
    for resource in reader.of_type(_GATEWAY):
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


# What is attached


def read_attachments(
    reader: Reader, gateways: Mapping[str, TransitGateway], vpcs: Mapping[str, Vpc]
) -> dict[str, TransitGatewayAttachment]:
    """All attachments, each with the route table that it is associated with."""
    found = {each.id: each for each in (*_of_vpcs(reader, vpcs), *_others(reader))}
    found |= {each.id: each for each in (*_peerings(reader), *_sites(reader))}
    found |= {each.id: each for each in _connects(reader, found)}
    said = _associations(reader, found)
    return {id_: replace(each, association=_association(each, gateways, said)) for id_, each in found.items()}


def _association(
    attachment: TransitGatewayAttachment, gateways: Mapping[str, TransitGateway], said: Mapping[str, str | Unknown]
) -> str | Unknown | None:
    """The table that is said, the one that may be said, the default one, or none."""
    gateway = gateways.get(attachment.transit_gateway)
    if attachment.id in said:
        return said[attachment.id]
    if "" in said:
        return said[""]
    if gateway is None:
        return Unknown(f"{attachment.transit_gateway} is not in the templates")
    default = gateway.associates_by_default
    return default if isinstance(default, Unknown) else gateway.default_route_table if default else None


def _associations(reader: Reader, attachments: Mapping[str, TransitGatewayAttachment]) -> dict[str, str | Unknown]:
    """The tables of attachments. One for an attachment that nobody knows may be anybody's: `""`."""
    found: dict[str, str | Unknown] = {}
    maybe: dict[str, str | Unknown] = {}
    for resource in reader.of_type("AWS::EC2::TransitGatewayRouteTableAssociation"):
        table = reader.id(resource.get("TransitGatewayRouteTableId"))
        named = reader.id(resource.get("TransitGatewayAttachmentId"))
        attachment = _end(reader, resource.get("TransitGatewayAttachmentId"), table, attachments)
        if isinstance(named, Unknown):
            found[""] = Unknown(f"{resource.id} may be for this attachment: {named.reason}")
        elif isinstance(attachment, Unknown) and named is not None:
            maybe |= dict.fromkeys((named, attachments[named].peer), attachment)
        elif isinstance(attachment, str) and table is not None:
            found[attachment] = table
    return maybe | found


def _end(
    reader: Reader, named: Value, table: str | Unknown | None, attachments: Mapping[str, TransitGatewayAttachment]
) -> str | Unknown | None:
    """TGW-8: an attachment; of peered gateways, whose ends have one id, the end at the gateway of the table."""
    id_ = reader.id(named)
    if not isinstance(id_, str) or id_ not in attachments:
        return id_
    own, peer = attachments[id_], attachments.get(attachments[id_].peer)
    if peer is None or peer.transit_gateway == own.transit_gateway:
        return id_
    of_table = next((each for each in reader.of_type(_TABLE) if str(each.id) == table), None)
    gateway: str | Unknown | None = table
    if isinstance(table, str):
        gateway = reader.id(of_table.get("TransitGatewayId")) if of_table is not None else table.rpartition("/")[0]
    if isinstance(gateway, Unknown):
        return Unknown(f"which end of {id_} is meant is not known: {gateway.reason}")
    return peer.id if gateway == peer.transit_gateway else id_


def _of_vpcs(reader: Reader, vpcs: Mapping[str, Vpc]) -> Iterator[TransitGatewayAttachment]:
    """Attachments of VPCs; one that is not in the templates is as good as anything else."""
    for resource in reader.of_type(*_OF_VPC):
        options, vpc = resource.get("Options"), _name(reader, resource.get("VpcId"))
        added, removed = (reader.ids(resource.get(name))[0] for name in ("AddSubnetIds", "RemoveSubnetIds"))
        subnets, unknown = reader.ids(resource.get("SubnetIds"))
        references = within(options, "SecurityGroupReferencingSupport")
        yield TransitGatewayAttachment(
            id=str(resource.id),
            transit_gateway=_name(reader, resource.get("TransitGatewayId")),
            kind=AttachmentKind.VPC if vpc in vpcs else AttachmentKind.OTHER,
            vpc=vpc,
            subnets=(
                *(each for each in dict.fromkeys([*subnets, *added]) if each not in removed),
                *(each.reason for each in unknown),
            ),
            appliance_mode=reader.boolean(within(options, "ApplianceModeSupport"), default=False),
            references_groups=None if references is None else reader.boolean(references, default=False),
            doubts=unknown,
        )


def _name(reader: Reader, value: Value) -> str:
    """What a value names; what nobody knows, as `Fn::Sub` would write it."""
    return str(reader.id(value) or "")


def _others(reader: Reader) -> Iterator[TransitGatewayAttachment]:
    for type_, path in _OTHERS.items():
        for resource in reader.of_type(type_):
            gateway = reader.id(within(dict(resource.properties), *path))
            if gateway is not None:
                yield TransitGatewayAttachment(
                    id=str(resource.id), transit_gateway=str(gateway), kind=AttachmentKind.OTHER
                )


def _connects(
    reader: Reader, attachments: Mapping[str, TransitGatewayAttachment]
) -> Iterator[TransitGatewayAttachment]:
    """Connect attachments, at the gateway of the attachment that carries them."""
    for resource in reader.of_type("AWS::EC2::TransitGatewayConnect"):
        carrier = reader.id(resource.get("TransportTransitGatewayAttachmentId"))
        gateway = attachments[carrier].transit_gateway if isinstance(carrier, str) and carrier in attachments else ""
        yield TransitGatewayAttachment(id=str(resource.id), transit_gateway=gateway, kind=AttachmentKind.OTHER)


def _peerings(reader: Reader) -> Iterator[TransitGatewayAttachment]:
    """TGW-8: a peering attachment has an end at each of two gateways."""
    for resource in reader.of_type("AWS::EC2::TransitGatewayPeeringAttachment"):
        id_ = str(resource.id)
        near, far = (_name(reader, resource.get(name)) for name in ("TransitGatewayId", "PeerTransitGatewayId"))
        for own, peer, gateway in ((id_, f"{id_}/peer", near), (f"{id_}/peer", id_, far)):
            yield TransitGatewayAttachment(id=own, transit_gateway=gateway, kind=AttachmentKind.PEERING, peer=peer)


def _sites(reader: Reader) -> Iterator[TransitGatewayAttachment]:
    """VPN connections, concentrators and Direct Connect gateways."""
    behind: dict[str, list[Resource]] = defaultdict(list)
    for resource in reader.of_type(_VPN):
        concentrator = reader.id(resource.get("VpnConcentratorId"))
        gateway = reader.id(resource.get("TransitGatewayId"))
        if isinstance(concentrator, str):
            behind[concentrator].append(resource)
        elif gateway is not None and resource.doubt is None:
            yield _site(reader, str(resource.id), str(gateway), [resource])
    for resource in reader.of_type("AWS::EC2::VPNConcentrator"):
        gateway = reader.id(resource.get("TransitGatewayId"))
        if gateway is not None:
            yield _site(reader, str(resource.id), str(gateway), behind[str(resource.id)])
    for resource in reader.of_type("AWS::DirectConnect::DirectConnectGatewayAssociation"):
        named = reader.resource(resource.get("AssociatedGatewayId") or resource.get("GatewayId"))
        if named is not None and named.type == _GATEWAY:
            yield _site(reader, str(resource.id), str(named.id), [])


def _site(reader: Reader, id: str, gateway: str, connections: Sequence[Resource]) -> TransitGatewayAttachment:
    static = static_routes(reader)
    said = [block for each in connections for block in static.get(str(each.id), ())]
    return TransitGatewayAttachment(
        id=id,
        transit_gateway=gateway,
        kind=AttachmentKind.VPN,
        prefixes=tuple(each for each in said if isinstance(each, Block)),
        has_bgp=not connections or any(is_static(reader, each) is not True for each in connections),
    )


# Route tables


def read_transit_tables(
    reader: Reader,
    gateways: Mapping[str, TransitGateway],
    attachments: Mapping[str, TransitGatewayAttachment],
    vpcs: Mapping[str, Vpc],
    said: Mapping[str, Vpc],
) -> dict[str, TransitGatewayRouteTable]:
    """The route tables of Transit Gateways: static routes, and what attachments propagate.

    Of a VPC whose block is not known, `vpcs` has those of its subnets instead, and `said` none.
    """
    owners = {str(each.id): _name(reader, each.get("TransitGatewayId")) for each in reader.of_type(_TABLE)}
    for gateway in gateways.values():
        owners.setdefault(gateway.default_route_table, gateway.id)
    routes: dict[str, list[TransitGatewayRoute]] = defaultdict(list)
    for table, route in (
        *_static(reader, owners, attachments),
        *_propagated(reader, owners, gateways, attachments, vpcs),
    ):
        routes[table].append(route)
    doubts = _doubts(reader, gateways)
    return {
        id_: TransitGatewayRouteTable(
            id=id_,
            transit_gateway=gateway,
            routes=tuple(_of_unknown_length(each, routes[id_], attachments, said) for each in routes[id_]),
            doubts=tuple(doubts[id_]),
        )
        for id_, gateway in owners.items()
    }


def _of_unknown_length(
    route: TransitGatewayRoute,
    others: Sequence[TransitGatewayRoute],
    attachments: Mapping[str, TransitGatewayAttachment],
    said: Mapping[str, Vpc],
) -> TransitGatewayRoute:
    """TGW-2: a propagated route; in doubt if it is for a block that nobody knows, and another one is for part of it."""
    destination, attachment = route.destination, attachments.get(str(route.attachment))
    if not route.is_propagated or not isinstance(destination, Block) or attachment is None:
        return route
    if attachment.kind is not AttachmentKind.VPC or destination in said[attachment.vpc].blocks:
        return route
    for other in others:
        if other.attachment != route.attachment and _may_meet(other.destination, destination):
            text = f"how long the prefix of {attachment.vpc} is, is not known, and {other.id} is for some of it, too"
            return replace(route, doubt=route.doubt or Unknown(text))
    return route


def _may_meet(one: Block | str | Unknown, block: Block) -> bool:
    return not isinstance(one, Block) or (one.version == block.version and bool(intersect(one.ranges, block.ranges)))


def _doubts(reader: Reader, gateways: Mapping[str, TransitGateway]) -> dict[str, list[Unknown]]:
    """Why a table may have more routes than are said."""
    found: dict[str, list[Unknown]] = defaultdict(list)
    for gateway in gateways.values():
        if isinstance(gateway.propagates_by_default, Unknown):
            found[gateway.default_route_table].append(gateway.propagates_by_default)
    for resource in reader.of_type("AWS::NetworkManager::TransitGatewayRouteTableAttachment"):
        if isinstance(table := reader.id(resource.get("TransitGatewayRouteTableArn")), str):
            found[table].append(Unknown(f"what Cloud WAN adds through {resource.id} is not modelled"))
    return found


def _tables(
    reader: Reader,
    resource: Resource,
    owners: Mapping[str, str],
    attachments: Mapping[str, TransitGatewayAttachment],
) -> Iterator[tuple[str, Unknown | None]]:
    """The table that a resource is for; if nobody knows which, all those of the attachment's gateway, with a doubt."""
    table = reader.id(resource.get("TransitGatewayRouteTableId"))
    if isinstance(table, Unknown):
        doubt = Unknown(f"{resource.id} may be for this table: {table.reason}")
        attachment = attachments.get(str(reader.id(resource.get("TransitGatewayAttachmentId"))))
        candidates = reader.candidates(table)
        yield from (
            (each, doubt)
            for each, gateway in owners.items()
            if (not candidates or each in candidates)
            and (
                attachment is None or attachment.kind is AttachmentKind.PEERING or gateway == attachment.transit_gateway
            )
        )
    elif table is not None:
        yield table, None


def _static(
    reader: Reader, owners: Mapping[str, str], attachments: Mapping[str, TransitGatewayAttachment]
) -> Iterator[tuple[str, TransitGatewayRoute]]:
    for resource in reader.of_type("AWS::EC2::TransitGatewayRoute"):
        is_black_hole = reader.boolean(resource.get("Blackhole"), default=False)
        for table, doubt in _tables(reader, resource, owners, attachments):
            attachment = _end(reader, resource.get("TransitGatewayAttachmentId"), table, attachments)
            if is_black_hole is not False:
                attachment = None if is_black_hole is True else is_black_hole
            destination = reader.block(resource, resource.get("DestinationCidrBlock"))
            yield (
                table,
                TransitGatewayRoute(id=str(resource.id), destination=destination, attachment=attachment, doubt=doubt),
            )


def _propagated(
    reader: Reader,
    owners: Mapping[str, str],
    gateways: Mapping[str, TransitGateway],
    attachments: Mapping[str, TransitGatewayAttachment],
    vpcs: Mapping[str, Vpc],
) -> Iterator[tuple[str, TransitGatewayRoute]]:
    """What attachments propagate: to the tables that are said, and to the default one besides."""
    overlaps = _overlaps(attachments, vpcs)
    for resource in reader.of_type("AWS::EC2::TransitGatewayRouteTablePropagation"):
        for table, doubt in _tables(reader, resource, owners, attachments):
            attachment = _end(reader, resource.get("TransitGatewayAttachmentId"), table, attachments)
            if isinstance(attachment, Unknown):
                yield table, _anything(resource, attachment)
            elif attachment is not None and attachment in attachments:
                for route in _routes_of(attachments[attachment], vpcs, str(resource.id)):
                    yield table, replace(route, doubt=doubt or overlaps.get(attachment))
    for each in attachments.values():
        for gateway, doubt in _gateways_of(each, gateways):
            if gateway.propagates_by_default is not False:
                for route in _routes_of(each, vpcs, each.id):
                    yield gateway.default_route_table, replace(route, doubt=doubt or overlaps.get(each.id))


def _gateways_of(
    attachment: TransitGatewayAttachment, gateways: Mapping[str, TransitGateway]
) -> Iterator[tuple[TransitGateway, Unknown | None]]:
    """The gateway of an attachment; if nobody knows which, all of them, with a doubt."""
    if attachment.transit_gateway in gateways:
        yield gateways[attachment.transit_gateway], None
    elif attachment.transit_gateway.startswith("${"):
        doubt = Unknown(f"whether {attachment.id} is attached to it is not known")
        yield from ((each, doubt) for each in gateways.values())


def _anything(resource: Resource, unknown: Unknown) -> TransitGatewayRoute:
    """What an attachment that nobody knows propagates."""
    return TransitGatewayRoute(id=str(resource.id), destination=unknown, attachment=unknown)


def _overlaps(attachments: Mapping[str, TransitGatewayAttachment], vpcs: Mapping[str, Vpc]) -> dict[str, Unknown]:
    """TGW-7: of VPCs with overlapping blocks, only the one that is attached first is propagated, whichever that is."""
    attached = [each for each in attachments.values() if each.kind is AttachmentKind.VPC]
    found = {}
    for one in attached:
        for other in attached:
            is_pair = one.transit_gateway == other.transit_gateway and one.vpc != other.vpc
            if is_pair and _overlap(vpcs[one.vpc], vpcs[other.vpc]):
                text = f"{one.vpc} and {other.vpc} overlap: only the one that is attached first is propagated"
                found[one.id] = Unknown(text)
    return found


def _overlap(one: Vpc, other: Vpc) -> bool:
    return any(
        mine.version == theirs.version and intersect(mine.ranges, theirs.ranges)
        for mine in one.blocks
        for theirs in other.blocks
    )


def _routes_of(attachment: TransitGatewayAttachment, vpcs: Mapping[str, Vpc], id: str) -> Iterator[TransitGatewayRoute]:
    """The routes that an attachment comes with. TGW-8: those to peer gateways come with none."""
    match attachment.kind:
        case AttachmentKind.VPC:
            vpc = vpcs[attachment.vpc]
            destinations: list[Block | Unknown] = [*vpc.blocks, *vpc.unknown_blocks]
        case AttachmentKind.VPN:
            destinations = list(attachment.prefixes)
            if attachment.has_bgp:
                text = f"what {attachment.id} learns over BGP is not in the templates"
                destinations.append(Unknown(text, symbol=f"bgp:{attachment.id}"))
        case AttachmentKind.OTHER:
            destinations = [Unknown(f"what {attachment.id} propagates is not modelled")]
        case AttachmentKind.PEERING:
            destinations = []
    for destination in destinations:
        yield TransitGatewayRoute(id=id, destination=destination, attachment=attachment.id, is_propagated=True)
