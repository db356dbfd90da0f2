"""Destinations of access logs."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from constructs_lattice import AccessLogs, ArgumentError, Auth, Service

STREAM = "arn:aws-cn:firehose:cn-north-1:111111111111:deliverystream/orders"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def test_a_service_has_logs_of_its_own(stack: cdk.Stack) -> None:
    """One subscription, named after its kind and not after its position, of the service and to the destination."""
    group = logs.LogGroup(stack, "Group")
    service = Service(stack, "Orders", auth=Auth.none(), access_logs=[AccessLogs.to_cloud_watch(group)])
    assert service.node.try_find_child("AccessLogsCloudWatch") is not None
    (subscription,) = Template.from_stack(stack).find_resources("AWS::VpcLattice::AccessLogSubscription").values()
    assert subscription["Properties"] == {
        "DestinationArn": stack.resolve(group.log_group_arn),
        "ResourceIdentifier": stack.resolve(service.service_arn),
    }


def test_destinations_that_exist_already(stack: cdk.Stack) -> None:
    """Imports, of whatever partition, are taken as they are."""
    bucket_arn = "arn:aws-us-gov:s3:::logs"
    group_arn = "arn:aws-us-gov:logs:us-gov-west-1:111111111111:log-group:mesh"
    bucket = s3.Bucket.from_bucket_arn(stack, "Bucket", bucket_arn)
    group = logs.LogGroup.from_log_group_arn(stack, "Group", group_arn)
    assert AccessLogs.to_s3(bucket).destination_arn == bucket_arn
    assert AccessLogs.to_cloud_watch(group).destination_arn == f"{group_arn}:*"
    assert AccessLogs.to_firehose(STREAM).destination_arn == STREAM


def test_tokens_pass() -> None:
    """The whole ARN, or a part of it."""
    for arn in (
        cdk.Fn.import_value("Stream"),
        f"arn:{cdk.Aws.PARTITION}:firehose:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:deliverystream/orders",
    ):
        assert AccessLogs.to_firehose(arn).destination_arn == arn


@pytest.mark.parametrize(
    "arn",
    ["arn:aws:kinesis:eu-west-1:111111111111:stream/orders", "orders", f"{STREAM[:-7]}/", ""],
)
def test_only_a_delivery_stream_is_one(arn: str) -> None:
    """A Kinesis data stream is none, although an earlier attempt elsewhere took its ARN."""
    with pytest.raises(ArgumentError) as caught:
        AccessLogs.to_firehose(arn)
    assert str(caught.value) == (
        f"access logs: delivery_stream_arn must be the ARN of a Firehose delivery stream, got {arn!r}"
    )


def test_a_service_has_one_of_each_kind(stack: cdk.Stack) -> None:
    """The second one is refused, and nothing of the service is left."""
    group = logs.LogGroup(stack, "Group")
    two = [AccessLogs.to_cloud_watch(group), AccessLogs.to_firehose(STREAM), AccessLogs.to_cloud_watch(group)]
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Orders", access_logs=two)
    assert str(caught.value) == (
        "Shop/Orders: access_logs has 2 destinations in CloudWatch, there can be one of each kind"
    )
    assert stack.node.try_find_child("Orders") is None
