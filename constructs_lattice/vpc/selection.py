"""How the rest of the CDK picks subnets of a `Vpc`: by group name, by type, by zone, or explicitly.

The rules are those of `ec2.Vpc`, with one difference: what selects nothing is an error that names the choices.
https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_ec2/SubnetSelection.html
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import DependencyGroup, IDependable

from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.subnet_interface import SubnetInterface
from constructs_lattice.vpc.tier import Role
from constructs_lattice.vpc.tier_subnets import TierInterface

__all__ = ["pick", "select"]

_Picked = tuple[str, ec2.ISubnet]  # the key of its zone, and the subnet


def pick(vpc: ec2.IVpc, selection: ec2.SubnetSelection) -> ec2.SelectedSubnets:
    """What `selection` picks in any VPC, ours or not: `select_subnets` takes its fields one by one."""
    fields = {name: value for name, value in selection._values.items() if value is not None}  # noqa: SLF001
    return vpc.select_subnets(**fields)


def select(where: object, tiers: Iterable[TierInterface[Any]], selection: ec2.SubnetSelection) -> ec2.SelectedSubnets:
    """The subnets of `tiers` that `selection` asks for.

    Raises `ArgumentError` when it asks for a group, a type or a zone of which there is none.
    """
    every = list(tiers)
    if selection.subnets is not None:
        return _selected(selection.subnets)
    picked: list[_Picked] = [
        (zone, subnet) for tier in _tiers(where, every, selection) for zone, subnet in tier.by_zone.items()
    ]
    picked = list(_in_zones(where, picked, selection.availability_zones))
    if selection.one_per_az:
        first: dict[str, ec2.ISubnet] = {}
        for zone, subnet in picked:
            first.setdefault(zone, subnet)
        picked = list(first.items())
    subnets = [subnet for _, subnet in picked]
    for subnet_filter in selection.subnet_filters or ():
        subnets = subnet_filter.select_subnets(subnets)
    return _selected(subnets)


def _tiers(where: object, tiers: list[TierInterface[Any]], selection: ec2.SubnetSelection) -> list[TierInterface[Any]]:
    if selection.subnet_group_name is not None:
        if named := [tier for tier in tiers if tier.name == selection.subnet_group_name]:
            return named
        raise _nothing(where, f"subnet group {selection.subnet_group_name!r}", tiers)
    # Nothing is put into a reserved tier unless it asks for it by name.
    open_tiers = [tier for tier in tiers if not tier.role.is_reserved]
    if selection.subnet_type is not None:
        if typed := [tier for tier in open_tiers if tier.subnet_type is selection.subnet_type]:
            return typed
        raise _nothing(where, f"subnet of type {selection.subnet_type.name}", tiers)
    for role in (Role.PRIVATE, Role.ISOLATED, Role.PUBLIC):
        if preferred := [tier for tier in open_tiers if tier.role is role]:
            return preferred
    raise _nothing(where, "subnet that could be picked by default", tiers)


def _in_zones(where: object, picked: Sequence[_Picked], zones: Sequence[str] | None) -> Iterator[_Picked]:
    if zones is None:
        yield from picked
        return
    found = [(zone, subnet) for zone, subnet in picked if zone in zones or subnet.availability_zone in zones]
    if not found:
        keys = ", ".join(dict.fromkeys(zone for zone, _ in picked))
        raise ArgumentError(f"{where}: no subnet is in any of the zones {', '.join(zones)}; the vpc's zones are {keys}")
    yield from found


def _nothing(where: object, wanted: str, tiers: list[TierInterface[Any]]) -> ArgumentError:
    choices = ", ".join(f"{tier.name!r} ({tier.role})" for tier in tiers)
    return ArgumentError(f"{where}: there is no {wanted}; the tiers are {choices}")


def _selected(subnets: Sequence[ec2.ISubnet]) -> ec2.SelectedSubnets:
    return ec2.SelectedSubnets(
        availability_zones=[subnet.availability_zone for subnet in subnets],
        has_public=any(isinstance(subnet, SubnetInterface) and subnet.role is Role.PUBLIC for subnet in subnets),
        internet_connectivity_established=DependencyGroup(*(way for subnet in subnets for way in _ways(subnet))),
        subnet_ids=[subnet.subnet_id for subnet in subnets],
        subnets=list(subnets),
    )


def _ways(subnet: ec2.ISubnet) -> Sequence[IDependable]:
    return subnet.ways if isinstance(subnet, SubnetInterface) else [subnet.internet_connectivity_established]
