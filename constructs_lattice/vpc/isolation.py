"""Who may talk to whom within a VPC, as network ACLs and security groups that agree."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import Annotations, CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, IValidation

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice._tokens import is_token
from constructs_lattice.addressing import HOME, contains
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.group_rules import group_rules
from constructs_lattice.vpc.network_acl import Action, Direction, Entry, Flow, Message, entries
from constructs_lattice.vpc.ports import Ports, Protocol
from constructs_lattice.vpc.statements import Block, Statements
from constructs_lattice.vpc.tier import Role

if TYPE_CHECKING:
    from constructs_lattice.vpc.tier_subnets import TierSubnets
    from constructs_lattice.vpc.vpc import Vpc

__all__ = ["Isolation", "NetworkAcl"]

# The quota that every account has, and the most that AWS raises it to; for each direction.
_QUOTA, _MOST_ENTRIES = 20, 40

# Rule numbers: denials before allowances. Within its band an entry has a number of its own, whoever else is there.
_BANDS = {Action.DENY: (100, 900), Action.ALLOW: (1_000, 31_000)}

_EVERYBODY: tuple[Block, ...] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))


_Held = dict[tuple[Entry, Block], str]


class Isolation:
    """The statements about one VPC, and what follows from them. A statement that is refused leaves nothing behind."""

    def __init__(self, vpc: Vpc) -> None:
        self._vpc = vpc
        self._said = Statements(tiers={tier.name: _blocks(vpc, tier.name) for tier in vpc.tiers})
        self._scope: _Scope | None = None
        self._groups: dict[str, ec2.SecurityGroup] = {}
        self._acls: dict[str, NetworkAcl] = {}

    def security_group(self, tier: str) -> ec2.SecurityGroup:
        """The security group for what is in a tier: it lets nothing in or out but what is allowed."""
        if tier not in self._groups:
            self._vpc.tier(tier)
            self._groups[tier] = ec2.SecurityGroup(
                self._made_scope(),
                f"{tier}-SecurityGroup",
                vpc=self._vpc,
                description=f"Tier {tier}: what the VPC allows it",
                allow_all_outbound=False,
            )
        return self._groups[tier]

    def network_acl(self, tier: str) -> NetworkAcl | None:
        """The network ACL of a tier, if it was isolated."""
        return self._acls.get(self._vpc.tier(tier).name)

    def isolate(self, tier: str, from_: str | None) -> None:
        """Keep a tier from another one, or from everything that is not allowed."""
        where = Place(self._vpc, "isolate")
        subnets = self._vpc.tier(tier)
        if from_ is None:
            _check_closable(where, subnets)
            self._say(replace(self._said, closed=self._said.closed | {tier}))
        else:
            self._check_pair(where, subnets, self._vpc.tier(from_))
            self._say(replace(self._said, pairs=self._said.pairs | {(tier, from_)}))

    def allow(self, flow: Flow) -> None:
        """Let a flow through: in the security groups of its tiers, and in their ACLs."""
        where = Place(self._vpc, "allow")
        if is_token([flow.ports.first, flow.ports.last]):
            raise ArgumentError(
                f"{where}: port must be known at synthesis, since network ACLs judge it, got a token from "
                f"{flow.client!r} to {flow.server!r}"
            )
        if (statement := self._said.apart(flow.client, flow.server)) is not None:
            raise ArgumentError(f"{where}: {flow} contradicts {statement}; take one of them back")
        if flow not in self._said.flows:
            self._say(replace(self._said, flows=(*self._said.flows, flow)))
            self._open_groups(flow)

    def contradictions(self) -> list[str]:
        """What security groups let through, and network ACLs do not: rules of one's own, and flows to blocks."""
        groups = {self._meaning(group.security_group_id): tier for tier, group in self._groups.items()}
        errors = []
        for tier, group in self._groups.items():
            for rule in group_rules(group):
                peer = rule.block or groups.get(json.dumps(rule.group))
                client, server = (tier, peer) if rule.is_egress else (peer, tier)
                if client and server and (reason := self._said.objection(client, server, rule.ports)):
                    errors.append(
                        f"{rule.path}: a security group rule lets {client!r} reach {server!r} by {rule.words}, but "
                        f"{reason}; say it with allow, or take the rule back"
                    )
        return errors

    def _meaning(self, token: str | None) -> str:
        return json.dumps(self._vpc.stack.resolve(token))

    def _check_pair(self, where: Place, tier: TierSubnets, other: TierSubnets) -> None:
        if tier.name == other.name:
            raise ArgumentError(f"{where}: tier {tier.name!r} cannot be isolated from itself, got it twice")
        for flow in self._said.between(tier.name, other.name):
            raise ArgumentError(
                f"{where}: tier {tier.name!r} from {other.name!r} contradicts allow {flow}; take one of them back"
            )
        if _holds_nat(tier) and other.role is Role.PRIVATE:
            raise ArgumentError(
                f"{where}: tier {tier.name!r} holds the NAT gateways of tier {other.name!r}, whose way out would be "
                f"shut; isolate {other.name!r} from {tier.name!r} instead"
            )

    def _open_groups(self, flow: Flow) -> None:
        port, words = flow.ports.for_security_group(), str(flow).replace("'", "")
        client, server = (None if "/" in end else self.security_group(end) for end in (flow.client, flow.server))
        if client is not None and flow.ports.protocol is Protocol.ALL and flow.server in map(str, _EVERYBODY):
            _open_wide(client, flow.server, words)
        elif client is not None:
            client.add_egress_rule(server or _peer(flow.server), port, words)
        if server is not None:
            server.add_ingress_rule(client or _peer(flow.client), port, words)

    def _say(self, said: Statements) -> None:
        """Bring every ACL to what the statements say, unless one of them cannot hold it."""
        wanted = {tier: self._entries(said, tier) for tier in said.judged}
        for tier, held in wanted.items():
            _check_count(Place(self._vpc, f"Isolation/{tier}-NetworkAcl"), held)
        self._said = said
        for tier, held in wanted.items():
            if tier not in self._acls:
                acl = NetworkAcl(
                    self._made_scope(), f"{tier}-NetworkAcl", vpc_id=self._vpc.vpc_id, tier=self._vpc.tier(tier)
                )
                self._acls[tier] = acl
            self._acls[tier].hold(held)

    def _entries(self, said: Statements, tier: str) -> _Held:
        denied = sorted(peer for isolated, peer in said.pairs if isolated == tier)
        return {
            (entry, block): self._cidr(block)
            for entry in entries(tier, is_closed=tier in said.closed, denied=denied, flows=said.flows)
            for block in self._peer_blocks(tier, entry.peer)
        }

    def _peer_blocks(self, tier: str, peer: str | None) -> list[Block]:
        """The blocks of a peer, in the families of addresses that the tier has as well."""
        versions = {block.version for block in self._said.tiers[tier]}
        blocks = _EVERYBODY if peer is None else (ip_network(peer),) if "/" in peer else self._said.tiers[peer]
        return [block for block in blocks if block.version in versions]

    def _cidr(self, block: Block) -> str:
        """A block as CloudFormation knows it. One that is no part of the plan is what it is."""
        plan = self._vpc.plan
        planned = any(block == each for _, _, each in plan.blocks())
        return self._vpc.cidr_of(block) if planned else str(block)

    def _made_scope(self) -> _Scope:
        if self._scope is None:
            self._scope = _Scope(self._vpc, "Isolation", isolation=self)
        return self._scope


