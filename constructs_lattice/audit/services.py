"""What cannot work as it is: second associations, rules that are void."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from constructs_lattice.audit.finding import Audited, Finding
from constructs_lattice.model.block import Block
from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import Ranges, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import GroupPeer, GroupRule, Interface
from constructs_lattice.reachability.filters import pass_acl
from constructs_lattice.reachability.flow import CLIENT_PORTS, TCP, UDP, Flow

__all__ = ["second_associations", "void_rules"]


def second_associations(audited: Audited) -> Iterator[Finding]:
    """A VPC can be associated with one service network: the second association fails at the deployment.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html
    """
    by_vpc: dict[str, list[str]] = defaultdict(list)
    for association in audited.network.mesh_associations:
        if association.vpc and not association.doubts:
            by_vpc[association.vpc].append(association.id)
    for vpc, associations in by_vpc.items():
        for second in associations[1:]:
            yield Finding(
                check="second-association",
                resource=second,
                text=f"{vpc} is associated with a service network by {associations[0]} already",
                way_out="reach the second network through a service network endpoint",
            )


def void_rules(audited: Audited) -> Iterator[Finding]:
    """Rules that let somebody in whom the network ACL of every subnet in question keeps out, or their answers in."""
    network = audited.network
    members: dict[str, list[Interface]] = defaultdict(list)
    for interface in network.interfaces.values():
        for group in interface.groups or ():
            members[group].append(interface)
    for owner in network.security_groups.values():
        for rule in owner.ingress:
            for protocol in (TCP, UDP):
                acls = _keeping_out(network, rule, protocol, members[owner.id], _peers(rule, members))
                if acls:
                    peer = rule.peer.group if isinstance(rule.peer, GroupPeer) else rule.peer
                    yield Finding(
                        check="void-rule",
                        resource=rule.id,
                        text=f"{owner.id} lets {peer} in, but {' and '.join(acls)} lets nothing of that through",
                        way_out="let it in at the network ACL, or take the rule away",
                    )


def _peers(rule: GroupRule, members: Mapping[str, list[Interface]]) -> list[Interface]:
    """The members of the group that a rule is for, if it is for a group."""
    return members.get(rule.peer.group, []) if isinstance(rule.peer, GroupPeer) else []


def _keeping_out(
    network: Network, rule: GroupRule, protocol: int, members: list[Interface], peers: list[Interface]
) -> list[str]:
    """The ACLs that keep out all that a rule lets in, or all answers to it, if those of all its members do."""
    if rule.protocol != protocol or isinstance(rule.ports, Unknown):
        return []
    found: dict[str, None] = {}
    for member in members:
        acl = network.network_acls.get(str(network.subnets[member.subnet].network_acl))
        if acl is None or any(each.subnet == member.subnet for each in peers):
            return []
        for version in (4, 6):
            src, dst = _sources(rule, peers, version), member.addresses(version)
            if not src or not dst:
                continue
            flow = Flow(version, protocol, src, dst, CLIENT_PORTS, rule.ports)
            passed, _ = pass_acl(acl, flow, is_egress=False)
            if any(pass_acl(acl, each.flow.reply(), is_egress=True)[0] for each in passed):
                return []
            found[acl.id] = None
    return list(found)


def _sources(rule: GroupRule, peers: list[Interface], version: int) -> Ranges:
    """The addresses over one version of IP that a rule lets in."""
    if isinstance(rule.peer, Block):
        return rule.peer.ranges if rule.peer.version == version else ()
    return union([each.addresses(version) for each in peers])
