"""Every construct of ours that takes a VPC takes any: ours, made or imported, and the CDK's, looked up or not."""

import inspect
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

import constructs_lattice
from constructs_lattice import (
    Action,
    AlbTargetGroup,
    ApplicationLoadBalancer,
    ArgumentError,
    Auth,
    DhcpOptions,
    FlowLogs,
    InstanceTargetGroup,
    IpTargetGroup,
    ListenerProtocol,
    MicroserviceMesh,
    NetworkLoadBalancer,
    ResourceConfiguration,
    ResourceEndpoint,
    ResourceGateway,
    Service,
    ServiceNetwork,
    ServiceNetworkEndpoint,
    TargetProtocol,
    Tier,
    TransitGateway,
    TunnelEndpoint,
    Vpc,
    VpcAssociation,
    VpcAttachment,
    VpcBlockPublicAccessExclusion,
    VpcEncryptionControl,
    VpcPeering,
    Zones,
)
from constructs_lattice.vpc_lattice import ResourceConfigurationBase
from tests.vpc.test_imported_vpc import TIERS, attributes

ENV = cdk.Environment(account="111111111111", region="eu-west-1")
ZONES = ["eu-west-1a", "eu-west-1b"]


def _theirs(stack: cdk.Stack) -> ec2.IVpc:
    ids = {
        f"{kind}_{what}": [f"{prefix}-0123456789abc{kind[1]}{number}{number}" for number in (1, 2)]
        for kind in ("public", "private", "isolated")
        for what, prefix in (("subnet_ids", "subnet"), ("subnet_route_table_ids", "rtb"))
    }
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        vpc_cidr_block="10.20.0.0/16",
        availability_zones=ZONES,
        **ids,  # type: ignore[arg-type]  # lists of ids all of them
    )


VPCS: dict[str, Callable[[cdk.Stack], Any]] = {
    "ours": lambda stack: Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=TIERS, zones=Zones.named(*ZONES)),
    "ours, of attributes": lambda stack: Vpc.from_vpc_attributes(stack, "Vpc", attributes()),
    "ours, of parameters": lambda stack: Vpc.from_parameters(
        stack, "Vpc", prefix="/network/shop", tiers=TIERS, zones=Zones.first(2)
    ),
    "ec2.Vpc": lambda stack: ec2.Vpc(
        stack,
        "Vpc",
        ip_addresses=ec2.IpAddresses.cidr("10.20.0.0/16"),
        availability_zones=ZONES,
        restrict_default_security_group=False,
    ),
    "ec2.Vpc, looked up": lambda stack: ec2.Vpc.from_lookup(stack, "Vpc", vpc_name="shop"),
    "ec2.Vpc, of attributes": _theirs,
}


def _alb_target_group(stack: cdk.Stack, vpc: ec2.IVpc) -> object:
    balancer = ApplicationLoadBalancer(stack, "Balancer", vpc=vpc)
    balancer.add_listener("Http")
    return AlbTargetGroup(stack, "It", load_balancer=balancer.resource, vpc=vpc)


def _hub(stack: cdk.Stack) -> TransitGateway:
    return TransitGateway(stack, "Hub")


def _shared(stack: cdk.Stack) -> ResourceConfigurationBase:
    arn = "arn:aws:vpc-lattice:eu-west-1:222222222222:resourceconfiguration/rcfg-0123456789abcdef0"
    return ResourceConfiguration.from_resource_configuration_arn(stack, "Shared", arn)


def _connect(stack: cdk.Stack, vpc: ec2.IVpc) -> object:
    service = Service(stack, "It", custom_domain_name="vault.example.com", auth=Auth.iam())
    service.add_listener(
        "Tls",
        protocol=ListenerProtocol.TLS_PASSTHROUGH,
        default_action=Action.forward(IpTargetGroup(stack, "Tcp", vpc=vpc, protocol=TargetProtocol.TCP)),
    )
    service.grants.connect(vpc)
    return service


