"""What an audit finds."""

from __future__ import annotations

from dataclasses import dataclass

from constructs_lattice.model.network import Network
from constructs_lattice.reachability.reachability import Reachability
from constructs_lattice.templates.estate import Estate

__all__ = ["CHECKS", "Audited", "Finding"]

CHECKS = {
    "address-overlap": "VPCs that are connected have the same addresses",
    "appliance-mode": "an attachment leads to appliances in several zones without appliance mode",
    "asymmetric-inspection": "packets pass an appliance and their answers do not",
    "dead-end": "a default route leads nowhere",
    "idle-table": "a route table of a Transit Gateway is associated with nothing",
    "ipv6-exposure": "a subnet without a way to the internet over IPv4 has one to an internet gateway over IPv6",
    "public-database": "a database can be reached from the internet",
    "public-management": "a port for remote administration can be reached from everywhere",
    "second-association": "a VPC is associated with two service networks",
    "unhealthy-targets": "no target of a target group can be reached for health checks",
    "void-rule": "a network ACL lets nothing through of what a security group rule allows",
}
"""The checks by their ids."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What is audited."""

    estate: Estate
    network: Network
    reachability: Reachability


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding: the check, the resource, what is wrong, and the way out."""

    check: str
    resource: str
    text: str
    way_out: str

    def __str__(self) -> str:
        """A line."""
        return f"{self.resource}: {self.text}; {self.way_out} [{self.check}]"

    def as_data(self) -> dict[str, str]:
        """As JSON."""
        return {"check": self.check, "resource": self.resource, "text": self.text, "way_out": self.way_out}
