"""What the controller may do, action by action, as its v2.1.3 does it.

Its own recommendation is one statement with `vpc-lattice:*` on everything. Here, what it lists it lists everywhere,
since lists have no resources; what it changes is of this account and region; and what not every cluster uses is a
feature.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclattice.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Aws
from aws_cdk.aws_iam import PolicyStatement

from constructs_lattice.gateway_api.controller_feature import ControllerFeature

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["base_statements", "feature_statements"]

# Batches of rules are updated with the permission to update one. Services are found in their list.
_SERVICES = [
    *(f"{verb}Service" for verb in ("Create", "Update", "Delete")),
    *(f"{verb}{what}" for what in ("Listener", "Rule") for verb in ("Create", "Get", "Update", "Delete")),
]
_TARGET_GROUPS = [
    *(f"{verb}TargetGroup" for verb in ("Create", "Get", "Update", "Delete")),
    "ListTargets",
    "RegisterTargets",
    "DeregisterTargets",
]
_LISTS = [
    "ListListeners",
    "ListRules",
    "ListServiceNetworkServiceAssociations",
    "ListServiceNetworkVpcAssociations",
    "ListServiceNetworks",
    "ListServices",
    "ListTagsForResource",
    "ListTargetGroups",
]
_LOG_DELIVERIES = ["CreateLogDelivery", "DeleteLogDelivery", "GetLogDelivery", "ListLogDeliveries", "UpdateLogDelivery"]


def base_statements(*, tagging_api: bool) -> list[PolicyStatement]:
    """What every controller needs: services, target groups, and associations of services with service networks.

    With `tagging_api`, it also reads and writes tags by the Resource Groups Tagging API.
    """
    association = _own("servicenetworkserviceassociation/*")
    statements = [
        # Registering targets and making target groups look at the VPC and its subnets; certificates are found by the
        # hostnames of routes.
        _allow("Find", [*_lattice(*_LISTS), "acm:ListCertificates", "ec2:DescribeSubnets", "ec2:DescribeVpcs"], ["*"]),
        _allow("Services", _lattice(*_SERVICES), [_own("service/*")]),
        _allow("TargetGroups", _lattice(*_TARGET_GROUPS), [_own("targetgroup/*")]),
        _allow(
            "ServiceAssociations",
            _lattice("CreateServiceNetworkServiceAssociation", "DeleteServiceNetworkServiceAssociation"),
            [association, _own("service/*"), _any_account("servicenetwork/*")],
        ),
        _allow(
            "Tags",
            _lattice("TagResource", "UntagResource"),
            [association, _own("service/*"), _own("targetgroup/*")],
        ),
        _service_linked_role("LatticeRole", "vpc-lattice.amazonaws.com", "AWSServiceRoleForVpcLattice"),
    ]
    if tagging_api:
        statements.append(_allow("TaggingApi", ["tag:GetResources", "tag:TagResources", "tag:UntagResources"], ["*"]))
    return statements


def feature_statements(feature: ControllerFeature, resources: Sequence[str] = ()) -> list[PolicyStatement]:
    """What one feature needs besides; for access logs, at the destinations `resources`, or at any of that kind."""
    match feature:
        case ControllerFeature.VPC_ASSOCIATIONS:
            return _vpc_associations()
        case ControllerFeature.AUTH_POLICIES:
            targets = [_own("service/*"), _own("servicenetwork/*")]
            actions = ("DeleteAuthPolicy", "PutAuthPolicy", "UpdateService", "UpdateServiceNetwork")
            return [_allow("AuthPolicies", _lattice(*actions), targets)]
        case ControllerFeature.SERVICE_NETWORKS:
            actions = ("CreateServiceNetwork", "DeleteServiceNetwork", "TagResource", "UntagResource")
            return [_allow("ServiceNetworks", _lattice(*actions), [_own("servicenetwork/*")])]
        case ControllerFeature.ACCESS_LOGS_TO_CLOUD_WATCH:
            # The policies of log groups are the account's: there is one namespace of them.
            policies = ["logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy"]
            return [*_access_logs(), _allow("AccessLogsToCloudWatch", policies, ["*"])]
        case ControllerFeature.ACCESS_LOGS_TO_S3:
            buckets = list(resources) or [f"arn:{Aws.PARTITION}:s3:::*"]
            return [*_access_logs(), _allow("AccessLogsToS3", ["s3:GetBucketPolicy", "s3:PutBucketPolicy"], buckets)]
        case ControllerFeature.ACCESS_LOGS_TO_FIREHOSE:
            streams = list(resources) or [_arn("firehose", Aws.ACCOUNT_ID, "deliverystream/*")]
            role = _service_linked_role(
                "LogDeliveryRole", "delivery.logs.amazonaws.com", "AWSServiceRoleForLogDelivery"
            )
            return [*_access_logs(), _allow("AccessLogsToFirehose", ["firehose:TagDeliveryStream"], streams), role]


def _vpc_associations() -> list[PolicyStatement]:
    association = _own("servicenetworkvpcassociation/*")
    actions = [f"{verb}ServiceNetworkVpcAssociation" for verb in ("Create", "Get", "Update", "Delete")]
    return [
        _allow("VpcAssociations", _lattice(*actions), [association, _any_account("servicenetwork/*")]),
        _allow("VpcAssociationTags", _lattice("TagResource", "UntagResource"), [association]),
        _allow("VpcAssociationSecurityGroups", ["ec2:DescribeSecurityGroups"], ["*"]),
    ]


def _access_logs() -> list[PolicyStatement]:
    subscription = _own("accesslogsubscription/*")
    actions = [f"{verb}AccessLogSubscription" for verb in ("Create", "Get", "Update", "Delete")]
    return [
        _allow("AccessLogs", _lattice(*actions), [subscription, _own("service/*"), _own("servicenetwork/*")]),
        _allow("AccessLogTags", _lattice("TagResource", "UntagResource"), [subscription]),
        _allow(
            "LogDeliveries",
            [*_lattice("ListAccessLogSubscriptions"), *(f"logs:{each}" for each in _LOG_DELIVERIES)],
            ["*"],
        ),
    ]


def _service_linked_role(sid: str, service: str, role: str) -> PolicyStatement:
    return PolicyStatement(
        sid=sid,
        actions=["iam:CreateServiceLinkedRole"],
        resources=[f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/aws-service-role/{service}/{role}"],
        conditions={"StringEquals": {"iam:AWSServiceName": service}},
    )


def _allow(sid: str, actions: Sequence[str], resources: Sequence[str]) -> PolicyStatement:
    return PolicyStatement(sid=sid, actions=list(actions), resources=list(resources))


def _lattice(*actions: str) -> list[str]:
    return [f"vpc-lattice:{each}" for each in actions]


def _own(resource: str) -> str:
    return _arn("vpc-lattice", Aws.ACCOUNT_ID, resource)


def _any_account(resource: str) -> str:
    # Service networks that other accounts share.
    return _arn("vpc-lattice", "*", resource)


def _arn(service: str, account: str, resource: str) -> str:
    return f"arn:{Aws.PARTITION}:{service}:{Aws.REGION}:{account}:{resource}"
