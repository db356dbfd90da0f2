"""ECS services on VPC Lattice, with rolling updates and with two target groups."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Match as Like
from aws_cdk.assertions import Template

from constructs_lattice import (
    Action,
    ArgumentError,
    Auth,
    EcsDeployment,
    EcsTarget,
    FlowLogs,
    HeaderMatch,
    HealthCheck,
    InstanceTargetGroup,
    IpAddressType,
    IpProtocol,
    IpTargetGroup,
    LatticePrefixLists,
    Listener,
    ListenerProtocol,
    Match,
    Rule,
    Service,
    TargetGroup,
    TargetProtocol,
    Tier,
    Vpc,
    Weighted,
)
from constructs_lattice.vpc_lattice import RuleBase

LISTS = LatticePrefixLists.of(ipv4="pl-0123456789abcdef0")
ARN = "arn:aws:vpc-lattice:eu-west-1:111111111111:targetgroup/tg-0123456789abcdef0"
RULE = (
    "arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-0123456789abcdef0/"
    "listener/listener-0123456789abcdef0/rule/rule-0123456789abcdef0"
)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())


def task_definition(stack: cdk.Stack, *names: str) -> ecs.FargateTaskDefinition:
    task = ecs.FargateTaskDefinition(stack, f"Task{''.join(names)}")
    mappings = [ecs.PortMapping(name=name, container_port=8080 + index) for index, name in enumerate(names)]
    task.add_container("app", image=ecs.ContainerImage.from_registry("app"), port_mappings=mappings)
    return task


@pytest.fixture
def tasks(stack: cdk.Stack, vpc: Vpc) -> ecs.FargateService:
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc)
    return ecs.FargateService(
        stack,
        "Tasks",
        cluster=cluster,
        task_definition=task_definition(stack, "web", "admin"),
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    )


@pytest.fixture
def blue(stack: cdk.Stack, vpc: Vpc) -> IpTargetGroup:
    return IpTargetGroup(stack, "Blue", vpc=vpc, health_check=HealthCheck(port=9090))


@pytest.fixture
def green(stack: cdk.Stack, vpc: Vpc) -> IpTargetGroup:
    return IpTargetGroup(stack, "Green", vpc=vpc, health_check=HealthCheck(port=9090))


@pytest.fixture
def listener(stack: cdk.Stack) -> Listener:
    return Service(stack, "Orders", auth=Auth.none()).add_listener("Https", default_action=Action.fixed_response(404))


@pytest.fixture
def production(listener: Listener, blue: IpTargetGroup, green: IpTargetGroup) -> Rule:
    return listener.add_rule("All", match=Match.path_prefix("/"), action=shifting(blue, green))


@dataclass(frozen=True)
class Pair:
    """Two groups, and the rule that forwards to them."""

    blue: IpTargetGroup
    green: IpTargetGroup
    production: Rule
    listener: Listener


@pytest.fixture
def pair(blue: IpTargetGroup, green: IpTargetGroup, production: Rule, listener: Listener) -> Pair:
    return Pair(blue, green, production, listener)


def shifting(full: TargetGroup, empty: TargetGroup) -> Action:
    return Action.forward(full, Weighted(group=empty, weight=0))


def attr(stack: cdk.Stack, construct: Any) -> dict[str, Any]:
    return {"Fn::GetAtt": [stack.get_logical_id(construct.resource), "Arn"]}


def test_tasks_register_themselves(stack: cdk.Stack, tasks: ecs.FargateService, blue: IpTargetGroup) -> None:
    """The configuration, the role and the security group rules: on the container's port and on that of the checks."""
    target = EcsTarget(stack, "Target", service=tasks, group=blue, port_name="admin", prefix_lists=LISTS)
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::ECS::Service",
        {
            "VpcLatticeConfigurations": [
                {
                    "PortName": "admin",
                    "RoleArn": stack.resolve(target.role.role_arn),
                    "TargetGroupArn": stack.resolve(blue.target_group_arn),
                }
            ],
            "DeploymentConfiguration": Like.object_like({"Strategy": Like.absent()}),
        },
    )
    template.has_resource_properties(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}}
                ],
                "Version": "2012-10-17",
            },
            "ManagedPolicyArns": [
                {
                    "Fn::Join": [
                        "",
                        [
                            "arn:",
                            {"Ref": "AWS::Partition"},
                            ":iam::aws:policy/AmazonECSInfrastructureRolePolicyForVpcLattice",
                        ],
                    ]
                }
            ],
        },
    )
    rules = template.find_resources("AWS::EC2::SecurityGroupIngress").values()
    opened = [(rule["Properties"]["SourcePrefixListId"], rule["Properties"]["FromPort"]) for rule in rules]
    assert sorted(opened) == [("pl-0123456789abcdef0", 8081), ("pl-0123456789abcdef0", 9090)]


