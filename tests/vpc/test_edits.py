"""The eleven edits that renumber a VPC elsewhere, on synthesized templates: with a lock, no subnet is replaced."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from constructs_lattice import AddressLock, FlowLogs, IpamPool, IpProtocol, Tier, Vpc, VpcPlan, Zones
from constructs_lattice.addressing import HOME


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A VPC as its author writes it down."""

    tiers: tuple[Tier, ...]
    zones: tuple[str, ...] = ("a", "b")


# What CloudFormation replaces a subnet for, and what must not move even where it does not.
IDENTITY = ("CidrBlock", "Ipv6CidrBlock", "Ipv6Native", "AvailabilityZone", "AvailabilityZoneId")
Identity = dict[str, Any]

# Where the addresses come from, and how zones are said: the law is the same.
SOURCES: dict[str, tuple[Callable[..., Zones], str, dict[str, Any]]] = {
    "a block": (Zones.named, "eu-west-1{}", {"cidr": "10.20.0.0/16"}),
    "two families, zones by id": (
        lambda *keys: Zones.ids(*(f"euw1-az{'abc'.index(key) + 1}" for key in keys)),
        "{}",
        {"cidr": "10.20.0.0/16", "ip_protocol": IpProtocol.DUAL_STACK},
    ),
    "a pool": (Zones.named, "eu-west-1{}", {"cidr": IpamPool(pool_id="ipam-pool-0123456789abcdef0", netmask=16)}),
    "two blocks": (Zones.named, "eu-west-1{}", {"cidr": "10.20.0.0/22", "secondary_cidrs": ["100.64.0.0/16"]}),
}

WEB, APP, DATA = Tier.public("web"), Tier.isolated("app"), Tier.isolated("data")
WEB_24, APP_24, DATA_24 = (Tier.isolated(name, prefix=24) for name in ("web", "app", "data"))

EDITS = {
    "add a zone, default sizes": (Layout(tiers=(WEB, APP)), Layout(tiers=(WEB, APP), zones=("a", "b", "c"))),
    "add a zone, fixed sizes": (Layout(tiers=(WEB_24, APP_24)), Layout(tiers=(WEB_24, APP_24), zones=("a", "b", "c"))),
    "append a tier, default sizes": (Layout(tiers=(WEB, APP)), Layout(tiers=(WEB, APP, DATA))),
    "append a tier, fixed sizes": (Layout(tiers=(WEB_24, APP_24)), Layout(tiers=(WEB_24, APP_24, DATA_24))),
    "insert a tier": (Layout(tiers=(WEB_24, DATA_24)), Layout(tiers=(WEB_24, APP_24, DATA_24))),
    "remove the first tier": (Layout(tiers=(WEB_24, APP_24, DATA_24)), Layout(tiers=(APP_24, DATA_24))),
    "remove the middle tier": (Layout(tiers=(WEB_24, APP_24, DATA_24)), Layout(tiers=(WEB_24, DATA_24))),
    "grow a tier": (Layout(tiers=(WEB_24, APP_24)), Layout(tiers=(Tier.isolated("web", prefix=23), APP_24))),
    "two zones, then three, with the third in front": (
        Layout(tiers=(WEB_24, APP_24), zones=("b", "c")),
        Layout(tiers=(WEB_24, APP_24), zones=("a", "b", "c")),
    ),
    "permute the zones": (Layout(tiers=(WEB_24, APP_24)), Layout(tiers=(WEB_24, APP_24), zones=("b", "a"))),
    "drop a zone": (Layout(tiers=(WEB_24, APP_24)), Layout(tiers=(WEB_24, APP_24), zones=("b",))),
}


def _synthesize(layout: Layout, path: Path, source: str = "a block") -> tuple[dict[str, Identity], VpcPlan]:
    """The subnets by their logical ids, and the plan; the lock is read before, and written after."""
    lock = AddressLock.read(path)
    stack = cdk.Stack(cdk.App(), "Shop")
    make_zones, name, arguments = SOURCES[source]
    vpc = Vpc(
        stack,
        "Vpc",
        tiers=layout.tiers,
        zones=make_zones(*(name.format(letter) for letter in layout.zones)),
        flow_logs=FlowLogs.none(),
        lock=lock,
        **arguments,
    )
    subnets = Template.from_stack(stack).find_resources("AWS::EC2::Subnet")
    lock.write()
    identities = {
        id_: {name: value for name, value in each["Properties"].items() if name in IDENTITY}
        for id_, each in subnets.items()
    }
    return identities, vpc.plan


def _blocks(plan: VpcPlan) -> set[IPv4Network | IPv6Network]:
    return {block for _, zone, block in plan.blocks() if zone != HOME}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(("before", "after"), EDITS.values(), ids=EDITS)
def test_no_existing_subnet_is_replaced(before: Layout, after: Layout, source: str, tmp_path: Path) -> None:
    """But those of a tier whose own size changes; and no new subnet lies on one that may be there still."""
    path = tmp_path / "addresses.lock"
    (first, old), (second, new) = (_synthesize(layout, path, source) for layout in (before, after))
    assert all("AvailabilityZone" in str(each) and "CidrBlock" in each for each in second.values())
    kept = first.keys() & second.keys()
    replaced = {id_ for id_ in kept if first[id_] != second[id_]}
    sizes = {tier.name: tier.prefix for tier in before.tiers}
    grown = {tier.name for tier in after.tiers if sizes.get(tier.name, tier.prefix) != tier.prefix}
    assert {id_ for id_ in replaced if not any(name.title() in id_ for name in grown)} == set()
    assert bool(replaced) == bool(grown)
    added = _blocks(new) - _blocks(old)
    assert bool(added) == bool(second.keys() - first.keys() or grown)
    assert not any(
        block.version == there.version and block.overlaps(there) for block in added for there in _blocks(old)
    )


def test_a_tier_removed_and_another_added_is_no_exchange(tmp_path: Path) -> None:
    """The newcomer does not sit down where somebody is still getting up."""
    path = tmp_path / "addresses.lock"
    first, _ = _synthesize(Layout(tiers=(WEB_24, APP_24)), path)
    second, _ = _synthesize(Layout(tiers=(WEB_24, DATA_24)), path)
    new = {identity["CidrBlock"] for id_, identity in second.items() if "Data" in id_}
    assert len(new) == 2
    assert new.isdisjoint(identity["CidrBlock"] for identity in first.values())


def test_a_vpc_that_failed_is_not_remembered() -> None:
    """The lock knows what was made, not what was tried."""
    lock = AddressLock()
    stack = cdk.Stack(cdk.App(), "Shop")
    with pytest.raises(RuntimeError):
        Vpc(stack, "Vpc", cidr="10.20.0.0/16", interface_endpoints=["logs"], flow_logs=_Broken(), lock=lock)  # type: ignore[arg-type]
    assert lock.entries("Shop/Vpc") == ()


class _Broken:
    def apply(self, *_: object) -> None:
        raise RuntimeError
