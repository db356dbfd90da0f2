"""Endpoints through which a VPC reaches a network segment of another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice._checks import Place
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc import IpProtocol, Ports
from constructs_lattice.vpc_lattice.endpoint import (
    EndpointType,
    ImportedEndpoint,
    LatticeEndpoint,
    LatticeEndpointBase,
    check_endpoint,
    choose_clients,
)
from constructs_lattice.vpc_lattice.gateway_zones import check_zones
from constructs_lattice.vpc_lattice.interface_subnets import InterfaceSubnets
from constructs_lattice.vpc_lattice.ownership import check_here
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.resource_definition import ResourceType
from constructs_lattice.vpc_lattice.resource_reference import ResourceConfigurationBase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

__all__ = ["TunnelEndpoint"]

_GENEVE = 6081


class TunnelEndpoint(LatticeEndpoint):
    """Lets a VPC reach every address in a network segment of another one, through a tunnel.

    Clients wrap what they send in GENEVE, with the VNI 0, and send it to the endpoint on UDP 6081; what is inside is
    TCP, or a DNS query to 169.254.168.253, which the other VPC's resolver answers. There is no private DNS.

    Args:
        scope: The construct that this endpoint is part of.
        id: The id within `scope`.
        resource_configuration: The network segment, made by `ResourceConfiguration.cidrs`, or one that is shared with
            the stack's account.
        vpc: The VPC, ours or any `ec2.IVpc`.
        subnets: One subnet in each zone; the resource gateway must have a zone in common with them. By default the tier
            for endpoints, else those that the VPC prefers.
        clients: Who may send to it. By default the VPC's own addresses; none more than `security_groups` let in if
            those are given.
        security_groups: One to five groups of the VPC. One is made by default.
        ip_protocol: The addresses of its network interfaces. IPv4 by default, whatever the segment has.

    Raises:
        ArgumentError: The region or a zone has no VPC Lattice, something is in another region, the resource is
            something else than a network segment, the subnets are of another IP version, share a zone, or have none in
            common with the gateway, or a security group is in another VPC.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-cidr-ranges.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        resource_configuration: interfaces.IResourceConfigurationRef,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        clients: Sequence[ec2.IConnectable] | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        ip_protocol: IpProtocol = IpProtocol.IPV4,
    ) -> None:
        where = Place(scope, id)
        Region.of(scope).check(where)
        known = resource_configuration.type if isinstance(resource_configuration, ResourceConfigurationBase) else None
        if known not in (None, ResourceType.CIDR):
            raise ArgumentError(
                f"{where}: {resource_configuration.node.path} is of type {known}, and a tunnel leads to network "
                "segments only; use a ResourceEndpoint"
            )
        arn = resource_configuration.resource_configuration_ref.resource_configuration_arn
        check_here(where, scope, ("vpc", vpc, vpc.vpc_id), ("resource configuration", resource_configuration, arn))
        check_endpoint(where, vpc, security_groups)
        let_in = choose_clients(where, vpc, clients, security_groups)
        chosen = InterfaceSubnets.choose(where, vpc, subnets)
        chosen.check_protocol(where, ip_protocol, or_both=True)
        check_zones(where, scope, chosen, resource_configuration)
        super().__init__(scope, id)
        self._define(
            EndpointType.TUNNEL,
            vpc=vpc,
            subnets=chosen,
            security_groups=security_groups,
            ip_protocol=ip_protocol,
            resource_configuration_arn=arn,
        )
        self._let_in(let_in, [Ports.udp(_GENEVE).for_security_group()])

    @staticmethod
    def from_vpc_endpoint_id(
        scope: Construct, id: str, vpc_endpoint_id: str, *, security_groups: Sequence[ec2.ISecurityGroup] = ()
    ) -> LatticeEndpointBase:
        """An endpoint that exists already; with its security groups, its `connections` can be used."""
        return ImportedEndpoint(scope, id, vpc_endpoint_id=vpc_endpoint_id, security_groups=security_groups)
