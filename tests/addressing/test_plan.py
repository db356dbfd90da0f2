"""Address plans: who gets what, and that it stays."""

import json
import re
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from constructs_lattice.addressing import AddressLock, TierRequest, VpcPlan, plan_vpc
from constructs_lattice.errors import AddressError, LatticeError

pytestmark = pytest.mark.pure

VPC = IPv4Network("10.20.0.0/16")
PUBLIC = TierRequest(tier="public", prefix=24)
APP = TierRequest(tier="app", prefix=20)
DATA = TierRequest(tier="data", prefix=22)


def _blocks(plan: VpcPlan) -> dict[tuple[str, str], IPv4Network]:
    return {(each.tier, each.zone): each.block for each in plan}


def test_a_plan_shows_itself_as_a_table() -> None:
    """Tier, zone, block, usable hosts, and what is left."""
    assert plan_vpc(VPC, [PUBLIC, APP], ["a", "b"]).table() == (
        "tier    zone  block          usable hosts\n"
        "public  a     10.20.0.0/24   251\n"
        "public  b     10.20.1.0/24   251\n"
        "app     a     10.20.64.0/20  4,091\n"
        "app     b     10.20.80.0/20  4,091\n"
        "10.20.0.0/16: 8,704 addresses reserved for zones to come, 48,128 free"
    )


def test_a_plan_is_plain_data_as_well() -> None:
    """Such as JSON holds; with where the reserved and the free addresses are."""
    tiers = [TierRequest(tier="web", prefix=18, ipv6=True), TierRequest(tier="pods", prefix=None, ipv6=True)]
    data = plan_vpc(VPC, tiers, ["a", "c"]).as_dict()
    assert (
        json.loads(json.dumps(data))
        == data
        == {
            "blocks": ["10.20.0.0/16"],
            "subnets": [
                {"tier": "web", "zone": "a", "block": "10.20.0.0/18", "usable_hosts": 16_379, "ipv6": "::/64"},
                {"tier": "web", "zone": "c", "block": "10.20.128.0/18", "usable_hosts": 16_379, "ipv6": "0:0:0:2::/64"},
                {"tier": "pods", "zone": "a", "ipv6": "0:0:0:4::/64"},
                {"tier": "pods", "zone": "c", "ipv6": "0:0:0:6::/64"},
            ],
            "tiers": {"web": "10.20.0.0/16"},
            "reserved": ["10.20.64.0/18", "10.20.192.0/18"],
            "removed": [],
            "free": [],
        }
    )


def test_a_block_is_found_by_tier_and_zone() -> None:
    """What the plan does not have is a KeyError."""
    plan = plan_vpc(VPC, [PUBLIC, APP], ["a", "b"])
    assert plan["app", "b"] == IPv4Network("10.20.80.0/20")
    with pytest.raises(KeyError):
        plan["app", "c"]


def test_a_zone_sits_in_the_slot_of_its_own_key() -> None:
    """Letters, names and ids of zones stand for the same slots."""
    plan = plan_vpc(VPC, [PUBLIC], ["c", "us-east-1b", "use1-az1"])
    assert [str(each.block) for each in plan] == ["10.20.2.0/24", "10.20.1.0/24", "10.20.0.0/24"]


def test_a_zone_behind_the_slots_sits_in_a_second_row() -> None:
    """At the top, far from where tiers are added, and by its key as well; what the row has left stays free."""
    plan = plan_vpc(VPC, [PUBLIC, APP], ["a", "b", "f"])
    assert plan["public", "f"] == IPv4Network("10.20.253.0/24")
    assert plan["app", "f"] == IPv4Network("10.20.144.0/20")
    assert plan.homes["public"] == IPv4Network("10.20.0.0/22")
    kept = sum(block.num_addresses for block in (*plan.homes.values(), plan["public", "f"], plan["app", "f"]))
    assert sum(block.num_addresses for block in plan.free) == VPC.num_addresses - kept


