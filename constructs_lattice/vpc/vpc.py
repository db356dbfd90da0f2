"""The VPC construct."""

from collections.abc import Iterable, Sequence
from functools import partial
from ipaddress import IPv4Network, IPv6Network
from typing import Any, cast

import jsii
from aws_cdk import Fn
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice.addressing import (
    IPV6_BLOCK,
    AddressEstate,
    AddressLock,
    VpcPlan,
    is_relative,
    plan_vpc,
)
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.attributes import VpcAttributes
from constructs_lattice.vpc.blocks import known_blocks, vpc_blocks
from constructs_lattice.vpc.encryption_check import check_encryptable
from constructs_lattice.vpc.encryption_control import EncryptionControl
from constructs_lattice.vpc.endpoint_policy import EndpointPolicy, known_region
from constructs_lattice.vpc.endpoints import InterfaceEndpoints, check_endpoints
from constructs_lattice.vpc.flow_logs import FlowLogs
from constructs_lattice.vpc.fragment import (
    EGRESS_ONLY,
    IPV6_ASSOCIATION,
    MAIN,
    SHUT,
    VpcFragment,
    endpoint_id,
    secondary_id,
)
from constructs_lattice.vpc.gateway_endpoint import GatewayEndpoint, GatewayPolicies
from constructs_lattice.vpc.gateway_service import GatewayService
from constructs_lattice.vpc.imported_vpc import ImportedVpc
from constructs_lattice.vpc.interface import VpcInterface
from constructs_lattice.vpc.interface_endpoint import InterfaceEndpoint
from constructs_lattice.vpc.ip_protocol import IpProtocol
from constructs_lattice.vpc.ipam_pool import IpamPool
from constructs_lattice.vpc.isolation import Isolation, NetworkAcl
from constructs_lattice.vpc.nat import Nat
from constructs_lattice.vpc.nat_check import check_nat
from constructs_lattice.vpc.nat_resources import INSTANCE, INSTANCE_ADDRESS, INSTANCE_GROUP, REGIONAL_GATEWAY, add_nat
from constructs_lattice.vpc.network_acl import Flow
from constructs_lattice.vpc.parts import Parts
from constructs_lattice.vpc.places import steps
from constructs_lattice.vpc.ports import EphemeralPorts, Ports
from constructs_lattice.vpc.subnet import Subnet
from constructs_lattice.vpc.tier import Role, Tier
from constructs_lattice.vpc.tier_subnets import TierSubnets
from constructs_lattice.vpc.vpc_parameters import ParameterSource, check_parameters
from constructs_lattice.vpc.zones import Zones

__all__ = ["Vpc"]


