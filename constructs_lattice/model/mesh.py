"""VPC Lattice at the network layer: which VPCs, services and targets are connected, whoever is authorized.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/how-it-works.html
"""

from dataclasses import dataclass

from constructs_lattice.model.ranges import Ranges
from constructs_lattice.model.unknown import Unknown

__all__ = ["MeshAssociation", "MeshListener", "MeshResource", "MeshService"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshAssociation:
    """A VPC that is associated with a service network. `groups` is empty where nothing is filtered.

    `doubts` say why it may be another VPC or another network.
    """

    id: str
    vpc: str
    service_network: str
    groups: tuple[str, ...] = ()
    unknown_groups: tuple[Unknown, ...] = ()
    doubts: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshListener:
    """A listener, and all target groups that its default action and its rules forward to."""

    id: str
    port: int | Unknown
    groups: tuple[str, ...] = ()
    doubts: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshService:
    """A service, the service networks that it is in, and its listeners; `doubts` say why it may be in others."""

    id: str
    service_networks: tuple[str, ...] = ()
    listeners: tuple[MeshListener, ...] = ()
    doubts: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshResource:
    """A resource configuration: what is behind a resource gateway, and the ports on which it may be connected to.

    `owner` has the interfaces that are meant, or is a load balancer; else there is an `address`. A group has `children`
    instead. `ports` are those of TCP. `doubts` say why it may be in other service networks.
    """

    id: str
    gateway: str | Unknown
    ports: Ranges | Unknown
    owner: str | Unknown = ""
    address: str = ""
    is_group: bool = False
    children: tuple[str, ...] = ()
    unknown_children: tuple[Unknown, ...] = ()
    service_networks: tuple[str, ...] = ()
    doubts: tuple[Unknown, ...] = ()
