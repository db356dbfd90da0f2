"""Services that cannot work as they are: associations, target groups, rules that are void."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from constructs_lattice.audit.finding import Audited, Finding
from constructs_lattice.model.block import Block
from constructs_lattice.model.network import Network
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import GroupRule, Interface
from constructs_lattice.reachability.answer import Verdict
from constructs_lattice.reachability.filters import pass_acl
from constructs_lattice.reachability.flow import TCP, UDP, Flow
from constructs_lattice.reachability.parties import Owner
from constructs_lattice.reachability.reachability import Protocol

__all__ = ["second_associations", "unhealthy_targets", "void_rules"]


def second_associations(audited: Audited) -> Iterator[Finding]:
    """A VPC can be associated with one service network: the second association fails at the deployment.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html
    """
    by_vpc: dict[str, list[str]] = defaultdict(list)
    for association in audited.network.mesh_associations:
        by_vpc[association.vpc].append(association.id)
    for vpc, associations in by_vpc.items():
        for second in associations[1:]:
            yield Finding(
                check="second-association",
                resource=second,
                text=f"{vpc} is associated with a service network by {associations[0]} already",
                way_out="reach the second network through a service network endpoint",
            )


def unhealthy_targets(audited: Audited) -> Iterator[Finding]:
    """Target groups all of whose targets a load balancer cannot reach, neither for requests nor for health checks."""
    network = audited.network
    for balancer in network.load_balancers.values():
        groups = dict.fromkeys(group for each in balancer.listeners for group in each.groups)
        for group in (network.target_groups[each] for each in groups if each in network.target_groups):
            ports = [(each.owner, _checked_port(group.health_check_port, each.port)) for each in group.targets]
            asked = [(owner, port) for owner, port in ports if owner and isinstance(port, int)]
            if not asked or len(asked) < len(group.targets) or group.doubts:
                continue
            verdicts = {_verdict(audited, balancer.id, owner, port) for owner, port in asked}
            if verdicts == {Verdict.UNREACHABLE}:
                yield Finding(
                    check="unhealthy-targets",
                    resource=group.id,
                    text=f"{balancer.id} reaches none of its targets on port {asked[0][1]}",
                    way_out="let the load balancer's security group in, and its answers out",
                )


def _checked_port(checked: int | Unknown | None, port: int | Unknown) -> int | Unknown:
    return port if checked is None else checked


def _verdict(audited: Audited, balancer: str, owner: str, port: int) -> Verdict:
    return audited.reachability.ask(Owner(balancer), Owner(owner), Protocol.TCP, port).verdict


def void_rules(audited: Audited) -> Iterator[Finding]:
    """Rules that let somebody in whom the network ACL of every subnet in question keeps out."""
    network = audited.network
    members: dict[str, list[Interface]] = defaultdict(list)
    for interface in network.interfaces.values():
        for group in interface.groups or ():
            members[group].append(interface)
    for owner in network.security_groups.values():
        for rule in owner.ingress:
            for protocol in (TCP, UDP):
                acls = _keeping_out(network, rule, protocol, members[owner.id])
                if acls:
                    yield Finding(
                        check="void-rule",
                        resource=rule.id,
                        text=f"{owner.id} lets {rule.peer} in, but {' and '.join(acls)} lets nothing of that through",
                        way_out="let it in at the network ACL, or take the rule away",
                    )


def _keeping_out(network: Network, rule: GroupRule, protocol: int, members: list[Interface]) -> list[str]:
    """The ACLs that keep out all that a rule lets in, if all those of its members do."""
    if not isinstance(rule.peer, Block) or rule.protocol != protocol or isinstance(rule.ports, Unknown) or not members:
        return []
    found: dict[str, None] = {}
    for member in members:
        acl = network.network_acls.get(str(network.subnets[member.subnet].network_acl))
        dst = member.addresses(rule.peer.version)
        if acl is None or not dst:
            return []
        flow = Flow(rule.peer.version, protocol, rule.peer.ranges, dst, ((1_024, 65_535),), rule.ports)
        passed, _ = pass_acl(acl, flow, is_egress=False)
        if passed:
            return []
        found[acl.id] = None
    return list(found)
