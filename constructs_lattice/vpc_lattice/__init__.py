"""Amazon VPC Lattice: service networks, services, listeners, rules and target groups."""

from typing import TYPE_CHECKING

from constructs_lattice._lazy import lazy_names

if TYPE_CHECKING:
    from constructs_lattice.vpc_lattice.access_log_queries import AccessLogQueries, AccessLogQuery
    from constructs_lattice.vpc_lattice.access_log_subscription import (
        AccessLogSubscription,
        AccessLogSubscriptionBase,
        LogType,
    )
    from constructs_lattice.vpc_lattice.access_logs import AccessLogs
    from constructs_lattice.vpc_lattice.action import Action, Weighted
    from constructs_lattice.vpc_lattice.alb_target_group import AlbTargetGroup
    from constructs_lattice.vpc_lattice.auth import Auth, AuthType
    from constructs_lattice.vpc_lattice.auth_policy import AuthPolicy
    from constructs_lattice.vpc_lattice.domain_verification import DomainVerification, DomainVerificationBase
    from constructs_lattice.vpc_lattice.ecs_deployment import EcsDeployment, EcsStrategy
    from constructs_lattice.vpc_lattice.ecs_target import EcsTarget
    from constructs_lattice.vpc_lattice.endpoint import LatticeEndpoint, LatticeEndpointBase
    from constructs_lattice.vpc_lattice.health_check import HealthCheck
    from constructs_lattice.vpc_lattice.instance_target_group import InstanceTarget, InstanceTargetGroup
    from constructs_lattice.vpc_lattice.ip_target_group import IpTarget, IpTargetGroup
    from constructs_lattice.vpc_lattice.lambda_target_group import LambdaTargetGroup
    from constructs_lattice.vpc_lattice.listener import Listener, ListenerBase
    from constructs_lattice.vpc_lattice.match import HeaderMatch, Match, Method
    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists
    from constructs_lattice.vpc_lattice.principals import Principals
    from constructs_lattice.vpc_lattice.private_domains import PrivateDnsPreference, PrivateDomains
    from constructs_lattice.vpc_lattice.protocols import (
        EventStructureVersion,
        IpAddressType,
        ListenerProtocol,
        ProtocolVersion,
        TargetProtocol,
    )
    from constructs_lattice.vpc_lattice.resource_association import ResourceAssociation, ResourceAssociationBase
    from constructs_lattice.vpc_lattice.resource_configuration import ResourceConfiguration
    from constructs_lattice.vpc_lattice.resource_definition import ResourceDefinition, ResourceType
    from constructs_lattice.vpc_lattice.resource_endpoint import ResourceEndpoint
    from constructs_lattice.vpc_lattice.resource_gateway import DnsResolution, ResourceGateway, ResourceGatewayBase
    from constructs_lattice.vpc_lattice.resource_group import ResourceGroup
    from constructs_lattice.vpc_lattice.resource_reference import ResourceConfigurationBase
    from constructs_lattice.vpc_lattice.rule import Rule, RuleBase
    from constructs_lattice.vpc_lattice.service import Service
    from constructs_lattice.vpc_lattice.service_association import ServiceAssociation, ServiceAssociationBase
    from constructs_lattice.vpc_lattice.service_directory import DirectoryEntry, DirectoryListener, ServiceDirectory
    from constructs_lattice.vpc_lattice.service_grants import ServiceGrants
    from constructs_lattice.vpc_lattice.service_network import ServiceNetwork, ServiceNetworkBase
    from constructs_lattice.vpc_lattice.service_network_endpoint import ServiceNetworkEndpoint
    from constructs_lattice.vpc_lattice.service_reference import ServiceBase
    from constructs_lattice.vpc_lattice.share import Share
    from constructs_lattice.vpc_lattice.target_group import TargetGroup, TargetGroupBase
    from constructs_lattice.vpc_lattice.tunnel_endpoint import TunnelEndpoint
    from constructs_lattice.vpc_lattice.vpc_association import VpcAssociation, VpcAssociationBase

