"""Routes from the subnets of a VPC to one target."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeAlias

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, IConstruct

from constructs_lattice._checks import Place, check_list
from constructs_lattice._tokens import is_token
from constructs_lattice.addressing import check_destination
from constructs_lattice.vpc.looked_up import DUMMY_BLOCK
from constructs_lattice.vpc.selection import pick
from constructs_lattice.vpc.subnet_interface import SubnetInterface

__all__ = ["Destination", "Routes", "check_destinations", "route_key"]

# How the attributes of VPCs and subnets begin that are IPv6 blocks.
_IPV6_ATTRIBUTE = "Ipv6CidrBlock"

Destination: TypeAlias = str | ec2.IPrefixList
"""What a route is for: a block, or the blocks of a prefix list, one of ours or any other."""


def check_destinations(where: object, destinations: Sequence[Destination]) -> None:
    """Raise `AddressError` for a block that is malformed, and `ArgumentError` for one without a list around it."""
    check_list(where, "destinations", destinations)
    for destination in destinations:
        if isinstance(destination, str) and destination != DUMMY_BLOCK:
            check_destination(where, destination)


def route_key(destination: Destination) -> str:
    """What tells a destination apart from others, and names it."""
    return destination if isinstance(destination, str) else destination.prefix_list_id


class Routes:
    """The routes of a VPC that lead to one target. Each is made once, and after what it leads to.

    `make` is `ec2.CfnRoute` with the target filled in; `after` is what has to be there first, if anything.
    """

    def __init__(
        self, scope: Construct, vpc: ec2.IVpc, make: Callable[..., ec2.CfnRoute], after: Construct | None = None
    ) -> None:
        self._scope = scope
        self._vpc = vpc
        self._make = make
        self._after = after
        self._made: set[tuple[str, str]] = set()

    def add(
        self, destinations: Sequence[Destination], from_: ec2.SubnetSelection, *, are_ipv6: bool = False
    ) -> list[ec2.CfnRoute]:
        """Send what the subnets of `from_` address to `destinations` to the target; return the routes that are new.

        A token is an IPv6 block if `are_ipv6` says so, or if it refers to an attribute that is one.

        Raises `AddressError` for a malformed destination, before the first route is made.
        """
        check_destinations(Place(self._scope, "add_routes"), destinations)
        return [
            self._route(subnet, destination, are_ipv6)
            for subnet in pick(self._vpc, from_).subnets
            for destination in destinations
            if self._take(subnet.route_table.route_table_id, route_key(destination))
        ]

    def _take(self, route_table_id: str, destination: str) -> bool:
        key = (route_table_id, destination)
        if key in self._made:
            return False
        self._made.add(key)
        return True

    def _route(self, subnet: ec2.ISubnet, destination: Destination, is_ipv6: bool) -> ec2.CfnRoute:  # noqa: FBT001
        route = self._make(
            self._scope,
            f"{_owner(subnet)}-{self._name(destination)}",
            route_table_id=subnet.route_table.route_table_id,
            **self._property(destination, is_ipv6),
        )
        if self._after is not None:
            route.node.add_dependency(self._after)
        return route

    def _name(self, destination: Destination) -> str:
        """What an id has of a destination: itself, or, for a token, a digest of what it stands for."""
        if not isinstance(destination, str):
            return _path_in_stack(destination)
        if not is_token(destination):
            return destination.replace("/", "-")
        return sha256(self._meaning(destination).encode()).hexdigest()[:8]

    def _property(self, destination: Destination, is_ipv6: bool) -> dict[str, str]:  # noqa: FBT001
        """The property of `AWS::EC2::Route` that a destination is."""
        if not isinstance(destination, str):
            return {"destination_prefix_list_id": destination.prefix_list_id}
        if is_token(destination):
            is_ipv6 = is_ipv6 or _IPV6_ATTRIBUTE in self._meaning(destination)
        else:
            is_ipv6 = ":" in destination
        return {"destination_ipv6_cidr_block" if is_ipv6 else "destination_cidr_block": destination}

    def _meaning(self, token: str) -> str:
        return json.dumps(Stack.of(self._scope).resolve(token), sort_keys=True)


def _path_in_stack(construct: IConstruct) -> str:
    """Where a construct is, as far as logical ids tell."""
    return construct.node.path.removeprefix(f"{Stack.of(construct).node.path}/").replace("/", "-")


def _owner(subnet: ec2.ISubnet) -> str:
    """Whose route it is: the subnet's, or, when the table is shared, the tier's."""
    return subnet.node.id if not isinstance(subnet, SubnetInterface) or subnet.has_own_route_table else subnet.tier
