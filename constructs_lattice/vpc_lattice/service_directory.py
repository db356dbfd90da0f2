"""What a service network offers: its services, their names, and how they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import CfnOutput
from aws_cdk import aws_vpclattice as vpclattice

from constructs_lattice._checks import check_pattern
from constructs_lattice._construct import LatticeConstruct, path_of, stack_of
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.listener import Listener
from constructs_lattice.vpc_lattice.network_ledger import NetworkLedger
from constructs_lattice.vpc_lattice.service import Service
from constructs_lattice.vpc_lattice.service_ledger import ServiceLedger
from constructs_lattice.vpc_lattice.service_reference import ServiceBase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aws_cdk import aws_ssm as ssm
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

    from constructs_lattice.vpc_lattice.protocols import ListenerProtocol

__all__ = ["DirectoryEntry", "DirectoryListener", "ServiceDirectory"]

_PREFIX = re.compile(r"(/(?!aws|ssm)[a-zA-Z0-9_.-]+)(/[a-zA-Z0-9_.-]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryListener:
    """A listener of a service."""

    protocol: ListenerProtocol
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """A service, as far as it is known: who imports one by its ARN knows hardly more.

    - `path`: where it is in the app; its name in the directory.
    - `service_arn`, `domain_name`, `custom_domain_name`: by what it is known to IAM and in DNS.
    - `auth_type`: `NONE` or `AWS_IAM`; with the latter, requests have to be signed.
    - `listeners`: what it listens for; those that are made in this app.
    - `version`: the version that it was given.
    """

    path: str
    service_arn: str
    domain_name: str | None
    custom_domain_name: str | None
    auth_type: str | None
    listeners: tuple[DirectoryListener, ...]
    version: str | None

    def as_json(self) -> dict[str, Any]:
        """The entry as it is exported: what is not known is left out."""
        properties = {
            "arn": self.service_arn,
            "domainName": self.domain_name,
            "customDomainName": self.custom_domain_name,
            "authType": self.auth_type,
            "listeners": [{"protocol": each.protocol.value, "port": each.port} for each in self.listeners] or None,
            "version": self.version,
        }
        return {name: value for name, value in properties.items() if value is not None}


class ServiceDirectory(LatticeConstruct):
    """The services of a network: as data, and on request as outputs of the stack and as parameters of Systems Manager.

    Services that join later are in it, too. Where they are in several stacks, outputs and parameters have to be in one
    that comes after theirs: they refer to them.

    Args:
        scope: The construct that this directory is part of.
        id: The id within `scope`.
        service_network: The service network, made here or imported.
        services: The services that are in it. By default all that this app associates with the network; those that
            others associate have to be imported and named.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service_network: interfaces.IServiceNetworkRef,
        services: Sequence[interfaces.IServiceRef] | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._services: dict[str, interfaces.IServiceRef] = {}
        self._publishers: list[Callable[[DirectoryEntry], None]] = []
        self._names: dict[tuple[str, str], str] = {}
        if services is None:
            NetworkLedger.of(self, service_network.service_network_ref.service_network_arn).watch(self.add_service)
        else:
            for service in services:
                self.add_service(service)

    @property
    def entries(self) -> Mapping[str, DirectoryEntry]:
        """The services as they are now, by their paths in the app."""
        return {path: _entry(service) for path, service in self._services.items()}

    def add_service(self, service: interfaces.IServiceRef) -> None:
        """Add a service, once."""
        path = path_of(service)
        if path not in self._services:
            self._publish(service)
            self._services[path] = service
            ServiceLedger.of(service).watch_listeners(lambda _: self._publish(service))

    def add_outputs(self) -> None:
        """Add an output for each service, with its entry as JSON: `ShopOrders` for `Shop/Orders`.

        Raises `ArgumentError` when two services come to one name, such as `Shop/A-B` and `Shop/AB`.
        """
        outputs: dict[str, CfnOutput] = {}

        def publish(entry: DirectoryEntry) -> None:
            if entry.path not in outputs:
                name = self._name("output", entry.path, re.sub(r"[^A-Za-z0-9]", "", entry.path))
                outputs[entry.path] = CfnOutput(self, f"Output-{entry.path}", value="-")
                outputs[entry.path].override_logical_id(name)
            outputs[entry.path].value = self._text(entry)

        self._add_publisher(publish)

    def add_parameters(self, prefix: str) -> None:
        """Add a parameter for each service, with its entry as JSON: `/mesh/Shop/Orders` for `Shop/Orders`, say.

        Raises `ArgumentError` for a prefix that Systems Manager does not take, and when two services come to one name.
        """
        from aws_cdk import aws_ssm as ssm  # noqa: PLC0415 - loaded by who wants parameters only

        rule = "begin with a slash and hold names of letters, digits and .-_, not beginning with aws or ssm"
        check_pattern(path_of(self), "prefix", prefix, _PREFIX, rule)
        parameters: dict[str, ssm.CfnParameter] = {}

        def publish(entry: DirectoryEntry) -> None:
            value = self._text(entry)
            if entry.path in parameters:
                parameters[entry.path].value = value
                return
            parameters[entry.path] = ssm.CfnParameter(
                self,
                f"Parameter-{entry.path}",
                type="String",
                name=self._name("parameter", entry.path, f"{prefix}/{re.sub(r'[^A-Za-z0-9_./-]', '-', entry.path)}"),
                value=value,
                description="A service of VPC Lattice, and how it is called",
            )

        self._add_publisher(publish)

    def _add_publisher(self, publisher: Callable[[DirectoryEntry], None]) -> None:
        for service in self._services.values():
            publisher(_entry(service))
        self._publishers.append(publisher)

    def _publish(self, service: interfaces.IServiceRef) -> None:
        if self._publishers:
            entry = _entry(service)
            for publisher in self._publishers:
                publisher(entry)

    def _name(self, kind: str, path: str, name: str) -> str:
        """The name of what is exported of a service. Raises `ArgumentError` when it is that of another service, too."""
        if (other := self._names.setdefault((kind, name), path)) != path:
            raise ArgumentError(
                f"{path_of(self)}: services {other} and {path} would both have the {kind} {name!r}; give one of them "
                "another id"
            )
        return name

    def _text(self, entry: DirectoryEntry) -> str:
        return stack_of(self).to_json_string(entry.as_json())


def _entry(service: interfaces.IServiceRef) -> DirectoryEntry:
    domain_name, auth_type = _told(service)
    listeners = ServiceLedger.of(service).listeners
    return DirectoryEntry(
        path=path_of(service),
        service_arn=service.service_ref.service_arn,
        domain_name=domain_name,
        custom_domain_name=getattr(service, "custom_domain_name", None),
        auth_type=auth_type,
        listeners=tuple(
            DirectoryListener(protocol=each.protocol, port=each.port)
            for each in listeners
            if isinstance(each, Listener) and each.protocol is not None
        ),
        version=getattr(service, "version", None),
    )


def _told(service: interfaces.IServiceRef) -> tuple[str | None, str | None]:
    """The domain name and the auth type of a service, where they are known."""
    if isinstance(service, vpclattice.CfnService):
        return service.attr_dns_entry_domain_name, service.auth_type
    if isinstance(service, Service):
        return service.domain_name, service.resource.auth_type
    return (service.known_domain_name if isinstance(service, ServiceBase) else None), None