def test_a_zone_takes_what_there_is_where_there_is_no_second_row() -> None:
    """The slot of a zone that is not there, or, when all of them are, any block of the size."""
    small = IPv4Network("10.20.0.0/24")
    six = TierRequest(tier="six", prefix=26)
    assert plan_vpc(small, [six], ["a", "b", "f"])["six", "f"] == IPv4Network("10.20.0.192/26")
    tiers = [TierRequest(tier="one", prefix=27), TierRequest(tier="two", prefix=28)]
    plan = plan_vpc(small, tiers, ["a", "b", "c", "d", "e"])
    assert [str(plan[tier, "e"]) for tier in ("one", "two")] == ["10.20.0.224/27", "10.20.0.192/28"]


def test_a_tier_with_few_slots_gives_them_to_the_zones_that_are_there() -> None:
    """It was told how many there would be, not which."""
    two = TierRequest(tier="two", prefix=24, zone_slots=2)
    plan = plan_vpc(VPC, [two], ["c", "b"])
    assert [str(plan["two", zone]) for zone in "bc"] == ["10.20.1.0/24", "10.20.0.0/24"]


def test_explicit_blocks_are_kept_and_planned_around() -> None:
    """The zones without one get theirs from what is left."""
    pinned = TierRequest(tier="app", prefix=24, explicit={"b": IPv4Network("10.20.0.0/24")})
    plan = plan_vpc(VPC, [PUBLIC, pinned], ["a", "b"])
    assert _blocks(plan) == {
        ("public", "a"): IPv4Network("10.20.4.0/24"),
        ("public", "b"): IPv4Network("10.20.5.0/24"),
        ("app", "a"): IPv4Network("10.20.8.0/24"),
        ("app", "b"): IPv4Network("10.20.0.0/24"),
    }


def test_a_tier_may_be_explicit_altogether() -> None:
    """It needs no room beyond its blocks."""
    pinned = TierRequest(tier="all", prefix=16, zone_slots=1, explicit={"a": VPC})
    assert plan_vpc(VPC, [pinned], ["a"]).free == ()


POD_BLOCK = IPv4Network("100.64.0.0/16")


def test_a_tier_goes_to_the_first_block_that_has_room() -> None:
    """In the order in which the blocks are given, not in that of their addresses."""
    low = IPv4Network("10.0.0.0/16")
    whole = TierRequest(tier="whole", prefix=18)
    plan = plan_vpc(VPC, [APP, whole, DATA], ["a"], secondary=[POD_BLOCK, low])
    assert _blocks(plan) == {
        ("app", "a"): IPv4Network("10.20.0.0/20"),
        ("whole", "a"): IPv4Network("100.64.0.0/18"),
        ("data", "a"): IPv4Network("10.20.64.0/22"),
    }
    assert plan.summary().startswith("10.20.0.0/16 and 100.64.0.0/16 and 10.0.0.0/16: ")


def test_a_tier_may_say_where_it_wants_to_be() -> None:
    """In a block of the VPC or in a part of one; zones too many are there as well."""
    pods = TierRequest(tier="pods", prefix=20, within=POD_BLOCK)
    part = TierRequest(tier="part", prefix=26, within=IPv4Network("10.20.128.0/22"))
    plan = plan_vpc(VPC, [pods, part], ["a", "e", "b", "c", "d"], secondary=[POD_BLOCK])
    assert [str(plan["pods", zone]) for zone in "abcde"] == [
        "100.64.0.0/20",
        "100.64.16.0/20",
        "100.64.32.0/20",
        "100.64.48.0/20",
        "100.64.192.0/20",
    ]
    assert all(plan["part", zone].subnet_of(IPv4Network("10.20.128.0/22")) for zone in "abcde")


