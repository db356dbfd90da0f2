"""Endpoints through which a VPC reaches a service network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Annotations

from constructs_lattice._checks import Place
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc import IpProtocol
from constructs_lattice.vpc_lattice.endpoint import (
    EndpointType,
    ImportedEndpoint,
    LatticeEndpoint,
    LatticeEndpointBase,
    check_endpoint,
    choose_clients,
)
from constructs_lattice.vpc_lattice.interface_subnets import InterfaceSubnets
from constructs_lattice.vpc_lattice.ownership import check_here
from constructs_lattice.vpc_lattice.port_ranges import as_ports
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.resource_paths import ResourcePaths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

    from constructs_lattice.vpc import Ports
    from constructs_lattice.vpc_lattice.private_domains import PrivateDomains

__all__ = ["ServiceNetworkEndpoint"]

_HTTPS = 443
_NO_ROOM, _LITTLE_ROOM = 28, 27


class ServiceNetworkEndpoint(LatticeEndpoint):
    """Connects a VPC to a service network, besides its association with another one.

    A VPC can have any number of them. Clients that come over peering, a Transit Gateway, VPN or Direct Connect reach a
    service network through an endpoint only: the addresses of an association lead nowhere outside its VPC.

    Each service and each resource has a DNS name of its own for the endpoint, which is resolved everywhere.

    The endpoint takes addresses from its subnets: a contiguous /28 in each at first, another one once the service
    network has resources, and more as they become more. A subnet that is a /28 itself has no room, since AWS keeps five
    addresses of it.

    Args:
        scope: The construct that this endpoint is part of.
        id: The id within `scope`.
        service_network: The service network, one's own or one that is shared with the stack's account.
        vpc: The VPC, ours or any `ec2.IVpc`.
        subnets: One subnet in each zone. By default the tier for endpoints, else those that the VPC prefers.
        clients: Who may connect. By default the VPC's own addresses; none more than `security_groups` let in if those
            are given. Others have to be named, such as `ec2.Peer.ipv4("10.0.0.0/8")`.
        ports: The ports of TCP on which they may. 443 by default.
        security_groups: One to five groups of the VPC. One is made by default.
        ip_protocol: The addresses of its network interfaces. IPv4 by default. IPv6 needs subnets of IPv6 only.
        private_dns: For which custom domain names of resources the VPC gets a private hosted zone. None by default.

    Raises:
        ArgumentError: The region or a zone has no VPC Lattice, something is in another region, the subnets have no
            room, are of another IP version or share a zone, a security group is in another VPC, the VPC lacks what
            private DNS needs, or a resource endpoint of the VPC has private DNS for a resource of the service network.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-service-networks.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service_network: interfaces.IServiceNetworkRef,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        clients: Sequence[ec2.IConnectable] | None = None,
        ports: Sequence[int | Ports] = (_HTTPS,),
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        ip_protocol: IpProtocol = IpProtocol.IPV4,
        private_dns: PrivateDomains | None = None,
    ) -> None:
        where = Place(scope, id)
        region = Region.of(scope)
        region.check(where)
        arn = service_network.service_network_ref.service_network_arn
        check_here(where, scope, ("vpc", vpc, vpc.vpc_id), ("service network", service_network, arn))
        check_endpoint(where, vpc, security_groups, private_dns)
        let_in = choose_clients(where, vpc, clients, security_groups)
        open_ports = [each.for_security_group() for each in as_ports(where, ports)]
        chosen = InterfaceSubnets.choose(where, vpc, subnets)
        chosen.check_protocol(where, ip_protocol)
        tight = _check_room(where, chosen) if ip_protocol.has_ipv4 else []
        paths = ResourcePaths.of(scope)
        if private_dns is not None:
            paths.check_network_endpoint(where, vpc.vpc_id, arn)
        super().__init__(scope, id)
        self._define(
            EndpointType.SERVICE_NETWORK,
            vpc=vpc,
            subnets=chosen,
            security_groups=security_groups,
            ip_protocol=ip_protocol,
            private_dns=private_dns,
            service_network_arn=arn,
        )
        self._let_in(let_in, open_ports)
        if private_dns is not None:
            paths.network_endpoints[vpc.vpc_id][arn] = self.node.path
        region.count(self, Quota.ENDPOINTS, arn)
        if tight:
            Annotations.of(self).add_warning_v2(
                "constructs-lattice:latticeEndpointRoom",
                f"both halves of subnet {tight[0]} hold addresses that AWS keeps, so a whole /28 may not be free; use "
                "a /26 or larger",
            )

    @staticmethod
    def from_vpc_endpoint_id(
        scope: Construct, id: str, vpc_endpoint_id: str, *, security_groups: Sequence[ec2.ISecurityGroup] = ()
    ) -> LatticeEndpointBase:
        """An endpoint that exists already; with its security groups, its `connections` can be used."""
        return ImportedEndpoint(scope, id, vpc_endpoint_id=vpc_endpoint_id, security_groups=security_groups)


def _check_room(where: object, subnets: InterfaceSubnets) -> list[str]:
    """The paths of subnets that may be too small. Raises `ArgumentError` for one that certainly is."""
    tight = []
    for subnet, block in subnets.blocks():
        if block.prefixlen >= _NO_ROOM:
            raise ArgumentError(
                f"{where}: the endpoint needs a contiguous /28 in each subnet, but {subnet.node.path} is {block}, of "
                "which AWS keeps five addresses; use a /26 or larger"
            )
        if block.prefixlen == _LITTLE_ROOM:
            tight.append(subnet.node.path)
    return tight
