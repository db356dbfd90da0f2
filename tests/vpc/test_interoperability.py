"""One of our VPCs is an `ec2.IVpc` for the rest of the CDK."""

from collections.abc import Callable
from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk.assertions import Match, Template

from constructs_lattice import ArgumentError, FlowLogs, Tier, Vpc, Zones


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    tiers = [Tier.public("web"), Tier.private("app"), Tier.private("batch"), Tier.isolated("data"), Tier.transit()]
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", zones=Zones.named("eu-west-1a", "eu-west-1b"), tiers=tiers)


def _ids(stack: cdk.Stack, vpc: Vpc, *tiers: str) -> list[object]:
    return [stack.resolve(subnet.subnet_id) for tier in tiers for subnet in vpc.tier(tier).subnets]


def test_ecs(stack: cdk.Stack, vpc: Vpc) -> None:
    """A Fargate service runs in the tier that its subnet group names."""
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("Web", image=ecs.ContainerImage.from_registry("nginx"))
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc)
    ecs.FargateService(stack, "Web", cluster=cluster, task_definition=task, vpc_subnets=vpc.tier("batch").selection)
    Template.from_stack(stack).has_resource_properties(
        "AWS::ECS::Service",
        {"NetworkConfiguration": {"AwsvpcConfiguration": Match.object_like({"Subnets": _ids(stack, vpc, "batch")})}},
    )


def test_rds(stack: cdk.Stack, vpc: Vpc) -> None:
    """A database lives in the isolated tier when its type of subnet says so; the transit tier is not meant."""
    rds.DatabaseInstance(
        stack,
        "Db",
        engine=rds.DatabaseInstanceEngine.MYSQL,
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    )
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::DBSubnetGroup", {"SubnetIds": _ids(stack, vpc, "data")}
    )


def test_lambda(stack: cdk.Stack, vpc: Vpc) -> None:
    """Without a word about subnets, a function is in all private tiers."""
    lambda_.Function(
        stack,
        "Fn",
        vpc=vpc,
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handle",
        code=lambda_.Code.from_inline("def handle(event, context): pass"),
    )
    Template.from_stack(stack).has_resource_properties(
        "AWS::Lambda::Function", {"VpcConfig": Match.object_like({"SubnetIds": _ids(stack, vpc, "app", "batch")})}
    )


def test_instances_and_auto_scaling_groups(stack: cdk.Stack, vpc: Vpc) -> None:
    """Both find their subnets."""
    template = ec2.LaunchTemplate(
        stack,
        "Template",
        instance_type=ec2.InstanceType("t4g.small"),
        machine_image=ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64),
        security_group=ec2.SecurityGroup(stack, "Group", vpc=vpc),
    )
    autoscaling.AutoScalingGroup(stack, "Fleet", vpc=vpc, launch_template=template)
    ec2.BastionHostLinux(stack, "Bastion", vpc=vpc, subnet_selection=vpc.tier("web").selection)
    synthesized = Template.from_stack(stack)
    synthesized.has_resource_properties(
        "AWS::AutoScaling::AutoScalingGroup", {"VPCZoneIdentifier": _ids(stack, vpc, "app", "batch")}
    )
    synthesized.has_resource_properties("AWS::EC2::Instance", {"SubnetId": _ids(stack, vpc, "web")[0]})


def test_eks(stack: cdk.Stack, vpc: Vpc) -> None:
    """A cluster's control plane is in the tiers that are picked for it."""
    eks.Cluster(
        stack,
        "Cluster",
        vpc=vpc,
        version=eks.KubernetesVersion.V1_33,
        vpc_subnets=[vpc.tier("app").selection],
        default_capacity_type=eks.DefaultCapacityType.AUTOMODE,
    )
    Template.from_stack(stack).has_resource_properties(
        "AWS::EKS::Cluster", {"ResourcesVpcConfig": Match.object_like({"SubnetIds": _ids(stack, vpc, "app")})}
    )


def _fargate(stack: cdk.Stack, vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> None:
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("Web", image=ecs.ContainerImage.from_registry("nginx"))
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc)
    ecs.FargateService(stack, "Web", cluster=cluster, task_definition=task, vpc_subnets=subnets)


