"""Packets on their way: where they are, what they have passed, and what is doubtful about it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, Subnet, Vpc
from constructs_lattice.reachability.ends import End, Host, Internet, ServiceList, Site
from constructs_lattice.reachability.filters import NO_DOUBTS, Doubts
from constructs_lattice.reachability.flow import Flow
from constructs_lattice.reachability.reason import Hop, Reason

__all__ = ["Arrival", "Choice", "Here", "Loss", "Place", "State", "Via", "Walk", "is_at", "same_zone"]


_set = object.__setattr__


class Via(StrEnum):
    """How packets came into a VPC."""

    INSIDE = "inside"
    INTERNET = "internet"
    PEERING = "peering"
    TRANSIT = "transit gateway"
    SITE = "virtual private gateway"


class Place(StrEnum):
    """Where packets arrive."""

    INTERFACE = "interface"
    INTERNET = "internet"
    SITE = "site"
    NAT = "NAT gateway"
    SERVICE = "gateway endpoint"


@dataclass(frozen=True, slots=True)
class Here:
    """Where in a VPC packets are: in a subnet, or in none when they come from a gateway."""

    vpc: Vpc
    subnet: Subnet | None = None

    def is_in(self, subnet: Subnet) -> bool:
        """Whether they are in this subnet."""
        return self.subnet is not None and self.subnet.id == subnet.id


@dataclass(frozen=True, slots=True)
class Choice:
    """What AWS chose among several: of what, which, and which there were.

    `is_shared`: the answers of a connection meet the same choice.
    """

    of: str
    taken: str
    options: tuple[str, ...]
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Some packets on their way.

    `origin` is the interface that sent them, none for those from outside. `appliances` are the firewalls they passed,
    `choices` what AWS chose on their way, `tables` the route tables that were asked. `lost` says why nobody knows any
    more from which security group they come, `doubt` why that is not certain. `is_answer`: they belong to a connection
    that others opened. Hops are kept if `is_traced`.
    """

    flow: Flow
    origin: Interface | None = None
    zone: str | Unknown = ""
    via: Via = Via.INSIDE
    hops: tuple[Hop, ...] = ()
    doubts: Doubts = NO_DOUBTS
    appliances: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    tables: tuple[str, ...] = ()
    lost: Reason | None = None
    doubt: Reason | None = None
    is_outbound_only: bool = False
    is_answer: bool = False
    is_traced: bool = True

    def narrowed(self, flow: Flow, doubts: Doubts = NO_DOUBTS) -> State:
        """Some of these packets, perhaps with more doubts."""
        if flow is self.flow and not doubts:
            return self
        return self._like(flow, self.doubts | doubts if doubts else self.doubts, self.hops)

    def past(self, resource: str, text: str) -> State:
        """One station further."""
        if not self.is_traced:
            return self
        return self._like(self.flow, self.doubts, (*self.hops, Hop(resource, text)))

    def _like(self, flow: Flow, doubts: Doubts, hops: tuple[Hop, ...]) -> State:
        """What `dataclasses.replace` would make, many times faster: this runs for each packet at each station."""
        made = object.__new__(State)
        for name in _KEPT:
            _set(made, name, getattr(self, name))
        _set(made, "flow", flow)
        _set(made, "doubts", doubts)
        _set(made, "hops", hops)
        return made

    def asks(self, table: str) -> State | None:
        """The packets that ask a route table; none if they did so before: they would take the same way for ever."""
        return None if table in self.tables else replace(self, tables=(*self.tables, table))

    def loss(self, reason: Reason, *, is_doubtful: bool = False) -> Loss:
        """These packets, lost here."""
        return Loss(flow=self.flow, reason=reason, is_doubtful=is_doubtful, hops=self.hops)

    @property
    def certain(self) -> bool:
        """Whether nothing is doubtful."""
        return not self.doubts


_KEPT = tuple(each.name for each in fields(State) if each.name not in ("flow", "doubts", "hops"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Packets that got somewhere; `at` is the interface, the gateway or the endpoint."""

    place: Place
    at: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Packets that got nowhere, after some stations.

    `is_doubtful`: they went where nobody can follow, and may still get somewhere.
    """

    flow: Flow
    reason: Reason
    is_doubtful: bool = False
    hops: tuple[Hop, ...] = ()


@dataclass(slots=True)
class Walk:
    """All that became of some packets."""

    arrivals: list[Arrival]
    losses: list[Loss]


def is_at(arrival: Arrival, end: End) -> bool:
    """Whether packets have arrived at an end."""
    match end:
        case Host(interface=interface):
            return arrival.place is Place.INTERFACE and arrival.at == interface.id
        case Internet():
            return arrival.place is Place.INTERNET
        case Site():
            return arrival.place is Place.SITE
        case ServiceList(endpoint=endpoint):
            return arrival.place is Place.SERVICE and arrival.at == endpoint


def same_zone(one: str | Unknown, other: str | Unknown) -> bool | None:
    """Whether two Availability Zones are the same one; `None` when nobody knows.

    RES-5: names that the account lists are zones by their places in the list, whatever they are called.
    """
    if one == other and not (isinstance(one, Unknown) and not one.symbol):
        return True
    if isinstance(one, str) and isinstance(other, str):
        return False
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        lists = {each.symbol.rpartition(":")[0] for each in (one, other)}
        if len(lists) == 1 and one.symbol.startswith("zone:"):
            return False
    return None
