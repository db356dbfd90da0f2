"""The VPC construct."""

from collections.abc import Iterable, Sequence
from typing import TypeVar, cast

import jsii
from aws_cdk import Fn, Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice.addressing import VpcPlan, parse_vpc_block, plan_vpc
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.endpoints import (
    GatewayService,
    add_gateway_endpoints,
    add_interface_endpoints,
    check_services,
)
from constructs_lattice.vpc.flow_logs import FlowLogs
from constructs_lattice.vpc.interface import VpcInterface
from constructs_lattice.vpc.nat import Nat
from constructs_lattice.vpc.tier import Role, Tier
from constructs_lattice.vpc.tier_subnets import TierSubnets
from constructs_lattice.vpc.zones import Zones

__all__ = ["Vpc"]

# The tags by which `ec2.Vpc.from_lookup` tells subnet groups apart.
_GROUP_NAME_TAG = "aws-cdk:subnet-name"
_GROUP_TYPE_TAG = "aws-cdk:subnet-type"
_SUBNET = ["AWS::EC2::Subnet"]


@jsii.implements(ec2.IVpc)
class Vpc(VpcInterface):
    """A VPC made of named tiers, usable wherever the CDK takes an `ec2.IVpc`.

    A tier has one subnet and one route table in each zone. Both are known by their tier and their zone, `("app", "a")`,
    in logical ids as in `vpc.subnet("app", "a")`: nothing depends on the order in which tiers or zones are declared.

    The VPC's default security group is shut: a resource that lands in it by oversight can open no connection. (Its rule
    that lets members reach each other stays, since CloudFormation cannot take it away; without a way out it is mute.)

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
            endpoint with private DNS in the first private tier, else in the first isolated one. None by default.

    Raises:
        ArgumentError: The arguments contradict each other, such as a private tier without a public one for its NAT.
        AddressError: A block is malformed, or the tiers do not fit.

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
    ) -> None:
        where = Place(scope, id)
        tiers = (Tier.public(), Tier.private(), Tier.isolated()) if tiers is None else tuple(tiers)
        zones = zones or Zones.first(3)
        nat = nat or (Nat.per_zone() if _with_role(tiers, Role.PRIVATE) else Nat.none())
        _check(where, tiers, nat, interface_endpoints)
        block = parse_vpc_block(where, cidr)
        plan = plan_vpc(block, [tier.request(block.prefixlen) for tier in tiers], zones.keys)

        super().__init__(scope, id)
        self._plan = plan
        self._cidr = str(plan.block)
        self._define_vpc()
        self._define_tiers(tiers, zones)
        self._connect_public_tiers()
        self._connect_private_tiers(nat.gateways(zones.keys))
        self._flow_log = (flow_logs or FlowLogs.to_cloud_watch()).apply(self, "FlowLog", self)
        self._gateway_endpoints = self._define_gateway_endpoints(gateway_endpoints)
        self._interface_endpoints = self._define_interface_endpoints(interface_endpoints)

    @property
    def plan(self) -> VpcPlan:
        """Which block each tier has in each zone; `print(vpc.plan.table())` shows it."""
        return self._plan

    @property
    def resource(self) -> ec2.CfnVPC:
        """The VPC itself, as CloudFormation knows it."""
        return self._resource

    @property
    def internet_gateway(self) -> ec2.CfnInternetGateway | None:
        """The internet gateway, if there is a public tier."""
        return self._internet_gateway

    @property
    def nat_gateways(self) -> dict[str, ec2.CfnNatGateway]:
        """The NAT gateways, by the key of the zone that each is in."""
        return dict(self._nat_gateways)

    @property
    def flow_log(self) -> ec2.FlowLog | None:
        """The flow log, if there is one."""
        return self._flow_log

    @property
    def gateway_endpoints(self) -> dict[GatewayService, ec2.CfnVPCEndpoint]:
        """The gateway endpoints, by service."""
        return dict(self._gateway_endpoints)

    @property
    def interface_endpoints(self) -> dict[str, ec2.InterfaceVpcEndpoint]:
        """The interface endpoints, by the short name of the service."""
        return dict(self._interface_endpoints)

    def _define_vpc(self) -> None:
        self._resource = ec2.CfnVPC(
            self,
            "Resource",
            cidr_block=self._cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=[{"key": "Name", "value": self.node.path}],
        )
        self._vpc_id = self._resource.ref
        # A rule of one's own takes the place of the one that lets everything out. It leads nowhere.
        ec2.CfnSecurityGroupEgress(
            self,
            "DefaultSecurityGroupEgress",
            group_id=self._resource.attr_default_security_group,
            description="The default security group is shut: use one of your own",
            ip_protocol="-1",
            cidr_ip="127.0.0.1/32",
        )

    def _define_tiers(self, tiers: Sequence[Tier], zones: Zones) -> None:
        names = _zone_names(zones)
        self._tiers = {tier.name: self._define_tier(tier, names) for tier in tiers}
        self._zones = names

    def _define_tier(self, tier: Tier, zone_names: dict[str, str]) -> TierSubnets:
        home = Construct(self, tier.name)
        kind = ec2.PublicSubnet if tier.role is Role.PUBLIC else ec2.PrivateSubnet
        blocks = {zone: self._plan[tier.name, zone] for zone in zone_names}
        subnets = TierSubnets(
            name=tier.name,
            role=tier.role,
            blocks=blocks,
            by_zone={
                zone: kind(
                    home,
                    f"zone-{zone}",
                    vpc_id=self._vpc_id,
                    cidr_block=str(blocks[zone]),
                    availability_zone=name,
                    # Who needs a public address asks for one: load balancers and NAT gateways bring their own.
                    map_public_ip_on_launch=False,
                )
                for zone, name in zone_names.items()
            },
        )
        Tags.of(home).add(_GROUP_NAME_TAG, tier.name, include_resource_types=_SUBNET)
        Tags.of(home).add(_GROUP_TYPE_TAG, _TYPE_TAGS[subnets.subnet_type], include_resource_types=_SUBNET)
        return subnets

    def _connect_public_tiers(self) -> None:
        self._internet_gateway = None
        public = _with_role(self.tiers, Role.PUBLIC)
        if not public:
            return
        gateway = self._internet_gateway = ec2.CfnInternetGateway(
            self, "InternetGateway", tags=[{"key": "Name", "value": self.node.path}]
        )
        gateway_id = gateway.ref
        attachment = ec2.CfnVPCGatewayAttachment(
            self, "InternetGatewayAttachment", vpc_id=self._vpc_id, internet_gateway_id=gateway_id
        )
        self._internet_connectivity_established.add(attachment)
        for tier in public:
            for subnet in tier.subnets:
                subnet.add_default_internet_route(gateway_id, attachment)

    def _connect_private_tiers(self, gateways: dict[str, str]) -> None:
        self._nat_gateways = {}
        for zone in dict.fromkeys(gateways.values()):
            home = _with_role(self.tiers, Role.PUBLIC)[0].by_zone[zone]
            self._nat_gateways[zone] = cast("ec2.PublicSubnet", home).add_nat_gateway()
        ids = {zone: gateway.ref for zone, gateway in self._nat_gateways.items()}
        for tier in _with_role(self.tiers, Role.PRIVATE):
            for zone, subnet in tier.by_zone.items():
                subnet.add_default_nat_route(ids[gateways[zone]])

    def _define_gateway_endpoints(self, services: Sequence[GatewayService]) -> dict[GatewayService, ec2.CfnVPCEndpoint]:
        tiers = [*_with_role(self.tiers, Role.PRIVATE), *_with_role(self.tiers, Role.ISOLATED)]
        tables = [subnet.route_table.route_table_id for tier in tiers for subnet in tier.subnets]
        return add_gateway_endpoints(self, self._vpc_id, services if tables else (), tables)

    def _define_interface_endpoints(self, services: Sequence[str]) -> dict[str, ec2.InterfaceVpcEndpoint]:
        if not services:
            return {}
        home, *_ = [*_with_role(self.tiers, Role.PRIVATE), *_with_role(self.tiers, Role.ISOLATED)]
        return add_interface_endpoints(self, self, services, home.selection)


_TYPE_TAGS = {
    ec2.SubnetType.PUBLIC: "Public",
    ec2.SubnetType.PRIVATE_WITH_EGRESS: "Private",
    ec2.SubnetType.PRIVATE_ISOLATED: "Isolated",
}

_HasRole = TypeVar("_HasRole", Tier, TierSubnets)


def _with_role(tiers: Iterable[_HasRole], role: Role) -> list[_HasRole]:
    return [tier for tier in tiers if tier.role is role]


def _zone_names(zones: Zones) -> dict[str, str]:
    """The name of each zone by its key; what only the deployment knows stays a token."""
    listed = Fn.get_azs() if any(zone.name is None for zone in zones.zones) else []
    return {zone.key: zone.name or Fn.select(index, listed) for index, zone in enumerate(zones.zones)}


def _check(where: Place, tiers: Sequence[Tier], nat: Nat, interface_endpoints: Sequence[str]) -> None:
    public, private, isolated = (_with_role(tiers, role) for role in (Role.PUBLIC, Role.PRIVATE, Role.ISOLATED))
    if not tiers:
        raise ArgumentError(f"{where}: a vpc needs at least one tier, such as Tier.isolated()")
    if private and nat == Nat.none():
        raise ArgumentError(
            f"{where}: tier {private[0].name!r} is private, which leads out through NAT, but nat is Nat.none(); "
            "ask for Nat.per_zone() or make the tier isolated"
        )
    if nat != Nat.none() and not public:
        raise ArgumentError(
            f"{where}: NAT gateways live in a public tier, but there is none; add Tier.public() or ask for Nat.none()"
        )
    if nat != Nat.none() and not private:
        raise ArgumentError(
            f"{where}: NAT gateways serve private tiers, but there is none; add Tier.private() or ask for Nat.none()"
        )
    if interface_endpoints and not (private or isolated):
        raise ArgumentError(
            f"{where}: interface_endpoints need a private or an isolated tier, but there is none; add Tier.isolated()"
        )
    check_services(where, interface_endpoints)
