"""Reading who may have which address, where nobody knows who is where.

An address that is said belongs to whoever says it. If the address, or the subnet, has no value, somebody in the
templates may have an address that otherwise seems to be nobody's there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from constructs_lattice.errors import TemplateError
from constructs_lattice.model.block import EVERYTHING, Block
from constructs_lattice.model.network import MaybeAt
from constructs_lattice.model.ranges import Ranges, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Subnet, Vpc
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.reader import Reader, at_path, items
from constructs_lattice.templates.values import Value

__all__ = ["read_maybe_at"]

_IPV4, _IPV6 = 4, 6
_Paths = tuple[tuple[int, tuple[str, ...]], ...]

_OF_INTERFACES: _Paths = (
    (_IPV4, ("PrivateIpAddress",)),
    (_IPV4, ("PrivateIpAddresses", "PrivateIpAddress")),
    (_IPV6, ("Ipv6Addresses", "Ipv6Address")),
)

# Where types say addresses: in lists, or of themselves; and whether these are then known to be theirs.
_SAID: tuple[tuple[str, tuple[str, ...], _Paths, bool], ...] = (
    ("AWS::EC2::Instance", (), _OF_INTERFACES, True),
    ("AWS::EC2::Instance", ("NetworkInterfaces",), _OF_INTERFACES, True),
    ("AWS::EC2::NetworkInterface", (), _OF_INTERFACES, True),
    ("AWS::EFS::MountTarget", (), ((_IPV4, ("IpAddress",)),), True),
    ("AWS::EC2::NatGateway", (), ((_IPV4, ("PrivateIpAddress",)),), True),
    ("AWS::EC2::VPCEndpoint", ("SubnetConfigurations",), ((_IPV4, ("Ipv4",)), (_IPV6, ("Ipv6",))), False),
    ("AWS::Route53Resolver::ResolverEndpoint", ("IpAddresses",), ((_IPV4, ("Ip",)), (_IPV6, ("Ipv6",))), False),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        ("SubnetMappings",),
        ((_IPV4, ("PrivateIPv4Address",)), (_IPV6, ("IPv6Address",))),
        False,
    ),
)


def read_maybe_at(reader: Reader, vpcs: Mapping[str, Vpc], subnets: Mapping[str, Subnet]) -> tuple[MaybeAt, ...]:
    """The addresses of which nobody knows whose they are, as far as it may be somebody in the templates."""
    return (*_of_owners(reader, vpcs, subnets), *_of_subnets(reader))


def _of_owners(reader: Reader, vpcs: Mapping[str, Vpc], subnets: Mapping[str, Subnet]) -> Iterator[MaybeAt]:
    everywhere = {
        version: union(each.ranges for vpc in vpcs.values() for each in vpc.blocks if each.version == version)
        for version in (_IPV4, _IPV6)
    }
    for type_, list_, paths, is_placed in _SAID:
        for resource in reader.of_type(type_):
            for said in at_path(dict(resource.properties), list_) if list_ else [dict(resource.properties)]:
                home = _home(reader, resource, said)
                subnet = subnets.get(home) if isinstance(home, str) else None
                for version, path in paths:
                    for value in at_path(said, path):
                        known = _address(resource, value)
                        if known is not None and is_placed and subnet is not None:
                            continue
                        ranges = known or (everywhere[version] if subnet is None else _ranges(subnet, version))
                        yield MaybeAt(
                            id=str(resource.id),
                            version=version,
                            ranges=ranges,
                            doubt=_doubt(resource, value, home),
                            subnet=subnet.id if subnet is not None else "",
                        )


def _home(reader: Reader, resource: Resource, said: Value) -> str | Unknown | None:
    own = said.get("SubnetId") if isinstance(said, dict) else None
    return reader.id(resource.get("SubnetId") if own is None else own)


def _address(resource: Resource, value: Value) -> Ranges | None:
    if not isinstance(value, str):
        return None
    try:
        return Block.of(str(ip_address(value.strip()))).ranges
    except ValueError:
        raise TemplateError(f"{resource.id}: {value!r} is not an address") from None


def _doubt(resource: Resource, value: Value, home: str | Unknown | None) -> Unknown:
    for each in (value, home):
        if isinstance(each, Unknown):
            return each
    return Unknown(f"whether {resource.id} has it is not worked out")


def _ranges(subnet: Subnet, version: int) -> Ranges:
    return union(each.ranges for each in subnet.blocks if each.version == version)


def _of_subnets(reader: Reader) -> Iterator[MaybeAt]:
    """Subnets of a VPC that nobody knows: anybody in them may have an address."""
    for resource in reader.of_type("AWS::EC2::Subnet"):
        vpc = reader.id(resource.get("VpcId"))
        if not isinstance(vpc, Unknown):
            continue
        doubt = Unknown(f"of which VPC it is, is not known: {vpc.reason}")
        for version, name in ((_IPV4, "CidrBlock"), (_IPV6, "Ipv6CidrBlock")):
            for value in items(resource.get(name)):
                block = reader.block(resource, value)
                ranges = block.ranges if isinstance(block, Block) else EVERYTHING[version]
                yield MaybeAt(id=str(resource.id), version=version, ranges=ranges, doubt=doubt, is_subnet=True)
