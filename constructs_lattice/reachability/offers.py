"""What VPC endpoints lead to: something on some ports, which a connection gets on to from where it came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from constructs_lattice.model.ranges import Ranges, intersect
from constructs_lattice.model.vpc import Interface
from constructs_lattice.reachability.answer import Answer, all_of, unknown
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.ends import End, Host
from constructs_lattice.reachability.flow import ALL_PORTS
from constructs_lattice.reachability.ports import port_ranges
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["Offer", "Taking", "doubtful"]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something behind an endpoint: which protocols it takes, all if there is none, on which ports, and what then.

    `lead_on` is told the interface that they came in by, none for those that came in by an association.
    """

    protocols: tuple[int, ...] | None
    ports: Ranges
    lead_on: Callable[[Interface | None, Wanted], Answer]


def doubtful(reason: Reason, protocols: tuple[int, ...] | None = None) -> Offer:
    """What may be there."""
    return Offer(protocols, ALL_PORTS, lambda _, __: unknown(reason))


class Taking:
    """Connections in two parts: to an interface, and from there on. Both have to work on one port."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self._ranges = port_ranges([connections.network])

    def at_interface(
        self, client: End, interface: Interface, offers: Iterable[Offer], wanted: Wanted
    ) -> Iterator[Answer]:
        """Whether a client gets to the interface of an endpoint, and on to what is offered there."""
        for offer in offers:
            for at in self.alike(offer, wanted):
                taken = self.connections.answer(client, Host(interface), at)
                yield all_of([taken, offer.lead_on(interface, at)])

    def alike(self, offer: Offer, wanted: Wanted) -> Iterator[Wanted]:
        """What is wanted of an offer, by the ports that nothing in the network tells apart."""
        if offer.protocols is None or wanted.protocol in offer.protocols:
            ports = intersect(wanted.ports, offer.ports)
            for each in self._ranges:
                if part := intersect(ports, (each,)):
                    yield Wanted(wanted.protocol, part, wanted.version)
