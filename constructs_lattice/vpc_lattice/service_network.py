"""Service networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource, name_tag
from constructs_lattice.vpc import IpProtocol
from constructs_lattice.vpc_lattice.access_log_subscription import LogType
from constructs_lattice.vpc_lattice.access_logs import check_access_logs, subscribe
from constructs_lattice.vpc_lattice.auth import Auth
from constructs_lattice.vpc_lattice.auth_policy import AuthPolicy
from constructs_lattice.vpc_lattice.client_association import association_for
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.names import Named, warn_of_name
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.resource_association import ResourceAssociation
from constructs_lattice.vpc_lattice.service_association import ServiceAssociation
from constructs_lattice.vpc_lattice.service_network_endpoint import ServiceNetworkEndpoint
from constructs_lattice.vpc_lattice.share import Share
from constructs_lattice.vpc_lattice.vpc_association import VpcAssociation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from constructs_lattice.vpc import Ports
    from constructs_lattice.vpc_lattice.access_logs import AccessLogs
    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists
    from constructs_lattice.vpc_lattice.principals import Principals
    from constructs_lattice.vpc_lattice.private_domains import PrivateDomains

__all__ = ["ServiceNetwork", "ServiceNetworkBase"]


@jsii.implements(interfaces.IServiceNetworkRef)
class ServiceNetworkBase(LatticeResource):
    """A service network, defined or imported."""

    _arn: str
    _shareable: bool | None = None

    @property
    def service_network_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def service_network_id(self) -> str:
        """The id, such as `sn-0123456789abcdef0`."""
        return id_of(self._arn)

    @property
    def service_network_ref(self) -> interfaces.ServiceNetworkReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.ServiceNetworkReference(service_network_arn=self._arn)

    @property
    def shareable(self) -> bool | None:
        """Whether it can be shared with other accounts, if that is known."""
        return self._shareable

    def add_vpc_association(
        self,
        id: str,
        *,
        vpc: ec2.IVpc,
        security_groups: Sequence[ec2.ISecurityGroup] = (),
        private_dns: PrivateDomains | None = None,
        prefix_lists: LatticePrefixLists | None = None,
    ) -> VpcAssociation:
        """Let what is in a VPC call the network's services; the arguments are those of `VpcAssociation`."""
        return VpcAssociation(
            self,
            id,
            service_network=self,
            vpc=vpc,
            security_groups=security_groups,
            private_dns=private_dns,
            prefix_lists=prefix_lists,
        )

    def allow_client(self, client: ec2.IConnectable, port: int = 443) -> None:
        """Let a client send requests to the network's services, as `allow_client` of its VPC's association does.

        Raises `ArgumentError` when it is not clear which association that is.
        """
        association_for(self, client).allow_client(client, port)

    def add_endpoint(
        self,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        clients: Sequence[ec2.IConnectable] | None = None,
        ports: Sequence[int | Ports] = (443,),
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        ip_protocol: IpProtocol = IpProtocol.IPV4,
        private_dns: PrivateDomains | None = None,
    ) -> ServiceNetworkEndpoint:
        """Connect a VPC by an endpoint; the arguments are those of `ServiceNetworkEndpoint`."""
        return ServiceNetworkEndpoint(
            self,
            id,
            service_network=self,
            vpc=vpc,
            subnets=subnets,
            clients=clients,
            ports=ports,
            security_groups=security_groups,
            ip_protocol=ip_protocol,
            private_dns=private_dns,
        )

    def add_resource(
        self, id: str, resource_configuration: interfaces.IResourceConfigurationRef, *, private_dns: bool | None = None
    ) -> ResourceAssociation:
        """Make a resource reachable through this network; the arguments are those of `ResourceAssociation`."""
        return ResourceAssociation(
            self, id, service_network=self, resource_configuration=resource_configuration, private_dns=private_dns
        )

    def share(
        self,
        id: str,
        *,
        principals: Principals,
        allow_external_principals: bool = False,
        permission_arns: Sequence[str] = (),
        share_name: str | None = None,
    ) -> Share:
        """Share the network with other accounts; the arguments are those of `Share`."""
        return Share(
            self,
            id,
            resources=[self],
            principals=principals,
            allow_external_principals=allow_external_principals,
            permission_arns=permission_arns,
            share_name=share_name,
        )

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
        resource_access_logs: Where the access logs of all its resources go, one destination of each kind. Nowhere by
            default.
        shareable: Whether it can be shared with other accounts. It can by default. Another network takes the place of
            this one when that changes.

    Raises:
        ArgumentError: The region has no VPC Lattice, the name is out of its limits, a kind of destination is there
            twice, or a bucket is encrypted by a key of AWS.

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
        resource_access_logs: Sequence[AccessLogs] = (),
        shareable: bool = True,
    ) -> None:
        where = Place(scope, id)
        region = Region.of(scope)
        region.check(where)
        region.check_name(where, "service_network_name", service_network_name, Named.SERVICE_NETWORK)
        check_access_logs(where, access_logs)
        check_access_logs(where, resource_access_logs, "resource_access_logs")
        auth = auth or Auth.same_account()
        super().__init__(scope, id)
        self._shareable = shareable
        self._resource = vpclattice.CfnServiceNetwork(
            self,
            "Resource",
            name=service_network_name,
            auth_type=auth.type,
            sharing_config=None if shareable else vpclattice.CfnServiceNetwork.SharingConfigProperty(enabled=False),
            tags=[name_tag(self)],
        )
        self._arn = self._resource.attr_arn
        self._auth_policy = AuthPolicy(
            self, "AuthPolicy", kind=Identified.SERVICE_NETWORK, resource_identifier=self._arn, auth=auth
        )
        subscribe(self, self._arn, access_logs)
        region.count(self, Quota.SERVICE_NETWORKS)
        region.claim_name(self, service_network_name, Named.SERVICE_NETWORK)
        if not shareable:
            warn_of_name(self, "service_network_name", service_network_name, "shareable")
        subscribe(self, self._arn, resource_access_logs, name="ResourceAccessLogs", log_type=LogType.RESOURCE)

    @staticmethod
    def from_service_network_arn(scope: Construct, id: str, service_network_arn: str) -> ServiceNetworkBase:
        """A service network that exists already, of this account or shared by another.

        Of one that is shared, the stack associates its own VPCs, services and resource configurations with it. Raises
        `ArgumentError` for anything else than the ARN of a service network.
        """
        Identified.SERVICE_NETWORK.check_arn(Place(scope, id), "service_network_arn", service_network_arn)
        return _ImportedServiceNetwork(scope, id, service_network_arn=service_network_arn)

    @staticmethod
    def from_service_network_id(scope: Construct, id: str, service_network_id: str) -> ServiceNetworkBase:
        """A service network of the stack's own account and region, such as `sn-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        Identified.SERVICE_NETWORK.check_id(Place(scope, id), "service_network_id", service_network_id)
        arn = Identified.SERVICE_NETWORK.arn_of(scope, service_network_id)
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


class _ImportedServiceNetwork(Imported, ServiceNetworkBase):
    def __init__(self, scope: Construct, id: str, *, service_network_arn: str) -> None:
        super().__init__(scope, id)
        self._arn = service_network_arn
