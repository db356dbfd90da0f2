"""A service of the benchmark mesh, by hand: an L1 construct for every resource of VPC Lattice."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_vpclattice as vpclattice

from benchmarks.mesh_shape import CALLERS, INVOKE, RULES, Route

__all__ = ["add_network", "add_service"]


def add_network(stack: cdk.Stack) -> vpclattice.CfnServiceNetwork:
    """The network, which admits everybody in the account."""
    network = vpclattice.CfnServiceNetwork(stack, "Network", auth_type="AWS_IAM", tags=_tags("Network"))
    statement = iam.PolicyStatement(
        actions=[INVOKE],
        resources=["*"],
        principals=[iam.StarPrincipal()],
        conditions={"StringEquals": {"aws:PrincipalAccount": cdk.Aws.ACCOUNT_ID}},
    )
    vpclattice.CfnAuthPolicy(
        stack,
        "NetworkAuthPolicy",
        policy=iam.PolicyDocument(statements=[statement]),
        resource_identifier=network.attr_arn,
    )
    return network


def add_service(
    stack: cdk.Stack, id: str, network: vpclattice.CfnServiceNetwork, vpc: ec2.IVpc, callers: dict[str, iam.Role]
) -> None:
    """A service, all its rules, and the callers that it admits."""
    stable, canary = (_target_group(stack, f"{id}{name}", vpc) for name in ("Stable", "Canary"))
    service = vpclattice.CfnService(stack, id, auth_type="AWS_IAM", tags=_tags(id))
    service_arn = service.attr_arn
    vpclattice.CfnAuthPolicy(
        stack,
        f"{id}AuthPolicy",
        policy=iam.PolicyDocument(statements=_statements(callers)),
        resource_identifier=service_arn,
    )
    vpclattice.CfnServiceNetworkServiceAssociation(
        stack,
        f"{id}InNetwork",
        service_network_identifier=network.attr_arn,
        service_identifier=service_arn,
        tags=_tags(f"{id}/InNetwork"),
    )
    listener = vpclattice.CfnListener(
        stack,
        f"{id}Https",
        service_identifier=service_arn,
        protocol="HTTPS",
        port=443,
        default_action=vpclattice.CfnListener.DefaultActionProperty(
            fixed_response=vpclattice.CfnListener.FixedResponseProperty(status_code=404)
        ),
        tags=_tags(f"{id}/Https"),
    )
    listener_arn, stable_arn, canary_arn = listener.attr_arn, stable.attr_arn, canary.attr_arn
    for name, route in RULES.items():
        weights = {stable_arn: 100 - route.canary, canary_arn: route.canary} if route.canary else {stable_arn: 100}
        vpclattice.CfnRule(
            stack,
            f"{id}{name}",
            listener_identifier=listener_arn,
            service_identifier=service_arn,
            priority=route.priority,
            match=_match(route),
            action=_forward(weights),
            tags=_tags(f"{id}/Https/{name}"),
        )
    for caller in CALLERS:
        callers[caller].add_to_policy(iam.PolicyStatement(actions=[INVOKE], resources=[f"{service_arn}/*"]))


def _tags(path: str) -> list[cdk.CfnTag]:
    return [cdk.CfnTag(key="Name", value=path)]


def _target_group(stack: cdk.Stack, id: str, vpc: ec2.IVpc) -> vpclattice.CfnTargetGroup:
    return vpclattice.CfnTargetGroup(
        stack,
        id,
        type="IP",
        config=vpclattice.CfnTargetGroup.TargetGroupConfigProperty(
            port=8080,
            protocol="HTTP",
            protocol_version="HTTP1",
            ip_address_type="IPV4",
            vpc_identifier=vpc.vpc_id,
            health_check=vpclattice.CfnTargetGroup.HealthCheckConfigProperty(enabled=True, path="/healthz"),
        ),
        tags=_tags(id),
    )


def _statements(callers: dict[str, iam.Role]) -> list[iam.PolicyStatement]:
    principals = [iam.ArnPrincipal(callers[name].role_arn) for name in CALLERS]
    return [iam.PolicyStatement(actions=[INVOKE], resources=["*"], principals=principals)]


def _match(route: Route) -> vpclattice.CfnRule.MatchProperty:
    path = None
    if route.path is not None:
        path = vpclattice.CfnRule.PathMatchProperty(
            case_sensitive=True,
            match=vpclattice.CfnRule.PathMatchTypeProperty(
                exact=route.path if route.exact else None, prefix=None if route.exact else route.path
            ),
        )
    headers = None
    if route.release is not None:
        headers = [
            vpclattice.CfnRule.HeaderMatchProperty(
                name="x-release",
                case_sensitive=False,
                match=vpclattice.CfnRule.HeaderMatchTypeProperty(exact=route.release),
            )
        ]
    return vpclattice.CfnRule.MatchProperty(
        http_match=vpclattice.CfnRule.HttpMatchProperty(method=route.method, path_match=path, header_matches=headers)
    )


def _forward(weights: dict[str, int]) -> vpclattice.CfnRule.ActionProperty:
    return vpclattice.CfnRule.ActionProperty(
        forward=vpclattice.CfnRule.ForwardProperty(
            target_groups=[
                vpclattice.CfnRule.WeightedTargetGroupProperty(target_group_identifier=arn, weight=weight)
                for arn, weight in weights.items()
            ]
        )
    )
