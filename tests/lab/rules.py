"""Random network ACLs, security groups and prefix lists."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any, NamedTuple

from tests.lab.draft import Draft, DraftVpc, attribute, ref

__all__ = ["add_acls", "add_group_rules", "add_groups", "add_prefix_lists"]

_EVERYTHING = IPv4Network("0.0.0.0/0")
_WIDE = [IPv4Network("10.0.0.0/8"), IPv4Network("8.8.8.0/24"), IPv4Network("128.0.0.0/1")]
"""The internet's hosts, as a lab has them, are told apart by these."""

_PORTS = {(22, 22): 2, (443, 443): 3, (53, 53): 1, (0, 1_023): 2, (0, 65_535): 3, (8_000, 8_999): 1}
_CLIENT_PORTS = {(1_024, 65_535): 5, (32_768, 65_535): 2, (32_768, 60_999): 2, (49_152, 65_535): 1, (1_024, 32_767): 1}
_PROTOCOLS = {6: 5, 17: 2, 1: 1, -1: 3}


def add_prefix_lists(draft: Draft) -> None:
    """A list of blocks, for rules and routes."""
    if draft.happens(0.3):
        blocks = [_WIDE[1], *draft.some([block for vpc in draft.vpcs for block in vpc.blocks], 2)]
        entries = [{"Cidr": str(each)} for each in blocks]
        id_ = draft.add(
            "List", "PrefixList", PrefixListName="blocks", AddressFamily="IPv4", MaxEntries=5, Entries=entries
        )
        draft.prefix_lists.append((id_, blocks))


def _block(draft: Draft) -> IPv4Network:
    """What a rule is for: everything, or a part of what there is."""
    subnets = [subnet for vpc in draft.vpcs for subnet in vpc.subnets]
    options: dict[IPv4Network, float] = {_EVERYTHING: 5}
    options[draft.pick([*_WIDE, *(block for vpc in draft.vpcs for block in vpc.blocks)])] = 3
    options[draft.pick(subnets).block] = 2
    if draft.has_single_addresses and (taken := draft.pick(subnets).taken):
        options[IPv4Network(draft.pick(taken))] = 1
    return draft.weigh(options)


# Network ACLs


def add_acls(draft: Draft, probability: float) -> None:
    """Custom ACLs for some subnets, and a few entries in default ones."""
    for vpc in draft.vpcs:
        if draft.happens(0.06):
            acl = attribute(vpc.id, "DefaultNetworkAcl")
            for number in draft.chance.sample(range(2, 90), 2):
                _add_entry(draft, acl, number, draft.happens(0.5), is_allow=False)
        acls = [draft.add("Acl", "NetworkAcl", VpcId=ref(vpc.id)) for _ in range(draft.weigh({1: 2, 2: 1}))]
        used = []
        for subnet in vpc.subnets:
            if draft.happens(probability):
                used.append(draft.pick(acls))
                draft.add("AclOf", "SubnetNetworkAclAssociation", SubnetId=ref(subnet.id), NetworkAclId=ref(used[-1]))
        for acl_id in acls:
            if acl_id not in used:
                del draft.resources[acl_id]
            elif draft.happens(0.95):
                _fill(draft, acl_id)


def _fill(draft: Draft, acl: str) -> None:
    """Entries in both directions; the numbers are not in the order of the template."""
    for is_egress in (False, True):
        count = draft.weigh({0: 1, 1: 3, 2: 3, 3: 2})
        for number in draft.chance.sample(range(2, 300), count):
            _add_entry(draft, ref(acl), number, is_egress, is_allow=draft.happens(0.6))
        if draft.happens(0.75):
            match = _Match(draft.weigh({-1: 3, 6: 1}), _EVERYTHING, draft.weigh({(0, 65_535): 3, (1_024, 65_535): 1}))
            _write_entry(draft, ref(acl), draft.chance.randint(300, 400), is_egress, match, is_allow=True)


class _Match(NamedTuple):
    """What an entry is for."""

    protocol: int
    block: IPv4Network
    ports: tuple[int, int]


def _add_entry(draft: Draft, acl: Any, number: int, is_egress: bool, *, is_allow: bool) -> None:
    ports = draft.weigh(_CLIENT_PORTS if draft.happens(0.4) else _PORTS)
    match = _Match(draft.weigh(_PROTOCOLS), _block(draft), ports)
    _write_entry(draft, acl, number, is_egress, match, is_allow=is_allow)


