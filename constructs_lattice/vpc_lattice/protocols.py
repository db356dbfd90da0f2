"""What VPC Lattice speaks with targets.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html
"""

from enum import StrEnum

__all__ = ["EventStructureVersion", "IpAddressType", "ProtocolVersion", "TargetProtocol"]


class TargetProtocol(StrEnum):
    """How requests reach a target."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"

    @property
    def default_port(self) -> int:
        """80 for HTTP, 443 for HTTPS."""
        return {TargetProtocol.HTTP: 80, TargetProtocol.HTTPS: 443}[self]


class ProtocolVersion(StrEnum):
    """The version of HTTP, or gRPC, that targets speak."""

    HTTP1 = "HTTP1"
    HTTP2 = "HTTP2"
    GRPC = "GRPC"


class IpAddressType(StrEnum):
    """The kind of addresses of the targets of an IP target group."""

    IPV4 = "IPV4"
    IPV6 = "IPV6"


class EventStructureVersion(StrEnum):
    """The form of the event that a Lambda function gets. V2 has what V1 has, and the caller's identity."""

    V1 = "V1"
    V2 = "V2"
