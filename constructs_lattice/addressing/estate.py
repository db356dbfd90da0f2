"""The addresses of a whole estate: several VPCs, and what belongs to others, without overlap."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

from constructs_lattice._checks import check_list
from constructs_lattice.addressing.block import is_relative, parse_block
from constructs_lattice.addressing.plan import VpcPlan, aligned
from constructs_lattice.errors import AddressError

__all__ = ["AddressEstate"]


class AddressEstate:
    """Who has which addresses: VPCs that are to reach each other, and foreign networks that they are to reach.

    Two owners never have the same addresses, unless that is said with `let_overlap`. Hand it to each `Vpc`.

    Args:
        foreign: The blocks of networks that are not made here, such as those on premises or a partner's, by a name.

    Raises:
        AddressError: A block is malformed, or two foreign networks overlap.
        ArgumentError: One text is given in the place of a list of blocks.
    """

    def __init__(self, foreign: Mapping[str, Sequence[str]] | None = None) -> None:
        self._blocks: list[tuple[str, IPv4Network]] = []
        self._plans: dict[str, VpcPlan] = {}
        self._pairs: set[frozenset[str]] = set()
        for owner, blocks in (foreign or {}).items():
            check_list("foreign", owner, blocks)
            for text in blocks:
                self.claim(owner, parse_block(owner, text))

    @property
    def plans(self) -> Mapping[str, VpcPlan]:
        """The plans of the VPCs, by their names."""
        return dict(self._plans)

    def let_overlap(self, one: str, other: str) -> None:
        """Let two owners have the same addresses, because they never talk to each other."""
        self._pairs.add(frozenset((one, other)))

    def claim(self, owner: str, block: IPv4Network) -> None:
        """Give `block` to `owner`. Raises `AddressError`, naming both, when somebody else has a part of it."""
        self.check(owner, block)
        self._blocks.append((owner, block))

    def check(self, owner: str, block: IPv4Network) -> None:
        """Raise `AddressError`, naming both, when somebody else than `owner` has a part of `block`."""
        for other, taken in self._blocks:
            if other != owner and block.overlaps(taken) and frozenset((owner, other)) not in self._pairs:
                raise AddressError(f"{block} of {owner} overlaps {taken} of {other}; give one of them another block")

    def add(self, vpc: str, plan: VpcPlan) -> None:
        """Give a VPC its blocks, and remember its plan. Raises `AddressError` as `claim` does.

        A block that IPAM gives is kept apart from others by IPAM.
        """
        for block in (plan.block, *plan.secondary):
            if not is_relative(block):
                self.claim(vpc, block)
        self._plans[vpc] = plan

    def as_dict(self) -> dict[str, Any]:
        """The plans of all VPCs as plain data, by their names, and the blocks of foreign networks."""
        foreign = {owner: blocks for owner, blocks in self._by_owner().items() if owner not in self._plans}
        return {"vpcs": {vpc: plan.as_dict() for vpc, plan in self._plans.items()}, "foreign": foreign}

    def _by_owner(self) -> dict[str, list[str]]:
        blocks: dict[str, list[str]] = {}
        for owner, block in self._blocks:
            blocks.setdefault(owner, []).append(str(block))
        return blocks

    def table(self) -> str:
        """The plans of all VPCs as aligned text, a line for each subnet, and what each VPC has left."""
        ipv6 = ["ipv6"] if any(plan.ipv6 for plan in self._plans.values()) else []
        rows = [("vpc", "tier", "zone", "block", "usable hosts", *ipv6)]
        rows += [(vpc, *row) for vpc, plan in self._plans.items() for row in plan.rows()]
        left = [f"{vpc}, {plan.summary()}" for vpc, plan in self._plans.items()]
        return "\n".join([*aligned(rows), *left])
