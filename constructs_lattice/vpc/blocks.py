"""The blocks that a VPC is told, as what is planned and judged with them."""

from collections.abc import Sequence
from ipaddress import IPv4Network

from constructs_lattice._checks import Place, check_list
from constructs_lattice._tokens import is_token
from constructs_lattice.addressing import check_destination, check_disjoint, check_secondary_blocks, parse_vpc_block
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.ipam_pool import IpamPool

__all__ = ["known_blocks", "vpc_blocks"]


def vpc_blocks(where: Place, cidr: str | IpamPool, secondary: Sequence[str]) -> list[IPv4Network]:
    """The blocks of a VPC, the first one first; what IPAM will give counts from 0.0.0.0.

    Raises `ArgumentError` for tokens, and `AddressError` for blocks that EC2 does not give to one VPC.
    """
    check_list(where, "secondary_cidrs", secondary)
    if is_token(cidr) or is_token(secondary):
        raise ArgumentError(
            f"{where}: cidr must be known at synthesis, since the tiers are planned in it, got a token; an IpamPool "
            "tells its size instead"
        )
    first = cidr.block if isinstance(cidr, IpamPool) else parse_vpc_block(where, cidr)
    blocks = [first, *(parse_vpc_block(where, block) for block in secondary)]
    if isinstance(cidr, IpamPool):
        check_disjoint(where, blocks)
    else:
        check_secondary_blocks(where, blocks)
    return blocks


def known_blocks(where: Place, blocks: Sequence[str]) -> Sequence[str]:
    """The blocks, all of which can be judged at synthesis. Raises `ArgumentError` and `AddressError` otherwise."""
    check_list(where, "blocks", blocks)
    for block in blocks:
        if is_token(block):
            raise ArgumentError(
                f"{where}: a block must be known at synthesis, since network ACLs judge it, got a token"
            )
        check_destination(where, block)
    return blocks