@jsii.implements(IValidation)
class _Scope(LatticeConstruct):
    """What the groups and the ACLs are part of; it finds contradictions at synthesis."""

    def __init__(self, scope: Construct, id: str, *, isolation: Isolation) -> None:
        super().__init__(scope, id)
        self._isolation = isolation
        self.node.add_validation(self)

    def validate(self) -> list[str]:
        """What is wrong with the statements and the rules together; Node asks at synthesis."""
        return self._isolation.contradictions()


class NetworkAcl(LatticeConstruct):
    """The network ACL of the subnets of one tier; made with the first statement that isolates it."""

    def __init__(self, scope: Construct, id: str, *, vpc_id: str, tier: TierSubnets) -> None:
        super().__init__(scope, id)
        self._resource = ec2.CfnNetworkAcl(
            self, "Resource", vpc_id=vpc_id, tags=[CfnTag(key="Name", value=self.node.path)]
        )
        self._numbers: dict[tuple[Direction, str], int] = {}
        self._held: dict[str, ec2.CfnNetworkAclEntry] = {}
        for subnet in tier.subnets:
            ec2.CfnSubnetNetworkAclAssociation(
                self, subnet.zone, network_acl_id=self._resource.ref, subnet_id=subnet.subnet_id
            )

    @property
    def resource(self) -> ec2.CfnNetworkAcl:
        """The network ACL itself, as CloudFormation knows it."""
        return self._resource

    @property
    def entries(self) -> list[ec2.CfnNetworkAclEntry]:
        """Its entries, in the order in which they are tried."""
        return sorted(self._held.values(), key=lambda entry: entry.rule_number)

    def hold(self, wanted: _Held) -> None:
        """Have these entries and no others, and each under the number that it has already."""
        ids = {_entry_id(entry, block): (entry, block, cidr) for (entry, block), cidr in wanted.items()}
        for id_ in self._held.keys() - ids.keys():
            self.node.try_remove_child(id_)
            del self._held[id_]
        for id_, (entry, block, cidr) in ids.items():
            if id_ not in self._held:
                self._held[id_] = self._add(id_, entry, block, cidr)
        for direction, count in _counts(wanted).items():
            if count > _QUOTA:
                Annotations.of(self).add_warning_v2(
                    f"constructs-lattice:network-acl-{direction}-quota",
                    f"there are more than {_QUOTA} {direction} entries: ask AWS for a larger quota before you deploy",
                )

    def _add(self, id: str, entry: Entry, block: Block, cidr: str) -> ec2.CfnNetworkAclEntry:
        is_ipv4 = block.version == 4  # noqa: PLR2004 - the version of IP
        return ec2.CfnNetworkAclEntry(
            self,
            id,
            network_acl_id=self._resource.ref,
            egress=entry.direction is Direction.EGRESS,
            rule_action=entry.action,
            rule_number=self._number(entry, id),
            cidr_block=cidr if is_ipv4 else None,
            ipv6_cidr_block=None if is_ipv4 else cidr,
            **(_too_big(is_ipv4) if isinstance(entry.ports, Message) else _ports(entry.ports)),
        )

    def _number(self, entry: Entry, id: str) -> int:
        """A number that follows from the entry itself; the next one in the rare case that another entry has it."""
        first, count = _BANDS[entry.action]
        slot = int.from_bytes(sha256(id.encode()).digest()[:4])
        taken = {number for (direction, other), number in self._numbers.items() if direction is entry.direction}
        number = next(n for step in range(count) if (n := first + (slot + step) % count) not in taken)
        self._numbers[entry.direction, id] = number
        return number


