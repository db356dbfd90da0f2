"""A template in the making: chance, and what is there already."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any, TypeVar

__all__ = ["Draft", "DraftSubnet", "DraftVpc", "attribute", "ref"]

_T = TypeVar("_T")


def ref(id: str) -> dict[str, str]:
    """A reference to a resource."""
    return {"Ref": id}


def attribute(id: str, name: str) -> dict[str, list[str]]:
    """An attribute of a resource."""
    return {"Fn::GetAtt": [id, name]}


@dataclass(kw_only=True)
class DraftSubnet:
    """A subnet, and the addresses that are taken in it."""

    id: str
    zone: int
    block: IPv4Network
    taken: list[IPv4Address] = field(default_factory=list)


@dataclass(kw_only=True)
class DraftVpc:
    """A VPC, and what is in it."""

    id: str
    blocks: list[IPv4Network]
    subnets: list[DraftSubnet] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    nats: list[str] = field(default_factory=list)
    nat_subnets: list[DraftSubnet] = field(default_factory=list)
    gateway: str | None = None

    def overlaps(self, other: DraftVpc) -> bool:
        """Whether they have an address in common."""
        return any(one.overlaps(theirs) for one in self.blocks for theirs in other.blocks)


class Draft:
    """Resources, and a source of chance that gives the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same networks every time, no secrets
        self.resources: dict[str, Any] = {}
        self.vpcs: list[DraftVpc] = []
        self.peerings: list[tuple[str, DraftVpc, DraftVpc]] = []
        self.transits: dict[str, list[DraftVpc]] = {}
        self.prefix_lists: list[tuple[str, list[IPv4Network]]] = []
        self.has_single_addresses = self.happens(0.8)
        self.names_zones = self.happens(0.8)
        self.zones_to_choose = 2  # attachments that packets may enter in more than one zone: each doubles the worlds
        self._counts: dict[str, int] = {}

    def happens(self, probability: float) -> bool:
        """Whether something happens."""
        return self.chance.random() < probability

    def pick(self, options: Sequence[_T]) -> _T:
        """One of them."""
        return self.chance.choice(options)

    def weigh(self, options: Mapping[_T, float]) -> _T:
        """One of them, some more often."""
        return self.chance.choices(list(options), list(options.values()))[0]

    def some(self, options: Sequence[_T], most: int) -> list[_T]:
        """Up to so many of them."""
        return self.chance.sample(options, self.chance.randint(0, min(most, len(options))))

    def add(self, name: str, type: str, **properties: Any) -> str:
        """A resource, numbered by its name; its id."""
        number = self._counts[name] = self._counts.get(name, 0) + 1
        id_ = f"{name}{number}"
        self.resources[id_] = {"Type": f"AWS::EC2::{type}", "Properties": properties}
        return id_

    def change(self, id: str, **properties: Any) -> None:
        """More properties of a resource."""
        self.resources[id]["Properties"].update(properties)

    def address_in(self, subnet: DraftSubnet) -> IPv4Address:
        """An address that is free. Low ones, so that overlapping VPCs have hosts with the same."""
        free = (subnet.block[number] for number in range(4, 250))
        address = next(each for each in free if each not in subnet.taken)
        subnet.taken.append(address)
        return address

    def group(self, id: str) -> Any:
        """A reference to a security group, in either way; to a VPC's default one by the VPC's id."""
        if id in {vpc.id for vpc in self.vpcs}:
            return attribute(id, "DefaultSecurityGroup")
        return ref(id) if self.happens(0.5) else attribute(id, "GroupId")

    def zone(self, number: int) -> Any:
        """An Availability Zone: by name, or by its place in the account's list."""
        if self.names_zones:
            return f"eu-west-1{'abc'[number]}"
        return {"Fn::Select": [number, {"Fn::GetAZs": ""}]}

    def template(self) -> dict[str, Any]:
        """The template."""
        return {"Resources": self.resources}
