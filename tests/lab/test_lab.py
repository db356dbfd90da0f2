"""The lab by itself: it answers what can be told by hand, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.lab.lab import Lab, Observation, Question
from tests.lab.namespaces import LabUnavailableError

pytestmark = [pytest.mark.pure, pytest.mark.lab]

SHOP = yaml.safe_load((Path(__file__).parent / "shop.yaml").read_text())
ROOT = Path(__file__).parents[2]
STRANGER = "8.8.8.8"
ANSWERS = {
    Question(STRANGER, "Web", "tcp", 443): "reachable",
    Question(STRANGER, "Web", "tcp", 22): "unreachable",  # no rule
    Question(STRANGER, "Web", "udp", 443): "unreachable",  # another protocol
    Question(STRANGER, "App", "tcp", 8080): "unreachable",  # no public address
    Question("Web", STRANGER, "udp", 53): "reachable",
    Question("App", STRANGER, "tcp", 443): "reachable",  # through the NAT gateway
    Question("App", STRANGER, "icmp", 0): "reachable",
    Question("App", "Web", "tcp", 443): "reachable",
    Question("Web", "App", "tcp", 8080): "unknown",  # the ACL stops answers to low ports of the client
    Question("Web", "App", "icmp", 0): "reachable",
    Question("Other", "App", "tcp", 8080): "unreachable",  # not a member of the group
    Question("Other", "App", "icmp", 0): "reachable",
    Question("Web", "Other", "tcp", 443): "unreachable",  # its group is the default one, which lets in only itself
}


def test_the_lab_answers_what_can_be_told_by_hand(lab: Lab) -> None:
    """By real connections; asked again with patience, it answers the same."""
    lab.build([SHOP], [list(ANSWERS)])
    (observed,) = lab.observations()
    assert dict(zip(ANSWERS, (each.verdict for each in observed), strict=True)) == ANSWERS
    again = lab.again([(0, place) for place in range(len(ANSWERS))])
    assert dict(zip(ANSWERS, (each.verdict for each in again), strict=True)) == ANSWERS


def test_networks_stand_beside_each_other(lab: Lab) -> None:
    """The same addresses in several networks do not meet."""
    question = Question(STRANGER, "Web", "tcp", 443)
    closed = {"Resources": {name: each for name, each in SHOP["Resources"].items() if name != "ToInternet"}}
    lab.build([SHOP, closed, SHOP], [[question]] * 3)
    assert [each.verdict for (each,) in lab.observations()] == ["reachable", "unreachable", "reachable"]


def test_nothing_is_left_behind(lab: Lab) -> None:
    """Also when the lab is killed: its namespaces have no names, and go with the last process that is in them."""
    process = lab._process
    lab.build([SHOP], [[Question(STRANGER, "Web", "tcp", 443)]])
    lab.observations()
    made = _namespaces_of(process.pid)
    assert len(made) > 5
    assert not made & _namespaces_of(os.getpid())
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(0.1)
    assert not made & _namespaces_of("*")


def test_it_ends_with_who_started_it(lab: Lab) -> None:  # noqa: ARG001 - skipped where there is no lab
    """However that ended."""
    code = "import time; from tests.lab.lab import Lab; print(Lab()._process.pid, flush=True); time.sleep(60)"
    starter = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    process = Path("/proc") / starter.stdout.readline().strip()
    assert process.exists()
    starter.kill()
    starter.communicate()
    deadline = time.monotonic() + 5
    while process.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not process.exists()


def _namespaces_of(process: int | str) -> set[str]:
    """The network namespaces that processes are in, or hold."""
    found = set()
    for path in [*Path("/proc").glob(f"{process}/ns/net"), *Path("/proc").glob(f"{process}/fd/*")]:
        try:
            found.add(str(path.readlink()))
        except OSError:  # the process is gone, or is another user's
            continue
    return {each for each in found if each.startswith("net:")}


def test_the_lab_knows_nothing_of_the_analyser() -> None:
    """Otherwise both might make the same mistake."""
    code = (
        "import tests.lab.witness, sys; print([name for name in sys.modules if name.startswith('constructs_lattice')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_tool_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests that need it are skipped with this."""
    monkeypatch.setattr(shutil, "which", lambda name, **_: None if name == "nft" else "/usr/bin/ip")
    with pytest.raises(LabUnavailableError) as caught:
        Lab()
    assert str(caught.value) == "the lab needs nft; on Debian: apt-get install iproute2 nftables"


def test_observations_are_verdicts() -> None:
    """All, none, or some of the connections that were tried."""
    assert [Observation(each).verdict for each in ("11", "00", "010")] == ["reachable", "unreachable", "unknown"]
    with pytest.raises(ValueError, match=r"^nothing was tried$"):
        assert Observation("").verdict
