"""Who asks and who is asked about, as questions name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from constructs_lattice.model.block import INTERNET, Block, ranges_of
from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import Ranges, intersect, subtract, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, InterfaceKind, Subnet
from constructs_lattice.reachability.ends import End, Host, Internet, Site
from constructs_lattice.reachability.reason import Reason

__all__ = [
    "Addresses",
    "OnPremises",
    "Owner",
    "Party",
    "TheInternet",
    "host_in",
    "hosts_at",
    "in_lost_subnet",
    "may_be_at",
    "reserved",
]


@dataclass(frozen=True, slots=True)
class TheInternet:
    """Hosts of the public internet, over one version of IP."""

    version: int = 4

    def __str__(self) -> str:
        """As guarantees name it."""
        return "internet" if self.version == 4 else "internet6"  # noqa: PLR2004 - the version of IP


@dataclass(frozen=True, slots=True)
class Addresses:
    """Hosts with some addresses, wherever they are."""

    block: Block

    def __str__(self) -> str:
        """As guarantees name them."""
        is_one = self.block.network.num_addresses == 1
        return f"ip:{self.block.network.network_address}" if is_one else f"cidr:{self.block}"


@dataclass(frozen=True, slots=True)
class OnPremises:
    """Hosts of a network behind a VPN or a Direct Connect connection."""

    block: Block

    def __str__(self) -> str:
        """As guarantees name them."""
        return f"onprem:{self.block}"


@dataclass(frozen=True, slots=True)
class Owner:
    """A resource, by its id; or, by their ids, some interfaces: those in a tier, those with a tag.

    Where there is no such interface, any host in the `subnets` stands for those to come.
    """

    id: str
    interfaces: tuple[str, ...] | None = None
    subnets: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As guarantees name it."""
        return self.id


Party = TheInternet | Addresses | OnPremises | Owner


def hosts_at(network: Network, block: Block, *, are_targets: bool) -> Iterator[End]:
    """Who has addresses in a block: interfaces of VPCs, hosts of the internet or of some other network.

    Several VPCs may have one address. As a target, it may be that of a host elsewhere as well: routes decide whom
    packets for it reach.
    """
    version, left = block.version, block.ranges
    for vpc in network.vpcs.values():
        own = union(each.ranges for each in vpc.blocks if each.version == version)
        if inside := intersect(block.ranges, own):
            left = subtract(left, own)
            yield from _in_vpc(network, vpc.id, version, inside)
    public = intersect(left, INTERNET[version])
    if public:
        yield Internet(((version, public),))
    if elsewhere := subtract(left, public):
        yield Site(((version, elsewhere),))
    if are_targets and (shared := subtract(block.ranges, left)):
        yield Site(((version, shared),), is_elsewhere=True)


_IPV4 = 4
_LINK_LOCAL = {4: ranges_of("169.254.0.0/16"), 6: ranges_of("fe80::/10", "fd00:ec2::/32")}
_RESOLVER = 2
"""The place of the resolver in the first block of a VPC."""


def reserved(network: Network, client: Interface, block: Block) -> Reason | None:
    """SG-11: why no rule and no route decides about what AWS itself answers to, within a VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#nacl-basics
    """
    if not subtract(block.ranges, _LINK_LOCAL[block.version]):
        text = "link-local addresses are not routed, and no rule is asked about what answers there"
        return Reason("SG-11", str(block.network), text)
    own = network.vpcs[network.subnets[client.subnet].vpc].blocks[:1]
    if any(block.ranges == ((each.ranges[0][0] + _RESOLVER,) * 2,) for each in own if each.version == block.version):
        text = "no security group and no network ACL keeps anybody from the resolver of the VPC"
        return Reason("SG-11", str(block.network.network_address), text)
    return None


def _in_vpc(network: Network, vpc: str, version: int, ranges: Ranges) -> Iterator[End]:
    """The interfaces that have just these addresses; else any host that may be there."""
    own = [each for each in network.interfaces.values() if network.subnets[each.subnet].vpc == vpc]
    exact = [each for each in own if version in each.settled and _has(each.addresses(version), ranges)]
    more = [replace(each, ipv4=ranges) for each in own if version == _IPV4 and _has(each.secondary, ranges)]
    if exact or more:
        yield from (Host(each) for each in (*exact, *more))
        return
    for subnet in network.subnets.values():
        if subnet.vpc == vpc and (host := host_in(subnet, version, ranges)):
            yield _in_doubt(network, host, version)


def _in_doubt(network: Network, host: Host, version: int) -> Host:
    """A host; one whose groups nobody knows where the address may be that of something in the templates."""
    there = host.interface.addresses(version)
    doubts = tuple(
        Unknown(f"it may be {each.id}: {each.doubt.reason}")
        for each in network.maybe_at
        if each.version == version
        and not each.is_subnet
        and each.subnet in (host.interface.subnet, "")
        and intersect(each.ranges, there)
    )
    return Host(replace(host.interface, groups=(), unknown_groups=doubts), is_any=True) if doubts else host


def may_be_at(address: str, interface: Interface) -> bool:
    """Whether an interface may have an address, and nobody says that it has."""
    if not address:
        return False
    block = Block.of(address)
    is_said = block.version in interface.settled
    return not is_said and bool(intersect(block.ranges, interface.addresses(block.version)))


def in_lost_subnet(network: Network, block: Block) -> Reason | None:
    """Why nobody knows who has some addresses: they may be those of a subnet whose VPC is not known."""
    for each in network.maybe_at:
        if each.is_subnet and each.version == block.version and intersect(each.ranges, block.ranges):
            return Reason("RES-6", each.id, each.doubt.reason)
    return None


def _has(addresses: Ranges, ranges: Ranges) -> bool:
    return intersect(addresses, ranges) == ranges


def host_in(subnet: Subnet, version: int, ranges: Ranges) -> Host | None:
    """Any host with one of these addresses in a subnet; no security group judges it, since none is known."""
    there = intersect(ranges, union(each.ranges for each in subnet.blocks if each.version == version))
    if not there:
        return None
    ipv4, ipv6 = (there, ()) if version == 4 else ((), there)  # noqa: PLR2004 - the version of IP
    unknown = Unknown("whether a host that is not in the templates has a public address is not known")
    interface = Interface(
        id=f"a host in {subnet.id}",
        owners=(),
        kind=InterfaceKind.HOST,
        subnet=subnet.id,
        ipv4=ipv4,
        ipv6=ipv6,
        groups=None,
        has_public_ipv4=unknown,
    )
    return Host(interface, is_any=True)