def test_one_call_makes_the_group_too(stack: cdk.Stack, tasks: ecs.FargateService) -> None:
    """In the VPC of the service's cluster, on the port of the mapping; a listener forwards to it."""
    target = EcsTarget(stack, "Target", service=tasks, port_name="admin", prefix_lists=LISTS)
    Service(stack, "Orders").add_listener("Https", default_action=Action.forward(target.group))
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::VpcLattice::TargetGroup",
        {
            "Type": "IP",
            "Config": {"Port": 8081, "Protocol": "HTTP", "VpcIdentifier": stack.resolve(tasks.cluster.vpc.vpc_id)},
        },
    )
    template.has_resource_properties(
        "AWS::ECS::Service", {"VpcLatticeConfigurations": [{"TargetGroupArn": attr(stack, target.group)}]}
    )
    template.has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"FromPort": 8081, "SourcePrefixListId": "pl-0123456789abcdef0"}
    )


def test_a_deployment_needs_the_group_of_its_rules(stack: cdk.Stack, tasks: ecs.FargateService, pair: Pair) -> None:
    """They were made before, and forward to it."""
    deployment = EcsDeployment.blue_green(alternate=pair.green, production=pair.production)
    with pytest.raises(ArgumentError) as caught:
        EcsTarget(stack, "Target", service=tasks, port_name="web", deployment=deployment)
    assert str(caught.value) == (
        "Shop/Target: the rules of the deployment forward to the group and to the alternate one; give group, too"
    )
    assert stack.node.try_find_child("Target") is None


def test_a_service_may_have_several_groups(stack: cdk.Stack, vpc: Vpc, tasks: ecs.FargateService) -> None:
    """Up to five; each with a port of its own, and a role if there is one."""
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111111111111:role/ecs")
    for count in range(5):
        group = IpTargetGroup(stack, f"Group{count}", vpc=vpc)
        EcsTarget(stack, f"Target{count}", service=tasks, group=group, port_name="web", role=role)
    last = TargetGroup.from_target_group_arn(stack, "Last", ARN)
    with pytest.raises(ArgumentError) as caught:
        EcsTarget(stack, "Target5", service=tasks, group=last, port_name="web", role=role)
    assert str(caught.value) == (
        "Shop/Target5: an ECS service has 5 target groups at most, and Shop/Tasks has them already; "
        "make another service"
    )
    (service,) = Template.from_stack(stack).find_resources("AWS::ECS::Service").values()
    configurations = service["Properties"]["VpcLatticeConfigurations"]
    assert [each["RoleArn"] for each in configurations] == ["arn:aws:iam::111111111111:role/ecs"] * 5
    assert len({str(each["TargetGroupArn"]) for each in configurations}) == 5


