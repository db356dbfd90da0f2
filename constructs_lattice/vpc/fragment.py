"""The resources of a VPC as one CloudFormation fragment: plain data, made without the CDK.

Node makes a fragment of forty resources into constructs in one call, where forty calls from Python would take three
times as long. And what the fragment holds can be read, compared and tested as what it is, a dictionary.

Ids are made of names, `App-ZoneA-Subnet`, and never of positions: what is declared before or after a tier or a zone
does not change them.
"""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

from constructs_lattice.addressing import IPV6_BLOCK, VpcPlan
from constructs_lattice.vpc.encryption_control import EncryptionControl
from constructs_lattice.vpc.gateway_service import GatewayService
from constructs_lattice.vpc.ipam_pool import IpamPool
from constructs_lattice.vpc.places import steps
from constructs_lattice.vpc.route_tables import RouteTables
from constructs_lattice.vpc.tier import Role, Tier
from constructs_lattice.vpc.zones import Zone

__all__ = [
    "EGRESS_ONLY",
    "IPV6_ASSOCIATION",
    "MAIN",
    "NAT64_BLOCK",
    "SHUT",
    "VpcFragment",
    "attribute",
    "endpoint_id",
    "reference",
    "secondary_id",
    "subnet_id",
    "table_id",
    "way_ids",
]

Json = dict[str, Any]

MAIN = "Resource"
"""The id of the VPC itself."""

EGRESS_ONLY = "EgressOnlyInternetGateway"
"""The id of the gateway by which private tiers reach the internet over IPv6."""

IPV6_ASSOCIATION = "Ipv6Block"
"""The id of what gives the VPC its IPv6 block."""

SHUT = "DefaultSecurityGroupEgress"
"""The id of the rule by which the default security group is shut."""

_EVERYWHERE = {"DestinationCidrBlock": "0.0.0.0/0"}
_EVERYWHERE_IPV6 = {"DestinationIpv6CidrBlock": "::/0"}

# What DNS64 puts before IPv4 addresses, and NAT gateways translate back.
NAT64_BLOCK = "64:ff9b::/96"
"""The IPv6 addresses that stand for IPv4 destinations."""

_NAT64 = {"DestinationIpv6CidrBlock": NAT64_BLOCK}

# The tags by which `ec2.Vpc.from_lookup` tells subnet groups apart. It knows three types.
_GROUP_NAME_TAG = "aws-cdk:subnet-name"
_GROUP_TYPE_TAG = "aws-cdk:subnet-type"
_GROUP_TYPES = {Role.PUBLIC: "Public", Role.PRIVATE: "Private"}


def subnet_id(tier: str, zone: str, part: str = "Subnet") -> str:
    """The id of a part of the subnet of one tier in one zone."""
    return f"{tier.title()}-Zone{zone.title()}-{part}"


def table_id(tier: Tier, zone: str, part: str = "RouteTable") -> str:
    """The id of the route table that a tier has in a zone, or of a part of it."""
    return subnet_id(tier.name, zone, part) if _is_per_zone(tier) else f"{tier.name.title()}-{part}"


def way_ids(tier: Tier, zone: str) -> list[str]:
    """The ids of what makes the default route of a subnet work."""
    return [table_id(tier, zone, "DefaultRoute"), subnet_id(tier.name, zone, "RouteTableAssociation")]


def endpoint_id(service: GatewayService) -> str:
    """The id of the gateway endpoint for `service`."""
    return f"{service.title()}-GatewayEndpoint"


def secondary_id(block: IPv4Network) -> str:
    """The id of the association of a secondary block with the VPC."""
    return f"Block-{block.network_address}-{block.prefixlen}".replace(".", "-")


def reference(id: str) -> Json:
    """What the part with that id is known by."""
    return {"Ref": id}


def attribute(id: str, name: str) -> Json:
    """An attribute of the part with that id."""
    return {"Fn::GetAtt": [id, name]}


