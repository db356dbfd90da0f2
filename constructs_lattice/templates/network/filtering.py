"""Reading network ACLs, security groups and prefix lists.

SG-3: a group without egress rules gets one that lets everything out. SG-4: unless there is one of its own, on which the
CDK builds; the current pages of CloudFormation do not say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from constructs_lattice.model.block import Block
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import (
    AclEntry,
    GroupPeer,
    GroupRule,
    NetworkAcl,
    PrefixList,
    PrefixListPeer,
    SecurityGroup,
    Vpc,
)
from constructs_lattice.templates.estate import Deployment, Resource
from constructs_lattice.templates.network.reader import (
    Reader,
    cluster_group,
    default_acl,
    default_group,
    mappings,
    unknown_items,
)
from constructs_lattice.templates.values import Value

__all__ = ["read_acls", "read_groups", "read_prefix_lists"]

Place: TypeAlias = Deployment | Vpc
"""What has a region and an account."""

_EVERYTHING = (Block.of("0.0.0.0/0"), Block.of("::/0"))
_ALL_PORTS = ((0, 65_535),)

_ACL, _ACL_ENTRY = "AWS::EC2::NetworkAcl", "AWS::EC2::NetworkAclEntry"
_GROUP, _INGRESS, _EGRESS = "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"


def read_acls(reader: Reader, vpcs: dict[str, Vpc]) -> dict[str, NetworkAcl]:
    """All network ACLs, the default ones of the VPCs included."""
    entries: dict[str, list[AclEntry]] = defaultdict(list)
    everywhere: list[AclEntry] = []
    for resource in reader.of_type(_ACL_ENTRY):
        acl = reader.id(resource.get("NetworkAclId"))
        if isinstance(acl, str):
            entries[acl].append(_entry(reader, resource))
        elif isinstance(acl, Unknown):
            maybe = replace(_entry(reader, resource), number=acl)
            candidates = reader.candidates(acl)
            for each in candidates:
                entries[each].append(maybe)
            everywhere += [] if candidates else [maybe]
    acls = {}
    for resource in reader.of_type(_ACL):
        id_ = str(resource.id)
        own = (*entries[id_], *everywhere)
        acls[id_] = NetworkAcl(id=id_, vpc=str(reader.id(resource.get("VpcId"))), entries=own)
    for vpc in vpcs.values():
        id_ = default_acl(vpc.id)
        own = (*entries[id_], *everywhere)
        acls[id_] = NetworkAcl(id=id_, vpc=vpc.id, entries=(*own, *_default_entries(id_)), is_default=not own)
    return acls


def _default_entries(id: str) -> Iterator[AclEntry]:
    for number, block in zip((100, 101), _EVERYTHING, strict=True):
        for is_egress in (False, True):
            yield AclEntry(
                id=id, number=number, is_egress=is_egress, is_allow=True, protocol=-1, block=block, ports=_ALL_PORTS
            )


def _entry(reader: Reader, resource: Resource) -> AclEntry:
    where = f"{resource.where}: {resource.id}"
    protocol = reader.protocol(where, resource.get("Protocol"))
    cidr = resource.get("CidrBlock")
    cidr = resource.get("Ipv6CidrBlock") if cidr is None else cidr
    action = reader.text(resource, "RuleAction")
    ports = resource.get("Icmp" if protocol in (1, 58) else "PortRange")
    first, last = (None, None)
    if isinstance(ports, dict):
        names = ("Type", "Code") if protocol in (1, 58) else ("From", "To")
        first, last = (ports.get(name) for name in names)
    return AclEntry(
        id=str(resource.id),
        number=reader.integer(where, resource.get("RuleNumber"), 0),
        is_egress=reader.boolean(resource.get("Egress"), default=False),
        is_allow=action if isinstance(action, Unknown) else action.lower() == "allow",
        protocol=protocol,
        block=reader.block(resource, cidr),
        ports=ports if isinstance(ports, Unknown) else reader.ports(where, protocol, first, last),
    )


def read_groups(reader: Reader, vpcs: dict[str, Vpc]) -> dict[str, SecurityGroup]:
    """All security groups, with the rules that stand by themselves; those that VPCs and clusters bring along, too."""
    said = _SaidRules.read(reader)
    groups = {str(each.id): _group(reader, each, said) for each in reader.of_type(_GROUP)}
    restricted = {
        reader.id(each.get("DefaultSecurityGroupId")) for each in reader.of_type("Custom::VpcRestrictDefaultSG")
    }
    doubt = next((each for each in restricted if isinstance(each, Unknown)), None)
    for vpc in vpcs.values():
        id_ = default_group(vpc.id)
        groups[id_] = _restricted(vpc, said) if id_ in restricted else _own(id_, vpc.id, vpc, said, doubt)
    for cluster in reader.of_type("AWS::EKS::Cluster"):
        id_ = cluster_group(str(cluster.id))
        groups[id_] = _own(id_, "", cluster.deployment, said)
    return groups


@dataclass(frozen=True, slots=True)
class _Anyones:
    """Rules of a group that nobody knows: one of the `candidates` if there are any, else any in the same place."""

    deployment: Deployment
    is_egress: bool
    rules: tuple[GroupRule, ...]
    candidates: tuple[str, ...]

    def may_be_of(self, id: str, place: Place) -> bool:
        """Whether they may be those of a group."""
        if self.candidates:
            return id in self.candidates
        own = self.deployment
        return _may_equal(own.region, place.region) and _may_equal(own.account, place.account)


@dataclass(frozen=True, slots=True)
class _SaidRules:
    """The rules that stand by themselves, by their group; those of groups that nobody knows by where they are."""

    ingress: dict[str, list[GroupRule]]
    egress: dict[str, list[GroupRule]]
    anyones: tuple[_Anyones, ...]

    @classmethod
    def read(cls, reader: Reader) -> _SaidRules:
        ingress: dict[str, list[GroupRule]] = defaultdict(list)
        egress: dict[str, list[GroupRule]] = defaultdict(list)
        anyones: list[_Anyones] = []
        for type_, rules in ((_INGRESS, ingress), (_EGRESS, egress)):
            for resource in reader.of_type(type_):
                group = reader.id(resource.get("GroupId")) or reader.id(resource.get("GroupName"))
                if group is None:
                    continue
                is_egress = type_ == _EGRESS
                made = list(_rules(reader, resource, dict(resource.properties), is_egress=is_egress))
                if isinstance(group, str):
                    rules[group] += made
                else:
                    doubt = Unknown(f"it is a rule of a group that is not known: {group.reason}")
                    maybe = tuple(replace(each, doubt=doubt) for each in made)
                    anyones.append(_Anyones(resource.deployment, is_egress, maybe, reader.candidates(group)))
        return cls(ingress, egress, tuple(anyones))

    def let_in(self, id: str, place: Place) -> tuple[GroupRule, ...]:
        """The inbound rules of a group, and those that may be."""
        return (*self.ingress.get(id, ()), *self._maybe(id, place, is_egress=False))

    def let_out(self, id: str, place: Place, doubt: Unknown | None = None) -> tuple[GroupRule, ...]:
        """SG-3, SG-4: the outbound rules of a group that says none itself; without any, one for everything."""
        said, maybe = self.egress.get(id), self._maybe(id, place, is_egress=True)
        return (*(said or _everything(id, doubt or next((each.doubt for each in maybe), None))), *maybe)

    def more_out(self, id: str, place: Place) -> tuple[GroupRule, ...]:
        """The outbound rules of a group that says some itself, besides those."""
        return (*self.egress.get(id, ()), *self._maybe(id, place, is_egress=True))

    def _maybe(self, id: str, place: Place, *, is_egress: bool) -> list[GroupRule]:
        """The rules that may be those of a group, for all that is known."""
        return [
            rule
            for each in self.anyones
            for rule in each.rules
            if each.is_egress == is_egress and each.may_be_of(id, place)
        ]


def _may_equal(one: str | Unknown, other: str | Unknown) -> bool:
    return one == other or isinstance(one, Unknown) or isinstance(other, Unknown) or "" in (one, other)


def _own(id: str, vpc: str, place: Place, said: _SaidRules, doubt: Unknown | None = None) -> SecurityGroup:
    """SG-10: a group that AWS makes lets in its members, and everything out; `doubt` says why it may not."""
    own = GroupRule(id=id, protocol=-1 if doubt is None else doubt, ports=_ALL_PORTS, peer=GroupPeer(id))
    return SecurityGroup(
        id=id,
        vpc=vpc,
        ingress=(own, *said.let_in(id, place)),
        egress=said.let_out(id, place, doubt),
        assumes_egress=bool(said.egress.get(id)),
    )


def _restricted(vpc: Vpc, said: _SaidRules) -> SecurityGroup:
    """A default group whose rules a custom resource of the CDK takes away, but for the one that lets IPv6 out."""
    id_ = default_group(vpc.id)
    unknown = Unknown("whether the rule that lets everything out over IPv6 is taken away as well is not known")
    six = GroupRule(id=id_, protocol=unknown, ports=_ALL_PORTS, peer=Block.of("::/0"))
    return SecurityGroup(id=id_, vpc=vpc.id, ingress=said.let_in(id_, vpc), egress=(*said.more_out(id_, vpc), six))


def _group(reader: Reader, resource: Resource, said: _SaidRules) -> SecurityGroup:
    id_ = str(resource.id)
    inline = {name: resource.get(name) for name in ("SecurityGroupIngress", "SecurityGroupEgress")}
    let_in = [rule for each in mappings(inline["SecurityGroupIngress"]) for rule in _rules(reader, resource, each)]
    let_out = [
        rule
        for each in mappings(inline["SecurityGroupEgress"])
        for rule in _rules(reader, resource, each, is_egress=True)
    ]
    says_egress = inline["SecurityGroupEgress"] not in (None, [])
    place = resource.deployment
    more = said.more_out(id_, place) if says_egress else said.let_out(id_, place)
    return SecurityGroup(
        id=id_,
        vpc=str(reader.id(resource.get("VpcId"))),
        ingress=(*let_in, *said.let_in(id_, place)),
        egress=(*let_out, *more),
        doubts=tuple(each for value in inline.values() for each in unknown_items(value)),
        assumes_egress=bool(said.egress.get(id_)) and not says_egress,
    )


def _everything(id: str, doubt: Unknown | None = None) -> tuple[GroupRule, ...]:
    """Rules for everything; `doubt` says why they may not be there."""
    protocol = -1 if doubt is None else doubt
    return tuple(GroupRule(id=id, protocol=protocol, ports=_ALL_PORTS, peer=block) for block in _EVERYTHING)


def _rules(
    reader: Reader, resource: Resource, rule: dict[str, Value], *, is_egress: bool = False
) -> Iterator[GroupRule]:
    where = f"{resource.where}: {resource.id}"
    side = "Destination" if is_egress else "Source"
    protocol = reader.protocol(where, rule.get("IpProtocol"))
    ports = reader.ports(where, protocol, rule.get("FromPort"), rule.get("ToPort"))
    found = False
    for name in ("CidrIp", "CidrIpv6"):
        if (cidr := rule.get(name)) is not None:
            found = True
            yield GroupRule(id=str(resource.id), protocol=protocol, ports=ports, peer=reader.block(resource, cidr))
    for name, peer in ((f"{side}SecurityGroupId", GroupPeer), (f"{side}PrefixListId", PrefixListPeer)):
        match reader.id(rule.get(name)):
            case str() as id_:
                found = True
                yield GroupRule(id=str(resource.id), protocol=protocol, ports=ports, peer=peer(id_))
            case Unknown() as unknown:
                found = True
                made = GroupRule(id=str(resource.id), protocol=protocol, ports=ports, peer=unknown)
                maybe = [replace(made, peer=peer(each), doubt=unknown) for each in reader.candidates(unknown)]
                yield from maybe or (made,)
    if not found:
        named = reader.id(rule.get(f"{side}SecurityGroupName"))
        vague = Unknown("whom this rule is for is not said in a way that is understood")
        known = GroupPeer(named) if isinstance(named, str) else vague
        yield GroupRule(id=str(resource.id), protocol=protocol, ports=ports, peer=known)


def read_prefix_lists(reader: Reader) -> dict[str, PrefixList]:
    """The prefix lists of the templates. SG-9: those of others are not here."""
    lists = {}
    for resource in reader.of_type("AWS::EC2::PrefixList"):
        blocks = [reader.block(resource, each.get("Cidr")) for each in mappings(resource.get("Entries"))]
        doubts = [*unknown_items(resource.get("Entries")), *(each for each in blocks if isinstance(each, Unknown))]
        lists[str(resource.id)] = PrefixList(
            id=str(resource.id),
            entries=tuple(each for each in blocks if isinstance(each, Block)),
            doubts=tuple(doubts),
        )
    return lists
