"""`addresses`: a lock file on the command line."""

from ipaddress import IPv4Network
from pathlib import Path

import pytest

from constructs_lattice.addressing import AddressLock, TierRequest, plan_vpc
from constructs_lattice.cli.__main__ import main

pytestmark = pytest.mark.pure


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A lock of two VPCs; one of them has lost a tier, and one zone of another."""
    path = tmp_path / "addresses.lock"
    lock = AddressLock.read(path)
    for vpc, declared in (("Shop/Vpc", [("web", "app"), ("app",)]), ("Lab/Vpc", [("app",)])):
        for number, names in enumerate(declared):
            tiers = [TierRequest(tier=name, prefix=24, ipv6=name == "app") for name in names]
            zones = ["a", "b"][: 2 - number]
            plan = plan_vpc(IPv4Network("10.20.0.0/16"), tiers, zones, lock.entries(vpc))
            lock.remember(vpc, plan.blocks())
    lock.write()
    return path


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["addresses", *map(str, arguments)])
    output = capsys.readouterr()
    return code, output.out + output.err


def test_it_shows_every_block(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of one VPC, if one is named."""
    assert _run(capsys, "show", path, "--vpc", "Shop/Vpc") == (
        0,
        "vpc       tier  zone  block         usable hosts  state\n"
        "Shop/Vpc  app   *     10.20.4.0/22  -             in use\n"
        "Shop/Vpc  app   *     ::/62         -             in use\n"
        "Shop/Vpc  app   a     10.20.4.0/24  251           in use\n"
        "Shop/Vpc  app   a     ::/64         -             in use\n"
        "Shop/Vpc  app   b     10.20.5.0/24  251           removed\n"
        "Shop/Vpc  app   b     0:0:0:1::/64  -             removed\n"
        "Shop/Vpc  web   *     10.20.0.0/22  -             removed\n"
        "Shop/Vpc  web   a     10.20.0.0/24  251           removed\n"
        "Shop/Vpc  web   b     10.20.1.0/24  251           removed\n"
        "1 vpc, 1 subnet in use, 5 blocks kept for what was removed\n",
    )
    code, output = _run(capsys, "show", path)
    assert code == 0
    assert output.endswith("2 vpcs, 3 subnets in use, 5 blocks kept for what was removed\n")


def test_it_checks_a_file(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is damaged, contradicts itself or is out of order is exit code 2, and stays as it is."""
    assert _run(capsys, "check", path) == (
        0,
        f"{path}: 2 vpcs, 3 subnets in use, 5 blocks kept for what was removed\n",
    )
    header, *lines = path.read_text().splitlines(keepends=True)
    for text, message in (
        ("", f"error: {path}:1: this is not a lock file of addresses; restore it, or delete it to plan anew\n"),
        (
            "".join([header, *lines, "Lab/Vpc  db  a  10.20.0.128/25\n"]),
            f"error: {path}: 'Lab/Vpc  db  a  10.20.0.128/25' and 'Lab/Vpc  app  *  10.20.0.0/22' overlap; delete the "
            "lines of the tier that is not deployed yet, and synthesize\n",
        ),
    ):
        path.write_text(text)
        assert _run(capsys, "check", path) == (2, message)
        assert path.read_text() == text
    path.write_text("".join([header, *reversed(lines)]))
    code, output = _run(capsys, "check", path)
    assert code == 2
    assert output.startswith(f"error: {path}: the lock file is not up to date; synthesize, review, commit:\n--- {path}")


def test_it_releases_by_name(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A zone of a tier, or all that a tier no longer has; what is in use stays."""
    assert _run(capsys, "release", path, "Shop/Vpc", "app", "--zone", "b") == (
        0,
        "released:\n  Shop/Vpc  app  b  10.20.5.0/24  removed\n  Shop/Vpc  app  b  0:0:0:1::/64  removed\n",
    )
    assert _run(capsys, "release", path, "Shop/Vpc", "web")[1].count("removed") == 3
    assert not any(entry.removed for entry in AddressLock.read(path).entries("Shop/Vpc"))
    text = path.read_text()
    for arguments, message in (
        (
            ("release", path, "Shop/Vpc", "app"),
            "address lock: Shop/Vpc has nothing removed of tier 'app', so there is nothing to release",
        ),
        (("release", path, "Shop", "app"), f"{path}: there is no vpc 'Shop'; the vpcs are 'Lab/Vpc', 'Shop/Vpc'"),
    ):
        assert _run(capsys, *arguments) == (2, f"error: {message}\n")
    assert path.read_text() == text


def test_it_forgets_a_vpc_that_is_gone(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All of its lines, in use or not."""
    code, output = _run(capsys, "forget", path, "Shop/Vpc")
    assert (code, len(output.splitlines())) == (0, 10)
    assert AddressLock.read(path).vpcs == ["Lab/Vpc"]
    assert _run(capsys, "forget", path, "Shop/Vpc") == (
        2,
        f"error: {path}: there is no vpc 'Shop/Vpc'; the vpcs are 'Lab/Vpc'\n",
    )


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typing mistake must not pass as an empty lock."""
    path = tmp_path / "adresses.lock"
    for command in ("show", "check"):
        assert _run(capsys, command, path) == (
            2,
            f"error: {path}: there is no such file; a lock file is made by the first synth that writes it\n",
        )
    assert not path.exists()
