"""VPC Lattice: service networks, services and how they route, and what connects clients.

Things refer to each other by identifiers, an ARN or an id, as the templates do. Which of them are the same is a
question for `constructs_lattice.authorization`: some are only known after the deployment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from constructs_lattice.model.policies import Identity, Json, Tags
from constructs_lattice.model.symbolic import SymbolicText
from constructs_lattice.model.unknown import Unknown

__all__ = [
    "Action",
    "AuthPolicy",
    "AuthType",
    "Client",
    "Endpoint",
    "FixedResponse",
    "Forward",
    "HeaderMatch",
    "HttpMatch",
    "InboundGroup",
    "InboundRule",
    "Lattice",
    "Listener",
    "ListenerProtocol",
    "Named",
    "PathMatch",
    "Rule",
    "Service",
    "ServiceAssociation",
    "ServiceNetwork",
    "StringMatch",
    "StringMatchKind",
    "VpcAssociation",
    "WeightedTargetGroup",
]

_T = TypeVar("_T")


class AuthType(StrEnum):
    """Whether callers are asked who they are."""

    NONE = "NONE"
    AWS_IAM = "AWS_IAM"


class ListenerProtocol(StrEnum):
    """What a listener speaks."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"
    TLS_PASSTHROUGH = "TLS_PASSTHROUGH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What has an ARN and an id, by either of which others refer to it. `doubt` is why it may not exist at all."""

    id: str
    arn: SymbolicText
    physical_id: SymbolicText
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNetwork(Named):
    """A service network."""

    account: SymbolicText
    auth_type: AuthType | Unknown = AuthType.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedTargetGroup:
    """A target group, by the name of its resource or by its identifier, and its share of the requests."""

    target_group: str
    weight: int | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """Requests are distributed to target groups by weight."""

    target_groups: tuple[WeightedTargetGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedResponse:
    """Requests are answered with a status code."""

    status_code: int


Action: TypeAlias = Forward | FixedResponse | Unknown


class StringMatchKind(StrEnum):
    """How a string is compared."""

    EXACT = "Exact"
    PREFIX = "Prefix"
    CONTAINS = "Contains"


@dataclass(frozen=True, slots=True, kw_only=True)
class StringMatch:
    """A string that a path or a header is compared with."""

    kind: StringMatchKind
    text: SymbolicText


@dataclass(frozen=True, slots=True, kw_only=True)
class PathMatch:
    """A condition on the path. Case sensitivity that is not stated is None: the documentation is of two minds."""

    match: StringMatch | Unknown
    case_sensitive: bool | Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderMatch:
    """A condition on a header, whose name has no case."""

    name: SymbolicText
    match: StringMatch | Unknown
    case_sensitive: bool | Unknown = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMatch:
    """The conditions of a rule: all of them have to be met."""

    method: SymbolicText | None = None
    path: PathMatch | None = None
    headers: tuple[HeaderMatch, ...] = ()
    doubts: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of a listener. With a doubt, nobody knows whether it exists, or where it belongs."""

    id: str
    priority: int | Unknown
    match: HttpMatch
    action: Action
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A listener with its rules, in no particular order."""

    id: str
    protocol: ListenerProtocol | Unknown
    port: int | Unknown
    default_action: Action
    rules: tuple[Rule, ...] = ()
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Named):
    """A service with its listeners."""

    account: SymbolicText
    region: SymbolicText
    auth_type: AuthType | Unknown = AuthType.NONE
    tags: Tags = field(default_factory=Tags)
    listeners: tuple[Listener, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthPolicy:
    """The auth policy of a service network or a service, whichever the identifier is of."""

    id: str
    resource: SymbolicText
    document: Json
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAssociation:
    """Puts a service into a service network."""

    id: str
    service: SymbolicText
    network: SymbolicText
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcAssociation:
    """Lets the clients of a VPC into a service network. Without security groups there is no filter."""

    id: str
    vpc: SymbolicText
    network: SymbolicText
    groups: tuple[SymbolicText, ...] | Unknown = ()
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A VPC endpoint of the type service network."""

    id: str
    vpc: SymbolicText
    network: SymbolicText
    groups: tuple[SymbolicText, ...] | Unknown
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRule:
    """A rule of a security group that lets TCP in. `source` is a block, a security group or a prefix list."""

    id: str
    ports: tuple[int, int] | Unknown
    source: IPv4Network | IPv6Network | SymbolicText
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundGroup:
    """What a security group lets in. `doubts` are what may let in more. `vpc` is where its members are."""

    id: str
    physical_id: SymbolicText
    vpc: SymbolicText
    rules: tuple[InboundRule, ...] = ()
    doubts: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A VPC in which clients are.

    `peers` are the blocks of the VPCs that are peered with it, one tuple for each. `neighbours` are the VPCs of the
    templates that routes may lead to: by peering, a Transit Gateway or a core network.
    """

    id: str
    physical_id: SymbolicText
    account: SymbolicText
    blocks: tuple[IPv4Network | IPv6Network, ...] = ()
    doubts: tuple[Unknown, ...] = ()
    peers: tuple[tuple[IPv4Network | IPv6Network, ...], ...] = ()
    neighbours: tuple[SymbolicText, ...] = ()


def _nothing() -> Mapping[str, _T]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """Everything of VPC Lattice in an estate, by the names of the resources; and who may call.

    `prefix_lists` are the blocks of those that the templates define, by identifier.
    """

    networks: Mapping[str, ServiceNetwork] = field(default_factory=_nothing)
    services: Mapping[str, Service] = field(default_factory=_nothing)
    service_associations: tuple[ServiceAssociation, ...] = ()
    vpc_associations: tuple[VpcAssociation, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    auth_policies: tuple[AuthPolicy, ...] = ()
    clients: Mapping[str, Client] = field(default_factory=_nothing)
    groups: tuple[InboundGroup, ...] = ()
    prefix_lists: tuple[tuple[SymbolicText, tuple[IPv4Network | IPv6Network, ...]], ...] = ()
    identities: Mapping[str, Identity] = field(default_factory=_nothing)
    assumptions: tuple[str, ...] = ()
