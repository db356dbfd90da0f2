"""The endpoints through which a VPC reaches AWS services without the internet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from aws_cdk import Annotations
from aws_cdk import aws_ec2 as ec2

from constructs_lattice._checks import check_list
from constructs_lattice.addressing import VpcPlan
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.endpoint_policy import EndpointPolicy, check_size, known_region
from constructs_lattice.vpc.endpoint_services import (
    INBOUND_ONLY_SERVICES,
    admits_anybody,
    supports_private_dns,
    takes_policies,
)
from constructs_lattice.vpc.gateway_service import GatewayService
from constructs_lattice.vpc.interface import VpcInterface
from constructs_lattice.vpc.interface_endpoint import InterfaceEndpoint, PrivateDns, check_service
from constructs_lattice.vpc.ip_protocol import IpProtocol
from constructs_lattice.vpc.peers import peers_within
from constructs_lattice.vpc.tier import Role
from constructs_lattice.vpc.tier_subnets import TierSubnets

__all__ = ["InterfaceEndpoints", "check_endpoints", "home_of"]

# Where interface endpoints go, in this order.
_ROLES = (Role.ENDPOINTS, Role.PRIVATE, Role.ISOLATED)

_ADDRESSES = {
    IpProtocol.IPV4: ec2.VpcEndpointIpAddressType.IPV4,
    IpProtocol.IPV6: ec2.VpcEndpointIpAddressType.IPV6,
    IpProtocol.DUAL_STACK: ec2.VpcEndpointIpAddressType.DUALSTACK,
}

_Records = ec2.VpcEndpointDnsRecordIpType
_RECORDS = {
    IpProtocol.IPV4: {_Records.IPV4},
    IpProtocol.IPV6: {_Records.IPV6},
    IpProtocol.DUAL_STACK: {_Records.IPV4, _Records.IPV6, _Records.DUALSTACK, _Records.SERVICE_DEFINED},
}


class _HasRole(Protocol):
    @property
    def role(self) -> Role: ...


_Tier = TypeVar("_Tier", bound=_HasRole)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """What an endpoint comes to in its VPC."""

    private_dns: PrivateDns
    addresses: ec2.VpcEndpointIpAddressType | None


def home_of(tiers: Iterable[_Tier]) -> _Tier | None:
    """The tier that interface endpoints go to: one for them, else the first private, else the first isolated one."""
    known = list(tiers)
    return next((tier for role in _ROLES for tier in known if tier.role is role), None)


def check_endpoints(
    where: object, tiers: Sequence[_HasRole], wanted: Sequence[str | InterfaceEndpoint], made: Iterable[str] = ()
) -> None:
    """Raise unless the services in `wanted` are distinct, not `made` already, and have a tier to go to."""
    check_list(where, "interface_endpoints", wanted)
    if wanted and home_of(tiers) is None:
        raise ArgumentError(
            f"{where}: interface_endpoints need a tier for them, or a private or an isolated one, but there is none; "
            "add Tier.endpoints()"
        )
    services = [each.service if isinstance(each, InterfaceEndpoint) else each for each in wanted]
    for service in services:
        check_service(where, "interface_endpoints", "hold short service names", service)
        if services.count(service) > 1:
            raise ArgumentError(f"{where}: interface_endpoints names {service!r} {services.count(service)} times")
        if service in made:
            raise ArgumentError(f"{where}: there is an interface endpoint for {service!r} already, got another one")


class InterfaceEndpoints:
    """The interface endpoints of one VPC, all in one tier and in one security group, which admits the VPC."""

    def __init__(
        self,
        vpc: VpcInterface[Any, Any],
        plan: VpcPlan,
        *,
        policy: EndpointPolicy,
        gateways: Mapping[GatewayService, ec2.CfnVPCEndpoint],
    ) -> None:
        self._vpc = vpc
        self._plan = plan
        self._policy = policy
        self._gateways: dict[str, ec2.CfnVPCEndpoint] = {str(service): made for service, made in gateways.items()}
        self._group: ec2.SecurityGroup | None = None
        self._made: dict[str, ec2.InterfaceVpcEndpoint] = {}

    @property
    def _region(self) -> str | None:
        return known_region(self._vpc)

    @property
    def made(self) -> dict[str, ec2.InterfaceVpcEndpoint]:
        """The endpoints, by the short name of the service."""
        return dict(self._made)

    def add(self, where: object, wanted: Sequence[str | InterfaceEndpoint]) -> list[ec2.InterfaceVpcEndpoint]:
        """Make an endpoint for each service, once all of them have been found to be possible."""
        check_endpoints(where, self._vpc.tiers, wanted, self._made)
        home = home_of(self._vpc.tiers)
        if home is None:
            return []
        endpoints = [
            each if isinstance(each, InterfaceEndpoint) else InterfaceEndpoint(service=each) for each in wanted
        ]
        options = [self._options(where, home, endpoint) for endpoint in endpoints]
        return [self._make(home, *each) for each in zip(endpoints, options, strict=True)]

    def _make(self, home: TierSubnets, endpoint: InterfaceEndpoint, options: _Options) -> ec2.InterfaceVpcEndpoint:
        service = endpoint.service
        made = ec2.InterfaceVpcEndpoint(
            self._vpc,
            f"{service}-endpoint",
            vpc=self._vpc,
            service=ec2.InterfaceVpcEndpointAwsService(service),
            subnets=home.selection,
            security_groups=[self._security_group()],
            open=False,
            private_dns_enabled=options.private_dns is not PrivateDns.OFF,
            private_dns_only_for_inbound_resolver_endpoint=_resolvers(service, options.private_dns),
            ip_address_type=options.addresses,
            dns_record_ip_type=endpoint.dns_records,
        )
        cast("ec2.CfnVPCEndpoint", made.node.default_child).cdk_tag_manager.set_tag(
            "Name", f"{self._vpc.node.path}/{service}"
        )
        if options.private_dns is PrivateDns.INBOUND_ONLY:
            made.node.add_dependency(self._gateways[service])
        self._add_policy(made, endpoint)
        self._made[service] = made
        return made

    def _security_group(self) -> ec2.SecurityGroup:
        if self._group is None:
            self._group = ec2.SecurityGroup(
                self._vpc,
                "EndpointSecurityGroup",
                vpc=self._vpc,
                description="Interface endpoints: HTTPS from within the VPC",
                allow_all_outbound=False,
            )
            for peer in peers_within(self._vpc):
                self._group.add_ingress_rule(peer, ec2.Port.HTTPS, "HTTPS from within the VPC")
        return self._group

    def _add_policy(self, made: ec2.InterfaceVpcEndpoint, endpoint: InterfaceEndpoint) -> None:
        service, policy = endpoint.service, endpoint.policy or self._policy
        if not takes_policies(service) and (endpoint.policy is None or policy.is_full_access):
            # A policy might be refused, or refuse those who are no principals: only who says so gets one.
            if not (policy.is_full_access or admits_anybody(service)):
                Annotations.of(made).add_warning_v2(
                    "constructs-lattice:endpoint-without-policy",
                    f"it is not known whether the endpoint of {service!r} takes a policy that asks who calls, so it "
                    "has none and lets everything through; give it one by an InterfaceEndpoint",
                )
            return
        for statement in policy.document_statements(service, self._region):
            made.add_to_policy(statement)

    def _options(self, where: object, home: TierSubnets, endpoint: InterfaceEndpoint) -> _Options:
        where = f"{where}: interface endpoint {endpoint.service!r}"
        policy = endpoint.policy or self._policy
        if policy.statements:
            check_size(self._vpc, where, policy.document_statements(endpoint.service, self._region))
        return _Options(
            private_dns=self._private_dns(where, endpoint), addresses=self._addresses(where, home, endpoint)
        )

    def _private_dns(self, where: str, endpoint: InterfaceEndpoint) -> PrivateDns:
        service, wanted = endpoint.service, endpoint.private_dns
        if wanted is PrivateDns.INBOUND_ONLY and service not in self._gateways:
            raise ArgumentError(
                f"{where}: private dns can be for inbound resolver endpoints only where the vpc has a gateway endpoint "
                f"for {service!r}, which it has not; add it to gateway_endpoints, or ask for PrivateDns.ON"
            )
        if wanted is not None:
            return wanted
        if not supports_private_dns(service):
            return PrivateDns.OFF
        # The VPC goes by its gateway endpoint, which is free. AWS wants it so unless it is told otherwise.
        inbound_only = service in INBOUND_ONLY_SERVICES and service in self._gateways
        return PrivateDns.INBOUND_ONLY if inbound_only else PrivateDns.ON

    def _addresses(
        self, where: str, home: TierSubnets, endpoint: InterfaceEndpoint
    ) -> ec2.VpcEndpointIpAddressType | None:
        possible = _possible(self._plan, home.name)
        if endpoint.ip_protocol is not None and endpoint.ip_protocol not in possible:
            choices = " or ".join(str(each) for each in possible)
            raise ArgumentError(
                f"{where}: ip_protocol must be {choices} in tier {home.name!r}, got {str(endpoint.ip_protocol)!r}"
            )
        protocol = endpoint.ip_protocol or possible[0]
        if endpoint.dns_records is not None and endpoint.dns_records not in _RECORDS[protocol]:
            raise ArgumentError(
                f"{where}: dns_records must be of addresses that the endpoint has, which speaks {protocol}, got "
                f"{endpoint.dns_records.name}"
            )
        # Nothing needs to be said for IPv4, which is what AWS gives by default.
        said = endpoint.ip_protocol is not None or endpoint.dns_records is not None or protocol is IpProtocol.IPV6
        return _ADDRESSES[protocol] if said else None


def _possible(plan: VpcPlan, tier: str) -> list[IpProtocol]:
    """What an endpoint in the tier can speak, the default first."""
    ipv4, ipv6 = (any(name == tier for name, _ in blocks) for blocks in (plan.ipv4, plan.ipv6))
    if not ipv4:
        return [IpProtocol.IPV6]
    return [IpProtocol.IPV4, IpProtocol.DUAL_STACK] if ipv6 else [IpProtocol.IPV4]


def _resolvers(service: str, private_dns: PrivateDns) -> ec2.VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint | None:
    if service not in INBOUND_ONLY_SERVICES or private_dns is PrivateDns.OFF:
        return None
    resolvers = ec2.VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint
    return resolvers.ALL_RESOLVERS if private_dns is PrivateDns.ON else resolvers.ONLY_INBOUND_RESOLVER
