"""Target groups of one Application Load Balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import Annotations
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import IValidation

from constructs_lattice._checks import Place, check_range
from constructs_lattice._construct import path_of, root_of
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.connectable_targets import ConnectableTargets
from constructs_lattice.vpc_lattice.load_balancer_certificate import SameCertificate
from constructs_lattice.vpc_lattice.names import Named, check_name
from constructs_lattice.vpc_lattice.protocols import ProtocolVersion, TargetProtocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists
    from constructs_lattice.vpc_lattice.service_ledger import ServiceLedger

__all__ = ["AlbTargetGroup"]

_MOST_GROUPS = 2

# For each app, the target groups of each load balancer, by its ARN.
_USERS: WeakKeyDictionary[Any, dict[str, list[str]]] = WeakKeyDictionary()


class AlbTargetGroup(ConnectableTargets):
    """A target group of one internal Application Load Balancer.

    The load balancer must have a listener with the port and the protocol of the target group; where it is defined in
    the same app, synthesis says so otherwise. It checks its own targets: the target group has no health check. It can
    have two target groups, each for another service. An HTTPS listener of it needs the service's own certificate.

    For its targets to see who calls in the header `X-Forwarded-For`, it has to have the XFF header processing mode
    `preserve`.

    Args:
        scope: The construct that this target group is part of.
        id: The id within `scope`.
        load_balancer: The load balancer, aws-cdk's own or the `resource` of ours.
        port: The port of its listener. 80 for HTTP and 443 for the others by default.
        protocol: The protocol of its listener. HTTP by default. TCP is for a TLS_PASSTHROUGH listener of
            the service: the load balancer's own decrypts then.
        vpc: Its VPC. The load balancer tells by default; one that was imported may not.
        prefix_lists: The prefix lists of VPC Lattice, from which the load balancer's security groups then take requests
            on the port. None by default: the security groups are the caller's own business.
        target_group_name: Its name: 3 to 128 lower-case letters, digits and single hyphens. Made by CloudFormation by
            default, which is better: almost every change replaces a target group.

    Raises:
        ArgumentError: Something is out of its limits, the load balancer faces the internet, has two target groups
            already or is in another VPC, or its VPC is not known.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/alb-target.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        load_balancer: elbv2.IApplicationLoadBalancer,
        port: int | None = None,
        protocol: TargetProtocol = TargetProtocol.HTTP,
        vpc: ec2.IVpc | None = None,
        prefix_lists: LatticePrefixLists | None = None,
        target_group_name: str | None = None,
    ) -> None:
        where = Place(scope, id)
        check_range(where, "port", port, 1, 65_535)
        check_name(where, "target_group_name", target_group_name, Named.TARGET_GROUP)
        vpc = _vpc(where, load_balancer, vpc)
        users = _USERS.setdefault(root_of(scope), {}).setdefault(load_balancer.load_balancer_arn, [])
        _check_load_balancer(where, load_balancer, users)
        super().__init__(scope, id)
        port = protocol.default_port if port is None else port
        version = None if protocol is TargetProtocol.TCP else ProtocolVersion.HTTP1
        self._protocol = protocol
        self._protocol_version = version
        self._ports = (port,)
        self._define(
            "ALB",
            target_group_name,
            {"port": port, "protocol": protocol, "protocolVersion": version, "vpcIdentifier": vpc.vpc_id},
            [(load_balancer.load_balancer_arn, port)],
        )
        self._connect([load_balancer], prefix_lists)
        users.append(path_of(self))
        # A target is registered when the group is made; requests fail until the load balancer listens.
        self.node.add_dependency(load_balancer)
        self._load_balancer = load_balancer
        if isinstance(load_balancer, elbv2.ApplicationLoadBalancer) and not is_token(port):
            self.node.add_validation(_Listens(load_balancer, port, protocol))

    @property
    def load_balancer(self) -> elbv2.IApplicationLoadBalancer:
        """The load balancer."""
        return self._load_balancer

    def check_service(
        self, where: object, service: ServiceLedger, others: Sequence[interfaces.ITargetGroupRef]
    ) -> None:
        """Raise `ArgumentError` when the service cannot have this group: it has another one of the load balancer."""
        super().check_service(where, service, others)
        arn = self._load_balancer.load_balancer_arn
        for other in others:
            if other is not self and isinstance(other, AlbTargetGroup) and other.load_balancer.load_balancer_arn == arn:
                raise ArgumentError(
                    f"{where}: load balancer {path_of(self._load_balancer)} has a target group for service "
                    f"{service.path} already, {path_of(other)}; its other one is for another service"
                )

    def join(self, service: ServiceLedger) -> None:
        """Belong to a service from now on: where the load balancer decrypts, both need the same certificate."""
        arn, known = getattr(service.service, "certificate_arn", None), hasattr(service.service, "certificate_arn")
        if self._protocol is not TargetProtocol.HTTPS or not known:
            return
        if arn is None:
            Annotations.of(self).add_warning_v2(
                "constructs-lattice:latticeLoadBalancerCertificate",
                "an HTTPS listener of a load balancer needs the service's own certificate, but the service has none; "
                "give it a custom_domain_name and the certificate",
            )
        elif isinstance(self._load_balancer, elbv2.ApplicationLoadBalancer):
            self.node.add_validation(SameCertificate(self._load_balancer, self.ports[0], arn, service.path))


