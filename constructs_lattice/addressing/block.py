"""Reading CIDR blocks strictly.

`10.0.0.5/16` is an error here. Rounding it to 10.0.0.0/16 would hide a typing mistake; the CDK rounds it *up*, to
10.1.0.0/16.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
"""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_interface, ip_network

from constructs_lattice._tokens import is_token
from constructs_lattice.errors import AddressError

__all__ = [
    "LONGEST_PREFIX",
    "RESERVED_BY_AWS",
    "SHORTEST_PREFIX",
    "check_destination",
    "check_secondary_blocks",
    "is_relative",
    "parse_block",
    "parse_ipv6_block",
    "parse_vpc_block",
]

SHORTEST_PREFIX = 16
"""The largest VPC and the largest subnet are a /16."""

LONGEST_PREFIX = 28
"""The smallest VPC and the smallest subnet are a /28."""

RESERVED_BY_AWS = 5
"""The first four addresses and the last one of every subnet.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""

_THIS_NETWORK = IPv4Network("0.0.0.0/8")

# What EC2 refuses as the block of a VPC.
_FORBIDDEN = {
    _THIS_NETWORK: "this network",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("169.254.0.0/16"): "link-local",
    IPv4Network("224.0.0.0/4"): "multicast",
}

# Ranges that do not mix in one VPC.
_PRIVATE = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
_BENCHMARK = IPv4Network("198.19.0.0/16")
_DEFAULT_VPC = IPv4Network("172.31.0.0/16")
_LOW, _LOW_TWO = IPv4Network("10.0.0.0/16"), IPv4Network("10.0.0.0/15")


def parse_block(where: object, text: str) -> IPv4Network:
    """Read an IPv4 block such as `10.0.0.0/16`.

    Raises `AddressError` when `text` is no block, has no prefix length, or has bits set behind its prefix.
    """
    try:
        interface = ip_interface(text)
    except ValueError:
        raise AddressError(f"{where}: {text!r} is not a CIDR block such as 10.0.0.0/16") from None
    if "/" not in text:
        raise AddressError(f"{where}: {text!r} has no prefix length; write {text}/32 for the one address")
    network = ip_network(text, strict=False)
    if not isinstance(network, IPv4Network):
        raise AddressError(f"{where}: {text!r} is an IPv6 block, an IPv4 block is needed here")
    if interface.ip != network.network_address:
        raise AddressError(f"{where}: {text!r} has bits set behind its prefix length, did you mean {network}?")
    return network


def parse_vpc_block(where: object, text: str) -> IPv4Network:
    """Read the IPv4 block of a VPC: a `parse_block` that EC2 accepts as one.

    Raises `AddressError` also when the block is larger than a /16, smaller than a /28, or in a range that no VPC can
    use.
    """
    block = parse_block(where, text)
    if not SHORTEST_PREFIX <= block.prefixlen <= LONGEST_PREFIX:
        raise AddressError(f"{where}: a vpc block must be a /{SHORTEST_PREFIX} to a /{LONGEST_PREFIX}, got {block}")
    for range_, purpose in _FORBIDDEN.items():
        if block.overlaps(range_):
            raise AddressError(f"{where}: {block} is in the {purpose} range {range_}, which no vpc can use")
    return block


def is_relative(block: IPv4Network) -> bool:
    """Whether a block counts from 0.0.0.0, because only the deployment knows where it begins."""
    return block.network_address in _THIS_NETWORK


def parse_ipv6_block(where: object, text: str) -> IPv6Network:
    """Read an IPv6 block such as `2001:db8::/56`. Raises `AddressError` when `text` is none, or has bits set behind."""
    try:
        return IPv6Network(text)
    except ValueError as error:
        raise AddressError(f"{where}: {text!r} is not an IPv6 block: {error}") from None


def check_secondary_blocks(where: object, blocks: Sequence[IPv4Network]) -> None:
    """Raise `AddressError` unless EC2 associates all but the first of `blocks` with a VPC that has the first.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions
    """
    first = blocks[0]
    for index, block in enumerate(blocks[1:], 1):
        if other := next((other for other in blocks[:index] if block.overlaps(other)), None):
            raise AddressError(f"{where}: secondary block {block} overlaps {other}; the blocks of a vpc are disjoint")
        for range_ in (*_PRIVATE, _BENCHMARK):
            if block.subnet_of(range_) and not first.subnet_of(range_):
                raise AddressError(
                    f"{where}: secondary block {block} cannot be added to {first}, which is not in {range_}; "
                    "take one from 100.64.0.0/10 or from the range of the first block"
                )
        if block.subnet_of(_DEFAULT_VPC) and first.subnet_of(_PRIVATE[1]):
            raise AddressError(
                f"{where}: secondary block {block} is in {_DEFAULT_VPC}, which EC2 does not add to a vpc in "
                f"{_PRIVATE[1]}"
            )
        if block.subnet_of(_LOW) and any(other.subnet_of(_LOW_TWO) for other in blocks[:index]):
            raise AddressError(
                f"{where}: secondary block {block} is in {_LOW}, which EC2 does not add to a vpc with a block in "
                f"{_LOW_TWO}"
            )


def check_destination(where: object, cidr: str) -> None:
    """Raise `AddressError` unless `cidr` is a token or a strictly written IPv4 or IPv6 block."""
    if is_token(cidr):
        return
    parse = parse_ipv6_block if ":" in cidr else parse_block
    parse(where, cidr)
