"""Reading network interfaces: who has one, in which subnet, with which groups and addresses.

RT-4: an interface has a public IPv4 address if it has an Elastic IP address, or if it was launched with one: as it says
itself, else as its subnet says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from constructs_lattice.model.block import Block
from constructs_lattice.model.gateways import NatGateway
from constructs_lattice.model.ranges import EMPTY, Ranges, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, InterfaceKind, Subnet, Vpc
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.kinds import KINDS, Kind, groups_of, subnets_of
from constructs_lattice.templates.network.reader import Reader, items, mappings, within
from constructs_lattice.templates.values import Value

__all__ = ["read_interfaces"]

_INSTANCE, _INTERFACE = "AWS::EC2::Instance", "AWS::EC2::NetworkInterface"
_IPV4, _IPV6 = 4, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """What interfaces are placed in."""

    vpcs: Mapping[str, Vpc]
    subnets: Mapping[str, Subnet]
    public: Mapping[str, bool | Unknown]
    assigns_ipv6: Mapping[str, bool | Unknown]


def read_interfaces(
    reader: Reader, vpcs: Mapping[str, Vpc], subnets: Mapping[str, Subnet], nat_gateways: Mapping[str, NatGateway]
) -> dict[str, Interface]:
    """All interfaces of the templates, by ids that begin with those of their owners."""
    settings = {str(each.id): each for each in reader.of_type("AWS::EC2::Subnet")}
    places = _Places(
        vpcs=vpcs,
        subnets=subnets,
        public={id_: reader.boolean(each.get("MapPublicIpOnLaunch"), default=False) for id_, each in settings.items()},
        assigns_ipv6={
            id_: reader.boolean(each.get("AssignIpv6AddressOnCreation"), default=False)
            for id_, each in settings.items()
        },
    )
    found: dict[str, Interface] = {}
    for interface in (
        *_network_interfaces(reader, places),
        *_of_instances(reader, places),
        *_of_kinds(reader, places),
        *_of_nat_gateways(reader, places, nat_gateways),
    ):
        found[interface.id] = interface
    _attach(reader, found)
    _give_addresses(reader, found)
    return found


def _place(
    places: _Places,
    *,
    id: str,
    owner: str,
    kind: InterfaceKind,
    subnet: str,
    groups: tuple[str, ...] | None,
    unknown_groups: tuple[Unknown, ...] = (),
    address: Block | Unknown | None = None,
) -> Interface | None:
    """An interface with the addresses that it has, or may have, in a subnet; none outside of the templates."""
    home = places.subnets.get(subnet)
    if home is None:
        return None
    vpc = places.vpcs[home.vpc]
    ipv4 = _ranges(home, _IPV4)
    settled = set()
    doubts: tuple[Unknown, ...] = ()
    if isinstance(address, Block):
        ipv4 = address.ranges
        settled.add(_IPV4)
    if not home.blocks:
        doubts = (Unknown(f"the addresses of {subnet} are known at the deployment only"),)
    if groups == () and not unknown_groups:
        groups = (vpc.default_security_group,)  # SG-10
    ipv6 = _ranges(home, _IPV6) if places.assigns_ipv6.get(subnet) is True else EMPTY
    return Interface(
        id=id,
        owners=(owner,),
        kind=kind,
        subnet=subnet,
        ipv4=ipv4,
        ipv6=ipv6,
        settled=frozenset(settled),
        groups=groups,
        unknown_groups=unknown_groups,
        doubts=doubts,
    )


def _ranges(subnet: Subnet, version: int) -> Ranges:
    return union(block.ranges for block in subnet.blocks if block.version == version)


def _address(reader: Reader, resource: Resource, value: Value) -> Block | Unknown | None:
    return None if value is None else reader.block(resource, value)


def _with_ipv6(interface: Interface, subnet: Subnet | None, source: Value) -> Interface:
    """IPv6 addresses that are asked for, by number or by name."""
    count = within(source, "Ipv6AddressCount")
    listed = [within(each, "Ipv6Address") or each for each in items(within(source, "Ipv6Addresses"))]
    if subnet is None or (count in (None, 0, "0") and not listed):
        return interface
    known = [Block.of(each) for each in listed if isinstance(each, str)]
    if known:
        return replace(interface, ipv6=union(each.ranges for each in known), settled=interface.settled | {_IPV6})
    return replace(interface, ipv6=_ranges(subnet, _IPV6))


def _network_interfaces(reader: Reader, places: _Places) -> Iterator[Interface]:
    """Interfaces that are resources of their own."""
    for resource in reader.of_type(_INTERFACE):
        subnet = reader.id(resource.get("SubnetId"))
        if not isinstance(subnet, str):
            continue
        groups, unknown = reader.ids(resource.get("GroupSet"))
        address = resource.get("PrivateIpAddress")
        for each in mappings(resource.get("PrivateIpAddresses")):
            if each.get("Primary") in (True, "true"):
                address = each.get("PrivateIpAddress")
        made = _place(
            places,
            id=str(resource.id),
            owner=str(resource.id),
            kind=InterfaceKind.NETWORK_INTERFACE,
            subnet=subnet,
            groups=groups,
            unknown_groups=unknown,
            address=_address(reader, resource, address),
        )
        if made is not None:
            checks = reader.boolean(resource.get("SourceDestCheck"), default=True)
            made = replace(made, checks_source=checks)
            yield _with_ipv6(made, places.subnets.get(subnet), dict(resource.properties))


def _of_instances(reader: Reader, places: _Places) -> Iterator[Interface]:
    for resource in reader.of_type(_INSTANCE):
        template = _launch_template(reader, resource)
        own = resource.get("NetworkInterfaces")
        listed = list(mappings(own if own is not None else within(template, "NetworkInterfaces")))
        if listed:
            for index, each in enumerate(listed):
                made = _listed_interface(reader, places, resource, each, index)
                if made is not None:
                    yield made
            continue
        subnet = reader.id(resource.get("SubnetId"))
        if isinstance(subnet, str):
            groups = resource.get("SecurityGroupIds")
            groups = within(template, "SecurityGroupIds") if groups is None else groups
            known, unknown = reader.ids(resource.get("SecurityGroups") if groups is None else groups)
            address = _address(reader, resource, resource.get("PrivateIpAddress"))
            made = _place(
                places,
                id=str(resource.id),
                owner=str(resource.id),
                kind=InterfaceKind.INSTANCE,
                subnet=subnet,
                groups=known,
                unknown_groups=unknown,
                address=address,
            )
            if made is not None:
                made = replace(
                    made,
                    has_public_ipv4=places.public.get(subnet, False),
                    checks_source=reader.boolean(resource.get("SourceDestCheck"), default=True),
                )
                yield _with_ipv6(made, places.subnets.get(subnet), dict(resource.properties))


def _launch_template(reader: Reader, resource: Resource) -> Value:
    """The data of the launch template that an instance or a group of them is made from."""
    said = resource.get("LaunchTemplate")
    if said is None:
        said = within(resource.get("MixedInstancesPolicy"), "LaunchTemplate", "LaunchTemplateSpecification")
    for name in ("LaunchTemplateId", "LaunchTemplateName"):
        named = reader.resource(within(said, name))
        if named is not None:
            return named.get("LaunchTemplateData")
    named = reader.resource(resource.get("LaunchConfigurationName"))
    if named is not None:
        return {
            "SecurityGroupIds": named.get("SecurityGroups"),
            "AssociatePublicIpAddress": named.get("AssociatePublicIpAddress"),
        }
    return None


def _listed_interface(
    reader: Reader, places: _Places, resource: Resource, said: dict[str, Value], index: int
) -> Interface | None:
    """An interface that an instance says of itself."""
    subnet = reader.id(said.get("SubnetId")) or reader.id(resource.get("SubnetId"))
    if not isinstance(subnet, str):
        return None
    groups, unknown = reader.ids(said.get("GroupSet") if said.get("GroupSet") is not None else said.get("Groups"))
    device = str(said.get("DeviceIndex") or index)
    made = _place(
        places,
        id=str(resource.id) if device == "0" else f"{resource.id}/{device}",
        owner=str(resource.id),
        kind=InterfaceKind.INSTANCE,
        subnet=subnet,
        groups=groups,
        unknown_groups=unknown,
        address=_address(reader, resource, said.get("PrivateIpAddress")),
    )
    if made is None:
        return None
    launched = places.public.get(subnet, False) if device == "0" else False
    public = said.get("AssociatePublicIpAddress")
    made = replace(
        made,
        has_public_ipv4=launched if public is None else reader.boolean(public, default=False),
        checks_source=reader.boolean(resource.get("SourceDestCheck"), default=True),
    )
    return _with_ipv6(made, places.subnets.get(subnet), said)


def _of_kinds(reader: Reader, places: _Places) -> Iterator[Interface]:
    """The interfaces of everything else: one in each subnet."""
    for type_, kind in KINDS.items():
        for resource in reader.of_type(type_):
            if not kind.applies(resource):
                continue
            template = _launch_template(reader, resource) if kind.is_launched else None
            yield from _in_each_subnet(reader, places, resource, kind, template)


def _in_each_subnet(
    reader: Reader, places: _Places, resource: Resource, kind: Kind, template: Value
) -> Iterator[Interface]:
    subnets, unknown_subnets = subnets_of(reader, resource, kind)
    groups, unknown = groups_of(reader, resource, kind, template)
    public = kind.public(reader, resource)
    doubts = tuple(
        Unknown(f"one of the subnets of {resource.id} is not known: {each.reason}") for each in unknown_subnets
    )
    for subnet in dict.fromkeys(subnets):
        id_ = f"{resource.id}/{subnet}" if len(subnets) > 1 else str(resource.id)
        made = _place(
            places,
            id=id_,
            owner=str(resource.id),
            kind=kind.interface,
            subnet=subnet,
            groups=None if kind.is_unfiltered and not groups and not unknown else groups,
            unknown_groups=unknown,
        )
        if made is None:
            continue
        has_public: bool | Unknown
        if public is None:
            has_public = _launched_public(reader, places, subnet, template)
        elif isinstance(public, str):  # a database that does not say so is public where there is a way to the internet
            has_public = _has_internet_gateway(reader, places.subnets[subnet].vpc)
        else:
            has_public = public
        yield replace(
            made,
            has_public_ipv4=has_public,
            alternatives=kind.is_in_one_subnet and len(subnets) > 1,
            denies_internet=kind.denies_internet(resource),
            doubts=(*made.doubts, *doubts),
            ipv6=_ipv6(places, subnet, made, kind.ipv6(resource)),
        )


def _ipv6(places: _Places, subnet: str, made: Interface, speaks: bool | None) -> Ranges:  # noqa: FBT001
    """The IPv6 addresses of what says by itself whether it has any."""
    if speaks is None:
        return made.ipv6
    return _ranges(places.subnets[subnet], _IPV6) if speaks else EMPTY


def _launched_public(reader: Reader, places: _Places, subnet: str, template: Value) -> bool | Unknown:
    """Whether instances get a public address at their launch: as their template says, else as the subnet does."""
    said = within(template, "AssociatePublicIpAddress")
    for each in mappings(within(template, "NetworkInterfaces")):
        said = each.get("AssociatePublicIpAddress") if said is None else said
    return places.public.get(subnet, False) if said is None else reader.boolean(said, default=False)


def _has_internet_gateway(reader: Reader, vpc: str) -> bool:
    attachments = reader.of_type("AWS::EC2::VPCGatewayAttachment")
    return any(
        each.get("InternetGatewayId") is not None and reader.id(each.get("VpcId")) == vpc for each in attachments
    )


def _of_nat_gateways(reader: Reader, places: _Places, nat_gateways: Mapping[str, NatGateway]) -> Iterator[Interface]:
    said = {str(each.id): each for each in reader.of_type("AWS::EC2::NatGateway")}
    for nat in nat_gateways.values():
        if nat.subnet is None or nat.interface is None:
            continue
        resource = said[nat.id]
        made = _place(
            places,
            id=nat.interface,
            owner=nat.id,
            kind=InterfaceKind.NAT_GATEWAY,
            subnet=nat.subnet,
            groups=None,
            address=_address(reader, resource, resource.get("PrivateIpAddress")),
        )
        if made is not None:
            yield replace(made, has_public_ipv4=nat.is_public)


def _attach(reader: Reader, found: dict[str, Interface]) -> None:
    """Interfaces of their own that instances have: they are the instances', too."""
    pairs = [
        (reader.id(each.get("InstanceId")), reader.id(each.get("NetworkInterfaceId")))
        for each in reader.of_type("AWS::EC2::NetworkInterfaceAttachment")
    ]
    for resource in reader.of_type(_INSTANCE):
        said = mappings(resource.get("NetworkInterfaces"))
        pairs += [(str(resource.id), reader.id(each.get("NetworkInterfaceId"))) for each in said]
    for instance, interface in pairs:
        if isinstance(instance, str) and isinstance(interface, str) and interface in found:
            attached = found[interface]
            found[interface] = replace(attached, owners=(*attached.owners, instance))


def _give_addresses(reader: Reader, found: dict[str, Interface]) -> None:
    """Elastic IP addresses."""
    for resource in reader.of_type("AWS::EC2::EIP", "AWS::EC2::EIPAssociation"):
        names = [reader.id(resource.get(name)) for name in ("NetworkInterfaceId", "InstanceId")]
        for name in names:
            if isinstance(name, Unknown):
                _may_have_address(found, resource, name)
            elif name is not None:
                owned = [each for each in found.values() if name in each.owners]
                for interface in owned[:1]:
                    found[interface.id] = replace(interface, has_public_ipv4=True)


def _may_have_address(found: dict[str, Interface], resource: Resource, unknown: Unknown) -> None:
    """An Elastic IP address of nobody knows whom may be anybody's."""
    for interface in found.values():
        if interface.has_public_ipv4 is False and interface.kind in (
            InterfaceKind.INSTANCE,
            InterfaceKind.NETWORK_INTERFACE,
        ):
            doubt = Unknown(f"{resource.id} may be its public address: {unknown.reason}")
            found[interface.id] = replace(interface, has_public_ipv4=doubt)
