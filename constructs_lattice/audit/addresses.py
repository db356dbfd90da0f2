"""Addresses that two connected VPCs have.

https://docs.aws.amazon.com/vpc/latest/peering/invalid-peering-configurations.html#overlapping-cidr
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from constructs_lattice.audit.finding import Audited, Finding
from constructs_lattice.model.gateways import AttachmentKind
from constructs_lattice.model.ranges import intersect
from constructs_lattice.model.vpc import Vpc

__all__ = ["overlaps"]


def overlaps(audited: Audited) -> Iterator[Finding]:
    """VPCs with the same addresses that are peered, or attached to one Transit Gateway."""
    network = audited.network
    for by, vpcs in _connected(audited):
        for one, other in combinations(vpcs, 2):
            pair = _common(network.vpcs[one], network.vpcs[other])
            if pair is not None:
                yield Finding(
                    check="address-overlap",
                    resource=by,
                    text=f"it connects {one} with {pair[0]} and {other} with {pair[1]}, which overlap",
                    way_out="give one of them another block",
                )


def _connected(audited: Audited) -> Iterator[tuple[str, list[str]]]:
    network = audited.network
    for peering in network.peering_connections.values():
        sides = [each for each in (peering.requester, peering.accepter) if each in network.vpcs]
        yield peering.id, sides
    for gateway in network.transit_gateways:
        attached = [
            each.vpc
            for each in network.attachments.values()
            if each.kind is AttachmentKind.VPC and each.transit_gateway == gateway and each.vpc in network.vpcs
        ]
        yield gateway, list(dict.fromkeys(attached))


def _common(one: Vpc, other: Vpc) -> tuple[str, str] | None:
    """The first two blocks that overlap."""
    for mine in one.blocks:
        for theirs in other.blocks:
            if mine.version == theirs.version and intersect(mine.ranges, theirs.ranges):
                return str(mine), str(theirs)
    return None
