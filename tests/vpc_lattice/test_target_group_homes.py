"""Where a target group can be: in the account and region of its service, and once for a load balancer in a service."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_

from constructs_lattice import (
    Action,
    AlbTargetGroup,
    ApplicationLoadBalancer,
    ArgumentError,
    FlowLogs,
    IpTargetGroup,
    LambdaTargetGroup,
    Listener,
    ListenerProtocol,
    Match,
    Service,
    TargetGroup,
    Tier,
    Vpc,
)

ID = "0123456789abcdef0"
GONE = Action.fixed_response(404)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


def arn(resource: str, account: str = "111111111111", region: str = "eu-west-1") -> str:
    return f"arn:aws:vpc-lattice:{region}:{account}:{resource}-{ID}"


@pytest.mark.parametrize(("account", "region"), [("222222222222", "eu-west-1"), ("111111111111", "us-east-1")])
def test_a_group_of_another_account_or_region_is_refused(stack: cdk.Stack, account: str, region: str) -> None:
    """Whether the service is made here or imported."""
    group = TargetGroup.from_target_group_arn(stack, "Group", arn("targetgroup/tg", account, region))
    imported = Service.from_service_arn(stack, "Imported", arn("service/svc"))
    for service in (Service(stack, "Made"), imported):
        with pytest.raises(ArgumentError) as caught:
            Listener(stack, "L", service=service, default_action=Action.forward(group))
        assert str(caught.value) == (
            f"Shop/L: target group Shop/Group is in {account}/{region}, but service {service.node.path} in "
            "111111111111/eu-west-1; a target group is in the account and the region of its service"
        )
        assert stack.node.try_find_child("L") is None


def test_a_group_that_is_made_here_is_not_for_a_service_elsewhere(stack: cdk.Stack) -> None:
    """A rule of an imported listener is no way around it."""
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id=f"vpc-{ID}", availability_zones=["eu-west-1a"])
    group = IpTargetGroup(stack, "Web", vpc=vpc)
    theirs = Listener.from_listener_arn(stack, "Theirs", f"{arn('service/svc', '222222222222')}/listener/listener-{ID}")
    with pytest.raises(ArgumentError) as caught:
        theirs.add_rule("Rule", match=Match.path_prefix("/"), action=Action.forward(group))
    assert str(caught.value) == (
        "Shop/Theirs/Rule: target group Shop/Web is in 111111111111/eu-west-1, but service Shop/Theirs in "
        "222222222222/eu-west-1; a target group is in the account and the region of its service"
    )


def test_what_only_the_deployment_knows_passes(stack: cdk.Stack) -> None:
    """Tokens, and stacks that go anywhere."""
    token = TargetGroup.from_target_group_arn(stack, "Token", cdk.Fn.import_value("Group"))
    Service(stack, "One").add_listener("Https", default_action=Action.forward(token))
    anywhere = cdk.Stack(stack.node.root, "Anywhere")  # type: ignore[arg-type]
    group = TargetGroup.from_target_group_arn(anywhere, "Group", arn("targetgroup/tg", "222222222222"))
    Service(anywhere, "Two").add_listener("Https", default_action=Action.forward(group))


def test_a_function_is_in_the_account_and_region_of_the_stack(stack: cdk.Stack) -> None:
    """As far as its ARN tells."""
    for count, home in enumerate(("eu-west-1:222222222222", "us-east-1:111111111111")):
        function = lambda_.Function.from_function_arn(stack, f"F{count}", f"arn:aws:lambda:{home}:function:orders")
        with pytest.raises(ArgumentError) as caught:
            LambdaTargetGroup(stack, "Orders", function=function)
        region, account = home.split(":")
        assert str(caught.value) == (
            "Shop/Orders: function must be in the account and the region of the stack, 111111111111/eu-west-1, got one "
            f"in {account}/{region}"
        )
        assert stack.node.try_find_child("Orders") is None
    own = lambda_.Function.from_function_arn(stack, "Own", "arn:aws:lambda:eu-west-1:111111111111:function:orders")
    LambdaTargetGroup(stack, "Orders", function=own)


def test_the_two_groups_of_a_load_balancer_are_for_two_services(stack: cdk.Stack) -> None:
    """The same group may be used by several listeners of its service."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())
    balancer = ApplicationLoadBalancer(stack, "Balancer", vpc=vpc)
    first, second = (AlbTargetGroup(stack, name, load_balancer=balancer.resource) for name in ("First", "Second"))
    assert first.load_balancer is balancer.resource
    orders = Service(stack, "Orders")
    https = orders.add_listener("Https", default_action=Action.forward(first))
    orders.add_listener("Http", protocol=ListenerProtocol.HTTP, default_action=Action.forward(first))
    with pytest.raises(ArgumentError) as caught:
        https.add_rule("Rule", match=Match.path_prefix("/"), action=Action.forward(second))
    assert str(caught.value) == (
        "Shop/Orders/Https/Rule: load balancer Shop/Balancer/Resource has a target group for service Shop/Orders "
        "already, Shop/First; its other one is for another service"
    )
    other = ApplicationLoadBalancer(stack, "Other", vpc=vpc)
    third, fourth = (AlbTargetGroup(stack, name, load_balancer=other.resource) for name in ("Third", "Fourth"))
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Both").add_listener("Https", default_action=Action.forward(third, fourth))
    assert str(caught.value) == (
        "Shop/Both/Https: load balancer Shop/Other/Resource has a target group for service Shop/Both already, "
        "Shop/Third; its other one is for another service"
    )
    Service(stack, "Carts").add_listener("Https", default_action=Action.forward(second))
