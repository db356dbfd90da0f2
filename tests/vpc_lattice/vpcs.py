"""VPCs for the tests of endpoints and resource gateways."""

from collections.abc import Sequence

from constructs import Construct

from constructs_lattice import FlowLogs, Tier, Vpc, Zones


def small_vpc(scope: Construct, id: str, tiers: Sequence[Tier] = (), *, zones: Zones | None = None) -> Vpc:
    """A VPC of isolated tiers without anything else in it."""
    return Vpc(
        scope,
        id,
        cidr="10.20.0.0/16",
        tiers=tiers or [Tier.isolated("app")],
        zones=zones or Zones.first(2),
        flow_logs=FlowLogs.none(),
        gateway_endpoints=[],
    )
