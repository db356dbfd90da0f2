"""Network Firewalls, and what their policies say.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html
"""

from dataclasses import dataclass
from enum import StrEnum

from constructs_lattice.model.block import Block
from constructs_lattice.model.ranges import Ranges
from constructs_lattice.model.unknown import Unknown

__all__ = ["Firewall", "FirewallAction", "FirewallPolicy", "FirewallRule"]


class FirewallAction(StrEnum):
    """What becomes of packets; the stateless engine may also hand them on to the stateful one."""

    PASS = "pass"  # noqa: S105 - what packets do
    DROP = "drop"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRule:
    """A rule for packets of some protocols, -1 for all, between some addresses and ports; no blocks are all addresses.

    `doubt`: whether it matches these packets hangs on more than that, such as on what they carry.
    """

    id: str
    action: FirewallAction
    protocols: tuple[int, ...] = (-1,)
    sources: tuple[Block, ...] = ()
    destinations: tuple[Block, ...] = ()
    source_ports: Ranges = ((0, 65_535),)
    destination_ports: Ranges = ((0, 65_535),)
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallPolicy:
    """The rules of both engines in the order in which they are tried, and what becomes of what none of them matches."""

    stateless: tuple[FirewallRule, ...] = ()
    stateless_default: FirewallAction = FirewallAction.FORWARD
    stateful: tuple[FirewallRule, ...] = ()
    stateful_default: FirewallAction | Unknown = FirewallAction.PASS


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """A Network Firewall with the subnets of its endpoints."""

    id: str
    vpc: str
    subnets: tuple[str, ...]
    policy: FirewallPolicy | Unknown
    transit_gateway: str = ""
