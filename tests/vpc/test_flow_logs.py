"""Flow logs: where they go, and what CloudFormation is told."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from constructs_lattice import (
    ArgumentError,
    FlowLogField,
    FlowLogFiles,
    FlowLogFormat,
    FlowLogPartitions,
    FlowLogs,
    Tier,
    Vpc,
)

STREAM = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/flows"
ROLE = "arn:aws:iam::111122223333:role/AWSLogDeliveryFirehoseCrossAccountRole"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _flow_log(stack: cdk.Stack, flow_logs: FlowLogs) -> dict[str, Any]:
    Vpc(
        stack,
        "Vpc",
        cidr="10.20.0.0/16",
        tiers=[Tier.isolated("app")],
        gateway_endpoints=(),
        flow_logs=flow_logs,
    )
    (resource,) = Template.from_stack(stack).find_resources("AWS::EC2::FlowLog").values()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def test_the_default_says_no_more_than_it_must(stack: cdk.Stack) -> None:
    """A flow log is replaced when anything about it changes, so what was never said stays unsaid."""
    properties = _flow_log(stack, FlowLogs.to_cloud_watch())
    assert properties.keys() == {
        "DeliverLogsPermissionArn",
        "LogDestinationType",
        "LogGroupName",
        "ResourceId",
        "ResourceType",
        "Tags",
        "TrafficType",
    }


def test_records_can_say_more_or_be_fewer(stack: cdk.Stack) -> None:
    """Whichever destination they go to."""
    properties = _flow_log(
        stack,
        FlowLogs.to_cloud_watch(
            format=FlowLogFormat.of(FlowLogField.SRC_ADDR, FlowLogField.DST_ADDR, instance_tags=["team"]),
            traffic=ec2.FlowLogTrafficType.REJECT,
            interval=ec2.FlowLogMaxAggregationInterval.ONE_MINUTE,
        ),
    )
    assert properties["LogFormat"] == "${srcaddr} ${dstaddr} ${instance-tag}"
    assert properties["TagFieldSpecifications"] == [{"ResourceType": "instance", "TagKeys": ["team"]}]
    assert properties["TrafficType"] == "REJECT"
    assert properties["MaxAggregationInterval"] == 60


@pytest.mark.parametrize(
    ("files", "options"),
    [
        (FlowLogFiles.parquet(), ("parquet", False, False)),
        (FlowLogFiles.parquet(FlowLogPartitions.HIVE_HOURLY), ("parquet", True, True)),
        (FlowLogFiles.text(FlowLogPartitions.HOURLY), ("plain-text", False, True)),
        (FlowLogFiles.text(FlowLogPartitions.HIVE_DAILY), ("plain-text", True, False)),
    ],
)
def test_files_in_a_bucket_have_a_form_and_folders(
    stack: cdk.Stack, files: FlowLogFiles, options: tuple[str, bool, bool]
) -> None:
    """As they are asked for, by the names that CloudFormation has for it."""
    form, hive_compatible, hourly = options
    properties = _flow_log(stack, FlowLogs.to_s3(s3.Bucket(stack, "Logs"), files=files))
    assert properties["DestinationOptions"] == {
        "FileFormat": form,
        "HiveCompatiblePartitions": hive_compatible,
        "PerHourPartition": hourly,
    }


def test_files_can_be_below_a_prefix(stack: cdk.Stack) -> None:
    """AWS's own folders begin there."""
    bucket = s3.Bucket(stack, "Logs")
    properties = _flow_log(stack, FlowLogs.to_s3(bucket, prefix="network/flows"))
    assert properties["LogDestination"] == stack.resolve(bucket.arn_for_objects("network/flows"))
    assert "DestinationOptions" not in properties


def test_records_go_to_a_delivery_stream(stack: cdk.Stack) -> None:
    """Of the same account no role is needed."""
    properties = _flow_log(stack, FlowLogs.to_firehose(STREAM, format=FlowLogFormat.for_lattice()))
    assert properties["LogDestinationType"] == "kinesis-data-firehose"
    assert properties["LogDestination"] == STREAM
    assert not properties.keys() & {"DeliverLogsPermissionArn", "DeliverCrossAccountRole"}
    Template.from_stack(stack).resource_count_is("AWS::IAM::Role", 0)


