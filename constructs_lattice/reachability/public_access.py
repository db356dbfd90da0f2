"""VPC Block Public Access: what it blocks although gateways and routes would let it through.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from constructs_lattice.model.network import Network, PublicAccessBlock
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Subnet, Vpc

__all__ = ["Blocked", "PublicAccess"]


@dataclass(frozen=True, slots=True)
class Blocked:
    """What blocks, and whether that is doubtful."""

    resource: str
    text: str
    is_doubtful: bool = False


class PublicAccess:
    """What the options and the exclusions of a network's accounts and regions say."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def judge(
        self,
        vpc: Vpc,
        subnet: Subnet | None,
        *,
        is_outbound: bool,
        is_outbound_only: bool,
        is_behind_firewall: bool,
    ) -> Blocked | None:
        """What blocks connections from or to the internet, and their answers.

        `is_outbound` says who opens them, `is_outbound_only` that they go through NAT or an egress-only internet
        gateway. Exclusions do not count for what a Network Firewall inspects.
        """
        excluded = None if is_behind_firewall else self._exclusion(vpc, subnet)
        for block, is_sure in self._of(vpc):
            mode = block.blocks_egress if is_outbound and is_outbound_only else block.blocks_ingress
            if mode is False or excluded is True or (is_outbound and excluded is False):
                continue
            if isinstance(excluded, Unknown):
                return Blocked(block.id, excluded.reason, is_doubtful=True)
            if isinstance(mode, Unknown):
                return Blocked(block.id, mode.reason, is_doubtful=True)
            if not is_sure:
                text = f"whether {vpc.id} is in the account and the region that it is for is not known"
                return Blocked(block.id, text, is_doubtful=True)
            return Blocked(block.id, "Block Public Access is on, and nothing excludes this subnet")
        return None

    def _exclusion(self, vpc: Vpc, subnet: Subnet | None) -> bool | Unknown | None:
        """Whether there is an exclusion: `True` for both directions, `False` for the outbound one only."""
        ids = [vpc.id, ""] if subnet is None else [subnet.id, vpc.id, ""]
        found = [self._network.exclusions[each] for each in ids if each in self._network.exclusions]
        unknown = next((each for each in found if isinstance(each, Unknown)), None)
        return True if True in found else unknown if unknown is not None else False if found else None

    def _of(self, vpc: Vpc) -> Iterator[tuple[PublicAccessBlock, bool]]:
        """The options for the VPC's account and region, those that surely are first."""
        maybe = []
        for each in self._network.public_access_blocks:
            places = ((each.region, vpc.region), (each.account, vpc.account))
            if all(own == other for own, other in places):
                yield each, True
            elif all(own == other or Unknown in (type(own), type(other)) for own, other in places):
                maybe.append(each)
        yield from ((each, False) for each in maybe)
