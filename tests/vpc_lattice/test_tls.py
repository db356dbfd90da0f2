"""TLS that passes through: what VPC Lattice can do with connections that it cannot read."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Match as Like
from aws_cdk.assertions import Template

from constructs_lattice import (
    Action,
    ArgumentError,
    Auth,
    HealthCheck,
    InstanceTargetGroup,
    IpTargetGroup,
    LambdaTargetGroup,
    Listener,
    ListenerProtocol,
    Match,
    ProtocolVersion,
    Service,
    TargetProtocol,
    Weighted,
)

TLS = ListenerProtocol.TLS_PASSTHROUGH
NAME = "orders.example.com"
ARN = "arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])


@pytest.fixture
def service(stack: cdk.Stack) -> Service:
    return Service(stack, "Orders", custom_domain_name=NAME, auth=Auth.none())


@pytest.fixture
def group(stack: cdk.Stack, vpc: ec2.IVpc) -> IpTargetGroup:
    return IpTargetGroup(stack, "Tcp", vpc=vpc, protocol=TargetProtocol.TCP)


def test_a_tls_listener_forwards_to_targets_of_tcp(
    stack: cdk.Stack, vpc: ec2.IVpc, service: Service, group: IpTargetGroup
) -> None:
    """On 443, by its default action; a group of TCP has no version of HTTP and no health check."""
    other = InstanceTargetGroup(stack, "Other", vpc=vpc, protocol=TargetProtocol.TCP, port=8443)
    service.add_listener("Tls", protocol=TLS, default_action=Action.forward(group, Weighted(group=other, weight=1)))
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::VpcLattice::Listener", {"Protocol": "TLS_PASSTHROUGH", "Port": 443})
    for port in (443, 8443):
        template.has_resource_properties(
            "AWS::VpcLattice::TargetGroup",
            {
                "Config": Like.object_like(
                    {
                        "Port": port,
                        "Protocol": "TCP",
                        "ProtocolVersion": Like.absent(),
                        "HealthCheck": Like.absent(),
                    }
                )
            },
        )


def test_tcp_can_be_checked_over_http(stack: cdk.Stack, vpc: ec2.IVpc) -> None:
    """When the check says how."""
    check = HealthCheck(protocol=TargetProtocol.HTTPS, protocol_version=ProtocolVersion.HTTP1, port=8080)
    group = IpTargetGroup(stack, "Tcp", vpc=vpc, protocol=TargetProtocol.TCP, health_check=check)
    assert group.ports == (443, 8080)
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::TargetGroup",
        {
            "Config": Like.object_like(
                {"HealthCheck": {"Enabled": True, "Protocol": "HTTPS", "ProtocolVersion": "HTTP1", "Port": 8080}}
            )
        },
    )


@pytest.mark.parametrize("make", [IpTargetGroup, InstanceTargetGroup])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"protocol_version": ProtocolVersion.HTTP1},
            "TCP has no protocol_version, got HTTP1; leave it out",
        ),
        (
            {"health_check": HealthCheck(protocol=TargetProtocol.HTTP)},
            "health_check needs a protocol and a protocol_version, since TCP is not checked by itself",
        ),
        (
            {"health_check": HealthCheck(protocol_version=ProtocolVersion.HTTP1)},
            "health_check needs a protocol and a protocol_version, since TCP is not checked by itself",
        ),
        (
            {
                "protocol": TargetProtocol.HTTPS,
                "protocol_version": ProtocolVersion.GRPC,
                "health_check": HealthCheck(protocol=TargetProtocol.HTTP),
            },
            "health_check needs a protocol_version, HTTP1 or HTTP2, since gRPC is not checked by itself",
        ),
    ],
)
def test_what_cannot_be_checked_is_refused(
    stack: cdk.Stack, vpc: ec2.IVpc, make: Any, arguments: dict[str, Any], message: str
) -> None:
    """Neither TCP nor gRPC is a protocol of health checks."""
    with pytest.raises(ArgumentError) as caught:
        make(stack, "Web", vpc=vpc, **{"protocol": TargetProtocol.TCP, **arguments})
    assert str(caught.value) == f"Shop/Web: {message}"
    assert stack.node.try_find_child("Web") is None


@pytest.mark.parametrize("protocol", [TargetProtocol.TCP, TargetProtocol.HTTP])
def test_a_check_that_is_off_needs_nothing(stack: cdk.Stack, vpc: ec2.IVpc, protocol: TargetProtocol) -> None:
    """It is just off."""
    version = None if protocol is TargetProtocol.TCP else ProtocolVersion.GRPC
    IpTargetGroup(
        stack, "Web", vpc=vpc, protocol=protocol, protocol_version=version, health_check=HealthCheck.disabled()
    )
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::TargetGroup", {"Config": Like.object_like({"HealthCheck": {"Enabled": False}})}
    )


def test_the_service_needs_a_domain_name(stack: cdk.Stack, group: IpTargetGroup) -> None:
    """By it, connections are told apart; of an imported service, it is not known."""
    plain = Service(stack, "Plain", auth=Auth.none())
    bare = vpclattice.CfnService(stack, "Bare")
    for service in (plain, bare):
        with pytest.raises(ArgumentError) as caught:
            Listener(stack, "Tls", service=service, protocol=TLS, default_action=Action.forward(group))
        assert str(caught.value) == (
            f"Shop/Tls: a TLS listener finds its service by the name that clients ask for, but service "
            f"{service.node.path} has no custom_domain_name; give it one"
        )
    imported = Service.from_service_arn(stack, "Imported", ARN)
    Listener(stack, "Tls", service=imported, protocol=TLS, default_action=Action.forward(group))


def test_it_answers_nothing(service: Service) -> None:
    """It cannot."""
    with pytest.raises(ArgumentError) as caught:
        service.add_listener("Tls", protocol=TLS, default_action=Action.fixed_response(404))
    assert str(caught.value) == (
        "Shop/Orders/Tls: a TLS listener cannot answer, since it decrypts nothing; forward to a target group of TCP"
    )


def test_it_has_no_rules(service: Service, group: IpTargetGroup) -> None:
    """There are no requests to match."""
    listener = service.add_listener("Tls", protocol=TLS, default_action=Action.forward(group))
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule("All", match=Match.path_prefix("/"), action=Action.forward(group))
    assert str(caught.value) == (
        "Shop/Orders/Tls/All: a TLS listener reads no requests and has no rules; use its default_action"
    )
    assert listener.node.try_find_child("All") is None


def test_other_targets_are_out_of_its_reach(stack: cdk.Stack, vpc: ec2.IVpc, service: Service) -> None:
    """Functions, and whatever speaks HTTP."""
    code = lambda_.Code.from_inline("def handle(event, context): pass")
    function = lambda_.Function(stack, "Fn", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handle", code=code)
    groups = {
        "invokes a function": LambdaTargetGroup(stack, "Function", function=function),
        "speaks HTTP": IpTargetGroup(stack, "Http", vpc=vpc),
    }
    for speaks, group in groups.items():
        with pytest.raises(ArgumentError) as caught:
            service.add_listener("Tls", protocol=TLS, default_action=Action.forward(group))
        assert str(caught.value) == (
            f"Shop/Orders/Tls: target group {group.node.path} {speaks}, but a TLS listener forwards to groups of TCP "
            "only"
        )
    assert service.listeners == {}


@pytest.mark.parametrize("protocol", [ListenerProtocol.HTTP, ListenerProtocol.HTTPS])
def test_tcp_is_out_of_the_others_reach(service: Service, group: IpTargetGroup, protocol: ListenerProtocol) -> None:
    """They speak HTTP with targets."""
    with pytest.raises(ArgumentError) as caught:
        service.add_listener("Web", protocol=protocol, default_action=Action.forward(group))
    assert str(caught.value) == (
        "Shop/Orders/Web: target group Shop/Tcp speaks TCP, which needs a TLS_PASSTHROUGH listener"
    )


def problem(stack: cdk.Stack) -> str:
    with pytest.raises(RuntimeError) as caught:
        stack.node.root.synth()  # type: ignore[attr-defined]
    return str(caught.value)


CONNECT = iam.PolicyStatement(actions=["vpc-lattice-svcs:Connect"], resources=["*"], principals=[iam.AnyPrincipal()])


@pytest.mark.parametrize(
    "auth",
    [
        None,
        Auth.iam(
            iam.PolicyStatement(
                actions=["vpc-lattice-svcs:Connect"],
                resources=["*"],
                principals=[iam.ArnPrincipal("arn:aws:iam::111111111111:role/caller")],
            )
        ),
        Auth.iam(
            iam.PolicyStatement(actions=["vpc-lattice-svcs:Invoke"], resources=["*"], principals=[iam.AnyPrincipal()])
        ),
        Auth.iam(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=["vpc-lattice-svcs:Connect"],
                resources=["*"],
                principals=[iam.AnyPrincipal()],
            )
        ),
    ],
    ids=["default", "one role", "requests only", "deny"],
)
def test_callers_are_anonymous(stack: cdk.Stack, group: IpTargetGroup, auth: Auth | None) -> None:
    """A policy that asks who they are lets nobody connect: the default does."""
    service = Service(stack, "Orders", custom_domain_name=NAME, auth=auth)
    service.add_listener("Tls", protocol=TLS, default_action=Action.forward(group))
    assert (
        "[Shop/Orders/Tls] a TLS listener knows no callers, and the auth policy of Shop/Orders lets no anonymous one "
        "connect; name VPCs by grants.connect, use Auth.none(), or allow AnyPrincipal() the action "
        "vpc-lattice-svcs:Connect"
    ) in problem(stack)


@pytest.mark.parametrize(
    "auth",
    [Auth.none(), Auth.deny_all(), Auth.same_account(CONNECT), Auth.iam(CONNECT)],
    ids=["none", "deny all", "same account and connect", "connect"],
)
def test_policies_that_let_anonymous_callers_connect(stack: cdk.Stack, group: IpTargetGroup, auth: Auth) -> None:
    """Or that shut out everybody on purpose."""
    service = Service(stack, "Orders", custom_domain_name=NAME, auth=auth)
    service.add_listener("Tls", protocol=TLS, default_action=Action.forward(group))
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::Listener", 1)


def test_a_statement_may_come_later(stack: cdk.Stack, group: IpTargetGroup) -> None:
    """The policy is looked at when all is there."""
    service = Service(stack, "Orders", custom_domain_name=NAME)
    service.add_listener("Tls", protocol=TLS, default_action=Action.forward(group))
    service.add_to_auth_policy(CONNECT)
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::Listener", 1)