def _cluster(stack: cdk.Stack, vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> None:
    mode = eks.DefaultCapacityType.AUTOMODE
    version = eks.KubernetesVersion.V1_33
    eks.Cluster(stack, "Eks", vpc=vpc, version=version, vpc_subnets=[subnets], default_capacity_type=mode)


def _database(stack: cdk.Stack, vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> None:
    engine = rds.DatabaseInstanceEngine.MYSQL
    rds.DatabaseInstance(stack, "Db", engine=engine, vpc=vpc, vpc_subnets=subnets)


def _function(stack: cdk.Stack, vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> None:
    code = lambda_.Code.from_inline("def handle(event, context): pass")
    runtime = lambda_.Runtime.PYTHON_3_13
    lambda_.Function(stack, "Fn", vpc=vpc, vpc_subnets=subnets, runtime=runtime, handler="index.handle", code=code)


def _application_load_balancer(stack: cdk.Stack, vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> None:
    elbv2.ApplicationLoadBalancer(stack, "Alb", vpc=vpc, vpc_subnets=subnets)


def _network_load_balancer(stack: cdk.Stack, vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> None:
    elbv2.NetworkLoadBalancer(stack, "Nlb", vpc=vpc, vpc_subnets=subnets)


# What makes something in a VPC, the type of the resource that names the subnets, and where it does.
USERS: dict[str, tuple[Callable[[cdk.Stack, ec2.IVpc, ec2.SubnetSelection], None], str, list[str]]] = {
    "ECS": (_fargate, "AWS::ECS::Service", ["NetworkConfiguration", "AwsvpcConfiguration", "Subnets"]),
    "EKS": (_cluster, "AWS::EKS::Cluster", ["ResourcesVpcConfig", "SubnetIds"]),
    "RDS": (_database, "AWS::RDS::DBSubnetGroup", ["SubnetIds"]),
    "Lambda": (_function, "AWS::Lambda::Function", ["VpcConfig", "SubnetIds"]),
    "ALB": (_application_load_balancer, "AWS::ElasticLoadBalancingV2::LoadBalancer", ["Subnets"]),
    "NLB": (_network_load_balancer, "AWS::ElasticLoadBalancingV2::LoadBalancer", ["Subnets"]),
}

SELECTIONS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "group name": ({"subnet_group_name": "batch"}, [("batch", zone) for zone in "abc"]),
    "type": ({"subnet_type": ec2.SubnetType.PRIVATE_ISOLATED}, [("data", zone) for zone in "abc"]),
    "zone": (
        {"subnet_group_name": "app", "availability_zones": ["eu-west-1a", "eu-west-1c"]},
        [("app", "a"), ("app", "c")],
    ),
    "key of the zone": ({"subnet_group_name": "app", "availability_zones": ["b", "c"]}, [("app", "b"), ("app", "c")]),
    "type and zone": (
        {"subnet_type": ec2.SubnetType.PRIVATE_WITH_EGRESS, "availability_zones": ["eu-west-1b"], "one_per_az": False},
        [("app", "b"), ("batch", "b")],
    ),
}


@pytest.mark.parametrize("imported", [False, True], ids=["made", "imported"])
@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("user", USERS)
def test_subnets_are_picked_for_others(stack: cdk.Stack, user: str, selection: str, imported: bool) -> None:
    """By group name, type and zone, for what is in a VPC that was made here or elsewhere."""
    tiers = [Tier.public("web"), Tier.private("app"), Tier.private("batch"), Tier.isolated("data"), Tier.transit()]
    zones = Zones.named(*(f"eu-west-1{letter}" for letter in "abc"))
    vpc: Any = Vpc(stack, "Vpc", cidr="10.20.0.0/16", zones=zones, tiers=tiers, flow_logs=FlowLogs.none())
    if imported:
        vpc = Vpc.from_vpc_attributes(stack, "Imported", vpc.attributes)
    make, type_, way = USERS[user]
    fields, expected = SELECTIONS[selection]
    make(stack, vpc, ec2.SubnetSelection(**fields))
    (resource,) = Template.from_stack(stack).find_resources(type_).values()
    value = resource["Properties"]
    for name in way:
        value = value[name]
    assert value == [stack.resolve(vpc.subnet(*place).subnet_id) for place in expected]


def test_endpoints_and_flow_logs(stack: cdk.Stack, vpc: Vpc) -> None:
    """Those that are added by the methods of `ec2.IVpc` are the CDK's own."""
    vpc.add_interface_endpoint("Sqs", service=ec2.InterfaceVpcEndpointAwsService.SQS)
    vpc.add_gateway_endpoint("S3Express", service=ec2.GatewayVpcEndpointAwsService.S3_EXPRESS)
    vpc.add_flow_log("Rejected", traffic_type=ec2.FlowLogTrafficType.REJECT)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::FlowLog", 2)
    template.has_resource_properties(
        "AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface", "SubnetIds": _ids(stack, vpc, "app")}
    )
    template.resource_count_is("AWS::EC2::VPCEndpoint", 4)


def test_a_vpn_connection_makes_the_virtual_private_gateway(stack: cdk.Stack, vpc: Vpc) -> None:
    """Attached, with its routes propagated to the private subnets; a second one is refused."""
    assert vpc.vpn_gateway_id is None
    vpc.add_vpn_connection("Office", ip="203.0.113.10")
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::VPNGatewayRoutePropagation",
        {
            "RouteTableIds": [
                stack.resolve(subnet.route_table.route_table_id)
                for tier in ("app", "batch")
                for subnet in vpc.tier(tier).subnets
            ]
        },
    )
    assert vpc.vpn_gateway_id is not None
    with pytest.raises(ArgumentError) as caught:
        vpc.enable_vpn_gateway(type="ipsec.1")
    assert str(caught.value) == ("Shop/Vpc: there is a virtual private gateway already; a vpc can have one only")


def test_client_vpn(stack: cdk.Stack, vpc: Vpc) -> None:
    """An endpoint is associated with the subnets that are picked for it."""
    vpc.add_client_vpn_endpoint(
        "Vpn",
        cidr="10.100.0.0/16",
        server_certificate_arn="arn:aws:acm:eu-west-1:111111111111:certificate/server",
        client_certificate_arn="arn:aws:acm:eu-west-1:111111111111:certificate/client",
        vpc_subnets=vpc.tier("app").selection,
    )
    Template.from_stack(stack).resource_count_is("AWS::EC2::ClientVpnTargetNetworkAssociation", 2)


def test_a_network_acl_of_ones_own(stack: cdk.Stack, vpc: Vpc) -> None:
    """It can be put over a subnet, or over a selection of them."""
    acl = ec2.NetworkAcl(stack, "Acl", vpc=vpc, subnet_selection=vpc.tier("app").selection)
    vpc.subnet("data", "a").associate_network_acl("DataAcl", acl)
    Template.from_stack(stack).resource_count_is("AWS::EC2::SubnetNetworkAclAssociation", 3)


def test_selections(stack: cdk.Stack, vpc: Vpc) -> None:
    """By nothing, group, type, zone name, zone key, one a zone, subnets, and filters."""

    def ids(**fields: Any) -> list[object]:
        return [stack.resolve(each) for each in vpc.select_subnets(**fields).subnet_ids]

    assert ids() == _ids(stack, vpc, "app", "batch")
    assert ids(subnet_group_name="transit") == _ids(stack, vpc, "transit")
    assert ids(subnet_type=ec2.SubnetType.PUBLIC) == _ids(stack, vpc, "web")
    assert ids(subnet_group_name="data", availability_zones=["eu-west-1b"]) == _ids(stack, vpc, "data")[1:]
    assert ids(subnet_group_name="data", availability_zones=["a"]) == _ids(stack, vpc, "data")[:1]
    assert ids(one_per_az=True) == _ids(stack, vpc, "app")
    assert ids(subnets=[vpc.subnet("data", "b")]) == _ids(stack, vpc, "data")[1:]
    cidrs = ec2.SubnetFilter.by_cidr_ranges([vpc.subnet("app", "a").ipv4_cidr_block])
    assert ids(subnet_filters=[cidrs]) == _ids(stack, vpc, "app")[:1]


def test_a_selection_tells_whether_it_is_public(vpc: Vpc) -> None:
    """As `ec2.Vpc` does, for explicit subnets, too."""
    assert vpc.select_subnets(subnet_group_name="web").has_public
    assert vpc.select_subnets(subnets=[vpc.subnet("web", "a")]).has_public
    assert not vpc.select_subnets(subnet_group_name="app").has_public


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (
            {"subnet_group_name": "cache"},
            "Shop/Vpc: there is no subnet group 'cache'; the tiers are 'web' (public), 'app' (private), "
            "'batch' (private), 'data' (isolated), 'transit' (transit)",
        ),
        (
            {"availability_zones": ["eu-west-1f"]},
            "Shop/Vpc: no subnet is in any of the zones eu-west-1f; the vpc's zones are a, b",
        ),
    ],
)
def test_a_selection_of_nothing_is_refused(vpc: Vpc, selection: dict[str, Any], message: str) -> None:
    """Where `ec2.Vpc` would select nothing silently, the message lists the choices."""
    with pytest.raises(ArgumentError) as caught:
        vpc.select_subnets(**selection)
    assert str(caught.value) == message


