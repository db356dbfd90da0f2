"""Services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Annotations, CfnTag
from aws_cdk import aws_vpclattice as vpclattice

from constructs_lattice._checks import Place, check_range, check_text
from constructs_lattice._construct import name_tag, path_of
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.access_logs import check_access_logs, subscribe
from constructs_lattice.vpc_lattice.alias_records import add_alias_records, check_zone
from constructs_lattice.vpc_lattice.anonymous_callers import AnonymousCallers
from constructs_lattice.vpc_lattice.auth import Auth
from constructs_lattice.vpc_lattice.auth_policy import AuthPolicy
from constructs_lattice.vpc_lattice.certificates import check_certificate
from constructs_lattice.vpc_lattice.domain_names import check_domain_name
from constructs_lattice.vpc_lattice.durations import whole_seconds
from constructs_lattice.vpc_lattice.identifiers import Identified
from constructs_lattice.vpc_lattice.listener import Listener
from constructs_lattice.vpc_lattice.names import Named, warn_of_name
from constructs_lattice.vpc_lattice.protocols import ListenerProtocol
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.service_association import ServiceAssociation
from constructs_lattice.vpc_lattice.service_reference import ImportedService, ServiceBase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import Duration
    from aws_cdk import aws_certificatemanager as acm
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_route53 as route53
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

    from constructs_lattice.vpc_lattice.access_logs import AccessLogs
    from constructs_lattice.vpc_lattice.action import Action

__all__ = ["Service"]

_IDLE_TIMEOUT_SECONDS = (60, 600)


class Service(ServiceBase):
    """A service: listeners that route requests to target groups, callable through service networks.

    Args:
        scope: The construct that this service is part of.
        id: The id within `scope`.
        service_networks: The networks through which it can be called. None by default: the service stands alone, and
            can be shared with others, who associate it with networks of theirs.
        service_name: Its name: 3 to 40 lower-case letters, digits and single hyphens. Made by CloudFormation by
            default, which is better: a name of one's own stands in the way when the service has to be replaced.
        auth: Who may call it. By default signed requests from the stack's own account.
        custom_domain_name: A domain name of one's own. Fixed once the service is made. None by default.
        certificate: The certificate of the custom domain name. Without it, HTTPS works for the name only that VPC
            Lattice gives. A TLS_PASSTHROUGH listener does not use it.
        hosted_zone: The hosted zone, public or private, in which the custom domain name gets records for IPv4 and IPv6.
            None by default: the name is found once there are such records elsewhere.
        idle_timeout: How long a connection may be silent, 60 to 600 seconds. 60 seconds by default.
        access_logs: Where its access logs go, one destination of each kind. Nowhere by default.
        version: The version of what it serves, up to 256 characters, for a tag and for the service directory. None by
            default.

    Raises:
        ArgumentError: A name, the timeout or the destinations are out of their limits, the name is taken, there is a
            certificate or a hosted zone without a custom domain name in it, the certificate is not one that VPC Lattice
            takes, two networks have the same id, or a network has a service with that domain name already.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/services.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service_networks: Sequence[interfaces.IServiceNetworkRef] = (),
        service_name: str | None = None,
        auth: Auth | None = None,
        custom_domain_name: str | None = None,
        certificate: acm.ICertificate | None = None,
        hosted_zone: route53.IHostedZone | None = None,
        idle_timeout: Duration | None = None,
        access_logs: Sequence[AccessLogs] = (),
        version: str | None = None,
    ) -> None:
        where = Place(scope, id)
        region = Region.of(scope)
        region.check(where)
        region.check_name(where, "service_name", service_name, Named.SERVICE)
        check_domain_name(where, "custom_domain_name", custom_domain_name)
        check_access_logs(where, access_logs)
        check_text(where, "version", version, 1, 256)
        check_certificate(where, scope, certificate, custom_domain_name)
        check_zone(where, custom_domain_name, hosted_zone)
        seconds = whole_seconds(where, "idle_timeout", idle_timeout)
        check_range(where, "idle_timeout", seconds, *_IDLE_TIMEOUT_SECONDS, unit="seconds")
        associated = _by_id(where, service_networks)
        auth = auth or Auth.same_account()
        super().__init__(scope, id)
        self._custom_domain_name = custom_domain_name
        self._certificate_arn = None if certificate is None else certificate.certificate_arn
        self._version = version
        self._listeners: dict[str, Listener] = {}
        self._resource = vpclattice.CfnService(
            self,
            "Resource",
            name=service_name,
            auth_type=auth.type,
            custom_domain_name=custom_domain_name,
            certificate_arn=self._certificate_arn,
            idle_timeout_seconds=seconds,
            tags=[name_tag(self), *([] if version is None else [CfnTag(key="Version", value=version)])],
        )
        self._arn = self._resource.attr_arn
        self._auth_policy = AuthPolicy(
            self, "AuthPolicy", kind=Identified.SERVICE, resource_identifier=self._arn, auth=auth
        )
        subscribe(self, self._arn, access_logs)
        if hosted_zone is not None and custom_domain_name is not None:
            add_alias_records(self, hosted_zone, custom_domain_name, self.domain_name, self.hosted_zone_id)
        region.count(self, Quota.SERVICES)
        region.claim_name(self, service_name, Named.SERVICE)
        if custom_domain_name is not None:
            warn_of_name(self, "service_name", service_name, "custom_domain_name")
        for network_id, network in associated.items():
            ServiceAssociation(self, f"In{network_id}", service_network=network, service=self)

    @staticmethod
    def from_service_arn(scope: Construct, id: str, service_arn: str) -> ServiceBase:
        """A service that exists already, of this account or shared by another.

        One that is shared is associated with the stack's own service networks. Raises `ArgumentError` for anything else
        than the ARN of a service.
        """
        return ImportedService(scope, id, service_arn=service_arn)

    @staticmethod
    def from_service_id(scope: Construct, id: str, service_id: str) -> ServiceBase:
        """A service of the stack's own account and region, such as `svc-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        Identified.SERVICE.check_id(Place(scope, id), "service_id", service_id)
        return ImportedService(scope, id, service_arn=Identified.SERVICE.arn_of(scope, service_id))

    @staticmethod
    def from_service_attributes(
        scope: Construct,
        id: str,
        *,
        service_arn: str,
        domain_name: str,
        hosted_zone_id: str,
        custom_domain_name: str | None = None,
    ) -> ServiceBase:
        """A service that exists already, together with where it is found in DNS.

        Raises `ArgumentError` when `service_arn` is something else than the ARN of one.
        """
        return ImportedService(
            scope,
            id,
            service_arn=service_arn,
            domain_name=domain_name,
            hosted_zone_id=hosted_zone_id,
            custom_domain_name=custom_domain_name,
        )

    @property
    def resource(self) -> vpclattice.CfnService:
        """The service itself, as CloudFormation knows it."""
        return self._resource

    @property
    def service_id(self) -> str:
        """The id, such as `svc-0123456789abcdef0`."""
        return self._resource.attr_id

    @property
    def domain_name(self) -> str:
        """The domain name that VPC Lattice gives it."""
        return self._resource.attr_dns_entry_domain_name

    @property
    def hosted_zone_id(self) -> str:
        """The hosted zone of that domain name: what an alias record points to."""
        return self._resource.attr_dns_entry_hosted_zone_id

    @property
    def custom_domain_name(self) -> str | None:
        """The domain name of one's own, if there is one."""
        return self._custom_domain_name

    @property
    def certificate_arn(self) -> str | None:
        """The ARN of the certificate of the custom domain name, if there is one."""
        return self._certificate_arn

    @property
    def version(self) -> str | None:
        """The version of what it serves, if it was given."""
        return self._version

    @property
    def auth_policy(self) -> AuthPolicy:
        """The auth policy."""
        return self._auth_policy

    @property
    def listeners(self) -> Mapping[str, Listener]:
        """The listeners, by the ids with which they were added."""
        return dict(self._listeners)

    def add_to_auth_policy(self, statement: iam.PolicyStatement) -> None:
        """Add a statement to the auth policy. Raises `ArgumentError` with `Auth.none()`: it would have no effect."""
        self._auth_policy.add(statement)

    def add_listener(
        self,
        id: str,
        *,
        default_action: Action,
        protocol: ListenerProtocol = ListenerProtocol.HTTPS,
        port: int | None = None,
        listener_name: str | None = None,
    ) -> Listener:
        """Add a listener; the arguments are those of `Listener`.

        Warnings say that more than two need a higher quota, and that HTTPS for a name of one's own needs a certificate.
        """
        listener = Listener(
            self,
            id,
            service=self,
            default_action=default_action,
            protocol=protocol,
            port=port,
            listener_name=listener_name,
        )
        self._listeners[id] = listener
        if (
            protocol is ListenerProtocol.HTTPS
            and self._custom_domain_name is not None
            and self._certificate_arn is None
        ):
            Annotations.of(listener).add_warning_v2(
                "constructs-lattice:latticeNoCertificate",
                "HTTPS requests for the custom_domain_name fail without a certificate; give the service one",
            )
        if protocol is ListenerProtocol.TLS_PASSTHROUGH:
            listener.node.add_validation(AnonymousCallers(self._auth_policy, self.grants))
        return listener


def _by_id(
    where: object, networks: Sequence[interfaces.IServiceNetworkRef]
) -> dict[str, interfaces.IServiceNetworkRef]:
    """The networks by the ids that their associations are named after, which must differ."""
    by_id: dict[str, interfaces.IServiceNetworkRef] = {}
    for network in networks:
        id_ = path_of(network).rpartition("/")[2]
        if id_ in by_id:
            raise ArgumentError(
                f"{where}: service_networks has two with the id {id_!r}; associate the second one by a "
                "ServiceAssociation of its own"
            )
        by_id[id_] = network
    return by_id
