"""Reading VPC endpoints, endpoint services, and VPC Block Public Access."""

from __future__ import annotations

from collections.abc import Mapping

from constructs_lattice.model.network import PublicAccessBlock
from constructs_lattice.model.services import EndpointKind, EndpointService, VpcEndpoint
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.reader import Reader, reference_in
from constructs_lattice.templates.network.routing import service_of
from constructs_lattice.templates.values import Value

__all__ = [
    "read_endpoint_services",
    "read_endpoints",
    "read_exclusions",
    "read_public_access_blocks",
]

_ENDPOINT, _SERVICE = "AWS::EC2::VPCEndpoint", "AWS::EC2::VPCEndpointService"


def read_endpoints(reader: Reader, interfaces: Mapping[str, Interface]) -> dict[str, VpcEndpoint]:
    """VPC endpoints of all types."""
    found = {}
    for resource in reader.of_type(_ENDPOINT):
        id_ = str(resource.id)
        type_ = reader.text(resource, "VpcEndpointType", "Gateway")
        subnets, _ = reader.ids(resource.get("SubnetIds"))
        found[id_] = VpcEndpoint(
            id=id_,
            kind=_kind(type_),
            vpc=str(reader.id(resource.get("VpcId"))),
            service=_service(reader, resource),
            interfaces=tuple(each.id for each in interfaces.values() if id_ in each.owners),
            subnets=subnets,
        )
    return found


def _kind(type_: str | Unknown) -> EndpointKind | Unknown:
    """EP-7: a type that nobody has heard of is unknown."""
    if isinstance(type_, Unknown):
        return type_
    return EndpointKind(type_) if type_ in set(EndpointKind) else Unknown(f"endpoints of type {type_} are not modelled")


def _service(reader: Reader, resource: Resource) -> str | Unknown:
    """The endpoint service of the templates, else the short name of the service."""
    for name in ("ServiceNetworkArn", "ResourceConfigurationArn"):
        if (named := reader.id(resource.get(name))) is not None:
            return named
    name_: Value = resource.get("ServiceName")
    referred = reference_in(name_)
    if referred is not None and (made := reader.estate.resources.get(referred)) and made.type == _SERVICE:
        return str(made.id)
    return service_of(name_)


def read_endpoint_services(reader: Reader) -> dict[str, EndpointService]:
    """What is offered by PrivateLink."""
    found = {}
    for resource in reader.of_type(_SERVICE):
        balancers, unknown = reader.ids(resource.get("NetworkLoadBalancerArns"))
        gateways, more = reader.ids(resource.get("GatewayLoadBalancerArns"))
        found[str(resource.id)] = EndpointService(
            id=str(resource.id), load_balancers=(*balancers, *gateways), doubts=(*unknown, *more)
        )
    return found


def read_public_access_blocks(reader: Reader) -> tuple[PublicAccessBlock, ...]:
    """RT-11: VPC Block Public Access, one for an account and a region."""
    found = []
    for resource in reader.of_type("AWS::EC2::VPCBlockPublicAccessOptions"):
        mode = reader.text(resource, "InternetGatewayBlockMode", "off")
        found.append(
            PublicAccessBlock(
                id=str(resource.id),
                blocks_ingress=mode if isinstance(mode, Unknown) else mode != "off",
                blocks_egress=mode if isinstance(mode, Unknown) else mode == "block-bidirectional",
                region=resource.deployment.region,
                account=resource.deployment.account,
            )
        )
    return tuple(found)


def read_exclusions(reader: Reader) -> dict[str, bool | Unknown]:
    """What Block Public Access leaves out: `True` in both directions, `False` outbound only; `""` may be anything."""
    found: dict[str, bool | Unknown] = {}
    for resource in reader.of_type("AWS::EC2::VPCBlockPublicAccessExclusion"):
        mode = reader.text(resource, "InternetGatewayExclusionMode")
        for name in ("VpcId", "SubnetId"):
            match reader.id(resource.get(name)):
                case str() as id_:
                    found[id_] = mode if isinstance(mode, Unknown) else mode == "allow-bidirectional"
                case Unknown(reason=reason):
                    found[""] = Unknown(f"{resource.id} may be for this subnet: {reason}")
    return found
