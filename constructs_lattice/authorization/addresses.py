"""Which addresses a client may have, and whether some blocks cover them.

Blocks in 0.0.0.0/8 and 5f00::/16 stand for those that only the deployment knows. They compare with each other and with
everything; with any other block nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import TypeAlias, TypeVar

from constructs_lattice.authorization.truth import NO, YES, Truth, unknown

__all__ = ["EVERYWHERE", "Block", "covers", "without"]

Block: TypeAlias = IPv4Network | IPv6Network

_B = TypeVar("_B", IPv4Network, IPv6Network)

EVERYWHERE = IPv4Network("0.0.0.0/0")
_STAND_INS: tuple[Block, ...] = (IPv4Network("0.0.0.0/8"), IPv6Network("5f00::/16"))


def covers(blocks: Sequence[Block], addresses: Iterable[Block]) -> Truth:
    """Whether the blocks hold all the addresses; no if they hold none, unknown if they hold some."""
    truths = [_covers(blocks, each) for each in addresses]
    if truths and all(truth.is_yes for truth in truths):
        return YES
    if all(truth.is_no for truth in truths):
        return NO
    doubts = [truth for truth in truths if truth.is_unknown]
    return doubts[0] if doubts else unknown("the client may be in a block that is let in, or in one that is not")


def without(block: Block, others: Iterable[Block]) -> list[Block]:
    """What is left of a block."""
    left: list[Block] = [block]
    for other in others:
        left = [part for each in left for part in _cut(each, other)]
    return left


def _covers(blocks: Sequence[Block], addresses: Block) -> Truth:
    relevant = [block for block in blocks if block.version == addresses.version]
    comparable = [block for block in relevant if block.prefixlen == 0 or _stands_in(block) == _stands_in(addresses)]
    left = without(addresses, comparable)
    if not left:
        return YES
    if len(comparable) < len(relevant):
        return unknown(f"only the deployment shows whether {addresses} is in {', '.join(map(str, relevant))}")
    if left == [addresses]:
        return NO
    return unknown(f"only some addresses of {addresses} are in {', '.join(map(str, relevant))}")


def _stands_in(block: Block) -> bool:
    return any(_is_within(block, each) for each in _STAND_INS)


def _is_within(inner: Block, outer: Block) -> bool:
    match inner, outer:
        case (IPv4Network(), IPv4Network()) | (IPv6Network(), IPv6Network()):
            return inner.subnet_of(outer)  # type: ignore[arg-type] # the cases are of one family
        case _:
            return False


def _cut(block: Block, other: Block) -> list[Block]:
    if _is_within(block, other):
        return []
    if not _is_within(other, block):
        return [block]
    return list(block.address_exclude(other))  # type: ignore[arg-type] # both are of one family
