"""What all resource configurations have in common, defined or imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.share import Share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_events as events
    from aws_cdk import aws_transfer as transfer
    from constructs import Construct

    from constructs_lattice.vpc_lattice.principals import Principals
    from constructs_lattice.vpc_lattice.resource_definition import ResourceType

__all__ = ["ImportedResourceConfiguration", "ResourceConfigurationBase"]


@jsii.implements(interfaces.IResourceConfigurationRef)
class ResourceConfigurationBase(LatticeResource):
    """A resource configuration, defined or imported."""

    _arn: str
    _id: str
    _type: ResourceType | None = None
    _client_ports: tuple[ec2.Port, ...] = ()

    @property
    def resource_configuration_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def resource_configuration_id(self) -> str:
        """The id, such as `rcfg-0123456789abcdef0`."""
        return self._id

    @property
    def resource_configuration_ref(self) -> interfaces.ResourceConfigurationReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.ResourceConfigurationReference(resource_configuration_arn=self._arn)

    @property
    def type(self) -> ResourceType | None:
        """The type, if that is known."""
        return self._type

    @property
    def client_ports(self) -> tuple[ec2.Port, ...]:
        """The ports on which clients connect, as far as they are known."""
        return self._client_ports

    def share(
        self,
        id: str,
        *,
        principals: Principals,
        allow_external_principals: bool = False,
        permission_arns: Sequence[str] = (),
        share_name: str | None = None,
    ) -> Share:
        """Share it with other accounts; the arguments are those of `Share`."""
        return Share(
            self,
            id,
            resources=[self],
            principals=principals,
            allow_external_principals=allow_external_principals,
            permission_arns=permission_arns,
            share_name=share_name,
        )

    def event_connectivity(self) -> events.CfnConnection.InvocationConnectivityParametersProperty:
        """What a connection of Amazon EventBridge takes as `invocation_connectivity_parameters` to reach it."""
        from aws_cdk import aws_events as events  # noqa: PLC0415 - loaded by who has a connection only

        return events.CfnConnection.InvocationConnectivityParametersProperty(
            resource_parameters=events.CfnConnection.ResourceParametersProperty(resource_configuration_arn=self._arn)
        )

    def transfer_egress(self, port: int | None = None) -> transfer.CfnConnector.ConnectorEgressConfigProperty:
        """What an SFTP connector of AWS Transfer Family takes as `egress_config` to reach it; on port 22 by default."""
        from aws_cdk import aws_transfer as transfer  # noqa: PLC0415 - loaded by who has a connector only

        return transfer.CfnConnector.ConnectorEgressConfigProperty(
            vpc_lattice=transfer.CfnConnector.ConnectorVpcLatticeEgressConfigProperty(
                resource_configuration_arn=self._arn, port_number=port
            )
        )


class ImportedResourceConfiguration(Imported, ResourceConfigurationBase):
    """A resource configuration that exists already."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        arn: str,
        resource_configuration_id: str | None = None,
        type: ResourceType | None = None,
        client_ports: tuple[ec2.Port, ...] = (),
    ) -> None:
        Identified.RESOURCE_CONFIGURATION.check_arn(Place(scope, id), "resource_configuration_arn", arn)
        super().__init__(scope, id)
        self._arn = arn
        self._id = resource_configuration_id or id_of(arn)
        self._type = type
        self._client_ports = client_ports
