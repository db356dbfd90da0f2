"""Reading load balancers: listeners, target groups, and who is registered with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from constructs_lattice.model.services import (
    LoadBalancer,
    LoadBalancerKind,
    LoadBalancerListener,
    Target,
    TargetGroup,
)
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, Subnet
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.classic import CLASSIC, classic_groups, classic_listeners
from constructs_lattice.templates.network.reader import Reader, items, mappings, unknown_items, within
from constructs_lattice.templates.values import Reference, Value

__all__ = ["read_load_balancers", "read_target", "read_target_groups"]

_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_LISTENER, _RULE = "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule"
_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
_ADDRESS_SIGNS = (".", ":")
_ADDRESSES = ("PrivateIp", "PrimaryPrivateIpAddress", "PrimaryIpv6Address")
"""Attributes that are the address of the primary interface."""


def read_load_balancers(
    reader: Reader, interfaces: Mapping[str, Interface], subnets: Mapping[str, Subnet]
) -> dict[str, LoadBalancer]:
    """Application, network, gateway and Classic Load Balancers."""
    listeners, unplaced = _listeners(reader)
    found = {}
    for resource in reader.of_type(_BALANCER, CLASSIC):
        id_ = str(resource.id)
        own = tuple(each for each in interfaces.values() if id_ in each.owners)
        kind = _kind(reader, resource)
        scheme = reader.text(resource, "Scheme", "internet-facing")
        cross = _attribute(resource.get("LoadBalancerAttributes"), "load_balancing.cross_zone.enabled")
        cross = resource.get("CrossZone") if cross is None else cross
        enforces = resource.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
        missing = Unknown(f"the subnets of {id_} are not in the templates")
        found[id_] = LoadBalancer(
            id=id_,
            kind=kind,
            vpc=subnets[own[0].subnet].vpc if own else "",
            is_internet_facing=scheme if isinstance(scheme, Unknown) else scheme == "internet-facing",
            interfaces=tuple(each.id for each in own),
            listeners=classic_listeners(reader, resource)
            if kind is LoadBalancerKind.CLASSIC
            else (*listeners[id_], *unplaced),
            enforces_on_private_link=enforces if isinstance(enforces, Unknown) else str(enforces or "on") != "off",
            is_cross_zone=reader.boolean(cross, default=kind is LoadBalancerKind.APPLICATION),
            doubts=(*([] if own else [missing]), *(doubt for each in own[:1] for doubt in each.doubts)),
        )
    return found


def _kind(reader: Reader, resource: Resource) -> LoadBalancerKind | Unknown:
    if resource.type == CLASSIC:
        return LoadBalancerKind.CLASSIC
    type_ = reader.text(resource, "Type", "application")
    if isinstance(type_, Unknown):
        return type_
    known = set(LoadBalancerKind)
    return LoadBalancerKind(type_) if type_ in known else Unknown(f"load balancers of type {type_} are not modelled")


def _attribute(value: Value, name: str) -> Value:
    """An attribute by its name; unknown, if one that nobody knows may be it."""
    listed = [(within(each, "Key"), within(each, "Value")) for each in items(value)]
    said = next((each for key, each in listed if key == name), None)
    return said if said is not None else next((key for key, _ in listed if isinstance(key, Unknown)), None)


def _listeners(reader: Reader) -> tuple[dict[str, list[LoadBalancerListener]], list[LoadBalancerListener]]:
    """Listeners by their load balancer, with the groups of all their actions: LB-6; and those of nobody knows which."""
    ruled: dict[str, list[Value]] = defaultdict(list)
    for resource in reader.of_type(_RULE):
        match reader.id(resource.get("ListenerArn")):
            case str() as listener:
                ruled[listener] += list(items(resource.get("Actions")))
            case Unknown(reason=reason):
                ruled[""].append(Unknown(f"{resource.id} may be for this listener: {reason}"))
    found: dict[str, list[LoadBalancerListener]] = defaultdict(list)
    unplaced: list[LoadBalancerListener] = []
    for resource in reader.of_type(_LISTENER):
        actions = [*items(resource.get("DefaultActions")), *ruled[str(resource.id)], *ruled[""]]
        groups, unknown = reader.ids(list(_forwarded(actions)))
        made = LoadBalancerListener(
            id=str(resource.id),
            port=reader.integer(f"{resource.where}: {resource.id}", resource.get("Port"), 0),
            protocol=reader.text(resource, "Protocol"),
            groups=groups,
            doubts=(*unknown, *unknown_items(actions)),
        )
        match reader.id(resource.get("LoadBalancerArn")):
            case str() as balancer:
                found[balancer].append(made)
            case Unknown(reason=reason):
                text = Unknown(f"{resource.id} may be a listener of this load balancer: {reason}")
                unplaced.append(replace(made, port=text, protocol=text))
    return found, unplaced


def _forwarded(actions: list[Value]) -> Iterator[Value]:
    for action in actions:
        if (one := within(action, "TargetGroupArn")) is not None:
            yield one
        for each in items(within(action, "ForwardConfig", "TargetGroups")):
            yield within(each, "TargetGroupArn")


def read_target_groups(reader: Reader) -> dict[str, TargetGroup]:
    """Target groups with all that are registered: by the group itself, by ECS and by Auto Scaling."""
    registered = _registered(reader)
    found = {}
    for resource in reader.of_type(_GROUP):
        id_, where = str(resource.id), f"{resource.where}: {resource.id}"
        said_type = reader.text(resource, "TargetType", "instance")
        type_ = str(said_type)
        protocol = reader.text(resource, "Protocol", "HTTP")
        port = reader.integer(where, resource.get("Port"), 0)
        attributes = resource.get("TargetGroupAttributes")
        type_of_address = reader.text(resource, "IpAddressType", "ipv4")
        cross = _attribute(attributes, "load_balancing.cross_zone.enabled")
        said = [read_target(reader, where, each, port) for each in mappings(resource.get("Targets"))]
        found[id_] = TargetGroup(
            id=id_,
            type=type_,
            version=type_of_address if isinstance(type_of_address, Unknown) else 6 if type_of_address == "ipv6" else 4,
            protocol=protocol,
            port=port,
            vpc=str(reader.id(resource.get("VpcId")) or ""),
            targets=(*said, *(_on_port(each, port) for each in registered[id_])),
            preserves_client_ip=_keeps(reader, said_type, protocol, attributes),
            is_cross_zone=None
            if cross in (None, "use_load_balancer_configuration")
            else reader.boolean(cross, default=True),
            health_check_port=_health_port(reader, where, resource),
            checks_health=reader.boolean(resource.get("HealthCheckEnabled"), default=type_ != "lambda"),
            health_check_protocol=str(reader.text(resource, "HealthCheckProtocol", "")),
            doubts=tuple(unknown_items(resource.get("Targets"))),
        )
    return found | classic_groups(reader)


def _keeps(reader: Reader, type_: str | Unknown, protocol: str | Unknown, attributes: Value) -> bool | Unknown:
    """LB-4: whether targets see the addresses of clients."""
    if type_ == "alb" or protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC"):
        return True
    for each in (type_, protocol):
        if isinstance(each, Unknown):
            return each
    return reader.boolean(_attribute(attributes, "preserve_client_ip.enabled"), default=type_ == "instance")


def _health_port(reader: Reader, where: str, resource: Resource) -> int | Unknown | None:
    value = resource.get("HealthCheckPort")
    return None if value in (None, "traffic-port") else reader.integer(where, value, 0)


def read_target(reader: Reader, where: str, said: dict[str, Value], port: int | Unknown) -> Target:
    """One registered target; the port of its group where it has none of its own."""
    own, named = said.get("Port"), said.get("Id")
    number = port if own is None else reader.integer(where, own, 0)
    if isinstance(named, Reference) and named.attribute in _ADDRESSES:
        return Target(owner=str(named.resource), port=number)
    match reader.id(named):
        case str() as id_ if any(sign in id_ for sign in _ADDRESS_SIGNS) and reader.resource(named) is None:
            return Target(address=id_, port=number)
        case str() as id_:
            return Target(owner=id_, port=number)
        case Unknown() as unknown:
            return Target(port=number, doubt=unknown)
        case _:
            return Target(port=number, doubt=Unknown("a target is not named"))


def _on_port(target: Target, port: int | Unknown) -> Target:
    return Target(owner=target.owner, port=target.port or port, doubt=target.doubt)


def _registered(reader: Reader) -> dict[str, list[Target]]:
    """Those that register themselves; 0 is the port of the group."""
    found: dict[str, list[Target]] = defaultdict(list)
    for resource in reader.of_type("AWS::ECS::Service"):
        for each in mappings(resource.get("LoadBalancers")):
            group = reader.id(each.get("TargetGroupArn"))
            if isinstance(group, str):
                port = reader.integer(f"{resource.where}: {resource.id}", each.get("ContainerPort"), 0)
                found[group].append(Target(owner=str(resource.id), port=port))
            alternate = reader.id(within(each, "AdvancedConfiguration", "AlternateTargetGroupArn"))
            if isinstance(alternate, str):
                port = reader.integer(f"{resource.where}: {resource.id}", each.get("ContainerPort"), 0)
                found[alternate].append(Target(owner=str(resource.id), port=port))
    for resource in reader.of_type("AWS::AutoScaling::AutoScalingGroup"):
        for item in items(resource.get("TargetGroupARNs")):
            if isinstance(group := reader.id(item), str):
                found[group].append(Target(owner=str(resource.id)))
        for source in mappings(resource.get("TrafficSources")):
            if isinstance(group := reader.id(source.get("Identifier")), str):
                found[group].append(Target(owner=str(resource.id)))
    return found
