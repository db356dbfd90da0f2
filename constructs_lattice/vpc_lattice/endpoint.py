"""VPC endpoints that lead to VPC Lattice: to a service network, to a resource, or into a network segment.

https://docs.aws.amazon.com/vpc/latest/privatelink/what-is-privatelink.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_ec2 as ec2
from aws_cdk.interfaces import aws_ec2 as ec2_interfaces

from constructs_lattice._construct import LatticeResource, name_tag
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc import IpProtocol, peers_within
from constructs_lattice.vpc_lattice.interface_subnets import InterfaceSubnets
from constructs_lattice.vpc_lattice.vpc_identity import check_dns, check_security_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lattice.vpc_lattice.private_domains import PrivateDomains

__all__ = [
    "EndpointType",
    "ImportedEndpoint",
    "LatticeEndpoint",
    "LatticeEndpointBase",
    "check_endpoint",
    "choose_clients",
]

_ADDRESSES = {IpProtocol.IPV4: "ipv4", IpProtocol.IPV6: "ipv6", IpProtocol.DUAL_STACK: "dualstack"}


class EndpointType(StrEnum):
    """What an endpoint leads to."""

    SERVICE_NETWORK = "ServiceNetwork"
    RESOURCE = "Resource"
    TUNNEL = "Tunnel"


@jsii.implements(ec2.IVpcEndpoint, ec2.IConnectable)
class LatticeEndpointBase(LatticeResource):
    """An endpoint, defined or imported."""

    _endpoint_id: str
    _connections: ec2.Connections

    @property
    def vpc_endpoint_id(self) -> str:
        """The id, such as `vpce-0123456789abcdef0`."""
        return self._endpoint_id

    @property
    def vpc_endpoint_ref(self) -> ec2_interfaces.VPCEndpointReference:
        """The reference by which constructs of the CDK know it."""
        return ec2_interfaces.VPCEndpointReference(vpc_endpoint_id=self._endpoint_id)

    @property
    def connections(self) -> ec2.Connections:
        """Who may connect to it."""
        return self._connections


class LatticeEndpoint(LatticeEndpointBase):
    """An endpoint in one VPC. It is of one of three types, each of which has a class."""

    _resource: ec2.CfnVPCEndpoint
    _vpc: ec2.IVpc
    _subnets: InterfaceSubnets

    @property
    def resource(self) -> ec2.CfnVPCEndpoint:
        """The endpoint itself, as CloudFormation knows it."""
        return self._resource

    @property
    def vpc(self) -> ec2.IVpc:
        """The VPC that it is in."""
        return self._vpc

    @property
    def subnets(self) -> list[ec2.ISubnet]:
        """The subnets that its network interfaces are in."""
        return list(self._subnets.subnets)

    def _define(
        self,
        type_: EndpointType,
        *,
        vpc: ec2.IVpc,
        subnets: InterfaceSubnets,
        security_groups: Sequence[ec2.ISecurityGroup] | None,
        ip_protocol: IpProtocol,
        private_dns: PrivateDomains | None = None,
        service_network_arn: str | None = None,
        resource_configuration_arn: str | None = None,
    ) -> None:
        self._vpc = vpc
        self._subnets = subnets
        groups = list(security_groups or [self._security_group(type_, vpc)])
        self._connections = ec2.Connections(security_groups=groups)
        self._resource = ec2.CfnVPCEndpoint(
            self,
            "Resource",
            vpc_endpoint_type=type_,
            vpc_id=vpc.vpc_id,
            subnet_ids=list(subnets.ids),
            security_group_ids=[group.security_group_id for group in groups],
            ip_address_type=_ADDRESSES[ip_protocol],
            private_dns_enabled=None if type_ is EndpointType.TUNNEL else private_dns is not None,
            dns_options=None
            if private_dns is None
            else ec2.CfnVPCEndpoint.DnsOptionsSpecificationProperty(**private_dns.options()),
            service_network_arn=service_network_arn,
            resource_configuration_arn=resource_configuration_arn,
            tags=[name_tag(self)],
        )
        self._endpoint_id = self._resource.attr_id

    def _security_group(self, type_: EndpointType, vpc: ec2.IVpc) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description=f"Clients of an endpoint of type {type_}",
            allow_all_outbound=False,
        )

    def _let_in(self, clients: Sequence[ec2.IConnectable], ports: Sequence[ec2.Port]) -> None:
        for client in clients:
            for port in ports:
                self._connections.allow_from(client, port)


class ImportedEndpoint(LatticeEndpointBase):
    """An endpoint that exists already."""

    def __init__(
        self, scope: Construct, id: str, *, vpc_endpoint_id: str, security_groups: Sequence[ec2.ISecurityGroup]
    ) -> None:
        super().__init__(scope, id)
        self._endpoint_id = vpc_endpoint_id
        self._connections = ec2.Connections(security_groups=list(security_groups))


def check_endpoint(
    where: object,
    vpc: ec2.IVpc,
    security_groups: Sequence[ec2.ISecurityGroup] | None,
    private_dns: PrivateDomains | None = None,
) -> None:
    """Raise `ArgumentError` for security groups of another VPC, and for private DNS in a VPC that is not fit for it."""
    if security_groups is not None:
        check_security_groups(where, vpc, security_groups, 1)
    if private_dns is not None:
        check_dns(where, vpc)


def choose_clients(
    where: object,
    vpc: ec2.IVpc,
    clients: Sequence[ec2.IConnectable] | None,
    security_groups: Sequence[ec2.ISecurityGroup] | None,
) -> Sequence[ec2.IConnectable]:
    """Who may connect: `clients`, else the VPC's own addresses, unless the security groups say it already.

    Raises `ArgumentError` when `clients` is given but empty.
    """
    if clients is not None:
        if not clients:
            raise ArgumentError(f"{where}: clients is empty, so nobody could connect; leave it out for the default")
        return clients
    return peers_within(vpc) if security_groups is None else ()
