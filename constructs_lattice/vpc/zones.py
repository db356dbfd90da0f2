"""Which Availability Zones a VPC is in, and the short keys by which its subnets are known."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Self

from aws_cdk import Fn

from constructs_lattice._checks import check_count, check_whole
from constructs_lattice.errors import ArgumentError

__all__ = ["Zone", "Zones", "listed_zone"]

_NAME = re.compile(r"(?P<region>[a-z]{2,}(-[a-z]+)+-\d)(?P<letter>[a-z])")
_ID = re.compile(r"[a-z]+\d-az\d")
_MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """One zone: its key within the VPC, and its name or its id where that is known before the deployment."""

    key: str
    name: str | None = None
    zone_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """The zones of a VPC, made by `Zones.first`, `Zones.named` or `Zones.ids`."""

    zones: tuple[Zone, ...]

    @classmethod
    def first(cls, count: int) -> Self:
        """The first `count` zones (1 to 6) that the account lists in the region it is deployed to.

        Their keys are `a`, `b`, `c`, … in that order. This needs no account and no region at synthesis, and it is not
        limited to two zones in stacks without either.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
        """
        check_whole("zones", "count", count)
        check_count("zones", "zones", count, 1, _MOST)
        return cls(zones=tuple(Zone(key=letter) for letter in "abcdef"[:count]))

    @classmethod
    def named(cls, *names: str) -> Self:
        """Zones by their names, such as `eu-west-1a`; the key of each is its letter.

        Raises `ArgumentError` for a name that is none, and for zones of different regions.
        """
        check_count("zones", "zones", len(names), 1, _MOST)
        matches = []
        for name in names:
            if (match := _NAME.fullmatch(name)) is None:
                raise ArgumentError(f"zones: {name!r} is not the name of an Availability Zone such as eu-west-1a")
            matches.append(match)
        if len(regions := sorted({match["region"] for match in matches})) > 1:
            raise ArgumentError(f"zones: all zones of a vpc must be in one region, got {' and '.join(regions)}")
        return cls(zones=tuple(Zone(key=match["letter"], name=match[0]) for match in matches))

    @classmethod
    def ids(cls, *ids: str) -> Self:
        """Zones by their ids, such as `use1-az1`, which are their keys, too.

        A name means another zone in every account; an id means the same one.
        https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
        Raises `ArgumentError` for an id that is none, and for zones of different regions.
        """
        check_count("zones", "zones", len(ids), 1, _MOST)
        for zone_id in ids:
            if not _ID.fullmatch(zone_id):
                raise ArgumentError(f"zones: {zone_id!r} is not the id of an Availability Zone such as use1-az1")
        if len(regions := sorted({zone_id.partition("-")[0] for zone_id in ids})) > 1:
            raise ArgumentError(f"zones: all zones of a vpc must be in one region, got {' and '.join(regions)}")
        return cls(zones=tuple(Zone(key=zone_id, zone_id=zone_id) for zone_id in ids))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, in order."""
        return tuple(zone.key for zone in self.zones)


@cache
def listed_zone(index: int) -> str:
    """The name of the zone that the account lists there; a token that means the same in every stack."""
    return Fn.select(index, Fn.get_azs())
