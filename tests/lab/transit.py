"""Transit Gateways: a table for each attachment, and the zones that packets stay in.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from tests.lab import marks
from tests.lab.facts import Attachment, Facts
from tests.lab.wiring import Wiring
from tests.lab.worlds import World

__all__ = ["transit_filters", "transit_routes", "transit_rules"]

_FIRST_TABLE, _FIRST_GROUP = 100, 10
_TABLE, _NOBODY = 20, 1_000


def transit_rules(wiring: Wiring, gateway: str) -> Iterator[str]:
    """What `ip -batch` reads, in every world: each cable asks a table of its own."""
    for attachment, subnet, table in _entrances(wiring.facts, gateway):
        cable = wiring.transit_cable(attachment.id, subnet)
        group = _FIRST_GROUP + wiring.number(attachment.id)
        yield f"link set {cable} arp off group {group} up"
        yield f"rule add pref {_TABLE} iif {cable} lookup {table}"
        yield f"route add blackhole default metric 9000 table {table}"
    yield f"rule add pref {_NOBODY} blackhole"


def transit_routes(wiring: Wiring, gateway: str, world: World, before: World | None) -> Iterator[str]:
    """The routes of a world, and what goes of those of the world before."""
    old = set(_routes(wiring, gateway, before)) if before else set()
    new = dict.fromkeys(_routes(wiring, gateway, world))
    yield from (f"route del {each}" for each in sorted(old - set(new)))
    yield from (f"route add {each}" for each in new if each not in old)


def _entrances(facts: Facts, gateway: str) -> Iterator[tuple[Attachment, str, int]]:
    """The cables into a gateway, each with the number of its table."""
    cables = [
        (attachment, subnet)
        for attachment in facts.attachments.values()
        if attachment.gateway == gateway
        for subnet in attachment.subnets
    ]
    for number, (attachment, subnet) in enumerate(cables):
        yield attachment, subnet, _FIRST_TABLE + number


def _routes(wiring: Wiring, gateway: str, world: World) -> Iterator[str]:
    """The routes of the table that each attachment is associated with, as they look from the zone of each cable."""
    facts = wiring.facts
    for attachment, subnet, table in _entrances(facts, gateway):
        if attachment.table is None:
            continue
        zone = facts.subnets[subnet].zone
        for block, target in _table(facts, attachment.table, world).items():
            if target is None:
                yield f"blackhole {block} table {table}"
            else:
                into = _entered_in(facts, facts.attachments[target], zone, world)
                yield f"{block} dev {wiring.transit_cable(target, into)} table {table}"


def _table(facts: Facts, table: str, world: World) -> dict[IPv4Network, str | None]:
    """Static routes first; of overlapping VPCs, the one that was attached first is propagated."""
    routes: dict[IPv4Network, str | None] = {}
    propagated: list[IPv4Network] = []
    for id_ in sorted(facts.propagating.get(table, ()), key=world.order.index):
        blocks = facts.vpcs[facts.attachments[id_].vpc]
        if not any(one.overlaps(other) for one in blocks for other in propagated):
            propagated += blocks
            routes.update(dict.fromkeys(blocks, id_))
    routes.update({each.block: each.attachment for each in facts.transit_routes.get(table, ())})
    return routes


def _entered_in(facts: Facts, attachment: Attachment, zone: str, world: World) -> str:
    """The subnet in the zone of the packets, else the one that this world takes."""
    same = [each for each in attachment.subnets if facts.subnets[each].zone == zone]
    return same[0] if same else world.entrances[attachment.id]


def transit_filters(wiring: Wiring, gateway: str) -> Iterator[str]:
    """What `nft` reads: whether hosts behind this gateway know who sent something.

    Only inbound rules refer to groups across it, and only if it and both attachments support that.
    """
    attachments = [each for each in wiring.facts.attachments.values() if each.gateway == gateway]
    yield "table ip tags {"
    yield "chain forward {"
    yield "type filter hook forward priority 0; policy accept;"
    yield f"ip dscp {marks.BY_REFERENCE} drop"
    for each in attachments:
        if not each.keeps_groups:
            group = _FIRST_GROUP + wiring.number(each.id)
            yield f"meta iifgroup {group} ip dscp set {marks.UNKNOWN} accept"
            yield f"meta oifgroup {group} ip dscp set {marks.UNKNOWN} accept"
    for each in attachments:
        group, mark = _FIRST_GROUP + wiring.number(each.id), marks.over_transit(wiring, each.vpc)
        yield f"meta iifgroup {group} ip dscp {marks.WITHIN} ip dscp set {mark} accept"
    yield "}"
    yield "}"
