"""VPCs made of named tiers."""

from constructs_lattice.vpc.endpoint_set import EndpointSet
from constructs_lattice.vpc.flow_logs import FlowLogs
from constructs_lattice.vpc.gateway_service import GatewayService
from constructs_lattice.vpc.nat import Nat
from constructs_lattice.vpc.peering import VpcPeering
from constructs_lattice.vpc.routes import Routes
from constructs_lattice.vpc.selection import pick
from constructs_lattice.vpc.subnet import RouteTable, Subnet
from constructs_lattice.vpc.tier import Role, Tier
from constructs_lattice.vpc.tier_subnets import TierSubnets
from constructs_lattice.vpc.vpc import Vpc
from constructs_lattice.vpc.zones import Zone, Zones

__all__ = [
    "EndpointSet",
    "FlowLogs",
    "GatewayService",
    "Nat",
    "Role",
    "RouteTable",
    "Routes",
    "Subnet",
    "Tier",
    "TierSubnets",
    "Vpc",
    "VpcPeering",
    "Zone",
    "Zones",
    "pick",
]
