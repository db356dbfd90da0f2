"""Surveys: everything that somebody can reach, everybody who can reach something, and everything that anybody can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from constructs_lattice.guarantees.check import Checker
from constructs_lattice.guarantees.entries import Connection
from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import EMPTY, Ranges, subtract, union
from constructs_lattice.model.services import EndpointKind
from constructs_lattice.model.vpc import InterfaceKind
from constructs_lattice.reachability.answer import Verdict
from constructs_lattice.reachability.flow import ALL_PORTS
from constructs_lattice.reachability.ports import port_ranges
from constructs_lattice.reachability.reachability import Protocol

__all__ = ["OpenPorts", "Survey"]

_OUTSIDE = ("internet", "internet6")


@dataclass(frozen=True, slots=True)
class OpenPorts:
    """The ports at which a connection is possible, and those at which nobody knows."""

    open: Ranges = EMPTY
    unsure: Ranges = EMPTY

    def __bool__(self) -> bool:
        """Whether there may be one."""
        return bool(self.open or self.unsure)

    def __str__(self) -> str:
        """Such as `443, 8000-8099?`."""
        parts = [(*each, "") for each in self.open] + [(*each, "?") for each in self.unsure]
        return ", ".join(f"{_in_words(low, high)}{mark}" for low, high, mark in sorted(parts))

    def without(self, other: OpenPorts) -> OpenPorts:
        """The ports that are open here and not sure to be there; and those that may be open here only."""
        return OpenPorts(
            subtract(self.open, other.open),
            subtract(self.unsure, union([other.open, other.unsure])),
        )


class Survey:
    """Asks about everybody in the networks of one checker."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._ranges = port_ranges(checker.networks)
        self._names = list(dict.fromkeys(name for network in checker.networks for name in _names(network)))
        self._outside = list(dict.fromkeys([*_OUTSIDE, *(site for each in checker.networks for site in _sites(each))]))

    def reach(self, source: str) -> dict[tuple[str, Protocol], OpenPorts]:
        """What a source can reach, by target and protocol. Raises `GuaranteeError` when there is no such source."""
        found: dict[tuple[str, Protocol], OpenPorts] = {}
        for target in (*self._names, *self._outside):
            for protocol in (Protocol.TCP, Protocol.UDP, Protocol.ICMP):
                if target != source and (ports := self._ports(source, target, protocol)):
                    found[target, protocol] = ports
        return found

    def reaching(self, target: str) -> dict[tuple[str, Protocol], OpenPorts]:
        """Who can reach a target, by source and protocol. Raises `GuaranteeError` when there is no such target."""
        found: dict[tuple[str, Protocol], OpenPorts] = {}
        for source in (*self._names, *self._outside):
            for protocol in (Protocol.TCP, Protocol.UDP, Protocol.ICMP):
                if source != target and (ports := self._ports(source, target, protocol)):
                    found[source, protocol] = ports
        return found

    def flows(self, progress: Callable[[int, int], None] | None = None) -> dict[tuple[str, str, Protocol], OpenPorts]:
        """What everybody can reach, by source, target and protocol; `progress` is told how many sources are done."""
        found: dict[tuple[str, str, Protocol], OpenPorts] = {}
        sources = (*self._names, *self._outside)
        for number, source in enumerate(sources):
            if progress is not None:
                progress(number, len(sources))
            found |= {(source, *key): ports for key, ports in self.reach(source).items()}
        return found

    def _ports(self, source: str, target: str, protocol: Protocol) -> OpenPorts:
        verdict = self._verdict(source, target, protocol, None)
        if verdict is Verdict.UNREACHABLE:
            return OpenPorts()
        if protocol is Protocol.ICMP:
            return OpenPorts(ALL_PORTS) if verdict is Verdict.REACHABLE else OpenPorts(EMPTY, ALL_PORTS)
        verdicts = [(each, self._verdict(source, target, protocol, each[0])) for each in self._ranges]
        return OpenPorts(
            union([(each,) for each, verdict in verdicts if verdict is Verdict.REACHABLE]),
            union([(each,) for each, verdict in verdicts if verdict is Verdict.UNKNOWN]),
        )

    def _verdict(self, source: str, target: str, protocol: Protocol, port: int | None) -> Verdict:
        names = {"from": source, "to": target}
        question = {"id": "survey", **names, "protocol": str(protocol), "port": port, "expect": "reachable"}
        return self._checker.ask(Connection.model_validate(question)).verdict


def _names(network: Network) -> Iterator[str]:
    """What can be asked about in a network: the owners of interfaces, services and endpoints."""
    for interface in network.interfaces.values():
        if interface.kind is not InterfaceKind.NAT_GATEWAY:
            yield from interface.owners[:1]
    yield from network.mesh_services
    yield from network.mesh_resources
    yield from (each.id for each in network.endpoints.values() if each.kind is EndpointKind.GATEWAY)


def _sites(network: Network) -> Iterator[str]:
    """The networks on premises that connections have static routes to."""
    ways = [each.prefixes for each in network.vpn_gateways.values()]
    ways += [each.prefixes for each in network.attachments.values()]
    yield from (f"onprem:{block}" for prefixes in ways for block in prefixes)


def _in_words(low: int, high: int) -> str:
    if ((low, high),) == ALL_PORTS:
        return "all"
    return str(low) if low == high else f"{low}-{high}"
