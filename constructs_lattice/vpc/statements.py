"""What was said about the tiers of one VPC, and what follows from it for who connects to whom: plain data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import product
from typing import TypeAlias

from constructs_lattice.addressing import contains
from constructs_lattice.vpc.network_acl import Flow
from constructs_lattice.vpc.ports import Ports, Protocol

__all__ = ["Block", "Statements", "Tiers"]

Block: TypeAlias = IPv4Network | IPv6Network

Tiers: TypeAlias = Mapping[str, Sequence[Block]]
"""The blocks of each tier, of both families."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """All that was said about a VPC: the tiers that are isolated from everything, pairs of tiers, and what may flow.

    The ends of connections are names of tiers or blocks. A block is a tier's if it lies in one of the tier's.
    """

    tiers: Tiers
    closed: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    flows: tuple[Flow, ...] = ()

    @property
    def judged(self) -> list[str]:
        """The tiers that have a network ACL."""
        return sorted(self.closed | {tier for tier, _ in self.pairs})

    def apart(self, one: str, other: str) -> str | None:
        """The statement that keeps two ends apart, if there is one."""
        for tiers in product(self._owners(one), self._owners(other)):
            for tier, from_ in (tiers, tiers[::-1]):
                if (tier, from_) in self.pairs:
                    return f"isolate({tier!r}, from_={from_!r})"
        return None

    def between(self, one: str, other: str) -> Iterator[Flow]:
        """What may flow between two tiers, whoever opens the connection."""
        for flow in self.flows:
            ends = product(self._owners(flow.client), self._owners(flow.server))
            if any({*each} == {one, other} for each in ends):
                yield flow

    def objection(self, client: str, server: str, ports: Ports | None) -> str | None:
        """Why network ACLs let something of a connection not through, if they do not; without ports, of any protocol.

        What they let through of an end that is neither a tier nor a tier's block is not known.
        """
        if (statement := self.apart(client, server)) is not None:
            return f"{statement} keeps them apart"
        for here, peer, is_client in ((client, server, True), (server, client, False)):
            for tier in self._owners(here):
                if tier in self.closed and not self._lets(tier, peer, ports, is_client=is_client):
                    return f"isolate({tier!r}) lets through what is allowed only"
        return None

    def _lets(self, tier: str, peer: str, ports: Ports | None, *, is_client: bool) -> bool:
        """Whether the ACL of a tier that is isolated from everything lets through all that goes from or to a peer."""
        versions = {block.version for block in self.tiers[tier]}
        wanted = [block for block in self._blocks(peer) if block.version in versions]
        if not wanted or _within(wanted, self.tiers[tier]):
            return True
        ways = [(f.client, f.server, f.ports) if is_client else (f.server, f.client, f.ports) for f in self.flows]
        return _covers([p for here, there, p in ways if here == tier and _within(wanted, self._blocks(there))], ports)

    def _owners(self, end: str) -> list[str]:
        """The tiers that an end belongs to."""
        if end in self.tiers:
            return [end]
        return [tier for tier, blocks in self.tiers.items() if _within([ip_network(end)], blocks)]

    def _blocks(self, end: str) -> Sequence[Block]:
        return self.tiers[end] if end in self.tiers else [ip_network(end)]


def _within(inner: Sequence[Block], outer: Sequence[Block]) -> bool:
    return all(any(contains(block, each) for block in outer) for each in inner)


def _covers(several: Sequence[Ports], wanted: Ports | None) -> bool:
    """Whether some ranges of ports together hold all of another one."""
    if any(ports.protocol is Protocol.ALL for ports in several):
        return True
    if wanted is None or wanted.protocol is Protocol.ALL:
        return False
    next_ = wanted.first
    for ports in sorted(several, key=lambda each: each.first):
        if ports.protocol is wanted.protocol and ports.first <= next_:
            next_ = max(next_, ports.last + 1)
    return next_ > wanted.last
