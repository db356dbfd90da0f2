"""How many route tables a tier has."""

from enum import StrEnum

__all__ = ["RouteTables"]


class RouteTables(StrEnum):
    """How many route tables a tier has. https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"""

    PER_ZONE = "per zone"
    """One for each zone, so that a zone can have routes of its own."""

    SHARED = "shared"
    """One for all zones: fewer to look at, and fewer to propagate routes to."""
