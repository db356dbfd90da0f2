"""Listeners."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import jsii
from aws_cdk import Annotations, CfnTag
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place, check_range
from constructs_lattice._construct import LatticeResource
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.names import Named, check_name
from constructs_lattice.vpc_lattice.rule import Rule

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lattice.vpc_lattice.action import Action
    from constructs_lattice.vpc_lattice.match import Match

__all__ = ["Listener", "ListenerProtocol"]

_QUOTA_RULES = 10


class ListenerProtocol(StrEnum):
    """What a listener speaks."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"

    @property
    def default_port(self) -> int:
        """80 for HTTP, 443 for HTTPS."""
        return {ListenerProtocol.HTTP: 80, ListenerProtocol.HTTPS: 443}[self]


@jsii.implements(interfaces.IListenerRef)
class Listener(LatticeResource):
    """A listener of a service. Requests that no rule matches take its default action.

    Made by `Service.add_listener`.

    Args:
        scope: The construct that this listener is part of.
        id: The id within `scope`.
        service: The service.
        default_action: What happens to a request that no rule matches.
        protocol: HTTPS by default.
        port: The port, 1 to 65535. 443 for HTTPS and 80 for HTTP by default.
        listener_name: Its name: 3 to 63 lower-case letters, digits and single hyphens. Made by CloudFormation by
            default.

    Raises:
        ArgumentError: The port or the name is out of its limits, or the action forwards to a target group that the
            protocol cannot reach.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/listeners.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: interfaces.IServiceRef,
        default_action: Action,
        protocol: ListenerProtocol = ListenerProtocol.HTTPS,
        port: int | None = None,
        listener_name: str | None = None,
    ) -> None:
        where = Place(scope, id)
        port = protocol.default_port if port is None else port
        check_range(where, "port", port, 1, 65_535)
        check_name(where, "listener_name", listener_name, Named.LISTENER)
        service_arn = service.service_ref.service_arn
        default_action.check(where, service_arn, service.node.path, secure=protocol is ListenerProtocol.HTTPS)
        super().__init__(scope, id)
        self._service = service
        self._protocol = protocol
        self._port = port
        self._priorities: dict[int, str] = {}
        self._resource = vpclattice.CfnListener(
            self,
            "Resource",
            service_identifier=service_arn,
            name=listener_name,
            protocol=protocol,
            port=port,
            default_action=default_action.for_listener(),
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        default_action.bind(service_arn, service.node.path)

    @property
    def resource(self) -> vpclattice.CfnListener:
        """The listener itself, as CloudFormation knows it."""
        return self._resource

    @property
    def listener_arn(self) -> str:
        """The ARN."""
        return self._resource.attr_arn

    @property
    def listener_ref(self) -> interfaces.ListenerReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.ListenerReference(listener_arn=self.listener_arn)

    @property
    def service(self) -> interfaces.IServiceRef:
        """The service that it belongs to."""
        return self._service

    @property
    def protocol(self) -> ListenerProtocol:
        """What it speaks."""
        return self._protocol

    @property
    def port(self) -> int:
        """The port."""
        return self._port

    def add_rule(self, id: str, *, match: Match, action: Action, priority: int, rule_name: str | None = None) -> Rule:
        """Add a rule; the arguments are those of `Rule`.

        Raises `ArgumentError` when another rule has the priority. More than ten need a higher quota: a warning says so.
        """
        if priority in self._priorities and not is_token(priority):
            raise ArgumentError(
                f"{Place(self, id)}: priority {priority} is taken by rule {self._priorities[priority]!r}; "
                "choose another"
            )
        rule = Rule(self, id, listener=self, match=match, action=action, priority=priority, rule_name=rule_name)
        self._priorities[priority] = id
        if len(self._priorities) > _QUOTA_RULES:
            Annotations.of(self).add_warning_v2(
                "constructs-lattice:latticeRulesPerListener",
                f"{len(self._priorities)} rules; {_QUOTA_RULES} a listener is the quota, which AWS raises on request",
            )
        return rule
