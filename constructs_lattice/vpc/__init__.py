"""VPCs made of named tiers."""

from constructs_lattice.vpc.attributes import SubnetAttributes, TierAttributes, VpcAttributes
from constructs_lattice.vpc.block_public_access import (
    InternetGatewayBlockMode,
    InternetGatewayExclusionMode,
    VpcBlockPublicAccessExclusion,
    VpcBlockPublicAccessOptions,
)
from constructs_lattice.vpc.dhcp_options import DhcpOptions, DhcpOptionsBase, NetbiosNodeType
from constructs_lattice.vpc.encryption_check import check_admitted, enforces_encryption
from constructs_lattice.vpc.encryption_control import EncryptionControl, EncryptionExclusion, EncryptionMode
from constructs_lattice.vpc.endpoint_policy import EndpointPolicy
from constructs_lattice.vpc.endpoint_set import EndpointSet
from constructs_lattice.vpc.flow_log_files import FlowLogFiles, FlowLogPartitions
from constructs_lattice.vpc.flow_log_format import FlowLogField, FlowLogFormat
from constructs_lattice.vpc.flow_logs import FlowLogs
from constructs_lattice.vpc.gateway_endpoint import GatewayEndpoint
from constructs_lattice.vpc.gateway_service import GatewayService
from constructs_lattice.vpc.imported_vpc import ImportedSubnet, ImportedTier, ImportedVpc
from constructs_lattice.vpc.ingress_inspection import IngressInspection
from constructs_lattice.vpc.interface import VpcInterface
from constructs_lattice.vpc.interface_endpoint import InterfaceEndpoint, PrivateDns
from constructs_lattice.vpc.ip_protocol import IpProtocol
from constructs_lattice.vpc.ipam_pool import IpamPool
from constructs_lattice.vpc.isolation import NetworkAcl
from constructs_lattice.vpc.looked_up import is_pending
from constructs_lattice.vpc.nat import Nat
from constructs_lattice.vpc.peering import VpcPeering
from constructs_lattice.vpc.peers import peers_within
from constructs_lattice.vpc.ports import EphemeralPorts, Ports
from constructs_lattice.vpc.prefix_list import PrefixList, PrefixListEntry
from constructs_lattice.vpc.route_tables import RouteTables
from constructs_lattice.vpc.route_target import RouteTarget
from constructs_lattice.vpc.routes import Destination, Routes
from constructs_lattice.vpc.selection import pick
from constructs_lattice.vpc.subnet import RouteTable, Subnet
from constructs_lattice.vpc.subnet_interface import SubnetInterface
from constructs_lattice.vpc.tier import Role, Tier
from constructs_lattice.vpc.tier_subnets import TierSubnets
from constructs_lattice.vpc.vpc import Vpc
from constructs_lattice.vpc.vpc_encryption_control import VpcEncryptionControl
from constructs_lattice.vpc.vpc_outputs import VpcOutputs
from constructs_lattice.vpc.vpc_parameters import VpcParameters
from constructs_lattice.vpc.zones import Zone, Zones

__all__ = [
    "Destination",
    "DhcpOptions",
    "DhcpOptionsBase",
    "EncryptionControl",
    "EncryptionExclusion",
    "EncryptionMode",
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
    "ImportedSubnet",
    "ImportedTier",
    "ImportedVpc",
    "IngressInspection",
    "InterfaceEndpoint",
    "InternetGatewayBlockMode",
    "InternetGatewayExclusionMode",
    "IpProtocol",
    "IpamPool",
    "Nat",
    "NetbiosNodeType",
    "NetworkAcl",
    "Ports",
    "PrefixList",
    "PrefixListEntry",
    "PrivateDns",
    "Role",
    "RouteTable",
    "RouteTables",
    "RouteTarget",
    "Routes",
    "Subnet",
    "SubnetAttributes",
    "SubnetInterface",
    "Tier",
    "TierAttributes",
    "TierSubnets",
    "Vpc",
    "VpcAttributes",
    "VpcBlockPublicAccessExclusion",
    "VpcBlockPublicAccessOptions",
    "VpcEncryptionControl",
    "VpcInterface",
    "VpcOutputs",
    "VpcParameters",
    "VpcPeering",
    "Zone",
    "Zones",
    "check_admitted",
    "enforces_encryption",
    "is_pending",
    "peers_within",
    "pick",
]
