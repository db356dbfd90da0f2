"""VPC Block Public Access: what it blocks although gateways and routes would let it through.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
"""

from __future__ import annotations

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

    def outbound(
        self, vpc: Vpc, subnet: Subnet | None, *, is_outbound_only: bool, is_inspected: bool
    ) -> Blocked | None:
        """What blocks connections to the internet; `is_outbound_only` for NAT and egress-only internet gateways."""
        for block in self._of(vpc):
            is_open = block.blocks_egress is False and is_outbound_only
            if is_open or block.blocks_ingress is False:
                continue
            excluded = None if is_inspected else self._exclusion(vpc, subnet)
            if excluded is None:
                return self._blocked(block, block.blocks_egress if is_outbound_only else block.blocks_ingress)
        return None

    def inbound(self, vpc: Vpc, subnet: Subnet | None, *, is_inspected: bool) -> Blocked | None:
        """What blocks connections from the internet. RT-11: inspected ones also where there is an exclusion."""
        for block in self._of(vpc):
            if block.blocks_ingress is False:
                continue
            excluded = None if is_inspected else self._exclusion(vpc, subnet)
            if excluded is True:
                continue
            if isinstance(excluded, Unknown):
                return Blocked(block.id, excluded.reason, is_doubtful=True)
            return self._blocked(block, block.blocks_ingress)
        return None

    def _exclusion(self, vpc: Vpc, subnet: Subnet | None) -> bool | Unknown | None:
        """Whether there is an exclusion: `True` for both directions, `False` for the outbound one only."""
        ids = [vpc.id] if subnet is None else [subnet.id, vpc.id]
        found = [self._network.exclusions[each] for each in ids if each in self._network.exclusions]
        return found[0] if found else None

    def _of(self, vpc: Vpc) -> list[PublicAccessBlock]:
        return [
            each
            for each in self._network.public_access_blocks
            if (each.region, each.account) == (vpc.region, vpc.account)
        ]

    @staticmethod
    def _blocked(block: PublicAccessBlock, mode: bool | Unknown) -> Blocked:  # noqa: FBT001
        if isinstance(mode, Unknown):
            return Blocked(block.id, mode.reason, is_doubtful=True)
        return Blocked(block.id, "Block Public Access is on, and nothing excludes this subnet")
