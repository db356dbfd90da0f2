"""Grants for TLS that passes through: by where clients are, since nobody can tell who they are."""

import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from constructs_lattice import (
    Action,
    ArgumentError,
    Auth,
    IpTargetGroup,
    ListenerProtocol,
    Service,
    ServiceNetwork,
    TargetProtocol,
)
from tests.vpc_lattice.policies import auth_statements, identity_statements

CONNECT = "vpc-lattice-svcs:Connect"


@pytest.fixture
def app() -> cdk.App:
    return cdk.App()


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "Shop")


@pytest.fixture
def vpcs(stack: cdk.Stack) -> list[ec2.IVpc]:
    return [
        ec2.Vpc.from_vpc_attributes(stack, f"Vpc{n}", vpc_id=f"vpc-{n:017x}", availability_zones=["eu-west-1a"])
        for n in range(3)
    ]


def vault(stack: cdk.Stack, **arguments: Any) -> Service:
    return Service(stack, "Vault", custom_domain_name="vault.example.com", **arguments)


def statement(stack: cdk.Stack, resource: Any, **condition: Any) -> dict[str, Any]:
    """Everybody may connect, under a condition."""
    (key, values) = next(iter(condition.items()))
    return {
        "Action": CONNECT,
        "Condition": {"StringEquals": {f"vpc-lattice-svcs:{key}": values}},
        "Effect": "Allow",
        "Principal": "*",
        "Resource": stack.resolve(resource),
    }


def test_clients_connect_from_their_vpcs(stack: cdk.Stack, vpcs: list[ec2.IVpc]) -> None:
    """The resource is the bare ARN: there is no path. Identity policies have no part in it."""
    service = vault(stack, auth=Auth.iam())
    service.grants.connect(vpcs[0], vpcs[1])
    service.grants.connect(vpcs[2], accounts=["222222222222"])
    assert auth_statements(service) == [
        statement(stack, service.service_arn, SourceVpc=[vpc.vpc_id for vpc in vpcs]),
        statement(stack, service.service_arn, SourceVpcOwnerAccount="222222222222"),
    ]
    assert identity_statements(stack) == []


@pytest.mark.parametrize("auth", [None, Auth.vpcs("vpc-00000000000000000"), Auth.authenticated()])
def test_the_network_lets_connections_through(stack: cdk.Stack, vpcs: list[ec2.IVpc], auth: Auth | None) -> None:
    """What it lets in from the beginning are signed requests: these are none."""
    network = ServiceNetwork(stack, "Mesh", auth=auth)
    vault(stack, service_networks=[network]).grants.connect(vpcs[0])
    assert auth_statements(network)[1:] == [statement(stack, "*", SourceVpc=vpcs[0].vpc_id)]


def test_where_nobody_is_asked_nothing_is_written(stack: cdk.Stack, vpcs: list[ec2.IVpc]) -> None:
    """On the other level it is."""
    network = ServiceNetwork(stack, "Mesh")
    service = vault(stack, service_networks=[network], auth=Auth.none())
    service.grants.connect(vpcs[0])
    assert auth_statements(service) == []
    assert len(auth_statements(network)) == 2


def listen(service: Service, vpc: ec2.IVpc) -> None:
    group = IpTargetGroup(cdk.Stack.of(service), "Tcp", vpc=vpc, protocol=TargetProtocol.TCP)
    service.add_listener("Tls", protocol=ListenerProtocol.TLS_PASSTHROUGH, default_action=Action.forward(group))


def test_a_network_that_asks_lets_nobody_through(app: cdk.App, stack: cdk.Stack, vpcs: list[ec2.IVpc]) -> None:
    """Though the service asks nobody: the network does, by default."""
    service = vault(stack, service_networks=[ServiceNetwork(stack, "Mesh")], auth=Auth.none())
    listen(service, vpcs[0])
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    (message,) = re.findall(r"\[Shop/Vault/Tls\] .*", str(caught.value))
    assert message == (
        "[Shop/Vault/Tls] a TLS listener knows no callers, and the auth policy of Shop/Mesh lets no anonymous one "
        "connect; name VPCs by grants.connect, use Auth.none(), or allow AnyPrincipal() the action "
        "vpc-lattice-svcs:Connect"
    )


def test_a_grant_is_enough(app: cdk.App, stack: cdk.Stack, vpcs: list[ec2.IVpc]) -> None:
    """For the service and for the network."""
    service = vault(stack, service_networks=[ServiceNetwork(stack, "Mesh")])
    listen(service, vpcs[0])
    service.grants.connect(vpcs[0])
    app.synth()


def test_what_cannot_work_is_refused(stack: cdk.Stack, vpcs: list[ec2.IVpc]) -> None:
    """A role cannot be told from others; nobody at all is a mistake."""
    service = vault(stack, auth=Auth.deny_all())
    role = iam.Role(stack, "Web", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    grantees: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
        (
            (vpcs[0], role),
            {},
            "Shop/Vault: a TLS listener knows no callers by name, got Shop/Web; name the VPCs that they are in",
        ),
        ((), {}, "Shop/Vault: there is nobody to let connect; name VPCs or accounts, or use Auth.none()"),
        ((), {"accounts": ["1"]}, "Shop/Vault: accounts must be ids of twelve digits, got '1'"),
    ]
    for vpcs_, arguments, message in grantees:
        with pytest.raises(ArgumentError) as caught:
            service.grants.connect(*vpcs_, **arguments)
        assert str(caught.value) == message
    assert auth_statements(service) == []
