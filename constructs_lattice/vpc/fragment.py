"""The resources of a VPC as one CloudFormation fragment: plain data, made without the CDK.

Node makes a fragment of forty resources into constructs in one call, where forty calls from Python would take three
times as long. And what the fragment holds can be read, compared and tested as what it is, a dictionary.

Ids are made of names, `App-ZoneA-Subnet`, and never of positions: what is declared before or after a tier or a zone
does not change them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from constructs_lattice.addressing import VpcPlan
from constructs_lattice.vpc.gateway_service import GatewayService
from constructs_lattice.vpc.tier import Role, Tier
from constructs_lattice.vpc.zones import Zone

__all__ = ["MAIN", "REGIONAL_NAT", "VpcFragment", "endpoint_id", "subnet_id"]

Json = dict[str, Any]

MAIN = "Resource"
"""The id of the VPC itself."""

REGIONAL_NAT = "RegionalNatGateway"
"""The id of the NAT gateway of the whole VPC."""

_EVERYWHERE = "0.0.0.0/0"

# The tags by which `ec2.Vpc.from_lookup` tells subnet groups apart. It knows three types.
_GROUP_NAME_TAG = "aws-cdk:subnet-name"
_GROUP_TYPE_TAG = "aws-cdk:subnet-type"
_GROUP_TYPES = {Role.PUBLIC: "Public", Role.PRIVATE: "Private"}


def subnet_id(tier: str, zone: str, part: str = "Subnet") -> str:
    """The id of a part of the subnet of one tier in one zone."""
    return f"{tier.title()}-Zone{zone.title()}-{part}"


def endpoint_id(service: GatewayService) -> str:
    """The id of the gateway endpoint for `service`."""
    return f"{service.title()}-GatewayEndpoint"


class VpcFragment:
    """Collects the resources of one VPC; `name` begins the Name tags.

    Each method adds what its name says. The order of the calls is the order of the template, and nothing else.
    """

    def __init__(self, name: str, plan: VpcPlan, zones: Sequence[Zone]) -> None:
        self._name = name
        self._plan = plan
        self._zones = zones
        self._resources: dict[str, Json] = {}

    def template(self) -> Json:
        """The fragment as a template."""
        return {"Resources": self._resources}

    def add_vpc(self) -> None:
        """The VPC, with its default security group shut."""
        self._add(
            MAIN,
            "AWS::EC2::VPC",
            CidrBlock=str(self._plan.block),
            EnableDnsHostnames=True,
            EnableDnsSupport=True,
            Tags=self._tags(),
        )
        # A rule of one's own takes the place of the one that lets everything out. It leads nowhere.
        self._add(
            "DefaultSecurityGroupEgress",
            "AWS::EC2::SecurityGroupEgress",
            GroupId=_att(MAIN, "DefaultSecurityGroup"),
            Description="The default security group is shut: use one of your own",
            IpProtocol="-1",
            CidrIp="127.0.0.1/32",
        )

    def add_internet_gateway(self) -> None:
        """The internet gateway and its attachment."""
        self._add("InternetGateway", "AWS::EC2::InternetGateway", Tags=self._tags())
        self._add(
            "InternetGatewayAttachment",
            "AWS::EC2::VPCGatewayAttachment",
            VpcId=_ref(MAIN),
            InternetGatewayId=_ref("InternetGateway"),
        )

    def add_tier(self, tier: Tier, nat_gateways: Mapping[str, str]) -> None:
        """A subnet and a route table in each zone, with the default route of the tier's role.

        `nat_gateways` are the ids of the NAT gateways that serve the zones.
        """
        for index, zone in enumerate(self._zones):
            self._add_subnet(tier, zone, index)
            if tier.role is Role.PUBLIC:
                self._add_route(tier.name, zone.key, "InternetGatewayAttachment", GatewayId=_ref("InternetGateway"))
            if tier.role is Role.PRIVATE:
                self._add_route(tier.name, zone.key, None, NatGatewayId=_ref(nat_gateways[zone.key]))

    def add_nat_gateway(self, tier: str, zone: str, allocation_id: str | None) -> None:
        """A NAT gateway in the subnet of a public tier, with an address of its own unless there is one already."""
        gateway, address = (subnet_id(tier, zone, part) for part in ("NatGateway", "NatAddress"))
        if allocation_id is None:
            self._add(address, "AWS::EC2::EIP", Domain="vpc", Tags=self._tags(tier, zone))
        self._add(
            gateway,
            "AWS::EC2::NatGateway",
            SubnetId=_ref(subnet_id(tier, zone)),
            AllocationId=allocation_id or _att(address, "AllocationId"),
            Tags=self._tags(tier, zone),
        )
        # The way to the internet first: a NAT gateway without one is made, but fails.
        ways = ("DefaultRoute", "RouteTableAssociation")
        self._resources[gateway]["DependsOn"] = [subnet_id(tier, zone, part) for part in ways]

    def add_regional_nat_gateway(self) -> None:
        """A NAT gateway for the whole VPC, which has a route table, and a way to the internet, of its own."""
        self._add(
            REGIONAL_NAT,
            "AWS::EC2::NatGateway",
            VpcId=_ref(MAIN),
            AvailabilityMode="regional",
            ConnectivityType="public",
            Tags=self._tags(),
        )
        self._resources[REGIONAL_NAT]["DependsOn"] = ["InternetGatewayAttachment"]

    def add_gateway_endpoint(self, service: GatewayService, tiers: Sequence[Tier]) -> None:
        """A gateway endpoint for `service`, in the route tables of `tiers`; none without any."""
        if not tiers:
            return
        self._add(
            endpoint_id(service),
            "AWS::EC2::VPCEndpoint",
            VpcId=_ref(MAIN),
            VpcEndpointType="Gateway",
            ServiceName={"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"},
            RouteTableIds=[
                _ref(subnet_id(tier.name, zone.key, "RouteTable")) for tier in tiers for zone in self._zones
            ],
        )

    def _add_subnet(self, tier: Tier, zone: Zone, index: int) -> None:
        subnet, table = (subnet_id(tier.name, zone.key, part) for part in ("Subnet", "RouteTable"))
        self._add(
            subnet,
            "AWS::EC2::Subnet",
            VpcId=_ref(MAIN),
            CidrBlock=str(self._plan[tier.name, zone.key]),
            **_place(zone, index),
            # Who needs a public address asks for one: load balancers and NAT gateways bring their own.
            MapPublicIpOnLaunch=False,
            Tags=[
                *self._tags(tier.name, zone.key),
                {"Key": _GROUP_NAME_TAG, "Value": tier.name},
                {"Key": _GROUP_TYPE_TAG, "Value": _GROUP_TYPES.get(tier.role, "Isolated")},
            ],
        )
        self._add(table, "AWS::EC2::RouteTable", VpcId=_ref(MAIN), Tags=self._tags(tier.name, zone.key))
        self._add(
            subnet_id(tier.name, zone.key, "RouteTableAssociation"),
            "AWS::EC2::SubnetRouteTableAssociation",
            SubnetId=_ref(subnet),
            RouteTableId=_ref(table),
        )

    def _add_route(self, tier: str, zone: str, depends_on: str | None, **target: Json) -> None:
        route = subnet_id(tier, zone, "DefaultRoute")
        table = _ref(subnet_id(tier, zone, "RouteTable"))
        self._add(route, "AWS::EC2::Route", RouteTableId=table, DestinationCidrBlock=_EVERYWHERE, **target)
        if depends_on is not None:
            self._resources[route]["DependsOn"] = [depends_on]

    def _add(self, id: str, type_: str, **properties: Any) -> None:
        self._resources[id] = {"Type": type_, "Properties": properties}

    def _tags(self, *names: str) -> list[Json]:
        return [{"Key": "Name", "Value": "/".join([self._name, *names])}]


def _place(zone: Zone, index: int) -> Json:
    if zone.zone_id is not None:
        return {"AvailabilityZoneId": zone.zone_id}
    return {"AvailabilityZone": zone.name or {"Fn::Select": [index, {"Fn::GetAZs": ""}]}}


def _ref(id: str) -> Json:
    return {"Ref": id}


def _att(id: str, attribute: str) -> Json:
    return {"Fn::GetAtt": [id, attribute]}