def _vpc(where: object, load_balancer: elbv2.IApplicationLoadBalancer, given: ec2.IVpc | None) -> ec2.IVpc:
    own = load_balancer.vpc
    if given is None and own is None:
        raise ArgumentError(f"{where}: the load balancer was imported without its vpc; give it as vpc")
    if given is not None and own is not None:
        ids = (given.vpc_id, own.vpc_id)
        if ids[0] != ids[1] and not is_token(ids):
            raise ArgumentError(
                f"{where}: vpc must be the load balancer's, which is {ids[1]}, got {ids[0]}; leave it out"
            )
    vpc = given or own
    assert vpc is not None  # noqa: S101 - one of them is there
    return vpc


def _check_load_balancer(where: object, load_balancer: elbv2.IApplicationLoadBalancer, users: list[str]) -> None:
    # An imported load balancer does not tell its scheme.
    if getattr(load_balancer.node.default_child, "scheme", None) == "internet-facing":
        raise ArgumentError(
            f"{where}: load balancer {load_balancer.node.path} faces the internet, and VPC Lattice takes internal ones "
            "only; make it internal"
        )
    if len(users) >= _MOST_GROUPS:
        raise ArgumentError(
            f"{where}: load balancer {load_balancer.node.path} has {_MOST_GROUPS} target groups at most, and has "
            f"{' and '.join(users)} already; make another load balancer"
        )


@jsii.implements(IValidation)
class _Listens:
    """Finds a load balancer that does not listen where its target group sends requests. Node asks at synthesis."""

    def __init__(self, load_balancer: elbv2.ApplicationLoadBalancer, port: int, protocol: TargetProtocol) -> None:
        self._load_balancer = load_balancer
        self._port = port
        self._protocol = protocol

    def validate(self) -> list[str]:
        """What is wrong, once there are listeners."""
        listeners: list[Any] = [each.node.default_child for each in self._load_balancer.listeners]
        if not listeners or any(self._is_met_by(each) for each in listeners):
            return []
        known = ", ".join(f"{each.protocol} on {each.port}" for each in listeners)
        return [
            f"load balancer {self._load_balancer.node.path} must listen for {self._protocol} on {self._port}, as this "
            f"target group does, but listens for {known}"
        ]

    def _is_met_by(self, listener: Any) -> bool:
        # A load balancer has no listeners of TCP: with it, what is encrypted passes through to one of HTTPS.
        return listener.port == self._port and self._protocol in (TargetProtocol.TCP, listener.protocol)
