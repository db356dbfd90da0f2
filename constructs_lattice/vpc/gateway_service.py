"""The services that have gateway endpoints."""

from enum import StrEnum

__all__ = ["GatewayService"]


class GatewayService(StrEnum):
    """The services that have gateway endpoints, which are free.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    """

    S3 = "s3"
    DYNAMODB = "dynamodb"
