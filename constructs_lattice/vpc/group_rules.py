"""The rules of a security group as they stand at synthesis, wherever they were written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2

from constructs_lattice.vpc.ports import Ports, Protocol

__all__ = ["GroupRule", "group_rules"]

# What the CDK writes into a group that lets nothing out: nobody has this address.
_NOBODY = "255.255.255.255/32"

_PROTOCOLS = {"-1": Protocol.ALL, "tcp": Protocol.TCP, "6": Protocol.TCP, "udp": Protocol.UDP, "17": Protocol.UDP}
_PEERS = ("sourceSecurityGroupId", "destinationSecurityGroupId")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule:
    """One rule: where it is, whether it is for what goes out, its peer, and the ports.

    `group` is the id of the peer as a template has it, `block` that of a peer that is known by its addresses. `ports`
    are `None` where the protocol has none.
    """

    path: str
    is_egress: bool
    group: Any = None
    block: str | None = None
    ports: Ports | None

    @property
    def words(self) -> str:
        """The ports in words."""
        return "another protocol" if self.ports is None else str(self.ports)


def group_rules(group: ec2.SecurityGroup) -> Iterator[GroupRule]:
    """All rules of a group whose peers and ports are known: those within it, and those that are resources."""
    stack = Stack.of(group)
    for child in group.node.find_all():
        if isinstance(child, ec2.CfnSecurityGroup):
            for properties in stack.resolve(child.security_group_ingress) or ():
                yield from _rule(child.node.path, properties, is_egress=False)
            for properties in stack.resolve(child.security_group_egress) or ():
                yield from _rule(child.node.path, properties, is_egress=True)
        elif isinstance(child, ec2.CfnSecurityGroupIngress):
            properties = _properties(child) | {"sourceSecurityGroupId": child.source_security_group_id}
            yield from _rule(child.node.path, stack.resolve(properties), is_egress=False)
        elif isinstance(child, ec2.CfnSecurityGroupEgress):
            properties = _properties(child) | {"destinationSecurityGroupId": child.destination_security_group_id}
            yield from _rule(child.node.path, stack.resolve(properties), is_egress=True)


def _properties(rule: ec2.CfnSecurityGroupIngress | ec2.CfnSecurityGroupEgress) -> dict[str, Any]:
    return {
        "ipProtocol": rule.ip_protocol,
        "fromPort": rule.from_port,
        "toPort": rule.to_port,
        "cidrIp": rule.cidr_ip,
        "cidrIpv6": rule.cidr_ipv6,
    }


def _rule(path: str, properties: Mapping[str, Any], *, is_egress: bool) -> Iterator[GroupRule]:
    peer = next((properties[name] for name in _PEERS if properties.get(name) is not None), None)
    block = _block(properties.get("cidrIp") or properties.get("cidrIpv6"))
    ends = [properties.get(name) for name in ("fromPort", "toPort")]
    is_known = all(end is None or isinstance(end, int | float) for end in ends)
    if (peer is not None or block not in (None, _NOBODY)) and is_known:
        ports = _ports(str(properties["ipProtocol"]), *ends)
        yield GroupRule(path=path, is_egress=is_egress, group=peer, block=block, ports=ports)


def _block(cidr: Any) -> str | None:
    """A block as it writes itself; none for what only the deployment knows, and for what EC2 will refuse."""
    try:
        return str(ip_network(cidr, strict=False)) if isinstance(cidr, str) else None
    except ValueError:
        return None


def _ports(protocol: str, first: float | None, last: float | None) -> Ports | None:
    known = _PROTOCOLS.get(protocol.lower())
    if known is None or known is Protocol.ALL:
        return None if known is None else Ports.everything()
    if first is None or last is None or first < 0:
        return Ports(protocol=known)
    return Ports(protocol=known, first=int(first), last=int(last))
