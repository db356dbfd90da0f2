"""Whether an endpoint and a resource gateway have a zone in common, without which nothing passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.resource_configuration import ResourceConfiguration
from constructs_lattice.vpc_lattice.resource_gateway import ResourceGatewayBase

if TYPE_CHECKING:
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

    from constructs_lattice.vpc_lattice.interface_subnets import InterfaceSubnets

__all__ = ["check_zones"]


def check_zones(
    where: object, scope: Construct, subnets: InterfaceSubnets, configuration: interfaces.IResourceConfigurationRef
) -> None:
    """Raise `ArgumentError` when the endpoint's subnets and those of the resource gateway certainly share no zone."""
    gateway = configuration.gateway if isinstance(configuration, ResourceConfiguration) else None
    if not isinstance(gateway, ResourceGatewayBase) or gateway.interface_subnets is None:
        return
    one_account = Region.of(scope).place == Region.of(gateway).place
    if subnets.are_apart_from(gateway.interface_subnets, one_account=one_account):
        raise ArgumentError(
            f"{where}: the endpoint must have a zone in common with resource gateway {gateway.node.path}, got none; "
            "choose subnets in its zones"
        )
