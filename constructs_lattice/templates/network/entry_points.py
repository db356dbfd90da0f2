"""Reading what lets others in by ways that no route tells, and what nobody has heard of.

LB-10: accelerators, origins of CloudFront, links of API Gateway and their like lead to load balancers and interfaces
that are private otherwise. A type of resource that is not known here may do anything to the VPCs that it refers to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from constructs_lattice.model.network import EntryPoint, Outside
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Subnet
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.reader import Reader, at_path
from constructs_lattice.templates.network.types import is_strange
from constructs_lattice.templates.values import referred

__all__ = ["read_entry_points"]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a type of resource is in words, where it says to what it leads, and from where."""

    what: str
    paths: tuple[tuple[str, ...], ...]
    source: Outside = Outside.INTERNET


_ENTRIES = {
    "AWS::GlobalAccelerator::EndpointGroup": _Entry(
        "an accelerator of Global Accelerator", (("EndpointConfigurations", "EndpointId"),)
    ),
    "AWS::CloudFront::VpcOrigin": _Entry("a VPC origin of CloudFront", (("VpcOriginEndpointConfig", "Arn"),)),
    "AWS::EC2::VerifiedAccessEndpoint": _Entry(
        "an endpoint of Verified Access",
        (("LoadBalancerOptions", "LoadBalancerArn"), ("NetworkInterfaceOptions", "NetworkInterfaceId")),
    ),
    "AWS::EC2::InstanceConnectEndpoint": _Entry("an EC2 Instance Connect Endpoint", (("SubnetId",),)),
    "AWS::EC2::ClientVpnTargetNetworkAssociation": _Entry("a Client VPN endpoint", (("SubnetId",),), Outside.ANYWHERE),
    "AWS::EC2::ClientVpnEndpoint": _Entry(
        "a Client VPN endpoint", (("TransitGatewayConfiguration", "TransitGatewayId"),), Outside.ANYWHERE
    ),
    "AWS::EC2::CarrierGateway": _Entry("a carrier gateway", (("VpcId",),)),
    "AWS::EC2::IpPoolRouteTableAssociation": _Entry("a pool of public addresses", (("RouteTableId",),)),
    "AWS::EC2::LocalGatewayRouteTableVPCAssociation": _Entry(
        "a local gateway of an Outpost", (("VpcId",),), Outside.SITE
    ),
    "AWS::NetworkManager::VpcAttachment": _Entry("a core network of Cloud WAN", (("VpcArn",),), Outside.SITE),
    "AWS::ApiGateway::VpcLink": _Entry("a VPC link of API Gateway", (("TargetArns",),)),
    "AWS::ApiGatewayV2::VpcLink": _Entry("a VPC link of API Gateway", (("SubnetIds",),)),
}


def read_entry_points(reader: Reader, subnets: Mapping[str, Subnet]) -> tuple[EntryPoint, ...]:
    """What is reached from elsewhere by ways that no route tells."""
    found: list[EntryPoint] = []
    for type_, entry in _ENTRIES.items():
        for resource in reader.of_type(type_):
            named = [reader.id(each) for path in entry.paths for each in at_path(dict(resource.properties), path)]
            ids = [each for each in named if isinstance(each, str)]
            doubt = next((each for each in named if isinstance(each, Unknown)), None)
            if ids or doubt is not None:
                targets = tuple(_targets(reader, ids, subnets))
                found.append(
                    EntryPoint(id=str(resource.id), what=entry.what, targets=targets, source=entry.source, doubt=doubt)
                )
    return (*found, *_clusters(reader), *_strangers(reader, subnets))


def _targets(reader: Reader, ids: list[str], subnets: Mapping[str, Subnet]) -> dict[str, None]:
    """What ids lead to: of a subnet or a route table, its VPC; of an Elastic IP address, who has it."""
    found: dict[str, None] = {}
    addresses = {str(each.id): each for each in reader.of_type("AWS::EC2::EIP")}
    tables = {str(each.id): str(reader.id(each.get("VpcId"))) for each in reader.of_type("AWS::EC2::RouteTable")}
    for id_ in ids:
        if id_ in addresses:
            found |= dict.fromkeys(_owners(reader, addresses[id_]))
        found[subnets[id_].vpc if id_ in subnets else tables.get(id_, id_)] = None
    return found


def _owners(reader: Reader, address: Resource) -> Iterator[str]:
    """Who has an Elastic IP address."""
    associated = [
        each
        for each in reader.of_type("AWS::EC2::EIPAssociation")
        if str(address.id) in (reader.id(each.get("AllocationId")), reader.id(each.get("EIP")))
    ]
    for each in (address, *associated):
        owners = (reader.id(each.get(name)) for name in ("InstanceId", "NetworkInterfaceId"))
        yield from (owner for owner in owners if isinstance(owner, str))


def _clusters(reader: Reader) -> Iterator[EntryPoint]:
    """Clusters of EKS, whose endpoint is public unless that is switched off."""
    for resource in reader.of_type("AWS::EKS::Cluster"):
        said = [*at_path(dict(resource.properties), ("ResourcesVpcConfig", "EndpointPublicAccess"))]
        if reader.boolean(said[0] if said else None, default=True) is not False:
            yield EntryPoint(id=str(resource.id), what="the public endpoint of a cluster", targets=(str(resource.id),))


def _strangers(reader: Reader, subnets: Mapping[str, Subnet]) -> Iterator[EntryPoint]:
    """Resources of networks of a type that is not known here, or that keeps traffic back."""
    for resource in reader.estate.resources.values():
        if is_strange(resource.type):
            what = f"a resource of type {resource.type}, which is not known here,"
        elif resource.type == "AWS::EC2::VPCEncryptionControl" and resource.get("Mode") != "monitor":
            what = "VPC Encryption Control, which keeps traffic back that is not encrypted,"
        else:
            continue
        ids = [str(each) for each in referred(dict(resource.properties))]
        owners = [vpc for each in ids if (vpc := _vpc_of(reader, each)) is not None]
        yield EntryPoint(
            id=str(resource.id),
            what=what,
            targets=tuple(_targets(reader, [*ids, *owners], subnets)),
            source=Outside.ANYWHERE,
            may_block=True,
        )


def _vpc_of(reader: Reader, id: str) -> str | None:
    named = next((each for each in reader.estate.resources.values() if str(each.id) == id), None)
    vpc = None if named is None else reader.id(named.get("VpcId"))
    return vpc if isinstance(vpc, str) else None
