"""Access logs: where they go, what lets them in, and what is asked of them."""

import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Template

from constructs_lattice import (
    AccessLogQueries,
    AccessLogQuery,
    AccessLogs,
    AccessLogSubscription,
    ArgumentError,
    Auth,
    LogType,
    Service,
    ServiceNetwork,
)

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
        f"access logs: delivery_stream must be the ARN of a Firehose delivery stream, got {arn!r}"
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


def test_a_network_logs_services_and_resources(stack: cdk.Stack) -> None:
    """Each to destinations of its own, one of each kind."""
    group, other = logs.LogGroup(stack, "Group"), logs.LogGroup(stack, "Other")
    ServiceNetwork(
        stack,
        "Mesh",
        access_logs=[AccessLogs.to_cloud_watch(group)],
        resource_access_logs=[AccessLogs.to_cloud_watch(other), AccessLogs.to_firehose(STREAM)],
    )
    subscriptions = Template.from_stack(stack).find_resources("AWS::VpcLattice::AccessLogSubscription").values()
    found = [
        (each["Properties"]["DestinationArn"], each["Properties"].get("ServiceNetworkLogType"))
        for each in subscriptions
    ]
    assert found == [
        (stack.resolve(group.log_group_arn), None),
        (stack.resolve(other.log_group_arn), "RESOURCE"),
        (STREAM, "RESOURCE"),
    ]
    twice = [AccessLogs.to_firehose(STREAM)] * 2
    with pytest.raises(ArgumentError) as caught:
        ServiceNetwork(stack, "Twice", resource_access_logs=twice)
    assert str(caught.value) == (
        "Shop/Twice: resource_access_logs has 2 destinations in Firehose, there can be one of each kind"
    )


def test_a_delivery_stream_as_a_construct(stack: cdk.Stack) -> None:
    """Whatever aws-cdk-lib knows as one."""
    stream = firehose.CfnDeliveryStream(stack, "Stream")
    assert stack.resolve(AccessLogs.to_firehose(stream).destination_arn) == {"Fn::GetAtt": ["Stream", "Arn"]}


def _statements(stack: cdk.Stack, type_: str, key: str) -> list[Any]:
    (policy,) = Template.from_stack(stack).find_resources(type_).values()
    statements: list[Any] = policy["Properties"][key]["Statement"]
    return statements


SOURCE: dict[str, Any] = {
    "StringEquals": {"aws:SourceAccount": "111111111111"},
    "ArnLike": {
        "aws:SourceArn": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":logs:eu-west-1:111111111111:*"]]}
    },
}


@pytest.fixture
def placed() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


@pytest.mark.parametrize("prefix", [None, "mesh/eu"])
def test_a_bucket_of_the_app_lets_logs_in(placed: cdk.Stack, prefix: str | None) -> None:
    """By the statements that VPC Lattice would add, there before the subscription is."""
    bucket = s3.Bucket(placed, "Bucket")
    Service(placed, "Orders", auth=Auth.none(), access_logs=[AccessLogs.to_s3(bucket, prefix=prefix)])
    principal = {"Service": "delivery.logs.amazonaws.com"}
    arn = placed.resolve(bucket.bucket_arn)
    objects = f"/{'' if prefix is None else 'mesh/eu/'}AWSLogs/111111111111/*"
    assert _statements(placed, "AWS::S3::BucketPolicy", "PolicyDocument") == [
        {
            "Effect": "Allow",
            "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
            "Principal": principal,
            "Resource": arn,
            "Condition": SOURCE,
        },
        {
            "Effect": "Allow",
            "Action": "s3:PutObject",
            "Principal": principal,
            "Resource": {"Fn::Join": ["", [arn, objects]]},
            "Condition": {
                **SOURCE,
                "StringEquals": {**SOURCE["StringEquals"], "s3:x-amz-acl": "bucket-owner-full-control"},
            },
        },
    ]
    (subscription,) = Template.from_stack(placed).find_resources("AWS::VpcLattice::AccessLogSubscription").values()
    assert subscription["DependsOn"] == [placed.get_logical_id(bucket.policy.node.default_child)]  # type: ignore[arg-type, union-attr]
    destination = arn if prefix is None else {"Fn::Join": ["", [arn, "/mesh/eu"]]}
    assert subscription["Properties"]["DestinationArn"] == destination


