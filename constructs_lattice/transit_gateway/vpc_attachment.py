"""Attachments of VPCs to a Transit Gateway."""

from collections.abc import Sequence
from functools import partial

from aws_cdk import Annotations, CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.transit_gateway.attachment import Attachment, RouteTable
from constructs_lattice.vpc import (
    Destination,
    Role,
    Routes,
    SubnetInterface,
    Vpc,
    VpcInterface,
    enforces_encryption,
    pick,
)
from constructs_lattice.vpc.fragment import NAT64_BLOCK

__all__ = ["VpcAttachment"]


class VpcAttachment(Attachment):
    """Attaches a VPC to a Transit Gateway, with a network interface in one subnet of each zone.

    A zone without one cannot reach the gateway. The interfaces should have small subnets of their own, so that network
    ACLs and route tables meant for them meet nothing else: `Tier.transit()` in one of our VPCs.

    In a VPC with `Nat.through_hub()`, the default routes of its private tiers lead to the gateway; of those that speak
    IPv6 only, the routes to what NAT64 translates. A VPC that enforces encryption is a warning:
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-encryption-support.html

    Usually made by `TransitGateway.add_vpc_attachment`.

    Args:
        scope: The construct that this attachment is part of.
        id: The id within `scope`.
        transit_gateway_id: The gateway.
        vpc: The VPC, ours or any `ec2.IVpc`.
        subnets: One subnet in each zone. By default the transit tier of one of our VPCs; else, one subnet in each zone
            of the VPC's default selection.
            With IPv6 in all of them, the attachment speaks it, too.
        route_table: The route table that routes what comes from the VPC. None by default: nothing is routed then.
        propagate_to: The route tables that learn the way to the VPC. None by default.
        appliance_mode: Whether both directions of a flow are kept in one zone, which stateful appliances in the VPC
            need. No by default.

    Raises:
        ArgumentError: A zone has two subnets, or the VPC has several transit tiers.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        transit_gateway_id: str,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        route_table: RouteTable | None = None,
        propagate_to: Sequence[RouteTable] = (),
        appliance_mode: bool = False,
    ) -> None:
        where = Place(scope, id)
        chosen = _one_subnet_a_zone(where, vpc, subnets)
        super().__init__(scope, id)
        self._vpc = vpc
        # Not AWS::EC2::TransitGatewayVpcAttachment: that one is replaced when a zone is added.
        self._resource = ec2.CfnTransitGatewayAttachment(
            self,
            "Resource",
            transit_gateway_id=transit_gateway_id,
            vpc_id=vpc.vpc_id,
            subnet_ids=chosen.subnet_ids,
            options={
                "DnsSupport": "enable",
                "Ipv6Support": "enable" if _speak_ipv6(chosen.subnets) else "disable",
                "ApplianceModeSupport": "enable" if appliance_mode else "disable",
                "SecurityGroupReferencingSupport": "enable",
            },
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        self._attachment_id = self._resource.ref
        make_route = partial(ec2.CfnRoute, transit_gateway_id=transit_gateway_id)
        self._routes = Routes(self, vpc, make_route, self._resource)
        if route_table is not None:
            self.associate_with(route_table)
        self.propagate_to(*propagate_to)
        if enforces_encryption(vpc):
            Annotations.of(self).add_warning_v2(
                "constructs-lattice:transit-gateway-encryption-support",
                "the vpc enforces encryption, so the Transit Gateway must have encryption support: it is enabled once "
                "the gateway is there, and only without security group references, Connect and peering attachments",
            )
        if isinstance(vpc, Vpc) and vpc.nat.is_through_hub:
            for tier in vpc.tiers:
                if tier.role is Role.PRIVATE:
                    self.add_routes(["0.0.0.0/0" if tier.blocks else NAT64_BLOCK], from_=tier.selection)

    @property
    def attachment_id(self) -> str:
        """The id of the attachment."""
        return self._attachment_id

    @property
    def resource(self) -> ec2.CfnTransitGatewayAttachment:
        """The attachment itself, as CloudFormation knows it."""
        return self._resource

    @property
    def vpc(self) -> ec2.IVpc:
        """The VPC."""
        return self._vpc

    def add_routes(self, destinations: Sequence[Destination], *, from_: ec2.SubnetSelection) -> list[ec2.CfnRoute]:
        """Send what the subnets of `from_` address to `destinations`, blocks or prefix lists, to the gateway.

        Each route waits for the attachment: EC2 refuses it before. A route that is there already stays as it is.
        Raises `AddressError` for a malformed block.
        """
        return self._routes.add(destinations, from_)


def _speak_ipv6(subnets: Sequence[ec2.ISubnet]) -> bool:
    return all(isinstance(subnet, SubnetInterface) and subnet.ipv6_cidr_block is not None for subnet in subnets)


def _one_subnet_a_zone(where: Place, vpc: ec2.IVpc, subnets: ec2.SubnetSelection | None) -> ec2.SelectedSubnets:
    selected = pick(vpc, subnets or _default_subnets(where, vpc))
    zones = [subnet.availability_zone for subnet in selected.subnets]
    doubled = next((zone for zone in zones if zones.count(zone) > 1), None)
    if doubled is not None and not selected.is_pending_lookup:
        named = "one zone" if is_token(doubled) else f"zone {doubled}"
        raise ArgumentError(
            f"{where}: an attachment has one subnet in each zone, got {zones.count(doubled)} in {named}; "
            "select a single tier"
        )
    return selected


def _default_subnets(where: Place, vpc: ec2.IVpc) -> ec2.SubnetSelection:
    transit = [tier for tier in vpc.tiers if tier.role is Role.TRANSIT] if isinstance(vpc, VpcInterface) else []
    if len(transit) > 1:
        names = " and ".join(repr(tier.name) for tier in transit)
        raise ArgumentError(f"{where}: the vpc has the transit tiers {names}; say which with subnets")
    return transit[0].selection if transit else ec2.SubnetSelection(one_per_az=True)
