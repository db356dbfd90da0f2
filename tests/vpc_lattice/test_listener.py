"""Listeners of whatever service: ours, imported, or an L1 construct."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Annotations, Template
from aws_cdk.assertions import Match as Like
from aws_cdk.interfaces import aws_vpclattice as interfaces

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
    TargetGroup,
)

ARN = "arn:aws-us-gov:vpc-lattice:us-gov-west-1:111111111111:service/svc-0123456789abcdef0"
GONE = Action.fixed_response(404)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a", "eu-west-1b"]
    )


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda stack: Service.from_service_arn(stack, "Orders", ARN), ARN),
        (
            lambda stack: Service.from_service_arn(stack, "Orders", cdk.Fn.import_value("Orders")),
            {"Fn::ImportValue": "Orders"},
        ),
        (lambda stack: vpclattice.CfnService(stack, "Orders"), {"Ref": "Orders"}),
    ],
    ids=["arn", "token", "l1"],
)
def test_any_service_will_do(
    stack: cdk.Stack, make: Callable[[cdk.Stack], interfaces.IServiceRef], expected: object
) -> None:
    """One that is imported, of any partition, tokens, and L1 constructs."""
    service = make(stack)
    listener = Listener(stack, "Https", service=service, default_action=GONE)
    assert listener.service is service
    Template.from_stack(stack).has_resource_properties("AWS::VpcLattice::Listener", {"ServiceIdentifier": expected})


def test_it_tells_what_it_is(stack: cdk.Stack) -> None:
    """Its service, protocol, port, ARN and reference, which aws-cdk-lib takes."""
    service = Service(stack, "Orders")
    listener = service.add_listener("Http", protocol=ListenerProtocol.HTTP, port=8080, default_action=GONE)
    assert (listener.service, listener.protocol, listener.port) == (service, ListenerProtocol.HTTP, 8080)
    arn = {"Fn::GetAtt": [stack.get_logical_id(listener.resource), "Arn"]}
    assert stack.resolve(listener.listener_arn) == arn
    assert stack.resolve(listener.listener_ref.listener_arn) == arn
    assert stack.resolve(vpclattice.CfnListener.arn_for_listener(listener)) == arn


def test_names_and_ports_that_only_the_deployment_knows_pass(stack: cdk.Stack) -> None:
    """They are not compared either: two parameters may differ."""
    service = Service(stack, "Orders")
    name = cdk.CfnParameter(stack, "Name").value_as_string
    port: Any = cdk.CfnParameter(stack, "Port", type="Number").value_as_number
    service.add_listener("First", port=port, listener_name=name, default_action=GONE)
    service.add_listener("Second", port=port, default_action=GONE)
    listeners = Template.from_stack(stack).find_resources("AWS::VpcLattice::Listener").values()
    assert [each["Properties"]["Port"] for each in listeners] == [{"Ref": "Port"}] * 2
    assert [each["Properties"].get("Name") for each in listeners] == [{"Ref": "Name"}, None]


@pytest.mark.parametrize("port", [1, 65_535])
def test_the_limits_themselves_pass(stack: cdk.Stack, port: int) -> None:
    """The lowest and the highest port."""
    assert Service(stack, "Orders").add_listener("Https", port=port, default_action=GONE).port == port


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"port": 65_536}, "port must be 1 to 65,535, got 65536"),
        ({"listener_name": "ab"}, "listener_name must be 3 to 63 characters long, got 'ab' (2)"),
        (
            {"listener_name": "Https"},
            "listener_name must be lower-case letters, digits and single hyphens, "
            "beginning and ending with a letter or a digit, got 'Https'",
        ),
    ],
)
def test_what_is_out_of_its_limits_is_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """The service does not count the listener, and its port is free."""
    service = Service(stack, "Orders")
    with pytest.raises(ArgumentError) as caught:
        service.add_listener("Https", default_action=GONE, **arguments)
    assert str(caught.value) == f"Shop/Orders/Https: {message}"
    assert service.listeners == {}
    assert service.node.try_find_child("Https") is None
    service.add_listener("Https", default_action=GONE)


def test_a_listener_that_failed_does_not_bind_its_groups(stack: cdk.Stack, vpc: ec2.IVpc) -> None:
    """The groups are as free as before."""
    good = IpTargetGroup(stack, "Good", vpc=vpc)
    grpc = IpTargetGroup(stack, "Grpc", vpc=vpc, protocol_version=ProtocolVersion.GRPC)
    orders, catalog = Service(stack, "Orders"), Service(stack, "Catalog")
    with pytest.raises(ArgumentError) as caught:
        orders.add_listener("Http", protocol=ListenerProtocol.HTTP, default_action=Action.forward(good, grpc))
    assert str(caught.value) == ("Shop/Orders/Http: target group Shop/Grpc speaks GRPC, which needs an HTTPS listener")
    assert orders.node.try_find_child("Http") is None
    catalog.add_listener("Https", default_action=Action.forward(good, grpc))


def test_one_service_known_twice_is_one_service(stack: cdk.Stack, vpc: ec2.IVpc) -> None:
    """A group may be used by two imports of the same ARN, but not by those of two."""
    group = IpTargetGroup(stack, "Web", vpc=vpc)
    for number, arn in enumerate((ARN, ARN)):
        service = Service.from_service_arn(stack, f"Orders{number}", arn)
        Listener(stack, f"L{number}", service=service, port=443 + number, default_action=Action.forward(group))
    other = vpclattice.CfnService(stack, "Other")
    with pytest.raises(ArgumentError) as caught:
        Listener(stack, "L2", service=other, default_action=Action.forward(group))
    assert str(caught.value) == (
        "Shop/L2: target group Shop/Web belongs to service Shop/Orders0, got Shop/Other; "
        "a target group is for one service, make another one"
    )
    assert stack.node.try_find_child("L2") is None


LISTENER = f"{ARN}/listener/listener-0123456789abcdef0"


def test_a_listener_that_exists_already_takes_rules(stack: cdk.Stack) -> None:
    """Its service is part of its ARN; its partition is not touched."""
    listener = Listener.from_listener_arn(stack, "Imported", LISTENER)
    assert listener.protocol is None
    assert vpclattice.CfnListener.arn_for_listener(listener) == LISTENER
    rule = listener.add_rule("Orders", match=Match.path_prefix("/orders"), action=GONE)
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::Rule",
        {"ListenerIdentifier": LISTENER, "ServiceIdentifier": ARN, "Priority": rule.priority},
    )


def test_a_listener_that_only_the_deployment_knows_takes_rules(stack: cdk.Stack) -> None:
    """Its ARN is taken apart by CloudFormation: so L1 constructs have rules, too."""
    plain = vpclattice.CfnListener(stack, "L1", protocol="HTTPS", default_action={"fixedResponse": {"statusCode": 404}})
    listener = Listener.from_listener_arn(stack, "Imported", plain.attr_arn)
    listener.add_rule("Orders", match=Match.path_prefix("/orders"), action=GONE)
    arn = {"Fn::GetAtt": ["L1", "Arn"]}
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::Rule",
        {"ListenerIdentifier": arn, "ServiceIdentifier": {"Fn::Select": [0, {"Fn::Split": ["/listener/", arn]}]}},
    )


def test_an_arn_of_something_else_is_refused(stack: cdk.Stack) -> None:
    """There would be no service in it."""
    with pytest.raises(ArgumentError) as caught:
        Listener.from_listener_arn(stack, "Imported", ARN)
    assert str(caught.value) == (
        "Shop/Imported: listener_arn must be the ARN of a listener, "
        f"arn:…:service/svc-0123456789abcdef0/listener/listener-0123456789abcdef0, got '{ARN}'"
    )
    assert stack.node.try_find_child("Imported") is None


def test_the_rules_of_an_imported_listener_belong_to_its_service(stack: cdk.Stack, vpc: ec2.IVpc) -> None:
    """A group that another service uses is refused; of the protocol, nothing is known."""
    grpc = IpTargetGroup(stack, "Grpc", vpc=vpc, protocol_version=ProtocolVersion.GRPC)
    web = IpTargetGroup(stack, "Web", vpc=vpc)
    Service(stack, "Orders").add_listener("Https", default_action=Action.forward(web))
    listener = Listener.from_listener_arn(stack, "Imported", LISTENER)
    listener.add_rule("Grpc", match=Match.path_prefix("/grpc"), action=Action.forward(grpc))
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule("Web", match=Match.path_prefix("/web"), action=Action.forward(web))
    assert str(caught.value) == (
        "Shop/Imported/Web: target group Shop/Web belongs to service Shop/Orders, got Shop/Imported; "
        "a target group is for one service, make another one"
    )


def test_groups_that_are_not_ours_belong_to_one_service_as_well(stack: cdk.Stack) -> None:
    """Imported ones and L1 constructs, told apart by their ARNs."""
    arn = "arn:aws-us-gov:vpc-lattice:us-gov-west-1:111111111111:targetgroup/tg-0123456789abcdef0"
    first, second = (TargetGroup.from_target_group_arn(stack, name, arn) for name in ("First", "Second"))
    Service(stack, "Orders").add_listener("Https", default_action=Action.forward(first))
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Catalog").add_listener("Https", default_action=Action.forward(second))
    assert str(caught.value) == (
        "Shop/Catalog/Https: target group Shop/Second belongs to service Shop/Orders, got Shop/Catalog; "
        "a target group is for one service, make another one"
    )


def test_a_port_is_taken_by_listeners_made_elsewhere_too(stack: cdk.Stack) -> None:
    """Whether the service made them or not."""
    service = Service(stack, "Orders")
    Listener(stack, "Elsewhere", service=service, default_action=GONE)
    with pytest.raises(ArgumentError) as caught:
        service.add_listener("Https", default_action=GONE)
    assert str(caught.value) == "Shop/Orders/Https: port 443 is taken by listener 'Elsewhere'; choose another"


@pytest.mark.parametrize(("region", "rules", "groups"), [("eu-west-1", 10, 10), ("il-central-1", 5, 5)])
def test_quotas_are_warnings_that_can_be_acknowledged(region: str, rules: int, groups: int) -> None:
    """Said once, however far beyond they are; smaller in one region."""
    stack = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region=region))
    vpc = ec2.Vpc.from_vpc_attributes(stack, "V", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])

    def fill(listener: Listener, count: int) -> None:
        for number in range(count):
            group = IpTargetGroup(listener, f"Group{number}", vpc=vpc)
            match = Match.path_prefix(f"/{number}")
            listener.add_rule(f"R{number}", match=match, action=Action.forward(group), priority=number + 1)

    fill(Service(stack, "Below").add_listener("Https", default_action=GONE), rules)
    service = Service(stack, "Beyond")
    fill(service.add_listener("Https", default_action=GONE), rules + 2)
    quiet = Service(stack, "Quiet")
    fill(quiet.add_listener("Https", default_action=GONE), rules + 1)
    for name in ("latticeRulesPerListener", "latticeTargetGroupsPerService"):
        cdk.Annotations.of(quiet).acknowledge_warning(f"constructs-lattice:{name}")
    warnings = Annotations.from_stack(stack).find_warning("*", Like.any_value())
    path = f"/Shop/Beyond/Https/R{rules}"
    assert [(each.id, str(each.entry.data).split(" [ack")[0]) for each in warnings] == [
        (path, f"more than {rules} rules; {rules} a listener is the quota, which AWS raises on request"),
        (path, f"more than {groups} target groups; {groups} a service is the quota, which AWS raises on request"),
    ]


def test_a_rule_that_exists_already_is_known_by_its_arn(stack: cdk.Stack) -> None:
    """Tokens included."""
    for name, arn in (("Known", f"{LISTENER}/rule/rule-0123456789abcdef0"), ("Token", cdk.Fn.import_value("Rule"))):
        rule = Rule.from_rule_arn(stack, name, arn)
        assert rule.rule_ref.rule_arn == rule.rule_arn == arn
        assert vpclattice.CfnRule.arn_for_rule(rule) == arn
