"""Associations of services with service networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource, name_tag, path_of
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.network_ledger import NetworkLedger
from constructs_lattice.vpc_lattice.ownership import Entity, check_here, check_one_is_own
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.service_grants import ServiceGrants

if TYPE_CHECKING:
    from constructs import Construct

__all__ = ["ServiceAssociation", "ServiceAssociationBase"]


@jsii.implements(interfaces.IServiceNetworkServiceAssociationRef)
class ServiceAssociationBase(LatticeResource):
    """An association of a service, defined or imported."""

    @property
    def service_association_arn(self) -> str:
        """The ARN."""
        raise NotImplementedError

    @property
    def service_association_id(self) -> str:
        """The id, such as `snsa-0123456789abcdef0`."""
        return id_of(self.service_association_arn)

    @property
    def service_network_service_association_ref(self) -> interfaces.ServiceNetworkServiceAssociationReference:
        """The reference by which constructs of the CDK know it."""
        arn = self.service_association_arn
        return interfaces.ServiceNetworkServiceAssociationReference(service_network_service_association_arn=arn)


class ServiceAssociation(ServiceAssociationBase):
    """Makes a service callable through a service network.

    Args:
        scope: The construct that this association is part of.
        id: The id within `scope`.
        service_network: The service network.
        service: The service. It may be in any number of networks.

    Raises:
        ArgumentError: The region has no VPC Lattice, the service is in the network already, another service has its
            custom domain name there, one of both is in another region, or both belong to other accounts.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service_network: interfaces.IServiceNetworkRef,
        service: interfaces.IServiceRef,
    ) -> None:
        where = Place(scope, id)
        region = Region.of(scope)
        region.check(where)
        network, arn = service_network.service_network_ref.service_network_arn, service.service_ref.service_arn
        ends: tuple[Entity, Entity] = ("service network", service_network, network), ("service", service, arn)
        check_here(where, scope, *ends)
        check_one_is_own(where, scope, *ends)
        members = NetworkLedger.of(scope, network)
        members.check(where, service)
        super().__init__(scope, id)
        self._resource = vpclattice.CfnServiceNetworkServiceAssociation(
            self,
            "Resource",
            service_network_identifier=network,
            service_identifier=arn,
            tags=[name_tag(self)],
        )
        if isinstance(grants := getattr(service, "grants", None), ServiceGrants):
            grants.join(where, path_of(service_network), getattr(service_network, "auth_policy", None))
        members.add(service)
        region.count(self, Quota.SERVICE_ASSOCIATIONS, network)

    @staticmethod
    def from_service_association_arn(scope: Construct, id: str, service_association_arn: str) -> ServiceAssociationBase:
        """An association that exists already. Raises `ArgumentError` for anything else than the ARN of one."""
        return _ImportedServiceAssociation(scope, id, arn=service_association_arn)

    @staticmethod
    def from_service_association_id(scope: Construct, id: str, service_association_id: str) -> ServiceAssociationBase:
        """An association of the stack's own account and region, such as `snsa-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        identified = Identified.SERVICE_ASSOCIATION
        identified.check_id(Place(scope, id), "service_association_id", service_association_id)
        return _ImportedServiceAssociation(scope, id, arn=identified.arn_of(scope, service_association_id))

    @property
    def service_association_arn(self) -> str:
        """The ARN."""
        return self._resource.attr_arn

    @property
    def resource(self) -> vpclattice.CfnServiceNetworkServiceAssociation:
        """The association itself, as CloudFormation knows it."""
        return self._resource


class _ImportedServiceAssociation(Imported, ServiceAssociationBase):
    def __init__(self, scope: Construct, id: str, *, arn: str) -> None:
        Identified.SERVICE_ASSOCIATION.check_arn(Place(scope, id), "service_association_arn", arn)
        super().__init__(scope, id)
        self._arn = arn

    @property
    def service_association_arn(self) -> str:
        return self._arn
