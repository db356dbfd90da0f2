"""Resource configurations: databases, addresses and domain names that others may connect to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_vpclattice as vpclattice

from constructs_lattice._checks import Place
from constructs_lattice._construct import name_tag
from constructs_lattice.vpc import IpProtocol, peers_within
from constructs_lattice.vpc_lattice.access_logs import check_access_logs, subscribe
from constructs_lattice.vpc_lattice.identifiers import Identified
from constructs_lattice.vpc_lattice.names import Named, make_name
from constructs_lattice.vpc_lattice.port_ranges import as_ports, port_ranges
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Feature, Region
from constructs_lattice.vpc_lattice.resource_definition import ResourceDefinition, ResourceType
from constructs_lattice.vpc_lattice.resource_gateway import ResourceGatewayBase
from constructs_lattice.vpc_lattice.resource_identity import gateway_id, identity_of, verification_id
from constructs_lattice.vpc_lattice.resource_reference import ImportedResourceConfiguration, ResourceConfigurationBase
from constructs_lattice.vpc_lattice.resource_rules import check_database, check_domain, check_gateway

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_rds as rds
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

    from constructs_lattice.vpc import Ports
    from constructs_lattice.vpc_lattice.access_logs import AccessLogs
    from constructs_lattice.vpc_lattice.resource_group import ResourceGroup

__all__ = ["ResourceConfiguration"]

_WITH_PORTS = (ResourceType.SINGLE, ResourceType.CHILD, ResourceType.CIDR)
_WITH_PROTOCOL = (ResourceType.SINGLE, ResourceType.GROUP)


class ResourceConfiguration(ResourceConfigurationBase):
    """Something that others may connect to, through a resource gateway: what it is, and on which ports of TCP.

    Made by its constructors: `dns_name`, `ip_address`, `database`, `arn`, `group` and `cidrs`. Consumers reach it from
    their VPCs by a `ResourceEndpoint`, or through a service network that it is added to. Auth policies do not apply.

    The gateway's security groups let out to the resource, and those of a database let the gateway in.

    Arguments of the constructors:

    - `gateway`: The resource gateway, ours or an L1 construct. Fixed, as are the domain names: another resource
      configuration takes its place when they change.
    - `ports`: The ports of TCP on which clients may connect, numbers or `Ports`.
    - `custom_domain_name`: A domain name by which consumers whose VPCs have private DNS find the resource.
    - `domain_verification`: The verification of that domain name, or of one above it.
    - `allow_shareable_networks`: Whether it may be added to service networks that are shareable, as they are unless
      they say otherwise. It may by default. Somebody it is shared with can pass it on in such a network of theirs.
    - `resource_configuration_name`: Its name: 3 to 40 lower-case letters, digits and single hyphens. By default one
      that follows from its path and from all that replaces it, which is better: a name of one's own stands in the way
      when it has to be replaced.
    - `access_logs`: Where its access logs go, one destination of each kind. Nowhere by default.

    All raise `ArgumentError` when the region has no resource configurations, when something is out of its limits, and
    when the gateway cannot serve the resource.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/resource-configuration.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        definition: ResourceDefinition,
        gateway: interfaces.IResourceGatewayRef,
        ports: Sequence[int | Ports] = (),
        custom_domain_name: str | None = None,
        group_domain: str | None = None,
        group: ResourceConfigurationBase | None = None,
        domain_verification: interfaces.IDomainVerificationRef | None = None,
        allow_shareable_networks: bool | None = None,
        resource_configuration_name: str | None = None,
        access_logs: Sequence[AccessLogs] = (),
    ) -> None:
        where = Place(scope, id)
        region = Region.of(scope)
        region.check(where, Feature.RESOURCES)
        region.check_name(
            where, "resource_configuration_name", resource_configuration_name, Named.RESOURCE_CONFIGURATION
        )
        check_access_logs(where, access_logs)
        argument = "group_domain" if definition.type is ResourceType.GROUP else "custom_domain_name"
        check_domain(where, argument, group_domain or custom_domain_name, domain_verification)
        check_gateway(where, definition, gateway)
        used = as_ports(where, ports) if ports or definition.type in _WITH_PORTS else ()
        super().__init__(scope, id)
        self._type = definition.type
        self._definition = definition
        self._gateway = gateway
        self._custom_domain_name = custom_domain_name
        self._allows_shareable_networks = allow_shareable_networks
        self._client_ports = (*definition.client_ports, *(each.for_security_group() for each in used))
        identity = (definition.type, custom_domain_name, group_domain, domain_verification, gateway)
        self._resource = vpclattice.CfnResourceConfiguration(
            self,
            "Resource",
            name=resource_configuration_name or self._make_name(identity),
            resource_configuration_type=definition.type,
            resource_configuration_definition=definition.body,
            resource_configuration_group_id=None if group is None else group.resource_configuration_id,
            resource_gateway_id=gateway_id(gateway) if group is None else None,
            port_ranges=port_ranges(used) or None,
            protocol_type="TCP" if definition.type in _WITH_PROTOCOL else None,
            custom_domain_name=custom_domain_name,
            group_domain=group_domain,
            allow_association_to_sharable_service_network=allow_shareable_networks,
            tags=[name_tag(self)],
        )
        self._finish(domain_verification)
        subscribe(self, self._arn, access_logs)
        self._open_gateway()
        region.claim_name(self, resource_configuration_name, Named.RESOURCE_CONFIGURATION)
        region.count(self, Quota.RESOURCE_CONFIGURATIONS)

    @staticmethod
    def dns_name(
        scope: Construct,
        id: str,
        *,
        gateway: interfaces.IResourceGatewayRef,
        domain_name: str,
        ports: Sequence[int | Ports],
        ip_protocol: IpProtocol = IpProtocol.IPV4,
        peer: ec2.IConnectable | None = None,
        custom_domain_name: str | None = None,
        domain_verification: interfaces.IDomainVerificationRef | None = None,
        allow_shareable_networks: bool = True,
        resource_configuration_name: str | None = None,
        access_logs: Sequence[AccessLogs] = (),
    ) -> ResourceConfiguration:
        """What a domain name resolves to, such as a load balancer, a cache or a broker.

        `peer` is what the name stands for, which the gateway may connect to; by default anything in its VPC. A name in
        a private hosted zone needs a gateway that resolves IN_VPC, and what is outside its VPC a NAT gateway there.
        """
        return ResourceConfiguration(
            scope,
            id,
            definition=ResourceDefinition.dns_name(domain_name, ip_protocol=ip_protocol, peer=peer),
            gateway=gateway,
            ports=ports,
            custom_domain_name=custom_domain_name,
            domain_verification=domain_verification,
            allow_shareable_networks=allow_shareable_networks,
            resource_configuration_name=resource_configuration_name,
            access_logs=access_logs,
        )

    @staticmethod
    def ip_address(
        scope: Construct,
        id: str,
        *,
        gateway: interfaces.IResourceGatewayRef,
        ip_address: str,
        ports: Sequence[int | Ports],
        custom_domain_name: str | None = None,
        domain_verification: interfaces.IDomainVerificationRef | None = None,
        allow_shareable_networks: bool = True,
        resource_configuration_name: str | None = None,
        access_logs: Sequence[AccessLogs] = (),
    ) -> ResourceConfiguration:
        """What has an address: a private one of IPv4, or one of the gateway's VPC of IPv6."""
        return ResourceConfiguration(
            scope,
            id,
            definition=ResourceDefinition.ip_address(ip_address),
            gateway=gateway,
            ports=ports,
            custom_domain_name=custom_domain_name,
            domain_verification=domain_verification,
            allow_shareable_networks=allow_shareable_networks,
            resource_configuration_name=resource_configuration_name,
            access_logs=access_logs,
        )

    @staticmethod
    def database(
        scope: Construct,
        id: str,
        *,
        gateway: interfaces.IResourceGatewayRef,
        database: rds.IDatabaseInstance | rds.IDatabaseCluster,
        allow_shareable_networks: bool = True,
        resource_configuration_name: str | None = None,
        access_logs: Sequence[AccessLogs] = (),
    ) -> ResourceConfiguration:
        """A database or a cluster of Amazon RDS, with all its endpoints, under the names that RDS gives them.

        The gateway must not resolve IN_VPC, and a cluster must not be publicly accessible.
        """
        check_database(Place(scope, id), database, gateway)
        made = ResourceConfiguration(
            scope,
            id,
            definition=ResourceDefinition.database(database),
            gateway=gateway,
            allow_shareable_networks=allow_shareable_networks,
            resource_configuration_name=resource_configuration_name,
            access_logs=access_logs,
        )
        # A cluster is reached once it has instances, which its ARN does not wait for.
        made.resource.node.add_dependency(database)
        return made

    @staticmethod
    def arn(
        scope: Construct,
        id: str,
        *,
        gateway: interfaces.IResourceGatewayRef,
        resource_arn: str,
        allow_shareable_networks: bool = True,
        resource_configuration_name: str | None = None,
        access_logs: Sequence[AccessLogs] = (),
    ) -> ResourceConfiguration:
        """A database or a cluster of Amazon RDS by its ARN. What lets the gateway reach it is the caller's business."""
        return ResourceConfiguration(
            scope,
            id,
            definition=ResourceDefinition.arn(resource_arn),
            gateway=gateway,
            allow_shareable_networks=allow_shareable_networks,
            resource_configuration_name=resource_configuration_name,
            access_logs=access_logs,
        )

    @staticmethod
    def group(
        scope: Construct,
        id: str,
        *,
        gateway: interfaces.IResourceGatewayRef,
        ports: Sequence[int | Ports] = (),
        group_domain: str | None = None,
        domain_verification: interfaces.IDomainVerificationRef | None = None,
        allow_shareable_networks: bool = True,
        resource_configuration_name: str | None = None,
        access_logs: Sequence[AccessLogs] = (),
    ) -> ResourceGroup:
        """Several domain names and addresses that are shared as one; `add_child` adds them.

        Their custom domain names are below `group_domain`, which is what is verified.
        """
        from constructs_lattice.vpc_lattice.resource_group import ResourceGroup  # noqa: PLC0415 - which is a subclass

        return ResourceGroup(
            scope,
            id,
            definition=ResourceDefinition.group(),
            gateway=gateway,
            ports=ports,
            group_domain=group_domain,
            domain_verification=domain_verification,
            allow_shareable_networks=allow_shareable_networks,
            resource_configuration_name=resource_configuration_name,
            access_logs=access_logs,
        )

    @staticmethod
    def cidrs(
        scope: Construct,
        id: str,
        *,
        gateway: interfaces.IResourceGatewayRef,
        cidrs: Sequence[str],
        ports: Sequence[int | Ports],
        resource_configuration_name: str | None = None,
        access_logs: Sequence[AccessLogs] = (),
    ) -> ResourceConfiguration:
        """A network segment: up to ten blocks, all addresses of which a `TunnelEndpoint` reaches.

        The gateway must resolve IN_VPC. Names are resolved through the tunnel if port 53 is among the ports. A segment
        cannot be added to a service network.
        """
        return ResourceConfiguration(
            scope,
            id,
            definition=ResourceDefinition.cidrs(*cidrs),
            gateway=gateway,
            ports=ports,
            resource_configuration_name=resource_configuration_name,
            access_logs=access_logs,
        )

    @staticmethod
    def from_resource_configuration_arn(
        scope: Construct, id: str, resource_configuration_arn: str
    ) -> ResourceConfigurationBase:
        """A resource configuration that exists already, of this account or shared by another.

        Raises `ArgumentError` for anything else than the ARN of one.
        """
        return ImportedResourceConfiguration(scope, id, arn=resource_configuration_arn)

    @staticmethod
    def from_resource_configuration_id(
        scope: Construct, id: str, resource_configuration_id: str
    ) -> ResourceConfigurationBase:
        """A resource configuration of the stack's own account and region, such as `rcfg-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        identified = Identified.RESOURCE_CONFIGURATION
        identified.check_id(Place(scope, id), "resource_configuration_id", resource_configuration_id)
        arn = identified.arn_of(scope, resource_configuration_id)
        return ImportedResourceConfiguration(scope, id, arn=arn, resource_configuration_id=resource_configuration_id)

    @staticmethod
    def from_resource_configuration_attributes(
        scope: Construct,
        id: str,
        *,
        resource_configuration_arn: str,
        type: ResourceType | None = None,
        ports: Sequence[int | Ports] = (),
    ) -> ResourceConfigurationBase:
        """A resource configuration that exists already, with its type and the ports on which clients connect."""
        used = as_ports(Place(scope, id), ports) if ports else ()
        return ImportedResourceConfiguration(
            scope,
            id,
            arn=resource_configuration_arn,
            type=type,
            client_ports=tuple(each.for_security_group() for each in used),
        )

    @property
    def resource(self) -> vpclattice.CfnResourceConfiguration:
        """The resource configuration itself, as CloudFormation knows it."""
        return self._resource

    @property
    def gateway(self) -> interfaces.IResourceGatewayRef:
        """The resource gateway, a child's being that of its group."""
        return self._gateway

    @property
    def definition(self) -> ResourceDefinition:
        """What is shared."""
        return self._definition

    @property
    def custom_domain_name(self) -> str | None:
        """The domain name by which consumers find it, if there is one."""
        return self._custom_domain_name

    @property
    def allows_shareable_networks(self) -> bool | None:
        """Whether it may be added to service networks that are shareable."""
        return self._allows_shareable_networks

    def _make_name(self, identity: Sequence[object]) -> str:
        known = [identity_of(each) for each in (self.stack.stack_name, *identity)]
        return make_name(Named.RESOURCE_CONFIGURATION, self.node.path, self.stack.resolve(known))

    def _finish(self, verification: interfaces.IDomainVerificationRef | None) -> None:
        self._arn = self._resource.attr_arn
        self._id = self._resource.attr_id
        if self._definition.cidr_ranges:
            # The oldest aws-cdk-lib that will do has no such property yet.
            self._resource.add_property_override(
                "ResourceConfigurationDefinition", {"CidrResource": {"CidrRanges": list(self._definition.cidr_ranges)}}
            )
        if verification is not None:
            self._resource.domain_verification_id = verification_id(verification)
            # The domain is verified once its record is there.
            self._resource.node.add_dependency(verification)

    def _open_gateway(self) -> None:
        """Let the gateway out to the resource, as far as its security groups are known."""
        gateway = self._gateway
        if not isinstance(gateway, ResourceGatewayBase) or not gateway.connections.security_groups:
            return
        peers = self._definition.peers
        if peers is None:
            peers = () if gateway.vpc is None else tuple(peers_within(gateway.vpc))
        for peer in peers:
            for port in self._client_ports:
                gateway.connections.allow_to(peer, port)
