"""VPCs: subnets, route tables, network ACLs, security groups, interfaces."""

from dataclasses import dataclass
from enum import StrEnum

from constructs_lattice.model.block import Block
from constructs_lattice.model.ranges import EMPTY, Ranges
from constructs_lattice.model.unknown import Unknown

__all__ = [
    "AclEntry",
    "GroupPeer",
    "GroupRule",
    "Interface",
    "InterfaceKind",
    "NetworkAcl",
    "PrefixList",
    "PrefixListPeer",
    "Route",
    "RouteTable",
    "SecurityGroup",
    "Subnet",
    "TargetKind",
    "Vpc",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    """A VPC. The main route table, the default network ACL and the default security group are objects of their own."""

    id: str
    blocks: tuple[Block, ...]
    unknown_blocks: tuple[Unknown, ...] = ()
    main_route_table: str
    default_network_acl: str
    default_security_group: str
    region: str | Unknown = ""
    account: str | Unknown = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """A subnet with the route table and the network ACL that decide for it, explicit or the VPC's own.

    `unknown_blocks` are those that nobody knows, by their version of IP.
    """

    id: str
    vpc: str
    zone: str | Unknown
    blocks: tuple[Block, ...]
    unknown_blocks: tuple[tuple[int, Unknown], ...] = ()
    route_table: str | Unknown
    network_acl: str | Unknown


class TargetKind(StrEnum):
    """What a route leads to."""

    LOCAL = "local"
    INTERNET_GATEWAY = "internet gateway"
    EGRESS_ONLY_INTERNET_GATEWAY = "egress-only internet gateway"
    NAT_GATEWAY = "NAT gateway"
    VPN_GATEWAY = "virtual private gateway"
    TRANSIT_GATEWAY = "transit gateway"
    PEERING_CONNECTION = "peering connection"
    INTERFACE = "network interface"
    INSTANCE = "instance"
    VPC_ENDPOINT = "VPC endpoint"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route. The destination is a block, the id of a prefix list, or unknown.

    `id` is the resource that says it. Propagated routes rank behind static ones. `doubt` says why the table may do
    without it. `versions` are those of a service's prefix list that it is for.
    """

    id: str
    destination: Block | str | Unknown
    kind: TargetKind
    target: str | Unknown = ""
    is_propagated: bool = False
    doubt: Unknown | None = None
    versions: tuple[int, ...] = (4, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """A route table. `local` are the blocks of its VPC, which it always has routes for."""

    id: str
    vpc: str
    local: tuple[Block, ...]
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AclEntry:
    """An entry of a network ACL. `protocol` -1 is all. `ports` are the destination ports, or the types of ICMP."""

    id: str
    number: int | Unknown
    is_egress: bool | Unknown
    is_allow: bool | Unknown
    protocol: int | Unknown
    block: Block | Unknown
    ports: Ranges | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAcl:
    """A network ACL: entries by their number, the first that matches decides, then everything is denied."""

    id: str
    vpc: str
    entries: tuple[AclEntry, ...] = ()
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class GroupPeer:
    """The members of a security group, by their private addresses."""

    group: str


@dataclass(frozen=True, slots=True)
class PrefixListPeer:
    """The entries of a prefix list."""

    prefix_list: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule:
    """A rule of a security group. `protocol` -1 is all. `ports` are the destination ports, or the types of ICMP.

    `doubt` says why the group may do without it.
    """

    id: str
    protocol: int | Unknown
    ports: Ranges | Unknown
    peer: Block | GroupPeer | PrefixListPeer | Unknown
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """A security group. `doubts` are what may add rules that are not here."""

    id: str
    vpc: str
    ingress: tuple[GroupRule, ...] = ()
    egress: tuple[GroupRule, ...] = ()
    doubts: tuple[Unknown, ...] = ()
    assumes_egress: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixList:
    """A prefix list with its entries, as far as they are known."""

    id: str
    entries: tuple[Block, ...] = ()
    doubts: tuple[Unknown, ...] = ()


class InterfaceKind(StrEnum):
    """Whose interface it is."""

    INSTANCE = "instance"
    NETWORK_INTERFACE = "network interface"
    LOAD_BALANCER = "load balancer"
    ENDPOINT = "VPC endpoint"
    FUNCTION = "function"
    DATABASE = "database"
    CONTAINERS = "containers"
    NAT_GATEWAY = "NAT gateway"
    RESOURCE_GATEWAY = "resource gateway"
    HOST = "host"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """A network interface, or all that are alike: in one subnet, with the same groups, of one owner.

    `owners` are the resources that it is an interface of, such as an instance and the interface that was made for it.
    `ipv4` and `ipv6` are the address, or all that it may have where it is not said: whether it is, `is_settled` tells.
    `secondary` are more addresses that it answers to, and does not call from. `groups` is none where no security group
    judges, as with NAT gateways. `is_primary`: load balancers that know their target by its instance send it there.
    `alternatives` says that its owner has only one of its interfaces, and nobody knows which. `denies_internet` is for
    those that never take anything from there.
    """

    id: str
    owners: tuple[str, ...]
    kind: InterfaceKind
    subnet: str
    ipv4: Ranges = EMPTY
    ipv6: Ranges = EMPTY
    secondary: Ranges = EMPTY
    settled: frozenset[int] = frozenset()
    is_primary: bool = True
    groups: tuple[str, ...] | None = ()
    unknown_groups: tuple[Unknown, ...] = ()
    has_public_ipv4: bool | Unknown = False
    checks_source: bool | Unknown = True
    alternatives: bool = False
    denies_internet: bool | Unknown = False
    doubts: tuple[Unknown, ...] = ()

    def addresses(self, version: int) -> Ranges:
        """The address, or all that it may be, in one family."""
        return self.ipv4 if version == 4 else self.ipv6  # noqa: PLR2004 - the version of IP
