"""A service of the benchmark mesh, by this library."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from benchmarks.mesh_shape import CALLERS, RULES, Route
from constructs_lattice import (
    Action,
    Auth,
    HeaderMatch,
    HealthCheck,
    IpTargetGroup,
    Match,
    Service,
    ServiceNetwork,
    Weighted,
)

__all__ = ["add_network", "add_service"]


def add_network(stack: cdk.Stack) -> ServiceNetwork:
    """The network, which admits everybody in the account."""
    return ServiceNetwork(stack, "Network", auth=Auth.same_account())


def add_service(
    stack: cdk.Stack, id: str, network: ServiceNetwork, vpc: ec2.IVpc, callers: dict[str, iam.Role]
) -> None:
    """A service, all its rules, and the callers that it admits."""
    stable, canary = (
        IpTargetGroup(stack, f"{id}{name}", vpc=vpc, port=8080, health_check=HealthCheck(path="/healthz"))
        for name in ("Stable", "Canary")
    )
    service = Service(stack, id, service_networks=[network], auth=Auth.iam())
    listener = service.add_listener("Https", default_action=Action.fixed_response(404))
    for name, route in RULES.items():
        action = Action.forward(stable)
        if route.canary:
            action = Action.forward(
                Weighted(group=stable, weight=100 - route.canary), Weighted(group=canary, weight=route.canary)
            )
        listener.add_rule(name, match=_match(route), action=action)
    for caller in CALLERS:
        service.grants.invoke(callers[caller])


def _match(route: Route) -> Match:
    headers = [] if route.release is None else [HeaderMatch.exact("x-release", route.release)]
    if route.path is None:
        return Match.header_is(*headers)
    make = Match.path_exact if route.exact else Match.path_prefix
    return make(route.path, method=route.method, headers=headers)