def _peering(stack: cdk.Stack, vpc: ec2.IVpc) -> object:
    other = Vpc(stack, "Other", cidr="10.99.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())
    VpcPeering(stack, "There", requester=other, accepter=vpc)
    return VpcPeering(stack, "Here", requester=vpc, accepter=other)


TAKERS: dict[str, Callable[[cdk.Stack, Any], object]] = {
    "AlbTargetGroup": _alb_target_group,
    "ApplicationLoadBalancer": lambda stack, vpc: ApplicationLoadBalancer(stack, "It", vpc=vpc).add_listener("Http"),
    "DhcpOptions.associate_with": lambda stack, vpc: DhcpOptions(stack, "It").associate_with("Vpc", vpc),
    "FlowLogs.apply": lambda stack, vpc: FlowLogs.to_cloud_watch().apply(stack, "It", vpc),
    "InstanceTargetGroup": lambda stack, vpc: InstanceTargetGroup(stack, "It", vpc=vpc),
    "IpTargetGroup": lambda stack, vpc: IpTargetGroup(stack, "It", vpc=vpc),
    "MicroserviceMesh": lambda stack, vpc: MicroserviceMesh(stack, "It", vpcs={"shop": vpc}),
    "NetworkLoadBalancer": lambda stack, vpc: NetworkLoadBalancer(stack, "It", vpc=vpc),
    "ResourceEndpoint": lambda stack, vpc: ResourceEndpoint(
        stack, "It", resource_configuration=_shared(stack), vpc=vpc, ports=[5432]
    ),
    "ResourceGateway": lambda stack, vpc: ResourceGateway(stack, "It", vpc=vpc),
    "ResourceGateway.from_resource_gateway_attributes": lambda stack, vpc: (
        ResourceGateway.from_resource_gateway_attributes(
            stack, "It", resource_gateway_id="rgw-0123456789abcdef0", vpc=vpc
        )
    ),
    "ServiceGrants.connect": _connect,
    "ServiceNetwork.add_endpoint": lambda stack, vpc: ServiceNetwork(stack, "It").add_endpoint("Vpc", vpc=vpc),
    "ServiceNetworkEndpoint": lambda stack, vpc: ServiceNetworkEndpoint(
        stack, "It", service_network=ServiceNetwork(stack, "Mesh"), vpc=vpc
    ),
    "TunnelEndpoint": lambda stack, vpc: TunnelEndpoint(stack, "It", resource_configuration=_shared(stack), vpc=vpc),
    "ServiceNetwork.add_vpc_association": lambda stack, vpc: ServiceNetwork(stack, "It").add_vpc_association(
        "Vpc", vpc=vpc
    ),
    "TransitGateway.add_vpc_attachment": lambda stack, vpc: (
        _hub(stack).add_vpc_attachment("Vpc", vpc=vpc).add_routes(["192.168.0.0/16"], from_=ec2.SubnetSelection())
    ),
    "VpcAssociation": lambda stack, vpc: VpcAssociation(
        stack, "It", service_network=ServiceNetwork(stack, "Mesh"), vpc=vpc
    ),
    "VpcAttachment": lambda stack, vpc: VpcAttachment(
        stack, "It", transit_gateway_id=_hub(stack).transit_gateway_id, vpc=vpc
    ),
    "VpcBlockPublicAccessExclusion": lambda stack, vpc: VpcBlockPublicAccessExclusion(
        stack, "It", vpc=vpc, subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
    ),
    "VpcEncryptionControl": lambda stack, vpc: VpcEncryptionControl(stack, "It", vpc=vpc),
    "VpcPeering": _peering,
}

# What is said to a VPC of ours when it is made.
NOT_TAKEN = {("VpcEncryptionControl", "ours")}


def _takers() -> set[str]:
    """All public classes, and methods of theirs, with an argument that is any VPC."""
    found = set()
    for name in constructs_lattice.__all__:
        public = getattr(constructs_lattice, name)
        if not inspect.isclass(public):
            continue
        for method, function in inspect.getmembers(public, inspect.isfunction):
            if method.startswith("_") and method != "__init__":
                continue
            if any("IVpc" in str(each.annotation) for each in inspect.signature(function).parameters.values()):
                found.add(name if method == "__init__" else f"{name}.{method}")
    return found


def test_every_construct_that_takes_a_vpc_is_tried_here() -> None:
    """One that is new is added to `TAKERS`."""
    assert _takers() == set(TAKERS)


@pytest.mark.parametrize("kind", VPCS)
@pytest.mark.parametrize("taker", TAKERS)
def test_it_takes_any_vpc(taker: str, kind: str) -> None:
    """And the stack can be synthesized."""
    stack = cdk.Stack(cdk.App(), "Shop", env=ENV)
    vpc = VPCS[kind](stack)
    before = len(stack.node.find_all())
    if (taker, kind) in NOT_TAKEN:
        with pytest.raises(ArgumentError):
            TAKERS[taker](stack, vpc)
        return
    TAKERS[taker](stack, vpc)
    assert len(stack.node.find_all()) > before
    Template.from_stack(stack)
