"""Certificates: those of services, and those that load balancers share with them."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk.assertions import Annotations, Template
from aws_cdk.assertions import Match as Like

from constructs_lattice import (
    Action,
    AlbTargetGroup,
    ApplicationLoadBalancer,
    ArgumentError,
    FlowLogs,
    Listener,
    Service,
    TargetProtocol,
    Tier,
    Vpc,
)

ARN = "arn:aws:acm:eu-west-1:111111111111:certificate/0f1e2d3c"
OTHER = "arn:aws:acm:eu-west-1:111111111111:certificate/4b5a6978"
NAME = "orders.example.com"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


@pytest.fixture
def balancer(stack: cdk.Stack) -> ApplicationLoadBalancer:
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())
    return ApplicationLoadBalancer(stack, "Balancer", vpc=vpc)


@pytest.mark.parametrize(
    ("domain_name", "others"),
    [
        ("orders.example.com", None),
        ("*.example.com", None),
        ("example.com", ["Orders.Example.com"]),
        ("example.com", ["*.example.com"]),
        ("*.EXAMPLE.com", None),
    ],
)
def test_a_certificate_of_the_name(stack: cdk.Stack, domain_name: str, others: list[str] | None) -> None:
    """By itself, among others, or by a wildcard one level deep; case does not count."""
    certificate = acm.Certificate(
        stack,
        "Certificate",
        domain_name=domain_name,
        subject_alternative_names=others,
        key_algorithm=acm.KeyAlgorithm.RSA_2048,
    )
    service = Service(stack, "Orders", custom_domain_name=NAME, certificate=certificate)
    assert service.certificate_arn == certificate.certificate_arn


@pytest.mark.parametrize(
    ("domain_name", "others", "got"),
    [
        ("carts.example.com", None, "carts.example.com"),
        ("example.com", ["*.shop.example.com"], "example.com, *.shop.example.com"),
        ("*.com", None, "*.com"),
    ],
)
def test_a_certificate_of_another_name_is_refused(
    stack: cdk.Stack, domain_name: str, others: list[str] | None, got: str
) -> None:
    """Every request would fail; a wildcard stands for one level."""
    certificate = acm.Certificate(stack, "Certificate", domain_name=domain_name, subject_alternative_names=others)
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Orders", custom_domain_name=NAME, certificate=certificate)
    assert str(caught.value) == (
        f"Shop/Orders: certificate must be for the custom_domain_name 'orders.example.com', got one for {got}; "
        "a wildcard stands for one name only"
    )
    assert stack.node.try_find_child("Orders") is None


def test_a_key_that_vpc_lattice_does_not_take_is_refused(stack: cdk.Stack) -> None:
    """It takes RSA keys of 2,048 bits."""
    certificate = acm.Certificate(stack, "Certificate", domain_name=NAME, key_algorithm=acm.KeyAlgorithm.EC_PRIME256_V1)
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Orders", custom_domain_name=NAME, certificate=certificate)
    assert str(caught.value) == (
        "Shop/Orders: certificate must have a key of RSA_2048, which is what VPC Lattice takes, got EC_prime256v1"
    )


def test_a_certificate_of_another_region_is_refused(stack: cdk.Stack) -> None:
    """It is not found; one that only the deployment knows passes, and so does a name."""
    arn = ARN.replace("eu-west-1", "us-east-1")
    with pytest.raises(ArgumentError) as caught:
        Service(
            stack,
            "Orders",
            custom_domain_name=NAME,
            certificate=acm.Certificate.from_certificate_arn(stack, "Far", arn),
        )
    assert str(caught.value) == (
        "Shop/Orders: certificate must be in the region of the service, which is eu-west-1, got one of us-east-1; "
        "request another one there"
    )
    token = acm.Certificate.from_certificate_arn(stack, "Token", cdk.Fn.import_value("Certificate"))
    Service(stack, "Known", custom_domain_name=NAME, certificate=token)
    made = acm.Certificate(stack, "Made", domain_name="example.org")
    Service(stack, "Unknown", custom_domain_name=cdk.Fn.import_value("Name"), certificate=made)


def _listen(balancer: ApplicationLoadBalancer, *arns: str) -> elbv2.ApplicationListener:
    return balancer.add_listener("Https", certificates=[elbv2.ListenerCertificate.from_arn(arn) for arn in arns])


def _serve(stack: cdk.Stack, balancer: ApplicationLoadBalancer, certificate: acm.ICertificate | None) -> None:
    group = AlbTargetGroup(stack, "Web", load_balancer=balancer.resource, protocol=TargetProtocol.HTTPS)
    name = None if certificate is None else NAME
    service = Service(stack, "Orders", custom_domain_name=name, certificate=certificate)
    service.add_listener("Https", default_action=Action.forward(group))


@pytest.mark.parametrize("arns", [[ARN], [OTHER, ARN]])
def test_a_load_balancer_has_the_certificate_of_the_service(
    stack: cdk.Stack, balancer: ApplicationLoadBalancer, arns: list[str]
) -> None:
    """As its default one, or as another one."""
    _listen(balancer, *arns)
    _serve(stack, balancer, acm.Certificate.from_certificate_arn(stack, "Certificate", ARN))
    assert Annotations.from_stack(stack).find_warning("*", Like.any_value()) == []
    Template.from_stack(stack)


def test_a_load_balancer_with_another_certificate_is_an_error(
    stack: cdk.Stack, balancer: ApplicationLoadBalancer
) -> None:
    """Asked at synthesis: its listener may come later."""
    _serve(stack, balancer, acm.Certificate.from_certificate_arn(stack, "Certificate", ARN))
    _listen(balancer, OTHER)
    with pytest.raises(RuntimeError) as caught:
        Template.from_stack(stack)
    assert (
        "[Shop/Web] load balancer Shop/Balancer/Resource must have the certificate of Shop/Orders on 443, as VPC "
        "Lattice asks, but has another one"
    ) in str(caught.value)


def test_a_certificate_that_is_made_here_is_the_same_for_both(
    stack: cdk.Stack, balancer: ApplicationLoadBalancer
) -> None:
    """References are compared, too; what is text cannot be compared with them."""
    certificate = acm.Certificate(stack, "Certificate", domain_name=NAME)
    _listen(balancer, certificate.certificate_arn)
    _serve(stack, balancer, certificate)
    Template.from_stack(stack)


def test_references_and_texts_are_not_compared(stack: cdk.Stack, balancer: ApplicationLoadBalancer) -> None:
    """They may be the same."""
    _listen(balancer, ARN)
    _serve(stack, balancer, acm.Certificate(stack, "Certificate", domain_name=NAME))
    Template.from_stack(stack)


def test_a_service_without_a_certificate_is_warned(stack: cdk.Stack, balancer: ApplicationLoadBalancer) -> None:
    """A load balancer cannot have the one that VPC Lattice makes."""
    _listen(balancer, ARN)
    _serve(stack, balancer, None)
    (warning,) = Annotations.from_stack(stack).find_warning("*", Like.any_value())
    assert (warning.id, warning.entry.data) == (
        "/Shop/Web",
        "an HTTPS listener of a load balancer needs the service's own certificate, but the service has none; give it a "
        "custom_domain_name and the certificate [ack: constructs-lattice:latticeLoadBalancerCertificate]",
    )


def test_a_service_that_exists_already_may_have_any_certificate(
    stack: cdk.Stack, balancer: ApplicationLoadBalancer
) -> None:
    """It does not tell."""
    service = Service.from_service_arn(
        stack, "Orders", "arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-0123456789abcdef0"
    )
    _listen(balancer, ARN)
    group = AlbTargetGroup(stack, "Web", load_balancer=balancer.resource, protocol=TargetProtocol.HTTPS)
    Listener(stack, "Https", service=service, default_action=Action.forward(group))
    assert Annotations.from_stack(stack).find_warning("*", Like.any_value()) == []
    Template.from_stack(stack)
