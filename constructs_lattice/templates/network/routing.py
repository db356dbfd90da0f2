"""Reading VPCs, subnets and route tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from constructs_lattice.model.block import Block
from constructs_lattice.model.gateways import VpnGateway
from constructs_lattice.model.ranges import covers
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Route, RouteTable, Subnet, TargetKind, Vpc
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.reader import (
    Reader,
    default_acl,
    default_group,
    main_table,
    regional_table,
)
from constructs_lattice.templates.values import Text, Value

__all__ = ["read_edge_tables", "read_route_tables", "read_subnets", "read_vpcs", "with_subnets"]

_VPC, _SUBNET, _TABLE, _ROUTE = "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::Route"
_BLOCK = "AWS::EC2::VPCCidrBlock"

# The properties of a route that name its target, and what that is.
_TARGETS = {
    "NatGatewayId": TargetKind.NAT_GATEWAY,
    "EgressOnlyInternetGatewayId": TargetKind.EGRESS_ONLY_INTERNET_GATEWAY,
    "TransitGatewayId": TargetKind.TRANSIT_GATEWAY,
    "VpcPeeringConnectionId": TargetKind.PEERING_CONNECTION,
    "NetworkInterfaceId": TargetKind.INTERFACE,
    "InstanceId": TargetKind.INSTANCE,
    "VpcEndpointId": TargetKind.VPC_ENDPOINT,
    "CoreNetworkArn": TargetKind.OTHER,
    "CarrierGatewayId": TargetKind.OTHER,
    "LocalGatewayId": TargetKind.OTHER,
    "OdbNetworkArn": TargetKind.OTHER,
}

# What `GatewayId` may name, by type or by the beginning of an id.
_GATEWAYS = {
    "AWS::EC2::InternetGateway": TargetKind.INTERNET_GATEWAY,
    "AWS::EC2::VPNGateway": TargetKind.VPN_GATEWAY,
    "AWS::EC2::VPCEndpoint": TargetKind.VPC_ENDPOINT,
    "igw-": TargetKind.INTERNET_GATEWAY,
    "vgw-": TargetKind.VPN_GATEWAY,
    "vpce-": TargetKind.VPC_ENDPOINT,
}


def read_vpcs(reader: Reader) -> dict[str, Vpc]:
    """The VPCs with all their blocks. Blocks that only the deployment knows are placeholders."""
    blocks: dict[str, list[Block | Unknown]] = defaultdict(list)
    for resource in reader.of_type(_BLOCK):
        vpc = reader.id(resource.get("VpcId"))
        if isinstance(vpc, str):
            blocks[vpc] += _blocks_of(reader, resource, ("CidrBlock", "Ipv6CidrBlock"))
        elif vpc is not None:
            blocks[""].append(Unknown(f"{resource.id} may be a block of this VPC: {vpc.reason}"))
    vpcs = {str(each.id): each for each in reader.of_type(_VPC)}
    return {id_: _vpc(reader, each, [*blocks[id_], *blocks[""]]) for id_, each in vpcs.items()}


def _vpc(reader: Reader, resource: Resource, more: list[Block | Unknown]) -> Vpc:
    id_ = str(resource.id)
    found = [*_blocks_of(reader, resource, ("CidrBlock",)), *more]
    return Vpc(
        id=id_,
        blocks=tuple(each for each in found if isinstance(each, Block)),
        unknown_blocks=tuple(each for each in found if isinstance(each, Unknown)),
        main_route_table=main_table(id_),
        default_network_acl=default_acl(id_),
        default_security_group=default_group(id_),
        region=resource.deployment.region,
        account=resource.deployment.account,
    )


def _blocks_of(reader: Reader, resource: Resource, names: tuple[str, ...]) -> Iterator[Block | Unknown]:
    """The blocks that a resource says it has, or is given."""
    for name in names:
        value = resource.get(name)
        if value is not None:
            yield reader.block(resource, value)


def read_subnets(reader: Reader, vpcs: dict[str, Vpc]) -> dict[str, Subnet]:
    """The subnets, each with its route table and network ACL: RT-1 and NACL-5, the VPC's own unless one is said."""
    tables = _associated(reader, "AWS::EC2::SubnetRouteTableAssociation", "RouteTableId")
    acls = _associated(reader, "AWS::EC2::SubnetNetworkAclAssociation", "NetworkAclId")
    more: dict[str, list[Block | Unknown]] = defaultdict(list)
    for resource in reader.of_type("AWS::EC2::SubnetCidrBlock"):
        subnet = reader.id(resource.get("SubnetId"))
        if isinstance(subnet, str):
            more[subnet] += _blocks_of(reader, resource, ("Ipv6CidrBlock",))
        elif subnet is not None:
            more[""].append(Unknown(f"{resource.id} may be for this subnet: {subnet.reason}"))
    subnets = {}
    for resource in reader.of_type(_SUBNET):
        vpc_id = reader.id(resource.get("VpcId"))
        if not isinstance(vpc_id, str) or vpc_id not in vpcs:
            continue
        vpc, id_ = vpcs[vpc_id], str(resource.id)
        found = {4: [*_blocks_of(reader, resource, ("CidrBlock",))]}
        found[6] = [*_blocks_of(reader, resource, ("Ipv6CidrBlock",)), *more[id_], *more[""]]
        subnets[id_] = Subnet(
            id=id_,
            vpc=vpc_id,
            zone=reader.zone(resource),
            blocks=tuple(each for blocks in found.values() for each in blocks if isinstance(each, Block)),
            unknown_blocks=tuple(
                (version, each) for version, blocks in found.items() for each in blocks if isinstance(each, Unknown)
            ),
            route_table=tables.get(id_, tables.get("", vpc.main_route_table)),
            network_acl=acls.get(id_, acls.get("", vpc.default_network_acl)),
        )
    return subnets


