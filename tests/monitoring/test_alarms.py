"""Alarms for services and target groups."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from constructs_lattice import (
    AlarmWindow,
    ArgumentError,
    IpTargetGroup,
    Service,
    ServiceAlarms,
    TargetGroup,
    TargetGroupAlarms,
    TargetProtocol,
)
from constructs_lattice.monitoring import server_error_percent

ID = "0123456789abcdef0"
ALARM = "AWS::CloudWatch::Alarm"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


@pytest.fixture
def service(stack: cdk.Stack) -> Service:
    return Service(stack, "Orders")


@pytest.fixture
def group(stack: cdk.Stack) -> IpTargetGroup:
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id=f"vpc-{ID}", availability_zones=["eu-west-1a"])
    return IpTargetGroup(stack, "Web", vpc=vpc, protocol=TargetProtocol.TCP)


def alarm(stack: cdk.Stack, name: str) -> dict[str, Any]:
    alarms = Template.from_stack(stack).find_resources(ALARM)
    (found,) = (each["Properties"] for key, each in alarms.items() if name in key)
    return dict(found)


WINDOW = {
    "ComparisonOperator": "GreaterThanThreshold",
    "DatapointsToAlarm": 3,
    "EvaluationPeriods": 5,
    "TreatMissingData": "notBreaching",
}


def test_requests_that_fail_are_counted_among_all(stack: cdk.Stack, service: Service) -> None:
    """In percent, whatever is missing: failures that are not reported are none, and no requests are no alarm."""
    ServiceAlarms(stack, "Alarms", service=service)
    dimensions = [{"Name": "Service", "Value": stack.resolve(service.service_id)}]

    def counted(id_: str, name: str) -> dict[str, Any]:
        metric = {"Namespace": "AWS/VpcLattice", "MetricName": name, "Dimensions": dimensions}
        return {
            "Id": id_,
            "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"},
            "ReturnData": False,
        }

    assert alarm(stack, "ServerErrors") == {
        **WINDOW,
        "AlarmDescription": "Shop/Orders: more than 5 % of the requests fail",
        "Threshold": 5,
        "Metrics": [
            {
                "Id": "expr_1",
                "Label": "5xx, % of requests",
                "Expression": "IF(requests >= 10, 100 * FILL(errors, 0) / requests, 0)",
                "ReturnData": True,
            },
            counted("errors", "HTTPCode_5XX_Count"),
            counted("requests", "TotalRequestCount"),
        ],
    }


def test_requests_that_time_out_or_take_too_long(stack: cdk.Stack, service: Service) -> None:
    """Latency is an alarm when it is said what is too long: one in a hundred may take longer."""
    alarms = ServiceAlarms(stack, "Alarms", service=service, latency=cdk.Duration.seconds(2))
    assert list(alarms.alarms) == ["ServerErrors", "Latency", "RequestTimeouts"]
    own = {
        "Namespace": "AWS/VpcLattice",
        "Dimensions": [{"Name": "Service", "Value": stack.resolve(service.service_id)}],
    }
    assert alarm(stack, "Latency") == {
        **WINDOW,
        **own,
        "AlarmDescription": "Shop/Orders: one request in a hundred takes more than 2,000 ms",
        "MetricName": "RequestTime",
        "ExtendedStatistic": "p99",
        "Period": 60,
        "Threshold": 2000,
    }
    assert alarm(stack, "RequestTimeouts") == {
        **WINDOW,
        **own,
        "AlarmDescription": "Shop/Orders: more than 0 requests time out",
        "MetricName": "RequestTimeoutCount",
        "Statistic": "Sum",
        "Period": 60,
        "Threshold": 0,
    }


def test_connections_that_fail(stack: cdk.Stack, group: IpTargetGroup) -> None:
    """Of target groups of TCP, too: those metrics are all about connections."""
    alarms = TargetGroupAlarms(stack, "Alarms", target_group=group, connection_timeouts=3)
    metrics = {
        "ConnectionErrors": ("ConnectionErrorCount", 0, "more than 0 connections fail"),
        "ConnectionTimeouts": ("ConnectionTimeoutCount", 3, "more than 3 connections take too long"),
        "TlsErrors": ("TLSConnectionErrorCount", 0, "more than 0 connections fail in TLS"),
    }
    assert list(alarms.alarms) == list(metrics)
    for name, (metric, threshold, words) in metrics.items():
        assert alarm(stack, name) == {
            **WINDOW,
            "AlarmDescription": f"Shop/Web: {words}",
            "Namespace": "AWS/VpcLattice",
            "MetricName": metric,
            "Dimensions": [{"Name": "TargetGroup", "Value": stack.resolve(group.target_group_id)}],
            "Statistic": "Sum",
            "Period": 60,
            "Threshold": threshold,
        }


def test_alarms_that_are_not_wanted_are_left_out(stack: cdk.Stack, service: Service, group: IpTargetGroup) -> None:
    """One by one."""
    of_service = ServiceAlarms(stack, "A", service=service, server_errors=None)
    of_group = TargetGroupAlarms(stack, "B", target_group=group, connection_errors=None, tls_errors=None)
    assert (list(of_service.alarms), list(of_group.alarms)) == (["RequestTimeouts"], ["ConnectionTimeouts"])
    Template.from_stack(stack).resource_count_is(ALARM, 2)


def test_what_happens_then(stack: cdk.Stack, service: Service) -> None:
    """The same for all alarms of a service, in a window of one's own."""
    topic = sns.Topic(stack, "Topic")
    window = AlarmWindow(period=cdk.Duration.minutes(5), breaching=1, out_of=2)
    ServiceAlarms(stack, "Alarms", service=service, window=window, actions=[actions.SnsAction(topic)])
    Template.from_stack(stack).all_resources_properties(
        ALARM,
        {"AlarmActions": [stack.resolve(topic.topic_arn)], "DatapointsToAlarm": 1, "EvaluationPeriods": 2},
    )
    Template.from_stack(stack).has_resource_properties(ALARM, {"Period": 300})


