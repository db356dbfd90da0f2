"""Guarantees in an application of the CDK: what is broken fails `cdk synth`.

The constructs say what must be so; what was synthesized is what is checked. Nothing that constructs know of each other
has a part in the proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import (
    App,
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
    Stage,
    Validations,
)
from constructs import IConstruct

from constructs_lattice._version import __version__
from constructs_lattice.authorization import Level
from constructs_lattice.authorization import Protocol as RequestProtocol
from constructs_lattice.errors import GuaranteeError, LatticeError
from constructs_lattice.guarantees import (
    Checker,
    Connection,
    Deployment,
    GuaranteesFile,
    Request,
    Result,
    read_guarantees,
)
from constructs_lattice.guarantees.calls import Call, allowed, refused
from constructs_lattice.guarantees.names import End, name_of
from constructs_lattice.guarantees.prefix_lists import Content
from constructs_lattice.reachability import Protocol

__all__ = ["GuaranteePlugin", "Guarantees", "Statement"]

_OF: WeakKeyDictionary[Stage, Guarantees] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Statement:
    """A guarantee, and the ends as they were given."""

    guarantee: Connection
    source: End
    to: End


class Guarantees:
    """What must be so about the network of an application, and about requests over it; made by `Guarantees.of`.

    An end is a construct, a tier of a `Vpc`, `Internet`, or a name as in a file of guarantees. What does not hold, and
    what cannot be decided, is a violation in the CDK's own validation report, which fails `cdk synth`.

    https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
    """

    def __init__(self, app: Stage) -> None:
        self._plugin = GuaranteePlugin(app)
        self._statements: list[Statement] = []
        Validations.of(app).add_plugins(self._plugin)

    @classmethod
    def of(cls, scope: IConstruct) -> Self:
        """The guarantees of the application that `scope` is part of: one object for each application.

        Raises `GuaranteeError` when `scope` is part of no application.
        """
        root = scope.node.root
        if not isinstance(root, App):
            raise GuaranteeError(f"{scope.node.path}: guarantees are for an app, but it is part of none")
        if root not in _OF:
            _OF[root] = cls(root)
        return _OF[root]  # type: ignore[return-value]  # made by this very class

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What `allow` and `deny` have said so far."""
        return tuple(self._statements)

    def allow(
        self,
        source: End,
        *,
        to: End,
        port: int | None = None,
        protocol: Protocol = Protocol.TCP,
        only_through: End | None = None,
        symmetric: bool = False,
        why: str = "",
    ) -> None:
        """`source` must be able to connect and get answers; on every path through an appliance, if one is given.

        Without a port, on any port. If it is `symmetric`, answers must cross the same appliances as the packets that
        they answer, on every path, and there must be one.

        Raises `GuaranteeError` when there is such a guarantee already.
        """
        through = None if only_through is None else name_of(only_through)
        more = {"only_through": through, "symmetric": symmetric, "why": why}
        self._add("reachable", (source, to), port, protocol, more)

    def deny(
        self, source: End, *, to: End, port: int | None = None, protocol: Protocol | None = None, why: str = ""
    ) -> None:
        """`source` must not be able to connect. Without a port and a protocol, with none at all.

        Raises `GuaranteeError` when there is such a guarantee already.
        """
        protocol = protocol or (Protocol.ANY if port is None else Protocol.TCP)
        self._add("unreachable", (source, to), port, protocol, {"why": why})

    def authorize(
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
        why: str = "",
    ) -> None:
        """A request of `source` to a VPC Lattice service must be let through by all levels, and be routed as said.

        `source` is what calls: a function, an instance, tasks, a role, or `Anonymous`. A role calls from the VPC of
        what has it, unless `vpc` says otherwise. `routed_to` is a target group, or shares by target group.
        Raises `GuaranteeError` when there is such a guarantee already.
        """
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
        self._plugin.add(call.guarantee(f"authorize {call}", allowed(routed_to, fixed_response), why=why))

    def refuse(
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
        why: str = "",
    ) -> None:
        """A request of `source` to a VPC Lattice service must not be let through; `denied_by` names a level.

        Without a method or a path, no request with any method, or any path, may be: from any VPC of the templates,
        unless what calls or `vpc` says which. Everything else is as in
        `authorize`. Raises `GuaranteeError` when there is such a guarantee already.
        """
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
        self._plugin.add(call.guarantee(f"refuse {call}", refused(denied_by), why=why))

    def add_file(self, path: str | Path) -> None:
        """Add all guarantees of a file, and what it says of the deployment.

        Raises `GuaranteeError` and `TemplateError` as `read_guarantees` does, and `GuaranteeError` when another file
        says something else of the deployment.
        """
        self._plugin.add_file(read_guarantees(path))

    def add_prefix_list(self, prefix_list_id: str, content: Content) -> None:
        """Say what is in a prefix list that the templates have by its id only, such as one of `PrefixList.from_lookup`.

        `content` is the name of a list that AWS manages, such as `com.amazonaws.eu-west-1.vpc-lattice`, a block, or
        blocks. Raises `GuaranteeError` when something else is said of it already, or it is neither.
        """
        self._plugin.add_file(GuaranteesFile.made({"prefix_lists": {prefix_list_id: content}}, "add_prefix_list"))

    def _add(
        self,
        expect: str,
        ends: tuple[End, End],
        port: int | None,
        protocol: Protocol,
        more: dict[str, str | bool | None],
    ) -> None:
        names = {"from": name_of(ends[0]), "to": name_of(ends[1])}
        verb = "allow" if expect == "reachable" else "deny"
        which = f"{protocol} {port}" if port is not None else str(protocol)
        content = {"id": f"{verb} {names['from']} to {names['to']}, {which}", "expect": expect, "port": port}
        guarantee = Connection.model_validate({**content, **names, "protocol": str(protocol), **more})
        self._plugin.add(guarantee)
        self._statements.append(Statement(guarantee, *ends))


