"""Resource gateways: where traffic for shared resources enters their VPC."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place, check_range
from constructs_lattice._construct import LatticeResource, name_tag
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc import IpProtocol
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.interface_subnets import InterfaceSubnets
from constructs_lattice.vpc_lattice.names import Named, make_name
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Feature, Region
from constructs_lattice.vpc_lattice.vpc_identity import check_security_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

__all__ = ["DnsResolution", "ResourceGateway", "ResourceGatewayBase"]

_ADDRESSES = {IpProtocol.IPV4: "IPV4", IpProtocol.IPV6: "IPV6", IpProtocol.DUAL_STACK: "DUALSTACK"}
_ADDRESSES_PER_ENI = (1, 62)
_USUAL_ADDRESSES = 16
_KEPT_BY_AWS = 5


class DnsResolution(StrEnum):
    """Who resolves the domain names of resources."""

    PUBLIC = "PUBLIC"
    """Public DNS resolvers."""

    IN_VPC = "IN_VPC"
    """The DNS server of the gateway's own VPC, which knows its private hosted zones. Over UDP, up to 8.4 KB."""


@jsii.implements(interfaces.IResourceGatewayRef, ec2.IConnectable)
class ResourceGatewayBase(LatticeResource):
    """A resource gateway, defined or imported."""

    _arn: str
    _id: str
    _connections: ec2.Connections
    _vpc: ec2.IVpc | None = None
    _subnets: InterfaceSubnets | None = None
    _ip_protocol: IpProtocol | None = None
    _dns_resolution: DnsResolution | None = None
    _identity: str

    @property
    def resource_gateway_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def resource_gateway_id(self) -> str:
        """The id, such as `rgw-0123456789abcdef0`."""
        return self._id

    @property
    def resource_gateway_ref(self) -> interfaces.ResourceGatewayReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.ResourceGatewayReference(resource_gateway_arn=self._arn)

    @property
    def connections(self) -> ec2.Connections:
        """What it may connect to: only the outbound rules of its security groups count."""
        return self._connections

    @property
    def vpc(self) -> ec2.IVpc | None:
        """The VPC that it leads into, if that is known."""
        return self._vpc

    @property
    def dns_resolution(self) -> DnsResolution | None:
        """Who resolves the domain names of resources, if that is known."""
        return self._dns_resolution

    @property
    def ip_protocol(self) -> IpProtocol | None:
        """The addresses of its network interfaces, if they are known."""
        return self._ip_protocol

    @property
    def interface_subnets(self) -> InterfaceSubnets | None:
        """The subnets that its network interfaces are in, if they are known."""
        return self._subnets

    @property
    def identity(self) -> str:
        """What differs between this gateway and another one that takes its place."""
        return self._identity


