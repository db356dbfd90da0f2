"""Reading the interfaces of instances, those that are resources of their own, and Elastic IP addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, InterfaceKind
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.places import Places
from constructs_lattice.templates.network.reader import Reader, mappings, unknown_items, within
from constructs_lattice.templates.values import Value

__all__ = ["attach", "devices_of", "give_addresses", "launch_template", "of_instances", "of_network_interfaces"]

_INSTANCE, _INTERFACE = "AWS::EC2::Instance", "AWS::EC2::NetworkInterface"
_PRIMARY = "0"
_OWNING = (InterfaceKind.INSTANCE, InterfaceKind.NETWORK_INTERFACE)


def of_network_interfaces(reader: Reader, places: Places) -> Iterator[Interface]:
    """Interfaces that are resources of their own."""
    for resource in reader.of_type(_INTERFACE):
        subnet = reader.id(resource.get("SubnetId"))
        groups, unknown = reader.ids(resource.get("GroupSet"))
        made = places.put(
            id=str(resource.id),
            owner=str(resource.id),
            kind=InterfaceKind.NETWORK_INTERFACE,
            subnet=str(subnet),
            groups=groups,
            unknown_groups=unknown,
        )
        if made is not None:
            checks = reader.boolean(resource.get("SourceDestCheck"), default=True)
            yield places.addressed(replace(made, checks_source=checks), dict(resource.properties))


def of_instances(reader: Reader, places: Places) -> Iterator[Interface]:
    """The interfaces of instances, as these, or their launch templates, say."""
    for resource in reader.of_type(_INSTANCE):
        template = launch_template(reader, resource)
        own = resource.get("NetworkInterfaces")
        listed = list(mappings(own if own is not None else within(template, "NetworkInterfaces")))
        if listed:
            devices = devices_of(listed) or []
            found = (
                _listed(reader, places, resource, each, device) for each, device in zip(listed, devices, strict=False)
            )
            yield from (_one_of(each, len(listed)) for each in found if each is not None)
            continue
        said = resource.get("SecurityGroupIds")
        said = within(template, "SecurityGroupIds") if said is None else said
        groups, unknown = reader.ids(resource.get("SecurityGroups") if said is None else said)
        subnet = str(reader.id(resource.get("SubnetId")))
        made = places.put(
            id=str(resource.id),
            owner=str(resource.id),
            kind=InterfaceKind.INSTANCE,
            subnet=subnet,
            groups=groups,
            unknown_groups=unknown,
        )
        if made is not None:
            made = replace(
                made,
                has_public_ipv4=places.launched_public(reader, subnet, _unknown_only(own, template)),
                checks_source=reader.boolean(resource.get("SourceDestCheck"), default=True),
            )
            yield places.addressed(made, dict(resource.properties))


def _one_of(interface: Interface, count: int) -> Interface:
    """RT-4: EC2 gives a public address to instances with a single interface; of others its pages do not say it alike.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterfaceSpecification.html
    """
    if count == 1 or interface.has_public_ipv4 is False:
        return interface
    text = f"whether EC2 gives {interface.owners[0]}, which has several interfaces, a public address is not documented"
    return replace(interface, has_public_ipv4=Unknown(text))


def _unknown_only(*values: Value) -> Iterator[Value]:
    for each in values:
        yield from unknown_items(each)


def launch_template(reader: Reader, resource: Resource) -> Value:
    """The data of the launch template that instances are made from; unknown if it is not in the templates."""
    said = resource.get("LaunchTemplate")
    mixed = within(resource.get("MixedInstancesPolicy"), "LaunchTemplate")
    if said is None:
        said = within(mixed, "LaunchTemplateSpecification")
    overrides = within(mixed, "Overrides")
    if any(within(each, "LaunchTemplateSpecification") is not None for each in mappings(overrides)):
        return Unknown(f"{resource.id} has several launch templates")
    for name in ("LaunchTemplateId", "LaunchTemplateName", "Id", "Name"):
        named = reader.resource(within(said, name))
        if named is not None:
            return named.get("LaunchTemplateData")
    configuration = resource.get("LaunchConfigurationName")
    if (named := reader.resource(configuration)) is not None:
        public = named.get("AssociatePublicIpAddress")
        return {
            "SecurityGroupIds": named.get("SecurityGroups"),
            "NetworkInterfaces": [] if public is None else [{"AssociatePublicIpAddress": public}],
        }
    if said is None and configuration is None:
        return None
    return Unknown(f"the launch template of {resource.id} is not in the templates")


def _listed(
    reader: Reader, places: Places, resource: Resource, said: dict[str, Value], device: str
) -> Interface | None:
    """An interface that an instance says of itself."""
    subnet = str(reader.id(said.get("SubnetId")) or reader.id(resource.get("SubnetId")))
    groups, unknown = reader.ids(said.get("GroupSet") if said.get("GroupSet") is not None else said.get("Groups"))
    made = places.put(
        id=str(resource.id) if device == _PRIMARY else f"{resource.id}/{device}",
        owner=str(resource.id),
        kind=InterfaceKind.INSTANCE,
        subnet=subnet,
        groups=groups,
        unknown_groups=unknown,
    )
    if made is None or said.get("NetworkInterfaceId") is not None:
        return None
    public = said.get("AssociatePublicIpAddress")
    launched = places.launched_public(reader, subnet, [public]) if device == _PRIMARY else False
    made = replace(
        made,
        has_public_ipv4=launched,
        checks_source=reader.boolean(resource.get("SourceDestCheck"), default=True),
        is_primary=device == _PRIMARY,
    )
    return places.addressed(made, said)


def devices_of(listed: Sequence[dict[str, Value]]) -> list[str] | None:
    """The device indexes of an instance's interfaces; none if nobody knows which one is the first.

    An instance has one with index 0: if only one is not known, it is that one, or certainly another one.
    """
    said = [str(index) if each.get("DeviceIndex") is None else each["DeviceIndex"] for index, each in enumerate(listed)]
    known = [str(each) for each in said if isinstance(each, str | int)]
    if _PRIMARY in known:
        return [str(each) if isinstance(each, str | int) else f"#{index}" for index, each in enumerate(said)]
    if len(said) - len(known) > 1:
        return None
    return [str(each) if isinstance(each, str | int) else _PRIMARY for each in said]


def attach(reader: Reader, found: dict[str, Interface]) -> None:
    """Interfaces of their own that instances have: they are the instances', too."""
    pairs = [  # instances have their first interface from the start
        (reader.id(each.get("InstanceId")), reader.id(each.get("NetworkInterfaceId")), "")
        for each in reader.of_type("AWS::EC2::NetworkInterfaceAttachment")
    ]
    for resource in reader.of_type(_INSTANCE):
        listed = list(mappings(resource.get("NetworkInterfaces")))
        for said, device in zip(listed, devices_of(listed) or [], strict=False):
            pairs.append((str(resource.id), reader.id(said.get("NetworkInterfaceId")), device))
    for instance, interface, device in pairs:
        if isinstance(instance, str) and isinstance(interface, str) and interface in found:
            attached = found[interface]
            found[interface] = replace(attached, owners=(*attached.owners, instance), is_primary=device == _PRIMARY)


def give_addresses(reader: Reader, found: dict[str, Interface]) -> None:
    """Elastic IP addresses: those of an instance are its primary interface's."""
    for resource in reader.of_type("AWS::EC2::EIP", "AWS::EC2::EIPAssociation"):
        for name in ("NetworkInterfaceId", "InstanceId"):
            match reader.id(resource.get(name)):
                case Unknown() as unknown:
                    _may_have_address(found, resource, unknown)
                case str() as owner:
                    owned = [each for each in found.values() if owner in each.owners]
                    for interface in [each for each in owned if each.is_primary or each.id == owner][:1]:
                        found[interface.id] = replace(interface, has_public_ipv4=True)


def _may_have_address(found: dict[str, Interface], resource: Resource, unknown: Unknown) -> None:
    """An Elastic IP address of nobody knows whom may be anybody's."""
    for interface in found.values():
        if interface.has_public_ipv4 is False and interface.kind in _OWNING:
            doubt = Unknown(f"{resource.id} may be its public address: {unknown.reason}")
            found[interface.id] = replace(interface, has_public_ipv4=doubt)
