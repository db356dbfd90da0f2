"""The analyser, asked what the lab is asked."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from constructs_lattice.model.block import Block
from constructs_lattice.reachability import Answer, Verdict
from constructs_lattice.reachability.parties import Addresses, Owner, Party, TheInternet
from constructs_lattice.reachability.reachability import Protocol, Reachability
from constructs_lattice.templates import load
from constructs_lattice.templates.network import read_network
from tests.lab.lab import Question
from tests.lab.wiring import INTERNET, INTERNET_HOSTS

__all__ = ["LEFT_OPEN", "Analyst", "agree"]

LEFT_OPEN = "left open"
"""What the analyser may leave open, whatever comes of it in the lab: it is about VPCs that overlap.

TGW-7: it doubts all that the order of attachment may touch; the lab tries every order, and may find no difference.
SG-6: whether a rule for a group is for others with the same address, AWS does not say; the lab has to decide.
"""

_LEFT_OPEN_BY = {"TGW-7", "SG-6"}
_STACK = "net"


class Analyst:
    """The analyser with one network."""

    def __init__(self, template: Any) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / f"{_STACK}.json"
            path.write_text(json.dumps(template))
            ((_, estate),) = load(path).cases()
        self._reachability = Reachability(read_network(estate))

    def answer(self, question: Question) -> Answer:
        """The answer with its reasons. Without a port, about any port."""
        source, target = _party(question.source), _party(question.target)
        return self._reachability.ask(source, target, Protocol(question.protocol), question.port or None)

    def verdict(self, question: Question) -> str:
        """The verdict, in a word or a few."""
        answer = self.answer(question)
        is_open = answer.verdict is Verdict.UNKNOWN and any(each.rule in _LEFT_OPEN_BY for each in answer.reasons)
        return LEFT_OPEN if is_open else str(answer.verdict)


def agree(verdict: str, observed: str) -> bool:
    """Whether what the analyser says is what came of it, or is left open for a good reason."""
    return verdict in (observed, LEFT_OPEN)


def _party(name: str) -> Party:
    if name == INTERNET:
        return TheInternet()
    return Addresses(Block.of(f"{name}/32")) if name in INTERNET_HOSTS else Owner(f"{_STACK}.{name}")