class ResourceGateway(ResourceGatewayBase):
    """Lets traffic into a VPC, for the resources there that resource configurations share.

    Resources see the traffic come from the gateway's own addresses. The *outbound* rules of its security groups decide
    what it reaches: a resource configuration adds those for its resource, `connections` takes more.

    Whatever is changed but its security groups and tags, CloudFormation makes another gateway, and other resource
    configurations with it.

    Args:
        scope: The construct that this gateway is part of.
        id: The id within `scope`.
        vpc: The VPC, ours or any `ec2.IVpc`. Its subnets must not be shared by another account.
        subnets: The subnets of its network interfaces, in as many zones as possible: an endpoint must have a zone in
            common with it. By default one in each zone of those that the VPC prefers.
        security_groups: One to five groups of the VPC. One is made by default, which lets nothing out but to resources.
        ip_protocol: The addresses of its network interfaces. IPv4 by default. It must suit the resources, too. IPv6
            needs subnets of IPv6 only, and public DNS resolution.
        ipv4_addresses_per_eni: 1 to 62 addresses for each network interface, each good for 55,000 connections at a time
            to each destination. 16 by default.
        dns_resolution: Who resolves the domain names of resources: public resolvers by default. Databases that are
            shared by their ARN need those, network segments need the VPC's own.
        resource_gateway_name: Its name: 3 to 40 lower-case letters, digits and single hyphens. By default one that
            follows from its path and from all that replaces it, which is better: a name of one's own stands in the way
            when the gateway has to be replaced.

    Raises:
        ArgumentError: The region or a zone has no resource gateways, something is out of its limits, the subnets have
            too few addresses or are of another IP version, or a security group is in another VPC.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/resource-gateway.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        ip_protocol: IpProtocol = IpProtocol.IPV4,
        ipv4_addresses_per_eni: int | None = None,
        dns_resolution: DnsResolution = DnsResolution.PUBLIC,
        resource_gateway_name: str | None = None,
    ) -> None:
        where = Place(scope, id)
        region = Region.of(scope)
        region.check(where, Feature.RESOURCES)
        region.check_name(where, "resource_gateway_name", resource_gateway_name, Named.RESOURCE_GATEWAY)
        if security_groups is not None:
            check_security_groups(where, vpc, security_groups, 1)
        chosen = InterfaceSubnets.choose(where, vpc, subnets or ec2.SubnetSelection(one_per_az=True))
        chosen.check_protocol(where, ip_protocol)
        _check_addresses(where, ip_protocol, ipv4_addresses_per_eni, dns_resolution, chosen)
        super().__init__(scope, id)
        groups = list(security_groups or [self._security_group(vpc)])
        self._vpc = vpc
        self._subnets = chosen
        self._ip_protocol = ip_protocol
        self._dns_resolution = dns_resolution
        self._connections = ec2.Connections(security_groups=groups)
        name = resource_gateway_name or self._make_name(ipv4_addresses_per_eni)
        self._identity = name
        self._resource = vpclattice.CfnResourceGateway(
            self,
            "Resource",
            name=name,
            vpc_identifier=vpc.vpc_id,
            subnet_ids=list(chosen.ids),
            security_group_ids=[group.security_group_id for group in groups],
            ip_address_type=_ADDRESSES[ip_protocol],
            ipv4_addresses_per_eni=ipv4_addresses_per_eni,
            resource_config_dns_resolution=dns_resolution,
            tags=[name_tag(self)],
        )
        self._arn = self._resource.attr_arn
        self._id = self._resource.attr_id
        region.claim_name(self, resource_gateway_name, Named.RESOURCE_GATEWAY)
        region.count(self, Quota.RESOURCE_GATEWAYS, vpc.vpc_id)

    @staticmethod
    def from_resource_gateway_arn(scope: Construct, id: str, resource_gateway_arn: str) -> ResourceGatewayBase:
        """A resource gateway that exists already. Raises `ArgumentError` for anything else than the ARN of one."""
        return _ImportedResourceGateway(scope, id, arn=resource_gateway_arn)

    @staticmethod
    def from_resource_gateway_id(scope: Construct, id: str, resource_gateway_id: str) -> ResourceGatewayBase:
        """A resource gateway of the stack's own account and region, such as `rgw-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        arn = _arn(scope, id, resource_gateway_id)
        return _ImportedResourceGateway(scope, id, arn=arn, resource_gateway_id=resource_gateway_id)

    @staticmethod
    def from_resource_gateway_attributes(
        scope: Construct,
        id: str,
        *,
        resource_gateway_id: str,
        vpc: ec2.IVpc | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] = (),
        dns_resolution: DnsResolution | None = None,
    ) -> ResourceGatewayBase:
        """A resource gateway of the stack's own account and region, with what is known of it.

        With its security groups, resource configurations open the way from it to their resources. Raises
        `ArgumentError` for anything else than the id of one.
        """
        return _ImportedResourceGateway(
            scope,
            id,
            arn=_arn(scope, id, resource_gateway_id),
            resource_gateway_id=resource_gateway_id,
            vpc=vpc,
            security_groups=security_groups,
            dns_resolution=dns_resolution,
        )

    @property
    def resource(self) -> vpclattice.CfnResourceGateway:
        """The resource gateway itself, as CloudFormation knows it."""
        return self._resource

    @property
    def subnets(self) -> list[ec2.ISubnet]:
        """The subnets that its network interfaces are in."""
        return list(self._subnets.subnets if self._subnets else ())

    def _make_name(self, per_eni: int | None) -> str:
        """A name that changes with all that replaces the gateway: it is made before its predecessor is deleted."""
        # CloudFormation would change the number of addresses in place, which VPC Lattice does not do.
        stack, vpc, subnets = self.stack, self._vpc, self._subnets
        parts = [stack.stack_name, vpc and vpc.vpc_id, str(self._ip_protocol), str(self._dns_resolution), per_eni]
        # Subnets have no order.
        places = sorted(stack.resolve(subnets.identity if subnets else []), key=str)
        return make_name(Named.RESOURCE_GATEWAY, self.node.path, [*stack.resolve(parts), *places])

    def _security_group(self, vpc: ec2.IVpc) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="From a resource gateway to its resources",
            allow_all_outbound=False,
        )


def _check_addresses(
    where: object,
    ip_protocol: IpProtocol,
    per_eni: int | None,
    dns_resolution: DnsResolution,
    subnets: InterfaceSubnets,
) -> None:
    check_range(where, "ipv4_addresses_per_eni", per_eni, *_ADDRESSES_PER_ENI)
    if ip_protocol is IpProtocol.IPV6:
        if per_eni is not None:
            raise ArgumentError(
                f"{where}: ipv4_addresses_per_eni is for network interfaces that have IPv4 addresses, got {per_eni} "
                "with IPv6 only; leave it out"
            )
        if dns_resolution is DnsResolution.IN_VPC:
            raise ArgumentError(
                f"{where}: dns_resolution cannot be IN_VPC with IPv6 only; use PUBLIC or another ip_protocol"
            )
        return
    wanted = _USUAL_ADDRESSES if per_eni is None else per_eni
    for subnet, block in subnets.blocks():
        free = block.num_addresses - _KEPT_BY_AWS
        if not is_token(wanted) and free < wanted:
            raise ArgumentError(
                f"{where}: the gateway needs {wanted} addresses in each subnet, but {subnet.node.path} is {block} and "
                f"has {free}; use a larger one, or a smaller number as ipv4_addresses_per_eni"
            )


def _arn(scope: Construct, id: str, gateway_id: str) -> str:
    Identified.RESOURCE_GATEWAY.check_id(Place(scope, id), "resource_gateway_id", gateway_id)
    return Identified.RESOURCE_GATEWAY.arn_of(scope, gateway_id)


class _ImportedResourceGateway(Imported, ResourceGatewayBase):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        arn: str,
        resource_gateway_id: str | None = None,
        vpc: ec2.IVpc | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] = (),
        dns_resolution: DnsResolution | None = None,
    ) -> None:
        Identified.RESOURCE_GATEWAY.check_arn(Place(scope, id), "resource_gateway_arn", arn)
        super().__init__(scope, id)
        self._arn = arn
        self._id = resource_gateway_id or id_of(arn)
        self._identity = self.stack.resolve(arn)
        self._vpc = vpc
        self._dns_resolution = dns_resolution
        self._connections = ec2.Connections(security_groups=list(security_groups))
