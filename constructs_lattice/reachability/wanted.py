"""What a connection is to be: of which protocol, to which ports, over which version of IP."""

from __future__ import annotations

from dataclasses import dataclass

from constructs_lattice.model.ranges import Ranges, intersect
from constructs_lattice.reachability.flow import ALL_PORTS, CLIENT_PORTS, ICMP, ICMPV6, TCP, UDP, Flow

__all__ = ["Wanted"]

_ECHO: dict[int, tuple[int, Ranges]] = {4: (ICMP, ((8, 8),)), 6: (ICMPV6, ((128, 128),))}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A connection with one protocol to one of some ports. ICMP stands for a ping, whatever the version of IP."""

    protocol: int
    ports: Ranges
    version: int

    @property
    def is_ping(self) -> bool:
        """Whether it is an echo request and its answer."""
        return self.protocol == ICMP

    def at(self, port: int) -> Wanted | None:
        """The same to this port only; none if it is not among the ports."""
        ports = intersect(self.ports, ((port, port),))
        return Wanted(self.protocol, ports, self.version) if ports else None

    def among(self, ports: Ranges) -> Wanted | None:
        """The same to those of these ports that are wanted; none if there are none."""
        found = intersect(self.ports, ports)
        return Wanted(self.protocol, found, self.version) if found else None

    def first_packet(self, src: Ranges, dst: Ranges) -> Flow:
        """The packets that may open it."""
        if self.is_ping:
            protocol, echo = _ECHO[self.version]
            return Flow(self.version, protocol, src, dst, ALL_PORTS, echo)
        sport = CLIENT_PORTS if self.protocol in (TCP, UDP) else ALL_PORTS
        return Flow(self.version, self.protocol, src, dst, sport, self.ports)
