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
    "check_disjoint",
    "check_secondary_blocks",
    "contains",
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

    Raises `AddressError` when `text` is no block, has no prefix length, has bits set behind its prefix, or is written
    in another way than AWS writes it, such as `10.0.0.0/255.255.0.0`.
    """
    network = _parse(where, text, "10.0.0.0/16")
    if not isinstance(network, IPv4Network):
        raise AddressError(f"{where}: {text!r} is an IPv6 block, an IPv4 block is needed here")
    return network


def parse_ipv6_block(where: object, text: str) -> IPv6Network:
    """Read an IPv6 block such as `2001:db8::/56`, as strictly as `parse_block` does. Raises `AddressError`."""
    network = _parse(where, text, "2001:db8::/56")
    if not isinstance(network, IPv6Network):
        raise AddressError(f"{where}: {text!r} is an IPv4 block, an IPv6 block is needed here")
    return network


def _parse(where: object, text: str, example: str) -> IPv4Network | IPv6Network:
    """A block of either family, written as it writes itself."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        network = None
    if network is None or "%" in text:  # Python reads scopes of link-local addresses, too
        raise AddressError(f"{where}: {text!r} is not a CIDR block such as {example}")
    if str(network) == text:
        return network
    if "/" not in text:
        raise AddressError(
            f"{where}: {text!r} has no prefix length; write {text}/{network.max_prefixlen} for the one address"
        )
    if ip_interface(text).ip != network.network_address:
        raise AddressError(f"{where}: {text!r} has bits set behind its prefix length, did you mean {network}?")
    raise AddressError(f"{where}: {text!r} is written in an unusual way, did you mean {network}?")


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


def contains(outer: IPv4Network | IPv6Network, inner: IPv4Network | IPv6Network) -> bool:
    """Whether all of `inner` is in `outer`, which is of the same family; several times as fast as `subnet_of`."""
    shift = outer.max_prefixlen - outer.prefixlen
    return (
        outer.version == inner.version
        and outer.prefixlen <= inner.prefixlen
        and (int(outer.network_address) ^ int(inner.network_address)) >> shift == 0
    )


def is_relative(block: IPv4Network) -> bool:
    """Whether a block counts from 0.0.0.0, because only the deployment knows where it begins."""
    return block.network_address in _THIS_NETWORK


def check_disjoint(where: object, blocks: Sequence[IPv4Network]) -> None:
    """Raise `AddressError` when two of the blocks of a VPC overlap."""
    for index, block in enumerate(blocks):
        if other := next((other for other in blocks[:index] if block.overlaps(other)), None):
            raise AddressError(f"{where}: secondary block {block} overlaps {other}; the blocks of a vpc are disjoint")


def check_secondary_blocks(where: object, blocks: Sequence[IPv4Network]) -> None:
    """Raise `AddressError` unless EC2 associates all but the first of `blocks` with a VPC that has the first.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions
    """
    check_disjoint(where, blocks)
    first = blocks[0]
    for index, block in enumerate(blocks[1:], 1):
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
