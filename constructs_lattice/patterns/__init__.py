"""Whole networks, composed of the constructs of this library."""

from constructs_lattice.patterns.estate import Segment, Site, Spoke
from constructs_lattice.patterns.hybrid_network import HybridNetwork
from constructs_lattice.patterns.microservice_mesh import MicroserviceMesh
from constructs_lattice.patterns.multi_tier_network import MultiTierNetwork

__all__ = ["HybridNetwork", "MicroserviceMesh", "MultiTierNetwork", "Segment", "Site", "Spoke"]