def _write_entry(draft: Draft, acl: Any, number: int, is_egress: bool, match: _Match, *, is_allow: bool) -> None:
    said: dict[str, Any] = {"Egress": is_egress} if is_egress or draft.happens(0.7) else {}
    if match.protocol == 1:
        said["Icmp"] = {"Type": draft.pick([-1, 0, 8]), "Code": -1}
    elif match.protocol != -1 or draft.happens(0.3):  # with all protocols, ports do not count
        said["PortRange"] = {"From": match.ports[0], "To": match.ports[1]}
    draft.add(
        "Entry",
        "NetworkAclEntry",
        NetworkAclId=acl,
        RuleNumber=number,
        Protocol=draft.pick([match.protocol, str(match.protocol)]),
        RuleAction="allow" if is_allow else "deny",
        CidrBlock=str(match.block),
        **said,
    )


# Security groups


def add_groups(draft: Draft) -> None:
    """Security groups, without rules at first: these may refer to all of them."""
    for vpc in draft.vpcs:
        for _ in range(draft.weigh({1: 2, 2: 3, 3: 1})):
            vpc.groups.append(draft.add("Group", "SecurityGroup", GroupDescription="random", VpcId=ref(vpc.id)))


def add_group_rules(draft: Draft) -> None:
    """Rules in the groups, and rules that stand by themselves, also of default groups."""
    for vpc in draft.vpcs:
        for group in vpc.groups:
            _add_rules(draft, vpc, group)
        if draft.happens(0.3):
            _add_alone(draft, vpc, vpc.id, "Ingress")
        if draft.happens(0.05):
            _add_alone(draft, vpc, vpc.id, "Egress")


def _add_rules(draft: Draft, vpc: DraftVpc, group: str) -> None:
    if draft.happens(0.85):
        rules = [_rule(draft, "Source", {}) for _ in range(draft.weigh({1: 3, 2: 3, 3: 1}))]
        if draft.happens(0.5):
            rules.append({"IpProtocol": draft.pick(["-1", "tcp"]), "FromPort": 0, "ToPort": 65_535} | _anybody(draft))
        draft.change(group, SecurityGroupIngress=rules)
    for _ in range(draft.weigh({0: 3, 1: 3, 2: 1})):
        _add_alone(draft, vpc, group, "Ingress")
    if draft.happens(0.2):
        rules = [_rule(draft, "Destination", {}) for _ in range(draft.weigh({1: 3, 2: 3}))]
        draft.change(group, SecurityGroupEgress=rules)
    if draft.happens(0.2):
        for _ in range(draft.weigh({1: 2, 2: 1})):
            _add_alone(draft, vpc, group, "Egress")


def _anybody(draft: Draft) -> dict[str, str]:
    return {"CidrIp": draft.weigh({"0.0.0.0/0": 3, "10.0.0.0/8": 1})}


def _add_alone(draft: Draft, vpc: DraftVpc, group: str, way: str) -> None:
    side = {"Ingress": "Source", "Egress": "Destination"}[way]
    peers = {f"{side}SecurityGroupId": draft.group(draft.pick(list(_peers(draft, vpc))))} if draft.happens(0.7) else {}
    draft.add(way, f"SecurityGroup{way}", GroupId=draft.group(group), **_rule(draft, side, peers))


def _peers(draft: Draft, vpc: DraftVpc) -> Iterator[str]:
    """The groups that a rule may refer to: those of the VPC, and those of VPCs that it is linked to."""
    yield from [*vpc.groups, *vpc.groups, vpc.id]
    for _, *sides in draft.peerings:
        if vpc in sides:
            yield from (each for other in sides if other is not vpc for each in other.groups * 2)
    for attached in draft.transits.values():
        if vpc in attached:
            yield from (each for other in attached if other is not vpc for each in other.groups * 2)


def _rule(draft: Draft, side: str, peer: dict[str, Any]) -> dict[str, Any]:
    protocol = draft.weigh(_PROTOCOLS)
    first, last = draft.weigh(_PORTS)
    ports = {"FromPort": first, "ToPort": last}
    if protocol == 1:
        first, last = draft.pick([(-1, -1), (8, -1), (8, 0)])
        ports = {"FromPort": first, "ToPort": last}
    elif protocol == -1 and draft.happens(0.6):
        ports = {}
    if not peer and draft.prefix_lists and draft.happens(0.2):
        peer = {f"{side}PrefixListId": ref(draft.prefix_lists[0][0])}
    name = {6: "tcp", 17: "udp", 1: "icmp", -1: "-1"}[protocol]
    return {
        "IpProtocol": name if draft.happens(0.7) else str(protocol),
        **ports,
        **(peer or {"CidrIp": str(_block(draft))}),
    }
