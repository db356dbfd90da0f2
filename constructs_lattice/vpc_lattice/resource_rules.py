"""Which resource goes with which gateway, and with which domain name.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/resource-configuration.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc import IpProtocol
from constructs_lattice.vpc_lattice.domain_names import check_domain_name
from constructs_lattice.vpc_lattice.domain_verification import DomainVerificationBase, is_within
from constructs_lattice.vpc_lattice.resource_definition import ResourceDefinition, ResourceType
from constructs_lattice.vpc_lattice.resource_gateway import DnsResolution, ResourceGatewayBase
from constructs_lattice.vpc_lattice.vpc_identity import differ

if TYPE_CHECKING:
    from aws_cdk import aws_rds as rds
    from aws_cdk.interfaces import aws_vpclattice as interfaces

__all__ = ["check_database", "check_domain", "check_gateway"]


def check_gateway(where: object, definition: ResourceDefinition, gateway: interfaces.IResourceGatewayRef) -> None:
    """Raise `ArgumentError` for a resource that the gateway cannot serve, as far as the gateway is known."""
    if not isinstance(gateway, ResourceGatewayBase):
        return
    resolution = gateway.dns_resolution
    if definition.type is ResourceType.ARN and resolution is DnsResolution.IN_VPC:
        raise ArgumentError(
            f"{where}: resource gateway {gateway.node.path} resolves names in its vpc, and databases by their ARN need "
            "one with DnsResolution.PUBLIC; make another gateway"
        )
    if definition.type is ResourceType.CIDR and resolution is DnsResolution.PUBLIC:
        raise ArgumentError(
            f"{where}: resource gateway {gateway.node.path} resolves names in public, and network segments need one "
            "with DnsResolution.IN_VPC; make another gateway"
        )
    own, wanted = gateway.ip_protocol, definition.ip_protocol
    if own is not None and {own, wanted} == {IpProtocol.IPV4, IpProtocol.IPV6}:
        raise ArgumentError(
            f"{where}: resource gateway {gateway.node.path} has {own.value} addresses only, got a resource with "
            f"{wanted.value if wanted else ''}; make another gateway"
        )


def check_domain(
    where: object, argument: str, name: str | None, verification: interfaces.IDomainVerificationRef | None
) -> None:
    """Raise `ArgumentError` for what is no domain name, or is out of the domain that was verified."""
    check_domain_name(where, argument, name)
    if verification is None:
        return
    if name is None:
        raise ArgumentError(f"{where}: a domain_verification is for a {argument}, but there is none; give it, too")
    known = verification.domain_name if isinstance(verification, DomainVerificationBase) else None
    if known is not None and not is_within(name, known):
        raise ArgumentError(
            f"{where}: {argument} must be {known!r}, which is verified, or below it, got {name!r}; "
            "give the verification of its own domain"
        )


def check_database(
    where: object,
    database: rds.IDatabaseInstance | rds.IDatabaseCluster,
    gateway: interfaces.IResourceGatewayRef,
) -> None:
    """Raise `ArgumentError` for a cluster that is publicly accessible, or a database that is in another VPC."""
    from aws_cdk import aws_rds as rds  # noqa: PLC0415 - loaded by who has a database only

    if isinstance(database, rds.DatabaseClusterBase):
        for each in database.node.find_all():
            if isinstance(each, rds.CfnDBCluster | rds.CfnDBInstance) and each.publicly_accessible is True:
                raise ArgumentError(
                    f"{where}: cluster {database.node.path} is publicly accessible, and cannot be shared by its ARN; "
                    "take it from the public, or share its domain name"
                )
    vpc = getattr(database, "vpc", None)
    own = gateway.vpc if isinstance(gateway, ResourceGatewayBase) else None
    if vpc is not None and own is not None and differ(vpc.vpc_id, own.vpc_id):
        raise ArgumentError(
            f"{where}: database {database.node.path} must be in the vpc of resource gateway {gateway.node.path}, got "
            "one in another; make a gateway there"
        )
