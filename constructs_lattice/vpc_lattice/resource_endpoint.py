"""Endpoints through which a VPC reaches one resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice._checks import Place
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc import IpProtocol
from constructs_lattice.vpc_lattice.domain_verification import is_within
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
from constructs_lattice.vpc_lattice.port_ranges import as_ports
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.resource_configuration import ResourceConfiguration
from constructs_lattice.vpc_lattice.resource_definition import ResourceType
from constructs_lattice.vpc_lattice.resource_gateway import DnsResolution, ResourceGatewayBase
from constructs_lattice.vpc_lattice.resource_paths import ResourcePaths
from constructs_lattice.vpc_lattice.resource_reference import ResourceConfigurationBase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

    from constructs_lattice.vpc import Ports
    from constructs_lattice.vpc_lattice.private_domains import PrivateDomains

__all__ = ["ResourceEndpoint"]


class ResourceEndpoint(LatticeEndpoint):
    """Lets a VPC reach one resource, or one group of them, of another VPC or another account.

    Connections are made from this side only. The endpoint's DNS name is resolved everywhere, and its addresses are
    reached from wherever the VPC is. Whatever is changed but its security groups and tags, another endpoint takes its
    place.

    Args:
        scope: The construct that this endpoint is part of.
        id: The id within `scope`.
        resource_configuration: A database, a domain name, an address or a group, one's own or one that is shared with
            the stack's account.
        vpc: The VPC, ours or any `ec2.IVpc`.
        subnets: One subnet in each zone; the resource gateway must have a zone in common with them. By default the tier
            for endpoints, else those that the VPC prefers.
        clients: Who may connect. By default the VPC's own addresses; none more than `security_groups` let in if those
            are given.
        ports: The ports of TCP on which they may. Those of the resource configuration by default.
        security_groups: One to five groups of the VPC. One is made by default.
        ip_protocol: The addresses of its network interfaces. IPv4 by default, whatever the resource has. IPv6 needs
            subnets of IPv6 only.
        private_dns: For which custom domain names the VPC gets a private hosted zone. None by default. A database that
            is shared by its ARN is then found under the name that RDS gave it.

    Raises:
        ArgumentError: The region or a zone has no VPC Lattice, something is in another region, the resource is a child
            of a group or a network segment, its ports are not known, the subnets are of another IP version, share a
            zone, or have none in common with the gateway, a security group is in another VPC, the VPC lacks what
            private DNS needs, or one of its service network endpoints has private DNS for the resource.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-resources.html
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
        ports: Sequence[int | Ports] | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        ip_protocol: IpProtocol = IpProtocol.IPV4,
        private_dns: PrivateDomains | None = None,
    ) -> None:
        where = Place(scope, id)
        Region.of(scope).check(where)
        _check_resource(where, resource_configuration, vpc)
        arn = resource_configuration.resource_configuration_ref.resource_configuration_arn
        check_here(where, scope, ("vpc", vpc, vpc.vpc_id), ("resource configuration", resource_configuration, arn))
        check_endpoint(where, vpc, security_groups, private_dns)
        let_in = choose_clients(where, vpc, clients, security_groups)
        open_ports = _open_ports(where, resource_configuration, ports) if let_in else ()
        chosen = InterfaceSubnets.choose(where, vpc, subnets)
        chosen.check_protocol(where, ip_protocol)
        check_zones(where, scope, chosen, resource_configuration)
        paths = ResourcePaths.of(scope)
        if private_dns is not None:
            paths.check_resource_endpoint(where, vpc.vpc_id, arn)
        super().__init__(scope, id)
        self._define(
            EndpointType.RESOURCE,
            vpc=vpc,
            subnets=chosen,
            security_groups=security_groups,
            ip_protocol=ip_protocol,
            private_dns=private_dns,
            resource_configuration_arn=arn,
        )
        self._let_in(let_in, open_ports)
        if private_dns is not None:
            paths.resource_endpoints[vpc.vpc_id][arn] = self.node.path

    @staticmethod
    def from_vpc_endpoint_id(
        scope: Construct, id: str, vpc_endpoint_id: str, *, security_groups: Sequence[ec2.ISecurityGroup] = ()
    ) -> LatticeEndpointBase:
        """An endpoint that exists already; with its security groups, its `connections` can be used."""
        return ImportedEndpoint(scope, id, vpc_endpoint_id=vpc_endpoint_id, security_groups=security_groups)


def _check_resource(where: object, configuration: interfaces.IResourceConfigurationRef, vpc: ec2.IVpc) -> None:
    type_ = configuration.type if isinstance(configuration, ResourceConfigurationBase) else None
    if type_ is ResourceType.CHILD:
        raise ArgumentError(
            f"{where}: {configuration.node.path} is a child of a group, which is reached as a whole; use the group"
        )
    if type_ is ResourceType.CIDR:
        raise ArgumentError(
            f"{where}: {configuration.node.path} is a network segment, which is reached through a tunnel; "
            "use a TunnelEndpoint"
        )
    if not isinstance(configuration, ResourceConfiguration):
        return
    gateway, names = configuration.gateway, (configuration.custom_domain_name, configuration.definition.domain_name)
    if (
        None not in names
        and isinstance(gateway, ResourceGatewayBase)
        and gateway.dns_resolution is DnsResolution.IN_VPC
        and gateway.vpc is not None
        and gateway.vpc.vpc_id == vpc.vpc_id
        and is_within(names[1] or "", names[0] or "")
    ):
        raise ArgumentError(
            f"{where}: in the vpc of its gateway, {names[1]} would be resolved by the custom_domain_name {names[0]!r}, "
            "which leads back to it; put the endpoint into another vpc"
        )


def _open_ports(
    where: object, configuration: interfaces.IResourceConfigurationRef, ports: Sequence[int | Ports] | None
) -> Sequence[ec2.Port]:
    if ports is not None:
        return [each.for_security_group() for each in as_ports(where, ports)]
    known = configuration.client_ports if isinstance(configuration, ResourceConfigurationBase) else ()
    if not known:
        raise ArgumentError(f"{where}: the ports of {configuration.node.path} are not known; give ports")
    return known
