"""The VPC construct."""

from collections.abc import Iterable, Sequence
from typing import TypeVar, cast

import jsii
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._tokens import is_token
from constructs_lattice.addressing import AddressEstate, AddressLock, VpcPlan, parse_vpc_block, plan_vpc
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.endpoints import add_interface_endpoints, check_services
from constructs_lattice.vpc.flow_logs import FlowLogs
from constructs_lattice.vpc.fragment import MAIN, REGIONAL_NAT, VpcFragment, endpoint_id, subnet_id
from constructs_lattice.vpc.gateway_service import GatewayService
from constructs_lattice.vpc.interface import VpcInterface
from constructs_lattice.vpc.nat import Nat
from constructs_lattice.vpc.parts import Parts
from constructs_lattice.vpc.tier import Role, Tier
from constructs_lattice.vpc.tier_subnets import TierSubnets
from constructs_lattice.vpc.zones import Zones

__all__ = ["Vpc"]


@jsii.implements(ec2.IVpc)
class Vpc(VpcInterface):
    """A VPC made of named tiers, usable wherever the CDK takes an `ec2.IVpc`.

    A tier has one subnet and one route table in each zone. Both are known by their tier and their zone, `("app", "a")`,
    in logical ids as in `vpc.subnet("app", "a")`: nothing depends on the order in which tiers or zones are declared.

    The VPC's default security group is shut: a resource that has no other group can open no connection. (The rule that
    admits members of the group stays, since CloudFormation cannot take it away.)

    Args:
        scope: The construct that this VPC is part of.
        id: The id within `scope`.
        cidr: The IPv4 block, a /16 to a /28, such as `10.20.0.0/16`.
        tiers: The tiers. By default a public tier, a private one and an isolated one, named after their roles.
        zones: The Availability Zones; the first three of the account by default.
        nat: How private tiers reach the internet. By default a NAT gateway in every zone if there is a private tier.
        flow_logs: Where the records of the traffic go. By default a log group that keeps them for three months.
        gateway_endpoints: Services that private and isolated tiers reach without the internet, by gateway endpoints,
            which are free. S3 and DynamoDB by default.
        interface_endpoints: Short names of services, such as `ecr.api` or `secretsmanager`, that get an interface
            endpoint with private DNS in the tier for endpoints, else in the first private tier, else in the first
            isolated one. None by default.
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
        cidr: str,
        tiers: Sequence[Tier] | None = None,
        zones: Zones | None = None,
        nat: Nat | None = None,
        flow_logs: FlowLogs | None = None,
        gateway_endpoints: Sequence[GatewayService] = (GatewayService.S3, GatewayService.DYNAMODB),
        interface_endpoints: Sequence[str] = (),
        lock: AddressLock | None = None,
        estate: AddressEstate | None = None,
    ) -> None:
        where = Place(scope, id)
        tiers = (Tier.public(), Tier.private(), Tier.isolated()) if tiers is None else tuple(tiers)
        zones = zones or Zones.first(3)
        nat = nat or (Nat.per_zone() if _with_role(tiers, Role.PRIVATE) else Nat.none())
        _check(where, tiers, nat, interface_endpoints)
        _check_addresses(where, nat, zones)
        if is_token(cidr):
            raise ArgumentError(
                f"{where}: cidr must be known at synthesis, since the tiers are planned in it, got a token"
            )
        block = parse_vpc_block(where, cidr)
        if estate is not None:
            estate.check(str(where), block)
        memory = () if lock is None else lock.entries(str(where))
        plan = plan_vpc(block, [tier.request(block.prefixlen) for tier in tiers], zones.keys, memory)

        super().__init__(scope, id)
        self._plan = plan
        self._cidr = str(plan.block)
        fragment = VpcFragment(self.to_string(), plan, zones.zones)
        _fill(fragment, tiers, _add_ways_out(fragment, tiers, nat, zones.keys), gateway_endpoints)
        self._parts = Parts(self, fragment.template())
        self._tiers = {tier.name: TierSubnets(self, self._parts, plan, tier, zones.zones) for tier in tiers}
        self._flow_log = (flow_logs or FlowLogs.to_cloud_watch()).apply(self, "FlowLog", self)
        self._interface_endpoints = self._define_interface_endpoints(interface_endpoints)
        if lock is not None:
            lock.remember(str(where), plan.blocks())
        if estate is not None:
            estate.add(str(where), plan)

    @property
    def plan(self) -> VpcPlan:
        """Which block each tier has in each zone; `print(vpc.plan.table())` shows it."""
        return self._plan

    @property
    def resource(self) -> ec2.CfnVPC:
        """The VPC itself, as CloudFormation knows it."""
        return cast("ec2.CfnVPC", self._parts.get(MAIN))

    @property
    def internet_gateway(self) -> ec2.CfnInternetGateway | None:
        """The internet gateway, if there is a public tier."""
        return self._parts.get("InternetGateway") if "InternetGateway" in self._parts else None

    @property
    def nat_gateways(self) -> dict[str, ec2.CfnNatGateway]:
        """The NAT gateways, by the key of the zone that each is in."""
        public = (subnet for tier in _with_role(self.tiers, Role.PUBLIC) for subnet in tier.subnets)
        return {subnet.zone: gateway for subnet in public if (gateway := subnet.nat_gateway) is not None}

    @property
    def regional_nat_gateway(self) -> ec2.CfnNatGateway | None:
        """The NAT gateway of the whole VPC, if that was asked for."""
        return self._parts.get(REGIONAL_NAT) if REGIONAL_NAT in self._parts else None

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
        return dict(self._interface_endpoints)

    def _define_interface_endpoints(self, services: Sequence[str]) -> dict[str, ec2.InterfaceVpcEndpoint]:
        if not services:
            return {}
        homes = (tier for role in _ENDPOINT_ROLES for tier in _with_role(self.tiers, role))
        home = next(homes)
        return add_interface_endpoints(self, self, services, home.selection)


# Where interface endpoints go, in this order.
_ENDPOINT_ROLES = (Role.ENDPOINTS, Role.PRIVATE, Role.ISOLATED)

_HasRole = TypeVar("_HasRole", Tier, TierSubnets)


def _with_role(tiers: Iterable[_HasRole], role: Role) -> list[_HasRole]:
    return [tier for tier in tiers if tier.role is role]


def _fill(
    fragment: VpcFragment, tiers: Sequence[Tier], nat_gateways: dict[str, str], services: Sequence[GatewayService]
) -> None:
    for tier in tiers:
        fragment.add_tier(tier, nat_gateways)
    for service in services:
        fragment.add_gateway_endpoint(service, [*_with_role(tiers, Role.PRIVATE), *_with_role(tiers, Role.ISOLATED)])


def _add_ways_out(fragment: VpcFragment, tiers: Sequence[Tier], nat: Nat, zones: tuple[str, ...]) -> dict[str, str]:
    """Add the VPC and its ways out; return the id of the NAT gateway that serves each zone."""
    public = _with_role(tiers, Role.PUBLIC)
    fragment.add_vpc()
    if public or nat.is_regional:
        fragment.add_internet_gateway()
    if nat.is_regional:
        fragment.add_regional_nat_gateway()
        return dict.fromkeys(zones, REGIONAL_NAT)
    gateways = nat.gateways(zones)
    for zone in dict.fromkeys(gateways.values()):
        fragment.add_nat_gateway(public[0].name, zone, nat.address(zone))
    return {zone: subnet_id(public[0].name, home, "NatGateway") for zone, home in gateways.items()}


def _check_addresses(where: Place, nat: Nat, zones: Zones) -> None:
    if nat.allocation_ids and set(nat.allocation_ids) != set(zones.keys):
        given, needed = (", ".join(sorted(keys)) for keys in (nat.allocation_ids, zones.keys))
        raise ArgumentError(f"{where}: nat needs an allocation id for each of the zones {needed}, got them for {given}")


def _check(where: Place, tiers: Sequence[Tier], nat: Nat, interface_endpoints: Sequence[str]) -> None:
    public, private = (_with_role(tiers, role) for role in (Role.PUBLIC, Role.PRIVATE))
    if not tiers:
        raise ArgumentError(f"{where}: a vpc needs at least one tier, such as Tier.isolated()")
    if private and nat == Nat.none():
        raise ArgumentError(
            f"{where}: tier {private[0].name!r} is private, which leads out through NAT, but nat is Nat.none(); "
            "ask for Nat.per_zone() or make the tier isolated"
        )
    if nat.is_zonal and not public:
        raise ArgumentError(
            f"{where}: NAT gateways live in a public tier, but there is none; add Tier.public() or ask for Nat.none()"
        )
    if nat != Nat.none() and not private:
        raise ArgumentError(
            f"{where}: NAT gateways serve private tiers, but there is none; add Tier.private() or ask for Nat.none()"
        )
    if interface_endpoints and not any(_with_role(tiers, role) for role in _ENDPOINT_ROLES):
        raise ArgumentError(
            f"{where}: interface_endpoints need a tier for them, or a private or an isolated one, but there is none; "
            "add Tier.endpoints()"
        )
    check_services(where, interface_endpoints)
