"""Applications of the CDK, as they are written: stacks that take each other's values, by every kind of reference."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ecs_patterns as patterns
from aws_cdk import aws_efs as efs
from aws_cdk import aws_eks as eks
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds

from constructs_lattice.guarantees import Checker, Connection
from constructs_lattice.templates import load

ENVIRONMENT = cdk.Environment(account="111111111111", region="eu-west-1")
CONTEXTS: dict[str, tuple[cdk.Environment | None, dict[str, Any]]] = {
    "agnostic": (None, {"@aws-cdk/aws-ec2:restrictDefaultSecurityGroup": True}),
    "exports": (ENVIRONMENT, {}),
    "outputs": (ENVIRONMENT, {"@aws-cdk/core:defaultCrossStackReferences": "weak"}),
}


def _shop(outdir: str, environment: cdk.Environment | None, context: dict[str, Any]) -> None:
    """A network, its data, a web service and an edge, each in a stack of its own."""
    app = cdk.App(outdir=outdir, context={**context, "@aws-cdk/core:validationReportJson": False})
    network = cdk.Stack(app, "Net", env=environment)
    vpc = _vpc(network)
    data = cdk.Stack(app, "Data", env=environment)
    isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    postgres = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16)
    database = rds.DatabaseInstance(data, "Db", engine=postgres, vpc=vpc, vpc_subnets=isolated)
    web = cdk.Stack(app, "Web", env=environment)
    cluster = ecs.Cluster(web, "Cluster", vpc=vpc)
    image = ecs.ContainerImage.from_registry("nginx")
    shop = patterns.ApplicationLoadBalancedFargateService(
        web,
        "Shop",
        cluster=cluster,
        task_image_options=patterns.ApplicationLoadBalancedTaskImageOptions(image=image, container_port=8080),
    )
    database.connections.allow_default_port_from(shop.service)
    files = efs.FileSystem(web, "Files", vpc=vpc)
    files.connections.allow_default_port_from(shop.service)
    lambda_.Function(
        web,
        "Report",
        runtime=lambda_.Runtime.PYTHON_3_12,
        handler="index.handler",
        code=lambda_.Code.from_inline("pass"),
        vpc=vpc,
    )
    _edge(cdk.Stack(app, "Edge", env=environment), vpc, database)
    app.synth()


def _vpc(network: cdk.Stack) -> ec2.Vpc:
    kinds = ec2.SubnetType
    vpc = ec2.Vpc(
        network,
        "Vpc",
        max_azs=2,
        nat_gateways=1,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="public", subnet_type=kinds.PUBLIC, cidr_mask=24),
            ec2.SubnetConfiguration(name="app", subnet_type=kinds.PRIVATE_WITH_EGRESS, cidr_mask=24),
            ec2.SubnetConfiguration(name="data", subnet_type=kinds.PRIVATE_ISOLATED, cidr_mask=24),
        ],
    )
    vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
    vpc.add_interface_endpoint("Ssm", service=ec2.InterfaceVpcEndpointAwsService.SSM)
    return vpc


def _edge(stack: cdk.Stack, vpc: ec2.Vpc, database: rds.DatabaseInstance) -> None:
    machine, size = ec2.MachineImage.latest_amazon_linux2023(), ec2.InstanceType("t3.micro")
    group = autoscaling.AutoScalingGroup(stack, "Group", vpc=vpc, instance_type=size, machine_image=machine)
    group.connections.allow_from_any_ipv4(ec2.Port.tcp(8443))
    balancer = elbv2.NetworkLoadBalancer(stack, "Nlb", vpc=vpc, internet_facing=True, cross_zone_enabled=True)
    balancer.add_listener("Tls", port=443).add_targets("Group", port=8443, targets=[group])
    public = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
    bastion = ec2.BastionHostLinux(stack, "Bastion", vpc=vpc, subnet_selection=public)
    bastion.connections.allow_to(database, ec2.Port.tcp(5432))
    plain = ec2.CfnInstance(stack, "Plain", subnet_id=vpc.private_subnets[0].subnet_id)
    plain.node.add_dependency(vpc)
    role = "arn:aws:iam::111111111111:role/cluster"
    private = [each.subnet_id for each in vpc.private_subnets]
    cluster = eks.CfnCluster(
        stack,
        "Eks",
        role_arn=role,
        resources_vpc_config=eks.CfnCluster.ResourcesVpcConfigProperty(
            subnet_ids=private, endpoint_public_access=False, endpoint_private_access=True
        ),
    )
    eks.CfnNodegroup(stack, "Nodes", cluster_name=cluster.ref, node_role=role, subnets=private)


@pytest.fixture(scope="module", params=CONTEXTS)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Checker]:
    """The application, synthesized."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    _shop(str(folder), *CONTEXTS[request.param])
    return request.param, Checker(load(folder))


