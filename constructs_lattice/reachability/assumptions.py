"""What answers take for granted beyond the templates, each with an id: nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lattice.model.network import Network
from constructs_lattice.reachability.answer import Answer, Verdict
from constructs_lattice.reachability.parties import OnPremises, Owner, Party, TheInternet

__all__ = ["ASSUMPTIONS", "assumptions_of"]

ASSUMPTIONS = {
    "ASSUME-ACCEPTED": "requests of other accounts and regions, such as for peering, are accepted",
    "ASSUME-BGP": "sites advertise no addresses of VPCs, and no public ones that other routes lead to",
    "ASSUME-BPA": "no declarative policy of an organization blocks public access to VPCs",
    "ASSUME-DISTINCT": "blocks that only the deployment knows overlap no others",
    "ASSUME-HOST": "a host that is not in the templates is let through by its own security groups",
    "ASSUME-SG-EGRESS": "an egress rule that stands by itself removes the one that lets everything out of its group",
    "ASSUME-SITE": "the tunnels of VPN connections are up, and sites route and advertise as they have to",
}
"""The assumptions by their ids."""


def assumptions_of(network: Network, source: Party, target: Party, answer: Answer) -> list[str]:
    """The ids of what an answer takes for granted."""
    return sorted({*answer.assumptions, *_found(network, source, target, answer)})


def _found(network: Network, source: Party, target: Party, answer: Answer) -> Iterator[str]:
    parties = (source, target)
    reaches = answer.verdict is not Verdict.UNREACHABLE
    passed = {hop.resource for hop in (*answer.forward, *answer.back)} if reaches else set()
    if reaches and any(isinstance(each, TheInternet) for each in parties):
        yield "ASSUME-BPA"
    if any(isinstance(each, OnPremises) for each in parties):
        yield "ASSUME-SITE"
    if network.has_placeholders:
        yield "ASSUME-DISTINCT"
    learns = [each.has_bgp for each in network.vpn_gateways.values()]
    if any(learns) or any(each.has_bgp for each in network.attachments.values()):
        yield "ASSUME-BGP"
    for connection in network.peering_connections.values():
        if connection.id in passed and not (connection.is_same_account is True and connection.is_same_region is True):
            yield "ASSUME-ACCEPTED"
    if any(hop.startswith("a host in ") for hop in passed) or any(
        isinstance(each, Owner) and each.interfaces == () for each in parties
    ):
        yield "ASSUME-HOST"
    if any(network.security_groups[each].assumes_egress for each in _groups(network, source)):
        yield "ASSUME-SG-EGRESS"


def _groups(network: Network, party: Party) -> Iterator[str]:
    """The security groups of a party that are in the templates."""
    if not isinstance(party, Owner):
        return
    for interface in network.interfaces.values():
        if party.id in interface.owners or interface.id in (party.interfaces or ()):
            yield from (each for each in interface.groups or () if each in network.security_groups)
