"""Associations of services with service networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnTag
from aws_cdk import aws_vpclattice as vpclattice

from constructs_lattice._construct import LatticeConstruct

if TYPE_CHECKING:
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

__all__ = ["ServiceAssociation"]


class ServiceAssociation(LatticeConstruct):
    """Makes a service callable through a service network.

    Args:
        scope: The construct that this association is part of.
        id: The id within `scope`.
        service_network: The service network.
        service: The service. It may be in any number of networks.

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
        super().__init__(scope, id)
        self._resource = vpclattice.CfnServiceNetworkServiceAssociation(
            self,
            "Resource",
            service_network_identifier=service_network.service_network_ref.service_network_arn,
            service_identifier=service.service_ref.service_arn,
            tags=[CfnTag(key="Name", value=self.node.path)],
        )

    @property
    def resource(self) -> vpclattice.CfnServiceNetworkServiceAssociation:
        """The association itself, as CloudFormation knows it."""
        return self._resource
