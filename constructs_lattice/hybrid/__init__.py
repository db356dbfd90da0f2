"""Connections between AWS and networks on premises."""

from constructs_lattice.hybrid.customer_gateway import CustomerGateway, ICustomerGateway
from constructs_lattice.hybrid.tunnel import Tunnel
from constructs_lattice.hybrid.vpn_concentrator import VpnConcentrator
from constructs_lattice.hybrid.vpn_connection import VpnConnection

__all__ = ["CustomerGateway", "ICustomerGateway", "Tunnel", "VpnConcentrator", "VpnConnection"]
