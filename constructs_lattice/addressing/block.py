"""Reading CIDR blocks strictly.

`10.0.0.5/16` is an error here. Rounding it to 10.0.0.0/16 would hide a typing mistake; the CDK rounds it *up*, to
10.1.0.0/16.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
"""

from ipaddress import IPv4Network, ip_interface, ip_network

from constructs_lattice._tokens import is_token
from constructs_lattice.errors import AddressError

__all__ = [
    "LONGEST_PREFIX",
    "RESERVED_BY_AWS",
    "SHORTEST_PREFIX",
    "check_destination",
    "parse_block",
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

# What EC2 refuses as the block of a VPC.
_FORBIDDEN = {
    IPv4Network("0.0.0.0/8"): "this network",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("169.254.0.0/16"): "link-local",
    IPv4Network("224.0.0.0/4"): "multicast",
}


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


def check_destination(where: object, cidr: str) -> None:
    """Raise `AddressError` unless `cidr` is a token or a strictly written IPv4 or IPv6 block."""
    if is_token(cidr):
        return
    if ":" not in cidr:
        parse_block(where, cidr)
        return
    try:
        ip_network(cidr)
    except ValueError as error:
        raise AddressError(f"{where}: {cidr!r} is not an IPv6 block: {error}") from None
