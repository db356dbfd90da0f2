"""Network Firewalls: which packets they let through.

FW-2: the stateless engine looks at each packet by itself; what it hands on, the stateful one judges by its connection:
what a rule passes, passes in both directions, and so do the answers to what no rule drops.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html
https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from constructs_lattice.model.block import EVERYTHING, Block, split
from constructs_lattice.model.firewalls import Firewall, FirewallAction, FirewallPolicy, FirewallRule
from constructs_lattice.model.ranges import Ranges, intersect, subtract, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.reachability.filters import NO_DOUBTS, Doubts, Passed
from constructs_lattice.reachability.flow import ALL_PORTS, TCP, UDP, Flow
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.words import protocol_in_words

__all__ = ["pass_firewall"]

_ALL = -1
_WITH_PORTS = (TCP, UDP)


@dataclass(frozen=True, slots=True)
class _Judged:
    """Packets, what a rule or a default does with them, and which rule that is."""

    flow: Flow
    action: FirewallAction
    doubts: Doubts = NO_DOUBTS
    by: str = ""


def pass_firewall(firewall: Firewall, flow: Flow, *, are_answers: bool) -> tuple[list[Passed], list[Reason]]:
    """What a firewall lets through, and why not more."""
    policy = firewall.policy
    if isinstance(policy, Unknown):
        return [Passed(flow, frozenset({Reason("FW-3", firewall.id, policy.reason)}), firewall.id)], []
    passed: list[Passed] = []
    dropped: list[Reason] = []
    for judged in _judge(policy, flow, firewall.id, are_answers=are_answers):
        if judged.action is FirewallAction.PASS:
            passed.append(Passed(judged.flow, judged.doubts, judged.by))
        else:
            packets = judged.flow.answered() if are_answers else judged.flow
            text = f"{judged.by} drops {'answers to ' if are_answers else ''}{protocol_in_words(packets)}"
            dropped.append(Reason("FW-2", firewall.id, text, "FIREWALL_RULES_RESTRICTION"))
    return passed, dropped


def _judge(policy: FirewallPolicy, flow: Flow, id: str, *, are_answers: bool) -> Iterator[_Judged]:
    for first in _tried(policy.stateless, policy.stateless_default, flow, "its stateless default"):
        if first.action is not FirewallAction.FORWARD:
            yield first
        elif not are_answers:
            yield from _stateful(policy, first, id)
        else:
            yield from _answers(policy, first, id)


def _stateful(policy: FirewallPolicy, first: _Judged, id: str) -> Iterator[_Judged]:
    default = policy.stateful_default
    doubt = frozenset({Reason("FW-3", id, default.reason)}) if isinstance(default, Unknown) else NO_DOUBTS
    action = FirewallAction.PASS if isinstance(default, Unknown) else default
    for judged in _tried(policy.stateful, action, first.flow, "its stateful default", doubt):
        yield _Judged(judged.flow, judged.action, first.doubts | judged.doubts, judged.by)


def _answers(policy: FirewallPolicy, first: _Judged, id: str) -> Iterator[_Judged]:
    """Answers at the stateful engine. Where it has not seen the packets that they answer, nobody knows."""
    for opening in _tried(policy.stateless, policy.stateless_default, first.flow.answered(), ""):
        answers = first.flow.meet(opening.flow.reply())
        if answers.is_empty:
            continue
        if opening.action is not FirewallAction.FORWARD:
            doubt = Reason("FW-4", id, "its stateful engine sees the answers only")
            yield _Judged(answers, FirewallAction.PASS, first.doubts | {doubt}, "")
            continue
        yield from _within_connections(policy, answers, first.doubts, id)


def _within_connections(policy: FirewallPolicy, answers: Flow, doubts: Doubts, id: str) -> Iterator[_Judged]:
    """Answers to what a rule passed, pass; others may still meet a rule that drops them, if it is not for a port."""
    for_answers = [each for each in policy.stateful if each.destination_ports == ALL_PORTS]
    for opening in _tried(policy.stateful, FirewallAction.FORWARD, answers.answered(), ""):
        part = answers.meet(opening.flow.reply())
        if part.is_empty:
            continue
        if opening.action is not FirewallAction.FORWARD:
            yield _Judged(part, FirewallAction.PASS, doubts | opening.doubts)
            continue
        for judged in _tried(for_answers, FirewallAction.PASS, part, ""):
            more = judged.doubts
            if judged.action is FirewallAction.DROP:
                more |= {Reason("FW-3", id, f"whether {judged.by} drops answers as well is not documented")}
            yield _Judged(judged.flow, FirewallAction.PASS, doubts | more)


def _tried(
    rules: Sequence[FirewallRule], default: FirewallAction, flow: Flow, name: str, doubt: Doubts = NO_DOUBTS
) -> Iterator[_Judged]:
    """Deal packets out to the rules, the first that matches first."""
    left: list[tuple[Flow, Doubts]] = [(flow, NO_DOUBTS)]
    for rule in rules:
        rest: list[tuple[Flow, Doubts]] = []
        for part, doubts in left:
            hit, missed = _match(rule, part)
            for found, more in hit:
                yield _Judged(found, rule.action, doubts | more, rule.id)
                if more:
                    rest.append((found, doubts | more))
            rest += [(each, doubts) for each in missed]
        left = rest
        if not left:
            return
    for part, doubts in left:
        yield _Judged(part, default, doubts | doubt, name)


def _match(rule: FirewallRule, flow: Flow) -> tuple[list[tuple[Flow, Doubts]], list[Flow]]:
    """The packets that a rule matches, or may match, and the others."""
    if _ALL not in rule.protocols and flow.protocol not in rule.protocols:
        return [], [flow]
    sport, dport = flow.sport, flow.dport
    if flow.protocol in _WITH_PORTS:
        sport, dport = intersect(sport, rule.source_ports), intersect(dport, rule.destination_ports)
    doubt = frozenset({Reason("FW-3", rule.id, rule.doubt.reason)}) if rule.doubt else NO_DOUBTS
    hit: list[tuple[Flow, Doubts]] = []
    for src, one in _parts(flow.version, flow.src, rule.sources, rule.id):
        for dst, other in _parts(flow.version, flow.dst, rule.destinations, rule.id):
            box = Flow(flow.version, flow.protocol, src, dst, sport, dport)
            if not box.is_empty:
                hit.append((box, doubt | one | other))
    missed = [flow]
    for box, _ in hit:
        missed = [rest for part in missed for rest in part.without(box)]
    return hit, missed


def _parts(version: int, addresses: Ranges, blocks: Iterable[Block], id: str) -> Iterator[tuple[Ranges, Doubts]]:
    """The addresses that are, and those that may be, in some blocks; without any, all."""
    blocks = list(blocks)
    if not blocks:
        yield addresses, NO_DOUBTS
        return
    ranges = union(each.ranges for each in blocks if each.version == version)
    if not ranges:
        return
    found = split(version, addresses, EVERYTHING[version] if not subtract(EVERYTHING[version], ranges) else ranges)
    if found.inside:
        yield found.inside, NO_DOUBTS
    if found.doubtful:
        text = "whether a rule is for these addresses is known at the deployment only"
        yield found.doubtful, frozenset({Reason("RES-6", id, text)})
