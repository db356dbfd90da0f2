"""What interface endpoints a kind of workload needs in a VPC without a way to the internet."""

from typing import Final

__all__ = ["EndpointSet"]


class EndpointSet:
    """Short names of services, to be given to a `Vpc` as `interface_endpoints`; several sets may be added up.

    All of them count on the gateway endpoint for S3, which a `Vpc` has by default: images and packages are kept there.
    """

    FARGATE: Final = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages")
    """Tasks on Fargate: their images, logs, secrets and parameters, and ECS Exec.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
    """

    ECS_ON_EC2: Final = (*FARGATE, "ecs", "ecs-agent", "ecs-telemetry")
    """Tasks on EC2 instances: what they need on Fargate, and what the instances' agent needs.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
    """

    EKS: Final = (
        "autoscaling",
        "ec2",
        "ecr.api",
        "ecr.dkr",
        "eks",
        "eks-auth",
        "elasticloadbalancing",
        "logs",
        "sts",
    )
    """Nodes and pods of a private cluster, with Pod Identity, the load balancer controller and the autoscaler.

    https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
    """

    SESSION_MANAGER: Final = ("ec2messages", "ssm", "ssmmessages")
    """Instances that are reached with Session Manager.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
    """
