"""Which resource a value names."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.arns import ARNS, Place, arn_of, identifier_of, written_out
from constructs_lattice.templates.nearest import did_you_mean, likely
from constructs_lattice.templates.values import Reference, ResourceId, String, Text, Value, joined

if TYPE_CHECKING:
    from constructs_lattice.templates.estate import Resource

__all__ = ["Names", "spelled"]

_IDENTIFYING = {"", "Arn", "Id", "AllocationId", "EndpointId", "GroupId", "GroupName", "PublicIp", "ServiceId"}
"""Attributes that stand for the resource itself, whatever its type is; `FirewallArn` of a firewall does so, too."""

_PARTS = ("EndpointIds.", "NetworkInterfaceIds.")
"""Lists whose items are parts of the resource: `EndpointIds.eu-west-1a` is an endpoint of the firewall."""

_ENDINGS = ("Arn", "FullName", "Id", "Name")


class Names:
    """The resources by what they are called. Made when it is first asked for something."""

    def __init__(self) -> None:
        self._physical: dict[String, list[ResourceId]] | None = None
        self._spoken: dict[str, ResourceId] | None = None

    def identify(
        self, resources: Mapping[ResourceId, "Resource"], value: Value, types: tuple[str, ...]
    ) -> "Resource | None":
        """The resource that a value names, if it is one of them, and of one of the types if there are any."""
        if isinstance(value, Reference):
            found = resources.get(value.resource)
            named = [found] if found and _identifies(found.type, value.attribute) else []
        elif isinstance(value, str | Text):
            if self._physical is None:
                self._physical = _physical(resources)
            named = [resources[each] for each in self._physical.get(spelled(resources, value), ())]
        else:
            named = []
        fitting = [each for each in named if not types or each.type in types]
        return fitting[0] if len(fitting) == 1 else None

    def find(self, resources: Mapping[ResourceId, "Resource"], name: str) -> "Resource":
        """The resource with this name, `Stack.LogicalId` or a construct path."""
        if self._spoken is None:
            self._spoken = {}
            for resource in resources.values():
                for each in _spoken_names(resource):
                    self._spoken.setdefault(each, resource.id)
        if name not in self._spoken:
            short = [each for each in self._spoken if each.endswith((f".{name}", f"/{name}"))]
            meant = did_you_mean(name, self._spoken, 3) or likely(short[:3])
            raise TemplateError(f"there is no resource {name!r}{meant}")
        return resources[self._spoken[name]]


def spelled(resources: Mapping[ResourceId, "Resource"], text: String) -> String:
    """A text in which all ARNs are written out as far as the templates say, and each identifier in one way."""
    match text:
        case Reference():
            resource = resources.get(text.resource)
            if resource is None:
                return text
            return written_out(text, resource.type, resource.declared.get, _place(resource))
        case Text():
            return joined(spelled(resources, part) for part in text.parts)
        case _:
            return text


def _identifies(type: str, attribute: str) -> bool:
    short = type.rpartition("::")[2].lower()
    return (
        attribute in _IDENTIFYING
        or attribute.startswith(_PARTS)
        or any(attribute.lower() == f"{short}{ending}".lower() for ending in _ENDINGS)
    )


def _physical(resources: Mapping[ResourceId, "Resource"]) -> dict[String, list[ResourceId]]:
    """The resources by the names that the templates give them, and by their ARNs."""
    found: dict[String, list[ResourceId]] = {}
    for resource in resources.values():
        for name in dict.fromkeys([*_physical_names(resource), *_arns(resource)]):
            if name is not None:
                found.setdefault(name, []).append(resource.id)
    return found


def _physical_names(resource: "Resource") -> Iterator[String]:
    short = resource.type.rpartition("::")[2]
    for property_ in ("Name", f"{short}Name", "GroupName"):
        name = resource.declared.get(property_)
        if isinstance(name, str):
            yield name


def _arns(resource: "Resource") -> Iterator["String | None"]:
    """The ARN, and what identifies the resource within it."""
    if resource.type in ARNS:
        yield arn_of(resource.id, resource.type, resource.declared.get, _place(resource))
        yield identifier_of(resource.id, resource.type, resource.declared.get)


def _place(resource: "Resource") -> Place:
    return Place(resource.deployment.region, resource.deployment.account)


def _spoken_names(resource: "Resource") -> Iterator[str]:
    """The names under which a user asks for a resource."""
    yield str(resource.id)
    if resource.path:
        yield resource.path
        construct, _, last = resource.path.rpartition("/")
        if last in {"Resource", "Default"}:
            yield construct
