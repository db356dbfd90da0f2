"""Where VPC Lattice is: the regions without its types, and the Availability Zones without it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_VpcLattice.html
https://docs.aws.amazon.com/vpc-lattice/latest/ug/quotas.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Flag, auto
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from aws_cdk import Stack

from constructs_lattice._construct import path_of, root_of, stack_of
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.names import check_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constructs import IConstruct

    from constructs_lattice.vpc_lattice.names import Named
    from constructs_lattice.vpc_lattice.quotas import Quota

__all__ = ["Feature", "Region", "unsupported_zones"]


class Feature(Flag):
    """What regions have or lack: groups of types of CloudFormation."""

    SERVICES = auto()
    """Service networks, services, listeners, rules, target groups, and the associations of services and of VPCs."""

    RESOURCES = auto()
    """Resource gateways, resource configurations, and their associations."""

    DOMAINS = auto()
    """Domain verifications."""


_EVERYTHING = Feature.SERVICES | Feature.RESOURCES | Feature.DOMAINS

# What is missing, as CloudFormation had it in October 2026; all other regions have all types.
_MISSING = {
    "ap-east-2": _EVERYTHING,
    "ap-southeast-6": _EVERYTHING,
    "ap-southeast-7": _EVERYTHING,
    "cn-north-1": _EVERYTHING,
    "cn-northwest-1": _EVERYTHING,
    "il-central-1": Feature.RESOURCES | Feature.DOMAINS,
    "me-central-1": Feature.RESOURCES,
    "us-gov-east-1": _EVERYTHING,
    "us-gov-west-1": _EVERYTHING,
}

_WORDS = {
    Feature.SERVICES: "VPC Lattice",
    Feature.RESOURCES: "resource gateways and resource configurations",
    Feature.DOMAINS: "domain verifications",
}

_ZONES_WITHOUT = frozenset(
    {"use1-az3", "usw1-az2", "apne1-az3", "apne2-az2", "euc1-az2", "euw1-az4", "cac1-az3", "ilc1-az2"}
)


def unsupported_zones(zone_ids: Iterable[str]) -> list[str]:
    """Those of `zone_ids` in which VPC Lattice is not; names of zones are not judged, which mean others elsewhere."""
    return sorted(_ZONES_WITHOUT.intersection(zone_ids))


@dataclass(slots=True, weakref_slot=True)
class _App:
    """How many there are of what has a quota, and the names that are taken, across the stacks of an app."""

    counts: dict[tuple[Quota, str], int] = field(default_factory=dict)
    names: dict[tuple[Named, str, str], str] = field(default_factory=dict)


@dataclass(slots=True)
class Region:
    """The region, and the account, that a stack is deployed to; its name is a token where only the deployment knows."""

    name: str
    place: str
    app: _App

    @classmethod
    def of(cls, scope: IConstruct) -> Region:
        """The region of what is made in `scope`."""
        if scope not in _REGIONS:
            _REGIONS[scope] = cls._of_stack(stack_of(scope))
        return _REGIONS[scope]

    @classmethod
    def _of_stack(cls, stack: Stack) -> Region:
        if stack not in _REGIONS:
            app = _APPS.setdefault(root_of(stack), _App())
            name, account = stack.region, stack.account
            place = stack.node.path if is_token((name, account)) else f"{account}/{name}"
            _REGIONS[stack] = cls(name, place, app)
        return _REGIONS[stack]

    def check(self, where: object, feature: Feature = Feature.SERVICES) -> None:
        """Raise `ArgumentError` when CloudFormation has no types for `feature` here."""
        if feature in _MISSING.get(self.name, Feature(0)):
            what = Feature.SERVICES if Feature.SERVICES in _MISSING[self.name] else feature
            raise ArgumentError(
                f"{where}: CloudFormation has no types for {_WORDS[what]} in {self.name}; deploy it to another region"
            )

    def check_name(self, where: object, argument: str, name: str | None, named: Named) -> None:
        """Raise `ArgumentError` unless `name` is absent, a token, or a valid name that nothing else has here."""
        check_name(where, argument, name, named)
        if name is not None and not is_token(name) and (owner := self.app.names.get((named, self.place, name))):
            raise ArgumentError(f"{where}: {argument} {name!r} is taken by {owner}; leave it out, or choose another")

    def claim_name(self, construct: IConstruct, name: str | None, named: Named) -> None:
        """Note that the construct has that name here."""
        if name is not None and not is_token(name):
            self.app.names[named, self.place, name] = path_of(construct)

    def count(self, construct: IConstruct, quota: Quota, whole: str = "") -> None:
        """Count one more of what `quota` limits, in `whole` or else in this region; warn when it is one too many."""
        key = (quota, whole or self.place)
        now = self.app.counts[key] = self.app.counts.get(key, 0) + 1
        quota.warn(construct, now - 1, now)


_REGIONS: WeakKeyDictionary[Any, Region] = WeakKeyDictionary()
_APPS: WeakKeyDictionary[Any, _App] = WeakKeyDictionary()