@jsii.implements(ec2.IVpc)
class Vpc(VpcInterface[TierSubnets, Subnet]):
    """A VPC made of named tiers, usable wherever the CDK takes an `ec2.IVpc`.

    A tier has one subnet and one route table in each zone. Both are known by their tier and their zone, `("app", "a")`,
    in logical ids as in `vpc.subnet("app", "a")`: nothing depends on the order in which tiers or zones are declared.

    The VPC's default security group is shut: a resource that has no other group can open no connection. (The rule that
    admits members of the group stays, since CloudFormation cannot take it away.)

    Args:
        scope: The construct that this VPC is part of.
        id: The id within `scope`.
        cidr: The IPv4 block, a /16 to a /28, such as `10.20.0.0/16`; or the IPAM pool that gives it.
        secondary_cidrs: More IPv4 blocks, for tiers that have no room in the first one, or ask for them with `within`.
            None by default.
        tiers: The tiers. By default a public tier, a private one and an isolated one, named after their roles.
        zones: The Availability Zones; the first three of the account by default.
        nat: How private tiers reach the internet. By default a NAT gateway in every zone if there is a private tier.
        ip_protocol: The versions of IP that tiers speak unless they say otherwise. IPv4 by default.
        flow_logs: Where the records of the traffic go. By default a log group that keeps them for three months.
        gateway_endpoints: Services that private and isolated tiers reach without the internet, by gateway endpoints,
            which are free. S3 and DynamoDB by default.
        interface_endpoints: Short names of services, such as `ecr.api` or `secretsmanager`, that get an interface
            endpoint with private DNS in the tier for endpoints, else in the first private tier, else in the first
            isolated one. None by default.
        encryption_control: Whether encryption of what passes within the VPC is monitored or enforced. Neither by
            default.
        lock: What remembers the addresses, by the VPC's path in the construct tree. Without one, the plan is made anew
            each time.
        estate: What keeps the addresses of several VPCs and of foreign networks apart. Nothing by default.

    Raises:
        ArgumentError: The arguments contradict each other, such as a private tier without a public one for its NAT, or
            the block is a token.
        AddressError: A block is malformed, the tiers do not fit, or somebody else in the estate has the addresses.

    https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cidr: str | IpamPool,
        secondary_cidrs: Sequence[str] = (),
        tiers: Sequence[Tier] | None = None,
        zones: Zones | None = None,
        nat: Nat | None = None,
        ip_protocol: IpProtocol = IpProtocol.IPV4,
        flow_logs: FlowLogs | None = None,
        gateway_endpoints: Sequence[GatewayService | GatewayEndpoint] = (GatewayService.S3, GatewayService.DYNAMODB),
        interface_endpoints: Sequence[str | InterfaceEndpoint] = (),
        endpoint_policy: EndpointPolicy | None = None,
        encryption_control: EncryptionControl | None = None,
        lock: AddressLock | None = None,
        estate: AddressEstate | None = None,
    ) -> None:
        where = Place(scope, id)
        tiers = (Tier.public(), Tier.private(), Tier.isolated()) if tiers is None else tuple(tiers)
        zones = zones or Zones.first(3)
        nat = nat or (Nat.per_zone() if _with_role(tiers, Role.PRIVATE) else Nat.none())
        _check(where, tiers)
        check_endpoints(where, tiers, interface_endpoints)
        endpoint_policy = endpoint_policy or EndpointPolicy.same_account()
        gateway_policies = GatewayPolicies(where, gateway_endpoints, endpoint_policy)
        check_nat(where, nat, tiers, zones.keys, ip_protocol)
        check_encryptable(where, encryption_control, tiers, nat, ip_protocol)
        blocks = vpc_blocks(where, cidr, secondary_cidrs)
        # Who has which addresses is IPAM's affair when it gives them.
        known = blocks[isinstance(cidr, IpamPool) :]
        if estate is not None:
            for block in known:
                estate.check(str(where), block)
        memory = () if lock is None else lock.entries(str(where))
        requests = [tier.request(blocks[0].prefixlen, ip_protocol) for tier in tiers]
        plan = plan_vpc(blocks[0], requests, zones.keys, memory, blocks[1:])

        super().__init__(scope, id)
        self._plan = plan
        self._nat = nat
        self._encryption_control = encryption_control
        ipam = cidr if isinstance(cidr, IpamPool) else None
        fragment = VpcFragment(self.to_string(), plan, zones.zones, ipam=ipam)
        fragment.add_vpc(encryption_control)
        _fill(fragment, plan, tiers, nat, zones.keys)
        region = known_region(self) if gateway_endpoints else None
        for service, document in gateway_policies.plain(region).items():
            served = [tier for tier in tiers if tier.role in (Role.PRIVATE, Role.ISOLATED)]
            fragment.add_gateway_endpoint(service, served, document)
        self._parts = Parts(self, fragment.template())
        self._cidrs = (
            [str(block) for block in blocks] if ipam is None else [self.resource.attr_cidr_block, *map(str, known)]
        )
        self._tiers = {tier.name: TierSubnets(self, self._parts, plan, tier, zones.zones) for tier in tiers}
        self._flow_log = (flow_logs or FlowLogs.to_cloud_watch()).apply(self, "FlowLog", self)
        self._isolation = Isolation(self)
        gateway_policies.complete(self.gateway_endpoints, region)
        self._interface_endpoints = InterfaceEndpoints(
            self, plan, policy=endpoint_policy, gateways=self.gateway_endpoints
        )
        self._interface_endpoints.add(where, interface_endpoints)
        if lock is not None:
            lock.remember(str(where), plan.blocks())
        if estate is not None:
            estate.add(str(where), plan)

    @staticmethod
    def from_vpc_attributes(scope: Construct, id: str, attributes: VpcAttributes) -> ImportedVpc:
        """A VPC of tiers that was made elsewhere, of what is known of it: `vpc.attributes` there."""
        return ImportedVpc(scope, id, source=lambda _: attributes)

    @staticmethod
    def from_parameters(
        scope: Construct,
        id: str,
        *,
        prefix: str,
        tiers: Sequence[Tier],
        zones: Zones | None = None,
        ip_protocol: IpProtocol = IpProtocol.IPV4,
        blocks: int = 1,
    ) -> ImportedVpc:
        """A VPC that `VpcParameters` published under `prefix`, read by CloudFormation at the deployment.

        The tiers, zones and versions of IP are those of the VPC there; `blocks` is how many IPv4 blocks it has.
        Raises `ArgumentError` for a prefix that is none, and without any tier.
        """
        check_parameters(Place(scope, id), prefix, tiers, blocks)
        keys = (zones or Zones.first(3)).keys
        make = partial(ParameterSource, prefix=prefix, tiers=tiers, zones=keys, ip_protocol=ip_protocol, blocks=blocks)
        return ImportedVpc(scope, id, source=make)

    @property
    def vpc_id(self) -> str:
        """The id of the VPC."""
        return self._parts.ref(MAIN)

    @property
    def vpc_ref(self) -> Any:
        """The reference by which L1 constructs know the VPC."""
        return self.resource.vpc_ref

    @property
    def cidr_blocks(self) -> list[str]:
        """All IPv4 blocks, the first one first."""
        return list(self._cidrs)

    @property
    def ipv6_cidr_block(self) -> str | None:
        """The IPv6 block, a token, if a tier speaks IPv6."""
        return Fn.select(0, self.resource.attr_ipv6_cidr_blocks) if self._plan.ipv6 else None

    @property
    def plan(self) -> VpcPlan:
        """Which block each tier has in each zone; `print(vpc.plan.table())` shows it."""
        return self._plan

    @property
    def encryption_control(self) -> EncryptionControl | None:
        """Whether it monitors or enforces encryption, if it does one of them."""
        return self._encryption_control

    @property
    def nat(self) -> Nat:
        """How private tiers reach the internet."""
        return self._nat

    @property
    def resource(self) -> ec2.CfnVPC:
        """The VPC itself, as CloudFormation knows it."""
        return cast("ec2.CfnVPC", self._parts.get(MAIN))

    @property
    def internet_gateway(self) -> ec2.CfnInternetGateway | None:
        """The internet gateway, if there is a public tier."""
        return self._parts.get("InternetGateway") if "InternetGateway" in self._parts else None

    @property
    def internet_gateway_attachment(self) -> ec2.CfnVPCGatewayAttachment | None:
        """What a route to the internet gateway has to wait for, if there is one."""
        return self._parts.get("InternetGatewayAttachment") if "InternetGatewayAttachment" in self._parts else None

    @property
    def nat_gateways(self) -> dict[str, ec2.CfnNatGateway]:
        """The NAT gateways, by the key of the zone that each is in."""
        subnets = (subnet for tier in self.tiers for subnet in tier.subnets)
        return {subnet.zone: gateway for subnet in subnets if (gateway := subnet.nat_gateway) is not None}

    @property
    def regional_nat_gateway(self) -> ec2.CfnNatGateway | None:
        """The NAT gateway of the whole VPC, if that was asked for."""
        return self._parts.get(REGIONAL_GATEWAY) if REGIONAL_GATEWAY in self._parts else None

    @property
    def nat_instance(self) -> ec2.CfnInstance | None:
        """The NAT instance, if that was asked for."""
        return self._parts.get(INSTANCE) if INSTANCE in self._parts else None

    @property
    def nat_instance_address(self) -> ec2.CfnEIP | None:
        """The Elastic IP address of the NAT instance, if there is one."""
        return self._parts.get(INSTANCE_ADDRESS) if INSTANCE_ADDRESS in self._parts else None

    @property
    def nat_instance_security_group(self) -> ec2.CfnSecurityGroup | None:
        """The security group of the NAT instance, if there is one."""
        return self._parts.get(INSTANCE_GROUP) if INSTANCE_GROUP in self._parts else None

    @property
    def default_security_group_rule(self) -> ec2.CfnSecurityGroupEgress:
        """The rule by which the default security group is shut."""
        return cast("ec2.CfnSecurityGroupEgress", self._parts.get(SHUT))

    @property
    def block_associations(self) -> dict[str, ec2.CfnVPCCidrBlock]:
        """What gives the VPC its secondary blocks, by block; and its IPv6 block, by `IPv6`."""
        ids = {str(block): secondary_id(block) for block in self._plan.secondary}
        ids |= {"IPv6": IPV6_ASSOCIATION} if self._plan.ipv6 else {}
        return {block: self._parts.get(id_) for block, id_ in ids.items()}

    @property
    def egress_only_internet_gateway(self) -> ec2.CfnEgressOnlyInternetGateway | None:
        """The way of private tiers to the internet over IPv6, if they speak it."""
        return self._parts.get(EGRESS_ONLY) if EGRESS_ONLY in self._parts else None

    @property
    def flow_log(self) -> ec2.FlowLog | None:
        """The flow log, if there is one."""
        return self._flow_log

    @property
    def gateway_endpoints(self) -> dict[GatewayService, ec2.CfnVPCEndpoint]:
        """The gateway endpoints, by service."""
        made = [service for service in GatewayService if endpoint_id(service) in self._parts]
        return {service: self._parts.get(endpoint_id(service)) for service in made}

    @property
    def interface_endpoints(self) -> dict[str, ec2.InterfaceVpcEndpoint]:
        """The interface endpoints, by the short name of the service."""
        return self._interface_endpoints.made

    def add_interface_endpoints(self, services: Sequence[str | InterfaceEndpoint]) -> list[ec2.InterfaceVpcEndpoint]:
        """Add interface endpoints to those that were given to the constructor, in the same tier and security group.

        Raises `ArgumentError` for a service that has one already, and for what the service or the VPC cannot do.
        """
        return self._interface_endpoints.add(Place(self, "add_interface_endpoints"), services)

    def security_group(self, tier: str) -> ec2.SecurityGroup:
        """The security group for what is in a tier: it lets nothing in or out but what `allow` says.

        Raises `ArgumentError` when there is no such tier.
        """
        return self._isolation.security_group(tier)

    def network_acl(self, tier: str) -> NetworkAcl | None:
        """The network ACL of a tier, if it was isolated. Raises `ArgumentError` when there is no such tier."""
        return self._isolation.network_acl(tier)

    def isolate(self, tier: str, *, from_: str | None = None) -> None:
        """Keep a tier apart from another one, or from everything that is not allowed, whatever security groups say.

        The tier gets a network ACL, which denies what comes from the other one and what goes there. Without `from_` it
        denies everything but what `allow` and its siblings say about the tier, and what the tier has to do with itself.

        Raises `ArgumentError` for a tier that is not there, one that must pass on what is for others, one that holds
        the NAT gateways of those it is kept from, and what contradicts an earlier statement.
        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
        """
        self._isolation.isolate(tier, from_)

    def allow(self, tier: str, *, to: str, port: int | Ports, client: EphemeralPorts = EphemeralPorts.ANY) -> None:
        """Let a tier connect to another one, in the security groups of both and in their network ACLs.

        `port` is one of TCP, or `Ports`. `client` says from which ports the tier connects, which matters to ACLs only.
        Raises `ArgumentError` for a tier that is not there, and for what `isolate` keeps apart.
        """
        names = (self.tier(tier).name, self.tier(to).name)
        self._isolation.allow(Flow.of(*names, port, client))

    def allow_egress(
        self, tier: str, *, to: Sequence[str], port: int | Ports, client: EphemeralPorts = EphemeralPorts.ANY
    ) -> None:
        """Let a tier connect to blocks, such as `0.0.0.0/0` for the internet and for AWS services; else like `allow`.

        Network ACLs know no prefix lists: a tier that is isolated from everything reaches S3 and DynamoDB by gateway
        endpoints only if it is allowed to reach their public addresses. Raises `AddressError` for a malformed block.
        """
        for block in known_blocks(Place(self, "allow_egress"), to):
            self._isolation.allow(Flow.of(self.tier(tier).name, block, port, client))

    def allow_ingress(
        self, tier: str, *, from_: Sequence[str], port: int | Ports, client: EphemeralPorts = EphemeralPorts.ANY
    ) -> None:
        """Let blocks connect to a tier. Otherwise like `allow_egress`."""
        for block in known_blocks(Place(self, "allow_ingress"), from_):
            self._isolation.allow(Flow.of(block, self.tier(tier).name, port, client))

    def cidr_of(self, block: IPv4Network | IPv6Network) -> str:
        """A block of the plan as CloudFormation knows it: a token where only the deployment knows its beginning."""
        if isinstance(block, IPv4Network) and not is_relative(block):
            return str(block)
        outer = self._plan.block if isinstance(block, IPv4Network) else IPV6_BLOCK
        whole = self.vpc_cidr_block if isinstance(block, IPv4Network) else self.ipv6_cidr_block or ""
        for index, parts, bits in steps(outer, block):
            whole = Fn.select(index, Fn.cidr(whole, parts, str(bits)))
        return whole


def _with_role(tiers: Iterable[Tier], role: Role) -> list[Tier]:
    return [tier for tier in tiers if tier.role is role]


def _fill(fragment: VpcFragment, plan: VpcPlan, tiers: Sequence[Tier], nat: Nat, zones: tuple[str, ...]) -> None:
    """Add the VPC's ways out and its tiers."""
    public, private = (_with_role(tiers, role) for role in (Role.PUBLIC, Role.PRIVATE))
    if public or nat.is_regional:
        fragment.add_internet_gateway()
    if any(tier.name in plan.ipv6_homes for tier in private):
        fragment.add_egress_only_internet_gateway()
    targets = add_nat(fragment, nat, tiers, zones)
    for tier in tiers:
        fragment.add_tier(tier, targets, dns64=not nat.is_none)


def _check(where: Place, tiers: Sequence[Tier]) -> None:
    if not tiers:
        raise ArgumentError(f"{where}: a vpc needs at least one tier, such as Tier.isolated()")
