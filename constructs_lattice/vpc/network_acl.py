"""What the network ACL of a tier says, from what its VPC lets whom do: plain data.

A network ACL knows nothing of connections. What comes back is judged as if it came by itself: an allowance is two
entries, one for each direction, and that for the answers names the ports from which the client connects. Traffic within
a subnet is not judged; that between the subnets of a tier is. Nor does it know which errors belong to a connection:
that a packet is too big must reach its sender, or what is sent in full packets is lost.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from constructs_lattice.vpc.ports import EphemeralPorts, Ports

__all__ = ["Action", "Direction", "Entry", "Flow", "Message", "entries"]


_EVERYTHING = Ports.everything()


class Direction(StrEnum):
    """Into the subnets of the tier, or out of them."""

    INGRESS = "ingress"
    EGRESS = "egress"


class Action(StrEnum):
    """What happens to traffic that an entry is for."""

    ALLOW = "allow"
    DENY = "deny"


class Message(StrEnum):
    """What an entry may be for instead of ports."""

    PACKET_TOO_BIG = "packet too big"
    """ICMP: fragmentation is needed, but not allowed. By it senders find the size that the whole way carries.

    https://docs.aws.amazon.com/vpc/latest/userguide/path_mtu_discovery.html
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Connections that `client` opens to `server`, each the name of a tier or a block."""

    client: str
    server: str
    ports: Ports
    ephemeral: EphemeralPorts

    @classmethod
    def of(cls, client: str, server: str, port: int | Ports, ephemeral: EphemeralPorts) -> Self:
        """Of a port of TCP, or of `Ports`."""
        ports = port if isinstance(port, Ports) else Ports.tcp(port)
        return cls(client=client, server=server, ports=ports, ephemeral=ephemeral)

    def __str__(self) -> str:
        """In words."""
        return f"{self.ports} from {self.client!r} to {self.server!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, for a peer that is the name of a tier or a block; `None` is everybody."""

    direction: Direction
    action: Action
    peer: str | None
    ports: Ports | Message


def entries(tier: str, *, is_closed: bool, denied: Collection[str], flows: Collection[Flow]) -> list[Entry]:
    """The entries of a tier's ACL, of which each is there once.

    With `is_closed` nothing passes but `flows`, what they need, and what the tier has to do with itself. Without,
    everything does but what `denied` have to do with it. Denials come first; the order among them, and among the
    others, is of no consequence.
    """
    return list(dict.fromkeys(_entries(tier, is_closed, denied, flows)))


def _entries(tier: str, is_closed: bool, denied: Collection[str], flows: Collection[Flow]) -> Iterator[Entry]:  # noqa: FBT001
    for peer in denied:
        yield from _both_ways(Action.DENY, peer)
    if not is_closed:
        yield from _both_ways(Action.ALLOW, None)
        return
    yield from _both_ways(Action.ALLOW, tier)
    if any(tier in (flow.client, flow.server) for flow in flows):
        # Whoever is on the way may say it, in whichever direction it is that the packet went.
        yield from _both_ways(Action.ALLOW, None, Message.PACKET_TOO_BIG)
    for flow in flows:
        answers = flow.ephemeral.answers(flow.ports)
        if flow.client == tier:
            yield Entry(direction=Direction.EGRESS, action=Action.ALLOW, peer=flow.server, ports=flow.ports)
            yield Entry(direction=Direction.INGRESS, action=Action.ALLOW, peer=flow.server, ports=answers)
        if flow.server == tier:
            yield Entry(direction=Direction.INGRESS, action=Action.ALLOW, peer=flow.client, ports=flow.ports)
            yield Entry(direction=Direction.EGRESS, action=Action.ALLOW, peer=flow.client, ports=answers)


def _both_ways(action: Action, peer: str | None, ports: Ports | Message = _EVERYTHING) -> Iterator[Entry]:
    for direction in Direction:
        yield Entry(direction=direction, action=action, peer=peer, ports=ports)