QUESTIONS = [
    # The front, and what is behind it.
    ("internet", "Web/Shop/LB", 80, "reachable"),
    ("internet", "Web/Shop/LB", 443, "unreachable"),
    ("internet", "Web/Shop/Service/Service", 8080, "unreachable"),
    ("Web/Shop/LB", "Web/Shop/Service/Service", 8080, "reachable"),
    ("Web/Shop/LB", "Web/Shop/Service/Service", 80, "unreachable"),
    ("Web/Shop/Service/Service", "Data/Db", 5432, "reachable"),
    ("Web/Shop/Service/Service", "Data/Db", 22, "unreachable"),
    ("Web/Shop/Service/Service", "Web/Files/EfsMountTarget1", 2049, "reachable"),
    ("Web/Shop/Service/Service", "internet", 443, "reachable"),
    ("Web/Shop/Service/Service", "Net/Vpc/S3", 443, "reachable"),
    ("Web/Shop/Service/Service", "Net/Vpc/Ssm", 443, "reachable"),
    ("internet", "Net/Vpc/Ssm", 443, "unreachable"),
    # The data tier.
    ("internet", "Data/Db", 5432, "unreachable"),
    ("Data/Db", "internet", 443, "unreachable"),
    ("Web/Report", "Data/Db", 5432, "unreachable"),
    ("Web/Report", "internet", 443, "reachable"),
    # The edge: the bastion goes in, the load balancer hands on to instances in private subnets.
    ("internet", "Edge/Nlb", 443, "reachable"),
    ("internet", "Edge/Bastion", 22, "unreachable"),
    ("Edge/Bastion", "Data/Db", 5432, "reachable"),
    ("Edge/Bastion", "Data/Db", 3306, "unreachable"),
    # A cluster and its nodes, which share the group that EKS makes.
    ("Edge/Nodes", "Edge/Eks", 443, "reachable"),
    ("Edge/Eks", "Edge/Nodes", 10250, "reachable"),
    ("Web/Report", "Edge/Eks", 443, "unreachable"),
    ("internet", "Edge/Eks", 443, "unreachable"),
    ("Edge/Nodes", "internet", 443, "reachable"),
]


@pytest.mark.parametrize(("source", "target", "port", "expect"), QUESTIONS)
def test_an_application_is_understood(
    shop: tuple[str, Checker], source: str, target: str, port: int, expect: str
) -> None:
    """Whether its stacks export values, take outputs, or know neither their region nor their account."""
    _, checker = shop
    question = {"id": "q", "from": source, "to": target, "port": port, "expect": expect}
    result = checker.check_one(Connection.model_validate(question))
    assert result.holds, "\n".join(result.lines())


def test_the_default_group_is_as_the_cdk_makes_it(shop: tuple[str, Checker]) -> None:
    """With the feature flag, a custom resource takes its rules away."""
    name, checker = shop
    question = {"id": "q", "from": "Edge.Plain", "to": "internet", "port": 443}
    result = checker.check_one(Connection.model_validate({**question, "expect": "unreachable"}))
    assert result.verdict == ("unreachable" if name == "agnostic" else "reachable"), "\n".join(result.lines())
