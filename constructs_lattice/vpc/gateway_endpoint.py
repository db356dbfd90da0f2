"""Gateway endpoints, and what may pass them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from constructs_lattice._checks import check_list
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.endpoint_policy import EndpointPolicy, check_size
from constructs_lattice.vpc.gateway_service import GatewayService

__all__ = ["GatewayEndpoint", "GatewayPolicies"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEndpoint:
    """A gateway endpoint with a policy of its own, where the VPC's `endpoint_policy` will not do.

    AWS wants `*` as the principal in policies of gateway endpoints: to speak of one, compare `aws:PrincipalArn`.
    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#vpc-endpoint-policies-gateway
    """

    service: GatewayService
    policy: EndpointPolicy


class GatewayPolicies:
    """The policies of a VPC's gateway endpoints: those that were given, and that of the VPC for the others."""

    def __init__(
        self, where: object, endpoints: Sequence[GatewayService | GatewayEndpoint], default: EndpointPolicy
    ) -> None:
        self._where = where
        self._policies: dict[GatewayService, EndpointPolicy] = {}
        check_list(where, "gateway_endpoints", endpoints)
        for each in endpoints:
            service, policy = (each.service, each.policy) if isinstance(each, GatewayEndpoint) else (each, default)
            if service not in list(GatewayService):
                services = " and ".join(repr(str(known)) for known in GatewayService)
                raise ArgumentError(f"{where}: gateway_endpoints holds {service!r}, but only {services} have them")
            if service in self._policies:
                raise ArgumentError(f"{where}: gateway_endpoints names {str(service)!r} more than once")
            _check_for_everybody(f"{where}: gateway endpoint {str(service)!r}", policy)
            self._policies[service] = policy

    def plain(self, region: str | None) -> dict[GatewayService, dict[str, Any]]:
        """The documents as a template holds them, without statements of one's own."""
        return {service: policy.plain_document(service, region) for service, policy in self._policies.items()}

    def complete(self, made: Mapping[GatewayService, ec2.CfnVPCEndpoint], region: str | None) -> None:
        """Put statements of one's own into the endpoints that have been made."""
        for service, resource in made.items():
            policy = self._policies[service]
            if policy.statements:
                statements = policy.document_statements(service, region)
                check_size(resource, f"{self._where}: gateway endpoint {str(service)!r}", statements)
                resource.policy_document = iam.PolicyDocument(statements=statements)


def _check_for_everybody(where: str, policy: EndpointPolicy) -> None:
    """Raise unless each statement of one's own is for everybody, as AWS wants it in gateway endpoints."""
    for number, statement in enumerate(policy.statements, start=1):
        if statement.to_json()["Principal"] not in ("*", {"AWS": "*"}):
            raise ArgumentError(
                f"{where}: statement {number} of its policy must be for everybody, iam.StarPrincipal(), in a gateway "
                "endpoint; compare aws:PrincipalArn to speak of some principals"
            )
