"""Policies that AWS manages, as far as they matter here, as the AWS Managed Policy Reference has them.

AWS may change them; who relies on one here assumes that it has not.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from constructs_lattice.model.policies import Json

__all__ = ["aws_managed"]

_ARN = re.compile(r"arn:.+?:iam::aws:policy/(?:.*/)?(?P<name>[^/]+)")


def _allowing(element: str, *actions: str) -> Json:
    statement: dict[str, Json] = {"Effect": "Allow", element: list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


_DOCUMENTS: Mapping[str, Json] = MappingProxyType(
    {
        "AdministratorAccess": _allowing("Action", "*"),
        "PowerUserAccess": _allowing("NotAction", "iam:*", "organizations:*", "account:*"),
        "VPCLatticeServicesInvokeAccess": _allowing("Action", "vpc-lattice-svcs:Invoke"),
    }
)

# Policies that services' roles often have. They say nothing about VPC Lattice services.
_WITHOUT_LATTICE = frozenset(
    {
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "AWSXrayWriteOnlyAccess",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonECSTaskExecutionRolePolicy",
        "AmazonEKSWorkerNodePolicy",
        "AmazonEKS_CNI_Policy",
        "AmazonS3ReadOnlyAccess",
        "AmazonSSMManagedInstanceCore",
        "CloudWatchAgentServerPolicy",
        "VPCLatticeFullAccess",
        "VPCLatticeReadOnlyAccess",
    }
)


def aws_managed(arn: str) -> tuple[str, Json] | None:
    """The name and the document of a policy that AWS manages, if it is one that is known here.

    The documents are those statements that matter here.
    """
    found = _ARN.fullmatch(arn)
    if found is None:
        return None
    name = found["name"]
    if name in _WITHOUT_LATTICE:
        return name, _allowing("Action", "logs:*")
    return (name, _DOCUMENTS[name]) if name in _DOCUMENTS else None
