"""Protocols and ports, as network ACLs and security groups both know them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from aws_cdk import aws_ec2 as ec2

from constructs_lattice._checks import check_range, check_whole
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

__all__ = ["EphemeralPorts", "Ports", "Protocol"]

_PORTS = (0, 65_535)


class Protocol(StrEnum):
    """The protocols that have ports, and all of them."""

    TCP = "tcp"
    UDP = "udp"
    ALL = "all"

    @property
    def number(self) -> int:
        """The number by which network ACLs know it."""
        return {Protocol.TCP: 6, Protocol.UDP: 17, Protocol.ALL: -1}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What somebody listens on: `Ports.tcp(5432)`, `Ports.udp(53)`, `Ports.tcp(8000, 8099)` or `Ports.everything()`.

    Raises `ArgumentError` for a port that is none, and for a range that ends before it begins.
    """

    protocol: Protocol
    first: int = 0
    last: int = _PORTS[1]

    def __post_init__(self) -> None:
        """Check the range."""
        for port in (self.first, self.last):
            if not is_token(port):
                check_whole("ports", "port", port)
            check_range("ports", "port", port, *_PORTS)
        if self.last < self.first and not is_token([self.first, self.last]):
            raise ArgumentError(f"ports: a range must end after it begins, got {self.first} to {self.last}")

    @classmethod
    def tcp(cls, first: int, last: int | None = None) -> Self:
        """A port of TCP, or those from `first` to `last`."""
        return cls(protocol=Protocol.TCP, first=first, last=first if last is None else last)

    @classmethod
    def udp(cls, first: int, last: int | None = None) -> Self:
        """A port of UDP, or those from `first` to `last`."""
        return cls(protocol=Protocol.UDP, first=first, last=first if last is None else last)

    @classmethod
    def everything(cls) -> Self:
        """All ports of all protocols."""
        return cls(protocol=Protocol.ALL)

    def __str__(self) -> str:
        """Such as `tcp 5432`."""
        if self.protocol is Protocol.ALL:
            return "everything"
        return f"{self.protocol} {self.first}" + (f"-{self.last}" if self.last != self.first else "")

    def for_security_group(self) -> ec2.Port:
        """As the rules of security groups take it."""
        match self.protocol:
            case Protocol.TCP:
                return ec2.Port.tcp_range(self.first, self.last) if self.last > self.first else ec2.Port.tcp(self.first)
            case Protocol.UDP:
                return ec2.Port.udp_range(self.first, self.last) if self.last > self.first else ec2.Port.udp(self.first)
            case Protocol.ALL:
                return ec2.Port.all_traffic()


class EphemeralPorts(StrEnum):
    """The ports from which a client connects, and to which its answers go; network ACLs must be told.

    https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
    """

    ANY = "1024-65535"
    """Every client, among them NAT gateways, load balancers and Lambda functions."""

    LINUX = "32768-60999"
    """Instances and containers of Linux that talk by themselves, without a NAT gateway or a load balancer between."""

    WINDOWS = "49152-65535"
    """Instances of Windows Server 2008 and later, likewise."""

    def answers(self, ports: Ports) -> Ports:
        """The ports to which answers go that come from `ports`."""
        if ports.protocol is Protocol.ALL:
            return ports
        first, last = (int(port) for port in self.split("-"))
        return Ports(protocol=ports.protocol, first=first, last=last)
