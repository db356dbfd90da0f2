"""The lock file: what is remembered, how it is written, what is refused."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.addressing import AddressLock, LockEntry, TierRequest, VpcPlan, plan_vpc
from constructs_lattice.errors import AddressError, LatticeError

pytestmark = pytest.mark.pure

VPC = IPv4Network("10.20.0.0/16")
HEADER = "# Addresses of VPCs, one block a line: vpc, tier, zone, block. Written by constructs_lattice, version 1.\n"


def _plan(lock: AddressLock, tiers: Sequence[TierRequest], zones: Sequence[str], vpc: str = "Shop") -> VpcPlan:
    """Plan as `Vpc` does: with what the lock remembers, which remembers the result."""
    plan = plan_vpc(VPC, tiers, zones, lock.entries(vpc))
    lock.remember(vpc, plan.blocks())
    return plan


def _tier(name: str, prefix: int = 24) -> TierRequest:
    return TierRequest(tier=name, prefix=prefix)


def test_a_lock_file_reads_like_a_list(tmp_path: Path) -> None:
    """One block a line, sorted; what is gone is marked, and stays."""
    lock = AddressLock.read(tmp_path / "addresses.lock")
    _plan(lock, [_tier("web"), _tier("app", 22)], ["a", "b"])
    _plan(lock, [_tier("app", 22)], ["b", "a"])
    assert lock.write()
    assert (tmp_path / "addresses.lock").read_text() == (
        f"{HEADER}"
        "Shop  app  *  10.20.16.0/20\n"
        "Shop  app  a  10.20.16.0/22\n"
        "Shop  app  b  10.20.20.0/22\n"
        "Shop  web  *  10.20.0.0/22  removed\n"
        "Shop  web  a  10.20.0.0/24  removed\n"
        "Shop  web  b  10.20.1.0/24  removed\n"
    )
    assert not lock.write()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """The same entries, and nothing to change."""
    path = tmp_path / "addresses.lock"
    lock = AddressLock.read(path)
    _plan(lock, [_tier("web")], ["a"])
    lock.write()
    again = AddressLock.read(path)
    assert again.entries("Shop") == lock.entries("Shop")
    assert again.changes() == ""
    again.check()


def test_an_address_that_was_removed_is_given_to_nobody() -> None:
    """Not to another tier, and not to another zone, until it is released by name."""
    lock = AddressLock()
    first = _plan(lock, [_tier("old")], ["a"])["old", "a"]
    assert _plan(lock, [_tier("new")], ["a"])["new", "a"] != first
    assert lock.release("Shop", "old") == 2
    assert _plan(lock, [_tier("new"), _tier("next")], ["a"])["next", "a"] == first


def test_a_tier_that_comes_back_gets_what_it_had() -> None:
    """A removal that is reverted changes nothing."""
    lock = AddressLock()
    before = _plan(lock, [_tier("web"), _tier("app")], ["a", "b"])
    _plan(lock, [_tier("app"), _tier("cache")], ["a"])
    after = _plan(lock, [_tier("web"), _tier("app")], ["a", "b"])
    assert sorted(before.blocks()) == sorted(after.blocks())
    assert after.removed == (IPv4Network("10.20.8.0/22"),)


def test_a_tier_that_is_one_slot_wide_accounts_for_it() -> None:
    """Its whole block is that of the zone that is gone."""
    lock = AddressLock()
    one = TierRequest(tier="one", prefix=24, zone_slots=1)
    first = _plan(lock, [one], ["a"])["one", "a"]
    plan = _plan(lock, [one], ["b"])
    assert plan["one", "b"] != first
    assert plan.removed == (first,)


def test_a_tier_that_grows_gets_new_blocks_and_the_others_stay() -> None:
    """The old ones are kept: the new subnets are made before the old ones are gone."""
    lock = AddressLock()
    before = _plan(lock, [_tier("web"), _tier("app")], ["a", "b"])
    after = _plan(lock, [_tier("web", 23), _tier("app")], ["a", "b"])
    assert [after["app", zone] for zone in "ab"] == [before["app", zone] for zone in "ab"]
    for zone in "ab":
        assert after["web", zone].prefixlen == 23
        assert not any(after["web", zone].overlaps(each.block) for each in before)


def test_a_pinned_block_may_be_the_one_that_is_remembered() -> None:
    """Or another slot of the tier's own block."""
    lock = AddressLock()
    before = _plan(lock, [_tier("app")], ["a"])
    pinned = TierRequest(tier="app", prefix=24, explicit={"a": before["app", "a"], "b": IPv4Network("10.20.3.0/24")})
    after = _plan(lock, [pinned], ["a", "b", "c"])
    assert [str(each.block) for each in after] == ["10.20.0.0/24", "10.20.3.0/24", "10.20.2.0/24"]


