"""Random NAT gateways, peering connections, Transit Gateways, and the routes that lead to them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

from tests.lab.draft import Draft, DraftSubnet, DraftVpc, attribute, ref

__all__ = ["add_nats", "add_peerings", "add_routes", "add_transit"]


def add_nats(draft: Draft, probability: float) -> None:
    """NAT gateways, mostly public ones."""
    for vpc in draft.vpcs:
        if draft.happens(probability):
            subnet = draft.pick(vpc.subnets)
            vpc.nat_subnets.append(subnet)
            # No other port has an address like this, whatever overlaps.
            address = str(subnet.block[200 + len(draft.vpcs) + draft.vpcs.index(vpc)])
            if draft.happens(0.8):
                eip = draft.add("Address", "EIP", Domain="vpc")
                kind: dict[str, Any] = {"AllocationId": attribute(eip, "AllocationId")}
            else:
                kind = {"ConnectivityType": "private"}
            vpc.nats.append(draft.add("Nat", "NatGateway", SubnetId=ref(subnet.id), PrivateIpAddress=address, **kind))


def add_peerings(draft: Draft, probability: float) -> None:
    """Peering connections, between VPCs that do not overlap."""
    for one, other in combinations(draft.vpcs, 2):
        if not one.overlaps(other) and draft.happens(probability):
            id_ = draft.add("Peering", "VPCPeeringConnection", VpcId=ref(one.id), PeerVpcId=ref(other.id))
            draft.peerings.append((id_, one, other))


# Transit Gateways


def add_transit(draft: Draft) -> None:
    """A Transit Gateway, with its default table or with tables of its own, or both."""
    settings: dict[str, str] = {}
    has_default = draft.happens(0.4)
    if not has_default:
        settings["DefaultRouteTableAssociation"] = "disable"
        if draft.happens(0.8):
            settings["DefaultRouteTablePropagation"] = "disable"
    keeps_groups = draft.happens(0.6)
    if keeps_groups or draft.happens(0.5):
        settings["SecurityGroupReferencingSupport"] = "enable" if keeps_groups else "disable"
    gateway = draft.add("Transit", "TransitGateway", **settings)
    attachments = {}
    draft.transits[gateway] = []
    for vpc in draft.vpcs:
        if draft.happens(0.92):
            attachments[_attach(draft, gateway, vpc)] = vpc
            draft.transits[gateway].append(vpc)
    if not has_default and attachments:
        _add_tables(draft, gateway, attachments)


def _attach(draft: Draft, gateway: str, vpc: DraftVpc) -> str:
    """In one subnet of a zone, mostly of all zones."""
    by_zone: dict[int, DraftSubnet] = {}
    for subnet in draft.chance.sample(vpc.subnets, len(vpc.subnets)):
        by_zone.setdefault(subnet.zone, subnet)
    homes = list(by_zone.values())[:2]
    if len(homes) > 1 and (draft.zones_to_choose == 0 or draft.happens(0.3)):
        homes.pop()
    draft.zones_to_choose -= len(homes) > 1
    support = "enable" if draft.happens(0.8) else "disable"
    return draft.add(
        "Attachment",
        draft.pick(["TransitGatewayAttachment", "TransitGatewayVpcAttachment"]),
        TransitGatewayId=ref(gateway),
        VpcId=ref(vpc.id),
        SubnetIds=[ref(each.id) for each in homes],
        Options={"SecurityGroupReferencingSupport": support},
    )


def _add_tables(draft: Draft, gateway: str, attachments: dict[str, DraftVpc]) -> None:
    count = draft.weigh({1: 2, 2: 2, 3: 1})
    tables = [
        draft.add("TransitTable", "TransitGatewayRouteTable", TransitGatewayId=ref(gateway)) for _ in range(count)
    ]
    for attachment in attachments:
        if draft.happens(0.92):
            _join(draft, "Association", attachment, draft.pick(tables))
    for table in tables:
        for attachment in attachments:
            if draft.happens(0.75):
                _join(draft, "Propagation", attachment, table)
        _add_static(draft, table, attachments)


def _join(draft: Draft, how: str, attachment: str, table: str) -> None:
    draft.add(
        how,
        f"TransitGatewayRouteTable{how}",
        TransitGatewayAttachmentId=ref(attachment),
        TransitGatewayRouteTableId=ref(table),
    )


def _add_static(draft: Draft, table: str, attachments: dict[str, DraftVpc]) -> None:
    """Static routes, also for what is propagated as well, and black holes."""
    blocks = [IPv4Network("0.0.0.0/0"), IPv4Network("10.0.0.0/8")]
    for vpc in draft.vpcs:
        blocks += [*vpc.blocks, *(each.block for each in vpc.subnets)]
    hubs = [id_ for id_, vpc in attachments.items() if vpc.nats or vpc.gateway] or list(attachments)
    chosen = draft.some(blocks, 3)
    if draft.happens(0.7):
        chosen.append(blocks[0])
    for block in dict.fromkeys(chosen):
        options = list(attachments) if block.prefixlen else hubs
        target: dict[str, Any] = {"TransitGatewayAttachmentId": ref(draft.pick(options))}
        if draft.happens(0.25) and block.prefixlen:
            target = {"Blackhole": draft.pick([True, "true"])}
        draft.add(
            "TransitRoute",
            "TransitGatewayRoute",
            TransitGatewayRouteTableId=ref(table),
            DestinationCidrBlock=str(block),
            **target,
        )


# Routes of VPCs


def add_routes(draft: Draft) -> None:
    """Route tables; some subnets keep to the main one, and NAT gateways are mostly where they find out."""
    for vpc in draft.vpcs:
        styles = _styles(draft, vpc)
        tables = [draft.add("Table", "RouteTable", VpcId=ref(vpc.id)) for _ in styles]
        for index, subnet in enumerate(vpc.subnets):
            if draft.happens(0.92):
                table = tables[index % len(tables)] if draft.happens(0.7) else draft.pick(tables)
                if subnet in vpc.nat_subnets and draft.happens(0.85):
                    table = tables[0]
                draft.add("TableOf", "SubnetRouteTableAssociation", SubnetId=ref(subnet.id), RouteTableId=ref(table))
        for table, style in zip(tables, styles, strict=True):
            _fill(draft, vpc, table, style)


def _styles(draft: Draft, vpc: DraftVpc) -> list[str]:
    """What the default route of each table leads to: the gateway first, where there is one."""
    styles = ["gateway"] if vpc.gateway else ["transit" if draft.transits else "none"]
    others = {"nat": 5.0 * bool(vpc.nats), "transit": 2.0 * bool(draft.transits), "any": 2.0, "none": 1.0}
    count = min(len(vpc.subnets), draft.weigh({1: 1, 2: 4, 3: 1}))
    return styles + [draft.weigh(others) for _ in range(count - 1)]


def _fill(draft: Draft, vpc: DraftVpc, table: str, style: str) -> None:
    """Routes to the other VPCs, to the internet, and a few odd ones, each destination once."""
    routes: dict[Any, dict[str, Any]] = {}
    outward = list(_outward(draft, vpc))
    for other in draft.vpcs:
        if other is not vpc and not vpc.overlaps(other):
            targets = list(_ways(draft, vpc, other, style))
            for block in other.blocks:
                if targets and draft.happens(0.8):
                    routes[block] = draft.pick(targets)
            odd = [*targets, *outward]
            if odd and draft.happens(0.3):
                routes[draft.pick(other.subnets).block] = draft.pick(odd)
    default = list(_default(draft, vpc, style))
    if default and draft.happens(0.9):
        routes[IPv4Network("0.0.0.0/0")] = draft.pick(default)
    if outward and draft.happens(0.1):
        routes[IPv4Network("8.8.8.0/24")] = draft.pick(outward)
    if outward and draft.happens(0.2):
        routes[IPv4Network("10.0.0.0/8")] = draft.pick(outward)
    _add_override(draft, vpc, routes)
    for block, target in routes.items():
        draft.add("Route", "Route", RouteTableId=ref(table), DestinationCidrBlock=str(block), **target)
    lists = [id_ for id_, blocks in draft.prefix_lists if not any(a.overlaps(b) for a in blocks for b in vpc.blocks)]
    if outward and lists and draft.happens(0.5):
        list_ = draft.pick(lists)
        draft.add("Route", "Route", RouteTableId=ref(table), DestinationPrefixListId=ref(list_), **draft.pick(outward))


def _default(draft: Draft, vpc: DraftVpc, style: str) -> Iterator[dict[str, Any]]:
    """What a table's default route may lead to."""
    if style == "gateway" and vpc.gateway:
        yield {"GatewayId": ref(vpc.gateway)}
    elif style == "nat":
        yield from ({"NatGatewayId": ref(each)} for each in vpc.nats)
    elif style == "transit":
        yield from ({"TransitGatewayId": ref(each)} for each, attached in draft.transits.items() if vpc in attached)
    elif style == "any":
        yield from _outward(draft, vpc)