def _associated(reader: Reader, type_: str, name: str) -> dict[str, str | Unknown]:
    """What subnets are associated with. An association of a subnet that is not known may be any subnet's: `""`."""
    found: dict[str, str | Unknown] = {}
    for resource in reader.of_type(type_):
        subnet, other = reader.id(resource.get("SubnetId")), reader.id(resource.get(name))
        if isinstance(subnet, Unknown):
            found[""] = Unknown(f"{resource.id} may be for this subnet: {subnet.reason}")
        elif subnet is not None and other is not None:
            found[subnet] = other
    return found


def with_subnets(vpcs: dict[str, Vpc], subnets: Mapping[str, Subnet]) -> dict[str, Vpc]:
    """The VPCs; one with a block that nobody knows has those of its subnets, at least."""
    found = dict(vpcs)
    for subnet in subnets.values():
        vpc = found[subnet.vpc]
        missing = [each for each in subnet.blocks if not any(_is_within(each, whole) for whole in vpc.blocks)]
        if missing and vpc.unknown_blocks:
            found[vpc.id] = replace(vpc, blocks=(*vpc.blocks, *missing))
    return found


def _is_within(block: Block, whole: Block) -> bool:
    return block.version == whole.version and covers(whole.ranges, block.ranges)


def read_route_tables(
    reader: Reader, vpcs: dict[str, Vpc], subnets: Mapping[str, Subnet], vpn_gateways: dict[str, VpnGateway]
) -> dict[str, RouteTable]:
    """All route tables: those that are said, the main ones of the VPCs, and those of regional NAT gateways."""
    owners = {vpc.main_route_table: vpc.id for vpc in vpcs.values()}
    users = {each.route_table: each.vpc for each in subnets.values() if isinstance(each.route_table, str)}
    for resource in reader.of_type(_TABLE):
        id_, vpc = str(resource.id), reader.id(resource.get("VpcId"))
        owners[id_] = vpc if isinstance(vpc, str) else users.get(id_, "")
    for resource in reader.of_type("AWS::EC2::NatGateway"):
        if isinstance(vpc := reader.id(resource.get("VpcId")), str):
            owners[regional_table(str(resource.id))] = vpc
    routes: dict[str, list[Route]] = defaultdict(list)
    for said in (_static, _propagated, _learned, _of_gateway_endpoints):
        for resource, tables, route in said(reader, vpn_gateways):
            for table, doubt in _tables(reader, resource, tables, owners, vpcs):
                routes[table].append(replace(route, doubt=doubt))
    return {
        id_: RouteTable(id=id_, vpc=vpc, local=vpcs[vpc].blocks if vpc in vpcs else (), routes=tuple(routes[id_]))
        for id_, vpc in owners.items()
    }