@jsii.implements(IPolicyValidationPlugin)
class GuaranteePlugin:
    """The guarantees of an application as a plugin of the CDK's validation. Registered by `Guarantees.of`."""

    def __init__(self, app: Stage) -> None:
        self._app = app
        self._guarantees: dict[str, Connection | Request] = {}
        self._files: list[GuaranteesFile] = []

    def add_file(self, file: GuaranteesFile) -> None:
        """Check all guarantees of one more file. Raises `GuaranteeError` as `Guarantees.add_file` does."""
        Deployment.of([*self._files, file])
        for guarantee in file.guarantees:
            self.add(guarantee)
        self._files.append(file)

    def add(self, guarantee: Connection | Request) -> None:
        """Check one more guarantee. Raises `GuaranteeError` when there is one of that id already."""
        if guarantee.id in self._guarantees:
            raise GuaranteeError(f"guarantee {guarantee.id!r} is there already; say it once")
        self._guarantees[guarantee.id] = guarantee

    @property
    def name(self) -> str:
        """The name of the plugin in reports."""
        return "constructs-lattice"

    @property
    def version(self) -> str:
        """The version of this library."""
        return __version__

    @property
    def rule_ids(self) -> list[str]:
        """The ids of the guarantees."""
        return list(self._guarantees)

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:  # noqa: ARG002
        """Check all guarantees against what was synthesized; Node asks at the end of the synthesis."""
        try:
            checker = Deployment.of(self._files).checker(self._app.outdir)
            results = checker.check(self._guarantees.values())
        except LatticeError as error:
            return _report([_unchecked(error)], checked=0)
        return _report([_violation(each, checker) for each in results if not each.holds], checked=len(results))


def _report(violations: Sequence[PolicyViolation], *, checked: int) -> PolicyValidationPluginReport:
    """What is broken, and how many guarantees were checked: none is no proof."""
    return PolicyValidationPluginReport(
        success=not violations,
        violations=list(violations),
        metadata={"guarantees": str(checked)},
        plugin_version=__version__,
    )


def _unchecked(error: LatticeError) -> PolicyViolation:
    """Guarantees that cannot be checked are violated: nothing may hold by mistake."""
    return PolicyViolation(
        rule_name="guarantees", description=str(error), severity="error", violating_resources=[_somewhere()]
    )


def _violation(result: Result, checker: Checker) -> PolicyViolation:
    """What is broken, told of the resource to blame: the one that blocks, or the one that is reached."""
    named = [*(each.resource for each in result.reasons), *(hop.resource for hop in reversed(result.forward))]
    found = (checker.resource(name) for name in named)
    blamed = next((each for each in found if each is not None), None)
    return PolicyViolation(
        rule_name=result.id,
        description="\n".join(result.lines()[1:]),
        severity="error",
        # The CDK tells a violation once for each of its resources, and a violation without any not at all.
        violating_resources=[
            _somewhere()
            if blamed is None
            else PolicyViolatingResource(
                resource_logical_id=blamed.id.logical_id, template_path=blamed.deployment.template, locations=[]
            )
        ],
    )


def _somewhere() -> PolicyViolatingResource:
    """What is to blame when no single resource is: the application."""
    return PolicyViolatingResource(construct_path="App", locations=[])