def test_what_exists_already_has_alarms_too(stack: cdk.Stack) -> None:
    """In its own account."""
    arn = f"arn:aws:vpc-lattice:eu-west-1:222222222222:service/svc-{ID}"
    theirs = Service.from_service_arn(stack, "Theirs", arn)
    ServiceAlarms(stack, "Alarms", service=theirs, server_errors=None)
    TargetGroupAlarms(stack, "Targets", target_group=TargetGroup.from_target_group_id(stack, "Group", f"tg-{ID}"))
    template = Template.from_stack(stack)
    template.resource_count_is(ALARM, 4)
    template.has_resource_properties(
        ALARM,
        {
            "Metrics": [
                Match.object_like(
                    {
                        "AccountId": "222222222222",
                        "MetricStat": Match.object_like(
                            {"Metric": Match.object_like({"Dimensions": [{"Name": "Service", "Value": f"svc-{ID}"}]})}
                        ),
                    }
                )
            ]
        },
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"server_errors": 101}, "server_errors must be 0 to 100 %, got 101"),
        ({"request_timeouts": -1}, "request_timeouts must be 0 to 1,000,000, got -1"),
        ({"server_errors": None, "request_timeouts": None}, "there is no alarm left; give a threshold for one"),
    ],
)
def test_alarms_that_make_no_sense_are_refused(
    stack: cdk.Stack, service: Service, arguments: dict[str, Any], message: str
) -> None:
    """With nothing left behind."""
    with pytest.raises(ArgumentError) as caught:
        ServiceAlarms(stack, "Alarms", service=service, **arguments)
    assert str(caught.value) == f"Shop/Alarms: {message}"
    assert stack.node.try_find_child("Alarms") is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tls_errors": -1}, "tls_errors must be 0 to 1,000,000, got -1"),
        (
            {"connection_errors": None, "connection_timeouts": None, "tls_errors": None},
            "there is no alarm left; give a threshold for one",
        ),
    ],
)
def test_alarms_for_connections_that_make_no_sense_are_refused(
    stack: cdk.Stack, group: IpTargetGroup, arguments: dict[str, Any], message: str
) -> None:
    """The same for target groups."""
    with pytest.raises(ArgumentError) as caught:
        TargetGroupAlarms(stack, "Alarms", target_group=group, **arguments)
    assert str(caught.value) == f"Shop/Alarms: {message}"
    assert stack.node.try_find_child("Alarms") is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"breaching": 0}, "breaching must be 1 to 5, got 0"),
        ({"breaching": 3, "out_of": 2}, "breaching must be 1 to 2, got 3"),
        ({"period": cdk.Duration.seconds(90)}, "period must be whole minutes, got 90 seconds"),
        (
            {"period": cdk.Duration.hours(12), "breaching": 1, "out_of": 3},
            "3 periods of 43,200 seconds are more than a day; shorten them",
        ),
    ],
)
def test_a_window_within_the_limits_of_cloudwatch(arguments: dict[str, Any], message: str) -> None:
    """As whole minutes, and a day at most."""
    with pytest.raises(ArgumentError) as caught:
        AlarmWindow(**arguments)
    assert str(caught.value) == f"alarm window: {message}"
    AlarmWindow(period=cdk.Duration.hours(12), breaching=1, out_of=2)


def test_the_rate_of_a_target_group_needs_requests(service: Service, group: IpTargetGroup) -> None:
    """TCP has none, and fewer than one are none."""
    with pytest.raises(ArgumentError) as caught:
        server_error_percent(group)
    assert str(caught.value) == (
        "Shop/Web: HTTPCode_5XX_Count is about requests, of which a target group that speaks TCP knows nothing; "
        "use a metric of connections"
    )
    with pytest.raises(ArgumentError) as caught:
        server_error_percent(service, least_requests=0)
    assert str(caught.value) == "server_error_percent: least_requests must be 1 to 1,000,000, got 0"
