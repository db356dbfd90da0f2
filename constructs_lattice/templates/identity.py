"""Which resource a value names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.values import Reference, ResourceId, Value

if TYPE_CHECKING:
    from constructs_lattice.templates.estate import Resource

__all__ = ["Names"]

_IDENTIFYING = {"", "Arn", "Id", "AllocationId", "EndpointId", "GroupId", "GroupName", "PublicIp", "ServiceId"}
"""Attributes that stand for the resource itself, whatever its type is; `FirewallArn` of a firewall does so, too."""

_PARTS = ("EndpointIds.", "NetworkInterfaceIds.")
"""Lists whose items are parts of the resource: `EndpointIds.0` is an endpoint of the firewall."""

_ENDINGS = ("Arn", "FullName", "Id", "Name")


class Names:
    """The resources by what they are called. Made when it is first asked for something."""

    def __init__(self) -> None:
        self._physical: dict[str, list[ResourceId]] | None = None
        self._spoken: dict[str, ResourceId] | None = None

    def identify(self, resources: Mapping[ResourceId, "Resource"], value: Value) -> "Resource | None":
        """The resource that a value names, if it is one of them."""
        if isinstance(value, Reference):
            found = resources.get(value.resource)
            return found if found and _identifies(found.type, value.attribute) else None
        if isinstance(value, str):
            if self._physical is None:
                self._physical = {}
                for resource in resources.values():
                    for name in _physical_names(resource):
                        self._physical.setdefault(name, []).append(resource.id)
            ids = self._physical.get(value, [])
            return resources[ids[0]] if len(ids) == 1 else None
        return None

    def find(self, resources: Mapping[ResourceId, "Resource"], name: str) -> "Resource":
        """The resource with this name, `Stack.LogicalId` or a construct path."""
        if self._spoken is None:
            self._spoken = {}
            for resource in resources.values():
                for each in _spoken_names(resource):
                    self._spoken.setdefault(each, resource.id)
        if name not in self._spoken:
            raise TemplateError(f"there is no resource {name!r}{_nearest(name, self._spoken)}")
        return resources[self._spoken[name]]


def _identifies(type: str, attribute: str) -> bool:
    short = type.rpartition("::")[2].lower()
    return (
        attribute in _IDENTIFYING
        or attribute.startswith(_PARTS)
        or any(attribute.lower() == f"{short}{ending}".lower() for ending in _ENDINGS)
    )


def _physical_names(resource: "Resource") -> Iterator[str]:
    """The names that the template gives to a resource."""
    short = resource.type.rpartition("::")[2]
    for property_ in ("Name", f"{short}Name", "GroupName"):
        name = resource.declared.get(property_)
        if isinstance(name, str):
            yield name


def _spoken_names(resource: "Resource") -> Iterator[str]:
    """The names under which a user asks for a resource."""
    yield str(resource.id)
    if resource.path:
        yield resource.path
        construct, _, last = resource.path.rpartition("/")
        if last in {"Resource", "Default"}:
            yield construct


def _nearest(name: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - for messages only

    near = get_close_matches(name, list(names), n=3)
    return f", did you mean {' or '.join(repr(each) for each in near)}?" if near else ""
