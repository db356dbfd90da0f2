"""The results of guarantees: data, and text for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lattice.reachability.reason import Hop, Reason, reasons_in_lines

__all__ = ["Result"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one guarantee.

    `verdict` and `expect` are words for connections, and mappings for requests. A connection that is possible has a
    witness: a packet, the hops that it takes, and those of the answers. `levels` are lines about those that a request
    passes, or that refuse it.
    """

    id: str
    question: str
    expect: str | Mapping[str, Any]
    verdict: str | Mapping[str, Any]
    holds: bool
    reasons: tuple[Reason, ...] = ()
    levels: tuple[str, ...] = ()
    forward: tuple[Hop, ...] = ()
    back: tuple[Hop, ...] = ()
    packet: str = ""
    assumptions: tuple[str, ...] = ()
    why: str = ""

    def as_data(self) -> dict[str, Any]:
        """The result as it stands in a JSON report; what is unreachable has no witness."""
        hops = [("forward", each) for each in self.forward] + [("back", each) for each in self.back]
        hops = hops if self.verdict != "unreachable" else []
        return {
            "id": self.id,
            "expect": self.expect,
            "verdict": self.verdict,
            "holds": self.holds,
            "reasons": [_reason(each) for each in self.reasons],
            "hops": [{"direction": way, "resource": hop.resource, "text": hop.text} for way, hop in hops],
            "assumptions": list(self.assumptions),
        }

    def _comparison(self) -> str:
        expected, got = _words(self.expect), _words(self.verdict)
        return f"expected {expected}{';' if 'routed_to' in self.expect else ','} got {got}"

    def lines(self) -> list[str]:
        """The result as text: the question, the verdict, and what speaks for it."""
        sign = "holds" if self.holds else "BROKEN"
        found = [f"{self.id}: {sign}", f"  {self.question}: {self._comparison()}"]
        if self.why and not self.holds:
            found.append(f"  meant: {self.why}")
        found += [f"  {each}" for each in self.levels or reasons_in_lines(self.reasons)]
        if self.packet and not self.holds:
            found.append(f"  packet: {self.packet}")
        if not self.holds:
            found += [f"  -> {each}" for each in self.forward]
            found += [f"  <- {each}" for each in self.back]
        return found


def _reason(reason: Reason) -> dict[str, str]:
    data = {"rule": reason.rule, "resource": reason.resource, "text": reason.text}
    return data | ({"code": reason.code} if reason.code else {})


def _words(value: str | Mapping[str, Any]) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(f"{key} {_shares(each) if isinstance(each, list) else each}" for key, each in value.items())


def _shares(groups: list[Any]) -> str:
    """Target groups and their weights; what is not known is a word, and no list."""
    return " and ".join(f"{each['target_group']} {each['weight']}" for each in groups)