def test_a_block_that_is_no_longer_pinned_stays() -> None:
    """Of two blocks of the right size, what is there comes before what was."""
    lock = AddressLock()
    _plan(lock, [_tier("app")], ["a"])
    pin = IPv4Network("10.20.200.0/24")
    _plan(lock, [TierRequest(tier="app", prefix=24, explicit={"a": pin})], ["a"])
    for _ in range(2):
        assert _plan(lock, [_tier("app")], ["a"])["app", "a"] == pin


def test_a_pinned_block_must_not_be_somebodys_who_was_removed() -> None:
    """The message says how it becomes free."""
    lock = AddressLock()
    _plan(lock, [_tier("old")], ["a"])
    pinned = TierRequest(tier="new", prefix=24, explicit={"a": IPv4Network("10.20.0.0/24")})
    with pytest.raises(AddressError) as caught:
        _plan(lock, [pinned], ["a"])
    assert str(caught.value) == (
        "tier 'new' in zone 'a': 10.20.0.0/24 overlaps 10.20.0.0/22, which the lock file keeps for tier 'old'; "
        "release it first"
    )


def test_vpcs_do_not_know_each_other() -> None:
    """Each has its own addresses in the lock."""
    lock = AddressLock()
    one, two = (_plan(lock, [_tier("web")], ["a"], vpc) for vpc in ("One", "Two"))
    assert one.blocks() == two.blocks()
    assert {entry.vpc for entry in lock.entries("One")} == {"One"}


def test_another_block_is_another_vpc() -> None:
    """What is remembered of the old one would be outside."""
    lock = AddressLock()
    _plan(lock, [_tier("web")], ["a"])
    with pytest.raises(AddressError) as caught:
        plan_vpc(IPv4Network("10.21.0.0/16"), [_tier("web")], ["a"], lock.entries("Shop"))
    assert str(caught.value) == (
        "Shop: the lock file has 10.20.0.0/22 for tier 'web', outside of 10.21.0.0/16; "
        "give the vpc that block back, or delete its lines in the lock file to plan it anew"
    )


@pytest.mark.parametrize(
    ("line", "outside"),
    [
        ("Shop  web  a  10.20.0.0/24", "10.20.0.0/24 for tier 'web' in zone 'a', outside of 10.21.0.0/16"),
        ("Shop  web  a  1:0:0:4::/64", "1:0:0:4::/64 for tier 'web' in zone 'a', outside of ::/56"),
    ],
)
def test_a_line_outside_of_the_vpc_is_refused(line: str, outside: str) -> None:
    """In both families: the message names the line and the block, and the lock stays as it is."""
    lock = AddressLock.parse(f"{HEADER}{line}\n")
    with pytest.raises(AddressError) as caught:
        plan_vpc(
            IPv4Network("10.21.0.0/16"),
            [TierRequest(tier="web", prefix=24, ipv6=True)],
            ["a"],
            lock.entries("Shop"),
        )
    assert str(caught.value) == (
        f"Shop: the lock file has {outside}; give the vpc that block back, or delete its lines in the lock file to "
        "plan it anew"
    )
    assert lock.text() == f"{HEADER}{line}\n"


def test_a_secondary_block_may_go_together_with_its_tier() -> None:
    """What was in it can be given to nobody; it is remembered, should the block come back."""
    lock = AddressLock()
    pods, second = (
        TierRequest(tier="pods", prefix=24, within=IPv4Network("100.64.0.0/16")),
        IPv4Network("100.64.0.0/16"),
    )
    first = plan_vpc(VPC, [_tier("web"), pods], ["a"], (), [second])
    lock.remember("Shop", first.blocks())
    second_plan = _plan(lock, [_tier("web")], ["a"])
    assert second_plan.removed == ()
    assert second_plan["web", "a"] == first["web", "a"]
    back = plan_vpc(VPC, [_tier("new"), _tier("web"), pods], ["a"], lock.entries("Shop"), [second])
    assert back["pods", "a"] == first["pods", "a"]


