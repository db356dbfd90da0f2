"""What a template leaves to AWS: each world is one way in which it may choose.

A Transit Gateway takes any subnet of an attachment for what comes from a zone in which that has none; the first of two
overlapping VPCs to be attached is the one that is propagated; a NAT gateway uses any port.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-az-overview
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, islice, permutations, product

from tests.lab.facts import Attachment, Facts

__all__ = ["World", "client_ports", "with_nat_ports", "worlds"]

_MOST_WORLDS = 12
_FIRST_CLIENT_PORT, _LAST_PORT = 1_024, 65_535


@dataclass(frozen=True, kw_only=True)
class World:
    """The subnets that attachments are entered in, the order of attachment, and the ports of NAT gateways if chosen."""

    entrances: Mapping[str, str]
    order: tuple[str, ...]
    nat_ports: tuple[int, int] | None = None


def worlds(facts: Facts) -> list[World]:
    """The worlds of a network, the NAT gateways left alone."""
    found = []
    open_ = [each for each in facts.attachments.values() if _is_open(facts, each)]
    for order in _orders(facts):
        for subnets in product(*(each.subnets for each in open_)):
            entrances = {each.id: each.subnets[0] for each in facts.attachments.values()}
            entrances.update(zip((each.id for each in open_), subnets, strict=True))
            found.append(World(entrances=entrances, order=order))
    if len(found) > _MOST_WORLDS:
        raise ValueError(f"the network leaves {len(found)} ways to choose, more than are tried")
    return found


def with_nat_ports(facts: Facts, found: list[World]) -> list[World]:
    """The same, with every range of ports that the network may treat in its own way at the NAT gateways."""
    if not facts.nats:
        return found
    return [replace(world, nat_ports=ports) for world in found for ports in client_ports(facts)]


def client_ports(facts: Facts) -> list[tuple[int, int]]:
    """The ranges of client ports between which the ACLs of a network tell: answers go to these."""
    starts = {_FIRST_CLIENT_PORT}
    for entries in facts.acls.values():
        for entry in entries:
            if entry.ports is not None and entry.protocol in (6, 17):
                starts |= {entry.ports[0], entry.ports[1] + 1}
    ordered = sorted(each for each in starts if _FIRST_CLIENT_PORT <= each <= _LAST_PORT)
    return [(low, high - 1) for low, high in zip(ordered, [*ordered[1:], _LAST_PORT + 1], strict=True)]


def _is_open(facts: Facts, attachment: Attachment) -> bool:
    """Whether something may come from a zone in which the attachment has no subnet."""
    own = {facts.subnets[each].zone for each in attachment.subnets}
    zones = {
        facts.subnets[subnet].zone
        for each in facts.attachments.values()
        if each.gateway == attachment.gateway
        for subnet in each.subnets
    }
    return len(attachment.subnets) > 1 and not zones <= own


def _orders(facts: Facts) -> Iterator[tuple[str, ...]]:
    """The orders of attachment that make a difference."""
    ids = list(facts.attachments)
    rivals = {
        each
        for pair in combinations(ids, 2)
        if any(
            one.overlaps(other)
            for one in facts.vpcs[facts.attachments[pair[0]].vpc]
            for other in facts.vpcs[facts.attachments[pair[1]].vpc]
        )
        for each in pair
    }
    settled = tuple(each for each in ids if each not in rivals)
    for order in islice(permutations([each for each in ids if each in rivals]), _MOST_WORLDS + 1):
        yield (*settled, *order)
