"""Reading network interfaces: who has one, in which subnet, with which groups and addresses.

RT-4: an interface has a public IPv4 address if it has an Elastic IP address, or if it was launched with one: as it says
itself, else as its subnet says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from constructs_lattice.model.gateways import NatGateway
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, InterfaceKind, Subnet, Vpc
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.instances import (
    attach,
    devices_of,
    give_addresses,
    launch_template,
    of_instances,
    of_network_interfaces,
)
from constructs_lattice.templates.network.kinds import KINDS, Kind, groups_of, subnets_of
from constructs_lattice.templates.network.places import Places
from constructs_lattice.templates.network.reader import Reader, items, mappings, within
from constructs_lattice.templates.values import Value

__all__ = ["read_interfaces", "read_unplaced"]


def read_interfaces(
    reader: Reader, vpcs: Mapping[str, Vpc], subnets: Mapping[str, Subnet], nat_gateways: Mapping[str, NatGateway]
) -> dict[str, Interface]:
    """All interfaces of the templates, by ids that begin with those of their owners."""
    places = Places.read(reader, vpcs, subnets)
    found = {
        each.id: each
        for each in (
            *of_network_interfaces(reader, places),
            *of_instances(reader, places),
            *_of_kinds(reader, places),
            *_of_nat_gateways(reader, places, nat_gateways),
        )
    }
    attach(reader, found)
    give_addresses(reader, found)
    return found


def read_unplaced(reader: Reader, subnets: Mapping[str, Subnet]) -> dict[str, Unknown]:
    """What has an interface in a subnet that is not known, and why; its owner does, if it is attached to one."""
    found: dict[str, Unknown] = {}
    for type_, kind in KINDS.items():
        for resource in reader.of_type(type_):
            if kind.applies(resource):
                named, unknown = subnets_of(reader, resource, kind)
                _unplace(found, resource, [*named, *unknown], subnets)
    for resource in reader.of_type("AWS::EC2::NetworkInterface"):
        _unplace(found, resource, [reader.id(resource.get("SubnetId"))], subnets)
    for resource in reader.of_type("AWS::EC2::Instance"):
        listed = resource.get("NetworkInterfaces")
        homes = [reader.id(each.get("SubnetId")) for each in mappings(listed) if each.get("SubnetId") is not None]
        homes += [each for each in items(listed) if isinstance(each, Unknown)]
        for each in mappings(listed):
            attached = reader.id(each.get("NetworkInterfaceId"))
            homes.append(attached if isinstance(attached, Unknown) else found.get(str(attached)))
        if devices_of(list(mappings(listed))) is None:
            homes.append(Unknown("which of its interfaces is the first one is not known"))
        _unplace(found, resource, [*homes, reader.id(resource.get("SubnetId"))], subnets)
    for resource in reader.of_type("AWS::EC2::NetworkInterfaceAttachment"):
        instance, attached = (reader.id(resource.get(name)) for name in ("InstanceId", "NetworkInterfaceId"))
        doubt = attached if isinstance(attached, Unknown) else found.get(str(attached))
        if isinstance(instance, str) and doubt is not None:
            found[instance] = doubt
    return found


def _unplace(
    found: dict[str, Unknown],
    resource: Resource,
    named: Iterable[str | Unknown | None],
    subnets: Mapping[str, Subnet],
) -> None:
    for each in named:
        if isinstance(each, Unknown):
            found[str(resource.id)] = Unknown(f"in which subnet it has an interface is not known: {each.reason}")
        elif each is not None and each not in subnets:
            found[str(resource.id)] = Unknown(f"subnet {each} is not known to be in a VPC of the templates")


def _of_kinds(reader: Reader, places: Places) -> Iterator[Interface]:
    """The interfaces of everything that is no instance: one in each subnet."""
    for type_, kind in KINDS.items():
        for resource in reader.of_type(type_):
            if kind.applies(resource):
                template = launch_template(reader, resource) if kind.is_launched else None
                yield from _in_each_subnet(reader, places, resource, kind, template)


def _in_each_subnet(
    reader: Reader, places: Places, resource: Resource, kind: Kind, template: Value
) -> Iterator[Interface]:
    subnets, unknown_subnets = subnets_of(reader, resource, kind)
    groups, unknown = groups_of(reader, resource, kind, template)
    doubts = tuple(
        Unknown(f"one of the subnets of {resource.id} is not known: {each.reason}") for each in unknown_subnets
    )
    for subnet in dict.fromkeys(subnets):
        made = places.put(
            id=f"{resource.id}/{subnet}" if len(subnets) > 1 else str(resource.id),
            owner=str(resource.id),
            kind=kind.interface,
            subnet=subnet,
            groups=groups,
            unknown_groups=unknown,
        )
        if made is None:
            continue
        versions = kind.versions(resource)
        made = made if versions is None else places.speaking(made, versions)
        if resource.type == "AWS::EFS::MountTarget":
            made = places.addressed(made, {}, resource.get("IpAddress"))
        yield replace(
            made,
            has_public_ipv4=_public(reader, places, made, template, said=kind.public(reader, resource)),
            alternatives=kind.is_in_one_subnet and len(subnets) > 1,
            denies_internet=kind.denies_internet(resource),
            doubts=(*made.doubts, *doubts),
        )


def _public(
    reader: Reader, places: Places, interface: Interface, template: Value, *, said: bool | Unknown | str | None
) -> bool | Unknown:
    """Whether an interface has a public address, as its kind, its launch template or its VPC says."""
    if said is None:
        if isinstance(template, Unknown):
            return template
        launched = (each.get("AssociatePublicIpAddress") for each in mappings(within(template, "NetworkInterfaces")))
        return places.launched_public(reader, interface.subnet, launched)
    if isinstance(said, str):  # a database that does not say so is public where there is a way to the internet
        return _has_internet_gateway(reader, places.subnets[interface.subnet].vpc)
    return said


def _has_internet_gateway(reader: Reader, vpc: str) -> bool | Unknown:
    for each in reader.of_type("AWS::EC2::VPCGatewayAttachment"):
        if each.get("InternetGatewayId") is None:
            continue
        attached = reader.id(each.get("VpcId"))
        if attached == vpc:
            return True
        if isinstance(attached, Unknown):
            return Unknown(f"whether {vpc} has an internet gateway is not known")
    return False


def _of_nat_gateways(reader: Reader, places: Places, nat_gateways: Mapping[str, NatGateway]) -> Iterator[Interface]:
    said = {str(each.id): each for each in reader.of_type("AWS::EC2::NatGateway")}
    for nat in nat_gateways.values():
        if nat.subnet is None or nat.interface is None:
            continue
        made = places.put(
            id=nat.interface, owner=nat.id, kind=InterfaceKind.NAT_GATEWAY, subnet=nat.subnet, groups=None
        )
        if made is not None:
            made = replace(places.speaking(made, frozenset({4})), has_public_ipv4=nat.is_public)
            yield places.addressed(made, {}, said[nat.id].get("PrivateIpAddress"))
