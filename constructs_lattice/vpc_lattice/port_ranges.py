"""The ports on which a resource is reached, as VPC Lattice takes them and as security groups do."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Tokenization

from constructs_lattice._checks import check_range
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.ports import Ports, Protocol

__all__ = ["as_ports", "port_ranges"]

_PORTS = (1, 65_535)


def as_ports(where: object, ports: Sequence[int | Ports]) -> tuple[Ports, ...]:
    """The ports, a number being one of TCP.

    Raises `ArgumentError` when there are none, when one is out of range, or when a protocol is not TCP.
    """
    if not ports:
        raise ArgumentError(f"{where}: ports is empty, so nobody could connect; give a port at least")
    made = tuple(dict.fromkeys(each if isinstance(each, Ports) else Ports.tcp(each) for each in ports))
    for each in made:
        if each.protocol is not Protocol.TCP:
            raise ArgumentError(f"{where}: ports must be of TCP, which is all that VPC Lattice passes, got {each}")
        check_range(where, "ports", each.first, *_PORTS)
    return made


def port_ranges(ports: Sequence[Ports]) -> list[str]:
    """The ports as VPC Lattice takes them, such as `443` and `8000-8099`."""
    return [_text(each.first) + (f"-{_text(each.last)}" if each.last != each.first else "") for each in ports]


def _text(port: int) -> str:
    text: str = Tokenization.stringify_number(port) if is_token(port) else str(port)
    return text
