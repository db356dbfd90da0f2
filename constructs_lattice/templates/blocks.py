"""Blocks that only the deployment knows, and what stands for them.

IPAM and EC2 choose blocks whose sizes the template knows. A placeholder of that size lets `Fn::Cidr` cut it; nothing
else must be concluded from where it lies. See `Estate.placeholders`.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
"""

from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING

from constructs_lattice.templates.facts import Undecided
from constructs_lattice.templates.intrinsics import NO_VALUE
from constructs_lattice.templates.texts import as_text
from constructs_lattice.templates.values import Reference, ResourceId, Unknown, Value

if TYPE_CHECKING:
    from constructs_lattice.templates.resolution import Resolution
    from constructs_lattice.templates.scope import Scope

__all__ = ["CHOSEN", "Blocks"]

_VPC, _VPC_BLOCK = "AWS::EC2::VPC", "AWS::EC2::VPCCidrBlock"
_SUBNET, _SUBNET_BLOCK = "AWS::EC2::Subnet", "AWS::EC2::SubnetCidrBlock"

CHOSEN = {
    _VPC: ("CidrBlock",),
    _VPC_BLOCK: ("CidrBlock", "Ipv6CidrBlock"),
    _SUBNET: ("CidrBlock", "Ipv6CidrBlock"),
    _SUBNET_BLOCK: ("Ipv6CidrBlock",),
}
"""The properties that AWS fills in where the template asks for a block and does not say which."""

_POOLS = {
    "CidrBlock": ("Ipv4IpamPoolId", "Ipv4NetmaskLength"),
    "Ipv6CidrBlock": ("Ipv6IpamPoolId", "Ipv6NetmaskLength"),
}

_AMAZON_PREFIX = 56
"""The blocks of Amazon's own pool are a /56."""

_SIZES = {"CidrBlock": range(16, 29), "Ipv6CidrBlock": range(44, 61)}
_ROOMS: dict[str, IPv4Network | IPv6Network] = {
    "CidrBlock": IPv4Network("0.0.0.0/8"),
    "Ipv6CidrBlock": IPv6Network("5f00::/16"),
}


class Blocks:
    """The placeholders of one resolution."""

    def __init__(self, resolution: "Resolution") -> None:
        self.placeholders: dict[str, Unknown] = {}
        self._resolution = resolution
        # 0.0.0.0 is left out: 0.0.0.0/16 reads too much like 0.0.0.0/0.
        self._next = {"CidrBlock": 1 << 16, "Ipv6CidrBlock": int(_ROOMS["Ipv6CidrBlock"][0])}
        self._added: dict[str, dict[ResourceId, list[tuple[Scope, str]]]] = {}

    def chosen(self, scope: "Scope", logical_id: str, name: str) -> Value:
        """The block that AWS chooses for a property; `NO_VALUE` when the template asks for none."""
        kind = scope.template.resources[logical_id]["Type"]
        pool_name, length_name = _POOLS[name]
        pool = scope.declared(logical_id, pool_name)
        if pool is not NO_VALUE:
            who = f"IPAM chooses the {name} of {scope.id(logical_id)}"
            length = self._length(scope.declared(logical_id, length_name), pool)
        elif kind == _VPC_BLOCK and name == "Ipv6CidrBlock":
            asked = as_text(scope.declared(logical_id, "AmazonProvidedIpv6CidrBlock"))
            if isinstance(asked, Unknown) and asked is not NO_VALUE:
                return asked
            if asked != "true":
                return NO_VALUE
            who, length = f"Amazon chooses the {name} of {scope.id(logical_id)}", _AMAZON_PREFIX
        else:
            return NO_VALUE
        unknown = Unknown(who, f"block:{scope.id(logical_id)}.{name}")
        # The block of a subnet lies in that of its VPC, nobody knows where.
        return self._placeholder(name, length, unknown) if kind in {_VPC, _VPC_BLOCK} else unknown

    def _length(self, length: Value, pool: Value) -> int:
        """The prefix length that is asked for, or that the pool gives by itself; 0 when nobody knows."""
        if length is NO_VALUE and isinstance(pool, Reference):
            where = self._resolution.scope_of(pool.resource)
            length = where.declared(pool.resource.logical_id, "AllocationDefaultNetmaskLength")
        text = as_text(length)
        return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else 0

    def _placeholder(self, name: str, length: int, unknown: Unknown) -> Value:
        if length not in _SIZES[name]:
            return unknown
        room = _ROOMS[name]
        size = 1 << (room.max_prefixlen - length)
        start = -(-self._next[name] // size) * size
        if start + size > int(room[-1]) + 1:
            return unknown
        self._next[name] = start + size
        block = f"{type(room[0])(start)}/{length}"
        self.placeholders[block] = unknown
        return block

    # What is associated with a VPC or a subnet.

    def ipv6_of(self, scope: "Scope", logical_id: str) -> Value:
        """The `Ipv6CidrBlocks` of a VPC or of a subnet."""
        kind = scope.template.resources[logical_id]["Type"]
        added = self._associated(_VPC_BLOCK, "VpcId") if kind == _VPC else self._associated(_SUBNET_BLOCK, "SubnetId")
        own = scope.declared(logical_id, "Ipv6CidrBlock") if kind == _SUBNET else NO_VALUE
        blocks = [] if own is NO_VALUE else [own]
        for other, name in added.get(scope.id(logical_id), ()):
            block = other.declared(name, "Ipv6CidrBlock")
            if isinstance(other.exists("Resources", name), Undecided):
                return Unknown(f"whether {scope.id(logical_id)} gets the block of {other.id(name)} is not known")
            if block is not NO_VALUE:
                blocks.append(block)
        if len(blocks) > 1:
            return Unknown(f"in which order {scope.id(logical_id)} lists its IPv6 blocks is not known")
        return blocks if blocks else Reference(scope.id(logical_id), "Ipv6CidrBlocks")

    def _associated(self, kind: str, property_: str) -> dict[ResourceId, list[tuple["Scope", str]]]:
        """The resources that add blocks, by what they add them to."""
        if kind not in self._added:
            added = self._added[kind] = {}
            for other, logical_id in self._resolution.of_type(kind):
                owner = other.declared(logical_id, property_)
                if isinstance(owner, Reference):
                    added.setdefault(owner.resource, []).append((other, logical_id))
        return self._added[kind]
