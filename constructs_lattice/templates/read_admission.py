"""What lets clients into service networks: VPCs, the inbound rules of security groups, prefix lists.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
"""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from constructs_lattice.model.lattice import Client, InboundGroup, InboundRule
from constructs_lattice.model.symbolic import SymbolicText
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.neighbours import neighbours_of
from constructs_lattice.templates.symbols import Symbols, unknown_of
from constructs_lattice.templates.values import Value

__all__ = ["read_clients", "read_groups", "read_prefix_lists"]

_ALL_PORTS = (0, 65_535)
_TCP = frozenset({"tcp", "6", "-1"})
_OTHER_PROTOCOLS = frozenset({"udp", "icmp", "icmpv6", "17", "1", "58"})
_Blocks = tuple[IPv4Network | IPv6Network, ...]


def read_clients(estate: Estate, symbols: Symbols) -> dict[str, Client]:
    """The VPCs, by the names of their resources; those outside of the templates that are connected, by their ids."""
    return {**_elsewhere(estate, symbols), **_clients(estate, symbols)}


def _elsewhere(estate: Estate, symbols: Symbols) -> dict[str, Client]:
    """The VPCs that associations and endpoints name by their ids. Only the owner of a VPC can associate it."""
    found: dict[str, Client] = {}
    for type_, property_ in (
        ("AWS::EC2::VPCEndpoint", "VpcId"),
        ("AWS::VpcLattice::ServiceNetworkVpcAssociation", "VpcIdentifier"),
    ):
        for each in estate.of_type(type_):
            vpc = symbols.text(each.declared.get(property_))
            if isinstance(vpc, str) and vpc.startswith("vpc-"):
                is_owner = type_ != "AWS::EC2::VPCEndpoint"
                unowned = Unknown(f"the templates do not say whose {vpc} is")
                found[vpc] = Client(
                    id=vpc,
                    physical_id=vpc,
                    account=symbols.account(each.deployment) if is_owner else unowned,
                    doubts=(Unknown(f"the templates do not have the addresses of {vpc}"),),
                )
    return found


def _clients(estate: Estate, symbols: Symbols) -> dict[str, Client]:
    vpcs = {str(each.id): each for each in estate.of_type("AWS::EC2::VPC")}
    blocks = {name: _blocks_of(estate, symbols, vpc) for name, vpc in vpcs.items()}
    return {
        name: Client(
            id=name,
            physical_id=symbols.id_of(vpc),
            account=symbols.account(vpc.deployment),
            blocks=blocks[name][0],
            doubts=blocks[name][1],
            peers=tuple(blocks[peer][0] for peer in _peers(estate, vpc)),
            neighbours=tuple(symbols.id_of(vpcs[each]) for each in neighbours_of(estate, symbols, vpc)),
        )
        for name, vpc in vpcs.items()
    }


def _blocks_of(estate: Estate, symbols: Symbols, vpc: Resource) -> tuple[_Blocks, tuple[Unknown, ...]]:
    found: list[IPv4Network | IPv6Network] = []
    doubts: list[Unknown] = []
    values = [vpc.declared.get("CidrBlock")]
    for each in estate.of_type("AWS::EC2::VPCCidrBlock"):
        if estate.identify(each.declared.get("VpcId")) is vpc:
            values += [each.declared.get("CidrBlock"), each.declared.get("Ipv6CidrBlock")]
            doubts += [unknown_of(each.doubt)] if each.doubt else []
    for value in values:
        block = None if value is None else _block(symbols, value)
        if isinstance(block, Unknown):
            doubts.append(block)
        elif block is not None:
            found.append(block)
    return tuple(found), tuple(doubts)


def _peers(estate: Estate, vpc: Resource) -> list[str]:
    """The VPCs of the templates that are peered with one; none if it is also peered with another."""
    found: list[str] = []
    for each in estate.of_type("AWS::EC2::VPCPeeringConnection"):
        ends = [estate.identify(each.declared.get(name)) for name in ("VpcId", "PeerVpcId")]
        if vpc in ends:
            others = [end for end in ends if end is not vpc]
            if len(others) != 1 or others[0] is None or others[0].type != "AWS::EC2::VPC" or each.doubt:
                return []
            found.append(str(others[0].id))
    return found


def _block(symbols: Symbols, value: Value) -> IPv4Network | IPv6Network | Unknown:
    text = symbols.text(value)
    if not isinstance(text, str):
        return text if isinstance(text, Unknown) else Unknown(f"only the deployment shows which block {text} is")
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return Unknown(f"{text!r} is not a block")


