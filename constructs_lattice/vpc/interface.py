"""How a VPC of tiers, made here or imported, looks to the rest of the CDK: the members of `ec2.IVpc`."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from aws_cdk import Resource
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, DependencyGroup, IDependable

from constructs_lattice._checks import Place
from constructs_lattice._construct import WholeOrNothing
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.attributes import VpcAttributes
from constructs_lattice.vpc.encryption_control import EncryptionControl, EncryptionExclusion
from constructs_lattice.vpc.own_routes import OwnRoutes
from constructs_lattice.vpc.route_target import RouteTarget
from constructs_lattice.vpc.routes import Destination
from constructs_lattice.vpc.selection import select
from constructs_lattice.vpc.subnet_interface import SubnetInterface
from constructs_lattice.vpc.tier import Role
from constructs_lattice.vpc.tier_subnets import TierInterface

__all__ = ["VpcInterface"]

_Subnet = TypeVar("_Subnet", bound=SubnetInterface)
_Tier = TypeVar("_Tier", bound=TierInterface[Any])


class VpcInterface(WholeOrNothing, Resource, Generic[_Tier, _Subnet]):
    """The members of `ec2.IVpc`, told in terms of tiers.

    Node calls these members back when one of our VPCs is handed to a construct of the CDK. It passes structures by
    position, Python's callers pass their fields by keyword: methods that Node calls take both.

    https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_ec2/IVpc.html
    """

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self._where = Place(scope, id)
        self._tiers: dict[str, _Tier] = {}
        self._vpn_gateway: ec2.VpnGateway | None = None
        self._own_routes = OwnRoutes(self)

    @property
    def tiers(self) -> list[_Tier]:
        """The tiers, in the order in which they were declared."""
        return list(self._tiers.values())

    def tier(self, name: str) -> _Tier:
        """The subnets of one tier.

        Raises `ArgumentError` when there is no such tier.
        """
        if name not in self._tiers:
            raise ArgumentError(f"{self._where}: there is no tier {name!r}; the tiers are {_listed(self._tiers)}")
        return self._tiers[name]

    def subnet(self, tier: str, zone: str) -> _Subnet:
        """The subnet of one tier in one zone, such as `vpc.subnet("app", "a")`.

        Raises `ArgumentError` when there is no such tier or zone.
        """
        subnets = self.tier(tier)
        if zone not in subnets.zones:
            zones = _listed(subnets.zones)
            raise ArgumentError(f"{self._where}: tier {tier!r} has no zone {zone!r}; its zones are {zones}")
        found: _Subnet = subnets.by_zone[zone]
        return found

    @property
    def attributes(self) -> VpcAttributes:
        """What is known of it elsewhere: its ids and blocks, by tier, then by zone."""
        return VpcAttributes(
            vpc_id=self.vpc_id,
            cidr_blocks=self.cidr_blocks,
            ipv6_cidr_block=self.ipv6_cidr_block,
            tiers={tier.name: tier.attributes for tier in self.tiers},
        )

    @property
    def vpc_id(self) -> str:
        """The id of the VPC."""
        raise NotImplementedError

    @property
    def vpc_arn(self) -> str:
        """The ARN of the VPC."""
        return self.stack.format_arn(service="ec2", resource="vpc", resource_name=self.vpc_id)

    @property
    def vpc_cidr_block(self) -> str:
        """The first IPv4 block; a token where IPAM gives it."""
        return self.cidr_blocks[0]

    @property
    def cidr_blocks(self) -> list[str]:
        """All IPv4 blocks, the first one first."""
        raise NotImplementedError

    @property
    def ipv6_cidr_block(self) -> str | None:
        """The IPv6 block, a token, if a tier speaks IPv6."""
        raise NotImplementedError

    @property
    def vpc_ref(self) -> Any:
        """The reference by which L1 constructs know the VPC."""
        raise NotImplementedError

    @property
    def encryption_control(self) -> EncryptionControl | None:
        """Whether it monitors or enforces encryption, as far as that is known here."""
        return None

    @property
    def availability_zones(self) -> list[str]:
        """The names of the zones; tokens where only the deployment knows them."""
        return list(self.tiers[0].availability_zones.values())

    @property
    def public_subnets(self) -> list[ec2.ISubnet]:
        """The subnets of all public tiers."""
        return self._with_role(Role.PUBLIC)

    @property
    def private_subnets(self) -> list[ec2.ISubnet]:
        """The subnets of all private tiers."""
        return self._with_role(Role.PRIVATE)

    @property
    def isolated_subnets(self) -> list[ec2.ISubnet]:
        """The subnets of all isolated tiers; transit tiers are nobody's but their attachments'."""
        return self._with_role(Role.ISOLATED)

    @property
    def internet_connectivity_established(self) -> IDependable:
        """What to depend on to be made after the way to the internet."""
        return DependencyGroup(*(way for tier in self.tiers for subnet in tier.subnets for way in subnet.ways))

    def select_subnets(self, selection: ec2.SubnetSelection | None = None, **fields: Any) -> ec2.SelectedSubnets:
        """The subnets that a `SubnetSelection` asks for: by group name (a tier's), type, zone, or explicitly.

        A zone may be given by its name or by its key. Raises `ArgumentError` when nothing answers the selection.
        """
        return select(self._where, self.tiers, selection or ec2.SubnetSelection(**fields))

    def add_routes(self, tier: str, *, to: Sequence[Destination], via: RouteTarget) -> list[ec2.CfnRoute]:
        """Send what a tier addresses to the blocks `to`, or to those of prefix lists, to a target, in all zones.

        Raises `ArgumentError` for a tier that is not there, a zone without a target, a destination that the tier has a
        route to already, or a shared route table where each zone has a target of its own; and `AddressError` for a
        malformed block.
        """
        return self._own_routes.add(self.tier(tier), to, via)

    def add_flow_log(self, id: str, options: ec2.FlowLogOptions | None = None, **fields: Any) -> ec2.FlowLog:
        """Add a flow log, in addition to the VPC's own."""
        return ec2.FlowLog(self, id, resource_type=ec2.FlowLogResourceType.from_vpc(self), **_fields(options, fields))

    def add_gateway_endpoint(
        self, id: str, options: ec2.GatewayVpcEndpointOptions | None = None, **fields: Any
    ) -> ec2.GatewayVpcEndpoint:
        """Add a gateway endpoint."""
        return ec2.GatewayVpcEndpoint(self, id, vpc=self, **_fields(options, fields))

    def add_interface_endpoint(
        self, id: str, options: ec2.InterfaceVpcEndpointOptions | None = None, **fields: Any
    ) -> ec2.InterfaceVpcEndpoint:
        """Add an interface endpoint."""
        return ec2.InterfaceVpcEndpoint(self, id, vpc=self, **_fields(options, fields))

    def add_client_vpn_endpoint(
        self, id: str, options: ec2.ClientVpnEndpointOptions | None = None, **fields: Any
    ) -> ec2.ClientVpnEndpoint:
        """Add a client VPN endpoint."""
        return ec2.ClientVpnEndpoint(self, id, vpc=self, **_fields(options, fields))

    def add_vpn_connection(
        self, id: str, options: ec2.VpnConnectionOptions | None = None, **fields: Any
    ) -> ec2.VpnConnection:
        """Add a VPN connection to this VPC's own virtual private gateway, which is made if need be."""
        return ec2.VpnConnection(self, id, vpc=self, **_fields(options, fields))

    @property
    def vpn_gateway_id(self) -> str | None:
        """The id of the virtual private gateway, if there is one."""
        return None if self._vpn_gateway is None else self._vpn_gateway.gateway_id

    def enable_vpn_gateway(self, options: ec2.EnableVpnGatewayOptions | None = None, **fields: Any) -> None:
        """Make a virtual private gateway whose routes reach the subnets of `vpn_route_propagation`.

        By default those are the private subnets, else the isolated ones. Raises `ArgumentError` when there already is
        one, or when the VPC enforces encryption and does not exclude it.
        """
        if self._vpn_gateway is not None:
            raise ArgumentError(f"{self._where}: there is a virtual private gateway already; a vpc can have one only")
        if self.encryption_control is not None:
            self.encryption_control.check_admits(self._where, [EncryptionExclusion.VIRTUAL_PRIVATE_GATEWAY])
        given = _fields(options, fields)
        selections = given.pop("vpn_route_propagation", None) or [ec2.SubnetSelection()]
        gateway = self._vpn_gateway = ec2.VpnGateway(self, "VpnGateway", **given)
        attachment = ec2.CfnVPCGatewayAttachment(
            self, "VpnGatewayAttachment", vpc_id=self.vpc_id, vpn_gateway_id=gateway.gateway_id
        )
        subnets = [s for selection in selections for s in self.select_subnets(selection).subnets]
        ec2.CfnVPNGatewayRoutePropagation(
            self,
            "VpnGatewayRoutePropagation",
            route_table_ids=list(dict.fromkeys(subnet.route_table.route_table_id for subnet in subnets)),
            vpn_gateway_id=gateway.gateway_id,
        ).node.add_dependency(attachment)

    def _with_role(self, role: Role) -> list[ec2.ISubnet]:
        return [subnet for tier in self.tiers if tier.role is role for subnet in tier.subnets]


def _fields(struct: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a structure of jsii, or those that were given by keyword."""
    return fields if struct is None else dict(struct._values)  # noqa: SLF001 - jsii has no public way


def _listed(names: Any) -> str:
    return ", ".join(repr(name) for name in names)
