"""The difference between two versions of an application, for those who review it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from constructs_lattice.comparison.replacement import Replacement, replacements
from constructs_lattice.guarantees.check import Checker
from constructs_lattice.guarantees.survey import OpenPorts, Survey
from constructs_lattice.reachability.reachability import Protocol
from constructs_lattice.templates.application import Application

__all__ = ["Difference", "compare"]

Flow = tuple[str, str, Protocol]
"""Who connects to whom, with which protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What opens and what closes, by (from, to, protocol) with the ports, and what is replaced.

    `opened` are the ports of connections that become possible, `closed` of those that no longer are; a port that was
    open stays out of both. Ports have a question mark where nobody knows.
    """

    opened: Mapping[Flow, OpenPorts] = field(default_factory=dict)
    closed: Mapping[Flow, OpenPorts] = field(default_factory=dict)
    replaced: tuple[Replacement, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.opened or self.closed or self.replaced)

    def as_data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "opened": [_as_data(flow, ports) for flow, ports in self.opened.items()],
            "closed": [_as_data(flow, ports) for flow, ports in self.closed.items()],
            "replaced": [
                {
                    "resource": each.id,
                    "type": each.type,
                    "properties": list(each.properties),
                    "with": each.with_ or None,
                }
                for each in self.replaced
            ],
        }

    def as_text(self) -> str:
        """A line for each change."""
        if self.is_empty:
            return "no flow opens or closes, and nothing is replaced"
        lines = [f"+ {_in_words(flow, ports)}" for flow, ports in self.opened.items()]
        lines += [f"- {_in_words(flow, ports)}" for flow, ports in self.closed.items()]
        lines += [f"! {each}" for each in self.replaced]
        return "\n".join(lines)

    def as_markdown(self) -> str:
        """For a pull request: a table of flows, and a list of what is replaced."""
        if self.is_empty:
            return "No flow opens or closes, and nothing is replaced."
        parts = []
        for title, flows in (("Flows that open", self.opened), ("Flows that close", self.closed)):
            if flows:
                rows = [f"| `{a}` | `{b}` | {protocol} | {ports} |" for (a, b, protocol), ports in flows.items()]
                parts.append(
                    "\n".join(
                        [f"### {title}", "", "| from | to | protocol | ports |", "| --- | --- | --- | --- |", *rows]
                    )
                )
        if self.replaced:
            parts.append(
                "\n".join(
                    ["### Resources that are replaced", "", *(f"- `{each.id}`, {_why(each)}" for each in self.replaced)]
                )
            )
        return "\n\n".join(parts)


def compare(before: Application, after: Application, progress: Callable[[int, int], None] | None = None) -> Difference:
    """What changes from one version of an application to another.

    Where a version can come to several estates, because conditions hang on values that nobody knows, the first one of
    each says what is replaced. `progress` is told how many sources of each version are done.

    Raises `TemplateError` when the templates are wrong.
    """
    old, new = (Survey(Checker(each)).flows(progress) for each in (before, after))
    return Difference(
        opened=_only(new, old),
        closed=_only(old, new),
        replaced=tuple(replacements(before.cases()[0].estate, after.cases()[0].estate)),
    )


def _only(flows: Mapping[Flow, OpenPorts], others: Mapping[Flow, OpenPorts]) -> dict[Flow, OpenPorts]:
    """The ports that only the first ones have."""
    found = {flow: ports.without(others.get(flow, OpenPorts())) for flow, ports in flows.items()}
    return {flow: ports for flow, ports in found.items() if ports}


def _in_words(flow: Flow, ports: OpenPorts) -> str:
    source, target, protocol = flow
    return f"{source} to {target}, {protocol} {ports}"


def _why(replacement: Replacement) -> str:
    return str(replacement).partition(": ")[2]


def _as_data(flow: Flow, ports: OpenPorts) -> dict[str, str]:
    return {"from": flow[0], "to": flow[1], "protocol": str(flow[2]), "ports": str(ports)}