def test_a_change_is_shown_and_refused_when_it_is_checked(tmp_path: Path) -> None:
    """For continuous integration: nothing is written."""
    path = tmp_path / "addresses.lock"
    lock = AddressLock.read(path)
    _plan(lock, [_tier("web")], ["a"])
    with pytest.raises(AddressError) as caught:
        lock.check()
    assert str(caught.value) == (
        f"{path}: the lock file is not up to date; synthesize, review, commit:\n"
        f"--- {path}\n+++ {path}\n@@ -0,0 +1,3 @@\n"
        f"+{HEADER}+Shop  web  *  10.20.0.0/22\n+Shop  web  a  10.20.0.0/24\n"
    )
    assert not path.exists()


def test_two_branches_that_add_tiers_merge_as_text() -> None:
    """If they were given the same addresses, the error names both lines, and how to go on."""
    texts = []
    for name in ("batch", "cache"):
        lock = AddressLock()
        _plan(lock, [_tier("web")], ["a"])
        _plan(lock, [_tier("web"), _tier(name)], ["a"])
        texts.append(lock.text().splitlines())
    merged = "\n".join([texts[0][0], *sorted({*texts[0][1:], *texts[1][1:]})])
    with pytest.raises(AddressError) as caught:
        AddressLock.parse(merged)
    assert str(caught.value) == (
        "addresses.lock: 'Shop  cache  *  10.20.4.0/22' and 'Shop  batch  *  10.20.4.0/22' overlap; "
        "delete the lines of the tier that is not deployed yet, and synthesize"
    )
    lock = AddressLock.parse("\n".join(line for line in merged.splitlines() if "cache" not in line))
    plan = _plan(lock, [_tier("web"), _tier("cache"), _tier("batch")], ["a"])
    assert [str(plan[name, "a"]) for name in ("web", "batch", "cache")] == [
        "10.20.0.0/24",
        "10.20.4.0/24",
        "10.20.8.0/24",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ":1: this is not a lock file of addresses; restore it, or delete it to plan anew"),
        ("hello\n", ":1: this is not a lock file of addresses; restore it, or delete it to plan anew"),
        (
            HEADER.replace("version 1", "version 2"),
            ":1: the lock file has version 2, this library reads 1; use a newer one",
        ),
        (
            HEADER.replace("version 1", "version " + "9" * 5000),
            f":1: the lock file has version {'9' * 5000}, this library reads 1; use a newer one",
        ),
        (
            f"{HEADER}Shop  web  a\x07  10.20.0.0/24\n",
            ":2: zone 'a\\x07' cannot be written in a lock file; a name is printable, begins with no '#', and has no "
            "space at its ends and no two in a row",
        ),
        (
            f"{HEADER}Shop  web  a\n",
            ":2: a line holds vpc, tier, zone and block, and perhaps 'removed', got 'Shop  web  a'",
        ),
        (
            f"{HEADER}Shop  web  a  10.20.0.0/24  gone\n",
            ":2: a line holds vpc, tier, zone and block, and perhaps 'removed', got 'Shop  web  a  10.20.0.0/24  gone'",
        ),
        (
            f"{HEADER}\nShop  web  a  10.20.0.1/24\n",
            ":3: '10.20.0.1/24' has bits set behind its prefix length, did you mean 10.20.0.0/24?",
        ),
        (f"{HEADER}<<<<<<< HEAD\n", ":2: a merge was not finished; keep the lines of both sides"),
        (
            f"{HEADER}Shop  web  a  10.20.0.0/24\nShop  web  a  10.20.1.0/24\n",
            ": 'Shop  web  a  10.20.0.0/24' and 'Shop  web  a  10.20.1.0/24' are two blocks for one place; "
            "mark one of them 'removed'",
        ),
        (
            f"{HEADER}Shop  app  a  10.20.0.0/23\nShop  web  a  10.20.1.0/24\n",
            ": 'Shop  web  a  10.20.1.0/24' and 'Shop  app  a  10.20.0.0/23' overlap; "
            "delete the lines of the tier that is not deployed yet, and synthesize",
        ),
    ],
)
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, text: str, message: str) -> None:
    """With the number of the line, or with both lines; not a byte of it changes."""
    path = tmp_path / "addresses.lock"
    path.write_text(text)
    with pytest.raises(AddressError) as caught:
        AddressLock.read(path)
    assert str(caught.value) == f"{path}{message}"
    assert path.read_text() == text


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A binary file is not a lock file."""
    path = tmp_path / "addresses.lock"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(AddressError, match="the lock file cannot be read: 'utf-8' codec can't decode"):
        AddressLock.read(path)


def test_a_lock_without_a_file_is_not_written() -> None:
    """There is nowhere to."""
    with pytest.raises(AddressError) as caught:
        AddressLock().write()
    assert str(caught.value) == ("address lock: it was not read from a file, so there is none to write; use read")


def test_nothing_can_be_released_that_is_not_removed() -> None:
    """What is in use least of all."""
    lock = AddressLock()
    _plan(lock, [_tier("web")], ["a"])
    for zone, place in ((None, "tier 'web'"), ("a", "tier 'web' in zone 'a'")):
        with pytest.raises(AddressError) as caught:
            lock.release("Shop", "web", zone)
        assert str(caught.value) == (
            f"address lock: Shop has nothing removed of {place}, so there is nothing to release"
        )


def test_a_vpc_that_is_gone_is_forgotten_by_name() -> None:
    """Not by itself: an app may synthesize it another time."""
    lock = AddressLock()
    for vpc in ("Shop", "Lab"):
        _plan(lock, [_tier("web")], ["a"], vpc)
    assert lock.vpcs == ["Lab", "Shop"]
    assert lock.forget("Lab") == 2
    assert lock.vpcs == ["Shop"]
    with pytest.raises(AddressError) as caught:
        lock.forget("Lab")
    assert str(caught.value) == "address lock: there is no vpc 'Lab' to forget; the vpcs are 'Shop'"
    lock.forget("Shop")
    with pytest.raises(AddressError) as caught:
        lock.forget("Shop")
    assert str(caught.value) == "address lock: there is no vpc 'Shop' to forget; the vpcs are none"


@pytest.mark.parametrize("name", ["", "My  Vpc", " Vpc", "Vpc\t", "#Vpc", "Vpc\nOther", "Vpc\u2028", "\ud800"])
def test_a_name_that_no_line_can_hold_is_not_remembered(name: str) -> None:
    """The file could not be read again; nothing of the VPC is remembered."""
    plan = plan_vpc(VPC, [_tier("web")], ["a"])
    lock = AddressLock()
    with pytest.raises(AddressError) as caught:
        lock.remember(name, plan.blocks())
    assert str(caught.value) == (
        f"vpc {name!r} cannot be written in a lock file; a name is printable, begins with no '#', and has no space at "
        "its ends and no two in a row"
    )
    assert lock.text() == HEADER


@given(st.text(max_size=20))
def test_every_name_that_is_remembered_is_read_again(name: str) -> None:
    """Or it is refused."""
    lock = AddressLock()
    try:
        _plan(lock, [_tier("web")], ["a"], name)
    except LatticeError:
        return
    assert AddressLock.parse(lock.text()).entries(name) == lock.entries(name)


@given(st.text(max_size=200))
def test_whatever_a_file_holds_is_a_lock_or_a_lattice_error(text: str) -> None:
    """No other exception comes out."""
    for content in (text, HEADER + text):
        try:
            AddressLock.parse(content)
        except LatticeError:
            continue


LINES = st.lists(
    st.builds(
        LockEntry,
        vpc=st.sampled_from(["Shop", "Lab"]),
        tier=st.sampled_from(["web", "app"]),
        zone=st.sampled_from(["*", "a", "b"]),
        block=st.integers(0, 63).flatmap(
            lambda slot: st.sampled_from(
                [
                    IPv4Network((0x0A140000 + slot * 1024, 22)),
                    IPv4Network((0x0A140000 + slot * 1024, 24)),
                    IPv6Network((slot << 64, 64)),
                ]
            )
        ),
        removed=st.booleans(),
    ),
    max_size=6,
)


@given(LINES)
def test_what_is_read_is_written_the_same(entries: list[LockEntry]) -> None:
    """Or refused: a lock that contradicts itself never comes to be."""
    text = HEADER + "".join(f"{line}\n" for line in sorted({str(entry) for entry in entries}))
    try:
        lock = AddressLock.parse(text)
    except LatticeError:
        return
    assert AddressLock.parse(lock.text()).text() == lock.text()