def test_two_services_share_the_statements(placed: cdk.Stack) -> None:
    """What is there already is not added again."""
    bucket = s3.Bucket(placed, "Bucket")
    for name in ("Orders", "Carts"):
        Service(placed, name, auth=Auth.none(), access_logs=[AccessLogs.to_s3(bucket)])
    assert len(_statements(placed, "AWS::S3::BucketPolicy", "PolicyDocument")) == 2


def test_the_key_of_a_bucket_lets_logs_in(placed: cdk.Stack) -> None:
    """Without it, nothing is delivered."""
    bucket = s3.Bucket(placed, "Bucket", encryption_key=kms.Key(placed, "Key"))
    Service(placed, "Orders", auth=Auth.none(), access_logs=[AccessLogs.to_s3(bucket)])
    assert _statements(placed, "AWS::KMS::Key", "KeyPolicy")[-1] == {
        "Effect": "Allow",
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Resource": "*",
        "Condition": SOURCE,
    }


def test_a_key_of_aws_is_refused(stack: cdk.Stack) -> None:
    """Logs would be delivered that nobody can read; the encryption of S3 is fine."""
    Service(
        stack,
        "Fine",
        auth=Auth.none(),
        access_logs=[AccessLogs.to_s3(s3.Bucket(stack, "Fine_", encryption=s3.BucketEncryption.S3_MANAGED))],
    )
    bucket = s3.Bucket(stack, "Bucket", encryption=s3.BucketEncryption.KMS_MANAGED)
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Orders", auth=Auth.none(), access_logs=[AccessLogs.to_s3(bucket)])
    assert str(caught.value) == (
        "Shop/Orders/AccessLogsS3: bucket Shop/Bucket is encrypted by a key of AWS, with which access logs cannot be "
        "read; give it a key of your own, or the encryption of S3"
    )
    assert stack.node.try_find_child("Orders") is None


def test_a_bucket_that_exists_already_is_left_alone(stack: cdk.Stack) -> None:
    """Its policy is in somebody else's template, or in none: VPC Lattice adds what is missing."""
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "logs")
    Service(stack, "Orders", auth=Auth.none(), access_logs=[AccessLogs.to_s3(bucket)])
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::S3::BucketPolicy", 0)
    template.resource_count_is("AWS::VpcLattice::AccessLogSubscription", 1)


@pytest.mark.parametrize("prefix", ["", "/", "/mesh", "mesh/"])
def test_a_prefix_has_no_slash_at_its_ends(stack: cdk.Stack, prefix: str) -> None:
    """There would be objects with empty names between them."""
    bucket = s3.Bucket(stack, "Bucket")
    with pytest.raises(ArgumentError) as caught:
        AccessLogs.to_s3(bucket, prefix=prefix)
    assert str(caught.value) == f"access logs: prefix must neither begin nor end with a slash, got {prefix!r}"


ARN = "arn:aws:vpc-lattice:eu-west-1:111111111111:servicenetwork/sn-0123456789abcdef0"