def test_instances_run_tasks_as_well(stack: cdk.Stack, vpc: Vpc) -> None:
    """Any service of aws-cdk's own; the group may be imported, or an L1 construct."""
    task = ecs.Ec2TaskDefinition(stack, "Task", network_mode=ecs.NetworkMode.AWS_VPC)
    mapping = ecs.PortMapping(name="web", container_port=80)
    image = ecs.ContainerImage.from_registry("app")
    task.add_container("app", image=image, memory_limit_mib=64, port_mappings=[mapping])
    tasks = ecs.Ec2Service(
        stack,
        "Tasks",
        cluster=ecs.Cluster.from_cluster_attributes(stack, "Cluster", cluster_name="shop", vpc=vpc),
        task_definition=task,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    )
    EcsTarget(stack, "One", service=tasks, group=TargetGroup.from_target_group_arn(stack, "G", ARN), port_name="web")
    plain = vpclattice.CfnTargetGroup(stack, "L1", type="IP")
    EcsTarget(stack, "Two", service=tasks, group=plain, port_name="web")
    (service,) = Template.from_stack(stack).find_resources("AWS::ECS::Service").values()
    groups = [each["TargetGroupArn"] for each in service["Properties"]["VpcLatticeConfigurations"]]
    assert groups == [ARN, {"Ref": "L1"}]


def test_requests_shift_between_two_groups(stack: cdk.Stack, tasks: ecs.FargateService, pair: Pair) -> None:
    """The pair, the rule of production, the rule that tries, and the times."""
    header = Match.header_is(HeaderMatch.exact("x-environment", "test"))
    test = pair.listener.add_rule("Test", match=header, action=shifting(pair.blue, pair.green))
    deployment = EcsDeployment.canary(
        alternate=pair.green,
        production=pair.production,
        test=test,
        percent=2.5,
        pause=cdk.Duration.minutes(5),
        bake_time=cdk.Duration.hours(1),
    )
    EcsTarget(stack, "Target", service=tasks, group=pair.blue, port_name="web", deployment=deployment)
    Template.from_stack(stack).has_resource_properties(
        "AWS::ECS::Service",
        {
            "VpcLatticeConfigurations": [
                {
                    "PortName": "web",
                    "RoleArn": Like.any_value(),
                    "TargetGroupArn": attr(stack, pair.blue),
                    "AdvancedConfiguration": {
                        "AlternateTargetGroupArn": attr(stack, pair.green),
                        "ProductionListenerRule": attr(stack, pair.production),
                        "TestListenerRule": attr(stack, test),
                    },
                }
            ],
            "DeploymentConfiguration": Like.object_like(
                {
                    "Strategy": "CANARY",
                    "BakeTimeInMinutes": 60,
                    "CanaryConfiguration": {"CanaryPercent": 2.5, "CanaryBakeTimeInMinutes": 5},
                }
            ),
        },
    )


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (EcsDeployment.blue_green, {"Strategy": "BLUE_GREEN"}),
        (EcsDeployment.linear, {"Strategy": "LINEAR"}),
        (EcsDeployment.canary, {"Strategy": "CANARY"}),
        (
            lambda **rules: EcsDeployment.linear(**rules, percent=25, pause=cdk.Duration.minutes(3)),
            {"Strategy": "LINEAR", "LinearConfiguration": {"StepPercent": 25, "StepBakeTimeInMinutes": 3}},
        ),
        (
            lambda **rules: EcsDeployment.blue_green(**rules, bake_time=cdk.Duration.minutes(0)),
            {"Strategy": "BLUE_GREEN", "BakeTimeInMinutes": 0},
        ),
    ],
)
def test_a_deployment_says_what_was_said(
    production: Rule, green: IpTargetGroup, make: Callable[..., EcsDeployment], expected: dict[str, Any]
) -> None:
    """What is left out is left to ECS."""
    assert make(alternate=green, production=production).for_service() == expected