def test_a_type_that_is_not_there_is_refused(stack: cdk.Stack) -> None:
    """A VPC of isolated tiers has no public subnets, and none for transit by default."""
    isolated = Vpc(stack, "Isolated", cidr="10.20.0.0/16", tiers=[Tier.isolated()])
    with pytest.raises(ArgumentError) as caught:
        isolated.select_subnets(subnet_type=ec2.SubnetType.PUBLIC)
    assert str(caught.value) == "Shop/Isolated: there is no subnet of type PUBLIC; the tiers are 'isolated' (isolated)"
    transit = Vpc(stack, "Transit", cidr="10.21.0.0/16", tiers=[Tier.transit()])
    with pytest.raises(ArgumentError) as caught:
        transit.select_subnets()
    assert str(caught.value) == (
        "Shop/Transit: there is no subnet that could be picked by default; the tiers are 'transit' (transit)"
    )


def test_selecting_is_what_it_is_with_an_ec2_vpc(stack: cdk.Stack, vpc: Vpc) -> None:
    """Names of zones, in the same order, for the same selections."""
    theirs = ec2.Vpc(
        stack,
        "Theirs",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        subnet_configuration=[
            ec2.SubnetConfiguration(name="web", subnet_type=ec2.SubnetType.PUBLIC),
            ec2.SubnetConfiguration(name="app", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            ec2.SubnetConfiguration(name="batch", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            ec2.SubnetConfiguration(name="data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        ],
    )
    selections: list[dict[str, Any]] = [
        {},
        {"subnet_type": ec2.SubnetType.PUBLIC},
        {"subnet_type": ec2.SubnetType.PRIVATE_WITH_EGRESS, "one_per_az": True},
        {"subnet_group_name": "data", "availability_zones": ["eu-west-1b"]},
    ]
    for fields in selections:
        ours, reference = vpc.select_subnets(**fields), theirs.select_subnets(**fields)
        assert ours.availability_zones == reference.availability_zones
        assert len(ours.subnets) == len(reference.subnets)
        assert ours.has_public == reference.has_public


def test_it_crosses_stacks(vpc: Vpc) -> None:
    """A group in another stack refers to the VPC by an export or an output, as with any other."""
    other = cdk.Stack(cast("cdk.App", vpc.node.root), "Other")
    ec2.SecurityGroup(other, "Group", vpc=vpc)
    (group,) = Template.from_stack(other).find_resources("AWS::EC2::SecurityGroup").values()
    assert list(group["Properties"]["VpcId"]) == ["Fn::ImportValue"]


def test_the_arn_names_the_vpc(stack: cdk.Stack, vpc: Vpc) -> None:
    """In any partition."""
    assert "vpc/" in str(stack.resolve(vpc.vpc_arn))
    assert stack.resolve(vpc.vpc_ref.vpc_id) == stack.resolve(vpc.vpc_id)
