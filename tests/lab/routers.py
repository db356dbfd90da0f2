"""VPCs as routers: route tables, network ACLs, and what crosses from one network to another.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.lab import marks
from tests.lab.facts import ALL, AclEntry, Facts, Route, Subnet
from tests.lab.wiring import GATEWAY_GROUP, PEERING_GROUP, Wiring

__all__ = ["matching", "router_filters", "router_routes"]

_DELIVERY, _FIRST_SUBNET_TABLE, _FIRST_RETURN_TABLE = 1, 100, 1_000

# The order in which the kernel asks: within the subnet, the subnet's table, the VPC's hosts, nobody.
_ANSWER, _WITHIN, _SUBNET, _VPC, _NOBODY = 5, 10, 20, 30, 1_000

# Metrics of routes to the same block: static ones come before those of prefix lists.
_STATIC, _LISTED, _LAST = 10, 20, 9_000


def router_routes(wiring: Wiring, vpc: str) -> Iterator[str]:
    """What `ip -batch` reads. The local route is a `throw`: on to the table of the VPC's hosts."""
    facts = wiring.facts
    yield from _cables(wiring, vpc)
    for port in wiring.ports_in(vpc):
        yield f"route add {port.address}/32 dev {wiring.host_cable(port.id)} table {_DELIVERY}"
    yield f"route add blackhole default table {_DELIVERY}"
    for subnet in facts.subnets.values():
        if subnet.vpc == vpc:
            yield from _subnet_table(wiring, subnet)
    for cable in [wiring.peering_cable(id_) for id_, sides in facts.peerings.items() if vpc in sides]:
        yield f"rule add pref {_VPC} iif {cable} lookup {_DELIVERY}"
    if vpc in facts.gateways.values():
        yield f"rule add pref {_VPC} iif gw lookup {_DELIVERY}"
    for number, (_, cable, _) in enumerate(_returns(wiring, vpc)):
        table = _FIRST_RETURN_TABLE + number
        yield f"rule add pref {_ANSWER} fwmark {table} lookup {table}"
        yield f"route add default dev {cable} table {table}"
    yield f"rule add pref {_NOBODY} blackhole"


def _cables(wiring: Wiring, vpc: str) -> Iterator[str]:
    groups = {wiring.host_cable(each.id): wiring.host_group(each.subnet) for each in wiring.ports_in(vpc)}
    for attachment in wiring.attachments_of(vpc):
        for subnet in attachment.subnets:
            groups[wiring.transit_cable(attachment.id, subnet)] = wiring.transit_group(subnet)
    for id_, sides in wiring.facts.peerings.items():
        if vpc in sides:
            groups[wiring.peering_cable(id_)] = PEERING_GROUP
    if vpc in wiring.facts.gateways.values():
        groups["gw"] = GATEWAY_GROUP
    for cable, group in groups.items():
        yield f"link set {cable} arp off group {group} up"


def _subnet_table(wiring: Wiring, subnet: Subnet) -> Iterator[str]:
    """The routes of a subnet, for what its hosts and its attachments send."""
    facts, table = wiring.facts, _FIRST_SUBNET_TABLE + wiring.number(subnet.id)
    senders = [wiring.host_cable(each.id) for each in facts.ports.values() if each.subnet == subnet.id]
    senders += [
        wiring.transit_cable(each.id, subnet.id) for each in facts.attachments.values() if subnet.id in each.subnets
    ]
    for sender in senders:
        yield f"rule add pref {_WITHIN} iif {sender} to {subnet.block} lookup {_DELIVERY}"
        yield f"rule add pref {_SUBNET} iif {sender} lookup {table}"
        yield f"rule add pref {_VPC} iif {sender} lookup {_DELIVERY}"
    for block in facts.vpcs[subnet.vpc]:
        yield f"route add throw {block} table {table}"
    # Two prefix lists with the same target may have the same block, which the kernel takes once.
    yield from dict.fromkeys(
        f"route add {_way(wiring, subnet, route)} table {table}"
        for route in (facts.routes[subnet.table] if subnet.table else ())
    )
    yield f"route add blackhole default metric {_LAST} table {table}"


def _way(wiring: Wiring, subnet: Subnet, route: Route) -> str:
    cable = _next_cable(wiring, subnet, route)
    metric = _LISTED if route.is_listed else _STATIC
    return f"{f'{route.block} dev {cable}' if cable else f'blackhole {route.block}'} metric {metric}"


def _next_cable(wiring: Wiring, subnet: Subnet, route: Route) -> str | None:
    """Where a route leads; nowhere, if its target is not in this VPC, or an attachment not in this zone."""
    facts = wiring.facts
    match route.kind:
        case "internet":
            return "gw" if facts.gateways.get(route.target) == subnet.vpc else None
        case "nat" | "host":
            port = facts.port(route.target)
            return wiring.host_cable(port.id) if facts.vpc_of(port) == subnet.vpc else None
        case "peering":
            return wiring.peering_cable(route.target) if subnet.vpc in facts.peerings[route.target] else None
        case _:
            return _attachment_cable(wiring, subnet, route.target)


