"""Reading resource configurations: what VPC Lattice leads to that is no service of it.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/resource-configuration.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from constructs_lattice.errors import TemplateError
from constructs_lattice.model.mesh import MeshResource
from constructs_lattice.model.ranges import Ranges, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.database_ports import port_of
from constructs_lattice.templates.network.reader import Reader, items, reference_in, within
from constructs_lattice.templates.values import Reference, Value

__all__ = ["read_mesh_networks", "read_mesh_resources"]

_CONFIGURATION = "AWS::VpcLattice::ResourceConfiguration"
_LAST = 65_535

_ADDRESSES = ("Endpoint", "EndPoint", "ndpoint.Address", "ndPoint.Address", "DNSName", "PrivateDnsName", "PrivateIp")
"""How attributes end that are the name or the address of a resource itself."""


def read_mesh_networks(reader: Reader) -> frozenset[str]:
    """The service networks that are in the templates."""
    return frozenset(str(each.id) for each in reader.of_type("AWS::VpcLattice::ServiceNetwork"))


def read_mesh_resources(reader: Reader) -> dict[str, MeshResource]:
    """The resource configurations; a child goes through the gateway of its group, and is where its group is."""
    networks, doubts = _associated(reader)
    groups = _Groups.read(reader)
    found = {}
    for id_, resource in groups.said.items():
        owner, address = _target(reader, resource)
        within_group = groups.of.get(id_)
        is_group = resource.get("ResourceConfigurationType") == "GROUP" or id_ in groups.children
        found[id_] = MeshResource(
            id=id_,
            gateway=groups.gateway(reader, id_),
            ports=() if is_group else _ports(reader, resource, owner),
            owner=owner,
            address=address,
            is_group=is_group,
            children=tuple(groups.children.get(id_, ())),
            unknown_children=groups.unknown,
            service_networks=tuple(dict.fromkeys([*networks.get(id_, ()), *networks.get(str(within_group), ())])),
            doubts=(*doubts.get(id_, ()), *doubts.get(str(within_group), ()), *doubts.get("", ())),
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Groups:
    """All resource configurations, the groups of those that are part of one, and the parts of each group."""

    said: Mapping[str, Resource]
    of: Mapping[str, str | Unknown]
    children: Mapping[str, Sequence[str]]
    unknown: tuple[Unknown, ...]

    @classmethod
    def read(cls, reader: Reader) -> _Groups:
        """From the children, which name their group."""
        said = {str(each.id): each for each in reader.of_type(_CONFIGURATION)}
        named = {id_: reader.id(each.get("ResourceConfigurationGroupId")) for id_, each in said.items()}
        of = {id_: group for id_, group in named.items() if group is not None}
        children: dict[str, list[str]] = defaultdict(list)
        for id_, group in of.items():
            if isinstance(group, str) and group != id_:
                children[group].append(id_)
        unknown = [
            Unknown(f"{id_} may be a part of it: {group.reason}")
            for id_, group in of.items()
            if isinstance(group, Unknown)
        ]
        return cls(said=said, of=of, children=children, unknown=tuple(unknown))

    def gateway(self, reader: Reader, id: str) -> str | Unknown:
        """The resource gateway: that of the group, else its own."""
        group = self.of.get(id, id)
        if isinstance(group, Unknown):
            return group
        named = self.said.get(group)
        gateway = None if named is None else reader.id(named.get("ResourceGatewayId"))
        return gateway if gateway is not None else Unknown(f"through which resource gateway {id} goes is not said")


def _associated(reader: Reader) -> tuple[dict[str, list[str]], dict[str, list[Unknown]]]:
    """The service networks of resource configurations, and why they may be in others."""
    networks: dict[str, list[str]] = defaultdict(list)
    doubts: dict[str, list[Unknown]] = defaultdict(list)
    for each in reader.of_type("AWS::VpcLattice::ServiceNetworkResourceAssociation"):
        resource, network = (reader.id(each.get(name)) for name in ("ResourceConfigurationId", "ServiceNetworkId"))
        if isinstance(resource, Unknown):
            doubts[""].append(Unknown(f"{each.id} may be for this resource: {resource.reason}"))
        elif isinstance(network, Unknown):
            doubts[str(resource)].append(network)
        else:
            networks[str(resource)].append(str(network))
    return networks, doubts


def _target(reader: Reader, resource: Resource) -> tuple[str | Unknown, str]:
    """What a resource configuration stands for: the owner of interfaces, or an address; nothing for a group."""
    definition = resource.get("ResourceConfigurationDefinition")
    if definition is None:
        return "", ""
    if isinstance(definition, Unknown):
        return definition, ""
    address, name, arn = (
        within(definition, "IpResource"),
        within(definition, "DnsResource", "DomainName"),
        within(definition, "ArnResource"),
    )
    if address is not None:
        return _address(resource, address)
    if arn is not None:
        return _database(reader, arn), ""
    if name is not None:
        return _named(name), ""
    return Unknown(f"what {resource.id} stands for is not modelled"), ""


def _address(resource: Resource, value: Value) -> tuple[str | Unknown, str]:
    if not isinstance(value, str):
        return _named(value), ""
    try:
        return "", str(ip_address(value))
    except ValueError:
        raise TemplateError(f"{resource.where}: {resource.id}: {value!r} is not an address") from None


def _database(reader: Reader, arn: Value) -> str | Unknown:
    """The database that an ARN is that of; ARNs may be put together of its identifier."""
    named, referred = reader.resource(arn), reference_in(arn)
    if named is None and referred is not None:
        named = reader.estate.resources.get(referred)
    if named is not None and named.type.startswith("AWS::RDS::"):
        return str(named.id)
    return arn if isinstance(arn, Unknown) else Unknown(f"what {arn} is, is not in the templates")


def _named(value: Value) -> str | Unknown:
    """The resource of the templates whose domain name or address a value is."""
    if isinstance(value, Reference) and value.attribute.endswith(_ADDRESSES):
        return str(value.resource)
    return value if isinstance(value, Unknown) else Unknown(f"what {value} leads to is not in the templates")


def _ports(reader: Reader, resource: Resource, owner: str | Unknown) -> Ranges | Unknown:
    """The ports that are said; a database has its own."""
    said = list(items(resource.get("PortRanges")))
    if not said:
        named = next((each for each in reader.estate.resources.values() if str(each.id) == owner), None)
        port = None if named is None else port_of(named, "Endpoint.Port")
        said = [] if port is None else [port]
    found = [_range(reader, resource, each) for each in said]
    unknown = next((each for each in found if isinstance(each, Unknown)), None)
    if unknown is not None or not found:
        return unknown if unknown is not None else Unknown(f"the ports of {resource.id} are not in the templates")
    return union([each for each in found if not isinstance(each, Unknown)])


def _range(reader: Reader, resource: Resource, value: Value) -> Ranges | Unknown:
    """A port, or a range of them such as `8000-8099`."""
    where = f"{resource.where}: {resource.id}"
    first, dash, last = value.partition("-") if isinstance(value, str) else (value, "", None)
    low = reader.integer(where, first, 0)
    high = reader.integer(where, last, 0) if dash else low
    if isinstance(low, Unknown):
        return low
    if isinstance(high, Unknown):
        return high
    if not 0 <= low <= high <= _LAST:
        raise TemplateError(f"{where}: {value!r} is not a range of ports")
    return ((low, high),)
