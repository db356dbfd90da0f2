"""Health checks: what is said is rendered, what is left out is VPC Lattice's choice."""

from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lattice import ArgumentError, HealthCheck, ProtocolVersion, TargetProtocol


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def test_nothing_is_said_that_was_not_asked_for(stack: cdk.Stack) -> None:
    """A check is on, and all the rest is left to the service."""
    assert stack.resolve(HealthCheck().rendered()) == {"enabled": True}
    assert stack.resolve(HealthCheck.disabled().rendered()) == {"enabled": False}


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (HealthCheck(interval=cdk.Duration.seconds(5)), {"healthCheckIntervalSeconds": 5}),
        (HealthCheck(interval=cdk.Duration.minutes(5)), {"healthCheckIntervalSeconds": 300}),
        (HealthCheck(timeout=cdk.Duration.millis(1000)), {"healthCheckTimeoutSeconds": 1}),
        (HealthCheck(timeout=cdk.Duration.minutes(2)), {"healthCheckTimeoutSeconds": 120}),
        (HealthCheck(healthy_threshold=2), {"healthyThresholdCount": 2}),
        (HealthCheck(unhealthy_threshold=10), {"unhealthyThresholdCount": 10}),
        (HealthCheck(codes="200,204,400-499"), {"matcher": {"httpCode": "200,204,400-499"}}),
        (HealthCheck(port=65_535), {"port": 65_535}),
        (HealthCheck(protocol=TargetProtocol.HTTPS), {"protocol": "HTTPS"}),
        (HealthCheck(protocol_version=ProtocolVersion.HTTP2), {"protocolVersion": "HTTP2"}),
        (HealthCheck(path="/healthz?deep=1"), {"path": "/healthz?deep=1"}),
        (HealthCheck(path="/" + "a" * 2047), {"path": "/" + "a" * 2047}),
    ],
)
def test_the_limits_themselves_pass(stack: cdk.Stack, check: HealthCheck, expected: dict[str, Any]) -> None:
    """Each in its place, and nothing besides."""
    assert stack.resolve(check.rendered()) == {"enabled": True, **expected}


def test_tokens_pass(stack: cdk.Stack) -> None:
    """Numbers, durations in seconds, and texts."""
    number = cdk.CfnParameter(stack, "N", type="Number").value_as_number
    text = cdk.CfnParameter(stack, "T").value_as_string
    seconds = cdk.Duration.seconds(number)
    check = HealthCheck(
        path=text,
        interval=seconds,
        timeout=seconds,
        healthy_threshold=number,  # type: ignore[arg-type]  # number tokens are floats
        unhealthy_threshold=number,  # type: ignore[arg-type]
        codes=text,
        port=number,  # type: ignore[arg-type]
    )
    assert stack.resolve(check.rendered()) == {
        "enabled": True,
        "path": {"Ref": "T"},
        "healthCheckIntervalSeconds": {"Ref": "N"},
        "healthCheckTimeoutSeconds": {"Ref": "N"},
        "healthyThresholdCount": {"Ref": "N"},
        "unhealthyThresholdCount": {"Ref": "N"},
        "matcher": {"httpCode": {"Ref": "T"}},
        "port": {"Ref": "N"},
    }


CODES = "codes must be status codes such as '200', '200,204' or '200-299'"
PATH = "path must begin with / and hold the characters of a URL only"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"interval": cdk.Duration.seconds(301)}, "interval must be 5 to 300 seconds, got 301"),
        ({"interval": cdk.Duration.millis(7500)}, "interval must be whole seconds, got 7.5"),
        ({"timeout": cdk.Duration.seconds(0)}, "timeout must be 1 to 120 seconds, got 0"),
        ({"timeout": cdk.Duration.millis(1500)}, "timeout must be whole seconds, got 1.5"),
        ({"healthy_threshold": 11}, "healthy_threshold must be 2 to 10, got 11"),
        ({"unhealthy_threshold": 1}, "unhealthy_threshold must be 2 to 10, got 1"),
        ({"port": 0}, "port must be 1 to 65,535, got 0"),
        ({"port": 65_536}, "port must be 1 to 65,535, got 65536"),
        ({"codes": ""}, f"{CODES}, got ''"),
        ({"codes": "200, 204"}, f"{CODES}, got '200, 204'"),
        ({"codes": "200-"}, f"{CODES}, got '200-'"),
        ({"codes": "199"}, "codes must be 200 to 499, got 199"),
        ({"codes": "200-500"}, "codes must be 200 to 499, got 500"),
        ({"codes": "299-200"}, "codes must be 299 to 499, got 200"),
        (
            {"codes": ",".join(["200"] * 501)},
            f"codes must be 3 to 2,000 characters long, got '{','.join(['200'] * 501)}' (2,003)",
        ),
        ({"protocol": TargetProtocol.TCP}, "protocol must be HTTP or HTTPS, got TCP"),
        ({"path": "healthz"}, f"{PATH}, got 'healthz'"),
        ({"path": "/a b"}, f"{PATH}, got '/a b'"),
        ({"path": ""}, "path must be 1 to 2,048 characters long, got '' (0)"),
        (
            {"path": "/" + "a" * 2048},
            f"path must be 1 to 2,048 characters long, got '/{'a' * 2048}' (2,049)",
        ),
    ],
)
def test_what_is_out_of_its_limits_is_refused(arguments: dict[str, Any], message: str) -> None:
    """Thresholds begin at 2, where an earlier attempt elsewhere let 1 pass; the rest is CloudFormation's schema."""
    with pytest.raises(ArgumentError) as caught:
        HealthCheck(**arguments)
    assert str(caught.value) == f"health check: {message}"
