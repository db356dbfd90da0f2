"""How CloudFormation knows the parts of a resource configuration, and what says that another one took their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_vpclattice as vpclattice

from constructs_lattice.vpc_lattice.domain_verification import DomainVerificationBase
from constructs_lattice.vpc_lattice.identifiers import id_of
from constructs_lattice.vpc_lattice.resource_gateway import ResourceGatewayBase

if TYPE_CHECKING:
    from aws_cdk.interfaces import aws_vpclattice as interfaces

__all__ = ["gateway_id", "identity_of", "verification_id"]


def identity_of(part: object) -> object:
    """What of a property says that another resource configuration takes the place of this one."""
    if isinstance(part, ResourceGatewayBase):
        return part.identity
    if isinstance(part, DomainVerificationBase):
        return [part.domain_verification_arn, part.domain_name]
    if isinstance(part, vpclattice.CfnResourceGateway):
        return part.attr_arn
    return part.domain_name if isinstance(part, vpclattice.CfnDomainVerification) else part


def gateway_id(gateway: interfaces.IResourceGatewayRef) -> str:
    """The id of a resource gateway, ours or not."""
    if isinstance(gateway, ResourceGatewayBase):
        return gateway.resource_gateway_id
    if isinstance(gateway, vpclattice.CfnResourceGateway):
        return gateway.attr_id
    return id_of(gateway.resource_gateway_ref.resource_gateway_arn)


def verification_id(verification: interfaces.IDomainVerificationRef) -> str:
    """The id of a domain verification, ours or not."""
    if isinstance(verification, DomainVerificationBase):
        return verification.domain_verification_id
    return id_of(verification.domain_verification_ref.domain_verification_arn)
