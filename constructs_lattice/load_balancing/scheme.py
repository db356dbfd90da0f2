"""Whether a load balancer faces the internet."""

from enum import StrEnum

from aws_cdk import aws_ec2 as ec2

__all__ = ["Scheme"]


class Scheme(StrEnum):
    """Whether a load balancer has public addresses.

    AWS takes `internet-facing` where nothing is said; here a load balancer is internal unless it is told otherwise.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
    """

    INTERNAL = "internal"
    INTERNET_FACING = "internet-facing"

    @property
    def default_subnets(self) -> ec2.SubnetSelection:
        """Where such a load balancer lives when nothing is said: public subnets, or the VPC's default selection."""
        return ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC if self is Scheme.INTERNET_FACING else None)