def _attachment_cable(wiring: Wiring, subnet: Subnet, gateway: str) -> str | None:
    for attachment in wiring.attachments_of(subnet.vpc):
        if attachment.gateway == gateway:
            for each in attachment.subnets:
                if wiring.facts.subnets[each].zone == subnet.zone:
                    return wiring.transit_cable(attachment.id, each)
    return None


def _returns(wiring: Wiring, vpc: str) -> Iterator[tuple[int, str, str]]:
    """Over peering, answers to a NAT gateway find back by themselves: its number, the cable, and its address."""
    for id_, sides in wiring.facts.peerings.items():
        if vpc in sides:
            (other,) = (each for each in sides if each != vpc)
            for nat in wiring.ports_in(other):
                if nat.is_nat:
                    yield wiring.number(nat.id), wiring.peering_cable(id_), str(nat.address)


def router_filters(wiring: Wiring, vpc: str) -> Iterator[str]:
    """What `nft` reads: network ACLs without memory, and the edges that nothing crosses."""
    facts = wiring.facts
    subnets = [each for each in facts.subnets.values() if each.vpc == vpc]
    yield "table ip acls {"
    for acl in dict.fromkeys(each.acl for each in subnets if each.acl):
        for is_egress in (False, True):
            yield f"chain {_chain(wiring, acl, is_egress=is_egress)} {{"
            yield from (_entry(each) for each in facts.acls[acl] if each.is_egress == is_egress)
            yield "drop"
            yield "}"
    yield "chain forward {"
    yield "type filter hook forward priority 0; policy accept;"
    yield from _edges(wiring, subnets)
    yield from _judges(wiring, subnets)
    yield "}"
    yield "}"
    yield from _tags(wiring, vpc)


def _edges(wiring: Wiring, subnets: list[Subnet]) -> Iterator[str]:
    """What is within a subnet is not judged; gateways and peering take only what the VPC's own hosts send."""
    for subnet in subnets:
        hosts, transit = wiring.host_group(subnet.id), wiring.transit_group(subnet.id)
        yield f"meta iifgroup {hosts} meta oifgroup {hosts} accept"
        yield f"meta iifgroup {transit} meta oifgroup {hosts} accept"
        yield f"meta iifgroup {transit} meta oifgroup {{ {GATEWAY_GROUP}, {PEERING_GROUP} }} drop"


def _judges(wiring: Wiring, subnets: list[Subnet]) -> Iterator[str]:
    """Out of the subnet that something leaves, into the one that it enters, those of attachments as well."""
    for way, is_egress in (("iifgroup", True), ("oifgroup", False)):
        pairs = [
            f"{group} : jump {_chain(wiring, subnet.acl, is_egress=is_egress)}"
            for subnet in subnets
            if subnet.acl
            for group in (wiring.host_group(subnet.id), wiring.transit_group(subnet.id))
        ]
        if pairs:
            yield f"meta {way} vmap {{ {', '.join(pairs)} }}"


def _chain(wiring: Wiring, acl: str, *, is_egress: bool) -> str:
    return f"{'out' if is_egress else 'in'}{wiring.number(acl)}"


def _entry(entry: AclEntry) -> str:
    side = "daddr" if entry.is_egress else "saddr"
    verdict = "return" if entry.is_allow else "drop"
    return f"ip {side} {entry.block} {matching(entry.protocol, entry.ports)} {verdict}"


def matching(protocol: int, ports: tuple[int, int] | None) -> str:
    """The condition for a protocol and its ports, or the type of ICMP."""
    if protocol == ALL:
        return ""
    if ports is None or protocol not in (1, 6, 17):
        return f"ip protocol {protocol}"
    first, last = ports
    if protocol == 1:
        return f"icmp type {first}"
    return f"{'tcp' if protocol == 6 else 'udp'} dport {first}-{last}"


def _tags(wiring: Wiring, vpc: str) -> Iterator[str]:
    """Who sent something is known within the VPC and over peering; answers to NAT gateways remember the way."""
    facts: Facts = wiring.facts
    returns = list(_returns(wiring, vpc))
    yield "table ip tags {"
    if returns:
        yield "chain forget {"
        yield "type filter hook prerouting priority raw; policy accept;"
        for _, cable, address in returns:
            yield f'iifname "{cable}" ip saddr {address} accept'
            yield f"ip daddr {address} accept"
        yield "notrack"
        yield "}"
    yield "chain enter {"
    yield "type filter hook prerouting priority mangle; policy accept;"
    for number, (_, cable, address) in enumerate(returns):
        mark = _FIRST_RETURN_TABLE + number
        yield f'iifname "{cable}" ip saddr {address} ct mark set {mark}'
        yield f'iifname != "{cable}" ct direction reply ct mark {mark} meta mark set {mark}'
    groups = [wiring.host_group(each.id) for each in facts.subnets.values() if each.vpc == vpc]
    for group in groups:
        yield f"meta iifgroup {group} ip dscp != {marks.BY_REFERENCE} ip dscp set {marks.WITHIN}"
    for id_, sides in facts.peerings.items():
        if vpc in sides:
            yield f'iifname "{wiring.peering_cable(id_)}" ip dscp set {marks.over_peering(wiring, id_)}'
    yield "}"
    yield "}"
