"""From the resources of templates to a network: the one place that knows how CloudFormation says it."""

from constructs_lattice.model.network import Network
from constructs_lattice.templates.estate import Estate
from constructs_lattice.templates.network.endpoints import (
    read_endpoint_services,
    read_endpoints,
    read_exclusions,
    read_public_access_blocks,
)
from constructs_lattice.templates.network.entry_points import read_entry_points
from constructs_lattice.templates.network.filtering import read_acls, read_groups, read_prefix_lists
from constructs_lattice.templates.network.firewalls import read_firewalls
from constructs_lattice.templates.network.gateways import (
    read_egress_only_gateways,
    read_internet_gateways,
    read_nat_gateways,
    read_peering_connections,
    read_vpn_gateways,
)
from constructs_lattice.templates.network.interfaces import read_interfaces, read_unplaced
from constructs_lattice.templates.network.load_balancers import read_load_balancers, read_target_groups
from constructs_lattice.templates.network.mesh import (
    read_mesh_associations,
    read_mesh_groups,
    read_mesh_services,
)
from constructs_lattice.templates.network.mesh_resources import read_mesh_networks, read_mesh_resources
from constructs_lattice.templates.network.reader import Reader
from constructs_lattice.templates.network.routing import (
    read_edge_tables,
    read_route_tables,
    read_subnets,
    read_vpcs,
    with_subnets,
)
from constructs_lattice.templates.network.transit_gateways import (
    read_attachments,
    read_transit_gateways,
    read_transit_tables,
)
from constructs_lattice.templates.network.whereabouts import read_maybe_at

__all__ = ["read_network"]


def read_network(estate: Estate) -> Network:
    """The network that an estate deploys.

    Raises `TemplateError` for what cannot be meant, such as a block that is none.
    """
    reader = Reader(estate)
    said = read_vpcs(reader)
    subnets = read_subnets(reader, said)
    vpcs = with_subnets(said, subnets)
    vpn_gateways = read_vpn_gateways(reader)
    nat_gateways = read_nat_gateways(reader, subnets)
    transit_gateways = read_transit_gateways(reader)
    attachments = read_attachments(reader, transit_gateways, vpcs)
    interfaces = read_interfaces(reader, vpcs, subnets, nat_gateways)
    return Network(
        vpcs=vpcs,
        subnets=subnets,
        route_tables=read_route_tables(reader, vpcs, subnets, vpn_gateways),
        network_acls=read_acls(reader, vpcs),
        security_groups=read_groups(reader, vpcs),
        prefix_lists=read_prefix_lists(reader),
        interfaces=interfaces,
        unplaced=read_unplaced(reader, subnets),
        maybe_at=read_maybe_at(reader, vpcs, subnets),
        internet_gateways=read_internet_gateways(reader),
        egress_only_internet_gateways=read_egress_only_gateways(reader),
        edge_tables=read_edge_tables(reader),
        nat_gateways=nat_gateways,
        vpn_gateways=vpn_gateways,
        peering_connections=read_peering_connections(reader),
        transit_gateways=transit_gateways,
        attachments=attachments,
        transit_gateway_route_tables=read_transit_tables(reader, transit_gateways, attachments, vpcs, said),
        load_balancers=read_load_balancers(reader, interfaces, subnets),
        target_groups=read_target_groups(reader),
        endpoints=read_endpoints(reader, interfaces),
        endpoint_services=read_endpoint_services(reader),
        firewalls=read_firewalls(reader),
        mesh_associations=read_mesh_associations(reader),
        mesh_services=read_mesh_services(reader),
        mesh_resources=read_mesh_resources(reader),
        mesh_networks=read_mesh_networks(reader),
        mesh_groups=read_mesh_groups(reader),
        entry_points=read_entry_points(reader, subnets),
        public_access_blocks=read_public_access_blocks(reader),
        exclusions=read_exclusions(reader),
        has_placeholders=bool(estate.placeholders) or any(each.unknown_blocks for each in vpcs.values()),
        assumptions=estate.assumptions,
    )