def test_listeners_without_rules_shift_by_their_default_action(
    stack: cdk.Stack, vpc: Vpc, tasks: ecs.FargateService
) -> None:
    """ECS knows them by the ARN of the listener; the one that tries has another port."""
    blue, green = (IpTargetGroup(stack, name, vpc=vpc, protocol=TargetProtocol.TCP, port=8443) for name in ("B", "G"))
    service = Service(stack, "Orders", auth=Auth.none(), custom_domain_name="orders.example.com")
    production, test = (
        service.add_listener(
            name, port=port, protocol=ListenerProtocol.TLS_PASSTHROUGH, default_action=shifting(blue, green)
        )
        for name, port in (("Tls", 443), ("Test", 8443))
    )
    deployment = EcsDeployment.blue_green(alternate=green, production=production, test=test)
    EcsTarget(stack, "Target", service=tasks, group=blue, port_name="web", deployment=deployment)
    (resource,) = Template.from_stack(stack).find_resources("AWS::ECS::Service").values()
    (configuration,) = resource["Properties"]["VpcLatticeConfigurations"]
    assert configuration["AdvancedConfiguration"]["ProductionListenerRule"] == attr(stack, production)
    assert configuration["AdvancedConfiguration"]["TestListenerRule"] == attr(stack, test)


def test_two_pairs_shift_together(stack: cdk.Stack, vpc: Vpc, tasks: ecs.FargateService, pair: Pair) -> None:
    """By rules of their own, but in the same way: a service has one deployment."""
    one, two = (IpTargetGroup(stack, name, vpc=vpc) for name in ("One", "Two"))
    admin = pair.listener.add_rule("Admin", match=Match.path_prefix("/admin"), action=shifting(one, two))
    first = EcsDeployment.blue_green(alternate=pair.green, production=pair.production)
    EcsTarget(stack, "Web", service=tasks, group=pair.blue, port_name="web", deployment=first)
    for other in (None, EcsDeployment.canary(alternate=two, production=admin)):
        with pytest.raises(ArgumentError) as caught:
            EcsTarget(stack, "Admin", service=tasks, group=one, port_name="admin", deployment=other)
        assert str(caught.value) == (
            "Shop/Admin: all target groups of Shop/Tasks are deployed together; give each the same kind of deployment, "
            "with the same times"
        )
    second = EcsDeployment.blue_green(alternate=two, production=admin)
    EcsTarget(stack, "Admin", service=tasks, group=one, port_name="admin", deployment=second)
    (resource,) = Template.from_stack(stack).find_resources("AWS::ECS::Service").values()
    rules = [
        each["AdvancedConfiguration"]["ProductionListenerRule"]
        for each in resource["Properties"]["VpcLatticeConfigurations"]
    ]
    assert rules == [attr(stack, pair.production), attr(stack, admin)]


def test_rules_that_exist_already(stack: cdk.Stack, tasks: ecs.FargateService) -> None:
    """Of what they forward to, nothing is known."""
    group, alternate = (TargetGroup.from_target_group_arn(stack, name, f"{ARN[:-1]}{name}") for name in ("1", "2"))
    production: RuleBase = Rule.from_rule_arn(stack, "Rule", RULE)
    deployment = EcsDeployment.blue_green(alternate=alternate, production=production)
    EcsTarget(stack, "Target", service=tasks, group=group, port_name="web", deployment=deployment)
    Template.from_stack(stack).has_resource_properties(
        "AWS::ECS::Service",
        {
            "VpcLatticeConfigurations": [
                Like.object_like({"AdvancedConfiguration": Like.object_like({"ProductionListenerRule": RULE})})
            ]
        },
    )


def refused(make: Callable[[], object]) -> str:
    with pytest.raises(ArgumentError) as caught:
        make()
    return str(caught.value)


def test_the_port_must_have_that_name(stack: cdk.Stack, tasks: ecs.FargateService, blue: IpTargetGroup) -> None:
    """In the task definition, before."""
    assert refused(lambda: EcsTarget(stack, "Target", service=tasks, group=blue, port_name="wep")) == (
        "Shop/Target: the task definition of Shop/Tasks has no port mapping with the name 'wep'; "
        "give ecs.PortMapping(name=…) to a container before"
    )
    assert stack.node.try_find_child("Target") is None


