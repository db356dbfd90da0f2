"""Whole networks, composed of the constructs of this library."""

from constructs_lattice.patterns.multi_tier import MultiTierNetwork

__all__ = ["MultiTierNetwork"]
