"""Subscriptions to access logs."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource, path_of, root_of
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.log_delivery import admit_delivery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lattice.vpc_lattice.access_logs import AccessLogs

__all__ = ["AccessLogSubscription", "AccessLogSubscriptionBase", "LogType", "subscribe"]

# For each app, the subscriptions of each service, or of each kind of what is in a network, by kind of destination.
_SUBSCRIBED: WeakKeyDictionary[Any, dict[tuple[str, str, str], str]] = WeakKeyDictionary()


class LogType(StrEnum):
    """What in a service network is logged."""

    SERVICE = "SERVICE"
    RESOURCE = "RESOURCE"


@jsii.implements(interfaces.IAccessLogSubscriptionRef)
class AccessLogSubscriptionBase(LatticeResource):
    """A subscription, defined or imported."""

    @property
    def access_log_subscription_arn(self) -> str:
        """The ARN."""
        raise NotImplementedError

    @property
    def access_log_subscription_id(self) -> str:
        """The id, such as `als-0123456789abcdef0`."""
        return id_of(self.access_log_subscription_arn)

    @property
    def access_log_subscription_ref(self) -> interfaces.AccessLogSubscriptionReference:
        """The reference by which constructs of the CDK know it."""
        arn = self.access_log_subscription_arn
        return interfaces.AccessLogSubscriptionReference(access_log_subscription_arn=arn)


class AccessLogSubscription(AccessLogSubscriptionBase):
    """Sends the access logs of a service network, a service or a resource configuration to a destination.

    Services and service networks make it by their `access_logs`; by itself, it is for those that exist already.

    Args:
        scope: The construct that this subscription is part of.
        id: The id within `scope`.
        resource_identifier: The ARN or the id of what is logged.
        destination: Where the logs go.
        log_type: What in a service network is logged: requests to services by default.

    Raises:
        ArgumentError: There is a destination of that kind already, or the bucket is encrypted by a key of AWS.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-access-logs.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        resource_identifier: str,
        destination: AccessLogs,
        log_type: LogType | None = None,
    ) -> None:
        where = Place(scope, id)
        subscribed = _SUBSCRIBED.setdefault(root_of(scope), {})
        key = (resource_identifier, log_type or LogType.SERVICE, destination.kind)
        if key in subscribed:
            raise ArgumentError(
                f"{where}: access logs go to a destination in {destination.kind} already, by {subscribed[key]}; "
                "there can be one of each kind"
            )
        super().__init__(scope, id)
        policy = None
        if destination.bucket is not None:
            policy = admit_delivery(where, self, destination.bucket, destination.prefix)
        self._resource = vpclattice.CfnAccessLogSubscription(
            self,
            "Resource",
            destination_arn=destination.destination_arn,
            resource_identifier=resource_identifier,
            service_network_log_type=log_type,
        )
        if policy is not None:
            self._resource.node.add_dependency(policy)
        subscribed[key] = path_of(self)

    @staticmethod
    def from_access_log_subscription_arn(
        scope: Construct, id: str, access_log_subscription_arn: str
    ) -> AccessLogSubscriptionBase:
        """A subscription that exists already. Raises `ArgumentError` for anything else than the ARN of one."""
        return _ImportedAccessLogSubscription(scope, id, arn=access_log_subscription_arn)

    @staticmethod
    def from_access_log_subscription_id(
        scope: Construct, id: str, access_log_subscription_id: str
    ) -> AccessLogSubscriptionBase:
        """A subscription of the stack's own account and region, such as `als-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        identified = Identified.ACCESS_LOG_SUBSCRIPTION
        identified.check_id(Place(scope, id), "access_log_subscription_id", access_log_subscription_id)
        return _ImportedAccessLogSubscription(scope, id, arn=identified.arn_of(scope, access_log_subscription_id))

    @property
    def access_log_subscription_arn(self) -> str:
        """The ARN."""
        return self._resource.attr_arn

    @property
    def resource(self) -> vpclattice.CfnAccessLogSubscription:
        """The subscription itself, as CloudFormation knows it."""
        return self._resource


def subscribe(
    scope: Construct,
    resource_arn: str,
    access_logs: Sequence[AccessLogs],
    *,
    name: str = "AccessLogs",
    log_type: LogType | None = None,
) -> None:
    """Send the access logs of what has that ARN to each destination, by a subscription named after its kind."""
    for each in access_logs:
        AccessLogSubscription(
            scope, f"{name}{each.kind}", resource_identifier=resource_arn, destination=each, log_type=log_type
        )


class _ImportedAccessLogSubscription(Imported, AccessLogSubscriptionBase):
    def __init__(self, scope: Construct, id: str, *, arn: str) -> None:
        Identified.ACCESS_LOG_SUBSCRIPTION.check_arn(Place(scope, id), "access_log_subscription_arn", arn)
        super().__init__(scope, id)
        self._arn = arn

    @property
    def access_log_subscription_arn(self) -> str:
        return self._arn