def _ways(draft: Draft, vpc: DraftVpc, other: DraftVpc, style: str) -> Iterator[dict[str, Any]]:
    """What leads to another VPC; sometimes what does not."""
    for id_, *sides in draft.peerings:
        if vpc in sides and other in sides:
            yield from [{"VpcPeeringConnectionId": ref(id_)}] * 2
        elif vpc in sides and draft.happens(0.6):  # peering is not transitive
            yield {"VpcPeeringConnectionId": ref(id_)}
    for gateway, attached in draft.transits.items():
        if vpc in attached or draft.happens(0.3):
            yield from [{"TransitGatewayId": ref(gateway)}] * 2
    if style == "nat" and draft.happens(0.6):
        yield from ({"NatGatewayId": ref(each)} for each in [*vpc.nats] * 2)


def _outward(draft: Draft, vpc: DraftVpc) -> Iterator[dict[str, Any]]:
    """What leads out of a VPC."""
    if vpc.gateway is not None:
        yield from [{"GatewayId": ref(vpc.gateway)}] * 2
    yield from ({"NatGatewayId": ref(each)} for each in [*vpc.nats] * 2)
    for gateway, attached in draft.transits.items():
        if vpc in attached:
            yield {"TransitGatewayId": ref(gateway)}
    for id_, *sides in draft.peerings:
        if vpc in sides and draft.happens(0.3):
            yield {"VpcPeeringConnectionId": ref(id_)}
    if vpc.hosts and draft.happens(0.05):
        yield _to_host(draft, draft.pick(vpc.hosts))


def _add_override(draft: Draft, vpc: DraftVpc, routes: dict[Any, dict[str, Any]]) -> None:
    """A route that is more specific than the local one: for a whole subnet, to a NAT gateway or a host."""
    if draft.happens(0.1):
        targets: list[dict[str, Any]] = [{"NatGatewayId": ref(each)} for each in vpc.nats]
        targets += [_to_host(draft, each) for each in vpc.hosts[:1]]
        if targets:
            routes[draft.pick(vpc.subnets).block] = draft.pick(targets)


def _to_host(draft: Draft, host: str) -> dict[str, Any]:
    is_instance = draft.resources[host]["Type"] == "AWS::EC2::Instance"
    return {"InstanceId" if is_instance else "NetworkInterfaceId": ref(host)}
