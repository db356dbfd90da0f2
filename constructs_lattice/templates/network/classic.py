"""Reading Classic Load Balancers: their listeners, and the instances behind them.

https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/introduction.html
"""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lattice.model.services import LoadBalancerListener, Target, TargetGroup
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.reader import Reader, items, mappings, unknown_items
from constructs_lattice.templates.values import Value

__all__ = ["CLASSIC", "classic_groups", "classic_listeners"]

CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"


def classic_listeners(reader: Reader, resource: Resource) -> tuple[LoadBalancerListener, ...]:
    """The listeners of one; each has all its instances behind it, on one port."""
    said = resource.get("Listeners")
    found = [
        LoadBalancerListener(
            id=str(resource.id),
            port=_port(reader, resource, each.get("LoadBalancerPort")),
            protocol="TCP",
            groups=(_group(resource, each),),
        )
        for each in mappings(said)
    ]
    unknown = [LoadBalancerListener(id=str(resource.id), port=each, protocol="TCP") for each in unknown_items(said)]
    return (*found, *unknown)


def classic_groups(reader: Reader) -> dict[str, TargetGroup]:
    """The instances of each, as a target group for each port."""
    found = {}
    for resource in reader.of_type(CLASSIC):
        for each in mappings(resource.get("Listeners")):
            port = _port(reader, resource, each.get("InstancePort"))
            id_ = _group(resource, each)
            found[id_] = TargetGroup(
                id=id_, type="instance", protocol="TCP", port=port, targets=tuple(_targets(reader, resource, port))
            )
    return found


def _group(resource: Resource, listener: dict[str, Value]) -> str:
    return f"{resource.id}/{listener.get('InstancePort')}"


def _port(reader: Reader, resource: Resource, value: Value) -> int | Unknown:
    return reader.integer(f"{resource.where}: {resource.id}", value, 0)


def _targets(reader: Reader, resource: Resource, port: int | Unknown) -> Iterator[Target]:
    """The instances that it names, and the groups of them that name it."""
    known, unknown = reader.ids(resource.get("Instances"))
    yield from (Target(owner=each, port=port) for each in known)
    yield from (Target(port=port, doubt=each) for each in unknown)
    for group in reader.of_type("AWS::AutoScaling::AutoScalingGroup"):
        for item in items(group.get("LoadBalancerNames")):
            if reader.id(item) == str(resource.id):
                yield Target(owner=str(group.id), port=port)