_Said = Iterator[tuple[Resource, Value, Route]]
"""What says a route, the tables that it says it for, and the route."""


def _tables(
    reader: Reader, resource: Resource, named: Value, owners: Mapping[str, str], vpcs: Mapping[str, Vpc]
) -> Iterator[tuple[str, Unknown | None]]:
    """The tables that are named; for one that nobody knows, all that it may be, with a doubt."""
    known, unknown = reader.ids(named)
    yield from ((table, None) for table in known)
    for each in unknown:
        doubt = Unknown(f"{resource.id} may be for this table: {each.reason}")
        candidates = reader.candidates(each)
        yield from ((table, doubt) for table in candidates if table in owners)
        for table, vpc in owners.items() if not candidates else ():
            if table not in known and (vpc not in vpcs or _is_deployed_beside(resource, vpcs[vpc])):
                yield table, doubt


def _is_deployed_beside(resource: Resource, vpc: Vpc) -> bool:
    """Whether a VPC is, or may be, in the region and the account of a resource."""
    places = ((resource.deployment.region, vpc.region), (resource.deployment.account, vpc.account))
    return all(own == other or Unknown in (type(own), type(other)) for own, other in places)


def _static(reader: Reader, _: Mapping[str, VpnGateway]) -> _Said:
    for resource in reader.of_type(_ROUTE):
        kind, target = _target(reader, resource)
        destination = _destination(reader, resource)
        yield (
            resource,
            resource.get("RouteTableId"),
            Route(id=str(resource.id), destination=destination, kind=kind, target=target),
        )


def _destination(reader: Reader, resource: Resource) -> Block | str | Unknown:
    for name in ("DestinationCidrBlock", "DestinationIpv6CidrBlock"):
        if (cidr := resource.get(name)) is not None:
            return reader.block(resource, cidr)
    listed = reader.id(resource.get("DestinationPrefixListId"))
    return listed if listed is not None else Unknown(f"{resource.id} says no destination")


def _target(reader: Reader, resource: Resource) -> tuple[TargetKind, str | Unknown]:
    gateway = resource.get("GatewayId")
    if gateway is not None:
        return _gateway(reader, gateway)
    for name, kind in _TARGETS.items():
        if (value := resource.get(name)) is not None:
            if name == "VpcEndpointId":
                return kind, firewall_endpoint(reader, value)
            target = reader.id(value)
            return kind, target if target is not None else Unknown(f"{resource.id} says no target")
    return TargetKind.OTHER, Unknown(f"{resource.id} says no target")


def _gateway(reader: Reader, value: Value) -> tuple[TargetKind, str | Unknown]:
    if value == "local":
        return TargetKind.LOCAL, "local"
    named, id_ = reader.resource(value), reader.id(value)
    if named is not None:
        return _GATEWAYS.get(named.type, TargetKind.OTHER), str(named.id)
    if isinstance(id_, str):
        kinds = (kind for prefix, kind in _GATEWAYS.items() if id_.startswith(prefix))
        return next(kinds, TargetKind.OTHER), id_
    return TargetKind.OTHER, id_ if id_ is not None else Unknown("which gateway is meant is not known")