def test_what_exists_already_can_be_logged(stack: cdk.Stack) -> None:
    """By a subscription of its own, of each kind and type one; aws-cdk-lib knows it by its reference."""
    network = ServiceNetwork.from_service_network_arn(stack, "Mesh", ARN)
    group = AccessLogs.to_cloud_watch(logs.LogGroup(stack, "Group"))
    subscription = AccessLogSubscription(
        stack, "Logs", resource_identifier=network.service_network_arn, destination=group
    )
    AccessLogSubscription(stack, "Resources", resource_identifier=ARN, destination=group, log_type=LogType.RESOURCE)
    assert stack.resolve(vpclattice.CfnAccessLogSubscription.arn_for_access_log_subscription(subscription)) == {
        "Fn::GetAtt": [stack.get_logical_id(subscription.resource), "Arn"]
    }
    with pytest.raises(ArgumentError) as caught:
        AccessLogSubscription(stack, "Again", resource_identifier=ARN, destination=group)
    assert str(caught.value) == (
        "Shop/Again: access logs go to a destination in CloudWatch already, by Shop/Logs; there can be one of each kind"
    )
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::AccessLogSubscription", 2)


def test_the_console_offers_queries(stack: cdk.Stack) -> None:
    """All of them by default, under the path of the construct, for the log group."""
    group = logs.LogGroup(stack, "Group")
    queries = AccessLogQueries(stack, "Queries", log_groups=[group])
    assert list(queries.definitions) == list(AccessLogQuery)
    definitions = Template.from_stack(stack).find_resources("AWS::Logs::QueryDefinition").values()
    assert sorted(each["Properties"]["Name"] for each in definitions) == [
        "Shop/Queries/5xx, by target",
        "Shop/Queries/callers",
        "Shop/Queries/denied, by whom",
        "Shop/Queries/failures, by reason",
        "Shop/Queries/slowest requests",
    ]
    assert {str(each["Properties"]["LogGroupNames"]) for each in definitions} == {
        str([stack.resolve(group.log_group_name)])
    }


def test_some_queries_under_another_name(stack: cdk.Stack) -> None:
    """Those that are asked for, once each."""
    groups = [logs.LogGroup.from_log_group_name(stack, name, name) for name in ("one", "two")]
    some = [AccessLogQuery.DENIED, AccessLogQuery.DENIED]
    AccessLogQueries(stack, "Queries", log_groups=groups, queries=some, folder="mesh")
    (definition,) = Template.from_stack(stack).find_resources("AWS::Logs::QueryDefinition").values()
    assert definition["Properties"] == {
        "Name": "mesh/denied, by whom",
        "LogGroupNames": ["one", "two"],
        "QueryString": (
            'filter ispresent(authDeniedReason) and authDeniedReason not in ["null", "-", ""]\n'
            "| stats count(*) as requests "
            "by callerPrincipal, resolvedUser, authDeniedReason, sourceVpcArn, serviceArn\n"
            "| sort requests desc"
        ),
    }


FIELDS = {
    "authDeniedReason",
    "bytesReceived",
    "bytesSent",
    "callerPrincipal",
    "duration",
    "failureReason",
    "hostHeader",
    "requestId",
    "requestMethod",
    "requestPath",
    "requestToTargetDuration",
    "resolvedUser",
    "responseCode",
    "responseFromTargetDuration",
    "serviceArn",
    "sourceVpcArn",
    "targetGroupArn",
    "targetIpPort",
}
WORDS = {
    *("and", "as", "by", "count", "desc", "fields", "filter", "in", "ispresent", "limit", "not", "null", "pct", "sort"),
    *("p99", "received", "requests", "sent", "stats", "sum", "timestamp"),
}


@pytest.mark.parametrize("query", AccessLogQuery)
def test_a_query_asks_for_fields_that_are_there(query: AccessLogQuery) -> None:
    """Of those that access logs have; a misspelt one is empty, and nobody notices."""
    words = set(re.findall(r"[A-Za-z]\w*", query.text))
    assert words - WORDS <= FIELDS
    assert words & FIELDS


def test_queries_are_for_log_groups(stack: cdk.Stack) -> None:
    """Without one, they would be for all of the account."""
    with pytest.raises(ArgumentError) as caught:
        AccessLogQueries(stack, "Queries", log_groups=[])
    assert str(caught.value) == "Shop/Queries: queries are for log_groups, got none"
