"""AWS application networks as CDK constructs.

The public names are here, and are imported when they are asked for: importing this package alone takes milliseconds
and starts no Node process.
"""

from typing import TYPE_CHECKING

from constructs_lattice._lazy import lazy_names
from constructs_lattice._version import __version__

if TYPE_CHECKING:
    from constructs_lattice.addressing import AddressEstate, AddressLock, VpcPlan
    from constructs_lattice.errors import AddressError, ArgumentError, LatticeError, TemplateError
    from constructs_lattice.hybrid import CustomerGateway, Tunnel, VpnConcentrator, VpnConnection
    from constructs_lattice.load_balancing import ApplicationLoadBalancer, NetworkLoadBalancer, Scheme
    from constructs_lattice.patterns import HybridNetwork, MicroserviceMesh, MultiTierNetwork, Segment, Site, Spoke
    from constructs_lattice.transit_gateway import TransitGateway, TransitGatewayRouteTable, VpcAttachment
    from constructs_lattice.vpc import EndpointSet, FlowLogs, GatewayService, Nat, Role, Tier, Vpc, VpcPeering, Zones
    from constructs_lattice.vpc_lattice import (
        AccessLogs,
        Action,
        AlbTargetGroup,
        Auth,
        EventStructureVersion,
        HeaderMatch,
        HealthCheck,
        InstanceTarget,
        InstanceTargetGroup,
        IpAddressType,
        IpTarget,
        IpTargetGroup,
        LambdaTargetGroup,
        LatticePrefixLists,
        Listener,
        ListenerProtocol,
        Match,
        Method,
        ProtocolVersion,
        Rule,
        Service,
        ServiceAssociation,
        ServiceNetwork,
        TargetGroup,
        TargetProtocol,
        VpcAssociation,
        Weighted,
    )

_HOMES = {
    "addressing": ["AddressEstate", "AddressLock", "VpcPlan"],
    "errors": ["AddressError", "ArgumentError", "LatticeError", "TemplateError"],
    "hybrid": ["CustomerGateway", "Tunnel", "VpnConcentrator", "VpnConnection"],
    "load_balancing": ["ApplicationLoadBalancer", "NetworkLoadBalancer", "Scheme"],
    "patterns": ["HybridNetwork", "MicroserviceMesh", "MultiTierNetwork", "Segment", "Site", "Spoke"],
    "transit_gateway": ["TransitGateway", "TransitGatewayRouteTable", "VpcAttachment"],
    "vpc": ["EndpointSet", "FlowLogs", "GatewayService", "Nat", "Role", "Tier", "Vpc", "VpcPeering", "Zones"],
    "vpc_lattice": [
        "AccessLogs",
        "Action",
        "AlbTargetGroup",
        "Auth",
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
        "ListenerProtocol",
        "Match",
        "Method",
        "ProtocolVersion",
        "Rule",
        "Service",
        "ServiceAssociation",
        "ServiceNetwork",
        "TargetGroup",
        "TargetProtocol",
        "VpcAssociation",
        "Weighted",
    ],
}

__all__ = [
    "AccessLogs",
    "Action",
    "AddressError",
    "AddressEstate",
    "AddressLock",
    "AlbTargetGroup",
    "ApplicationLoadBalancer",
    "ArgumentError",
    "Auth",
    "CustomerGateway",
    "EndpointSet",
    "EventStructureVersion",
    "FlowLogs",
    "GatewayService",
    "HeaderMatch",
    "HealthCheck",
    "HybridNetwork",
    "InstanceTarget",
    "InstanceTargetGroup",
    "IpAddressType",
    "IpTarget",
    "IpTargetGroup",
    "LambdaTargetGroup",
    "LatticeError",
    "LatticePrefixLists",
    "Listener",
    "ListenerProtocol",
    "Match",
    "Method",
    "MicroserviceMesh",
    "MultiTierNetwork",
    "Nat",
    "NetworkLoadBalancer",
    "ProtocolVersion",
    "Role",
    "Rule",
    "Scheme",
    "Segment",
    "Service",
    "ServiceAssociation",
    "ServiceNetwork",
    "Site",
    "Spoke",
    "TargetGroup",
    "TargetProtocol",
    "TemplateError",
    "Tier",
    "TransitGateway",
    "TransitGatewayRouteTable",
    "Tunnel",
    "Vpc",
    "VpcAssociation",
    "VpcAttachment",
    "VpcPeering",
    "VpcPlan",
    "VpnConcentrator",
    "VpnConnection",
    "Weighted",
    "Zones",
    "__version__",
]

__getattr__, __dir__ = lazy_names(__name__, _HOMES, globals())
