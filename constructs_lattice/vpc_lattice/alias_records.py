"""Records that lead from a custom domain name to the name that VPC Lattice gives to a service.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-vpc-lattice-service.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from aws_cdk import aws_route53 as route53
    from constructs import Construct

__all__ = ["add_alias_records", "check_zone"]


def check_zone(where: object, domain_name: str | None, zone: route53.IHostedZone | None) -> None:
    """Raise `ArgumentError` when there is a hosted zone, but no domain name in it."""
    if zone is None:
        return
    if domain_name is None:
        raise ArgumentError(f"{where}: a hosted_zone is for a custom_domain_name, but there is none; give it, too")
    zone_name = zone.zone_name
    if is_token(domain_name) or is_token(zone_name):
        return
    name, end = (f".{each.rstrip('.').lower()}" for each in (domain_name, zone_name))
    if not name.endswith(end):
        raise ArgumentError(
            f"{where}: custom_domain_name must be in the hosted zone {zone_name!r}, got {domain_name!r}; "
            "give the zone that it is in"
        )


def add_alias_records(scope: Construct, zone: route53.IHostedZone, name: str, target: str, target_zone_id: str) -> None:
    """Add the records for IPv4 and IPv6: VPC Lattice answers over both."""
    from aws_cdk import aws_route53 as route53  # noqa: PLC0415 - loaded by who has a hosted zone only

    for id_, type_ in (("Ipv4Record", "A"), ("Ipv6Record", "AAAA")):
        route53.CfnRecordSet(
            scope,
            id_,
            hosted_zone_id=zone.hosted_zone_id,
            name=name,
            type=type_,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(dns_name=target, hosted_zone_id=target_zone_id),
        )
