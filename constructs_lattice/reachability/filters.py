"""Network ACLs and security groups: which packets they let through.

NACL-1: entries are tried by their number, the first that matches decides, and nothing matches last: it is denied.
SG-1: rules only allow; all rules of all groups of an interface count.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from constructs_lattice.model.block import Block, split
from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import EMPTY, Ranges, intersect, subtract
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import AclEntry, GroupPeer, GroupRule, NetworkAcl, PrefixListPeer
from constructs_lattice.reachability.flow import ALL_PORTS, ICMP, ICMPV6, TCP, UDP, Flow
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.words import protocol_in_words

__all__ = ["NO_DOUBTS", "Doubts", "Passed", "Peer", "pass_acl", "pass_groups"]

Doubts = frozenset[Reason]

NO_DOUBTS: Doubts = frozenset()

_ALL = -1
_WITH_PORTS = (TCP, UDP)
_ICMPS = (ICMP, ICMPV6)


@dataclass(frozen=True, slots=True)
class Passed:
    """Packets that pass; with doubts, they may or may not."""

    flow: Flow
    doubts: Doubts = NO_DOUBTS
    by: str = ""


def pass_acl(acl: NetworkAcl, flow: Flow, *, is_egress: bool) -> tuple[list[Passed], list[Reason]]:
    """What a network ACL lets through in one direction, and which entries deny the rest."""
    direction = "outbound" if is_egress else "inbound"
    passed: list[Passed] = []
    denied: list[Reason] = []
    left: list[tuple[Flow, Doubts]] = [(flow, NO_DOUBTS)]
    entries = [entry for entry in acl.entries if isinstance(entry.is_egress, Unknown) or entry.is_egress == is_egress]
    disorder = _disorder(entries)
    for entry in sorted(entries, key=lambda each: each.number if isinstance(each.number, int) else 0):
        rest: list[tuple[Flow, Doubts]] = []
        for part, doubts in left:
            hit, maybe, missed = _match_entry(entry, part, is_egress=is_egress)
            for found, more in [(each, NO_DOUBTS) for each in hit] + maybe:
                doubt = doubts | more | disorder
                if entry.is_allow is True or isinstance(entry.is_allow, Unknown):
                    if isinstance(entry.is_allow, Unknown):
                        doubt |= {_unknown("NACL-1", entry.id, entry.is_allow)}
                    passed.append(Passed(found, doubt, entry.id))
                else:
                    text = f"{direction} rule {entry.number} denies {protocol_in_words(found)}"
                    denied.append(Reason("NACL-1", entry.id, text, "SUBNET_ACL_RESTRICTION"))
                    if disorder:  # an entry that allows may come first
                        rest.append((found, doubt))
            rest += [(each, doubts) for each in missed]
            rest += [(each, doubts | more) for each, more in maybe]
        left = rest
    if any(not part.is_empty for part, _ in left):
        text = f"no {direction} rule allows {protocol_in_words(left[0][0])}"
        denied.append(Reason("NACL-1", acl.id, text, "SUBNET_ACL_RESTRICTION"))
    return passed, denied


def _disorder(entries: Iterable[AclEntry]) -> Doubts:
    """Doubts about all that an ACL says, when the order of its entries is not known."""
    return frozenset(
        _unknown("NACL-1", entry.id, each)
        for entry in entries
        for each in (entry.number, entry.is_egress)
        if isinstance(each, Unknown)
    )


def _match_entry(
    entry: AclEntry, flow: Flow, *, is_egress: bool
) -> tuple[list[Flow], list[tuple[Flow, Doubts]], list[Flow]]:
    """The packets that an entry is for, those that it may be for, and the others."""
    if isinstance(entry.block, Block) and entry.block.version != flow.version:
        return [], [], [flow]
    doubts: set[Reason] = set()
    if isinstance(entry.protocol, Unknown):
        doubts.add(_unknown("NACL-1", entry.id, entry.protocol))
    elif entry.protocol not in (_ALL, flow.protocol):
        return [], [], [flow]
    ports = _ports(entry.protocol, entry.ports, flow)
    if isinstance(ports, Unknown):
        doubts.add(_unknown("NACL-1", entry.id, ports))
        ports = flow.dport
    at = flow.at(intersect(flow.dport, ports))
    elsewhere = flow.at(subtract(flow.dport, ports))
    missed = [elsewhere] if not elsewhere.is_empty else []
    if at.is_empty:
        return [], [], missed
    if isinstance(entry.block, Unknown):
        doubts.add(_unknown("NACL-1", entry.id, entry.block))
        return [], [(at, frozenset(doubts))], missed
    addresses = at.dst if is_egress else at.src
    parts = split(flow.version, addresses, entry.block.ranges)

    def of(ranges: Ranges) -> list[Flow]:
        return [] if ranges == EMPTY else [at.to(ranges) if is_egress else at.from_(ranges)]

    hit, maybe = of(parts.inside), [(each, frozenset(doubts)) for each in of(parts.doubtful)]
    if parts.doubtful:
        doubt = Reason("RES-6", entry.id, f"whether {entry.block} holds the address is known at the deployment only")
        maybe = [(each, more | {doubt}) for each, more in maybe]
    if doubts:
        maybe += [(each, frozenset(doubts)) for each in hit]
        hit = []
    return hit, maybe, missed + of(parts.outside)


def _ports(protocol: int | Unknown, ports: Ranges | Unknown, flow: Flow) -> Ranges | Unknown:
    """The ports that a rule is for. RES-9: with all protocols, or one without ports, ports are ignored."""
    if protocol == _ALL or isinstance(protocol, Unknown) or flow.protocol not in (*_WITH_PORTS, *_ICMPS):
        return ALL_PORTS
    return ports


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end, for rules that name a security group.

    SG-6: such a rule is for the private addresses of the group's members. `lost` says why nobody knows any more that
    the packets come from a member, `doubt` that perhaps somebody does. `namesakes` are the groups of others who have
    the same address.
    """

    groups: tuple[str, ...] = ()
    unknown_groups: tuple[Unknown, ...] = ()
    lost: Reason | None = None
    doubt: Reason | None = None
    namesakes: frozenset[str] = frozenset()


