"""Which namespaces a network needs, and the cables between them.

A VPC is a router, with a cable to each host, each NAT gateway, and to each subnet of an attachment, peering connection
and internet gateway. Interfaces of one kind in one subnet are in a group, by which the router's rules know them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import NamedTuple

from tests.lab.facts import Attachment, Facts, Port

__all__ = ["GATEWAY_GROUP", "INTERNET", "INTERNET_HOSTS", "PEERING_GROUP", "Cable", "Wiring", "router", "transit"]

INTERNET = "internet"
INTERNET_HOSTS = ("8.8.8.8", "20.1.1.1", "151.101.1.1")
"""A host for each part of the internet that a template of the generator tells from the rest."""

GATEWAY_GROUP, PEERING_GROUP = 10, 11
_FIRST_HOST_GROUP, _FIRST_TRANSIT_GROUP = 100, 1_000


class Cable(NamedTuple):
    """Two interfaces, each in a namespace."""

    near: str
    near_name: str
    far: str
    far_name: str


def router(vpc: str) -> str:
    """The namespace of a VPC."""
    return f"router {vpc}"


def transit(gateway: str) -> str:
    """The namespace of a Transit Gateway."""
    return f"transit {gateway}"


@dataclass(frozen=True)
class Wiring:
    """The numbers that everything in a network has."""

    facts: Facts

    def number(self, id: str) -> int:
        """The number of something among its kind."""
        facts = self.facts
        for kind in (facts.ports, facts.subnets, facts.peerings, facts.attachments, facts.vpcs, facts.acls):
            if id in kind:
                return list(kind).index(id)
        raise KeyError(id)

    def host_group(self, subnet: str) -> int:
        """The group of the cables to hosts in a subnet."""
        return _FIRST_HOST_GROUP + self.number(subnet)

    def transit_group(self, subnet: str) -> int:
        """The group of the cables to Transit Gateways in a subnet."""
        return _FIRST_TRANSIT_GROUP + self.number(subnet)

    def host_cable(self, port: str) -> str:
        """The router's end of the cable to a host."""
        return f"h{self.number(port)}"

    def transit_cable(self, attachment: str, subnet: str) -> str:
        """Both ends of the cable of an attachment in a subnet."""
        return f"t{self.number(attachment)}.{self.number(subnet)}"

    def peering_cable(self, connection: str) -> str:
        """Both ends of the cable of a peering connection."""
        return f"p{self.number(connection)}"

    def public_address(self, port: Port) -> IPv4Address:
        """The address that a port has on the internet."""
        return IPv4Address("3.0.0.10") + self.number(port.id)

    def address_of(self, name: str, client: str) -> IPv4Address:
        """The address by which a client knows somebody: a host from the internet by its public one, if it has any."""
        if name in INTERNET_HOSTS:
            return IPv4Address(name)
        port = self.facts.port(name)
        return self.public_address(port) if client in INTERNET_HOSTS and port.is_public else port.address

    def ports_in(self, vpc: str) -> list[Port]:
        """Who is in a VPC."""
        return [each for each in self.facts.ports.values() if self.facts.vpc_of(each) == vpc]

    def attachments_of(self, vpc: str) -> list[Attachment]:
        """The attachments of a VPC."""
        return [each for each in self.facts.attachments.values() if each.vpc == vpc]

    def namespaces(self) -> Iterator[str]:
        """All of them."""
        yield INTERNET
        yield from map(router, self.facts.vpcs)
        yield from dict.fromkeys(transit(each.gateway) for each in self.facts.attachments.values())
        yield from self.facts.gateways
        yield from self.facts.ports

    def cables(self) -> Iterator[Cable]:
        """All of them."""
        facts = self.facts
        for port in facts.ports.values():
            yield Cable(router(facts.vpc_of(port)), self.host_cable(port.id), port.id, "e0")
        for each in facts.attachments.values():
            for subnet in each.subnets:
                name = self.transit_cable(each.id, subnet)
                yield Cable(router(each.vpc), name, transit(each.gateway), name)
        for id_, (one, other) in facts.peerings.items():
            name = self.peering_cable(id_)
            yield Cable(router(one), name, router(other), name)
        for number, (id_, vpc) in enumerate(facts.gateways.items()):
            yield Cable(router(vpc), "gw", id_, "inside")
            yield Cable(id_, "outside", INTERNET, f"gw{number}")
