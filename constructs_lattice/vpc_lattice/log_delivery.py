"""The statements by which access logs are delivered to a bucket.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from constructs_lattice._construct import stack_of
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3
    from constructs import Construct, IDependable

__all__ = ["admit_delivery"]

_DELIVERY = "delivery.logs.amazonaws.com"
_KEY_ACTIONS = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]


def admit_delivery(where: object, scope: Construct, bucket: s3.IBucket, prefix: str | None) -> IDependable | None:
    """Let logs of what is in `scope` be delivered to `bucket`; what has to be there before, if that is made here.

    Raises `ArgumentError` when the bucket is encrypted by a key of AWS, with which logs cannot be read.
    """
    _check_encryption(where, bucket)
    stack = stack_of(scope)
    source = {
        "StringEquals": {"aws:SourceAccount": stack.account},
        "ArnLike": {"aws:SourceArn": stack.format_arn(service="logs", resource="*")},
    }
    objects = "/".join(filter(None, (prefix, "AWSLogs", stack.account, "*")))
    owned = {"StringEquals": {**source["StringEquals"], "s3:x-amz-acl": "bucket-owner-full-control"}}
    bucket.add_to_resource_policy(_statement(["s3:GetBucketAcl", "s3:ListBucket"], bucket.bucket_arn, source))
    bucket.add_to_resource_policy(_statement(["s3:PutObject"], bucket.arn_for_objects(objects), {**source, **owned}))
    if bucket.encryption_key is not None:
        bucket.encryption_key.add_to_resource_policy(_statement(_KEY_ACTIONS, "*", source))
    return bucket.policy


def _statement(actions: list[str], resource: str, conditions: dict[str, Any]) -> iam.PolicyStatement:
    principal: Any = iam.ServicePrincipal(_DELIVERY)
    return iam.PolicyStatement(actions=actions, resources=[resource], principals=[principal], conditions=conditions)


def _check_encryption(where: object, bucket: s3.IBucket) -> None:
    from aws_cdk import aws_s3 as s3  # noqa: PLC0415 - loaded by who has a bucket only

    resource = bucket.node.default_child
    # Of an imported bucket, it is not known.
    if not isinstance(resource, s3.CfnBucket):
        return
    encryption = stack_of(bucket).resolve(resource.bucket_encryption) or {}
    rules = [
        rule.get("serverSideEncryptionByDefault", {})
        for rule in encryption.get("serverSideEncryptionConfiguration", [])
    ]
    if any(rule.get("sseAlgorithm") == "aws:kms" and "kmsMasterKeyId" not in rule for rule in rules):
        raise ArgumentError(
            f"{where}: bucket {bucket.node.path} is encrypted by a key of AWS, with which access logs cannot be read; "
            "give it a key of your own, or the encryption of S3"
        )
