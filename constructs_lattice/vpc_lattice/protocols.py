"""What VPC Lattice speaks with clients and with targets.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/listeners.html#listener-configuration
https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html
"""

from enum import StrEnum

__all__ = ["EventStructureVersion", "IpAddressType", "ListenerProtocol", "ProtocolVersion", "TargetProtocol"]


class ListenerProtocol(StrEnum):
    """What a listener speaks. TLS_PASSTHROUGH hands encrypted connections on to targets that decrypt them."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"
    TLS_PASSTHROUGH = "TLS_PASSTHROUGH"

    @property
    def default_port(self) -> int:
        """80 for HTTP, 443 for the others."""
        return 80 if self is ListenerProtocol.HTTP else 443


class TargetProtocol(StrEnum):
    """How requests reach a target. TCP is for connections that a TLS_PASSTHROUGH listener hands on."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"
    TCP = "TCP"

    @property
    def default_port(self) -> int:
        """80 for HTTP, 443 for the others."""
        return 80 if self is TargetProtocol.HTTP else 443


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
