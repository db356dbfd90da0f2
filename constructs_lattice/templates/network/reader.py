"""Reading single properties: what they come to, or why nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from constructs_lattice.errors import TemplateError
from constructs_lattice.model.block import Block
from constructs_lattice.model.ranges import EMPTY, Ranges
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.network.database_ports import port_of
from constructs_lattice.templates.network.given_values import with_unknown_values
from constructs_lattice.templates.network.written_ids import WrittenIds
from constructs_lattice.templates.values import Reference, ResourceId, Text, Value

__all__ = ["Reader", "cluster_group", "default_acl", "default_group", "main_table", "regional_table"]

_PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "all": -1}
_TRUE, _FALSE = ("true", "enable", "enabled"), ("false", "disable", "disabled")
_ANY_PORT: Ranges = ((0, 65_535),)


def main_table(vpc: str) -> str:
    """The id of a VPC's main route table, which no template has."""
    return f"{vpc}/main-route-table"


def default_acl(vpc: str) -> str:
    """The id of a VPC's default network ACL."""
    return f"{vpc}/default-network-acl"


def default_group(vpc: str) -> str:
    """The id of a VPC's default security group."""
    return f"{vpc}/default-security-group"


def regional_table(nat_gateway: str) -> str:
    """The id of a regional NAT gateway's route table."""
    return f"{nat_gateway}/route-table"


def cluster_group(cluster: str) -> str:
    """The id of the security group that EKS makes for a cluster."""
    return f"{cluster}/cluster-security-group"


# Attributes that tell of something else than the resource, by its type: of what it brings along.
_PARTS: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("AWS::EC2::VPC", "DefaultSecurityGroup"): default_group,
    ("AWS::EC2::VPC", "DefaultNetworkAcl"): default_acl,
    ("AWS::EC2::NatGateway", "RouteTableId"): regional_table,
    ("AWS::EKS::Cluster", "ClusterSecurityGroupId"): cluster_group,
}
_ATTACHMENT = "TransitGatewayAttachmentId"
"""The attachment to a Transit Gateway of what is attached by itself: it goes by the id of that here."""


