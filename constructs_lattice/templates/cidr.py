"""Cutting a block into smaller ones, as `Fn::Cidr` does.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
"""

from ipaddress import ip_network

__all__ = ["cut"]

_MOST = 256


def cut(block: str, count: int, bits: int) -> list[str] | str:
    """The first `count` blocks with `bits` bits for their hosts in `block`; or what is wrong, in words."""
    try:
        network = ip_network(block, strict=False)
    except ValueError:
        return f"{block!r} is no CIDR block"
    prefix = network.max_prefixlen - bits
    if not 1 <= count <= _MOST:
        return f"the number of blocks must be 1 to {_MOST}, got {count}"
    if not network.prefixlen <= prefix <= network.max_prefixlen:
        return f"a block with {bits} host bits does not fit into {block}"
    if count > 1 << (prefix - network.prefixlen):
        return f"{block} holds {1 << (prefix - network.prefixlen)} blocks with {bits} host bits, not {count}"
    first, size = int(network.network_address), 1 << bits
    make = type(network.network_address)
    return [f"{make(first + index * size)}/{prefix}" for index in range(count)]
