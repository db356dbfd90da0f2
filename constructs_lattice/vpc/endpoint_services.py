"""What is known of the services behind interface endpoints: the policies and the private DNS that they support.

AWS tells it by `aws ec2 describe-vpc-endpoint-services` only, which is no call to make at synthesis. These are the
services whose documentation, or AWS's own guidance, says it.
"""

from typing import Final

__all__ = [
    "INBOUND_ONLY_SERVICES",
    "admits_anybody",
    "holds_resources",
    "refuses_policies",
    "supports_private_dns",
    "takes_policies",
]

# Services that take policies, whose callers are principals of IAM, and whose resources are compared with them: AWS has
# reviewed their actions for it. https://github.com/aws-samples/data-perimeter-policy-examples
_HOLDING_RESOURCES: Final = frozenset(
    {
        "dynamodb",
        "ecr.api",
        "ecr.dkr",
        "events",
        "kinesis-streams",
        "kms",
        "lambda",
        "logs",
        "s3",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
        "states",
        "sts",
    }
)

# Services that take policies, whose callers are principals of IAM, but whose resources are not compared: they have none
# that another account could own, or need many of AWS's own, or their actions do not tell whose the resource is.
_TAKING_POLICIES: Final = frozenset(
    {
        "access-analyzer",
        "acm-pca",
        "application-autoscaling",
        "athena",
        "autoscaling",
        "autoscaling-plans",
        "backup",
        "batch",
        "bedrock",
        "bedrock-agent",
        "bedrock-agent-runtime",
        "bedrock-runtime",
        "cloudformation",
        "codeartifact.api",
        "codebuild",
        "codecommit",
        "config",
        "ec2",
        "ec2messages",
        "ecs",
        "ecs-agent",
        "ecs-telemetry",
        "eks",
        "elasticfilesystem",
        "elasticloadbalancing",
        "email",
        "emr-serverless",
        "glue",
        "kafka",
        "kinesis-firehose",
        "monitoring",
        "rds",
        "sagemaker.api",
        "sagemaker.runtime",
        "servicecatalog",
        "ssm-contacts",
        "ssm-incidents",
        "ssmmessages",
        "textract",
        "xray",
    }
)

# Services of which AWS says that they let everything through: the deployment fails when there is a policy.
# https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
_REFUSING_POLICIES: Final = frozenset(
    {
        "appmesh-envoy-management",
        "apprunner.requests",
        "appstream.api",
        "appstream.streaming",
        "awsconnector",
        "b2bi",
        "billing",
        "billingconductor",
        "cleanrooms",
        "cleanrooms-ml",
        "email-smtp",
        "inspector2",
        "iot.data",
        "iotwireless.api",
        "neptune-graph",
        "oidc-eks",
        "pinpoint-sms-voice-v2",
        "transfer.server",
    }
)

# Services whose callers need not be principals of IAM: they have tokens, keys and passwords, or nothing, and a policy
# that asks who they are would shut them out. Of `eks-auth` AWS does not say whether it takes a policy.
_ADMITTING_ANYBODY: Final = frozenset(
    {"codeartifact.repositories", "cognito-identity", "cognito-idp", "eks-auth", "execute-api", "git-codecommit"}
)

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html
# https://docs.aws.amazon.com/iot/latest/developerguide/IoTCore-VPC.html
_WITHOUT_PRIVATE_DNS: Final = frozenset({"dynamodb", "dynamodb-streams", "iot.data"})

INBOUND_ONLY_SERVICES: Final = frozenset({"s3"})
"""The services that have gateway endpoints as well as interface endpoints with private DNS.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html#private-dns-s3
"""


def takes_policies(service: str) -> bool:
    """Whether the endpoint of `service` is known to take a policy that asks who the caller is."""
    return _plain(service) in _HOLDING_RESOURCES | _TAKING_POLICIES


def holds_resources(service: str) -> bool:
    """Whether such a policy can ask whose the resource is, too."""
    return _plain(service) in _HOLDING_RESOURCES


def refuses_policies(service: str) -> bool:
    """Whether the endpoint of `service` is known to take no policy at all."""
    return _plain(service) in _REFUSING_POLICIES


def admits_anybody(service: str) -> bool:
    """Whether the endpoint of `service` is known to be better without a policy that asks who the caller is."""
    return refuses_policies(service) or _plain(service) in _ADMITTING_ANYBODY


def supports_private_dns(service: str) -> bool:
    """Whether the service's own names can lead to its endpoint."""
    return _plain(service) not in _WITHOUT_PRIVATE_DNS


def _plain(service: str) -> str:
    return service.removesuffix("-fips")
