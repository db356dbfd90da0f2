"""Values that others give at the deployment: what custom resources answer, and parameters hold, no template says."""

from __future__ import annotations

from dataclasses import replace

from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.values import Reference, ResourceId, Text, Value, joined

__all__ = ["with_unknown_values"]

_GIVING = ("Custom::", "AWS::CloudFormation::", "AWS::SSM::")
"""How types begin that say nothing of a network themselves."""


def with_unknown_values(estate: Estate) -> Estate:
    """The estate; attributes of what is no part of a network are unknown, and no longer references."""
    giving = {id_ for id_, each in estate.resources.items() if each.type.startswith(_GIVING)}
    if not giving:
        return estate
    return replace(estate, resources={id_: _without(each, giving) for id_, each in estate.resources.items()})


def _without(resource: Resource, giving: set[ResourceId]) -> Resource:
    said = dict(resource.properties)
    judged = {name: _judged(value, giving) for name, value in said.items()}
    return resource if judged == said else replace(resource, properties=judged)


def _judged(value: Value, giving: set[ResourceId]) -> Value:
    match value:
        case Reference(resource=resource) if resource in giving:
            return Unknown(f"{value} is known at the deployment only", symbol=str(value))
        case Text(parts=parts) if any(isinstance(each, Reference) and each.resource in giving for each in parts):
            found = (_judged(each, giving) for each in parts)
            return joined(each for each in found if isinstance(each, str | Reference | Unknown))
        case list():
            return [_judged(each, giving) for each in value]
        case dict():
            return {name: _judged(each, giving) for name, each in value.items()}
        case _:
            return value
