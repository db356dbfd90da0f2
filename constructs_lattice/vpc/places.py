"""Where a block lies in another one, in the steps that Fn::Cidr can take."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

__all__ = ["steps"]

# Fn::Cidr gives 256 blocks at most.
_MOST_BITS = 8


def steps(outer: IPv4Network | IPv6Network, inner: IPv4Network | IPv6Network) -> Iterator[tuple[int, int, int]]:
    """From `outer` to `inner`: the index of a part, how many parts there are, and how many bits each of them has.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
    """
    offset = int(inner.network_address) - int(outer.network_address)
    prefix = outer.prefixlen
    while prefix < inner.prefixlen:
        parts = min(inner.prefixlen - prefix, _MOST_BITS)
        prefix += parts
        bits = inner.max_prefixlen - prefix
        yield (offset >> bits) % 2**parts, 2**parts, bits
