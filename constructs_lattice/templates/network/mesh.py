"""Reading what VPC Lattice connects."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from constructs_lattice.model.mesh import MeshAssociation, MeshListener, MeshService
from constructs_lattice.model.services import Target, TargetGroup
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.load_balancers import read_target
from constructs_lattice.templates.network.reader import Reader, items, mappings, unknown_items, within
from constructs_lattice.templates.values import Value

__all__ = ["read_mesh_associations", "read_mesh_groups", "read_mesh_services"]

_PORTS = {"HTTP": 80, "HTTPS": 443, "TLS_PASSTHROUGH": 443, "TCP": 443}


def read_mesh_associations(reader: Reader) -> tuple[MeshAssociation, ...]:
    """The VPCs that are associated with service networks."""
    found = []
    for resource in reader.of_type("AWS::VpcLattice::ServiceNetworkVpcAssociation"):
        groups, unknown = reader.ids(resource.get("SecurityGroupIds"))
        vpc, network = (reader.id(resource.get(name)) for name in ("VpcIdentifier", "ServiceNetworkIdentifier"))
        found.append(
            MeshAssociation(
                id=str(resource.id),
                vpc=vpc if isinstance(vpc, str) else "",
                service_network=network if isinstance(network, str) else "",
                doubts=tuple(each for each in (vpc, network) if isinstance(each, Unknown)),
                groups=groups,
                unknown_groups=unknown,
            )
        )
    return tuple(found)


def read_mesh_services(reader: Reader) -> dict[str, MeshService]:
    """The services, with their networks and listeners."""
    networks: dict[str, list[str]] = defaultdict(list)
    doubts: dict[str, list[Unknown]] = defaultdict(list)
    for resource in reader.of_type("AWS::VpcLattice::ServiceNetworkServiceAssociation"):
        service, network = (reader.id(resource.get(name)) for name in ("ServiceIdentifier", "ServiceNetworkIdentifier"))
        if isinstance(service, Unknown):
            doubts[""].append(Unknown(f"{resource.id} may be for this service: {service.reason}"))
        elif isinstance(network, Unknown):
            doubts[str(service)].append(network)
        else:
            networks[str(service)].append(str(network))
    actions: dict[str, list[Value]] = defaultdict(list)
    for resource in reader.of_type("AWS::VpcLattice::Rule"):
        match reader.id(resource.get("ListenerIdentifier")):
            case Unknown(reason=reason):
                actions[""].append(Unknown(f"{resource.id} may be for this listener: {reason}"))
            case listener:
                actions[str(listener)].append(resource.get("Action"))
    listeners: dict[str, list[MeshListener]] = defaultdict(list)
    for resource in reader.of_type("AWS::VpcLattice::Listener"):
        own = [resource.get("DefaultAction"), *actions[str(resource.id)], *actions[""]]
        made = _listener(reader, resource, own)
        match reader.id(resource.get("ServiceIdentifier")):
            case Unknown(reason=reason):
                text = Unknown(f"{resource.id} may be a listener of this service: {reason}")
                listeners[""].append(replace(made, port=text, doubts=(*made.doubts, text)))
            case service:
                listeners[str(service)].append(made)
    return {
        id_: MeshService(
            id=id_,
            service_networks=tuple(networks[id_]),
            listeners=(*listeners[id_], *listeners[""]),
            doubts=(*doubts[id_], *doubts[""]),
        )
        for id_ in (str(each.id) for each in reader.of_type("AWS::VpcLattice::Service"))
    }


def _listener(reader: Reader, resource: Resource, actions: list[Value]) -> MeshListener:
    protocol = str(reader.text(resource, "Protocol", "HTTPS"))
    named = [each for action in actions for each in items(within(action, "Forward", "TargetGroups"))]
    groups, unknown = reader.ids([within(each, "TargetGroupIdentifier") for each in named])
    return MeshListener(
        id=str(resource.id),
        port=reader.integer(f"{resource.where}: {resource.id}", resource.get("Port"), _PORTS.get(protocol, 443)),
        groups=groups,
        doubts=(*unknown, *(each for each in actions if isinstance(each, Unknown))),
    )


def read_mesh_groups(reader: Reader) -> dict[str, TargetGroup]:
    """The target groups of VPC Lattice, with all that are registered: by the group, by ECS and by Auto Scaling."""
    registered = _registered(reader)
    found = {}
    for resource in reader.of_type("AWS::VpcLattice::TargetGroup"):
        id_, where = str(resource.id), f"{resource.where}: {resource.id}"
        config = resource.get("Config")
        protocol = within(config, "Protocol")
        protocol = protocol if isinstance(protocol, str | Unknown) else "HTTP"
        default = _PORTS.get(protocol, 443) if isinstance(protocol, str) else 80
        port = reader.integer(where, within(config, "Port"), default)
        found[id_] = TargetGroup(
            id=id_,
            type=str(reader.text(resource, "Type", "INSTANCE")).lower(),
            protocol=protocol,
            port=port,
            vpc=str(reader.id(within(config, "VpcIdentifier")) or ""),
            targets=(
                *(read_target(reader, where, each, port) for each in mappings(resource.get("Targets"))),
                *(Target(owner=owner, port=port) for owner in registered[id_]),
            ),
            health_check_port=_checked_port(reader, where, within(config, "HealthCheck", "Port")),
            checks_health=_checks_health(reader, config, protocol),
            doubts=tuple(unknown_items(resource.get("Targets"))),
        )
    return found


def _checked_port(reader: Reader, where: str, value: Value) -> int | Unknown | None:
    return None if value is None else reader.integer(where, value, 0)


def _checks_health(reader: Reader, config: Value, protocol: str | Unknown) -> bool | Unknown:
    """Whether targets are checked: those that speak HTTP/1.1 are unless they say otherwise."""
    version = within(config, "ProtocolVersion")
    usual = protocol in ("HTTP", "HTTPS") and version in (None, "HTTP1")
    return reader.boolean(within(config, "HealthCheck", "Enabled"), default=usual)


def _registered(reader: Reader) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for resource in reader.of_type("AWS::ECS::Service"):
        for each in mappings(resource.get("VpcLatticeConfigurations")):
            for value in (
                each.get("TargetGroupArn"),
                within(each, "AdvancedConfiguration", "AlternateTargetGroupArn"),
            ):
                if isinstance(group := reader.id(value), str):
                    found[group].append(str(resource.id))
    for resource in reader.of_type("AWS::AutoScaling::AutoScalingGroup"):
        for source in items(resource.get("TrafficSources")):
            if isinstance(group := reader.id(within(source, "Identifier")), str):
                found[group].append(str(resource.id))
    return found
