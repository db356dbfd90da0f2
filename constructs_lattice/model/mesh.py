"""VPC Lattice at the network layer: which VPCs, services and targets are connected, whoever is authorized.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/how-it-works.html
"""

from dataclasses import dataclass

from constructs_lattice.model.unknown import Unknown

__all__ = ["MeshAssociation", "MeshListener", "MeshService"]


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
