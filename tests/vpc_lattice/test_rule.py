"""Rules of listeners."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Match as Like
from aws_cdk.assertions import Template

from constructs_lattice import (
    Action,
    ArgumentError,
    IpTargetGroup,
    Listener,
    ListenerProtocol,
    Match,
    ProtocolVersion,
    Rule,
    Service,
)

ARN = "arn:aws-us-gov:vpc-lattice:us-gov-west-1:111111111111:service/svc-0123456789abcdef0"
GONE = Action.fixed_response(404)
ALL = Match.path_prefix("/")


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def listener(stack: cdk.Stack) -> Listener:
    return Service(stack, "Orders").add_listener("Https", default_action=GONE)


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])


def test_a_rule_belongs_to_its_listener_and_its_service(stack: cdk.Stack, listener: Listener) -> None:
    """By their ARNs; CloudFormation makes the name; aws-cdk-lib takes it as an IRuleRef."""
    rule = listener.add_rule("All", match=ALL, action=GONE, priority=10)
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::Rule",
        {
            "ListenerIdentifier": stack.resolve(listener.listener_arn),
            "ServiceIdentifier": stack.resolve(listener.service.service_ref.service_arn),
            "Priority": 10,
            "Name": Like.absent(),
        },
    )
    assert stack.resolve(vpclattice.CfnRule.arn_for_rule(rule)) == {
        "Fn::GetAtt": [stack.get_logical_id(rule.resource), "Arn"]
    }


def test_a_rule_of_a_service_that_exists_already(stack: cdk.Stack) -> None:
    """Its partition is not touched."""
    service = Service.from_service_arn(stack, "Imported", ARN)
    Listener(stack, "Https", service=service, default_action=GONE).add_rule("All", match=ALL, action=GONE, priority=1)
    Template.from_stack(stack).has_resource_properties("AWS::VpcLattice::Rule", {"ServiceIdentifier": ARN})


@pytest.mark.parametrize("priority", [1, 2000])
def test_the_limits_themselves_pass(stack: cdk.Stack, listener: Listener, priority: int) -> None:
    """The first and the last priority."""
    listener.add_rule("All", match=ALL, action=GONE, priority=priority)
    Template.from_stack(stack).has_resource_properties("AWS::VpcLattice::Rule", {"Priority": priority})


def test_priorities_are_compared_by_value(stack: cdk.Stack, listener: Listener) -> None:
    """Neither their order nor their position counts: an earlier attempt elsewhere compared positions."""
    for priority in (20, 10, 30):
        listener.add_rule(f"At{priority}", match=ALL, action=GONE, priority=priority)
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule("Again", match=ALL, action=GONE, priority=10)
    assert str(caught.value) == "Shop/Orders/Https/Again: priority 10 is taken by rule 'At10'; choose another"
    assert listener.node.try_find_child("Again") is None
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::Rule", 3)


def test_two_listeners_have_priorities_of_their_own(stack: cdk.Stack, listener: Listener) -> None:
    """The same priority is free on another listener of the service."""
    service: Any = listener.service
    other = service.add_listener("Http", protocol=ListenerProtocol.HTTP, default_action=GONE)
    for each in (listener, other):
        each.add_rule("All", match=ALL, action=GONE, priority=1)
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::Rule", 2)


def test_names_and_priorities_that_only_the_deployment_knows_pass(stack: cdk.Stack, listener: Listener) -> None:
    """They are not compared either."""
    name = cdk.CfnParameter(stack, "Name").value_as_string
    priority: Any = cdk.CfnParameter(stack, "Priority", type="Number").value_as_number
    listener.add_rule("First", match=ALL, action=GONE, priority=priority, rule_name=name)
    listener.add_rule("Second", match=ALL, action=GONE, priority=priority)
    rules = Template.from_stack(stack).find_resources("AWS::VpcLattice::Rule").values()
    assert [each["Properties"]["Priority"] for each in rules] == [{"Ref": "Priority"}] * 2
    assert [each["Properties"].get("Name") for each in rules] == [{"Ref": "Name"}, None]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"priority": 0}, "priority must be 1 to 2,000, got 0"),
        ({"priority": 2001}, "priority must be 1 to 2,000, got 2001"),
        ({"rule_name": "rule-all"}, "rule_name must not begin with 'rule-', which ids do, got 'rule-all'"),
        ({"rule_name": "a" * 64}, f"rule_name must be 3 to 63 characters long, got '{'a' * 64}' (64)"),
    ],
)
def test_what_is_out_of_its_limits_is_refused(listener: Listener, arguments: dict[str, Any], message: str) -> None:
    """Nothing is left behind, and the priority is free."""
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule("All", **{"match": ALL, "action": GONE, "priority": 1, **arguments})
    assert str(caught.value) == f"Shop/Orders/Https/All: {message}"
    assert listener.node.try_find_child("All") is None
    assert isinstance(listener.add_rule("All", match=ALL, action=GONE, priority=1), Rule)


def test_a_rule_binds_its_groups_to_the_service(stack: cdk.Stack, listener: Listener, vpc: ec2.IVpc) -> None:
    """A group that one service's rule uses is refused to a rule of another."""
    group = IpTargetGroup(stack, "Web", vpc=vpc)
    listener.add_rule("All", match=ALL, action=Action.forward(group), priority=1)
    other = Service(stack, "Catalog").add_listener("Https", default_action=GONE)
    with pytest.raises(ArgumentError) as caught:
        other.add_rule("All", match=ALL, action=Action.forward(group), priority=1)
    assert str(caught.value) == (
        "Shop/Catalog/Https/All: target group Shop/Web belongs to service Shop/Orders, got Shop/Catalog; "
        "a target group is for one service, make another one"
    )
    assert other.node.try_find_child("All") is None


def test_a_rule_of_an_http_listener_cannot_reach_grpc(stack: cdk.Stack, vpc: ec2.IVpc) -> None:
    """The listener's protocol counts for its rules as well; the group stays free for an HTTPS listener."""
    group = IpTargetGroup(stack, "Web", vpc=vpc, protocol_version=ProtocolVersion.GRPC)
    service = Service(stack, "Orders")
    http = service.add_listener("Http", protocol=ListenerProtocol.HTTP, default_action=GONE)
    with pytest.raises(ArgumentError) as caught:
        http.add_rule("All", match=ALL, action=Action.forward(group), priority=1)
    assert str(caught.value) == (
        "Shop/Orders/Http/All: target group Shop/Web speaks GRPC, which needs an HTTPS listener"
    )
    assert http.node.try_find_child("All") is None
    Service(stack, "Other").add_listener("Https", default_action=Action.forward(group))
