"""Associations of resource configurations with service networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import CfnTag
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.ownership import Entity, check_here, check_one_is_own
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Feature, Region
from constructs_lattice.vpc_lattice.resource_configuration import ResourceConfiguration
from constructs_lattice.vpc_lattice.resource_definition import ResourceType
from constructs_lattice.vpc_lattice.resource_paths import ResourcePaths
from constructs_lattice.vpc_lattice.resource_reference import ResourceConfigurationBase

if TYPE_CHECKING:
    from constructs import Construct

__all__ = ["ResourceAssociation", "ResourceAssociationBase"]

# For each app, the paths of the associations, by the ARNs of both ends.
_MADE: WeakKeyDictionary[Any, dict[tuple[str, str], str]] = WeakKeyDictionary()


@jsii.implements(interfaces.IServiceNetworkResourceAssociationRef)
class ResourceAssociationBase(LatticeResource):
    """An association of a resource, defined or imported."""

    @property
    def resource_association_arn(self) -> str:
        """The ARN."""
        raise NotImplementedError

    @property
    def resource_association_id(self) -> str:
        """The id, such as `snra-0123456789abcdef0`."""
        return id_of(self.resource_association_arn)

    @property
    def service_network_resource_association_ref(self) -> interfaces.ServiceNetworkResourceAssociationReference:
        """The reference by which constructs of the CDK know it."""
        arn = self.resource_association_arn
        return interfaces.ServiceNetworkResourceAssociationReference(service_network_resource_association_arn=arn)


class ResourceAssociation(ResourceAssociationBase):
    """Makes a resource reachable through a service network.

    Args:
        scope: The construct that this association is part of.
        id: The id within `scope`.
        service_network: The service network.
        resource_configuration: A database, a domain name, an address or a group. It may be in any number of networks.
        private_dns: Whether VPCs that have private DNS get a private hosted zone for the resource's custom domain name.
            This has the last word. Not by default; a database that is shared by its ARN always has it. Another
            association takes the place of this one when it changes.

    Raises:
        ArgumentError: The region has no resource configurations, the resource is in the network already, is a child of
            a group or a network segment, may not be in a network that is shareable, has its private DNS denied that it
            always has, or has private DNS by an endpoint of its own in a VPC that reaches the network by another; or
            one of both is in another region, or both belong to other accounts.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service_network: interfaces.IServiceNetworkRef,
        resource_configuration: interfaces.IResourceConfigurationRef,
        private_dns: bool | None = None,
    ) -> None:
        where = Place(scope, id)
        region = Region.of(scope)
        region.check(where, Feature.RESOURCES)
        network = service_network.service_network_ref.service_network_arn
        arn = resource_configuration.resource_configuration_ref.resource_configuration_arn
        _check_type(where, resource_configuration, private_dns=private_dns)
        _check_sharing(where, service_network, resource_configuration)
        ends: tuple[Entity, Entity] = (
            ("service network", service_network, network),
            ("resource configuration", resource_configuration, arn),
        )
        check_here(where, scope, *ends)
        check_one_is_own(where, scope, *ends)
        made = _MADE.setdefault(scope.node.root, {})
        if (network, arn) in made:
            raise ArgumentError(
                f"{where}: resource configuration {resource_configuration.node.path} is in the service network "
                f"already, by {made[network, arn]}; leave out one association"
            )
        paths = ResourcePaths.of(scope)
        has_private_dns = private_dns or _type(resource_configuration) is ResourceType.ARN
        if has_private_dns:
            paths.check_member(where, network, arn)
        super().__init__(scope, id)
        path = self.node.path
        self._resource = vpclattice.CfnServiceNetworkResourceAssociation(
            self,
            "Resource",
            service_network_id=network,
            # CloudFormation takes an id only, also of what another account shares.
            resource_configuration_id=_id(resource_configuration),
            private_dns_enabled=private_dns,
            tags=[CfnTag(key="Name", value=path)],
        )
        made[network, arn] = path
        if has_private_dns:
            paths.members[network][arn] = path
        region.count(self, Quota.RESOURCES, network)

    @staticmethod
    def from_resource_association_arn(
        scope: Construct, id: str, resource_association_arn: str
    ) -> ResourceAssociationBase:
        """An association that exists already. Raises `ArgumentError` for anything else than the ARN of one."""
        return _ImportedResourceAssociation(scope, id, arn=resource_association_arn)

    @staticmethod
    def from_resource_association_id(
        scope: Construct, id: str, resource_association_id: str
    ) -> ResourceAssociationBase:
        """An association of the stack's own account and region, such as `snra-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        identified = Identified.RESOURCE_ASSOCIATION
        identified.check_id(Place(scope, id), "resource_association_id", resource_association_id)
        return _ImportedResourceAssociation(scope, id, arn=identified.arn_of(scope, resource_association_id))

    @property
    def resource_association_arn(self) -> str:
        """The ARN."""
        return self._resource.attr_arn

    @property
    def resource(self) -> vpclattice.CfnServiceNetworkResourceAssociation:
        """The association itself, as CloudFormation knows it."""
        return self._resource


def _type(configuration: interfaces.IResourceConfigurationRef) -> ResourceType | None:
    return configuration.type if isinstance(configuration, ResourceConfigurationBase) else None


def _id(configuration: interfaces.IResourceConfigurationRef) -> str:
    if isinstance(configuration, ResourceConfigurationBase):
        return configuration.resource_configuration_id
    if isinstance(configuration, vpclattice.CfnResourceConfiguration):
        return configuration.attr_id
    return id_of(configuration.resource_configuration_ref.resource_configuration_arn)


def _check_type(
    where: object, configuration: interfaces.IResourceConfigurationRef, *, private_dns: bool | None
) -> None:
    path, type_ = configuration.node.path, _type(configuration)
    if type_ is ResourceType.CHILD:
        raise ArgumentError(f"{where}: {path} is a child of a group, which is reached as a whole; add the group")
    if type_ is ResourceType.CIDR:
        raise ArgumentError(
            f"{where}: {path} is a network segment, which no service network takes; use a TunnelEndpoint"
        )
    if type_ is ResourceType.ARN and private_dns is False:
        raise ArgumentError(
            f"{where}: {path} is a database that is shared by its ARN, which always has private DNS; leave private_dns "
            "out"
        )


def _check_sharing(
    where: object,
    network: interfaces.IServiceNetworkRef,
    configuration: interfaces.IResourceConfigurationRef,
) -> None:
    if not isinstance(configuration, ResourceConfiguration) or configuration.allows_shareable_networks is not False:
        return
    # Of a service network that is imported it is not known.
    if getattr(network, "shareable", None) is True:
        raise ArgumentError(
            f"{where}: {configuration.node.path} may not be in a service network that is shareable, as "
            f"{network.node.path} is; make the one with allow_shareable_networks=True or the other with shareable=False"
        )


class _ImportedResourceAssociation(Imported, ResourceAssociationBase):
    def __init__(self, scope: Construct, id: str, *, arn: str) -> None:
        Identified.RESOURCE_ASSOCIATION.check_arn(Place(scope, id), "resource_association_arn", arn)
        super().__init__(scope, id)
        self._arn = arn

    @property
    def resource_association_arn(self) -> str:
        return self._arn