class Reader:
    """Reads the properties of one estate."""

    def __init__(self, estate: Estate) -> None:
        self._written = WrittenIds(with_unknown_values(estate))
        self.estate = self._written.estate

    def candidates(self, unknown: Unknown) -> tuple[str, ...]:
        """The resources that an unknown value may name, where that is known; none where it may name anything."""
        return self._written.candidates(unknown)

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of these types."""
        return self.estate.of_type(*types)

    def firewall_endpoint(self, value: Value) -> str | Unknown | None:
        """RES-7: the endpoint of a firewall in one of its subnets, as `Firewall@Subnet`; none for other things.

        The templates find it by its zone, or by its place in the list, as `Firewall@#1`: in which order a firewall
        lists its endpoints is not known.
        """
        if not isinstance(value, Reference) or not value.attribute.startswith("EndpointId"):
            return None
        firewall = self.estate.resources.get(value.resource)
        if firewall is None or not firewall.type.startswith("AWS::NetworkFirewall::"):
            return None
        for unknown in unknown_items(firewall.get("SubnetMappings")):
            return unknown
        place = value.attribute.partition(".")[2]
        homes = [self.resource(each) for each in _subnets_of(firewall)]
        fitting = [each for each in homes if each is not None and (len(homes) == 1 or self.zone(each) == place)]
        if len(fitting) == 1:
            return f"{firewall.id}@{fitting[0].id}"
        if place.isdigit() and None not in homes:
            return f"{firewall.id}@#{place}"
        return Unknown(f"which endpoint of {firewall.id} is meant is not known")

    @staticmethod
    def zone(subnet: Resource) -> str | Unknown:
        """The Availability Zone of a subnet."""
        for name in ("AvailabilityZoneId", "AvailabilityZone"):
            value = subnet.get(name)
            if isinstance(value, str | Unknown):
                return value
        return Unknown("AWS chooses the zone", symbol=f"zone of {subnet.id}")

    def resource(self, value: Value) -> Resource | None:
        """The resource that a value names."""
        return self.estate.identify(value)

    def id(self, value: Value) -> str | Unknown | None:
        """What a value names: a resource of ours by its id here, something else by what the template says."""
        if value in (None, ""):
            return None
        if isinstance(value, Reference) and (part := self._part(value)) is not None:
            return part
        if (resource := self.estate.identify(value)) is not None:
            return str(resource.id)
        if isinstance(value, str | Unknown):
            return value
        if isinstance(value, Text | Reference):
            return Unknown(f"{value} is known at the deployment only", symbol=str(value))
        return Unknown(f"{_kind(value)} does not name a resource")

    def _part(self, value: Reference) -> str | None:
        owner = self.estate.resources.get(value.resource)
        if owner is None or value.attribute == _ATTACHMENT:
            return str(value.resource)
        made = _PARTS.get((owner.type, value.attribute))
        return None if made is None else made(str(owner.id))

    def ids(self, value: Value) -> tuple[tuple[str, ...], tuple[Unknown, ...]]:
        """What a list names, and what of it nobody knows."""
        known: list[str] = []
        unknown: list[Unknown] = []
        for item in items(value):
            match self.id(item):
                case str() as id_:
                    known.append(id_)
                case Unknown() as reason:
                    unknown.append(reason)
        return tuple(known), tuple(unknown)

    def text(self, resource: Resource, name: str, default: str = "") -> str | Unknown:
        """A property that is a word."""
        value = resource.get(name)
        match value:
            case None:
                return default
            case str():
                return value
            case bool() | int() | float():
                return str(value)
            case Unknown():
                return value
            case _:
                return Unknown(f"{name} of {resource.id} is known at the deployment only")

    def boolean(self, value: Value, *, default: bool) -> bool | Unknown:
        """Yes or no; also as text, and as AWS's `enable` and `disable`."""
        match value:
            case None:
                return default
            case bool():
                return value
            case str() if value.lower() in _TRUE:
                return True
            case str() if value.lower() in _FALSE:
                return False
            case Unknown():
                return value
            case _:
                return Unknown(f"{_kind(value)} is neither yes nor no")

    def integer(self, where: str, value: Value, default: int) -> int | Unknown:
        """A whole number; also as text, and as the port of a database."""
        if isinstance(value, Reference) and (named := self.estate.resources.get(value.resource)) is not None:
            port = port_of(named, value.attribute)
            value = value if port is None else port
        match value:
            case None:
                return default
            case int():
                return value
            case float() if value.is_integer():
                return int(value)
            case str():
                try:
                    return int(value)
                except ValueError:
                    raise TemplateError(f"{where}: a whole number is needed, got {value!r}") from None
            case Unknown():
                return value
            case _:
                return Unknown(f"{_kind(value)} is known at the deployment only")

    def block(self, resource: Resource, value: Value) -> Block | Unknown:
        """A block. Raises `TemplateError` for a text that is none."""
        match value:
            case str():
                try:
                    return Block.of(value)
                except ValueError:
                    raise TemplateError(f"{resource.where}: {resource.id}: {value!r} is not a CIDR block") from None
            case Unknown():
                return value
            case _:
                return Unknown(f"a block of {resource.id} is known at the deployment only")

    def protocol(self, where: str, value: Value) -> int | Unknown:
        """RES-9: `tcp`, `6`, 6; -1 is all."""
        if isinstance(value, str) and value.lower() in _PROTOCOLS:
            return _PROTOCOLS[value.lower()]
        return self.integer(where, value, -1)

    def ports(self, where: str, protocol: int | Unknown, first: Value, last: Value) -> Ranges | Unknown:
        """The ports from one to another. Without any, all. ICMP has a type and a code instead."""
        low, high = self.integer(where, first, -1), self.integer(where, last, -1)
        if isinstance(low, Unknown):
            return low
        if isinstance(high, Unknown):
            return high
        if protocol in (1, 58):
            # SG-13: a type with all codes, or with the only code that echo has.
            return _ANY_PORT if low == -1 else ((low, low),) if high in (-1, 0) else EMPTY
        if low == -1:
            return _ANY_PORT
        if first is not None and last is None:
            high = low
        return ((low, high),) if low <= high else EMPTY


def items(value: Value) -> Iterator[Value]:
    """The items of a list, or a single one that stands for it."""
    if value is None:
        return
    if isinstance(value, list):
        yield from value
    elif isinstance(value, str) and "," in value:
        yield from (part.strip() for part in value.split(","))
    else:
        yield value


def mappings(value: Value) -> Iterator[dict[str, Value]]:
    """The mappings of a list; what is none is left out."""
    yield from (item for item in items(value) if isinstance(item, dict))


def unknown_items(value: Value) -> Iterator[Unknown]:
    """What of a list of mappings nobody knows."""
    for item in items(value):
        if isinstance(item, Unknown):
            yield item
        elif isinstance(item, Text | Reference):
            yield _open(item)


def within(value: Value, *names: str) -> Value:
    """What is under some keys, one in the other; nothing where a key is missing."""
    for name in names:
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Text | Reference):
            return _open(value)
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _open(value: Text | Reference) -> Unknown:
    return Unknown(f"{value} is known at the deployment only", symbol=str(value))


def at_path(value: Value, path: tuple[str, ...]) -> Iterator[Value]:
    """Everything at a path; of a list of mappings on the way, what each has there."""
    for index, name in enumerate(path):
        if isinstance(value, list):
            for each in value:
                yield from at_path(each, path[index:])
            return
        value = within(value, name)
    yield from (each for each in items(value) if each is not None)


def reference_in(value: Value) -> ResourceId | None:
    """The resource whose reference is part of a text."""
    match value:
        case Reference(resource=resource):
            return resource
        case Text(parts=parts):
            return next((part.resource for part in parts if isinstance(part, Reference)), None)
        case _:
            return None


def _subnets_of(firewall: Resource) -> list[Value]:
    one = within(firewall.get("SubnetMapping"), "SubnetId")
    return [one] if one is not None else [each.get("SubnetId") for each in mappings(firewall.get("SubnetMappings"))]


def _kind(value: Value) -> str:
    return type(value).__name__