def test_tasks_are_addresses(stack: cdk.Stack, vpc: Vpc, tasks: ecs.FargateService) -> None:
    """Not instances; and a group of IPv6 needs the prefix list of IPv6."""
    instances = InstanceTargetGroup(stack, "Instances", vpc=vpc)
    assert refused(lambda: EcsTarget(stack, "Target", service=tasks, group=instances, port_name="web")) == (
        "Shop/Target: tasks register with groups of IP addresses, got Shop/Instances; make an IpTargetGroup"
    )
    dual = Vpc(stack, "Dual", cidr="10.21.0.0/16", tiers=[Tier.isolated()], ip_protocol=IpProtocol.DUAL_STACK)
    six = IpTargetGroup(stack, "Six", vpc=dual, ip_address_type=IpAddressType.IPV6)
    assert (
        refused(lambda: EcsTarget(stack, "Target", service=tasks, group=six, port_name="web", prefix_lists=LISTS))
        == "Shop/Target: prefix_lists has no ipv6, but target group Shop/Six is of IPv6; add it"
    )
    EcsTarget(stack, "Target", service=tasks, group=six, port_name="web")


def test_code_deploy_does_not_go_with_it(stack: cdk.Stack, vpc: Vpc, blue: IpTargetGroup) -> None:
    """ECS itself does."""
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc)
    tasks = ecs.FargateService(
        stack,
        "Other",
        cluster=cluster,
        task_definition=task_definition(stack, "web"),
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        deployment_controller=ecs.DeploymentController(type=ecs.DeploymentControllerType.CODE_DEPLOY),
    )
    assert refused(lambda: EcsTarget(stack, "Target", service=tasks, group=blue, port_name="web")) == (
        "Shop/Target: the deployment controller of Shop/Other must be ECS, got CODE_DEPLOY; "
        "leave deployment_controller out"
    )


def test_ecs_anywhere_is_out_of_reach(stack: cdk.Stack, vpc: Vpc, blue: IpTargetGroup) -> None:
    """Its tasks are in no VPC."""
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc)
    task = ecs.ExternalTaskDefinition(stack, "Task")
    task.add_container("app", image=ecs.ContainerImage.from_registry("app"), memory_limit_mib=64)
    tasks = ecs.ExternalService(stack, "Anywhere", cluster=cluster, task_definition=task)
    assert refused(lambda: EcsTarget(stack, "Target", service=tasks, group=blue, port_name="web")) == (
        "Shop/Target: VPC Lattice does not reach tasks of ECS Anywhere, such as Shop/Anywhere's"
    )


def test_rules_must_forward_to_the_pair(
    stack: cdk.Stack, tasks: ecs.FargateService, listener: Listener, blue: IpTargetGroup, green: IpTargetGroup
) -> None:
    """To both groups, everything to one: otherwise the first deployment fails."""
    for name, path, action in (
        ("One", "/one", Action.forward(blue)),
        ("Even", "/even", Action.forward(blue, green)),
        ("Fixed", "/fixed", Action.fixed_response(500)),
    ):
        rule = listener.add_rule(name, match=Match.path_prefix(path), action=action)
        deployment = EcsDeployment.blue_green(alternate=green, production=rule)
        assert refused(
            lambda chosen=deployment: EcsTarget(  # type: ignore[misc]
                stack, "Target", service=tasks, group=blue, port_name="web", deployment=chosen
            )
        ) == (
            "Shop/Target: production must forward to the group and the alternate one, with the weights 100 and 0, "
            f"which Shop/Orders/Https/{name} does not; "
            "give it Action.forward(group, Weighted(group=alternate, weight=0))"
        )


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            lambda it, _: {"alternate": it.blue, "production": it.production},
            "the alternate target group must be another one than the group; make a second one",
        ),
        (
            lambda it, _: {"alternate": it.green, "production": it.production, "test": it.production},
            "test must be another rule than production; add one for requests that try",
        ),
        (
            lambda it, header: {"alternate": it.green, "production": header, "test": it.production},
            "test must come before production, but Shop/Orders/Https/All has priority 1977 and "
            "Shop/Orders/Https/Header has 7; give it a lower one",
        ),
        (
            lambda it, _: {"alternate": it.green, "production": it.production, "test": it.listener},
            "test must forward to the group and the alternate one, with the weights 100 and 0, which "
            "Shop/Orders/Https does not; give it Action.forward(group, Weighted(group=alternate, weight=0))",
        ),
    ],
)
def test_rules_that_cannot_shift_are_refused(
    stack: cdk.Stack, tasks: ecs.FargateService, pair: Pair, rules: Callable[[Pair, Rule], dict[str, Any]], message: str
) -> None:
    """Nothing is made, and nothing of the service is changed."""
    match = Match.header_is(HeaderMatch.exact("x-environment", "test"))
    header = pair.listener.add_rule("Header", match=match, action=shifting(pair.blue, pair.green), priority=7)
    deployment = EcsDeployment.blue_green(**rules(pair, header))
    assert (
        refused(
            lambda: EcsTarget(stack, "Target", service=tasks, group=pair.blue, port_name="web", deployment=deployment)
        )
        == f"Shop/Target: {message}"
    )
    (resource,) = Template.from_stack(stack).find_resources("AWS::ECS::Service").values()
    assert "VpcLatticeConfigurations" not in resource["Properties"]


