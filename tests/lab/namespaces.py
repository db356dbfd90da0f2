"""Network namespaces without names: they are gone with the process that made them, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

__all__ = ["Job", "LabUnavailableError", "Namespace", "become_alone", "run"]

_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWUSER, _CLONE_NEWNET = 0x1000_0000, 0x4000_0000
_PR_SET_PDEATHSIG = 1
_MOST_PROCESSES = 8

# What must not be in the way: checks of source addresses, and hints about shorter ways.
_SETTINGS = {"rp_filter": "0", "log_martians": "0", "send_redirects": "0", "accept_redirects": "0"}

# A kernel may have namespaces and no filters.
_TRIAL = "table ip trial {\nchain leave {\ntype nat hook postrouting priority srcnat;\n}\n}\n"


class LabUnavailableError(Exception):
    """This machine cannot run the lab, and why."""


class Job(NamedTuple):
    """A tool to be run in a namespace, and what it reads."""

    namespace: Namespace
    command: tuple[str, ...]
    text: str


class Namespace:
    """A network namespace, held open by this process only."""

    def __init__(self) -> None:
        _call(_LIBC.unshare, _CLONE_NEWNET)
        self._descriptor = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        for scope in ("all", "default"):
            for name, value in _SETTINGS.items():
                Path(f"/proc/sys/net/ipv4/conf/{scope}/{name}").write_text(value)

    @property
    def path(self) -> str:
        """What `ip` is told instead of a name."""
        return f"/proc/{os.getpid()}/fd/{self._descriptor}"

    def enter(self) -> None:
        """From now on, sockets and processes are made in here."""
        _call(_LIBC.setns, self._descriptor, _CLONE_NEWNET)

    def forward(self) -> None:
        """Be a router."""
        self.enter()
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1")

    def answer_no_pings(self) -> None:
        """Leave pings to a process."""
        self.enter()
        Path("/proc/sys/net/ipv4/icmp_echo_ignore_all").write_text("1")

    def close(self) -> None:
        """Forget it: with the last socket in it, it is gone."""
        os.close(self._descriptor)


def become_alone() -> None:
    """Leave the machine's network for good, and end with the process that started this one.

    Without being root, or as root, in a user namespace; as root without one where these are switched off.

    Raises `LabUnavailableError` when neither is allowed.
    """
    user, group = os.geteuid(), os.getegid()
    if _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            Path(f"/proc/self/{name}").write_text(text)
    elif user != 0 or _LIBC.unshare(_CLONE_NEWNET) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise LabUnavailableError(f"network namespaces cannot be made here: {reason}")
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        room = Namespace()
        run([Job(room, ("nft", "-f", "-"), _TRIAL)])
        room.close()
    except OSError as error:
        raise LabUnavailableError(f"network namespaces cannot be set up here: {error}") from None


def run(jobs: Iterable[Job]) -> None:
    """Run tools, each in its namespace, some at a time."""
    waiting = iter(jobs)
    while started := [_start(job) for job in islice(waiting, _MOST_PROCESSES)]:
        for job, process in started:
            _, errors = process.communicate()
            if process.returncode:
                raise OSError(f"{' '.join(job.command)} says {errors.strip()!r} of:\n{job.text}")


def _start(job: Job) -> tuple[Job, subprocess.Popen[str]]:
    job.namespace.enter()
    process = subprocess.Popen(
        job.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(job.text)
    process.stdin.close()
    process.stdin = None
    return job, process


def _call(function: ctypes._NamedFuncPointer, *arguments: int) -> None:
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
