"""Metrics: all that are documented, by their names, dimensions and most useful statistics."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_

from constructs_lattice import (
    ArgumentError,
    IpTargetGroup,
    LambdaTargetGroup,
    Service,
    TargetGroup,
    TargetProtocol,
)
from constructs_lattice.vpc_lattice.metrics import NAMESPACE

ID = "0123456789abcdef0"

# The names in the User Guide, and whether target groups of TCP have them.
OF_SERVICES = {
    "RequestTimeoutCount": "metric_request_timeout_count",
    "TotalRequestCount": "metric_total_request_count",
    "RequestTime": "metric_request_time",
    "HTTPCode_2XX_Count": "metric_http_code_2xx_count",
    "HTTPCode_3XX_Count": "metric_http_code_3xx_count",
    "HTTPCode_4XX_Count": "metric_http_code_4xx_count",
    "HTTPCode_5XX_Count": "metric_http_code_5xx_count",
}
OF_CONNECTIONS = {
    "TotalConnectionCount": "metric_total_connection_count",
    "ActiveConnectionCount": "metric_active_connection_count",
    "ConnectionErrorCount": "metric_connection_error_count",
    "ConnectionTimeoutCount": "metric_connection_timeout_count",
    "TotalReceivedConnectionBytes": "metric_total_received_connection_bytes",
    "TotalSentConnectionBytes": "metric_total_sent_connection_bytes",
    "TLSConnectionErrorCount": "metric_tls_connection_error_count",
    "TotalTLSConnectionHandshakeCount": "metric_total_tls_connection_handshake_count",
}
OF_REQUESTS = {
    "HTTP1_ConnectionCount": "metric_http1_connection_count",
    "HTTP2_ConnectionCount": "metric_http2_connection_count",
    "TotalRequestCount": "metric_total_request_count",
    "ActiveRequestCount": "metric_active_request_count",
    "RequestTime": "metric_request_time",
    "HTTPCode_2XX_Count": "metric_http_code_2xx_count",
    "HTTPCode_3XX_Count": "metric_http_code_3xx_count",
    "HTTPCode_4XX_Count": "metric_http_code_4xx_count",
    "HTTPCode_5XX_Count": "metric_http_code_5xx_count",
}


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id=f"vpc-{ID}", availability_zones=["eu-west-1a"])


def methods(construct: object) -> set[str]:
    return {name for name in dir(construct) if name.startswith("metric_")}


def resolved(stack: cdk.Stack, metric: cloudwatch.Metric) -> dict[str, Any]:
    return {name: stack.resolve(value) for name, value in (metric.dimensions or {}).items()}


def test_a_service_has_the_metrics_that_are_documented(stack: cdk.Stack) -> None:
    """Those, and no others; each in the dimension of its id."""
    service = Service(stack, "Orders")
    assert methods(service) == set(OF_SERVICES.values())
    for name, method in OF_SERVICES.items():
        metric = getattr(service, method)()
        assert (metric.namespace, metric.metric_name) == (NAMESPACE, name)
        assert resolved(stack, metric) == {"Service": stack.resolve(service.service_id)}
        assert metric.statistic == ("Average" if name == "RequestTime" else "Sum")
        assert service.metric(name).statistic == metric.statistic
        assert metric.unit is None


def test_a_target_group_has_the_metrics_that_are_documented(stack: cdk.Stack, vpc: ec2.IVpc) -> None:
    """Those, and no others: none of healthy targets."""
    group = IpTargetGroup(stack, "Web", vpc=vpc)
    documented = {**OF_CONNECTIONS, **OF_REQUESTS}
    assert methods(group) == set(documented.values())
    for name, method in documented.items():
        metric = getattr(group, method)()
        assert (metric.namespace, metric.metric_name) == (NAMESPACE, name)
        assert resolved(stack, metric) == {"TargetGroup": stack.resolve(group.target_group_id)}
        assert metric.statistic == ("Average" if name == "RequestTime" else "Sum")


def test_a_target_group_of_tcp_knows_connections_only(stack: cdk.Stack, vpc: ec2.IVpc) -> None:
    """Whether it is made here, or imported and told."""
    made = IpTargetGroup(stack, "Made", vpc=vpc, protocol=TargetProtocol.TCP)
    told = TargetGroup.from_target_group_attributes(
        stack,
        "Told",
        target_group_arn=f"arn:aws:vpc-lattice:eu-west-1:111111111111:targetgroup/tg-{ID}",
        protocol=TargetProtocol.TCP,
    )
    for group in (made, told):
        for name, method in OF_CONNECTIONS.items():
            assert getattr(group, method)().metric_name == name
        for name, method in OF_REQUESTS.items():
            message = (
                f"{group.node.path}: {name} is about requests, of which a target group that speaks TCP knows nothing; "
                "use a metric of connections"
            )
            for ask in (getattr(group, method), lambda name=name, group=group: group.metric(name)):
                with pytest.raises(ArgumentError) as caught:
                    ask()
                assert str(caught.value) == message


def test_a_function_and_a_group_that_tells_nothing_may_have_all(stack: cdk.Stack) -> None:
    """It is not known that they have not."""
    code = lambda_.Code.from_inline("def handle(event, context): pass")
    function = lambda_.Function(stack, "F", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handle", code=code)
    known = LambdaTargetGroup(stack, "Function", function=function)
    for group in (known, TargetGroup.from_target_group_id(stack, "Imported", f"tg-{ID}")):
        assert group.metric_total_request_count().metric_name == "TotalRequestCount"


def test_what_is_asked_for_is_what_comes(stack: cdk.Stack) -> None:
    """Statistic, period and zone; everything else by `with_`."""
    service = Service(stack, "Orders")
    metric = service.metric_request_time(
        statistic="p99", period=cdk.Duration.minutes(1), availability_zone="eu-west-1a"
    )
    assert metric.statistic == "p99"
    assert metric.period.to_seconds() == 60
    assert resolved(stack, metric) == {
        "AvailabilityZone": "eu-west-1a",
        "Service": stack.resolve(service.service_id),
    }
    assert service.metric_request_time().period.to_seconds() == 300
    assert service.metric("Other", statistic="Maximum").statistic == "Maximum"
    assert metric.with_(label="slow").label == "slow"


def test_the_metrics_of_another_account_are_looked_for_there(stack: cdk.Stack) -> None:
    """An ARN tells where; a token does not, and is taken to be of the stack's own."""
    arn = f"arn:aws:vpc-lattice:us-east-1:222222222222:service/svc-{ID}"
    metric = Service.from_service_arn(stack, "Theirs", arn).metric_total_request_count()
    assert (metric.account, metric.region) == ("222222222222", "us-east-1")
    assert metric.dimensions == {"Service": f"svc-{ID}"}
    token = Service.from_service_arn(stack, "Token", cdk.Fn.import_value("Arn")).metric_total_request_count()
    assert (token.account, token.region) == ("111111111111", "eu-west-1")
