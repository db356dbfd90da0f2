"""Route tables of a Transit Gateway."""

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.addressing import check_destination
from constructs_lattice.errors import ArgumentError
from constructs_lattice.transit_gateway.attachment import Attachment

__all__ = ["TransitGatewayRouteTable"]

_BLACKHOLE = "blackhole"


class TransitGatewayRouteTable(LatticeConstruct):
    """A route table of a Transit Gateway: where the traffic of the attachments associated with it may go.

    Made by `TransitGateway.add_route_table`, or imported with `from_route_table_id`.

    Args:
        scope: The construct that this route table is part of.
        id: The id within `scope`; also its name.
        transit_gateway_id: The gateway. Left out for a route table that exists already.
        route_table_id: The id of a route table that exists already.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html
    """

    def __init__(
        self, scope: Construct, id: str, *, transit_gateway_id: str | None = None, route_table_id: str | None = None
    ) -> None:
        if (transit_gateway_id is None) == (route_table_id is None):
            raise ArgumentError(
                f"{Place(scope, id)}: exactly one of transit_gateway_id and route_table_id is needed; "
                "give the first for a new route table, the second for one that exists"
            )
        super().__init__(scope, id)
        self._name = id
        self._routes: dict[str, str] = {}
        self._resource: ec2.CfnTransitGatewayRouteTable | None = None
        if transit_gateway_id is not None:
            self._resource = ec2.CfnTransitGatewayRouteTable(
                self,
                "Resource",
                transit_gateway_id=transit_gateway_id,
                tags=[CfnTag(key="Name", value=self.node.path)],
            )
        self._route_table_id = route_table_id or (self._resource.ref if self._resource is not None else "")

    @staticmethod
    def from_route_table_id(scope: Construct, id: str, route_table_id: str) -> "TransitGatewayRouteTable":
        """A route table that exists already. What it holds is not known here."""
        return TransitGatewayRouteTable(scope, id, route_table_id=route_table_id)

    @property
    def name(self) -> str:
        """The name: its id in the construct tree."""
        return self._name

    @property
    def resource(self) -> ec2.CfnTransitGatewayRouteTable | None:
        """The route table itself, as CloudFormation knows it; none when it is imported."""
        return self._resource

    @property
    def route_table_id(self) -> str:
        """The id of the route table."""
        return self._route_table_id

    def add_route(self, cidr: str, to: Attachment) -> ec2.CfnTransitGatewayRoute:
        """Send what is addressed to `cidr` to an attachment; a static route wins over a propagated one.

        Raises `AddressError` for a malformed block, and `ArgumentError` when the table has a static route for it.
        """
        self._take(cidr, to.node.id)
        return ec2.CfnTransitGatewayRoute(
            self,
            _route_id(cidr),
            destination_cidr_block=cidr,
            transit_gateway_attachment_id=to.attachment_id,
            transit_gateway_route_table_id=self._route_table_id,
        )

    def add_blackhole(self, cidr: str) -> ec2.CfnTransitGatewayRoute:
        """Drop what is addressed to `cidr`.

        Raises `AddressError` for a malformed block, and `ArgumentError` when the table has a static route for it.
        """
        self._take(cidr, _BLACKHOLE)
        return ec2.CfnTransitGatewayRoute(
            self,
            _route_id(cidr),
            destination_cidr_block=cidr,
            blackhole=True,
            transit_gateway_route_table_id=self._route_table_id,
        )

    def _take(self, cidr: str, target: str) -> None:
        where = Place(self, _route_id(cidr))
        check_destination(where, cidr)
        if cidr in self._routes:
            raise ArgumentError(
                f"{where}: route table {self._name!r} sends {cidr} to {self._routes[cidr]!r} already, got {target!r}; "
                "a block has one static route"
            )
        self._routes[cidr] = target


def _route_id(cidr: str) -> str:
    return f"Route-{cidr.replace('/', '-')}"
