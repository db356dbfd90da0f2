"""A network out of its template: namespaces, cables, routes and filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.lab.facts import Facts
from tests.lab.hosts import (
    gateway_filters,
    gateway_routes,
    host_filters,
    host_routes,
    internet_routes,
    nat_filters,
)
from tests.lab.namespaces import Job, Namespace
from tests.lab.routers import router_filters, router_routes
from tests.lab.transit import transit_filters, transit_routes, transit_rules
from tests.lab.wiring import INTERNET, Wiring, router, transit
from tests.lab.worlds import World

__all__ = ["Building"]

_IP, _NFT = ("ip", "-batch", "-"), ("nft", "-f", "-")

# Both ends of every cable have the same address, and nobody asks for any: no packet waits for an answer.
_MAC = "02:00:00:00:00:01"


class Building:
    """A network that stands. The jobs have to be run, in this order: `cabling`, `furnishing`, and those of a world."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.wiring = Wiring(facts)
        self._world: World | None = None
        self._rooms = {name: Namespace() for name in self.wiring.namespaces()}
        forwarding = [*map(router, facts.vpcs), *self._transits, *facts.gateways, *facts.nats]
        for name in forwarding:
            self._rooms[name].forward()
        for port in facts.ports.values():
            if not port.is_nat:
                self._rooms[port.id].answer_no_pings()
        self._rooms[INTERNET].answer_no_pings()

    def close(self) -> None:
        """Let all namespaces go."""
        for room in self._rooms.values():
            room.close()

    def room(self, name: str) -> Namespace:
        """The namespace of a host, or that of all hosts of the internet."""
        port = self.facts.aliases.get(name, name)
        return self._rooms.get(port) or self._rooms[INTERNET]

    @property
    def _transits(self) -> dict[str, str]:
        """The Transit Gateways by their namespaces."""
        return {transit(each.gateway): each.gateway for each in self.facts.attachments.values()}

    def cabling(self) -> Iterator[Job]:
        """All cables."""
        lines = [
            f"link add {each.near_name} netns {self._rooms[each.near].path} address {_MAC} "
            f"type veth peer name {each.far_name} netns {self._rooms[each.far].path} address {_MAC}"
            for each in self.wiring.cables()
        ]
        yield Job(self._rooms[INTERNET], _IP, _text(lines))

    def furnishing(self) -> Iterator[Job]:
        """Routes and filters, as they are in every world."""
        wiring = self.wiring
        yield self._routes(INTERNET, internet_routes(wiring))
        for vpc in self.facts.vpcs:
            yield self._routes(router(vpc), router_routes(wiring, vpc))
            yield self._filters(router(vpc), router_filters(wiring, vpc))
        for name, gateway in self._transits.items():
            yield self._routes(name, transit_rules(wiring, gateway))
            yield self._filters(name, transit_filters(wiring, gateway))
        for name, vpc in self.facts.gateways.items():
            yield self._routes(name, gateway_routes())
            yield self._filters(name, gateway_filters(wiring, vpc))
        for port in self.facts.ports.values():
            yield self._routes(port.id, host_routes(port))
            if not port.is_nat:
                yield self._filters(port.id, host_filters(wiring, port))

    def become(self, world: World) -> Iterator[Job]:
        """What changes from the last world to this one."""
        before, self._world = self._world, world
        for name, gateway in self._transits.items():
            yield self._routes(name, transit_routes(self.wiring, gateway, world, before))
        if before is None or before.nat_ports != world.nat_ports:
            for nat in self.facts.nats:
                lines = ["table ip nat", "delete table ip nat", *nat_filters(self.facts.ports[nat], world.nat_ports)]
                yield self._filters(nat, lines)

    def _routes(self, name: str, lines: Iterable[str]) -> Job:
        return Job(self._rooms[name], _IP, _text(lines))

    def _filters(self, name: str, lines: Iterable[str]) -> Job:
        return Job(self._rooms[name], _NFT, _text(lines))


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
