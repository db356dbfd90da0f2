"""Hosts with their security groups, NAT gateways, internet gateways, and the internet.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.lab import marks
from tests.lab.facts import GroupRule, Port
from tests.lab.routers import matching
from tests.lab.wiring import INTERNET_HOSTS, Wiring

__all__ = [
    "gateway_filters",
    "gateway_routes",
    "host_filters",
    "host_routes",
    "internet_routes",
    "nat_filters",
]

_OUT, _IN = 10, 11


def host_routes(port: Port) -> Iterator[str]:
    """What `ip -batch` reads: everything goes to the router."""
    yield "link set lo up"
    yield "link set e0 arp off up"
    yield f"address add {port.address}/32 dev e0"
    yield "route add default dev e0"


def host_filters(wiring: Wiring, port: Port) -> Iterator[str]:
    """What `nft` reads: the rules of all groups of a host, which remember connections."""
    facts = wiring.facts
    yield "table ip groups {"
    for hook, rules in (("output", facts.egress), ("input", facts.ingress)):
        yield f"chain {hook} {{"
        yield f"type filter hook {hook} priority 0; policy drop;"
        yield "ct state established accept"
        own = [rule for group in port.groups for rule in rules[group]]
        for rule in own:
            yield from (_for_block(rule, str(each), hook) for each in rule.blocks)
        for rule in own:
            if rule.group is not None:
                yield from _for_members(wiring, port, rule, hook)
        yield "}"
    yield "}"


def _for_block(rule: GroupRule, block: str, hook: str) -> str:
    side = "daddr" if hook == "output" else "saddr"
    return f"ip {side} {block} {matching(rule.protocol, rule.ports)} accept"


def _for_members(wiring: Wiring, port: Port, rule: GroupRule, hook: str) -> Iterator[str]:
    """A rule for a group is for its members' private addresses: in this VPC, or in one that is known from here."""
    facts = wiring.facts
    own = facts.vpc_of(port)
    assert rule.group is not None
    theirs = facts.group_vpcs[rule.group]
    members = [str(each.address) for each in facts.ports.values() if rule.group in each.groups]
    if not members:
        return
    addresses = f"{{ {', '.join(dict.fromkeys(members))} }}"
    condition = matching(rule.protocol, rule.ports)
    links = [id_ for id_, sides in facts.peerings.items() if own != theirs and {own, theirs} == set(sides)]
    if hook == "output":
        if own == theirs:
            yield f"ip daddr {addresses} {condition} accept"
        elif links:
            yield f"ip daddr {addresses} {condition} ip dscp set {marks.BY_REFERENCE} accept"
        return
    ways = [marks.over_peering(wiring, each) for each in links]
    ways += [marks.WITHIN] if own == theirs else [marks.over_transit(wiring, theirs)]
    for mark in ways:
        yield f"ip dscp {mark} ip saddr {addresses} {condition} accept"


def nat_filters(port: Port, ports: tuple[int, int] | None) -> Iterator[str]:
    """A NAT gateway sends everything on in its own name, and takes nothing that it did not ask for."""
    yield "table ip nat {"
    yield "chain post {"
    yield "type nat hook postrouting priority srcnat; policy accept;"
    if ports is not None:
        yield f"meta l4proto {{ tcp, udp }} snat to {port.address}:{ports[0]}-{ports[1]}"
    yield f"snat to {port.address}"
    yield "}"
    yield "chain forward {"
    yield "type filter hook forward priority 0; policy accept;"
    yield "ct state invalid drop"
    yield "}"
    yield "}"


def gateway_routes() -> Iterator[str]:
    """An internet gateway has two sides."""
    yield from (f"link set {cable} arp off up" for cable in ("inside", "outside"))
    for cable, table, other in (("inside", _OUT, "outside"), ("outside", _IN, "inside")):
        yield f"rule add pref 20 iif {cable} lookup {table}"
        yield f"route add default dev {other} table {table}"
    yield "rule add pref 1000 blackhole"


def gateway_filters(wiring: Wiring, vpc: str) -> Iterator[str]:
    """It gives public addresses for private ones, one to one and without memory; who has none does not pass."""
    public = {str(each.address): str(wiring.public_address(each)) for each in wiring.ports_in(vpc) if each.is_public}
    yield "table ip nat {"
    yield "chain forward {"
    yield "type filter hook forward priority 0; policy drop;"
    if public:
        inward = ", ".join(f"{theirs} : {own}" for own, theirs in public.items())
        outward = ", ".join(f"{own} : {theirs}" for own, theirs in public.items())
        yield "ip daddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 } drop"
        yield f'iifname "inside" ip saddr {{ {", ".join(public)} }} ip saddr set ip saddr map {{ {outward} }} accept'
        yield (
            f'iifname "outside" ip daddr {{ {", ".join(public.values())} }} '
            f"ip daddr set ip daddr map {{ {inward} }} accept"
        )
    yield "}"
    yield "}"


def internet_routes(wiring: Wiring) -> Iterator[str]:
    """Some hosts, who know where the public addresses are."""
    facts = wiring.facts
    yield "link set lo up"
    yield from (f"address add {each}/32 dev lo" for each in INTERNET_HOSTS)
    for number, vpc in enumerate(facts.gateways.values()):
        yield f"link set gw{number} arp off up"
        for port in wiring.ports_in(vpc):
            if port.is_public:
                yield f"route add {wiring.public_address(port)}/32 dev gw{number} table main"
    yield "route add blackhole default"
