"""Ids that are written out where others deploy: they may be those of resources of the templates.

A stack that looks a network up has its ids in its template, such as `vpc-0123456789abcdef0`. The stack that makes the
network may be among the others; which id its VPC gets, no template says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Deployment, Estate, Resource
from constructs_lattice.templates.values import Value

__all__ = ["WrittenIds"]

# What ids begin with, and whose they are; the types that other accounts refer to as well are those after them.
_OWN: Mapping[str, tuple[str, ...]] = {
    "acl": ("AWS::EC2::NetworkAcl",),
    "eigw": ("AWS::EC2::EgressOnlyInternetGateway",),
    "eni": ("AWS::EC2::NetworkInterface",),
    "i": ("AWS::EC2::Instance",),
    "igw": ("AWS::EC2::InternetGateway",),
    "nat": ("AWS::EC2::NatGateway",),
    "rtb": ("AWS::EC2::RouteTable",),
    "vgw": ("AWS::EC2::VPNGateway",),
    "vpce": ("AWS::EC2::VPCEndpoint",),
}
_SHARED: Mapping[str, tuple[str, ...]] = {
    "pcx": ("AWS::EC2::VPCPeeringConnection",),
    "pl": ("AWS::EC2::PrefixList",),
    "sg": ("AWS::EC2::SecurityGroup",),
    "sn": ("AWS::VpcLattice::ServiceNetwork",),
    "subnet": ("AWS::EC2::Subnet",),
    "svc": ("AWS::VpcLattice::Service",),
    "tg": ("AWS::VpcLattice::TargetGroup",),
    "tgw": ("AWS::EC2::TransitGateway",),
    "tgw-attach": ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment"),
    "tgw-rtb": ("AWS::EC2::TransitGatewayRouteTable",),
    "vpc": ("AWS::EC2::VPC",),
}
_TYPES = {**_OWN, **_SHARED}

# What VPCs and Transit Gateways bring along, by what they are; and what of that no attribute gives.
_BROUGHT: Mapping[str, tuple[str, str]] = {
    "acl": ("AWS::EC2::VPC", "default-network-acl"),
    "rtb": ("AWS::EC2::VPC", "main-route-table"),
    "sg": ("AWS::EC2::VPC", "default-security-group"),
    "tgw-rtb": ("AWS::EC2::TransitGateway", "default-route-table"),
}
_NAMELESS = ("rtb", "tgw-rtb")
_ID = re.compile(
    r"(?:arn:[\w-]+:vpc-lattice:(?P<region>[\w-]+):(?P<account>\d{12}):\w+/)?"
    r"(?P<kind>[a-z]+(?:-[a-z]+)?)-(?:[0-9a-f]{8}|[0-9a-z]{17})"
)


_OWNERS = ("SourceSecurityGroupOwnerId", "DestinationSecurityGroupOwnerId", "PeerOwnerId")

_Place = tuple[str | Unknown, str | None]
"""The region of what a property names, and its account if that is said."""


class WrittenIds:
    """The ids that are written out in the templates of one estate, and whose they may be."""

    def __init__(self, estate: Estate) -> None:
        self._by_type: dict[str, list[Resource]] = {}
        self._candidates: dict[str, tuple[str, ...]] = {}
        for resource in estate.resources.values():
            self._by_type.setdefault(resource.type, []).append(resource)
        self.estate = self._doubted(estate)
        """The estate; what names something by an id that may be that of a resource of another stack is unknown."""

    def candidates(self, unknown: Unknown) -> tuple[str, ...]:
        """The resources whose id one of those unknown values may be, by their ids here; none for any other value."""
        return self._candidates.get(unknown.symbol, ())

    def _doubted(self, estate: Estate) -> Estate:
        found = {}
        for id_, resource in estate.resources.items():
            said = dict(resource.properties)
            judged = self._judged_all(said, resource)
            found[id_] = resource if judged == said else replace(resource, properties=judged)
        return replace(estate, resources=found)

    def _judged_all(self, said: dict[str, Value], by: Resource) -> dict[str, Value]:
        """Properties; some say the account, and the region, of what others name."""
        owner = next((said[each] for each in _OWNERS if said.get(each) is not None), None)
        region = said.get("PeerRegion")
        place = (
            by.deployment.region if region is None else region if isinstance(region, str) else Unknown(""),
            owner if isinstance(owner, str) else None,
        )
        return {name: self._judged(value, by, place) for name, value in said.items()}

    def _judged(self, value: Value, by: Resource, place: _Place) -> Value:
        match value:
            case str():
                return self._identified(value, by, place)
            case list():
                return [self._judged(each, by, place) for each in value]
            case dict():
                return self._judged_all(value, by)
            case _:
                return value

    def _identified(self, text: str, by: Resource, place: _Place) -> Value:
        written = _ID.fullmatch(text)
        if written is None:
            return text
        kind = written["kind"]
        made = [(each, str(each.id)) for type_ in _TYPES.get(kind, ()) for each in self._by_type.get(type_, ())]
        made = [each for each in made if _may_have_made(each[0].deployment, by.deployment)]
        if kind in _BROUGHT:
            type_, name = _BROUGHT[kind]
            brought = [(each, f"{each.id}/{name}") for each in self._by_type.get(type_, ())]
            made += [each for each in brought if kind in _NAMELESS or _may_have_made(each[0].deployment, by.deployment)]
        candidates = tuple(id_ for each, id_ in made if _is_there(written, each.deployment, by.deployment, place))
        if not candidates:
            return text
        symbol = f"{text} in {by.deployment.name}"
        self._candidates[symbol] = candidates
        return Unknown(f"{text} may be the id of {candidates[0]}", symbol=symbol)


def _may_have_made(made: Deployment, said: Deployment) -> bool:
    """Whether a stack may have made what another one names; the ids of its own resources, no stack writes out."""
    return _root(made) != _root(said) and made.template != said.template


def _is_there(written: re.Match[str], made: Deployment, said: Deployment, place: _Place) -> bool:
    """Whether what a stack has made may be where an id is."""
    region, owner = written["region"] or place[0], written["account"] or place[1]
    if owner is None and written["kind"] in _SHARED:
        return _may_equal(region, made.region)
    return _may_equal(region, made.region) and _may_equal(owner or said.account, made.account)


def _may_equal(one: str | Unknown, other: str | Unknown) -> bool:
    return one == other or isinstance(one, Unknown) or isinstance(other, Unknown)


def _root(deployment: Deployment) -> str:
    return deployment.name.partition("/")[0]
