"""Reading Network Firewalls: where they are, and the rules of their policies.

FW-3: rules of protocols, addresses and ports are exact. What rules look at besides, what is in Suricata's own language,
and what AWS manages, is a rule that may match anything.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from constructs_lattice.model.block import Block
from constructs_lattice.model.firewalls import Firewall, FirewallAction, FirewallPolicy, FirewallRule
from constructs_lattice.model.ranges import Ranges, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.reader import Reader, items, mappings, unknown_items, within
from constructs_lattice.templates.values import Value

__all__ = ["read_firewalls"]

_FIREWALL, _ASSOCIATION = "AWS::NetworkFirewall::Firewall", "AWS::NetworkFirewall::VpcEndpointAssociation"

_ACTIONS = {
    "aws:pass": FirewallAction.PASS,
    "aws:drop": FirewallAction.DROP,
    "aws:forward_to_sfe": FirewallAction.FORWARD,
    "PASS": FirewallAction.PASS,
    "DROP": FirewallAction.DROP,
    "REJECT": FirewallAction.DROP,
}

# The protocols of stateful rules, and the options of a rule that select nothing.
_PROTOCOLS = {"IP": (-1,), "TCP": (6,), "UDP": (17,), "ICMP": (1, 58)}
_INERT = {"sid", "msg", "rev", "gid", "classtype", "reference", "metadata", "priority"}
_ANY = "ANY"
_LAST_PORT = 65_535
_ALL_PORTS: Ranges = ((0, _LAST_PORT),)


def read_firewalls(reader: Reader) -> dict[str, Firewall]:
    """Network Firewalls, and their endpoints in other VPCs."""
    found = {}
    for resource in reader.of_type(_FIREWALL):
        subnets, _ = reader.ids([each.get("SubnetId") for each in mappings(resource.get("SubnetMappings"))])
        found[str(resource.id)] = Firewall(
            id=str(resource.id),
            vpc=str(reader.id(resource.get("VpcId"))),
            subnets=subnets,
            transit_gateway=str(reader.id(resource.get("TransitGatewayId")) or ""),
            policy=_policy(reader, resource),
        )
    for resource in reader.of_type(_ASSOCIATION):
        firewall = reader.resource(resource.get("FirewallArn"))
        subnet = reader.id(within(resource.get("SubnetMapping"), "SubnetId"))
        found[str(resource.id)] = Firewall(
            id=str(resource.id),
            vpc=str(reader.id(resource.get("VpcId"))),
            subnets=(subnet,) if isinstance(subnet, str) else (),
            policy=_policy(reader, firewall) if firewall else Unknown("the firewall is not in the templates"),
        )
    return found


def _policy(reader: Reader, firewall: Resource) -> FirewallPolicy | Unknown:
    for name in ("NoSourcePreservation", "ProxySettings", "NatGatewayMappings"):
        if firewall.get(name) not in (None, False, "false"):
            return Unknown(f"a firewall with {name} is not modelled")
    named = reader.resource(firewall.get("FirewallPolicyArn"))
    said = None if named is None else named.get("FirewallPolicy")
    if not isinstance(said, dict):
        return Unknown(f"the policy of {firewall.id} is not in the templates")
    default = _action(said.get("StatelessDefaultActions"))
    stateless = _stateless(reader, said, firewall.where)
    if isinstance(default, Unknown):
        return default
    if isinstance(stateless, Unknown):
        return stateless
    order = within(said, "StatefulEngineOptions", "RuleOrder")
    if order not in (None, "STRICT_ORDER", "DEFAULT_ACTION_ORDER"):
        return Unknown(f"in which order {firewall.id} tries its rules is not known")
    is_strict = order == "STRICT_ORDER"
    groups = list(_stateful_groups(reader, said, firewall.where, is_strict=is_strict))
    return FirewallPolicy(
        stateless=stateless,
        stateless_default=default,
        stateful=tuple(_in_order(groups, is_strict=is_strict)),
        stateful_default=_stateful_default(said) if is_strict else FirewallAction.PASS,
    )


def _action(actions: Value) -> FirewallAction | Unknown:
    """The one of some actions that decides; custom ones besides only count packets."""
    if isinstance(actions, Unknown):
        return actions
    said = [str(each) for each in items(actions)]
    return next((_ACTIONS[each] for each in said if each in _ACTIONS), Unknown("what the firewall does is not known"))


# The stateless engine: groups by their priority in the policy, rules by theirs in the group.


def _stateless(reader: Reader, policy: dict[str, Value], where: str) -> tuple[FirewallRule, ...] | Unknown:
    references = policy.get("StatelessRuleGroupReferences")
    for unknown in unknown_items(references):
        return unknown
    found: list[tuple[int, int, FirewallRule]] = []
    for reference in mappings(references):
        group = reader.resource(reference.get("ResourceArn"))
        rank = reader.integer(where, reference.get("Priority"), 0)
        if group is None or isinstance(rank, Unknown):
            return Unknown(f"stateless rule group {reference.get('ResourceArn')} is not in the templates")
        rules = within(group.get("RuleGroup"), "RulesSource", "StatelessRulesAndCustomActions", "StatelessRules")
        for unknown in unknown_items(rules):
            return unknown
        for rule in mappings(rules):
            number, made = reader.integer(group.where, rule.get("Priority"), 0), _stateless_rule(reader, group, rule)
            if isinstance(made, Unknown) or isinstance(number, Unknown):
                return made if isinstance(made, Unknown) else Unknown(f"the order of {group.id} is not known")
            found.append((rank, number, made))
    return tuple(rule for _, _, rule in sorted(found, key=lambda each: each[:2]))


def _stateless_rule(reader: Reader, group: Resource, rule: dict[str, Value]) -> FirewallRule | Unknown:
    definition = rule.get("RuleDefinition")
    action = _action(within(definition, "Actions"))
    match = within(definition, "MatchAttributes")
    if isinstance(action, Unknown) or not isinstance(match, dict):
        return action if isinstance(action, Unknown) else Unknown(f"a rule of {group.id} is not known")
    addresses = {}
    for name in ("Sources", "Destinations"):
        said = [reader.block(group, each.get("AddressDefinition")) for each in mappings(match.get(name))]
        blocks = [each for each in said if isinstance(each, Block)]
        if len(blocks) < len(said) or list(unknown_items(match.get(name))):
            return Unknown(f"the addresses of a rule of {group.id} are not known")
        addresses[name] = tuple(blocks)
    protocols = [reader.protocol(group.where, each) for each in items(match.get("Protocols"))]
    numbers = [each for each in protocols if isinstance(each, int)]
    sources = _port_ranges(reader, group, match.get("SourcePorts"))
    destinations = _port_ranges(reader, group, match.get("DestinationPorts"))
    if len(numbers) < len(protocols) or isinstance(sources, Unknown) or isinstance(destinations, Unknown):
        return Unknown(f"the protocols or ports of a rule of {group.id} are not known")
    flags = Unknown(f"a rule of {group.id} looks at the flags of TCP") if match.get("TCPFlags") else None
    return FirewallRule(
        id=str(group.id),
        action=action,
        protocols=tuple(numbers) or (-1,),
        sources=addresses["Sources"],
        destinations=addresses["Destinations"],
        source_ports=sources,
        destination_ports=destinations,
        doubt=flags,
    )


def _port_ranges(reader: Reader, group: Resource, value: Value) -> Ranges | Unknown:
    """The ports of a stateless rule; all, if it says none."""
    for unknown in unknown_items(value):
        return unknown
    found: list[Ranges] = []
    for each in mappings(value):
        low, high = (reader.integer(group.where, each.get(name), 0) for name in ("FromPort", "ToPort"))
        if isinstance(low, Unknown):
            return low
        if isinstance(high, Unknown):
            return high
        found.append(((low, high),) if low <= high else ())
    return union(found) if found else _ALL_PORTS


# The stateful engine: in the order of the policy, or first what passes, then what drops.


def _stateful_groups(
    reader: Reader, policy: dict[str, Value], where: str, *, is_strict: bool
) -> Iterator[tuple[int, list[FirewallRule]]]:
    """The rules of each group, and its place."""
    references = policy.get("StatefulRuleGroupReferences")
    for unknown in unknown_items(references):
        yield 0, _may_match("firewall", unknown)
    for reference in mappings(references):
        rank = reader.integer(where, reference.get("Priority"), 0) if "Priority" in reference else None
        group = reader.resource(reference.get("ResourceArn"))
        text = f"the rules of {reference.get('ResourceArn')} are not in the templates"
        rules = _may_match("firewall", Unknown(text)) if group is None else list(_stateful_rules(group))
        override = within(reference, "Override", "Action")
        if override == "DROP_TO_ALERT":
            rules = [each for each in rules if each.action is not FirewallAction.DROP]
        elif override is not None:
            rules = _may_match("firewall", Unknown("what becomes of the actions of a rule group is not known"))
        if is_strict and not isinstance(rank, int):
            rules = _may_match("firewall", Unknown("the order of the rule groups is not known"))
        yield rank if isinstance(rank, int) else 0, rules


def _in_order(groups: list[tuple[int, list[FirewallRule]]], *, is_strict: bool) -> Iterator[FirewallRule]:
    rules = [rule for _, group in sorted(groups, key=lambda each: each[0]) for rule in group]
    if is_strict:
        yield from rules
        return
    if all(each.action is FirewallAction.PASS for each in rules):
        return
    for action in (FirewallAction.PASS, FirewallAction.DROP):
        yield from sorted((each for each in rules if each.action is action), key=lambda each: each.doubt is not None)


def _stateful_default(policy: dict[str, Value]) -> FirewallAction | Unknown:
    """What becomes of what no rule matches, in strict order; otherwise it passes."""
    said = list(items(policy.get("StatefulDefaultActions")))
    defaults = [str(each) for each in said]
    if "aws:drop_strict" in defaults:
        return FirewallAction.DROP
    if (unknown := next((each for each in said if not isinstance(each, str)), None)) is not None:
        return unknown if isinstance(unknown, Unknown) else Unknown("what it does by default is not known")
    if any("drop" in each for each in defaults):
        return Unknown("which packets the firewall drops depends on what they carry")
    return FirewallAction.PASS


def _may_match(id: str, unknown: Unknown) -> list[FirewallRule]:
    """Rules that may pass or drop anything."""
    return [FirewallRule(id=id, action=each, doubt=unknown) for each in (FirewallAction.PASS, FirewallAction.DROP)]


def _stateful_rules(group: Resource) -> Iterator[FirewallRule]:
    source = within(group.get("RuleGroup"), "RulesSource")
    rules = within(source, "StatefulRules")
    if isinstance(source, Unknown) or not isinstance(rules, list):
        text = f"what the rules of {group.id} match depends on what packets carry"
        yield from _may_match(str(group.id), source if isinstance(source, Unknown) else Unknown(text))
        return
    for rule in rules:
        header = rule.get("Header") if isinstance(rule, dict) else None
        if not isinstance(rule, dict) or not isinstance(header, dict) or not isinstance(rule.get("Action"), str):
            yield from _may_match(str(group.id), Unknown(f"a rule of {group.id} is not known"))
            continue
        if rule.get("Action") == "ALERT":
            continue
        made = _stateful_rule(group, rule, header)
        yield made
        if header.get("Direction") != "FORWARD":
            yield replace(
                made,
                sources=made.destinations,
                destinations=made.sources,
                source_ports=made.destination_ports,
                destination_ports=made.source_ports,
            )


def _stateful_rule(group: Resource, rule: dict[str, Value], header: dict[str, Value]) -> FirewallRule:
    """A rule; with a doubt if it looks at more than its header, or its header at more than addresses."""
    options = rule.get("RuleOptions")
    names = {str(each.get("Keyword")).partition(":")[0].strip() for each in mappings(options)}
    protocol = str(header.get("Protocol"))
    is_clear = names <= _INERT and protocol in _PROTOCOLS and not any(True for _ in unknown_items(options))
    is_clear = is_clear and rule.get("Action") in _ACTIONS and header.get("Direction") in ("FORWARD", _ANY)
    parts: list[tuple[Block, ...] | None] = [_addresses(header.get(name)) for name in ("Source", "Destination")]
    ports = [_ports(header.get(name)) for name in ("SourcePort", "DestinationPort")]
    is_clear = is_clear and None not in parts and None not in ports
    return FirewallRule(
        id=str(group.id),
        action=_ACTIONS.get(str(rule.get("Action")), FirewallAction.DROP),
        protocols=_PROTOCOLS.get(protocol, (-1,)),
        sources=parts[0] or (),
        destinations=parts[1] or (),
        source_ports=ports[0] or _ALL_PORTS,
        destination_ports=ports[1] or _ALL_PORTS,
        doubt=None if is_clear else Unknown(f"what a rule of {group.id} matches depends on what packets carry"),
    )


def _listed(value: Value) -> list[str] | None:
    """The items of `[a,b]`, or the only one; none where Suricata's variables or exceptions are in it."""
    text = str(value)
    if not isinstance(value, str | int) or "!" in text or "$" in text:
        return None
    return [each.strip() for each in text.strip().removeprefix("[").removesuffix("]").split(",")]


def _addresses(value: Value) -> tuple[Block, ...] | None:
    said = _listed(value)
    if said is None:
        return None
    if said in (["ANY"], ["any"]):
        return ()
    try:
        return tuple(Block.of(each) for each in said)
    except ValueError:
        return None


def _ports(value: Value) -> Ranges | None:
    said = _listed(value)
    if said is None:
        return None
    if said in (["ANY"], ["any"]):
        return _ALL_PORTS
    found: list[Ranges] = []
    for each in said:
        low, colon, high = each.partition(":")
        try:
            first = int(low or 0)
            last = int(high or 65_535) if colon else first
        except ValueError:
            return None
        if not 0 <= first <= last <= _LAST_PORT:
            return None
        found.append(((first, last),))
    return union(found)
