"""Which VPCs of the templates routes may lead to from another: by peering, a Transit Gateway or a core network.

Whether they do is a question for reachability.
"""

from collections.abc import Iterator

from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.symbols import Symbols
from constructs_lattice.templates.values import Text, Value

__all__ = ["neighbours_of"]

_VPC = "AWS::EC2::VPC"
_PEERING = "AWS::EC2::VPCPeeringConnection"
_HUBS = {
    "AWS::EC2::TransitGatewayAttachment": "TransitGatewayId",
    "AWS::EC2::TransitGatewayVpcAttachment": "TransitGatewayId",
    "AWS::NetworkManager::VpcAttachment": "CoreNetworkId",
}
"""What attaches a VPC to something in the middle, and the property that says to what."""

_BETWEEN_HUBS = {
    "AWS::EC2::TransitGatewayPeeringAttachment": ("TransitGatewayId", "PeerTransitGatewayId"),
    "AWS::NetworkManager::TransitGatewayPeering": ("TransitGatewayArn", "CoreNetworkId"),
}


def neighbours_of(estate: Estate, symbols: Symbols, vpc: Resource) -> list[str]:
    """The names of the VPCs, without the VPC itself."""
    found = {str(each.id) for each in (*_peers(estate, vpc), *_behind_hubs(estate, symbols, vpc))}
    return sorted(found - {str(vpc.id)})


def _peers(estate: Estate, vpc: Resource) -> Iterator[Resource]:
    for each in estate.of_type(_PEERING):
        ends = [estate.identify(each.declared.get(name)) for name in ("VpcId", "PeerVpcId")]
        if vpc in ends:
            yield from (end for end in ends if end is not None and end.type == _VPC)


def _behind_hubs(estate: Estate, symbols: Symbols, vpc: Resource) -> Iterator[Resource]:
    attached = [
        (_hub(estate, symbols, each.declared.get(property_)), estate.identify(_vpc_of(each)))
        for kind, property_ in _HUBS.items()
        for each in estate.of_type(kind)
    ]
    reached = {hub for hub, end in attached if end is vpc}
    links = [
        {_hub(estate, symbols, each.declared.get(name)) for name in names}
        for kind, names in _BETWEEN_HUBS.items()
        for each in estate.of_type(kind)
    ]
    while grown := [link for link in links if link & reached and not link <= reached]:
        reached |= set().union(*grown)
    yield from (end for hub, end in attached if hub in reached and end is not None and end.type == _VPC)


def _hub(estate: Estate, symbols: Symbols, value: Value) -> str:
    """One name for a hub, however it is referred to."""
    found = estate.identify(value)
    return str(found.id) if found else str(symbols.text(value))


def _vpc_of(attachment: Resource) -> Value:
    """The VPC of an attachment: by its id, or by its ARN, which ends with the id."""
    value = attachment.declared.get("VpcId", attachment.declared.get("VpcArn"))
    return value.parts[-1] if isinstance(value, Text) else value
