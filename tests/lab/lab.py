"""The lab, from outside: templates and questions in, what came of them out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple, Self

from tests.lab.namespaces import LabUnavailableError

__all__ = ["Lab", "Observation", "Outcome", "Question"]

_ROOT = Path(__file__).parents[2]


class Question(NamedTuple):
    """Whether somebody reaches somebody else; both by logical id, or by address on the internet."""

    source: str
    target: str
    protocol: str
    port: int

    def __str__(self) -> str:
        """In words."""
        return f"{self.source} to {self.target}, {self.protocol} {self.port or ''}".rstrip()


class Observation(str):
    """A digit for every connection that was tried for a question: another client port, another choice of AWS's."""

    __slots__ = ()

    @property
    def verdict(self) -> str:
        """What an analyser should say, in its words."""
        if not self:
            raise ValueError("nothing was tried")
        return "unknown" if len(set(self)) > 1 else "reachable" if self[0] == "1" else "unreachable"


class Outcome(NamedTuple):
    """What came of a question."""

    question: Question
    observation: Observation


class Lab:
    """A process of its own, which has no network but those that it builds.

    Raises `LabUnavailableError` where there are no tools, or no namespaces.
    """

    def __init__(self) -> None:
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
        missing = [name for name in ("ip", "nft") if shutil.which(name, path=path) is None]
        if sys.platform != "linux" or missing:
            tools = " and ".join(missing) or "Linux"
            raise LabUnavailableError(f"the lab needs {tools}; on Debian: apt-get install iproute2 nftables")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lab.witness"],
            cwd=_ROOT,
            env={**os.environ, "PATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        answer = self._receive()
        if "unavailable" in answer:
            self.close()
            raise LabUnavailableError(answer["unavailable"])

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, and with it everything."""
        self.close()

    def close(self) -> None:
        """End the process, and with it everything."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def build(self, templates: list[Any], questions: list[list[Question]]) -> None:
        """Build networks in place of those before, and begin to ask."""
        self._send({"networks": templates, "questions": questions})

    def observations(self) -> list[list[Observation]]:
        """What came of all questions of what was built last."""
        return [[Observation(each) for each in network] for network in self._receive()]

    def again(self, places: list[tuple[int, int]]) -> list[Observation]:
        """Ask some questions once more: with much patience, and with all ports that NAT gateways may use."""
        self._send({"again": places})
        return [Observation(each) for each in self._receive()]

    def _send(self, request: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(request)}\n")
        self._process.stdin.flush()

    def _receive(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise OSError(f"the lab ended with code {self._process.wait()}")
        return json.loads(line)
