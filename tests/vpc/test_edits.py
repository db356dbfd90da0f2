"""The eleven edits that renumber a VPC elsewhere, on synthesized templates: with a lock, no subnet is replaced."""

from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from constructs_lattice import AddressLock, FlowLogs, Tier, Vpc, Zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A VPC as its author writes it down."""

    tiers: tuple[Tier, ...]
    zones: tuple[str, ...] = ("a", "b")


# What CloudFormation replaces a subnet for.
Identity = tuple[str, str]  # CidrBlock, AvailabilityZone

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


def _synthesize(layout: Layout, path: Path) -> dict[str, Identity]:
    """The subnets by their logical ids; the lock is read before, and written after."""
    lock = AddressLock.read(path)
    stack = cdk.Stack(cdk.App(), "Shop")
    Vpc(
        stack,
        "Vpc",
        cidr="10.20.0.0/16",
        tiers=layout.tiers,
        zones=Zones.named(*(f"eu-west-1{letter}" for letter in layout.zones)),
        flow_logs=FlowLogs.none(),
        lock=lock,
    )
    subnets = Template.from_stack(stack).find_resources("AWS::EC2::Subnet")
    lock.write()
    return {
        id_: (each["Properties"]["CidrBlock"], each["Properties"]["AvailabilityZone"]) for id_, each in subnets.items()
    }


@pytest.mark.parametrize(("before", "after"), EDITS.values(), ids=EDITS)
def test_no_existing_subnet_is_replaced(before: Layout, after: Layout, tmp_path: Path) -> None:
    """But those of a tier whose own size changes; and no new subnet lies on one that may be there still."""
    path = tmp_path / "addresses.lock"
    first, second = _synthesize(before, path), _synthesize(after, path)
    kept = first.keys() & second.keys()
    replaced = {id_ for id_ in kept if first[id_] != second[id_]}
    sizes = {tier.name: tier.prefix for tier in before.tiers}
    grown = {tier.name for tier in after.tiers if sizes.get(tier.name, tier.prefix) != tier.prefix}
    assert {id_ for id_ in replaced if not any(name.title() in id_ for name in grown)} == set()
    assert bool(replaced) == bool(grown)
    new = {identity[0] for id_, identity in second.items() if first.get(id_) != identity}
    assert new.isdisjoint(identity[0] for identity in first.values())


def test_a_tier_removed_and_another_added_is_no_exchange(tmp_path: Path) -> None:
    """The newcomer does not sit down where somebody is still getting up."""
    path = tmp_path / "addresses.lock"
    first = _synthesize(Layout(tiers=(WEB_24, APP_24)), path)
    second = _synthesize(Layout(tiers=(WEB_24, DATA_24)), path)
    new = {identity[0] for id_, identity in second.items() if "Data" in id_}
    assert new.isdisjoint(identity[0] for identity in first.values())


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
