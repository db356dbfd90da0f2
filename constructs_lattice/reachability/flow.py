"""Flows: sets of packets of one protocol, as boxes over addresses and ports."""

from __future__ import annotations

from dataclasses import dataclass, replace

from constructs_lattice.model.ranges import Ranges, intersect, subtract

__all__ = ["ALL_PORTS", "CLIENT_PORTS", "ICMP", "ICMPV6", "TCP", "UDP", "Flow"]

TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58

ALL_PORTS: Ranges = ((0, 65_535),)

CLIENT_PORTS: Ranges = ((1_024, 65_535),)
"""From where clients connect: all that any system, NAT gateway or load balancer uses.

https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
"""

# The answer to an echo request of each protocol, and the request, by the types of ICMP.
_REPLY_TYPES: dict[int, Ranges] = {ICMP: ((0, 0),), ICMPV6: ((129, 129),)}
_ECHO_TYPES: dict[int, Ranges] = {ICMP: ((8, 8),), ICMPV6: ((128, 128),)}


@dataclass(frozen=True, slots=True)
class Flow:
    """All packets with a source, a destination and ports out of these sets. ICMP has its type as destination port."""

    version: int
    protocol: int
    src: Ranges
    dst: Ranges
    sport: Ranges
    dport: Ranges

    @property
    def is_empty(self) -> bool:
        """Whether there is no such packet."""
        return not (self.src and self.dst and self.sport and self.dport)

    def to(self, dst: Ranges) -> Flow:
        """The packets to these addresses."""
        if dst is self.dst:
            return self
        return Flow(self.version, self.protocol, self.src, dst, self.sport, self.dport)

    def from_(self, src: Ranges) -> Flow:
        """The packets from these addresses."""
        if src is self.src:
            return self
        return Flow(self.version, self.protocol, src, self.dst, self.sport, self.dport)

    def at(self, dport: Ranges) -> Flow:
        """The packets to these ports."""
        if dport is self.dport:
            return self
        return Flow(self.version, self.protocol, self.src, self.dst, self.sport, dport)

    def reply(self) -> Flow:
        """The answers to these packets."""
        if self.protocol in _REPLY_TYPES:
            return Flow(self.version, self.protocol, self.dst, self.src, ALL_PORTS, _REPLY_TYPES[self.protocol])
        return Flow(self.version, self.protocol, self.dst, self.src, self.dport, self.sport)

    def answered(self) -> Flow:
        """The packets that these are the answers to."""
        if self.protocol in _ECHO_TYPES:
            return Flow(self.version, self.protocol, self.dst, self.src, ALL_PORTS, _ECHO_TYPES[self.protocol])
        return Flow(self.version, self.protocol, self.dst, self.src, self.dport, self.sport)

    def answered_by(self, answers: Flow) -> Flow:
        """The packets whose answers are among `answers`."""
        if self.protocol in _REPLY_TYPES:
            return self.meet(Flow(self.version, self.protocol, answers.dst, answers.src, self.sport, self.dport))
        return self.meet(Flow(self.version, self.protocol, answers.dst, answers.src, answers.dport, answers.sport))

    def meet(self, other: Flow) -> Flow:
        """The packets that are in both; of one family and protocol."""
        return Flow(
            self.version,
            self.protocol,
            intersect(self.src, other.src),
            intersect(self.dst, other.dst),
            intersect(self.sport, other.sport),
            intersect(self.dport, other.dport),
        )

    def without(self, other: Flow) -> list[Flow]:
        """The packets that are not in the other, as disjoint flows."""
        common = self.meet(other)
        if common.is_empty:
            return [self]
        left = []
        if outside := subtract(self.src, common.src):
            left.append(replace(self, src=outside))
        if outside := subtract(self.dst, common.dst):
            left.append(replace(self, src=common.src, dst=outside))
        if outside := subtract(self.sport, common.sport):
            left.append(replace(common, sport=outside, dport=self.dport))
        if outside := subtract(self.dport, common.dport):
            left.append(replace(common, dport=outside))
        return left
