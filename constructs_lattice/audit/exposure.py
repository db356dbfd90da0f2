"""What can be reached from the internet and should not be."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lattice.audit.finding import Audited, Finding
from constructs_lattice.model.block import Block
from constructs_lattice.model.network import Network
from constructs_lattice.model.vpc import InterfaceKind, Subnet, TargetKind
from constructs_lattice.reachability.answer import Answer, Verdict
from constructs_lattice.reachability.parties import Addresses, Owner, TheInternet
from constructs_lattice.reachability.reachability import Protocol

__all__ = ["exposed_databases", "exposed_management", "ipv6_exposure"]

_MANAGEMENT = {22: "SSH", 3389: "RDP", 5985: "WinRM", 5986: "WinRM", 5900: "VNC"}
_IPV4, _IPV6 = 4, 6

# Two hosts far from each other, of each family: what lets both in lets in everybody, or nearly so.
_STRANGERS = (
    (Block.of("8.8.8.8"), Block.of("200.3.14.10")),
    (Block.of("2001:4860:4860::8888"), Block.of("2a00:1450::1")),
)


def exposed_databases(audited: Audited) -> Iterator[Finding]:
    """Databases, caches, brokers and file systems, at any port."""
    owners = dict.fromkeys(
        each.owners[0] for each in audited.network.interfaces.values() if each.kind is InterfaceKind.DATABASE
    )
    for owner in owners:
        answer = _from_internet(audited, owner)
        if answer is not None:
            yield Finding(
                check="public-database",
                resource=owner,
                text=f"it can be reached from the internet: {answer.packet}",
                way_out="take away its public address, or the rule that lets everybody in",
            )


def exposed_management(audited: Audited) -> Iterator[Finding]:
    """Instances at the ports of SSH, RDP and their like."""
    kinds = (InterfaceKind.INSTANCE, InterfaceKind.NETWORK_INTERFACE)
    owners = dict.fromkeys(each.owners[0] for each in audited.network.interfaces.values() if each.kind in kinds)
    for owner in owners:
        for port, name in _MANAGEMENT.items():
            answer = _from_anywhere(audited, owner, port)
            if answer is not None:
                yield Finding(
                    check="public-management",
                    resource=owner,
                    text=f"{name} can be reached from everywhere: {answer.packet}",
                    way_out="let in known addresses only, or use Session Manager",
                )


def _from_anywhere(audited: Audited, owner: str, port: int) -> Answer | None:
    """The witness of a connection from anywhere, and not from some known networks only, if there is one."""
    for hosts in _STRANGERS:
        answers = [audited.reachability.ask(Addresses(each), Owner(owner), Protocol.TCP, port) for each in hosts]
        if all(answer.verdict is Verdict.REACHABLE for answer in answers):
            return answers[0]
    return None


def _from_internet(audited: Audited, owner: str) -> Answer | None:
    """The witness of a connection from some host of the internet, if there is one."""
    for version in (_IPV4, _IPV6):
        answer = audited.reachability.ask(TheInternet(version), Owner(owner), Protocol.TCP)
        if answer.verdict is Verdict.REACHABLE:
            return answer
    return None


def ipv6_exposure(audited: Audited) -> Iterator[Finding]:
    """RT-3: `::/0` to an internet gateway opens over IPv6 what is shut over IPv4."""
    network = audited.network
    for subnet in network.subnets.values():
        if _leads_to_gateway(network, subnet, _IPV6) and not _leads_to_gateway(network, subnet, _IPV4):
            versions = {block.version for block in subnet.blocks}
            if _IPV4 in versions:
                yield Finding(
                    check="ipv6-exposure",
                    resource=subnet.id,
                    text="its route table sends ::/0 to an internet gateway, but 0.0.0.0/0 does not go there",
                    way_out="use an egress-only internet gateway",
                )


def _leads_to_gateway(network: Network, subnet: Subnet, version: int) -> bool:
    table = network.route_tables.get(subnet.route_table) if isinstance(subnet.route_table, str) else None
    return table is not None and any(
        route.kind is TargetKind.INTERNET_GATEWAY
        and isinstance(route.destination, Block)
        and route.destination.is_everything
        and route.destination.version == version
        for route in table.routes
    )
