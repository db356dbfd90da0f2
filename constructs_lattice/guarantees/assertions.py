"""Assertions about a network, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from constructs_lattice.authorization import Level
from constructs_lattice.authorization import Protocol as RequestProtocol
from constructs_lattice.guarantees.calls import Call, allowed, refused
from constructs_lattice.guarantees.check import Checker
from constructs_lattice.guarantees.entries import Connection, Request
from constructs_lattice.guarantees.names import End, name_of
from constructs_lattice.guarantees.prefix_lists import Contents, checked, prefix_lists_of
from constructs_lattice.reachability.reachability import Protocol
from constructs_lattice.templates.loading import load

__all__ = ["Network"]


class Network:
    """What was synthesized, to be asked who reaches whom, and who may call what.

    An end is a construct, a tier of a `Vpc`, or a name as in a file of guarantees. A failing assertion shows the
    connection hop by hop, or what blocks it, and what every level says about a request; `unknown` fails every
    assertion.

    Raises `TemplateError` when what was synthesized cannot be read.
    """

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    @classmethod
    def from_app(cls, app: Any, *, prefix_lists: Contents | None = None) -> Self:
        """The network of an application of the CDK, which is synthesized for this.

        `prefix_lists` are what is in those that the templates have by their ids only, as in a file of guarantees.
        """
        return cls.from_target(app.synth().directory, prefix_lists=prefix_lists)

    @classmethod
    def from_target(
        cls, *target: str | Path, parameters: dict[str, Any] | None = None, prefix_lists: Contents | None = None
    ) -> Self:
        """The network in a cloud assembly, in templates, or in a file with `stacks`."""
        return cls(
            Checker(load(target, parameters=parameters), prefix_lists=prefix_lists_of(checked(prefix_lists or {})))
        )

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

    def assert_symmetric(
        self, source: End, *, to: End, port: int | None = None, protocol: Protocol | str = Protocol.TCP
    ) -> None:
        """Fail unless `source` can connect through an appliance, and answers cross the same ones on every path."""
        __tracebackhide__ = True
        self._check(source, to, port, protocol, expect="reachable", symmetric=True)

    def assert_authorized(
        self,
        source: End,
        *,
        to: End,
        vpc: End | None = None,
        method: str = "GET",
        path: str = "/",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | Sequence[str]] | None = None,
        protocol: RequestProtocol = RequestProtocol.HTTPS,
        port: int | None = None,
        service_network: End | None = None,
        principal_org: str | None = None,
        principal_tags: Mapping[str, str] | None = None,
        routed_to: End | Mapping[End, int] | None = None,
        fixed_response: int | None = None,
    ) -> None:
        """Fail unless a request to a VPC Lattice service is let through by all levels; and routed there, if it matters.

        `source` is what calls: a function, an instance, tasks, a role, or `Anonymous`. A role calls from the VPC of
        what has it, unless `vpc` says otherwise. `routed_to` is a target group, or shares by target group.
        """
        __tracebackhide__ = True
        call = Call(
            source=source,
            to=to,
            vpc=vpc,
            method=method,
            path=path,
            headers=headers,
            query=query,
            protocol=protocol,
            port=port,
            service_network=service_network,
            principal_org=principal_org,
            principal_tags=principal_tags,
        )
        self._hold(call.guarantee("network", allowed(routed_to, fixed_response)))

    def assert_denied(
        self,
        source: End,
        *,
        to: End,
        vpc: End | None = None,
        method: str | None = None,
        path: str | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | Sequence[str]] | None = None,
        protocol: RequestProtocol | None = None,
        port: int | None = None,
        service_network: End | None = None,
        principal_org: str | None = None,
        principal_tags: Mapping[str, str] | None = None,
        denied_by: Level | None = None,
    ) -> None:
        """Fail unless it is certain that a request is not let through; by this level, if it matters.

        Without a method or a path, no request with any method, or any path, may be: from any VPC of the templates,
        unless what calls or `vpc` says which. Everything else is as in
        `assert_authorized`.
        """
        __tracebackhide__ = True
        call = Call(
            source=source,
            to=to,
            vpc=vpc,
            method=method,
            path=path,
            headers=headers,
            query=query,
            protocol=protocol,
            port=port,
            service_network=service_network,
            principal_org=principal_org,
            principal_tags=principal_tags,
        )
        self._hold(call.guarantee("network", refused(denied_by)))

    def _check(self, source: End, to: End, port: int | None, protocol: Protocol | str, **more: str | bool) -> None:
        __tracebackhide__ = True
        names = {"from": name_of(source), "to": name_of(to)}
        self._hold(
            Connection.model_validate({"id": "network", **names, "port": port, "protocol": str(protocol), **more})
        )

    def _hold(self, question: Connection | Request) -> None:
        __tracebackhide__ = True
        result = self._checker.check_one(question)
        if not result.holds:
            raise AssertionError("\n".join(_without_id(result.lines())))


def _without_id(lines: Iterable[str]) -> list[str]:
    return [line.removeprefix("  ") for line in list(lines)[1:]]
