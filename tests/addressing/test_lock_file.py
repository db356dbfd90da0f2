"""Lock files on the disk: nothing that was not read is ever written over, and nothing is written by halves."""

import os
import shutil
import subprocess
from collections.abc import Callable
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constructs_lattice.addressing import AddressLock, TierRequest, plan_vpc
from constructs_lattice.errors import AddressError, LatticeError

pytestmark = pytest.mark.pure

VPC = IPv4Network("10.20.0.0/16")
HEADER = "# Addresses of VPCs, one block a line: vpc, tier, zone, block. Written by constructs_lattice, version 1.\n"
WEB = f"{HEADER}Shop  web  *  10.20.0.0/22\nShop  web  a  10.20.0.0/24\n"


def _remember(lock: AddressLock, *tiers: str, vpc: str = "Shop") -> AddressLock:
    """Plan as `Vpc` does: with what the lock remembers, which remembers the result."""
    requests = [TierRequest(tier=tier, prefix=24) for tier in tiers]
    lock.remember(vpc, plan_vpc(VPC, requests, ["a"], lock.entries(vpc)).blocks())
    return lock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "addresses.lock"


def _change(path: Path) -> None:
    path.write_text(WEB.replace("web", "app"))


def _damage(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")


_ANOTHER = "the lock file is not the one that was read; synthesize again, so that nothing in it is lost"
_NO_TEXT = "the lock file cannot be read: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"


@pytest.mark.parametrize(
    ("meanwhile", "message"),
    [(_change, _ANOTHER), (Path.unlink, _ANOTHER), (_damage, _NO_TEXT)],
    ids=["changed", "deleted", "damaged"],
)
def test_what_changed_on_the_disk_is_not_written_over(
    path: Path, meanwhile: Callable[[Path], None], message: str
) -> None:
    """Somebody switched branches, or synthesized at the same time: nothing of theirs is lost."""
    path.write_text(WEB)
    lock = _remember(AddressLock.read(path), "web", "data")
    meanwhile(path)
    found = path.read_bytes() if path.exists() else None
    with pytest.raises(AddressError) as caught:
        lock.write()
    assert str(caught.value) == f"{path}: {message}"
    assert (path.read_bytes() if path.exists() else None) == found


def test_a_file_that_was_not_there_before_is_another_one(path: Path) -> None:
    """Even if it is empty of addresses."""
    lock = _remember(AddressLock.read(path), "web")
    path.write_text(HEADER)
    with pytest.raises(AddressError) as caught:
        lock.write()
    assert str(caught.value) == f"{path}: {_ANOTHER}"
    assert path.read_text() == HEADER


def test_two_that_write_the_same_do_not_disturb_each_other(path: Path) -> None:
    """Two synths side by side of one app."""
    locks = [_remember(AddressLock.read(path), "web") for _ in range(2)]
    assert [lock.write() for lock in locks] == [True, True]
    assert path.read_text() == WEB
    assert [lock.write() for lock in locks] == [False, False]


@given(content=st.one_of(st.binary(max_size=80), st.binary(max_size=80).map(lambda tail: HEADER.encode() + tail)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_cannot_be_read_is_never_written_over(path: Path, content: bytes) -> None:
    """Whatever bytes are in it, and whoever goes on after the error."""
    path.unlink(missing_ok=True)
    lock = _remember(AddressLock.read(path), "web")
    path.write_bytes(content)
    message = ""
    try:
        AddressLock.read(path)
    except LatticeError as error:
        message = str(error)
    if message:
        assert message.startswith(f"{path}:")
        with pytest.raises(AddressError, match="the lock file"):
            lock.write()
        assert path.read_bytes() == content


def test_a_file_is_written_whole_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full in the middle: the old file is there, and no draft beside it."""
    path.write_text(WEB)
    lock = _remember(AddressLock.read(path), "web", "data")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(AddressError) as caught:
        lock.write()
    assert str(caught.value) == f"{path}: the lock file cannot be written: [Errno 28] No space left on device"
    assert path.read_text() == WEB
    assert list(path.parent.iterdir()) == [path]
    monkeypatch.undo()
    assert lock.write()
    assert "data" in path.read_text()


def test_a_directory_that_is_not_there_is_an_address_error(tmp_path: Path) -> None:
    """The message names the file."""
    path = tmp_path / "no" / "addresses.lock"
    lock = _remember(AddressLock.read(path), "web")
    with pytest.raises(AddressError) as caught:
        lock.write()
    assert str(caught.value) == (
        f"{path}: the lock file cannot be written: [Errno 2] No such file or directory: "
        f"'{path.resolve().with_name(f'.{path.name}.{os.getpid()}')}'"
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "[Errno 21] Is a directory: '{}'"), ("a\0b", "embedded null byte")],
    ids=["a directory", "no path at all"],
)
def test_what_is_no_file_cannot_be_read(tmp_path: Path, name: str, reason: str) -> None:
    """An address error, as for everything that is wrong with a lock file."""
    path = tmp_path / name
    with pytest.raises(AddressError) as caught:
        AddressLock.read(path)
    assert str(caught.value) == f"{path}: the lock file cannot be read: {reason.format(path)}"


def test_a_link_stays_a_link_and_the_file_keeps_its_mode(tmp_path: Path) -> None:
    """A file that is shared by several apps is written where it is."""
    shared, link = tmp_path / "shared.lock", tmp_path / "addresses.lock"
    shared.write_text(WEB)
    shared.chmod(0o640)
    link.symlink_to(shared)
    _remember(AddressLock.read(link), "web", "data").write()
    assert link.is_symlink()
    assert "data" in shared.read_text()
    assert shared.stat().st_mode & 0o777 == 0o640


def test_line_ends_of_windows_are_no_change(path: Path) -> None:
    """Git may check the file out with them."""
    path.write_bytes(WEB.replace("\n", "\r\n").encode())
    lock = _remember(AddressLock.read(path), "web")
    lock.check()
    assert not lock.write()
    assert _remember(lock, "web", "data").write()
    assert "data" in path.read_text()


def _merge(directory: Path, base: str, ours: str, theirs: str) -> str:
    """What git makes of two branches."""
    names = ("ours", "base", "theirs")
    for name, text in zip(names, (ours, base, theirs), strict=True):
        (directory / name).write_text(text)
    command = ["git", "merge-file", "-p", *names]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False).stdout


@pytest.mark.skipif(shutil.which("git") is None, reason="merges are made by git")
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("web", "app", "batch", "data"), ("web", "app", "data", "cache")),
        (("web", "data"), ("web", "app", "data", "cache")),
        (("app", "data"), ("web", "app")),
        (("cache", "web", "app", "data"), ("cache", "web", "app", "data")),
        (("web", "app", "data", "zoo"), ("abc", "web", "app", "data")),
    ],
    ids=["both add", "one removes", "both remove", "both add the same", "both add, far from each other"],
)
def test_branches_merge_as_text(tmp_path: Path, ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    """Nothing is corrupted: the merged file has what both have, or reading it is an error that leaves it alone."""
    base = _remember(AddressLock(), "web", "app", "data").text()
    locks = [_remember(AddressLock.parse(base), *tiers) for tiers in (ours, theirs)]
    path = tmp_path / "addresses.lock"
    path.write_text(_merge(tmp_path, base, *(lock.text() for lock in locks)))
    merged = path.read_text()
    lines = {line for lock in locks for line in lock.text().splitlines()}
    before = set(base.splitlines())
    try:
        lock = AddressLock.read(path)
    except AddressError as error:
        message = str(error)
        is_unfinished = message.endswith(": a merge was not finished; keep the lines of both sides")
        assert is_unfinished or message.count("10.20.") == 2, message
        assert path.read_text() == merged
        return
    assert lines - before <= set(lock.text().splitlines())


def test_both_sides_of_a_conflict_may_be_kept(path: Path) -> None:
    """A block that one branch has and the other removed is there twice; who has it keeps it."""
    path.write_text(f"{WEB}Shop  web  a  10.20.0.0/24  removed\nShop  web  *  10.20.0.0/22\n")
    lock = AddressLock.read(path)
    assert not any(entry.removed for entry in lock.entries("Shop"))
    assert _remember(lock, "web").write()
    assert path.read_text() == WEB
