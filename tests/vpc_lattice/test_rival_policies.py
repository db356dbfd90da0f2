"""A service has one auth policy: those of L1 constructs are found."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_vpclattice as vpclattice

from constructs_lattice import Auth, Service, ServiceNetwork

EVERYBODY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "vpc-lattice-svcs:Invoke", "Resource": "*"}],
}


@pytest.fixture
def app() -> cdk.App:
    return cdk.App()


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "Shop")


def policy(scope: cdk.Stack, identifier: str, id_: str = "Raw") -> vpclattice.CfnAuthPolicy:
    return vpclattice.CfnAuthPolicy(scope, id_, policy=EVERYBODY, resource_identifier=identifier)


def test_a_second_policy_is_found(app: cdk.App, stack: cdk.Stack) -> None:
    """By the ARN, the id or the reference of the service, in whatever stack; others are left alone."""
    orders, carts = Service(stack, "Orders"), Service(stack, "Carts")
    mesh = ServiceNetwork(stack, "Mesh")
    policy(stack, orders.service_arn)
    policy(cdk.Stack(app, "Other"), carts.service_id)
    policy(stack, mesh.resource.ref, "OfTheMesh")
    policy(stack, "svc-0123456789abcdef0", "OfAnother")
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    for holder, rival in (("Orders", "Shop/Raw"), ("Carts", "Other/Raw"), ("Mesh", "Shop/OfTheMesh")):
        assert (
            f"Shop/{holder} has an auth policy, and {rival} would be a second one; add its statements by "
            "add_to_auth_policy"
        ) in str(caught.value)
    assert "OfAnother" not in str(caught.value)


def test_a_policy_without_effect_is_found(app: cdk.App, stack: cdk.Stack) -> None:
    """Where nobody is asked, nothing is decided."""
    policy(stack, Service(stack, "Orders", auth=Auth.none()).service_arn)
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    assert ("the auth policy Shop/Raw has no effect, since Shop/Orders has Auth.none(); give that Auth.iam()") in str(
        caught.value
    )


def test_an_l1_construct_can_be_the_policy(app: cdk.App, stack: cdk.Stack) -> None:
    """As long as there is no other: then nothing is missing."""
    policy(stack, Service(stack, "Orders", auth=Auth.iam()).service_arn)
    app.synth()


def test_an_l1_construct_and_a_grant_are_two(app: cdk.App, stack: cdk.Stack) -> None:
    """A grant writes a policy of its own."""
    orders = Service(stack, "Orders", auth=Auth.iam())
    policy(stack, orders.service_arn)
    orders.grants.invoke(iam.ArnPrincipal("arn:aws:iam::222222222222:role/web"))
    with pytest.raises(RuntimeError, match="Shop/Orders has an auth policy, and Shop/Raw would be a second one"):
        app.synth()
