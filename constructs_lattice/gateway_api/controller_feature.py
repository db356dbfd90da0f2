"""What the controller may do besides looking after services: a permission of its own each."""

from enum import StrEnum

__all__ = ["ControllerFeature"]


class ControllerFeature(StrEnum):
    """Something that not every cluster uses.

    `GatewayApiController.apply` permits what the applied policies need. Name one only for policies that get into the
    cluster in another way.
    """

    VPC_ASSOCIATIONS = "vpc-associations"
    """VpcAssociationPolicies: associate the cluster's VPC with service networks."""

    AUTH_POLICIES = "auth-policies"
    """IAMAuthPolicies: write the auth policies of services and service networks, or take them away."""

    ACCESS_LOGS_TO_CLOUD_WATCH = "access-logs-to-cloud-watch"
    """AccessLogPolicies with log groups."""

    ACCESS_LOGS_TO_S3 = "access-logs-to-s3"
    """AccessLogPolicies with buckets."""

    ACCESS_LOGS_TO_FIREHOSE = "access-logs-to-firehose"
    """AccessLogPolicies with Firehose delivery streams."""

    SERVICE_NETWORKS = "service-networks"
    """ServiceNetworks of the controller: make and delete service networks."""
