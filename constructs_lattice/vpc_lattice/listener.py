"""Listeners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import Fn
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place, check_range
from constructs_lattice._construct import LatticeResource, name_tag
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.allowing_rules import AllowingRules
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.names import Named, check_name, warn_of_name
from constructs_lattice.vpc_lattice.priorities import Priorities
from constructs_lattice.vpc_lattice.protocols import ListenerProtocol
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.rule import Rule
from constructs_lattice.vpc_lattice.service_ledger import ServiceLedger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lattice.vpc_lattice.action import Action
    from constructs_lattice.vpc_lattice.caller import Grantee
    from constructs_lattice.vpc_lattice.match import Match

__all__ = ["Listener", "ListenerBase"]


@jsii.implements(interfaces.IListenerRef)
class ListenerBase(LatticeResource):
    """A listener, defined or imported."""

    _arn: str
    _ledger: ServiceLedger
    _protocol: ListenerProtocol | None

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self._priorities = Priorities()
        self._allowing = AllowingRules()

    @property
    def listener_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def listener_id(self) -> str:
        """The id, such as `listener-0123456789abcdef0`."""
        return id_of(self._arn, 3)

    @property
    def listener_ref(self) -> interfaces.ListenerReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.ListenerReference(listener_arn=self._arn)

    @property
    def protocol(self) -> ListenerProtocol | None:
        """What it speaks. None for an imported one that does not tell."""
        return self._protocol

    @property
    def ledger(self) -> ServiceLedger:
        """What is known of its service."""
        return self._ledger

    @property
    def priorities(self) -> Priorities:
        """The rules of this listener and their priorities, as far as they are known."""
        return self._priorities

    @property
    def allowing(self) -> AllowingRules:
        """The rules of this listener that say who may send what they are for."""
        return self._allowing

    def add_rule(
        self,
        id: str,
        *,
        match: Match,
        action: Action,
        priority: int | None = None,
        rule_name: str | None = None,
        allow: Sequence[Grantee] = (),
    ) -> Rule:
        """Add a rule; the arguments are those of `Rule`.

        More than ten need a higher quota: a warning says so.
        """
        return Rule(
            self,
            id,
            listener=self,
            match=match,
            action=action,
            priority=priority,
            rule_name=rule_name,
            allow=allow,
        )


class Listener(ListenerBase):
    """A listener of a service. Requests that no rule matches take its default action.

    Made by `Service.add_listener`.

    With the protocol TLS_PASSTHROUGH, it hands encrypted connections on to targets that decrypt them. It tells services
    apart by the name that the client asks for: the service needs a custom domain name. It reads no requests: there are
    no rules, and callers are anonymous. Connections last ten minutes at most.

    Args:
        scope: The construct that this listener is part of.
        id: The id within `scope`.
        service: The service.
        default_action: What happens to a request that no rule matches. With TLS_PASSTHROUGH, it forwards to target
            groups of TCP.
        protocol: HTTPS by default.
        port: The port, 1 to 65535. 80 for HTTP and 443 for the others by default.
        listener_name: Its name: 3 to 63 lower-case letters, digits and single hyphens. Made by CloudFormation by
            default.

    Raises:
        ArgumentError: The port or the name is out of its limits, another listener of the service has the port, the
            action forwards to a target group that the protocol cannot reach or that belongs to another service, or TLS
            is to be passed through for a service without a custom domain name.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/listeners.html
    https://docs.aws.amazon.com/vpc-lattice/latest/ug/tls-listeners.html
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
        Region.of(scope).check(where)
        check_range(where, "port", port, 1, 65_535)
        check_name(where, "listener_name", listener_name, Named.LISTENER)
        ledger = ServiceLedger.of(service)
        ledger.check_listener_name(where, listener_name)
        _check_domain(where, protocol, service)
        ledger.check_port(where, port)
        default_action.check(where, protocol)
        ledger.check_groups(where, default_action.groups)
        super().__init__(scope, id)
        self._service = service
        self._ledger = ledger
        self._protocol = protocol
        self._port = port
        self._default_action = default_action
        self._resource = vpclattice.CfnListener(
            self,
            "Resource",
            service_identifier=ledger.arn,
            name=listener_name,
            protocol=protocol,
            port=port,
            default_action=default_action.rendered(),
            tags=[name_tag(self)],
        )
        self._arn = self._resource.attr_arn
        ledger.add_listener(self, id, port, listener_name)
        warn_of_name(self, "listener_name", listener_name, "port or protocol")
        ledger.add_groups(self, default_action.groups)

    @staticmethod
    def from_listener_arn(scope: Construct, id: str, listener_arn: str) -> ListenerBase:
        """A listener that exists already, to which rules can be added. Of its rules and its protocol nothing is known.

        Raises `ArgumentError` for anything else than the ARN of one.
        """
        return _ImportedListener(scope, id, listener_arn=listener_arn, protocol=None)

    @staticmethod
    def from_listener_id(
        scope: Construct, id: str, *, service: interfaces.IServiceRef, listener_id: str
    ) -> ListenerBase:
        """A listener of a service, such as `listener-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        Identified.LISTENER.check_id(Place(scope, id), "listener_id", listener_id)
        arn = f"{service.service_ref.service_arn}/listener/{listener_id}"
        return _ImportedListener(scope, id, listener_arn=arn, protocol=None)

    @staticmethod
    def from_listener_attributes(
        scope: Construct, id: str, *, listener_arn: str, protocol: ListenerProtocol
    ) -> ListenerBase:
        """A listener that exists already, together with what it speaks: its rules are checked accordingly.

        Raises `ArgumentError` when `listener_arn` is something else than the ARN of one.
        """
        return _ImportedListener(scope, id, listener_arn=listener_arn, protocol=protocol)

    @property
    def resource(self) -> vpclattice.CfnListener:
        """The listener itself, as CloudFormation knows it."""
        return self._resource

    @property
    def service(self) -> interfaces.IServiceRef:
        """The service that it belongs to."""
        return self._service

    @property
    def port(self) -> int:
        """The port."""
        return self._port

    @property
    def default_action(self) -> Action:
        """What happens to a request that no rule matches."""
        return self._default_action


def _check_domain(where: object, protocol: ListenerProtocol, service: interfaces.IServiceRef) -> None:
    # An imported service does not tell whether it has a domain name: it is not asked.
    if protocol is ListenerProtocol.TLS_PASSTHROUGH and getattr(service, "custom_domain_name", "unknown") is None:
        raise ArgumentError(
            f"{where}: a TLS listener finds its service by the name that clients ask for, but service "
            f"{service.node.path} has no custom_domain_name; give it one"
        )


_LISTENER = "/listener/"


class _ImportedListener(Imported, ListenerBase):
    def __init__(self, scope: Construct, id: str, *, listener_arn: str, protocol: ListenerProtocol | None) -> None:
        Identified.LISTENER.check_arn(Place(scope, id), "listener_arn", listener_arn)
        super().__init__(scope, id)
        self._arn = listener_arn
        self._protocol = protocol
        # Part of the ARN of a listener is the ARN of its service.
        service_arn = (
            Fn.select(0, Fn.split(_LISTENER, listener_arn))
            if is_token(listener_arn)
            else listener_arn.partition(_LISTENER)[0]
        )
        self._ledger = ServiceLedger.of_arn(self, service_arn)
