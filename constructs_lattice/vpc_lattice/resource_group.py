"""Groups of resources that are shared as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aws_cdk import Annotations
from aws_cdk import aws_ec2 as ec2

from constructs_lattice._checks import Place
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.domain_verification import is_within
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.resource_configuration import ResourceConfiguration
from constructs_lattice.vpc_lattice.resource_definition import ResourceDefinition, ResourceType

if TYPE_CHECKING:
    from constructs_lattice.vpc import Ports

__all__ = ["ResourceGroup"]


class ResourceGroup(ResourceConfiguration):
    """Several domain names and addresses that are shared as one, such as the brokers of a cluster.

    Made by `ResourceConfiguration.group`. Whoever can reach the group can reach each of its children.
    """

    @property
    def children(self) -> Mapping[str, ResourceConfiguration]:
        """The children, by the ids with which they were added."""
        return {each.node.id: each for each in self.node.children if isinstance(each, ResourceConfiguration)}

    @property
    def client_ports(self) -> tuple[ec2.Port, ...]:
        """The ports of the group, and of the children that it has by now."""
        return (*self._client_ports, *(port for each in self.children.values() for port in each.client_ports))

    @property
    def group_domain(self) -> str | None:
        """The domain that the custom domain names of its children are below, if there is one."""
        return self.resource.group_domain

    def add_child(
        self,
        id: str,
        definition: ResourceDefinition,
        *,
        ports: Sequence[int | Ports],
        custom_domain_name: str | None = None,
        resource_configuration_name: str | None = None,
    ) -> ResourceConfiguration:
        """Add a child, which is reached by the group's gateway.

        Args:
            id: The id within this group.
            definition: What it is: `ResourceDefinition.dns_name` or `ResourceDefinition.ip_address`.
            ports: The ports of TCP on which clients may connect, numbers or `Ports`.
            custom_domain_name: A domain name below that of the group, by which consumers with private DNS find it. It
                is as verified as the group's. Without a domain of the group, VPC Lattice makes no hosted zone for it:
                a warning says so.
            resource_configuration_name: Its name, made by default as that of any resource configuration.

        Raises:
            ArgumentError: It is no domain name and no address, its domain name is not below the group's, or something
                is out of its limits.
        """
        where = Place(self, id)
        if definition.type is not ResourceType.SINGLE:
            raise ArgumentError(
                f"{where}: a child must be a domain name or an address, got {definition.type}; add "
                "ResourceDefinition.dns_name or ResourceDefinition.ip_address"
            )
        domain = self.group_domain
        if None not in (custom_domain_name, domain) and not is_within(custom_domain_name or "", domain or ""):
            raise ArgumentError(
                f"{where}: custom_domain_name must be below the group_domain {domain!r}, got {custom_domain_name!r}; "
                "choose one there"
            )
        child = ResourceConfiguration(
            self,
            id,
            definition=replace(definition, type=ResourceType.CHILD),
            gateway=self.gateway,
            group=self,
            ports=ports,
            custom_domain_name=custom_domain_name,
            resource_configuration_name=resource_configuration_name,
        )
        Region.of(self).count(child, Quota.CHILDREN, self.resource_configuration_arn)
        if custom_domain_name is not None and domain is None and not is_token(custom_domain_name):
            Annotations.of(child).add_warning_v2(
                "constructs-lattice:latticeNoGroupDomain",
                "consumers get no hosted zone for the custom_domain_name of a child whose group has no group_domain; "
                "give the group one",
            )
        return child
