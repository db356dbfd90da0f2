"""Service networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import ArnFormat, CfnTag, Stack
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource
from constructs_lattice.vpc_lattice.access_logs import check_access_logs, subscribe
from constructs_lattice.vpc_lattice.auth import Auth, AuthPolicy
from constructs_lattice.vpc_lattice.names import Named, check_name
from constructs_lattice.vpc_lattice.service_association import ServiceAssociation
from constructs_lattice.vpc_lattice.vpc_association import VpcAssociation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from constructs_lattice.vpc_lattice.access_logs import AccessLogs

__all__ = ["ServiceNetwork", "ServiceNetworkBase"]


@jsii.implements(interfaces.IServiceNetworkRef)
class ServiceNetworkBase(LatticeResource):
    """A service network, defined or imported."""

    _arn: str

    @property
    def service_network_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def service_network_ref(self) -> interfaces.ServiceNetworkReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.ServiceNetworkReference(service_network_arn=self._arn)

    def add_vpc_association(
        self, id: str, *, vpc: ec2.IVpc, security_groups: Sequence[ec2.ISecurityGroup] = ()
    ) -> VpcAssociation:
        """Let what is in a VPC call the network's services; the arguments are those of `VpcAssociation`."""
        return VpcAssociation(self, id, service_network=self, vpc=vpc, security_groups=security_groups)

    def add_service(self, id: str, service: interfaces.IServiceRef) -> ServiceAssociation:
        """Make a service callable through this network."""
        return ServiceAssociation(self, id, service_network=self, service=service)


class ServiceNetwork(ServiceNetworkBase):
    """A service network: services that are associated with it can be called from VPCs that are.

    Args:
        scope: The construct that this service network is part of.
        id: The id within `scope`.
        service_network_name: Its name: 3 to 63 lower-case letters, digits and single hyphens. Made by CloudFormation by
            default, which is better: a name of one's own stands in the way when the network has to be replaced.
        auth: Who may call anything in the network. By default signed requests from the stack's own account.
        access_logs: Where the access logs of all its services go, one destination of each kind. Nowhere by default.

    Raises:
        ArgumentError: The name is out of its limits, or a kind of destination is there twice.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-networks.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service_network_name: str | None = None,
        auth: Auth | None = None,
        access_logs: Sequence[AccessLogs] = (),
    ) -> None:
        where = Place(scope, id)
        check_name(where, "service_network_name", service_network_name, Named.SERVICE_NETWORK)
        check_access_logs(where, access_logs)
        auth = auth or Auth.same_account()
        super().__init__(scope, id)
        self._resource = vpclattice.CfnServiceNetwork(
            self,
            "Resource",
            name=service_network_name,
            auth_type=auth.type,
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        self._arn = self._resource.attr_arn
        self._auth_policy = AuthPolicy(self, "AuthPolicy", resource_identifier=self._arn, auth=auth)
        subscribe(self, self._arn, access_logs)

    @staticmethod
    def from_service_network_arn(scope: Construct, id: str, service_network_arn: str) -> ServiceNetworkBase:
        """A service network that exists already, of this account or shared by another."""
        return _ImportedServiceNetwork(scope, id, service_network_arn=service_network_arn)

    @staticmethod
    def from_service_network_id(scope: Construct, id: str, service_network_id: str) -> ServiceNetworkBase:
        """A service network of the stack's own account and region, such as `sn-0123456789abcdef0`."""
        arn = Stack.of(scope).format_arn(
            service="vpc-lattice",
            resource="servicenetwork",
            resource_name=service_network_id,
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
        return _ImportedServiceNetwork(scope, id, service_network_arn=arn)

    @property
    def resource(self) -> vpclattice.CfnServiceNetwork:
        """The service network itself, as CloudFormation knows it."""
        return self._resource

    @property
    def service_network_id(self) -> str:
        """The id, such as `sn-0123456789abcdef0`."""
        return self._resource.attr_id

    @property
    def auth_policy(self) -> AuthPolicy:
        """The auth policy."""
        return self._auth_policy

    def add_to_auth_policy(self, statement: iam.PolicyStatement) -> None:
        """Add a statement to the auth policy. Raises `ArgumentError` with `Auth.none()`: it would have no effect."""
        self._auth_policy.add(statement)


class _ImportedServiceNetwork(ServiceNetworkBase):
    def __init__(self, scope: Construct, id: str, *, service_network_arn: str) -> None:
        super().__init__(scope, id)
        self._arn = service_network_arn