class VpcFragment:
    """Collects the resources of one VPC; `name` begins the Name tags, `ipam` says who gives the first block.

    Each method adds what its name says. The order of the calls is the order of the template, and nothing else.
    """

    def __init__(self, name: str, plan: VpcPlan, zones: Sequence[Zone], *, ipam: IpamPool | None = None) -> None:
        self._name = name
        self._plan = plan
        self._zones = zones
        self._ipam = ipam
        self._ipv4 = plan.ipv4
        self._resources: dict[str, Json] = {}

    def template(self) -> Json:
        """The fragment as a template."""
        return {"Resources": self._resources}

    def add(self, id: str, type_: str, properties: Json, *, after: Sequence[str] = ()) -> None:
        """Any resource, which waits for those with the ids in `after`."""
        self._resources[id] = {"Type": type_, "Properties": properties}
        if after:
            self._resources[id]["DependsOn"] = list(after)

    def tags(self, *names: str) -> list[Json]:
        """The Name tag of what is named so."""
        return [{"Key": "Name", "Value": "/".join([self._name, *names])}]

    def places(self) -> dict[str, Json]:
        """What resources say of the zone that they are in, by the key of the zone."""
        return {zone.key: _place(zone, index) for index, zone in enumerate(self._zones)}

    def cidrs(self) -> list[Any]:
        """The IPv4 blocks of the VPC."""
        return [self._cidr(block) for block in (self._plan.block, *self._plan.secondary)]

    def add_vpc(self, encryption: EncryptionControl | None = None) -> None:
        """The VPC with all its blocks, and with its default security group shut."""
        if self._ipam is None:
            block: Json = {"CidrBlock": str(self._plan.block)}
        else:
            block = {"Ipv4IpamPoolId": self._ipam.pool_id, "Ipv4NetmaskLength": self._ipam.netmask}
        main = block | {"EnableDnsHostnames": True, "EnableDnsSupport": True, "Tags": self.tags()}
        if encryption is not None:
            main["VpcEncryptionControl"] = encryption.properties("Exclusion")
        self.add(MAIN, "AWS::EC2::VPC", main)
        # A rule of one's own takes the place of the one that lets everything out. It leads nowhere.
        self.add(
            SHUT,
            "AWS::EC2::SecurityGroupEgress",
            {
                "GroupId": attribute(MAIN, "DefaultSecurityGroup"),
                "Description": "The default security group is shut: use one of your own",
                "IpProtocol": "-1",
                "CidrIp": "127.0.0.1/32",
            },
        )
        for secondary in self._plan.secondary:
            properties = {"VpcId": reference(MAIN), "CidrBlock": str(secondary)}
            self.add(secondary_id(secondary), "AWS::EC2::VPCCidrBlock", properties)
        if self._plan.ipv6:
            ipv6 = {"VpcId": reference(MAIN), "AmazonProvidedIpv6CidrBlock": True}
            # A group whose rules were changed is not given one that lets everything out over IPv6.
            self.add(IPV6_ASSOCIATION, "AWS::EC2::VPCCidrBlock", ipv6, after=[SHUT])

    def add_internet_gateway(self) -> None:
        """The internet gateway and its attachment."""
        self.add("InternetGateway", "AWS::EC2::InternetGateway", {"Tags": self.tags()})
        self.add(
            "InternetGatewayAttachment",
            "AWS::EC2::VPCGatewayAttachment",
            {"VpcId": reference(MAIN), "InternetGatewayId": reference("InternetGateway")},
        )

    def add_egress_only_internet_gateway(self) -> None:
        """The gateway by which private tiers reach the internet over IPv6, and are not reached."""
        self.add(EGRESS_ONLY, "AWS::EC2::EgressOnlyInternetGateway", {"VpcId": reference(MAIN), "Tags": self.tags()})

    def add_tier(self, tier: Tier, nat: Mapping[str, Json], *, dns64: bool) -> None:
        """A subnet in each zone and its route table, with the default routes of the tier's role.

        `nat` says for each zone what translates the addresses of private tiers; there are no routes without. With
        `dns64`, private tiers of IPv6 only are told addresses for IPv4 destinations, to be translated by NAT64.
        """
        for index, zone in enumerate(self._zones):
            self._add_subnet(tier, zone, index, dns64)
            if index == 0 or _is_per_zone(tier):
                self._add_route_table(tier, zone.key, nat.get(zone.key))
            association = {
                "SubnetId": reference(subnet_id(tier.name, zone.key)),
                "RouteTableId": reference(table_id(tier, zone.key)),
            }
            id_ = subnet_id(tier.name, zone.key, "RouteTableAssociation")
            self.add(id_, "AWS::EC2::SubnetRouteTableAssociation", association)

    def add_gateway_endpoint(self, service: GatewayService, tiers: Sequence[Tier], policy: Json) -> None:
        """A gateway endpoint for `service` with a policy, in the route tables of `tiers`; none without any."""
        if not tiers:
            return
        tables = dict.fromkeys(table_id(tier, zone.key) for tier in tiers for zone in self._zones)
        self.add(
            endpoint_id(service),
            "AWS::EC2::VPCEndpoint",
            {
                "VpcId": reference(MAIN),
                "VpcEndpointType": "Gateway",
                "ServiceName": {"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"},
                "RouteTableIds": [reference(table) for table in tables],
                "PolicyDocument": policy,
                "Tags": self.tags(service),
            },
        )

    def _add_subnet(self, tier: Tier, zone: Zone, index: int, dns64: bool) -> None:  # noqa: FBT001
        after = []
        addresses: Json = {}
        if (block := self._ipv4.get((tier.name, zone.key))) is not None:
            addresses["CidrBlock"] = self._cidr(block)
            after += [secondary_id(whole) for whole in self._plan.secondary if block.subnet_of(whole)]
        else:
            addresses["Ipv6Native"] = True
            addresses["EnableDns64"] = dns64 and tier.role is Role.PRIVATE
        if (tier.name, zone.key) in self._plan.ipv6:
            addresses |= {"Ipv6CidrBlock": self._ipv6_cidr(tier.name, zone.key)}
            # Reserved tiers hold what brings its addresses along.
            addresses["AssignIpv6AddressOnCreation"] = not tier.role.is_reserved
            after.append(IPV6_ASSOCIATION)
        properties = {
            "VpcId": reference(MAIN),
            **addresses,
            **_place(zone, index),
            # Who needs a public address asks for one: load balancers and NAT gateways bring their own.
            "MapPublicIpOnLaunch": False,
            "Tags": [
                *self.tags(tier.name, zone.key),
                {"Key": _GROUP_NAME_TAG, "Value": tier.name},
                {"Key": _GROUP_TYPE_TAG, "Value": _GROUP_TYPES.get(tier.role, "Isolated")},
            ],
        }
        self.add(subnet_id(tier.name, zone.key), "AWS::EC2::Subnet", properties, after=after)

    def _add_route_table(self, tier: Tier, zone: str, nat: Json | None) -> None:
        names = (tier.name, zone) if _is_per_zone(tier) else (tier.name,)
        table = table_id(tier, zone)
        self.add(table, "AWS::EC2::RouteTable", {"VpcId": reference(MAIN), "Tags": self.tags(*names)})
        ipv4, ipv6 = ((tier.name, zone) in blocks for blocks in (self._ipv4, self._plan.ipv6))
        internet_gateway = {"GatewayId": reference("InternetGateway")}

        def add(name: str, destination: Json, target: Json, *after: str) -> None:
            route = {"RouteTableId": reference(table)} | destination | target
            self.add(table_id(tier, zone, name), "AWS::EC2::Route", route, after=after)

        if tier.role is Role.PUBLIC and ipv4:
            add("DefaultRoute", _EVERYWHERE, internet_gateway, "InternetGatewayAttachment")
        if tier.role is Role.PUBLIC and ipv6:
            add("DefaultIpv6Route", _EVERYWHERE_IPV6, internet_gateway, "InternetGatewayAttachment")
        if tier.role is Role.PRIVATE and ipv4 and nat:
            add("DefaultRoute", _EVERYWHERE, nat)
        if tier.role is Role.PRIVATE and not ipv4 and nat:
            add("Nat64Route", _NAT64, nat)
        if tier.role is Role.PRIVATE and ipv6 and EGRESS_ONLY in self._resources:
            add("DefaultIpv6Route", _EVERYWHERE_IPV6, {"EgressOnlyInternetGatewayId": reference(EGRESS_ONLY)})

    def _cidr(self, block: IPv4Network) -> Any:
        """A block of the VPC: as it is, or as a part of what IPAM gives."""
        if self._ipam is None or not block.subnet_of(self._plan.block):
            return str(block)
        return _part(attribute(MAIN, "CidrBlock"), steps(self._plan.block, block))

    def _ipv6_cidr(self, tier: str, zone: str) -> Any:
        whole = {"Fn::Select": [0, attribute(MAIN, "Ipv6CidrBlocks")]}
        return _part(whole, steps(IPV6_BLOCK, self._plan.ipv6[tier, zone]))


def _part(whole: Json, steps: Iterable[tuple[int, int, int]]) -> Json:
    for index, parts, bits in steps:
        whole = {"Fn::Select": [index, {"Fn::Cidr": [whole, parts, bits]}]}
    return whole


def _is_per_zone(tier: Tier) -> bool:
    return tier.route_tables is RouteTables.PER_ZONE


def _place(zone: Zone, index: int) -> Json:
    if zone.zone_id is not None:
        return {"AvailabilityZoneId": zone.zone_id}
    return {"AvailabilityZone": zone.name or {"Fn::Select": [index, {"Fn::GetAZs": ""}]}}
