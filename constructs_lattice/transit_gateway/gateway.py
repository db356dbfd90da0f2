"""Transit Gateways."""

from collections.abc import Sequence
from typing import Protocol

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place, check_count
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice._tokens import is_token
from constructs_lattice.addressing import parse_block
from constructs_lattice.errors import ArgumentError
from constructs_lattice.transit_gateway.attachment import RouteTable
from constructs_lattice.transit_gateway.route_table import TransitGatewayRouteTable
from constructs_lattice.transit_gateway.vpc_attachment import VpcAttachment

__all__ = ["ITransitGateway", "TransitGateway"]

_PRIVATE_ASNS = ((64_512, 65_534), (4_200_000_000, 4_294_967_294))
_MOST_CIDRS = 5
_ROOM = 24  # a gateway's own block must be a /24 or larger


class ITransitGateway(Protocol):
    """A Transit Gateway, defined or imported."""

    @property
    def transit_gateway_id(self) -> str:
        """The id, such as `tgw-0123456789abcdef0`."""

    def add_route_table(self, id: str) -> TransitGatewayRouteTable:
        """Add a route table."""

    def add_vpc_attachment(
        self,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        route_table: RouteTable | None = None,
        propagate_to: Sequence[RouteTable] = (),
        appliance_mode: bool = False,
    ) -> VpcAttachment:
        """Attach a VPC."""


class _Gateway(LatticeConstruct):
    """What a defined gateway and an imported one have in common."""

    @property
    def transit_gateway_id(self) -> str:
        """The id of the gateway."""
        raise NotImplementedError

    def add_route_table(self, id: str) -> TransitGatewayRouteTable:
        """Add a route table. `id` is its name, too."""
        return TransitGatewayRouteTable(self, id, transit_gateway_id=self.transit_gateway_id)

    def add_vpc_attachment(
        self,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        route_table: RouteTable | None = None,
        propagate_to: Sequence[RouteTable] = (),
        appliance_mode: bool = False,
    ) -> VpcAttachment:
        """Attach a VPC; the arguments are those of `VpcAttachment`."""
        return VpcAttachment(
            self,
            id,
            transit_gateway_id=self.transit_gateway_id,
            vpc=vpc,
            subnets=subnets,
            route_table=route_table,
            propagate_to=propagate_to,
            appliance_mode=appliance_mode,
        )


class TransitGateway(_Gateway):
    """A Transit Gateway that routes nothing by itself.

    AWS puts every attachment into a default route table that lets all of them reach each other. Here the default tables
    are off: an attachment reaches what its own route table says.

    Args:
        scope: The construct that this gateway is part of.
        id: The id within `scope`.
        amazon_side_asn: The private autonomous system number of AWS's side of BGP sessions: 64512 to 65534, or
            4200000000 to 4294967294. 64512 by default. Changing it replaces the gateway.
        description: A description. The path in the construct tree by default.
        auto_accept_shared_attachments: Whether attachments from other accounts are accepted unseen. No by default.
        cidrs: At most five blocks of its own, /24 or larger, for Connect attachments. None by default.

    Raises:
        ArgumentError: The number is not a private one, or there are too many blocks.
        AddressError: A block is malformed.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        amazon_side_asn: int = _PRIVATE_ASNS[0][0],
        description: str | None = None,
        auto_accept_shared_attachments: bool = False,
        cidrs: Sequence[str] = (),
    ) -> None:
        _check(Place(scope, id), amazon_side_asn, cidrs)
        super().__init__(scope, id)
        path = self.node.path
        self._resource = ec2.CfnTransitGateway(
            self,
            "Resource",
            amazon_side_asn=amazon_side_asn,
            description=description or path,
            auto_accept_shared_attachments="enable" if auto_accept_shared_attachments else "disable",
            default_route_table_association="disable",
            default_route_table_propagation="disable",
            dns_support="enable",
            vpn_ecmp_support="enable",
            security_group_referencing_support="enable",
            transit_gateway_cidr_blocks=list(cidrs) or None,
            tags=[CfnTag(key="Name", value=path)],
        )
        self._id = self._resource.ref

    @staticmethod
    def from_transit_gateway_id(scope: Construct, id: str, transit_gateway_id: str) -> ITransitGateway:
        """A gateway that exists already, such as one that another account shares."""
        return _ImportedGateway(scope, id, transit_gateway_id=transit_gateway_id)

    @property
    def resource(self) -> ec2.CfnTransitGateway:
        """The gateway itself, as CloudFormation knows it."""
        return self._resource

    @property
    def transit_gateway_id(self) -> str:
        """The id of the gateway."""
        return self._id

    @property
    def transit_gateway_arn(self) -> str:
        """The ARN of the gateway."""
        return self._resource.attr_transit_gateway_arn


class _ImportedGateway(_Gateway):
    def __init__(self, scope: Construct, id: str, *, transit_gateway_id: str) -> None:
        super().__init__(scope, id)
        self._id = transit_gateway_id

    @property
    def transit_gateway_id(self) -> str:
        return self._id


def _check(where: Place, amazon_side_asn: int, cidrs: Sequence[str]) -> None:
    if not is_token(amazon_side_asn) and not any(low <= amazon_side_asn <= high for low, high in _PRIVATE_ASNS):
        raise ArgumentError(
            f"{where}: amazon_side_asn must be a private one, 64512 to 65534 or 4200000000 to 4294967294, "
            f"got {amazon_side_asn}"
        )
    check_count(where, "cidrs", len(cidrs), 0, _MOST_CIDRS)
    for cidr in cidrs:
        if not is_token(cidr) and (block := parse_block(where, cidr)).prefixlen > _ROOM:
            raise ArgumentError(f"{where}: cidrs must be a /{_ROOM} or larger, got {block}")
