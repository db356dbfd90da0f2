"""Peering of two VPCs."""

from functools import partial
from itertools import product

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice._tokens import is_token
from constructs_lattice.addressing import parse_block
from constructs_lattice.errors import AddressError
from constructs_lattice.vpc.encryption_check import check_peering
from constructs_lattice.vpc.interface import VpcInterface
from constructs_lattice.vpc.looked_up import DUMMY_BLOCK
from constructs_lattice.vpc.peers import blocks_of
from constructs_lattice.vpc.routes import Routes
from constructs_lattice.vpc.selection import pick
from constructs_lattice.vpc.subnet_interface import SubnetInterface

__all__ = ["VpcPeering"]


class VpcPeering(LatticeConstruct):
    """Connects two VPCs of one account and region, with the routes of both sides.

    Where both are ours and have IPv6 blocks, there are routes for these, too.

    Peering is for two: what one of them reaches through a third, or through its own gateways, the other does not.

    Args:
        scope: The construct that this peering is part of.
        id: The id within `scope`.
        requester: One VPC, ours or any `ec2.IVpc`.
        accepter: The other one.
        requester_subnets: Which subnets of the first reach the second. Those of its default selection by default.
        accepter_subnets: Which subnets of the second reach the first. Those of its default selection by default.

    Raises:
        AddressError: The blocks of the VPCs overlap.
        ArgumentError: One of our VPCs enforces encryption and does not exclude peering, and the other one does not
            enforce it without exclusions.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        requester: ec2.IVpc,
        accepter: ec2.IVpc,
        requester_subnets: ec2.SubnetSelection | None = None,
        accepter_subnets: ec2.SubnetSelection | None = None,
    ) -> None:
        blocks = blocks_of(requester), blocks_of(accepter)
        for one, other in product(*blocks):
            _check(Place(scope, id), one, other)
        check_peering(Place(scope, id), requester, accepter)
        super().__init__(scope, id)
        self._resource = ec2.CfnVPCPeeringConnection(
            self,
            "Resource",
            vpc_id=requester.vpc_id,
            peer_vpc_id=accepter.vpc_id,
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        for side, vpc, peer, destinations, subnets in (
            ("Requester", requester, accepter, blocks[1], requester_subnets),
            ("Accepter", accepter, requester, blocks[0], accepter_subnets),
        ):
            make = partial(ec2.CfnRoute, vpc_peering_connection_id=self._resource.ref)
            routes = Routes(Construct(self, side), vpc, make, self._resource)
            routes.add(destinations, subnets or ec2.SubnetSelection())
            _add_ipv6(routes, vpc, peer, subnets or ec2.SubnetSelection())

    @property
    def resource(self) -> ec2.CfnVPCPeeringConnection:
        """The peering connection itself, as CloudFormation knows it."""
        return self._resource

    @property
    def peering_connection_id(self) -> str:
        """The id, such as `pcx-0123456789abcdef0`."""
        return self._resource.ref


def _add_ipv6(routes: Routes, vpc: ec2.IVpc, peer: ec2.IVpc, chosen: ec2.SubnetSelection) -> None:
    """The routes of those subnets that speak IPv6 to what the peer has of it."""
    block = peer.ipv6_cidr_block if isinstance(peer, VpcInterface) else None
    if block is None:
        return
    speaking = [
        each for each in pick(vpc, chosen).subnets if isinstance(each, SubnetInterface) and each.ipv6_cidr_block
    ]
    if speaking:
        routes.add([block], ec2.SubnetSelection(subnets=speaking), are_ipv6=True)


def _check(where: Place, requester: str, accepter: str) -> None:
    if is_token(requester) or is_token(accepter) or DUMMY_BLOCK in (requester, accepter):
        return
    if parse_block(where, requester).overlaps(parse_block(where, accepter)):
        raise AddressError(
            f"{where}: {requester} and {accepter} overlap; VPCs that are peered need blocks of their own"
        )
