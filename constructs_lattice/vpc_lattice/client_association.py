"""Which association of a service network a client's requests take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice._construct import path_of
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.vpc_association import VpcAssociation
from constructs_lattice.vpc_lattice.vpc_identity import differ, vpc_of

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk.interfaces import aws_vpclattice as interfaces

__all__ = ["association_for"]


def association_for(network: interfaces.IServiceNetworkRef, client: ec2.IConnectable) -> VpcAssociation:
    """The association of the client's VPC: the VPC of its security groups, or else the only one that it can be.

    Raises `ArgumentError` when there is none, or more than one.
    """
    made = [vpc_of(group) for group in client.connections.security_groups]
    vpcs = {vpc_id for vpc_id in made if vpc_id is not None}
    possible = [
        each
        for each in VpcAssociation.of_network(network)
        if not any(differ(vpc_id, each.vpc.vpc_id) for vpc_id in vpcs)
    ]
    found = [each for each in possible if each.vpc.vpc_id in vpcs] or possible
    path = path_of(network)
    if not found:
        raise ArgumentError(f"{path}: no association of the client's VPC is made here; add_vpc_association makes one")
    if len(found) > 1:
        names = " or ".join(path_of(each) for each in found)
        raise ArgumentError(
            f"{path}: the client's VPC is not known, and may be that of {names}; use allow_client of its association"
        )
    return found[0]
