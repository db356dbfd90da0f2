"""The lock file: what is remembered, how it is written, what is refused."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.addressing import HOME, AddressLock, LockEntry, TierRequest, VpcPlan, plan_vpc
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
        "a vpc with another block is another vpc, delete the lines of the old one"
    )


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
        "delete the lines of one of the two, and synthesize"
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
            "delete the lines of one of the two, and synthesize",
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


NAMES = ["web", "app", "data", "cache"]
STATES = st.tuples(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from([22, 24, 26, None]), st.booleans()),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each[0],
    ),
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True),
)


@given(st.lists(STATES, min_size=2, max_size=6))
def test_no_edit_ever_moves_a_subnet(states: list[tuple[list[tuple[str, int | None, bool]], list[str]]]) -> None:
    """Through any sequence of edits: who keeps his size keeps his block, whoever comes and goes around him; nobody gets
    what is, or was, somebody else's; and the file can always be read again. In both families of addresses."""
    lock = AddressLock()
    history: dict[tuple[str, str, int], IPv4Network | IPv6Network] = {}
    for tiers, zones in states:
        requests = [TierRequest(tier=name, prefix=prefix, ipv6=ipv6) for name, prefix, ipv6 in tiers]
        try:
            plan = _plan(lock, requests, zones)
        except AddressError:
            return  # full of what was: released by name in real life
        for tier, zone, block in plan.blocks():
            if zone == HOME:
                continue
            key = (tier, zone, block.prefixlen)
            assert history.setdefault(key, block) == block
            others = [other for owner, other in history.items() if owner != key and other.version == block.version]
            assert not any(block.overlaps(other) for other in others)
        assert len(plan.ipv6) == len(zones) * sum(ipv6 for _, _, ipv6 in tiers)
        lock = AddressLock.parse(lock.text())