def test_a_delivery_stream_may_be_known_to_the_deployment_only(stack: cdk.Stack) -> None:
    """Tokens pass."""
    stream = cdk.Fn.import_value("Stream")
    properties = _flow_log(stack, FlowLogs.to_firehose(stream))
    assert properties["LogDestination"] == {"Fn::ImportValue": "Stream"}


def test_a_delivery_stream_of_another_account_needs_two_roles(stack: cdk.Stack) -> None:
    """The one here is made: it may assume the one there, and is there before the flow log."""
    properties = _flow_log(stack, FlowLogs.to_firehose(STREAM, cross_account_role_arn=ROLE))
    template = Template.from_stack(stack)
    ((role, resource),) = template.find_resources("AWS::IAM::Role").items()
    ((policy, statements),) = (
        (id_, each["Properties"]["PolicyDocument"]["Statement"])
        for id_, each in template.find_resources("AWS::IAM::Policy").items()
    )
    assert properties["DeliverLogsPermissionArn"] == {"Fn::GetAtt": [role, "Arn"]}
    assert properties["DeliverCrossAccountRole"] == ROLE
    (trusted,) = resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    passed, deliveries, assumed = statements
    assert passed["Resource"] == {"Fn::GetAtt": [role, "Arn"]}
    assert passed["Condition"]["StringEquals"] == {"iam:PassedToService": "delivery.logs.amazonaws.com"}
    assert deliveries["Action"] == [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
    ]
    assert assumed == {"Action": "sts:AssumeRole", "Effect": "Allow", "Resource": ROLE}
    template.has_resource("AWS::EC2::FlowLog", {"DependsOn": Match.array_with([policy])})


def test_flow_logs_suit_any_vpc(stack: cdk.Stack) -> None:
    """One of the CDK's own, too, and as a second one beside the first."""
    vpc = ec2.Vpc(stack, "Vpc")
    made = FlowLogs.to_s3(s3.Bucket(stack, "Logs")).apply(stack, "Flows", vpc)
    assert made is not None
    assert FlowLogs.none().apply(stack, "Nothing", vpc) is None
    Template.from_stack(stack).resource_count_is("AWS::EC2::FlowLog", 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"prefix": "/flows"},
            "flow logs: prefix must be a path that does not begin with a slash and has no folder 'AWSLogs', which AWS "
            "adds itself, got '/flows'",
        ),
        (
            {"prefix": "flows/AWSLogs"},
            "flow logs: prefix must be a path that does not begin with a slash and has no folder 'AWSLogs', which AWS "
            "adds itself, got 'flows/AWSLogs'",
        ),
        (
            {"prefix": ""},
            "flow logs: prefix must be a path that does not begin with a slash and has no folder 'AWSLogs', which AWS "
            "adds itself, got ''",
        ),
        (
            {"delivery_stream_arn": "flows"},
            "flow logs: delivery_stream_arn must be the arn of a delivery stream, got 'flows'",
        ),
        (
            {"delivery_stream_arn": STREAM, "cross_account_role_arn": "arn:aws:iam::111122223333:role/Delivery"},
            "flow logs: cross_account_role_arn must be the arn of a role whose name begins with "
            "AWSLogDeliveryFirehoseCrossAccountRole, got 'arn:aws:iam::111122223333:role/Delivery'",
        ),
    ],
)
def test_destinations_that_aws_does_not_take_are_refused(arguments: dict[str, Any], message: str) -> None:
    """At the user's own line."""
    with pytest.raises(ArgumentError) as caught:
        FlowLogs(**arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize("prefix", ["flows", "a/b/", "MyAWSLogs/x"])
def test_prefixes_that_aws_takes(prefix: str, stack: cdk.Stack) -> None:
    """A folder may be named a little like AWS's."""
    assert FlowLogs.to_s3(s3.Bucket(stack, "Logs"), prefix=prefix).prefix == prefix
