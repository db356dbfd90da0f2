"""The ids and blocks of a VPC as parameters of Systems Manager, and a VPC that is read from them.

There is one parameter for the VPC and one for each subnet. They are lists, which CloudFormation can take apart, as it
cannot do so with JSON. Both sides know the tiers and the zones, so a list needs no names.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnParameter, Fn
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from constructs_lattice._checks import Place, check_count, check_pattern
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.attributes import SubnetAttributes
from constructs_lattice.vpc.interface import VpcInterface
from constructs_lattice.vpc.ip_protocol import IpProtocol
from constructs_lattice.vpc.route_tables import RouteTables
from constructs_lattice.vpc.tier import Role, Tier

__all__ = ["ParameterSource", "VpcParameters", "check_parameters"]

_PREFIX = re.compile(r"(/[A-Za-z0-9_.-]+){1,13}")
_RESERVED = re.compile(r"/(aws|ssm).*", re.IGNORECASE)
_MOST_BLOCKS = 50
_LIST = "AWS::SSM::Parameter::Value<List<String>>"


class VpcParameters(LatticeConstruct):
    """Publishes a VPC of tiers in the Parameter Store: `<prefix>/vpc`, and `<prefix>/<tier>/<zone>` for each subnet.

    `Vpc.from_parameters` reads them, in another application of the same account and region, which is deployed after
    this one. The lists hold, of the VPC, its id, its IPv4 blocks and its IPv6 block; of a subnet, its id, that of its
    route table, its zone, its IPv4 block and its IPv6 block; each as far as it has them.

    Args:
        scope: The construct that these parameters are part of.
        id: The id within `scope`.
        vpc: The VPC, one of ours.
        prefix: What the names of the parameters begin with, such as `/network/shop`.

    Raises:
        ArgumentError: The prefix is none.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
    """

    def __init__(self, scope: Construct, id: str, *, vpc: VpcInterface[Any, Any], prefix: str) -> None:
        _check_prefix(Place(scope, id), prefix)
        super().__init__(scope, id)
        attributes = vpc.attributes
        blocks = [*attributes.cidr_blocks, attributes.ipv6_cidr_block]
        self._add("Vpc", f"{prefix}/vpc", [attributes.vpc_id, *blocks])
        for tier, zones in attributes.tiers.items():
            for zone, subnet in zones.subnets.items():
                ids = (subnet.subnet_id, subnet.route_table_id, subnet.availability_zone)
                blocks = [subnet.ipv4_cidr_block, subnet.ipv6_cidr_block]
                self._add(f"{tier}-{zone}", f"{prefix}/{tier}/{zone}", [*ids, *blocks])

    def _add(self, id: str, name: str, values: Sequence[str | None]) -> None:
        known = [value for value in values if value is not None]
        ssm.CfnParameter(self, id, name=name, type="StringList", value=Fn.join(",", known))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What has to be known of a tier at synthesis."""

    role: Role
    route_tables: RouteTables
    zones: tuple[str, ...]
    ip_protocol: IpProtocol


class ParameterSource:
    """What `VpcParameters` published, as parameters of a stack; each is made when something of it is asked for."""

    def __init__(
        self,
        scope: Construct,
        *,
        prefix: str,
        tiers: Sequence[Tier],
        zones: tuple[str, ...],
        ip_protocol: IpProtocol,
        blocks: int,
    ) -> None:
        self._scope = scope
        self._prefix = prefix
        self._blocks = blocks
        self._shapes = {
            tier.name: _Shape(
                role=tier.role,
                route_tables=tier.route_tables,
                zones=zones,
                ip_protocol=tier.ip_protocol or ip_protocol,
            )
            for tier in tiers
        }
        self._lists: dict[str, list[str]] = {}
        self._items: dict[tuple[str, int], str] = {}

    @property
    def vpc_id(self) -> str:
        """The id of the VPC."""
        return self._item("Vpc", f"{self._prefix}/vpc", 0)

    @property
    def cidr_blocks(self) -> Sequence[str]:
        """All IPv4 blocks, the first one first."""
        return [self._item("Vpc", f"{self._prefix}/vpc", 1 + index) for index in range(self._blocks)]

    @property
    def ipv6_cidr_block(self) -> str | None:
        """The IPv6 block, if a tier speaks IPv6."""
        has_ipv6 = any(shape.ip_protocol.has_ipv6 for shape in self._shapes.values())
        return self._item("Vpc", f"{self._prefix}/vpc", 1 + self._blocks) if has_ipv6 else None

    @property
    def tiers(self) -> Mapping[str, _Shape]:
        """The tiers by their names."""
        return self._shapes

    def subnet(self, tier: str, zone: str) -> SubnetAttributes:
        """The subnet of a tier in a zone, both of which are there."""
        protocol = self._shapes[tier].ip_protocol
        id_, name = f"{tier}-{zone}-Parameter", f"{self._prefix}/{tier}/{zone}"
        ipv4 = self._item(id_, name, 3) if protocol.has_ipv4 else None
        ipv6 = self._item(id_, name, 3 + protocol.has_ipv4) if protocol.has_ipv6 else None
        return SubnetAttributes(
            subnet_id=self._item(id_, name, 0),
            route_table_id=self._item(id_, name, 1),
            availability_zone=self._item(id_, name, 2),
            ipv4_cidr_block=ipv4,
            ipv6_cidr_block=ipv6,
        )

    def _item(self, id: str, name: str, index: int) -> str:
        """One value, always by the same token: what compares ids compares those."""
        if id not in self._lists:
            parameter = CfnParameter(
                self._scope, id, type=_LIST, default=name, description="Published by VpcParameters"
            )
            self._lists[id] = parameter.value_as_list
        if (id, index) not in self._items:
            self._items[id, index] = Fn.select(index, self._lists[id])
        return self._items[id, index]


def check_parameters(where: Place, prefix: str, tiers: Sequence[Tier], blocks: int) -> None:
    """Raise `ArgumentError` unless a VPC can be read from such parameters."""
    _check_prefix(where, prefix)
    check_count(where, "blocks", blocks, 1, _MOST_BLOCKS)
    if not tiers:
        raise ArgumentError(f"{where}: a vpc has one tier at least, got none")
    names = [tier.name for tier in tiers]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ArgumentError(f"{where}: tier {twice!r} is declared {names.count(twice)} times; names must be distinct")


def _check_prefix(where: Place, prefix: str) -> None:
    rule = "be a path such as '/network/shop'"
    check_pattern(where, "prefix", prefix, _PREFIX, rule)
    if _RESERVED.fullmatch(prefix):
        raise ArgumentError(f"{where}: prefix must not begin with '/aws' or '/ssm', which AWS keeps, got {prefix!r}")
