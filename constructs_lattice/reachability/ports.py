"""The ports at which answers can change: between two of them, nothing in the network tells ports apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import Ranges
from constructs_lattice.model.unknown import Unknown

__all__ = ["port_ranges"]

_LAST = 65_535


def port_ranges(networks: Iterable[Network]) -> list[tuple[int, int]]:
    """Ranges of ports that are treated alike everywhere: those that rules, entries, listeners and targets name."""
    starts = {0}
    for network in networks:
        for low, high in _named(network):
            starts |= {low, high + 1}
    ordered = sorted(each for each in starts if each <= _LAST)
    return [(low, high - 1) for low, high in zip(ordered, [*ordered[1:], _LAST + 1], strict=True)]


def _named(network: Network) -> Iterator[tuple[int, int]]:
    for group in network.security_groups.values():
        for rule in (*group.ingress, *group.egress):
            yield from _known(rule.ports)
    for acl in network.network_acls.values():
        for entry in acl.entries:
            yield from _known(entry.ports)
    for firewall in network.firewalls.values():
        if not isinstance(firewall.policy, Unknown):
            for drawn in (*firewall.policy.stateless, *firewall.policy.stateful):
                yield from (*drawn.source_ports, *drawn.destination_ports)
    for balancer in network.load_balancers.values():
        yield from ((each.port, each.port) for each in balancer.listeners if isinstance(each.port, int))
    for service in network.mesh_services.values():
        yield from ((each.port, each.port) for each in service.listeners if isinstance(each.port, int))
    for resource in network.mesh_resources.values():
        yield from _known(resource.ports)
    for targets in (*network.target_groups.values(), *network.mesh_groups.values()):
        yield from ((each.port, each.port) for each in targets.targets if isinstance(each.port, int))


def _known(ports: Ranges | Unknown) -> Iterator[tuple[int, int]]:
    if not isinstance(ports, Unknown):
        yield from ports
