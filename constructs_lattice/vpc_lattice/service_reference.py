"""What all services have in common, defined or imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.metrics import ServiceMetrics
from constructs_lattice.vpc_lattice.service_grants import ServiceGrants
from constructs_lattice.vpc_lattice.share import Share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lattice.vpc_lattice.principals import Principals

__all__ = ["ImportedService", "ServiceBase"]


@jsii.implements(interfaces.IServiceRef)
class ServiceBase(LatticeResource, ServiceMetrics):
    """A service, defined or imported."""

    _arn: str
    _grants: ServiceGrants | None = None

    @property
    def grants(self) -> ServiceGrants:
        """Lets callers use the service. Of one that is imported, the auth policy is for its owner to write."""
        if self._grants is None:
            self._grants = ServiceGrants(self, getattr(self, "auth_policy", None))
        return self._grants

    @property
    def service_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def service_id(self) -> str:
        """The id, such as `svc-0123456789abcdef0`."""
        return id_of(self._arn)

    @property
    def service_ref(self) -> interfaces.ServiceReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.ServiceReference(service_arn=self._arn)

    @property
    def domain_name(self) -> str:
        """The domain name that VPC Lattice gives it. Raises `ArgumentError` when an import does not tell it."""
        raise NotImplementedError

    @property
    def hosted_zone_id(self) -> str:
        """The hosted zone of that domain name. Raises `ArgumentError` when an import does not tell it."""
        raise NotImplementedError

    @property
    def known_domain_name(self) -> str | None:
        """The domain name that VPC Lattice gives it. None when an import does not tell it."""
        return self.domain_name

    def share(
        self,
        id: str,
        *,
        principals: Principals,
        allow_external_principals: bool = False,
        permission_arns: Sequence[str] = (),
        share_name: str | None = None,
    ) -> Share:
        """Share the service with other accounts; the arguments are those of `Share`."""
        return Share(
            self,
            id,
            resources=[self],
            principals=principals,
            allow_external_principals=allow_external_principals,
            permission_arns=permission_arns,
            share_name=share_name,
        )


class ImportedService(Imported, ServiceBase):
    """A service that exists already."""

    custom_domain_name: str  # there only when it was told: without it, there may be one all the same

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service_arn: str,
        domain_name: str | None = None,
        hosted_zone_id: str | None = None,
        custom_domain_name: str | None = None,
    ) -> None:
        Identified.SERVICE.check_arn(Place(scope, id), "service_arn", service_arn)
        super().__init__(scope, id)
        self._arn = service_arn
        self._domain_name = domain_name
        self._hosted_zone_id = hosted_zone_id
        if custom_domain_name is not None:
            self.custom_domain_name = custom_domain_name

    @property
    def domain_name(self) -> str:
        """The domain name that VPC Lattice gives it. Raises `ArgumentError` when it was not told."""
        return self._known("domain_name", self._domain_name)

    @property
    def known_domain_name(self) -> str | None:
        """The domain name that VPC Lattice gives it. None when it was not told."""
        return self._domain_name

    @property
    def hosted_zone_id(self) -> str:
        """The hosted zone of that domain name. Raises `ArgumentError` when it was not told."""
        return self._known("hosted_zone_id", self._hosted_zone_id)

    def _known(self, name: str, value: str | None) -> str:
        if value is None:
            raise ArgumentError(
                f"{self.node.path}: {name} is not known of a service that is imported by its ARN; "
                "use Service.from_service_attributes"
            )
        return value
