"""Shares of service networks, services and resource configurations with other accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ram as ram

from constructs_lattice._checks import Place, check_pattern
from constructs_lattice._construct import LatticeConstruct, name_tag
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.ownership import check_here, check_own
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.resource_definition import ResourceType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

    from constructs_lattice.vpc_lattice.principals import Principals

    Shareable = interfaces.IServiceNetworkRef | interfaces.IServiceRef | interfaces.IResourceConfigurationRef

__all__ = ["Share"]

_PERMISSION = re.compile(r"arn:[a-z0-9-]+:ram:[a-z0-9-]*:(aws|\d{12})?:permission/[A-Za-z0-9_./-]+")
_REFERENCES = (
    ("service_network_ref", "service_network_arn"),
    ("service_ref", "service_arn"),
    ("resource_configuration_ref", "resource_configuration_arn"),
)


class Share(LatticeConstruct):
    """Shares service networks, services and resource configurations with other accounts.

    A consumer imports what is shared by its ARN, and associates it with what is its own: its VPC, its service or its
    resource configuration with a shared service network, or its service network with a shared service or resource
    configuration. Two things that are both shared with it cannot be associated.

    Associations stay when sharing ends.

    Args:
        scope: The construct that this share is part of.
        id: The id within `scope`.
        resources: What is shared; ours, imports of the stack's own account, or L1 constructs.
        principals: With whom.
        allow_external_principals: Whether accounts outside of the owner's organization can be among them. They cannot
            by default.
        permission_arns: What consumers may do with each type of resource: a permission of AWS Resource Access Manager
            for each, managed by AWS or by oneself. The default permission of the type by default: all associations.
        share_name: The name of the share. By default its path, with hyphens.

    Raises:
        ArgumentError: There is nothing to share, something belongs to another account, it is a child of a group, which
            is shared as a whole, or a service network that is not to be shared, or an ARN is malformed.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/sharing.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        resources: Sequence[Shareable],
        principals: Principals,
        allow_external_principals: bool = False,
        permission_arns: Sequence[str] = (),
        share_name: str | None = None,
    ) -> None:
        where = Place(scope, id)
        Region.of(scope).check(where)
        if not resources:
            raise ArgumentError(f"{where}: resources is empty, so nothing would be shared; leave out the share")
        arns = [_arn(where, scope, each) for each in resources]
        for permission in permission_arns:
            check_pattern(where, "permission_arns", permission, _PERMISSION, "be ARNs of permissions of AWS RAM")
        super().__init__(scope, id)
        self._resource = ram.CfnResourceShare(
            self,
            "Resource",
            name=share_name or self.node.path.replace("/", "-"),
            resource_arns=arns,
            principals=principals.all,
            allow_external_principals=allow_external_principals,
            permission_arns=list(permission_arns) or None,
            tags=[name_tag(self)],
        )

    @property
    def resource(self) -> ram.CfnResourceShare:
        """The resource share itself, as CloudFormation knows it."""
        return self._resource

    @property
    def share_arn(self) -> str:
        """The ARN of the share, by which consumers outside of the organization accept it."""
        return self._resource.attr_arn


def _arn(where: object, scope: Construct, resource: Any) -> str:
    path = resource.node.path
    if getattr(resource, "type", None) is ResourceType.CHILD:
        raise ArgumentError(f"{where}: {path} is a child of a group, which is shared as a whole; share the group")
    if getattr(resource, "shareable", True) is False:
        raise ArgumentError(f"{where}: {path} is a service network that is not shareable; make it with shareable=True")
    for reference, name in _REFERENCES:
        if hasattr(resource, reference):
            arn: str = getattr(getattr(resource, reference), name)
            check_here(where, scope, ("resource", resource, arn))
            check_own(where, scope, path, arn)
            return arn
    raise ArgumentError(f"{where}: {path} cannot be shared; give service networks, services, resource configurations")
