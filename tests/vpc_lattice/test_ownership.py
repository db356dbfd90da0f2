"""What VPC Lattice connects is in one region; nothing may be carried over by the CDK's custom resources."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Template

from constructs_lattice import (
    ArgumentError,
    Principals,
    ResourceConfiguration,
    ResourceEndpoint,
    Service,
    ServiceNetwork,
    ServiceNetworkEndpoint,
    Share,
    TunnelEndpoint,
    Vpc,
    VpcAssociation,
)
from tests.vpc_lattice.vpcs import small_vpc

ACCOUNT = "111111111111"
ARN = f"arn:aws:vpc-lattice:us-east-1:{ACCOUNT}"
ID = "0123456789abcdef0"


@pytest.fixture
def stacks() -> tuple[cdk.Stack, cdk.Stack]:
    app = cdk.App()
    here, there = (
        cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=region))
        for name, region in (("Here", "eu-west-1"), ("There", "us-east-1"))
    )
    return here, there


def _resource(stack: cdk.Stack) -> vpclattice.CfnResourceConfiguration:
    return vpclattice.CfnResourceConfiguration(stack, "Db", name="db", resource_configuration_type="ARN")


Make = Callable[[cdk.Stack, cdk.Stack, Vpc], object]
MAKERS: dict[str, tuple[Make, str]] = {
    "a service in a network": (
        lambda here, there, _: Service(here, "X", service_networks=[ServiceNetwork(there, "Mesh")]),
        "Here/X/InMesh: service network There/Mesh",
    ),
    "a service that is imported": (
        lambda here, _, __: ServiceNetwork(here, "Mesh").add_service(
            "X", Service.from_service_arn(here, "Theirs", f"{ARN}:service/svc-{ID}")
        ),
        "Here/Mesh/X: service Here/Theirs",
    ),
    "a vpc of elsewhere": (
        lambda here, there, _: VpcAssociation(
            here, "X", service_network=ServiceNetwork(here, "Mesh"), vpc=ec2.Vpc(there, "Vpc")
        ),
        "Here/X: vpc There/Vpc",
    ),
    "a network of elsewhere": (
        lambda here, there, vpc: VpcAssociation(here, "X", service_network=ServiceNetwork(there, "Mesh"), vpc=vpc),
        "Here/X: service network There/Mesh",
    ),
    "an endpoint of a network": (
        lambda here, there, vpc: ServiceNetworkEndpoint(
            here, "X", service_network=ServiceNetwork(there, "Mesh"), vpc=vpc
        ),
        "Here/X: service network There/Mesh",
    ),
    "a resource": (
        lambda here, there, _: ServiceNetwork(here, "Mesh").add_resource("X", _resource(there)),
        "Here/Mesh/X: resource configuration There/Db",
    ),
    "an endpoint of a resource": (
        lambda here, there, vpc: ResourceEndpoint(
            here, "X", resource_configuration=_resource(there), vpc=vpc, ports=[5432]
        ),
        "Here/X: resource configuration There/Db",
    ),
    "a tunnel": (
        lambda here, _, vpc: TunnelEndpoint(
            here,
            "X",
            resource_configuration=ResourceConfiguration.from_resource_configuration_arn(
                here, "Segment", f"{ARN}:resourceconfiguration/rcfg-{ID}"
            ),
            vpc=vpc,
        ),
        "Here/X: resource configuration Here/Segment",
    ),
    "a share": (
        lambda here, there, _: Share(
            here, "X", resources=[ServiceNetwork(there, "Mesh")], principals=Principals.of_accounts("222222222222")
        ),
        "Here/X: resource There/Mesh",
    ),
}


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_in_another_region_is_refused(stacks: tuple[cdk.Stack, cdk.Stack], name: str) -> None:
    """Made there, or imported by its ARN."""
    here, there = stacks
    make, what = MAKERS[name]
    with pytest.raises(ArgumentError) as caught:
        make(here, there, small_vpc(here, "Vpc"))
    assert str(caught.value) == (
        f"{what} is in us-east-1, and the stack in eu-west-1, but all that VPC Lattice connects is in one region; "
        "make another one here"
    )


def test_a_region_that_is_not_known_is_not_judged(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    """A stack without an env may be deployed anywhere, and a token may be any ARN."""
    here, _ = stacks
    token = ServiceNetwork.from_service_network_arn(here, "Mesh", cdk.Fn.import_value("Mesh"))
    token.add_service("Orders", Service(here, "Orders"))
    Template.from_stack(here).resource_count_is("AWS::VpcLattice::ServiceNetworkServiceAssociation", 1)
    anywhere = cdk.Stack(cdk.App(), "Anywhere")
    network = ServiceNetwork.from_service_network_arn(anywhere, "Mesh", f"{ARN}:servicenetwork/sn-{ID}")
    network.add_service("Orders", Service(anywhere, "Orders"))
    Template.from_stack(anywhere).resource_count_is("AWS::VpcLattice::ServiceNetworkServiceAssociation", 1)
