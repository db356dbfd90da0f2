"""Addresses and packets in a few words."""

from ipaddress import IPv4Address, IPv6Address

from constructs_lattice.model.block import INTERNET
from constructs_lattice.model.ranges import Ranges, intersect
from constructs_lattice.reachability.flow import ALL_PORTS, ICMP, ICMPV6, TCP, UDP, Flow

__all__ = ["addresses_in_words", "packet_in_words", "protocol_in_words"]

_NAMES = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMPV6: "icmp"}
_WITH_PORTS = (TCP, UDP)
_BITS = {4: 32, 6: 128}

# A host of the internet that everybody knows, for examples of packets.
_SOMEBODY = ((int(IPv4Address("8.8.8.8")),) * 2,)


def addresses_in_words(version: int, ranges: Ranges) -> str:
    """Some addresses, such as `10.0.0.0/24 and others`."""
    if ranges == INTERNET[version]:
        return "the internet"
    (low, high), *more = ranges
    first, last = _address(version, low), _address(version, high)
    text = first if low == high else _block(version, low, high) or f"{first}-{last}"
    return f"{text} and others" if more else text


def _block(version: int, low: int, high: int) -> str:
    """A range as a block, if it is one."""
    size = high - low + 1
    if size & (size - 1) or low % size:
        return ""
    return f"{_address(version, low)}/{(_BITS[version]) - size.bit_length() + 1}"


def protocol_in_words(flow: Flow) -> str:
    """What packets are, such as `tcp 443`."""
    name = _NAMES.get(flow.protocol, f"protocol {flow.protocol}")
    if flow.protocol not in _WITH_PORTS or not flow.dport:
        return name
    if flow.dport == ALL_PORTS:
        return name
    (low, high), *more = flow.dport
    ports = f"{low}" if low == high else f"{low}-{high}"
    return f"{name} {ports}{' and others' if more else ''}"


def packet_in_words(flow: Flow) -> str:
    """One of these packets, such as `tcp 8.8.8.8:1024 to 10.0.0.0:443`."""
    name = _NAMES.get(flow.protocol, f"protocol {flow.protocol}")
    ends = []
    for ranges in (flow.src, flow.dst):
        known = flow.version == 4 and intersect(ranges, _SOMEBODY)  # noqa: PLR2004 - the version of IP
        ends.append(_address(flow.version, (known or ranges)[0][0]))
    if flow.protocol in _WITH_PORTS:
        ports = (flow.sport[0][0], flow.dport[0][0])
        shape = "{}:{}" if flow.version == 4 else "[{}]:{}"  # noqa: PLR2004
        ends = [shape.format(end, port) for end, port in zip(ends, ports, strict=True)]
    return f"{name} {ends[0]} to {ends[1]}"


def _address(version: int, number: int) -> str:
    return str(IPv4Address(number) if version == 4 else IPv6Address(number))  # noqa: PLR2004
