"""ServiceImports: target groups from elsewhere as backends of routes.

https://www.gateway-api-controller.eks.aws.dev/latest/api-types/service-import/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from constructs_lattice._checks import check_pattern
from constructs_lattice.errors import ArgumentError
from constructs_lattice.gateway_api.kubernetes_object import KubernetesObject, ObjectKind, ObjectRef, check_object_name

__all__ = ["ServiceImport"]

_VPC_ID = re.compile(r"vpc-[0-9a-f]{8,17}")
_TARGET_GROUP_ARN = re.compile(r"arn:[^:]+:vpc-lattice:[^:]+:[0-9]{12}:targetgroup/tg-[0-9a-z]{17}")
# The resource definition wants a port; what counts is the port of the target group.
_UNUSED_PORT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceImport(KubernetesObject):
    """A target group that a `ServiceExport` made, or any other one, as a backend of routes.

    Made by `of_export` or `of_target_group`.

    - `export_name`: the name of the ServiceExport; the name of the import by default.
    - `cluster_name`, `vpc_id`: where the export is, when there are several of the name.
    - `target_group_arn`: a target group of the controller's account and region. Its owner keeps it: the controller
      neither tags it nor registers targets with it. A target group belongs to one service.

    Raises `ArgumentError` for a target group together with the others.
    """

    kind: ClassVar[ObjectKind] = ObjectKind.SERVICE_IMPORT

    name: str
    namespace: str = "default"
    export_name: str | None = None
    cluster_name: str | None = None
    vpc_id: str | None = None
    target_group_arn: str | None = None

    def __post_init__(self) -> None:
        """Check the names, and that there is one way to find the target group."""
        where = f"{self.kind} {self.name!r}"
        check_object_name(where, self.name, self.namespace)
        if self.export_name is not None:
            check_object_name(f"{where}: export_name", self.export_name, self.namespace)
        check_pattern(where, "vpc_id", self.vpc_id, _VPC_ID, "be an id such as vpc-0123456789abcdef0")
        check_pattern(
            where, "target_group_arn", self.target_group_arn, _TARGET_GROUP_ARN, "be the ARN of a target group"
        )
        found_by_tags = (self.export_name, self.cluster_name, self.vpc_id)
        if self.target_group_arn is not None and any(each is not None for each in found_by_tags):
            raise ArgumentError(
                f"{where}: target_group_arn says it all; leave export_name, cluster_name and vpc_id out"
            )

    @classmethod
    def of_export(
        cls,
        name: str,
        *,
        namespace: str = "default",
        export_name: str | None = None,
        cluster_name: str | None = None,
        vpc_id: str | None = None,
    ) -> Self:
        """What a `ServiceExport` made, in this or another cluster, in a namespace of the same name."""
        return cls(name=name, namespace=namespace, export_name=export_name, cluster_name=cluster_name, vpc_id=vpc_id)

    @classmethod
    def of_target_group(cls, name: str, target_group_arn: str, *, namespace: str = "default") -> Self:
        """A target group that is made elsewhere: of instances, functions or load balancers, say."""
        return cls(name=name, namespace=namespace, target_group_arn=target_group_arn)

    @property
    def ref(self) -> ObjectRef:
        """The reference by which it is known."""
        return ObjectRef(kind=self.kind, name=self.name, namespace=self.namespace)

    def _annotations(self) -> dict[str, str]:
        annotations = {
            "export-name": self.export_name,
            "aws-eks-cluster-name": self.cluster_name,
            "aws-vpc": self.vpc_id,
            "target-group-arn": self.target_group_arn,
        }
        return {key: value for key, value in annotations.items() if value is not None}

    def _spec(self) -> dict[str, Any]:
        return {"type": "ClusterSetIP", "ports": [{"port": _UNUSED_PORT, "protocol": "TCP"}]}
