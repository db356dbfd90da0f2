"""Target groups none of whose targets can be healthy: health checks do not get to them.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-group-health-checks.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from constructs_lattice.audit.finding import Audited, Finding
from constructs_lattice.model.network import Network
from constructs_lattice.model.services import TargetGroup
from constructs_lattice.reachability.answer import Verdict
from constructs_lattice.reachability.parties import Owner
from constructs_lattice.reachability.reachability import Protocol, Reachability

__all__ = ["unhealthy_targets"]

_WITHOUT_TCP = ("UDP", "QUIC")


def unhealthy_targets(audited: Audited) -> Iterator[Finding]:
    """The groups of load balancers and of VPC Lattice services."""
    network = audited.network
    for balancer in network.load_balancers.values():
        for group in _groups([each.groups for each in balancer.listeners], network.target_groups):
            if group.protocol not in _WITHOUT_TCP:
                checked = _checked(group)
                made = replace(network, target_groups={**network.target_groups, group.id: checked})
                yield from _unreached(made, balancer.id, checked, "let the load balancer's security group in")
    for service in network.mesh_services.values():
        for group in _groups([each.groups for each in service.listeners], network.mesh_groups):
            checked = _checked(group)
            made = replace(network, mesh_groups={**network.mesh_groups, group.id: checked})
            yield from _unreached(made, service.id, checked, "let the prefix list of VPC Lattice in")


def _groups(named: list[tuple[str, ...]], groups: Mapping[str, TargetGroup]) -> Iterator[TargetGroup]:
    """The groups that listeners forward to, if all of their targets are known and checked."""
    for id_ in dict.fromkeys(each for one in named for each in one):
        group = groups.get(id_)
        if group is not None and group.checks_health is True and not group.doubts and group.targets:
            yield group


def _checked(group: TargetGroup) -> TargetGroup:
    """A group as health checks see it: by its own addresses, on the port that is checked."""
    port = group.health_check_port
    targets = [each if port is None else replace(each, port=port) for each in group.targets]
    return replace(group, targets=tuple(targets), preserves_client_ip=False)


def _unreached(network: Network, checker: str, group: TargetGroup, way_out: str) -> Iterator[Finding]:
    ports = [each.port for each in group.targets if isinstance(each.port, int) and each.owner and each.doubt is None]
    if len(ports) < len(group.targets):
        return
    reachability = Reachability(network)
    asked = ((Owner(each.owner), port) for each, port in zip(group.targets, ports, strict=True))
    if all(
        reachability.ask(Owner(checker), target, Protocol.TCP, port).verdict is Verdict.UNREACHABLE
        for target, port in asked
    ):
        yield Finding(
            check="unhealthy-targets",
            resource=group.id,
            text=f"{checker} reaches none of its targets on port {ports[0]}",
            way_out=f"{way_out}, and its answers out",
        )