_HOMES = {
    "access_log_queries": ["AccessLogQueries", "AccessLogQuery"],
    "access_log_subscription": ["AccessLogSubscription", "AccessLogSubscriptionBase", "LogType"],
    "access_logs": ["AccessLogs"],
    "action": ["Action", "Weighted"],
    "alb_target_group": ["AlbTargetGroup"],
    "auth": ["Auth", "AuthType"],
    "auth_policy": ["AuthPolicy"],
    "domain_verification": ["DomainVerification", "DomainVerificationBase"],
    "ecs_deployment": ["EcsDeployment", "EcsStrategy"],
    "ecs_target": ["EcsTarget"],
    "endpoint": ["LatticeEndpoint", "LatticeEndpointBase"],
    "health_check": ["HealthCheck"],
    "instance_target_group": ["InstanceTarget", "InstanceTargetGroup"],
    "ip_target_group": ["IpTarget", "IpTargetGroup"],
    "lambda_target_group": ["LambdaTargetGroup"],
    "listener": ["Listener", "ListenerBase"],
    "match": ["HeaderMatch", "Match", "Method"],
    "prefix_lists": ["LatticePrefixLists"],
    "principals": ["Principals"],
    "private_domains": ["PrivateDnsPreference", "PrivateDomains"],
    "protocols": ["EventStructureVersion", "IpAddressType", "ListenerProtocol", "ProtocolVersion", "TargetProtocol"],
    "resource_association": ["ResourceAssociation", "ResourceAssociationBase"],
    "resource_configuration": ["ResourceConfiguration"],
    "resource_definition": ["ResourceDefinition", "ResourceType"],
    "resource_endpoint": ["ResourceEndpoint"],
    "resource_gateway": ["DnsResolution", "ResourceGateway", "ResourceGatewayBase"],
    "resource_group": ["ResourceGroup"],
    "resource_reference": ["ResourceConfigurationBase"],
    "rule": ["Rule", "RuleBase"],
    "service": ["Service"],
    "service_association": ["ServiceAssociation", "ServiceAssociationBase"],
    "service_directory": ["DirectoryEntry", "DirectoryListener", "ServiceDirectory"],
    "service_grants": ["ServiceGrants"],
    "service_network": ["ServiceNetwork", "ServiceNetworkBase"],
    "service_network_endpoint": ["ServiceNetworkEndpoint"],
    "service_reference": ["ServiceBase"],
    "share": ["Share"],
    "target_group": ["TargetGroup", "TargetGroupBase"],
    "tunnel_endpoint": ["TunnelEndpoint"],
    "vpc_association": ["VpcAssociation", "VpcAssociationBase"],
}

__all__ = [
    "AccessLogQueries",
    "AccessLogQuery",
    "AccessLogSubscription",
    "AccessLogSubscriptionBase",
    "AccessLogs",
    "Action",
    "AlbTargetGroup",
    "Auth",
    "AuthPolicy",
    "AuthType",
    "DirectoryEntry",
    "DirectoryListener",
    "DnsResolution",
    "DomainVerification",
    "DomainVerificationBase",
    "EcsDeployment",
    "EcsStrategy",
    "EcsTarget",
    "EventStructureVersion",
    "HeaderMatch",
    "HealthCheck",
    "InstanceTarget",
    "InstanceTargetGroup",
    "IpAddressType",
    "IpTarget",
    "IpTargetGroup",
    "LambdaTargetGroup",
    "LatticeEndpoint",
    "LatticeEndpointBase",
    "LatticePrefixLists",
    "Listener",
    "ListenerBase",
    "ListenerProtocol",
    "LogType",
    "Match",
    "Method",
    "Principals",
    "PrivateDnsPreference",
    "PrivateDomains",
    "ProtocolVersion",
    "ResourceAssociation",
    "ResourceAssociationBase",
    "ResourceConfiguration",
    "ResourceConfigurationBase",
    "ResourceDefinition",
    "ResourceEndpoint",
    "ResourceGateway",
    "ResourceGatewayBase",
    "ResourceGroup",
    "ResourceType",
    "Rule",
    "RuleBase",
    "Service",
    "ServiceAssociation",
    "ServiceAssociationBase",
    "ServiceBase",
    "ServiceDirectory",
    "ServiceGrants",
    "ServiceNetwork",
    "ServiceNetworkBase",
    "ServiceNetworkEndpoint",
    "Share",
    "TargetGroup",
    "TargetGroupBase",
    "TargetProtocol",
    "TunnelEndpoint",
    "VpcAssociation",
    "VpcAssociationBase",
    "Weighted",
]

__getattr__, __dir__ = lazy_names(__name__, _HOMES, globals())
