"""An interface endpoint, and what is said about it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from aws_cdk import aws_ec2 as ec2

from constructs_lattice._checks import check_pattern
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.endpoint_policy import EndpointPolicy
from constructs_lattice.vpc.endpoint_services import INBOUND_ONLY_SERVICES, refuses_policies, supports_private_dns
from constructs_lattice.vpc.ip_protocol import IpProtocol

__all__ = ["InterfaceEndpoint", "PrivateDns", "check_service"]

_SHORT_NAME = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


class PrivateDns(StrEnum):
    """Whose queries for a service's own name, such as `s3.eu-west-1.amazonaws.com`, are answered with the endpoint."""

    ON = "on"
    """Those of the VPC, and those that come through an inbound endpoint of the Route 53 Resolver."""

    INBOUND_ONLY = "inbound only"
    """Those through an inbound endpoint of the Route 53 Resolver only: networks on premises use the interface endpoint,
    and the VPC its gateway endpoint, which is free. For S3.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html#private-dns-s3
    """

    OFF = "off"
    """Nobody's: clients must be told the endpoint's own names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceEndpoint:
    """An interface endpoint of which more is said than the name of its service.

    - `service`: the short name, such as `ecr.api`.
    - `policy`: what may pass. By default the VPC's `endpoint_policy`.
    - `private_dns`: whose queries for the service's own name lead here. By default everybody's; for S3 only those from
      outside if the VPC has a gateway endpoint for it, and for services that do not support it nobody's.
    - `ip_protocol`: the versions of IP that the endpoint speaks. In a tier of IPv6 only it is that; else IPv4 by
      default, also in a dual-stack tier, since many services have no IPv6 addresses to give.
    - `dns_records`: which records the endpoint's names have. AWS decides by default.

    Raises `ArgumentError` for a name that is no short one, and for what the service does not support.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """

    service: str
    policy: EndpointPolicy | None = None
    private_dns: PrivateDns | None = None
    ip_protocol: IpProtocol | None = None
    dns_records: ec2.VpcEndpointDnsRecordIpType | None = None

    def __post_init__(self) -> None:
        """Check everything that can be checked without the VPC."""
        check_service("interface endpoint", "service", "be a short service name", self.service)
        where = f"interface endpoint {self.service!r}"
        if self.policy is not None and not self.policy.is_full_access and refuses_policies(self.service):
            raise ArgumentError(
                f"{where}: the service takes no endpoint policy, got one; ask for EndpointPolicy.full_access()"
            )
        if self.private_dns is PrivateDns.ON and not supports_private_dns(self.service):
            raise ArgumentError(f"{where}: the service has no private dns, got private_dns 'on'; leave it out")
        if self.private_dns is PrivateDns.INBOUND_ONLY and self.service not in INBOUND_ONLY_SERVICES:
            raise ArgumentError(
                f"{where}: private dns can be for inbound resolver endpoints only where there is a gateway endpoint as "
                "well, which is so for 's3'; ask for PrivateDns.ON or PrivateDns.OFF"
            )


def check_service(where: object, name: str, rule: str, service: str) -> None:
    """Raise unless `service`, the value of the argument `name`, is a short name such as `ecr.api`."""
    check_pattern(where, name, service, _SHORT_NAME, f"{rule} such as 'ecr.api'")
    if service.startswith(("com.amazonaws.", "aws.")):
        raise ArgumentError(f"{where}: {name} must {rule}, got {service!r}; leave out everything up to the region")
