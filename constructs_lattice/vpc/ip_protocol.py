"""The versions of IP that a VPC or a tier speaks."""

from enum import StrEnum

__all__ = ["IpProtocol"]


class IpProtocol(StrEnum):
    """The versions of IP that a VPC, or one of its tiers, speaks.

    With IPv6, AWS gives the VPC a /56, and each subnet has a /64 of it. Public tiers reach the internet, and are
    reached, through the internet gateway; private ones reach it through an egress-only gateway, by which nobody reaches
    them; the others have no way there. https://docs.aws.amazon.com/vpc/latest/userguide/aws-ipv6-support.html
    """

    IPV4 = "IPv4"

    DUAL_STACK = "dual stack"
    """IPv4 and IPv6."""

    IPV6 = "IPv6"
    """IPv6 only. What is in a private tier reaches IPv4 destinations through its NAT gateway, by DNS64 and NAT64."""

    @property
    def has_ipv4(self) -> bool:
        """Whether there are IPv4 addresses."""
        return self is not IpProtocol.IPV6

    @property
    def has_ipv6(self) -> bool:
        """Whether there are IPv6 addresses."""
        return self is not IpProtocol.IPV4
