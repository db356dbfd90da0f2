"""Assertions about a network, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from constructs_lattice.guarantees.check import Checker
from constructs_lattice.guarantees.entries import Connection
from constructs_lattice.guarantees.names import End, name_of
from constructs_lattice.reachability.reachability import Protocol
from constructs_lattice.templates.loading import load

__all__ = ["Network"]


class Network:
    """What was synthesized, to be asked who reaches whom.

    An end is a construct, a tier of a `Vpc`, or a name as in a file of guarantees. A failing assertion shows the
    connection hop by hop, or what blocks it; `unknown` fails every assertion.

    Raises `TemplateError` when what was synthesized cannot be read.
    """

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    @classmethod
    def from_app(cls, app: Any) -> Self:
        """The network of an application of the CDK, which is synthesized for this."""
        return cls.from_target(app.synth().directory)

    @classmethod
    def from_target(cls, *target: str | Path, parameters: dict[str, Any] | None = None) -> Self:
        """The network in a cloud assembly, in templates, or in a file with `stacks`."""
        return cls(Checker(load(target, parameters=parameters)))

    def assert_reachable(
        self, source: End, *, to: End, port: int | None = None, protocol: Protocol | str = Protocol.TCP
    ) -> None:
        """Fail unless `source` can connect and gets answers. Without a port, any port will do."""
        __tracebackhide__ = True
        self._check(source, to, port, protocol, expect="reachable")

    def assert_unreachable(
        self, source: End, *, to: End, port: int | None = None, protocol: Protocol | str = Protocol.ANY
    ) -> None:
        """Fail unless it is certain that `source` cannot connect. Without a port and a protocol, with any of them."""
        __tracebackhide__ = True
        protocol = Protocol.TCP if port is not None and protocol == Protocol.ANY else protocol
        self._check(source, to, port, protocol, expect="unreachable")

    def assert_only_through(
        self,
        appliance: End,
        source: End,
        *,
        to: End,
        port: int | None = None,
        protocol: Protocol | str = Protocol.TCP,
    ) -> None:
        """Fail unless `source` can connect, and every path crosses the appliance or the gateway."""
        __tracebackhide__ = True
        self._check(source, to, port, protocol, expect="reachable", only_through=name_of(appliance))

    def _check(self, source: End, to: End, port: int | None, protocol: Protocol | str, **more: str) -> None:
        __tracebackhide__ = True
        names = {"from": name_of(source), "to": name_of(to)}
        question = Connection.model_validate(
            {"id": "network", **names, "port": port, "protocol": str(protocol), **more}
        )
        result = self._checker.check_one(question)
        if not result.holds:
            raise AssertionError("\n".join(_without_id(result.lines())))


def _without_id(lines: Iterable[str]) -> list[str]:
    return [line.removeprefix("  ") for line in list(lines)[1:]]