def pass_groups(
    network: Network,
    groups: Sequence[str],
    unknown_groups: Sequence[Unknown],
    flow: Flow,
    peer: Peer,
    *,
    is_egress: bool,
) -> tuple[list[Passed], list[Reason]]:
    """What the security groups of an interface let through in one direction, and why not more."""
    passed: list[Passed] = []
    notes: list[Reason] = []
    direction = "outbound" if is_egress else "inbound"
    for id_ in groups:
        group = network.security_groups.get(id_)
        if group is None:
            doubt = Reason("SG-12", id_, "the rules of this security group are not in the templates")
            passed.append(Passed(flow, frozenset({doubt}), id_))
            continue
        passed += [Passed(flow, frozenset({_unknown("SG-1", id_, each)}), id_) for each in group.doubts]
        for rule in group.egress if is_egress else group.ingress:
            found, note = _pass_rule(network, rule, flow, peer, is_egress=is_egress)
            passed += found
            notes += note
    for unknown in unknown_groups:
        passed.append(Passed(flow, frozenset({_unknown("SG-1", "security groups", unknown)})))
    passed = [each for each in passed if not each.flow.is_empty]
    if not passed or notes:
        names = ", ".join(groups) or "no security group"
        text = f"no {direction} rule allows {protocol_in_words(flow)}"
        notes.insert(0, Reason("SG-1", names, text, "ENI_SG_RULES_MISMATCH"))
    return passed, notes


def _pass_rule(
    network: Network, rule: GroupRule, flow: Flow, peer: Peer, *, is_egress: bool
) -> tuple[list[Passed], list[Reason]]:
    doubts: set[Reason] = set() if rule.doubt is None else {_unknown("SG-1", rule.id, rule.doubt)}
    if isinstance(rule.protocol, Unknown):
        doubts.add(_unknown("SG-1", rule.id, rule.protocol))
    elif rule.protocol not in (_ALL, flow.protocol):
        return [], []
    ports = _ports(rule.protocol, rule.ports, flow)
    if isinstance(ports, Unknown):
        doubts.add(_unknown("SG-1", rule.id, ports))
        ports = ALL_PORTS
    at = flow.at(intersect(flow.dport, ports))
    if at.is_empty:
        return [], []
    match rule.peer:
        case GroupPeer(group=group):
            return _pass_reference(rule, group, at, peer, frozenset(doubts))
        case Unknown():
            return [Passed(at, frozenset({*doubts, _unknown("SG-1", rule.id, rule.peer)}), rule.id)], []
        case PrefixListPeer(prefix_list=id_):
            return _pass_list(network, rule, id_, at, frozenset(doubts), is_egress=is_egress), []
        case Block():
            return _pass_block(rule, rule.peer, at, frozenset(doubts), is_egress=is_egress), []


def _pass_reference(
    rule: GroupRule, group: str, flow: Flow, peer: Peer, doubts: Doubts
) -> tuple[list[Passed], list[Reason]]:
    if group in peer.groups:
        if peer.lost is not None:
            return [], [peer.lost]
        return [Passed(flow, doubts | ({peer.doubt} if peer.doubt else NO_DOUBTS), rule.id)], []
    if peer.unknown_groups and peer.lost is None:
        more = {_unknown("SG-6", rule.id, each) for each in peer.unknown_groups}
        return [Passed(flow, doubts | more, rule.id)], []
    if group in peer.namesakes and peer.lost is None:
        text = f"a member of {group} in another VPC has the same address, and AWS does not say whom the rule is for"
        return [Passed(flow, doubts | {Reason("SG-6", rule.id, text)}, rule.id)], []
    return [], []


def _pass_list(
    network: Network, rule: GroupRule, id_: str, flow: Flow, doubts: Doubts, *, is_egress: bool
) -> list[Passed]:
    """SG-9: the entries of a prefix list, as far as they are known."""
    listed = network.prefix_lists.get(id_)
    if listed is None:
        doubt = Reason("SG-9", rule.id, f"the entries of prefix list {id_} are not in the templates")
        return [Passed(flow, doubts | {doubt}, rule.id)]
    passed = [each for entry in listed.entries for each in _pass_block(rule, entry, flow, doubts, is_egress=is_egress)]
    return passed + [Passed(flow, doubts | {_unknown("SG-9", rule.id, each)}, rule.id) for each in listed.doubts]


def _pass_block(rule: GroupRule, block: Block, flow: Flow, doubts: Doubts, *, is_egress: bool) -> list[Passed]:
    if block.version != flow.version:
        return []
    parts = split(flow.version, flow.dst if is_egress else flow.src, block.ranges)
    found = []
    for ranges, doubtful in ((parts.inside, False), (parts.doubtful, True)):
        if ranges != EMPTY:
            more = doubts
            if doubtful:
                text = f"whether {block} holds the address is known at the deployment only"
                more = doubts | {Reason("RES-6", rule.id, text)}
            found.append(Passed(flow.to(ranges) if is_egress else flow.from_(ranges), more, rule.id))
    return found


def _unknown(rule: str, resource: str, unknown: Unknown) -> Reason:
    return Reason(rule, resource, unknown.reason)
