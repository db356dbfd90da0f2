"""Whether the security groups of an association or an endpoint let a client in.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from constructs_lattice.authorization.addresses import EVERYWHERE, Block, covers, without
from constructs_lattice.authorization.caller import LocationKind
from constructs_lattice.authorization.identifiers import are_same
from constructs_lattice.authorization.truth import NO, YES, Truth, all_of, any_of, assuming, unknown
from constructs_lattice.model.lattice import Client, InboundGroup, InboundRule, Lattice
from constructs_lattice.model.symbolic import SymbolicText
from constructs_lattice.model.unknown import Unknown

__all__ = ["ONLY_IPV4", "Admission"]

ONLY_IPV4 = "ASSUME-IPV4: the client speaks IPv4"
_IPV4, _IPV6 = 4, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """One client at the entrance: where it is, seen from `client`, the VPC that the entrance is in.

    `own` are the security groups of its network interface; nobody knows them if there are none.
    """

    lattice: Lattice
    kind: LocationKind
    client: Client | None
    port: int
    own: tuple[SymbolicText, ...] = ()

    def through(self, groups: Sequence[SymbolicText] | Unknown) -> Truth:
        """Whether any of the groups admits the client. They are one set of rules together."""
        if isinstance(groups, Unknown):
            return unknown(groups.reason)
        found, doubts = self._found(groups)
        rules = [(rule, self._is_for_port(rule)) for group in found for rule in group.rules]
        blocks = any_of([self._by_address(rules, _IPV4), *self._by_others(rules), *doubts])
        if self._addresses(_IPV6) and self._by_address(rules, _IPV6).value is not blocks.value:
            return assuming(blocks, ONLY_IPV4)
        return blocks

    def _found(self, groups: Iterable[SymbolicText]) -> tuple[list[InboundGroup], list[Truth]]:
        found: list[InboundGroup] = []
        doubts: list[Truth] = []
        for identifier in groups:
            same = [group for group in self.lattice.groups if are_same(identifier, group.physical_id).is_yes]
            if not same:
                doubts.append(unknown(f"the templates do not have the security group {identifier}"))
            found += same
            doubts += [unknown(doubt.reason) for group in same for doubt in group.doubts]
        return found, doubts

    def _is_for_port(self, rule: InboundRule) -> Truth:
        if isinstance(rule.ports, Unknown):
            return unknown(rule.ports.reason)
        first, last = rule.ports
        return (YES if first <= self.port <= last else NO) & (unknown(rule.doubt.reason) if rule.doubt else YES)

    def _by_address(self, rules: Sequence[tuple[InboundRule, Truth]], version: int) -> Truth:
        """Whether the blocks of the rules, together, hold the client's address."""
        addresses = self._addresses(version)
        sure = [block for rule, truth in rules if truth.is_yes for block in self._blocks(rule)]
        possible = [block for rule, truth in rules if not truth.is_no for block in self._blocks(rule)]
        if any(block.prefixlen == 0 and block.version == version for block in sure):
            return YES
        if not addresses:
            return unknown(self._nowhere()) if possible else NO
        if (certain := covers(sure, addresses)).is_yes or possible == sure:
            return certain
        return all_of([covers(possible, addresses), *(truth for _, truth in rules if truth.is_unknown)])

    def _by_others(self, rules: Iterable[tuple[InboundRule, Truth]]) -> Iterable[Truth]:
        """What rules do that name a security group, or a prefix list that is not in the templates."""
        for rule, truth in rules:
            source = rule.source
            if isinstance(source, Block) or truth.is_no or self._blocks(rule):
                continue
            if self._is_elsewhere(source):
                continue
            yield truth & self._is_one_of(rule, source)

    def _is_one_of(self, rule: InboundRule, source: SymbolicText) -> Truth:
        """Whether the client is a member of the security group, or has an address of the list, that a rule names."""
        is_told = self.own and self.kind is LocationKind.VPC and str(source).startswith("sg-")
        if not is_told:
            return unknown(f"{rule.id} lets {source} in, and nobody says whether the client is one of those")
        return any_of(are_same(source, each) for each in self.own)

    def _is_elsewhere(self, source: SymbolicText) -> bool:
        """Whether a source is a security group that the client cannot be in: its members are in another VPC."""
        if self.kind is LocationKind.ONPREM:
            return str(source).startswith("sg-")
        if self.kind is LocationKind.PEERED and self.client:
            own = self.client.physical_id
            return any(
                are_same(source, group.physical_id).is_yes and are_same(group.vpc, own).is_yes
                for group in self.lattice.groups
            )
        return False

    def _blocks(self, rule: InboundRule) -> Sequence[Block]:
        source = rule.source
        if isinstance(source, Block):
            return (source,)
        for identifier, blocks in self.lattice.prefix_lists:
            if are_same(source, identifier).is_yes:
                return blocks
        return ()

    def _addresses(self, version: int) -> list[Block]:
        client = self.client
        if client is None or client.doubts:
            return []
        if self.kind is LocationKind.VPC:
            blocks: Iterable[Block] = client.blocks
        elif self.kind is LocationKind.PEERED and client.peers:
            blocks = [block for peer in client.peers for block in peer]
        else:
            # Replies to addresses of the VPC itself would never leave it.
            blocks = without(EVERYWHERE, client.blocks)
        return [block for block in blocks if block.version == version]

    def _nowhere(self) -> str:
        client = self.client
        if client and client.doubts:
            return client.doubts[0].reason
        return "nobody knows the addresses of the client"
