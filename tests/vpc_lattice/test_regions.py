"""Regions: which types they lack, and how many of each there are."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Annotations, Match

from constructs_lattice import (
    Action,
    ArgumentError,
    Auth,
    DomainVerification,
    IpTargetGroup,
    Listener,
    Principals,
    ResourceAssociation,
    ResourceConfiguration,
    ResourceEndpoint,
    ResourceGateway,
    Service,
    ServiceAssociation,
    ServiceNetwork,
    ServiceNetworkEndpoint,
    Share,
    TunnelEndpoint,
    VpcAssociation,
)
from constructs_lattice import Match as Path
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Feature, Region, unsupported_zones

NOWHERE = ["ap-east-2", "ap-southeast-6", "ap-southeast-7", "cn-north-1", "cn-northwest-1", "us-gov-east-1"]
CONFIGURATION = "arn:aws:vpc-lattice:us-gov-west-1:111111111111:resourceconfiguration/rcfg-0123456789abcdef0"


def _stack(region: str) -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region=region))


@pytest.mark.parametrize("region", [*NOWHERE, "us-gov-west-1"])
@pytest.mark.parametrize("feature", list(Feature))
def test_a_region_without_any_type(region: str, feature: Feature) -> None:
    """Whatever is asked for, VPC Lattice is what is missing."""
    with pytest.raises(ArgumentError) as caught:
        Region.of(_stack(region)).check("Shop/X", feature)
    assert str(caught.value) == (
        f"Shop/X: CloudFormation has no types for VPC Lattice in {region}; deploy it to another region"
    )


def test_regions_that_lack_some_types() -> None:
    """Services are in Tel Aviv and in the UAE, resources are not."""
    for region, feature, what in (
        ("il-central-1", Feature.RESOURCES, "resource gateways and resource configurations"),
        ("me-central-1", Feature.RESOURCES, "resource gateways and resource configurations"),
        ("il-central-1", Feature.DOMAINS, "domain verifications"),
    ):
        with pytest.raises(ArgumentError) as caught:
            Region.of(_stack(region)).check("Shop/X", feature)
        assert str(caught.value) == (
            f"Shop/X: CloudFormation has no types for {what} in {region}; deploy it to another region"
        )
    for region in ("il-central-1", "me-central-1"):
        Region.of(_stack(region)).check("Shop/X")
    Region.of(_stack("me-central-1")).check("Shop/X", Feature.DOMAINS)


@pytest.mark.parametrize("region", ["eu-west-1", "mx-central-1", "eusc-de-east-1", "xx-new-1"])
def test_other_regions_have_everything(region: str) -> None:
    """Those that are not known are not judged."""
    for feature in Feature:
        Region.of(_stack(region)).check("Shop/X", feature)


def test_a_region_that_only_the_deployment_knows_passes() -> None:
    """A stack without an env may be deployed anywhere."""
    Region.of(cdk.Stack(cdk.App(), "Shop")).check("Shop/X", Feature.RESOURCES)


def test_every_construct_looks_at_the_region() -> None:
    """None of ours can be made where CloudFormation has no such type, and none leaves anything behind."""
    stack = _stack("us-gov-west-1")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        vpc_cidr_block="10.0.0.0/16",
        availability_zones=["us-gov-west-1a"],
        private_subnet_ids=["subnet-0123456789abcdef0"],
    )
    network, service = vpclattice.CfnServiceNetwork(stack, "Net"), vpclattice.CfnService(stack, "Svc")
    gateway = vpclattice.CfnResourceGateway(
        stack, "Gateway", name="gateway", subnet_ids=["subnet-0123456789abcdef0"], vpc_identifier=vpc.vpc_id
    )
    configuration = ResourceConfiguration.from_resource_configuration_arn(stack, "Resource", CONFIGURATION)
    nothing = Action.fixed_response(404)
    listener = Listener.from_listener_arn(
        stack,
        "Listener",
        "arn:aws:vpc-lattice:us-gov-west-1:111111111111:service/svc-0123456789abcdef0/listener/listener-0123456789abcdef0",
    )
    made: list[Callable[[], object]] = [
        lambda: ServiceNetwork(stack, "X"),
        lambda: Service(stack, "X", auth=Auth.none()),
        lambda: IpTargetGroup(stack, "X", vpc=vpc),
        lambda: Listener(stack, "X", service=service, default_action=nothing),
        lambda: listener.add_rule("X", match=Path.path_exact("/"), action=nothing),
        lambda: ServiceAssociation(stack, "X", service_network=network, service=service),
        lambda: VpcAssociation(stack, "X", service_network=network, vpc=vpc),
        lambda: ServiceNetworkEndpoint(stack, "X", service_network=network, vpc=vpc),
        lambda: ResourceEndpoint(stack, "X", resource_configuration=configuration, vpc=vpc, ports=[443]),
        lambda: TunnelEndpoint(stack, "X", resource_configuration=configuration, vpc=vpc),
        lambda: ResourceGateway(stack, "X", vpc=vpc),
        lambda: ResourceConfiguration.ip_address(stack, "X", gateway=gateway, ip_address="10.0.0.1", ports=[80]),
        lambda: ResourceAssociation(stack, "X", service_network=network, resource_configuration=configuration),
        lambda: DomainVerification(stack, "X", domain_name="example.com"),
        lambda: Share(stack, "X", resources=[network], principals=Principals.of_accounts("222222222222")),
    ]
    for make in made:
        with pytest.raises(ArgumentError) as caught:
            make()
        path = "Shop/Listener/X" if "Listener" in str(caught.value) else "Shop/X"
        assert str(caught.value) == (
            f"{path}: CloudFormation has no types for VPC Lattice in us-gov-west-1; deploy it to another region"
        )
        assert stack.node.try_find_child("X") is None


def test_zones_without_vpc_lattice() -> None:
    """By their ids, which mean the same zone for everybody."""
    assert unsupported_zones(["use1-az1", "use1-az3", "euw1-az4", "us-east-1a"]) == ["euw1-az4", "use1-az3"]
    assert unsupported_zones(["use1-az1"]) == []


def test_what_has_a_quota_is_counted_over_all_stacks_of_a_region() -> None:
    """In one account; a stack whose account only the deployment knows counts for itself."""
    app = cdk.App()
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    for number in range(3):
        stack = cdk.Stack(app, f"Shop{number}", env=env)
        for name in ("One", "Two"):
            DomainVerification(stack, name, domain_name=f"{name}{number}.example.com")
    other = cdk.Stack(app, "Other")
    DomainVerification(other, "One", domain_name="other.example.com")
    Annotations.from_stack(stack).has_warning(
        "/Shop2/Two",
        "more than 5 domain verifications; 5 a region is the quota, which AWS raises on request "
        "[ack: constructs-lattice:latticeDomainVerificationsPerRegion]",
    )
    assert Annotations.from_stack(other).find_warning("*", Match.any_value()) == []


@pytest.mark.parametrize("quota", list(Quota))
def test_a_quota_is_a_warning_once(quota: Quota) -> None:
    """Up to the quota nothing is said, and beyond it no more than once."""
    what, whole, usual, _, id_ = quota.value
    stack = _stack("eu-west-1")
    quota.warn(stack, usual - 1, usual)
    assert Annotations.from_stack(stack).find_warning("*", Match.any_value()) == []
    quota.warn(stack, usual, usual + 1)
    quota.warn(stack, usual + 1, usual + 2)
    (found,) = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    assert found.entry.data == (
        f"more than {usual:,} {what}; {usual:,} a {whole} is the quota, which AWS raises on request "
        f"[ack: constructs-lattice:{id_}]"
    )


def test_some_quotas_are_smaller_in_tel_aviv() -> None:
    """As are those of rules and target groups."""
    small = {quota.name: quota.value[3] for quota in Quota if quota.value[3] != quota.value[2]}
    assert small == {"RULES": 5, "TARGET_GROUPS": 5, "SERVICE_NETWORKS": 10, "SERVICES": 500}
    stack = _stack("il-central-1")
    for number in range(11):
        ServiceNetwork(stack, f"Net{number}", auth=Auth.none())
    Annotations.from_stack(stack).has_warning(
        "/Shop/Net10",
        "more than 10 service networks; 10 a region is the quota, which AWS raises on request "
        "[ack: constructs-lattice:latticeServiceNetworksPerRegion]",
    )