def _ports(ports: Ports) -> dict[str, Any]:
    if ports.protocol is Protocol.ALL:
        return {"protocol": ports.protocol.number}
    span = ec2.CfnNetworkAclEntry.PortRangeProperty(from_=ports.first, to=ports.last)
    return {"protocol": ports.protocol.number, "port_range": span}


def _too_big(is_ipv4: bool) -> dict[str, Any]:  # noqa: FBT001
    """ICMP of type 3 and code 4; in IPv6 it has a type of its own."""
    protocol, type_, code = (1, 3, 4) if is_ipv4 else (58, 2, 0)
    return {"protocol": protocol, "icmp": ec2.CfnNetworkAclEntry.IcmpProperty(type=type_, code=code)}


def _counts(held: _Held) -> Counter[Direction]:
    return Counter(entry.direction for entry, _ in held)


def _check_count(where: Place, held: _Held) -> None:
    for direction, count in _counts(held).items():
        if count > _MOST_ENTRIES:
            raise ArgumentError(
                f"{where}: {count} {direction} entries are needed, {_MOST_ENTRIES} is the most that a network ACL can "
                "have; allow wider blocks or port ranges, or isolate fewer tiers"
            )


def _check_closable(where: Place, tier: TierSubnets) -> None:
    if tier.role in (Role.TRANSIT, Role.FIREWALL):
        raise ArgumentError(
            f"{where}: tier {tier.name!r} passes on what is for others, so it cannot be isolated from everything; "
            "isolate those others"
        )
    if _holds_nat(tier):
        raise ArgumentError(
            f"{where}: tier {tier.name!r} holds NAT gateways, which talk to the internet for private tiers, so it "
            "cannot be isolated from everything; isolate others from it"
        )


def _holds_nat(tier: TierSubnets) -> bool:
    return any(subnet.nat_gateway is not None for subnet in tier.subnets)


def _open_wide(group: ec2.SecurityGroup, everybody: str, words: str) -> None:
    """Let everything out to everybody: what `ec2.SecurityGroup` takes when it is made, and refuses later."""
    block: dict[str, Any] = {"cidr_ipv6" if ":" in everybody else "cidr_ip": everybody}
    ec2.CfnSecurityGroupEgress(
        group, f"to {everybody}", group_id=group.security_group_id, ip_protocol="-1", description=words, **block
    )


def _peer(block: str) -> ec2.IPeer:
    return ec2.Peer.ipv6(block) if ":" in block else ec2.Peer.ipv4(block)


def _blocks(vpc: Vpc, tier: str) -> list[Block]:
    """The blocks of a tier: that of all its zone slots, and those of zones that are elsewhere."""
    plan = vpc.plan
    homes: list[Block] = [home[tier] for home in (plan.homes, plan.ipv6_homes) if tier in home]
    subnets: list[Block] = [block for name, zone, block in plan.blocks() if name == tier and zone != HOME]
    strays = [block for block in subnets if not any(contains(home, block) for home in homes)]
    return [*homes, *strays]


def _entry_id(entry: Entry, block: Block) -> str:
    """A name of an entry by all that it says."""
    peer = f"{entry.peer or 'Everybody'}-{block}".replace("/", "-")
    return f"{entry.direction.title()}-{entry.action.title()}-{peer}-{entry.ports}".replace(" ", "-")