def firewall_endpoint(reader: Reader, value: Value) -> str | Unknown:
    """A VPC endpoint, or that of a Network Firewall in one of its subnets, as `Firewall@Subnet`."""
    found = reader.firewall_endpoint(value)
    if found is not None:
        return found
    id_ = reader.id(value)
    return id_ if id_ is not None else Unknown("which endpoint is meant is not known")


def _propagated(reader: Reader, vpn_gateways: Mapping[str, VpnGateway]) -> _Said:
    """RT-12: what a virtual private gateway adds to route tables."""
    for resource in reader.of_type("AWS::EC2::VPNGatewayRoutePropagation"):
        gateway = reader.id(resource.get("VpnGatewayId"))
        if gateway is None:
            continue
        vpn = vpn_gateways.get(gateway) if isinstance(gateway, str) else None
        destinations: list[Block | Unknown] = [] if vpn is None else [*vpn.prefixes, *vpn.unknown_prefixes]
        if vpn is None or vpn.has_bgp:
            text = f"what {gateway} learns over BGP is not in the templates"
            is_known = isinstance(gateway, str)  # else its connections may be static
            destinations.append(Unknown(text, symbol=f"bgp:{gateway}" if is_known else ""))
        for destination in destinations:
            yield (
                resource,
                resource.get("RouteTableIds"),
                Route(
                    id=str(resource.id),
                    destination=destination,
                    kind=TargetKind.VPN_GATEWAY,
                    target=gateway,
                    is_propagated=True,
                ),
            )


def _learned(reader: Reader, _: Mapping[str, VpnGateway]) -> _Said:
    """RT-12: what a route server adds."""
    for resource in reader.of_type("AWS::EC2::RouteServerPropagation"):
        unknown = Unknown("what a route server learns over BGP is not in the templates")
        yield (
            resource,
            resource.get("RouteTableId"),
            Route(id=str(resource.id), destination=unknown, kind=TargetKind.OTHER, target=unknown, is_propagated=True),
        )


def _of_gateway_endpoints(reader: Reader, _: Mapping[str, VpnGateway]) -> _Said:
    """EP-1: a gateway endpoint adds a route for the prefix list of its service, of IPv4 unless it says otherwise."""
    for resource in reader.of_type("AWS::EC2::VPCEndpoint"):
        if reader.text(resource, "VpcEndpointType", "Gateway") != "Gateway":
            continue
        versions = _VERSIONS.get(str(reader.text(resource, "IpAddressType", "ipv4")), (4, 6))
        yield (
            resource,
            resource.get("RouteTableIds"),
            Route(
                id=str(resource.id),
                destination=service_of(resource.get("ServiceName")),
                kind=TargetKind.VPC_ENDPOINT,
                target=str(resource.id),
                versions=versions,
            ),
        )


_VERSIONS = {"ipv4": (4,), "ipv6": (6,), "dualstack": (4, 6)}


def service_of(name: Value) -> str | Unknown:
    """The short name of an AWS service, such as `s3`, out of the name of its endpoint service."""
    if isinstance(name, Unknown):
        return name
    last = name.parts[-1] if isinstance(name, Text) else name
    if not isinstance(last, str) or (isinstance(name, Text) and "." not in last):
        return Unknown(f"which service {name} is, is known at the deployment only", symbol=str(name))
    return last.rpartition(".")[2] or Unknown("which service is meant is not known")


def read_edge_tables(reader: Reader) -> dict[str, str]:
    """RT-8: the route tables of gateways; `""` says why there may be one for any."""
    found = {}
    for resource in reader.of_type("AWS::EC2::GatewayRouteTableAssociation"):
        gateway, table = reader.id(resource.get("GatewayId")), reader.id(resource.get("RouteTableId"))
        if isinstance(gateway, Unknown):
            found[""] = f"{resource.id} may be for this gateway: {gateway.reason}"
        elif gateway is not None and table is not None:
            found[gateway] = str(table)
    return found