def test_ipv6_blocks_have_slots_of_their_own() -> None:
    """A tier with IPv6 only has no IPv4 block, and one without has no IPv6 block."""
    tiers = [
        TierRequest(tier="web", prefix=24, ipv6=True),
        TierRequest(tier="old", prefix=28),
        TierRequest(tier="pods", prefix=None, ipv6=True),
    ]
    plan = plan_vpc(VPC, tiers, ["a", "b"])
    assert plan.table() == (
        "tier  zone  block          usable hosts  ipv6\n"
        "web   a     10.20.0.0/24   251           ::/64\n"
        "web   b     10.20.1.0/24   251           0:0:0:1::/64\n"
        "old   a     10.20.4.0/28   11            -\n"
        "old   b     10.20.4.16/28  11            -\n"
        "pods  a     -              -             0:0:0:4::/64\n"
        "pods  b     -              -             0:0:0:5::/64\n"
        "10.20.0.0/16: 544 addresses reserved for zones to come, 64,448 free"
    )
    assert plan_vpc(VPC, tiers, ["a"]).ipv6[("pods", "a")] == IPv6Network("0:0:0:4::/64")


@pytest.mark.parametrize(
    ("tiers", "zones", "message"),
    [
        ([PUBLIC, PUBLIC], ["a"], "tier 'public' is declared 2 times; names must be distinct"),
        ([PUBLIC], ["a", "a"], "zone 'a' is declared 2 times; names must be distinct"),
        (
            [APP, TierRequest(tier="big", prefix=17)],
            ["a", "b"],
            "tier 'big' needs a /17 in each of 4 zone slots, but 10.20.0.0/16 has 49,152 addresses left, "
            "at most a /17 in one piece; ask for smaller subnets, fewer zone slots or a larger vpc block",
        ),
        (
            [TierRequest(tier="all", prefix=18), TierRequest(tier="more", prefix=28)],
            ["a"],
            "tier 'more' needs a /28 in each of 4 zone slots, but 10.20.0.0/16 has 0 addresses left; "
            "ask for smaller subnets, fewer zone slots or a larger vpc block",
        ),
        (
            [TierRequest(tier="one", prefix=17, zone_slots=2)],
            ["a", "b", "c"],
            "tier 'one' needs a /17 in zone 'c', but 10.20.0.0/16 has 0 addresses left; "
            "ask for smaller subnets, fewer zone slots or a larger vpc block",
        ),
        (
            [TierRequest(tier="app", prefix=24, within=IPv4Network("100.64.0.0/16"))],
            ["a"],
            "tier 'app': 100.64.0.0/16 is outside of 10.20.0.0/16",
        ),
        (
            [TierRequest(tier="app", prefix=24, within=IPv4Network("10.20.0.0/25"))],
            ["a"],
            "tier 'app' needs a /24 in each of 4 zone slots, but 10.20.0.0/25 has 128 addresses left, at most a /25 "
            "in one piece; ask for smaller subnets, fewer zone slots or a larger vpc block",
        ),
        (
            [TierRequest(tier=f"t{n}", prefix=None, zone_slots=16, ipv6=True) for n in range(17)],
            ["a"],
            "tier 't16' needs a /64 in each of 16 zone slots, but ::/56 has 0 addresses left; "
            "ask for smaller subnets, fewer zone slots or a larger vpc block",
        ),
        (
            [TierRequest(tier="app", prefix=24, explicit={"z": IPv4Network("10.20.0.0/24")})],
            ["a"],
            "tier 'app': 10.20.0.0/24 is for zone 'z', which the vpc does not have",
        ),
        (
            [TierRequest(tier="app", prefix=24, explicit={"a": IPv4Network("10.21.0.0/24")})],
            ["a"],
            "tier 'app' in zone 'a': 10.21.0.0/24 is outside of 10.20.0.0/16",
        ),
        (
            [
                TierRequest(tier="app", prefix=24, explicit={"a": IPv4Network("10.20.0.0/24")}),
                TierRequest(tier="data", prefix=25, explicit={"a": IPv4Network("10.20.0.128/25")}),
            ],
            ["a"],
            "tier 'data' in zone 'a': 10.20.0.128/25 overlaps 10.20.0.0/24 of tier 'app' in zone 'a'",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused(tiers: list[TierRequest], zones: list[str], message: str) -> None:
    """The message names the tier, what is left, and the way out."""
    with pytest.raises(AddressError) as caught:
        plan_vpc(VPC, tiers, zones)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("prefix", "slots", "message"),
    [
        (15, 4, "tier 'app': a subnet must be a /16 to a /28, got /15"),
        (10**30, 4, f"tier 'app': a subnet must be a /16 to a /28, got /{10**30}"),
        (29, 4, "tier 'app': a subnet must be a /16 to a /28, got /29"),
        (24, 3, "tier 'app': zone_slots must be 1, 2, 4, 8 or 16, got 3"),
    ],
)
def test_sizes_that_no_subnet_can_have_are_refused(prefix: int, slots: int, message: str) -> None:
    """EC2's limits, and powers of two for the slots."""
    with pytest.raises(AddressError) as caught:
        TierRequest(tier="app", prefix=prefix, zone_slots=slots)
    assert str(caught.value) == message


@pytest.mark.parametrize("block", ["10.20.0.0/15", "10.20.0.0/29"])
def test_pinned_blocks_have_sizes_that_subnets_can_have(block: str) -> None:
    """As planned ones do."""
    pinned = IPv4Network(block)
    with pytest.raises(AddressError) as caught:
        TierRequest(tier="app", prefix=24, explicit={"a": pinned})
    assert str(caught.value) == f"tier 'app' in zone 'a': a subnet must be a /16 to a /28, got {pinned}"


def test_names_are_such_as_a_lock_can_hold() -> None:
    """Whether there is one or not: a plan that could not be remembered later is not made."""
    rule = (
        "cannot be written in a lock file; a name is printable, begins with no '#', and has no space at its ends and "
        "no two in a row"
    )
    with pytest.raises(AddressError) as caught:
        TierRequest(tier="my  app", prefix=24)
    assert str(caught.value) == f"tier 'my  app' {rule}"
    for zone, message in (
        ("", f"zone '' {rule}"),
        ("*", "zone '*' stands for a whole tier in lock files; give the zone another key"),
    ):
        with pytest.raises(AddressError) as caught:
            plan_vpc(VPC, [PUBLIC], [zone])
        assert str(caught.value) == message


def test_a_slot_that_a_zone_left_is_accounted_for() -> None:
    """It is neither reserved nor free, but kept for the zone; so is the rest of a slot with a smaller pin in it."""
    lock = AddressLock()
    lock.remember("Shop", plan_vpc(VPC, [PUBLIC], ["a", "b"]).blocks())
    pinned = TierRequest(tier="public", prefix=24, explicit={"d": IPv4Network("10.20.3.0/26")})
    plan = plan_vpc(VPC, [pinned], ["a", "d"], lock.entries("Shop"))
    assert plan.removed == (IPv4Network("10.20.1.0/24"), IPv4Network("10.20.3.64/26"), IPv4Network("10.20.3.128/25"))
    assert plan.summary() == (
        "10.20.0.0/16: 256 addresses reserved for zones to come, 448 of removed subnets, 64,512 free"
    )


@pytest.mark.parametrize(
    "arguments", [{"explicit": {"a": IPv4Network("10.20.0.0/24")}}, {"within": IPv4Network("10.20.0.0/24")}]
)
def test_without_ipv4_addresses_there_is_no_place_for_them(arguments: dict[str, Any]) -> None:
    """Whichever way it is said."""
    with pytest.raises(AddressError) as caught:
        TierRequest(tier="pods", prefix=None, ipv6=True, **arguments)
    assert str(caught.value) == "tier 'pods': a tier without IPv4 addresses has no place for 10.20.0.0/24"


NAMES = st.one_of(st.sampled_from(["web", "app", "", "*", "a b"]), st.text(max_size=6))
BLOCKS = st.builds(
    lambda address, prefix: IPv4Network((address, prefix), strict=False),
    st.one_of(st.integers(0x0A140000, 0x0A14FFFF), st.integers(0, 2**32 - 1)),
    st.integers(0, 32),
)


@given(st.data())
def test_whatever_is_asked_for_is_planned_or_a_lattice_error(data: st.DataObject) -> None:
    """Huge prefixes, duplicate and odd names, pins and places anywhere: each message begins with the field."""

    def request() -> TierRequest:
        return TierRequest(
            tier=data.draw(NAMES),
            prefix=data.draw(st.one_of(st.none(), st.integers(14, 30), st.integers())),
            zone_slots=data.draw(st.one_of(st.sampled_from([1, 2, 4, 8, 16]), st.integers())),
            explicit=data.draw(st.dictionaries(NAMES, BLOCKS, max_size=2)),
            within=data.draw(st.one_of(st.none(), BLOCKS)),
            ipv6=data.draw(st.booleans()),
        )

    block = IPv4Network((0x0A140000, data.draw(st.integers(16, 28))))
    zones = data.draw(st.lists(st.one_of(st.sampled_from("abcdefg"), NAMES), max_size=8))
    message = ""
    try:
        tiers = [request() for _ in range(data.draw(st.integers(0, 4)))]
        plan = plan_vpc(block, tiers, zones, (), data.draw(st.lists(BLOCKS, max_size=2)))
    except LatticeError as error:
        message = str(error)
    if message:
        assert re.match("tier '|zone '|vpc: secondary block ", message.replace('"', "'"))
    else:
        assert len(plan.allocations) == sum(tier.prefix is not None for tier in tiers) * len(zones)


ZONES = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True)
TIERS = st.lists(
    st.tuples(st.sampled_from(["web", "app", "data", "cache", "edge"]), st.integers(22, 28)),
    min_size=1,
    max_size=5,
    unique_by=lambda each: each[0],
).map(lambda tiers: [TierRequest(tier=name, prefix=prefix) for name, prefix in tiers])


def _plan(tiers: list[TierRequest], zones: list[str]) -> VpcPlan:
    try:
        return plan_vpc(VPC, tiers, zones)
    except AddressError:
        assume(False)
        raise


@given(TIERS, ZONES)
def test_blocks_are_disjoint_and_make_up_the_vpc(tiers: list[TierRequest], zones: list[str]) -> None:
    """Nothing overlaps, nothing is outside, nothing is lost."""
    plan = _plan(tiers, zones)
    parts = [*(each.block for each in plan), *plan.reserved, *plan.free]
    assert sum(part.num_addresses for part in parts) == VPC.num_addresses
    assert list(collapse_addresses(parts)) == [VPC]


@given(TIERS, ZONES)
def test_every_subnet_has_the_size_that_was_asked_for(tiers: list[TierRequest], zones: list[str]) -> None:
    """In every tier, in every zone."""
    plan = _plan(tiers, zones)
    assert {(each.tier, each.zone): each.block.prefixlen for each in plan} == {
        (tier.tier, zone): tier.prefix for tier in tiers for zone in zones
    }


@given(TIERS, ZONES, st.data())
def test_appending_a_tier_moves_nothing(tiers: list[TierRequest], zones: list[str], data: st.DataObject) -> None:
    """Earlier tiers stay where they are."""
    before = _plan(tiers, zones)
    after = _plan([*tiers, TierRequest(tier="new", prefix=data.draw(st.integers(20, 28)))], zones)
    assert _blocks(before).items() <= _blocks(after).items()


@given(TIERS, ZONES, ZONES)
def test_adding_dropping_and_permuting_zones_moves_nothing(
    tiers: list[TierRequest], zones: list[str], others: list[str]
) -> None:
    """Whatever zones two plans have in common, their subnets are the same."""
    before, after = _blocks(_plan(tiers, zones)), _blocks(_plan(tiers, others))
    assert {key: before[key] for key in before.keys() & after.keys()} == {
        key: after[key] for key in before.keys() & after.keys()
    }
