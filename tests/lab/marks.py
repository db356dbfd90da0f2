"""How hosts tell where packets come from: security groups refer to who sent something, not to what it says of itself.

The mark is the packet's DSCP, which nothing else uses. Routers set it; hosts read it.
"""

from tests.lab.wiring import Wiring

__all__ = ["BY_REFERENCE", "UNKNOWN", "WITHIN", "over_peering", "over_transit"]

WITHIN = 0
"""Sent by a host of the same VPC."""

UNKNOWN = 1
"""Over a Transit Gateway that does not know groups."""

_FIRST_PEERING, _FIRST_TRANSIT, _LAST = 2, 32, 61

BY_REFERENCE = 62
"""Let out by a rule that refers to a group of another VPC: Transit Gateways take nothing of that."""


def over_peering(wiring: Wiring, connection: str) -> int:
    """Over a peering connection."""
    mark = _FIRST_PEERING + wiring.number(connection)
    assert mark < _FIRST_TRANSIT
    return mark


def over_transit(wiring: Wiring, vpc: str) -> int:
    """Over a Transit Gateway that knows groups, from this VPC."""
    mark = _FIRST_TRANSIT + wiring.number(vpc)
    assert mark <= _LAST
    return mark
