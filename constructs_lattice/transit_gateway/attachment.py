"""What is attached to a Transit Gateway, whatever it is: it has one association and any number of propagations."""

from typing import Protocol

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.errors import ArgumentError

__all__ = ["Attachment", "ImportedAttachment", "RouteTable"]


class RouteTable(Protocol):
    """A route table of a Transit Gateway, defined or imported."""

    @property
    def route_table_id(self) -> str:
        """The id, such as `tgw-rtb-0123456789abcdef0`."""

    @property
    def name(self) -> str:
        """The name by which messages and logical ids know it."""


class Attachment(LatticeConstruct):
    """Something attached to a Transit Gateway.

    Traffic *from* the attachment is routed by the one route table that it is associated with. Traffic *to* it can be
    routed by every table that it propagates its routes to, or that has a static route to it.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self._where = Place(scope, id)
        self._association: str | None = None
        self._propagations: set[str] = set()

    @property
    def attachment_id(self) -> str:
        """The id, such as `tgw-attach-0123456789abcdef0`."""
        raise NotImplementedError

    def associate_with(self, route_table: RouteTable) -> None:
        """Let `route_table` route the traffic that comes from this attachment.

        Raises `ArgumentError` when the attachment is associated with a table already: it can have one only.
        """
        if self._association is not None:
            raise ArgumentError(
                f"{self._where}: the attachment is associated with route table {self._association!r} already, "
                f"got {route_table.name!r}; an attachment has one association"
            )
        ec2.CfnTransitGatewayRouteTableAssociation(
            self,
            "Association",
            transit_gateway_attachment_id=self.attachment_id,
            transit_gateway_route_table_id=route_table.route_table_id,
        )
        self._association = route_table.name

    def propagate_to(self, *route_tables: RouteTable) -> None:
        """Let `route_tables` learn the routes to this attachment; those that do already stay as they are."""
        for table in route_tables:
            if table.name in self._propagations:
                continue
            ec2.CfnTransitGatewayRouteTablePropagation(
                self,
                f"PropagationTo-{table.name}",
                transit_gateway_attachment_id=self.attachment_id,
                transit_gateway_route_table_id=table.route_table_id,
            )
            self._propagations.add(table.name)


class ImportedAttachment(Attachment):
    """An attachment that was made elsewhere, or whose id only the first deployment told.

    It is taken to have no association yet.
    """

    def __init__(self, scope: Construct, id: str, *, attachment_id: str) -> None:
        super().__init__(scope, id)
        self._attachment_id = attachment_id

    @property
    def attachment_id(self) -> str:
        """The id that was given."""
        return self._attachment_id
