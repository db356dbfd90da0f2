"""What stands for VPCs that are looked up in an account, until `cdk synth` has looked: the same for all of them."""

from aws_cdk import aws_ec2 as ec2

__all__ = ["DUMMY_BLOCK", "DUMMY_VPC_ID", "is_pending"]

DUMMY_VPC_ID = "vpc-12345"
"""The id of every such VPC."""

DUMMY_BLOCK = "1.2.3.4/5"
"""The block of every such VPC, which is none."""


def is_pending(vpc: ec2.IVpc) -> bool:
    """Whether nothing is known of the VPC yet, so that nothing can be judged."""
    return vpc.vpc_id == DUMMY_VPC_ID
