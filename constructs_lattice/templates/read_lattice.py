"""VPC Lattice out of an estate.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_VpcLattice.html
"""

from collections.abc import Iterator

from constructs_lattice.model.lattice import (
    AuthPolicy,
    AuthType,
    Endpoint,
    Lattice,
    Service,
    ServiceAssociation,
    ServiceNetwork,
    VpcAssociation,
)
from constructs_lattice.model.symbolic import SymbolicText
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.read_admission import read_clients, read_groups, read_prefix_lists
from constructs_lattice.templates.read_identities import read_identities, read_tags
from constructs_lattice.templates.read_listeners import ListenerReader
from constructs_lattice.templates.symbols import Symbols, unknown_of
from constructs_lattice.templates.values import Value

__all__ = ["read_lattice"]

_SERVICE_NETWORK_ENDPOINT = "ServiceNetwork"


def read_lattice(estate: Estate) -> Lattice:
    """Everything of VPC Lattice, and who may call."""
    symbols = Symbols(estate)
    listeners = ListenerReader(estate, symbols)
    return Lattice(
        networks={str(each.id): _network(symbols, each) for each in estate.of_type("AWS::VpcLattice::ServiceNetwork")},
        services={
            str(each.id): _service(symbols, each, listeners) for each in estate.of_type("AWS::VpcLattice::Service")
        },
        service_associations=tuple(
            ServiceAssociation(
                id=str(each.id),
                service=symbols.text(each.declared.get("ServiceIdentifier")),
                network=symbols.text(each.declared.get("ServiceNetworkIdentifier")),
                doubt=_doubt(each),
            )
            for each in estate.of_type("AWS::VpcLattice::ServiceNetworkServiceAssociation")
        ),
        vpc_associations=tuple(
            VpcAssociation(
                id=str(each.id),
                vpc=symbols.text(each.declared.get("VpcIdentifier")),
                network=symbols.text(each.declared.get("ServiceNetworkIdentifier")),
                groups=_groups(symbols, each.declared.get("SecurityGroupIds")),
                doubt=_doubt(each),
            )
            for each in estate.of_type("AWS::VpcLattice::ServiceNetworkVpcAssociation")
        ),
        endpoints=tuple(_endpoints(estate, symbols)),
        auth_policies=tuple(
            AuthPolicy(
                id=str(each.id),
                resource=symbols.text(each.declared.get("ResourceIdentifier")),
                document=symbols.json(each.declared.get("Policy")),
                doubt=_doubt(each),
            )
            for each in estate.of_type("AWS::VpcLattice::AuthPolicy")
        ),
        clients=read_clients(estate, symbols),
        groups=read_groups(estate, symbols),
        prefix_lists=read_prefix_lists(estate, symbols),
        identities=read_identities(estate, symbols),
        assumptions=estate.assumptions,
    )


def _network(symbols: Symbols, resource: Resource) -> ServiceNetwork:
    return ServiceNetwork(
        id=str(resource.id),
        arn=symbols.arn_of(resource),
        physical_id=symbols.id_of(resource),
        account=symbols.account(resource.deployment),
        auth_type=_auth_type(symbols, resource),
        doubt=_doubt(resource),
    )


def _service(symbols: Symbols, resource: Resource, listeners: ListenerReader) -> Service:
    return Service(
        id=str(resource.id),
        arn=symbols.arn_of(resource),
        physical_id=symbols.id_of(resource),
        account=symbols.account(resource.deployment),
        region=symbols.region(resource.deployment),
        auth_type=_auth_type(symbols, resource),
        tags=read_tags(symbols, resource.declared.get("Tags")),
        listeners=tuple(listeners.of_service(resource)),
        doubt=_doubt(resource),
    )


def _auth_type(symbols: Symbols, resource: Resource) -> AuthType | Unknown:
    text = symbols.text(resource.declared.get("AuthType", AuthType.NONE.value))
    if text in (AuthType.NONE.value, AuthType.AWS_IAM.value):
        return AuthType(str(text))
    return text if isinstance(text, Unknown) else Unknown(f"the auth type of {resource.id} is {text}")


def _groups(symbols: Symbols, value: Value) -> tuple[SymbolicText, ...] | Unknown:
    if value is None:
        return ()
    if not isinstance(value, list):
        text = symbols.text(value)
        return text if isinstance(text, Unknown) else (text,)
    return tuple(symbols.text(each) for each in value)


def _endpoints(estate: Estate, symbols: Symbols) -> Iterator[Endpoint]:
    for each in estate.of_type("AWS::EC2::VPCEndpoint"):
        kind = symbols.text(each.declared.get("VpcEndpointType", "Gateway"))
        if isinstance(kind, str) and kind != _SERVICE_NETWORK_ENDPOINT:
            continue
        groups = _groups(symbols, each.declared.get("SecurityGroupIds"))
        if groups == ():
            vpc = estate.identify(each.declared.get("VpcId"))
            has_vpc = vpc is not None and vpc.type == "AWS::EC2::VPC"
            groups = (
                (symbols.default_group_of(vpc),)
                if vpc is not None and has_vpc
                else Unknown(f"{each.id} has the default security group of a VPC that is not in the templates")
            )
        yield Endpoint(
            id=str(each.id),
            vpc=symbols.text(each.declared.get("VpcId")),
            network=symbols.text(each.declared.get("ServiceNetworkArn")),
            groups=groups,
            doubt=_doubt(each) or (kind if isinstance(kind, Unknown) else None),
        )


def _doubt(resource: Resource) -> Unknown | None:
    return unknown_of(resource.doubt) if resource.doubt else None
