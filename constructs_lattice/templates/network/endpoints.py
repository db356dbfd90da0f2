"""Reading VPC endpoints, endpoint services, firewalls, and what lets the internet in by ways of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from constructs_lattice.model.network import EntryPoint, PublicAccessBlock
from constructs_lattice.model.services import EndpointKind, EndpointService, Firewall, VpcEndpoint
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, Subnet
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.reader import Reader, at_path, items, mappings, reference_in, within
from constructs_lattice.templates.network.routing import service_of
from constructs_lattice.templates.values import Value

__all__ = [
    "read_endpoint_services",
    "read_endpoints",
    "read_entry_points",
    "read_exclusions",
    "read_firewalls",
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


def read_firewalls(reader: Reader) -> dict[str, Firewall]:
    """Network Firewalls, with what is known of what they let through."""
    found = {}
    for resource in reader.of_type("AWS::NetworkFirewall::Firewall"):
        subnets, _ = reader.ids([each.get("SubnetId") for each in mappings(resource.get("SubnetMappings"))])
        found[str(resource.id)] = Firewall(
            id=str(resource.id),
            vpc=str(reader.id(resource.get("VpcId"))),
            subnets=subnets,
            transit_gateway=str(reader.id(resource.get("TransitGatewayId")) or ""),
            passes=_passes(reader, resource),
        )
    for resource in reader.of_type("AWS::NetworkFirewall::VpcEndpointAssociation"):
        firewall = reader.resource(resource.get("FirewallArn"))
        subnet = reader.id(within(resource.get("SubnetMapping"), "SubnetId"))
        passes = _passes(reader, firewall) if firewall else Unknown("the firewall is not in the templates")
        found[str(resource.id)] = Firewall(
            id=str(resource.id),
            vpc=str(reader.id(resource.get("VpcId"))),
            subnets=(subnet,) if isinstance(subnet, str) else (),
            passes=passes,
        )
    return found


def _passes(reader: Reader, firewall: Resource) -> bool | Unknown:
    """FW-2: whether a firewall's policy passes or drops everything; rules of its own make that unknown.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html
    """
    named = reader.resource(firewall.get("FirewallPolicyArn"))
    policy = None if named is None else named.get("FirewallPolicy")
    if not isinstance(policy, dict):
        return Unknown(f"the policy of {firewall.id} is not in the templates")
    stateless = [str(each) for each in items(policy.get("StatelessDefaultActions"))]
    if policy.get("StatelessRuleGroupReferences"):
        return Unknown(f"the stateless rules of {firewall.id} are not modelled")
    if "aws:pass" in stateless or "aws:drop" in stateless:
        return "aws:pass" in stateless
    return _passes_stateful(firewall, policy)


def _passes_stateful(firewall: Resource, policy: dict[str, Value]) -> bool | Unknown:
    if policy.get("StatefulRuleGroupReferences"):
        return Unknown(f"the stateful rules of {firewall.id} are not modelled")
    defaults = [str(each) for each in items(policy.get("StatefulDefaultActions"))]
    is_strict = within(policy, "StatefulEngineOptions", "RuleOrder") == "STRICT_ORDER"
    if not is_strict or not defaults:
        return True
    if "aws:drop_strict" in defaults:
        return False
    return Unknown(f"which packets {firewall.id} drops depends on what they carry")


def read_entry_points(reader: Reader, subnets: Mapping[str, Subnet]) -> tuple[EntryPoint, ...]:
    """LB-10: what is reached from elsewhere by ways that no route tells."""
    return tuple(
        EntryPoint(id=str(resource.id), what=what, targets=tuple(_targets(reader, resource, paths, subnets)))
        for type_, (what, paths) in _ENTRIES.items()
        for resource in reader.of_type(type_)
    )


def _targets(
    reader: Reader, resource: Resource, paths: Iterable[tuple[str, ...]], subnets: Mapping[str, Subnet]
) -> dict[str, None]:
    """What an entry point leads to; of a subnet, to its VPC."""
    named = (reader.id(each) for path in paths for each in at_path(dict(resource.properties), path))
    ids = [each for each in named if isinstance(each, str)]
    return dict.fromkeys(subnets[each].vpc if each in subnets else each for each in ids)


_ENTRIES: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "AWS::GlobalAccelerator::EndpointGroup": (
        "an accelerator of Global Accelerator",
        (("EndpointConfigurations", "EndpointId"),),
    ),
    "AWS::CloudFront::VpcOrigin": ("a VPC origin of CloudFront", (("VpcOriginEndpointConfig", "Arn"),)),
    "AWS::EC2::VerifiedAccessEndpoint": (
        "an endpoint of Verified Access",
        (("LoadBalancerOptions", "LoadBalancerArn"), ("NetworkInterfaceOptions", "NetworkInterfaceId")),
    ),
    "AWS::EC2::InstanceConnectEndpoint": ("an EC2 Instance Connect Endpoint", (("SubnetId",),)),
    "AWS::EC2::ClientVpnTargetNetworkAssociation": ("a Client VPN endpoint", (("SubnetId",),)),
    "AWS::ApiGateway::VpcLink": ("a VPC link of API Gateway", (("TargetArns",),)),
    "AWS::ApiGatewayV2::VpcLink": ("a VPC link of API Gateway", (("SubnetIds",),)),
}


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
    """What Block Public Access leaves out: `True` in both directions, `False` outbound only."""
    found: dict[str, bool | Unknown] = {}
    for resource in reader.of_type("AWS::EC2::VPCBlockPublicAccessExclusion"):
        mode = reader.text(resource, "InternetGatewayExclusionMode")
        for name in ("VpcId", "SubnetId"):
            if isinstance(id_ := reader.id(resource.get(name)), str):
                found[id_] = mode if isinstance(mode, Unknown) else mode == "allow-bidirectional"
    return found
