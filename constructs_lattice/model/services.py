"""What takes connections for others: load balancers, VPC endpoints, firewalls."""

from dataclasses import dataclass
from enum import StrEnum

from constructs_lattice.model.unknown import Unknown

__all__ = [
    "EndpointKind",
    "EndpointService",
    "LoadBalancer",
    "LoadBalancerKind",
    "LoadBalancerListener",
    "Target",
    "TargetGroup",
    "VpcEndpoint",
]


class LoadBalancerKind(StrEnum):
    """The types of load balancers."""

    APPLICATION = "application"
    NETWORK = "network"
    GATEWAY = "gateway"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancerListener:
    """A listener, and all target groups that its default action and its rules forward to."""

    id: str
    port: int | Unknown
    protocol: str | Unknown
    groups: tuple[str, ...] = ()
    doubts: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    """A load balancer, with an interface in each of its subnets."""

    id: str
    kind: LoadBalancerKind | Unknown
    vpc: str
    is_internet_facing: bool | Unknown
    interfaces: tuple[str, ...]
    listeners: tuple[LoadBalancerListener, ...] = ()
    enforces_on_private_link: bool | Unknown = True
    is_cross_zone: bool | Unknown = True
    doubts: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A registered target: the owner of an interface, an address, or a load balancer; and its port."""

    owner: str = ""
    address: str = ""
    port: int | Unknown = 0
    doubt: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """A target group, and the version of IP that its targets are reached over."""

    id: str
    type: str
    version: int | Unknown = 4
    protocol: str | Unknown
    port: int | Unknown
    vpc: str = ""
    targets: tuple[Target, ...] = ()
    preserves_client_ip: bool | Unknown = False
    is_cross_zone: bool | Unknown | None = None
    health_check_port: int | Unknown | None = None
    health_check_protocol: str = ""
    checks_health: bool | Unknown = True
    doubts: tuple[Unknown, ...] = ()


class EndpointKind(StrEnum):
    """The types of VPC endpoints."""

    GATEWAY = "Gateway"
    INTERFACE = "Interface"
    GATEWAY_LOAD_BALANCER = "GatewayLoadBalancer"
    RESOURCE = "Resource"
    SERVICE_NETWORK = "ServiceNetwork"
    TUNNEL = "Tunnel"


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcEndpoint:
    """A VPC endpoint. `service` is the endpoint service of the templates, or the name of one outside of them."""

    id: str
    kind: EndpointKind | Unknown
    vpc: str
    service: str | Unknown
    interfaces: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointService:
    """An endpoint service: what PrivateLink offers of a VPC."""

    id: str
    load_balancers: tuple[str, ...]
    doubts: tuple[Unknown, ...] = ()
