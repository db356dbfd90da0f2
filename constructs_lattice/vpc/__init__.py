"""VPCs made of named tiers."""

from constructs_lattice.vpc.endpoint_policy import EndpointPolicy
from constructs_lattice.vpc.endpoint_set import EndpointSet
from constructs_lattice.vpc.flow_log_files import FlowLogFiles, FlowLogPartitions
from constructs_lattice.vpc.flow_log_format import FlowLogField, FlowLogFormat
from constructs_lattice.vpc.flow_logs import FlowLogs
from constructs_lattice.vpc.gateway_endpoint import GatewayEndpoint
from constructs_lattice.vpc.gateway_service import GatewayService
from constructs_lattice.vpc.ingress_inspection import IngressInspection
from constructs_lattice.vpc.interface_endpoint import InterfaceEndpoint, PrivateDns
from constructs_lattice.vpc.ip_protocol import IpProtocol
from constructs_lattice.vpc.ipam_pool import IpamPool
from constructs_lattice.vpc.isolation import NetworkAcl
from constructs_lattice.vpc.nat import Nat
from constructs_lattice.vpc.peering import VpcPeering
from constructs_lattice.vpc.peers import peers_within
from constructs_lattice.vpc.ports import EphemeralPorts, Ports
from constructs_lattice.vpc.route_tables import RouteTables
from constructs_lattice.vpc.route_target import RouteTarget
from constructs_lattice.vpc.routes import Routes
from constructs_lattice.vpc.selection import pick
from constructs_lattice.vpc.subnet import RouteTable, Subnet
from constructs_lattice.vpc.tier import Role, Tier
from constructs_lattice.vpc.tier_subnets import TierSubnets
from constructs_lattice.vpc.vpc import Vpc
from constructs_lattice.vpc.zones import Zone, Zones

__all__ = [
    "EndpointPolicy",
    "EndpointSet",
    "EphemeralPorts",
    "FlowLogField",
    "FlowLogFiles",
    "FlowLogFormat",
    "FlowLogPartitions",
    "FlowLogs",
    "GatewayEndpoint",
    "GatewayService",
    "IngressInspection",
    "InterfaceEndpoint",
    "IpProtocol",
    "IpamPool",
    "Nat",
    "NetworkAcl",
    "Ports",
    "PrivateDns",
    "Role",
    "RouteTable",
    "RouteTables",
    "RouteTarget",
    "Routes",
    "Subnet",
    "Tier",
    "TierSubnets",
    "Vpc",
    "VpcPeering",
    "Zone",
    "Zones",
    "peers_within",
    "pick",
]