def test_a_rule_is_for_one_pair(stack: cdk.Stack, tasks: ecs.FargateService, pair: Pair) -> None:
    """ECS would move the weights of one for the deployment of the other."""
    deployment = EcsDeployment.blue_green(alternate=pair.green, production=pair.production)
    EcsTarget(stack, "Web", service=tasks, group=pair.blue, port_name="web", deployment=deployment)
    assert (
        refused(
            lambda: EcsTarget(stack, "Admin", service=tasks, group=pair.blue, port_name="admin", deployment=deployment)
        )
        == "Shop/Admin: production is a rule that Shop/Web uses already; give each its own"
    )


@pytest.mark.parametrize(
    ("make", "arguments", "message"),
    [
        (EcsDeployment.linear, {"percent": 2}, "percent must be 3.0 to 100.0, got 2"),
        (EcsDeployment.canary, {"percent": 0}, "percent must be 0.1 to 100.0, got 0"),
        (EcsDeployment.canary, {"percent": 0.25}, "percent must be a multiple of 0.1, got 0.25"),
        (
            EcsDeployment.blue_green,
            {"bake_time": cdk.Duration.minutes(1441)},
            "bake_time must be 0 to 1,440 minutes, got 1441",
        ),
        (EcsDeployment.linear, {"pause": cdk.Duration.seconds(90)}, "pause must be whole minutes, got 1.5"),
        (
            EcsDeployment.linear,
            {"percent": 3, "pause": cdk.Duration.hours(1)},
            "it would wait for 1,995 minutes, 1,980 is the most; shorten pause or bake_time, or take larger steps",
        ),
        (
            EcsDeployment.canary,
            {"pause": cdk.Duration.hours(24), "bake_time": cdk.Duration.hours(10)},
            "it would wait for 2,040 minutes, 1,980 is the most; shorten pause or bake_time, or take larger steps",
        ),
    ],
)
def test_deployments_out_of_their_limits_are_refused(
    production: Rule, green: IpTargetGroup, make: Callable[..., Any], arguments: dict[str, Any], message: str
) -> None:
    """CloudFormation gives up after 36 hours."""
    assert refused(lambda: make(alternate=green, production=production, **arguments)) == f"deployment: {message}"


def test_the_limits_themselves_pass(production: Rule, green: IpTargetGroup) -> None:
    """The smallest steps, and all the waiting that there may be."""
    pause = cdk.Duration.minutes((1980 - 15) // 33)
    EcsDeployment.linear(alternate=green, production=production, percent=3, pause=pause)
    EcsDeployment.canary(alternate=green, production=production, percent=0.1)
    EcsDeployment.canary(alternate=green, production=production, percent=100, bake_time=cdk.Duration.hours(24))
    EcsDeployment.linear(alternate=green, production=production, percent=33.3)