def read_prefix_lists(estate: Estate, symbols: Symbols) -> tuple[tuple[SymbolicText, _Blocks], ...]:
    """The prefix lists whose entries are all known."""
    found = []
    for each in estate.of_type("AWS::EC2::PrefixList"):
        entries = each.declared.get("Entries") or []
        blocks = [
            _block(symbols, entry.get("Cidr")) if isinstance(entry, dict) else Unknown("it is not known")
            for entry in (entries if isinstance(entries, list) else [entries])
        ]
        known = tuple(block for block in blocks if not isinstance(block, Unknown))
        if len(known) == len(blocks) and each.doubt is None:
            found.append((symbols.id_of(each), known))
    return tuple(found)


def read_groups(estate: Estate, symbols: Symbols) -> tuple[InboundGroup, ...]:
    """The security groups, the default ones of the VPCs included."""
    return tuple(_groups(estate, symbols))


def _groups(estate: Estate, symbols: Symbols) -> Iterator[InboundGroup]:
    standalone = [
        (symbols.text(each.declared.get("GroupId")), each) for each in estate.of_type("AWS::EC2::SecurityGroupIngress")
    ]
    groups = [
        (str(each.id), symbols.id_of(each), symbols.text(each.declared.get("VpcId")), each)
        for each in estate.of_type("AWS::EC2::SecurityGroup")
    ]
    defaults = [
        (f"the default security group of {each.id}", symbols.default_group_of(each), symbols.id_of(each), None)
        for each in estate.of_type("AWS::EC2::VPC")
    ]
    for name, physical_id, vpc, resource in (*groups, *defaults):
        rules: list[InboundRule] = []
        doubts = [text for text, _ in standalone if isinstance(text, Unknown)]
        if resource is None:
            # Members of a default group reach each other, until somebody changes that.
            rules.append(InboundRule(id=name, ports=_ALL_PORTS, source=physical_id))
        else:
            doubts += [unknown_of(resource.doubt)] if resource.doubt else []
            inline = resource.declared.get("SecurityGroupIngress") or []
            for index, content in enumerate(inline if isinstance(inline, list) else [inline]):
                rules += _rule(symbols, f"rule {index} of {name}", content, None)
        for group, each in standalone:
            if group == physical_id:
                doubt = unknown_of(each.doubt) if each.doubt else None
                rules += _rule(symbols, str(each.id), dict(each.declared), doubt)
        yield InboundGroup(id=name, physical_id=physical_id, vpc=vpc, rules=tuple(rules), doubts=tuple(doubts))


def _rule(symbols: Symbols, name: str, content: Value, doubt: Unknown | None) -> Iterator[InboundRule]:
    """A rule, if it may be about TCP."""
    if not isinstance(content, dict):
        yield InboundRule(id=name, ports=_ALL_PORTS, source=symbols.text(content), doubt=doubt)
        return
    protocol = symbols.text(content.get("IpProtocol"))
    if isinstance(protocol, str):
        lowered = protocol.lower()
        if lowered in _OTHER_PROTOCOLS:
            return
        if lowered not in _TCP:
            doubt = doubt or Unknown(f"{name} has the protocol {protocol}")
    else:
        doubt = doubt or (protocol if isinstance(protocol, Unknown) else Unknown(f"{name} has an unknown protocol"))
    yield InboundRule(id=name, ports=_ports(symbols, protocol, content), source=_source(symbols, content), doubt=doubt)


def _ports(symbols: Symbols, protocol: SymbolicText, content: dict[str, Value]) -> tuple[int, int] | Unknown:
    if protocol == "-1":
        return _ALL_PORTS
    ends = [symbols.text(content.get(name)) for name in ("FromPort", "ToPort")]
    numbers = [int(end) for end in ends if isinstance(end, str) and end.isdecimal()]
    if len(numbers) == len(ends):
        return numbers[0], numbers[1]
    return next((end for end in ends if isinstance(end, Unknown)), Unknown(f"its ports are {ends[0]} to {ends[1]}"))


def _source(symbols: Symbols, content: dict[str, Value]) -> IPv4Network | IPv6Network | SymbolicText:
    for name in ("CidrIp", "CidrIpv6"):
        if (value := content.get(name)) is not None:
            return _block(symbols, value)
    for name in ("SourceSecurityGroupId", "SourcePrefixListId", "SourceSecurityGroupName"):
        if (value := content.get(name)) is not None:
            return symbols.text(value)
    return Unknown("it does not say who is let in")
