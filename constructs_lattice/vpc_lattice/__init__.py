"""Amazon VPC Lattice: service networks, services, listeners, rules and target groups."""

from typing import TYPE_CHECKING

from constructs_lattice._lazy import lazy_names

if TYPE_CHECKING:
    from constructs_lattice.vpc_lattice.access_logs import AccessLogs
    from constructs_lattice.vpc_lattice.action import Action, Weighted
    from constructs_lattice.vpc_lattice.alb_target_group import AlbTargetGroup
    from constructs_lattice.vpc_lattice.auth import Auth, AuthPolicy, AuthType
    from constructs_lattice.vpc_lattice.ecs_deployment import EcsDeployment, EcsStrategy
    from constructs_lattice.vpc_lattice.ecs_target import EcsTarget
    from constructs_lattice.vpc_lattice.health_check import HealthCheck
    from constructs_lattice.vpc_lattice.instance_target_group import InstanceTarget, InstanceTargetGroup
    from constructs_lattice.vpc_lattice.ip_target_group import IpTarget, IpTargetGroup
    from constructs_lattice.vpc_lattice.lambda_target_group import LambdaTargetGroup
    from constructs_lattice.vpc_lattice.listener import Listener, ListenerBase
    from constructs_lattice.vpc_lattice.match import HeaderMatch, Match, Method
    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists
    from constructs_lattice.vpc_lattice.protocols import (
        EventStructureVersion,
        IpAddressType,
        ListenerProtocol,
        ProtocolVersion,
        TargetProtocol,
    )
    from constructs_lattice.vpc_lattice.rule import Rule, RuleBase
    from constructs_lattice.vpc_lattice.service import Service, ServiceBase
    from constructs_lattice.vpc_lattice.service_association import ServiceAssociation
    from constructs_lattice.vpc_lattice.service_network import ServiceNetwork, ServiceNetworkBase
    from constructs_lattice.vpc_lattice.target_group import TargetGroup, TargetGroupBase
    from constructs_lattice.vpc_lattice.vpc_association import VpcAssociation

_HOMES = {
    "access_logs": ["AccessLogs"],
    "action": ["Action", "Weighted"],
    "alb_target_group": ["AlbTargetGroup"],
    "auth": ["Auth", "AuthPolicy", "AuthType"],
    "ecs_deployment": ["EcsDeployment", "EcsStrategy"],
    "ecs_target": ["EcsTarget"],
    "health_check": ["HealthCheck"],
    "instance_target_group": ["InstanceTarget", "InstanceTargetGroup"],
    "ip_target_group": ["IpTarget", "IpTargetGroup"],
    "lambda_target_group": ["LambdaTargetGroup"],
    "listener": ["Listener", "ListenerBase"],
    "match": ["HeaderMatch", "Match", "Method"],
    "prefix_lists": ["LatticePrefixLists"],
    "protocols": ["EventStructureVersion", "IpAddressType", "ListenerProtocol", "ProtocolVersion", "TargetProtocol"],
    "rule": ["Rule", "RuleBase"],
    "service": ["Service", "ServiceBase"],
    "service_association": ["ServiceAssociation"],
    "service_network": ["ServiceNetwork", "ServiceNetworkBase"],
    "target_group": ["TargetGroup", "TargetGroupBase"],
    "vpc_association": ["VpcAssociation"],
}

__all__ = [
    "AccessLogs",
    "Action",
    "AlbTargetGroup",
    "Auth",
    "AuthPolicy",
    "AuthType",
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
    "LatticePrefixLists",
    "Listener",
    "ListenerBase",
    "ListenerProtocol",
    "Match",
    "Method",
    "ProtocolVersion",
    "Rule",
    "RuleBase",
    "Service",
    "ServiceAssociation",
    "ServiceBase",
    "ServiceNetwork",
    "ServiceNetworkBase",
    "TargetGroup",
    "TargetGroupBase",
    "TargetProtocol",
    "VpcAssociation",
    "Weighted",
]

__getattr__, __dir__ = lazy_names(__name__, _HOMES, globals())
