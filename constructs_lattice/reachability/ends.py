"""The ends of connections: interfaces, the internet, networks behind VPNs, and services that have no interface."""

from __future__ import annotations

from dataclasses import dataclass

from constructs_lattice.model.ranges import Ranges
from constructs_lattice.model.vpc import Interface, InterfaceKind

__all__ = ["TAKING_NOTHING", "End", "Host", "Internet", "ServiceList", "Site", "addresses", "narrowed"]

TAKING_NOTHING = {InterfaceKind.FUNCTION: "LB-7", InterfaceKind.NAT_GATEWAY: "RT-6"}
"""What opens connections only, and the rule that says so."""


@dataclass(frozen=True, slots=True)
class Host:
    """A network interface; `is_any` if it stands for hosts with any of its addresses, of which one will do."""

    interface: Interface
    is_any: bool = False


@dataclass(frozen=True, slots=True)
class Internet:
    """Hosts of the public internet, by family: any of them will do."""

    addresses: tuple[tuple[int, Ranges], ...]


@dataclass(frozen=True, slots=True)
class Site:
    """Hosts behind a VPN or a Direct Connect connection, by family: any of them will do.

    `is_elsewhere`: their addresses are those of a VPC, and routes decide who of the two is meant.
    """

    addresses: tuple[tuple[int, Ranges], ...]
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class ServiceList:
    """An AWS service behind a gateway endpoint, by the addresses that stand for its prefix list."""

    endpoint: str
    addresses: tuple[tuple[int, Ranges], ...]


End = Host | Internet | Site | ServiceList


def addresses(end: End, version: int) -> Ranges:
    """The addresses of an end in one family."""
    if isinstance(end, Host):
        return end.interface.addresses(version)
    return dict(end.addresses).get(version, ())


def narrowed(end: End, version: int, ranges: Ranges) -> End:
    """The hosts of an end with these addresses only; an interface stays what it is."""
    match end:
        case Internet():
            return Internet(((version, ranges),))
        case Site():
            return Site(((version, ranges),), end.is_elsewhere)
        case _:
            return end
