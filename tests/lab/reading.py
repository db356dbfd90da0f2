"""The lab's own reading of a template. It knows what the generator writes, and nothing of the analyser.

Rules as AWS documents them; docs/concepts/evidence.md lists the pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from tests.lab.facts import (
    ALL,
    EVERYTHING,
    AclEntry,
    Attachment,
    Facts,
    GroupRule,
    Nat,
    Port,
    Route,
    Subnet,
    TransitRoute,
)

__all__ = ["read"]

Properties = Mapping[str, Any]


def read(template: Mapping[str, Any]) -> Facts:
    """What a template says."""
    return _Reading(template).facts


class _Reading:
    def __init__(self, template: Mapping[str, Any]) -> None:
        self._resources: Mapping[str, Any] = template["Resources"]
        self.facts = Facts()
        self._vpcs()
        self._subnets()
        self._acls()
        self._groups()
        self._lists = {
            id_: [IPv4Network(each["Cidr"]) for each in said["Entries"]]
            for id_, said in self._of("AWS::EC2::PrefixList")
        }
        self._group_rules()
        self._hosts()
        self._gateways()
        self._routes()
        self._transit()

    def _of(self, *types: str) -> Iterator[tuple[str, Properties]]:
        for id_, resource in self._resources.items():
            if resource["Type"] in types:
                yield id_, resource.get("Properties", {})

    def _vpcs(self) -> None:
        for id_, said in self._of("AWS::EC2::VPC"):
            self.facts.vpcs[id_] = [IPv4Network(said["CidrBlock"])]
        for _, said in self._of("AWS::EC2::VPCCidrBlock"):
            self.facts.vpcs[_name(said["VpcId"])].append(IPv4Network(said["CidrBlock"]))

    def _subnets(self) -> None:
        tables = {
            _name(said["SubnetId"]): _name(said["RouteTableId"])
            for _, said in self._of("AWS::EC2::SubnetRouteTableAssociation")
        }
        acls = {
            _name(said["SubnetId"]): _name(said["NetworkAclId"])
            for _, said in self._of("AWS::EC2::SubnetNetworkAclAssociation")
        }
        for id_, said in self._of("AWS::EC2::Subnet"):
            vpc = _name(said["VpcId"])
            self.facts.subnets[id_] = Subnet(
                id=id_,
                vpc=vpc,
                zone=_zone(said["AvailabilityZone"]),
                block=IPv4Network(said["CidrBlock"]),
                table=tables.get(id_),
                acl=acls.get(id_, f"{vpc}.DefaultNetworkAcl"),
            )

    def _acls(self) -> None:
        """A custom ACL has the entries that it is given; the default one lets through what these do not decide."""
        found: dict[str, list[AclEntry]] = {id_: [] for id_, _ in self._of("AWS::EC2::NetworkAcl")}
        for vpc in self.facts.vpcs:
            found[f"{vpc}.DefaultNetworkAcl"] = [
                AclEntry(number=100, is_egress=way, is_allow=True, protocol=ALL, block=EVERYTHING, ports=None)
                for way in (False, True)
            ]
        for _, said in self._of("AWS::EC2::NetworkAclEntry"):
            protocol = int(said["Protocol"])
            found[_name(said["NetworkAclId"])].append(
                AclEntry(
                    number=int(said["RuleNumber"]),
                    is_egress=_truth(said.get("Egress", False)),
                    is_allow=said["RuleAction"] == "allow",
                    protocol=protocol,
                    block=IPv4Network(said["CidrBlock"]),
                    ports=_acl_ports(protocol, said),
                )
            )
        self.facts.acls = {id_: sorted(entries, key=lambda each: each.number) for id_, entries in found.items()}

    def _groups(self) -> None:
        for id_, said in self._of("AWS::EC2::SecurityGroup"):
            self.facts.group_vpcs[id_] = _name(said["VpcId"])
        for vpc in self.facts.vpcs:
            self.facts.group_vpcs[f"{vpc}.DefaultSecurityGroup"] = vpc

    def _group_rules(self) -> None:
        """Without any egress rule, wherever it stands, a group lets everything out."""
        ingress: dict[str, list[GroupRule]] = defaultdict(list)
        egress: dict[str, list[GroupRule]] = defaultdict(list)
        for id_, said in self._of("AWS::EC2::SecurityGroup"):
            ingress[id_] += [self._rule(each, "Source") for each in said.get("SecurityGroupIngress", ())]
            egress[id_] += [self._rule(each, "Destination") for each in said.get("SecurityGroupEgress", ())]
        for _, said in self._of("AWS::EC2::SecurityGroupIngress"):
            ingress[_name(said["GroupId"])].append(self._rule(said, "Source"))
        for _, said in self._of("AWS::EC2::SecurityGroupEgress"):
            egress[_name(said["GroupId"])].append(self._rule(said, "Destination"))
        for vpc in self.facts.vpcs:
            own = f"{vpc}.DefaultSecurityGroup"
            ingress[own].append(GroupRule(protocol=ALL, ports=None, group=own))
        for id_ in self.facts.group_vpcs:
            self.facts.ingress[id_] = ingress[id_]
            self.facts.egress[id_] = egress[id_] or [GroupRule(protocol=ALL, ports=None, blocks=(EVERYTHING,))]

    def _rule(self, said: Properties, side: str) -> GroupRule:
        protocol = _PROTOCOLS.get(said["IpProtocol"]) or int(said["IpProtocol"])
        group, listed = said.get(f"{side}SecurityGroupId"), said.get(f"{side}PrefixListId")
        blocks = tuple(self._lists[_name(listed)]) if listed else ()
        if "CidrIp" in said:
            blocks = (IPv4Network(said["CidrIp"]),)
        return GroupRule(
            protocol=protocol,
            ports=_group_ports(protocol, said),
            blocks=blocks,
            group=_name(group) if group else None,
        )

    def _hosts(self) -> None:
        public = {id_ for id_, said in self._of("AWS::EC2::Subnet") if _truth(said.get("MapPublicIpOnLaunch", False))}
        given = {
            _name(said[key])
            for _, said in self._of("AWS::EC2::EIP", "AWS::EC2::EIPAssociation")
            for key in ("InstanceId", "NetworkInterfaceId")
            if key in said
        }
        for id_, said in self._of("AWS::EC2::Instance"):
            own = said.get("NetworkInterfaces", [{}])[0]
            if "NetworkInterfaceId" in own:
                self.facts.aliases[id_] = _name(own["NetworkInterfaceId"])
                continue
            launched = own.get("AssociatePublicIpAddress")
            subnet = _name(own.get("SubnetId") or said["SubnetId"])
            is_public = subnet in public if launched is None else _truth(launched)
            groups = own.get("GroupSet") or said.get("SecurityGroupIds") or ()
            address = own.get("PrivateIpAddress") or said.get("PrivateIpAddress")
            self._add_host(id_, subnet, address, groups, is_public=is_public or id_ in given)
        owners = {interface: owner for owner, interface in self.facts.aliases.items()}
        for id_, said in self._of("AWS::EC2::NetworkInterface"):
            is_public = not given.isdisjoint({id_, owners.get(id_)})
            self._add_host(
                id_,
                _name(said["SubnetId"]),
                said.get("PrivateIpAddress"),
                said.get("GroupSet", ()),
                is_public=is_public,
            )

    def _add_host(self, id: str, subnet: str, address: str | None, groups: Any, *, is_public: bool) -> None:
        home = self.facts.subnets[subnet]
        own = tuple(_name(each) for each in groups) or (f"{home.vpc}.DefaultSecurityGroup",)
        chosen = IPv4Address(address) if address else home.block[-20 - len(self.facts.ports)]
        self.facts.ports[id] = Port(id=id, subnet=subnet, address=chosen, groups=own, is_public=is_public)

    def _gateways(self) -> None:
        for _, said in self._of("AWS::EC2::VPCGatewayAttachment"):
            self.facts.gateways[_name(said["InternetGatewayId"])] = _name(said["VpcId"])
        for id_, said in self._of("AWS::EC2::NatGateway"):
            subnet = _name(said["SubnetId"])
            self.facts.nats[id_] = Nat(id=id_, subnet=subnet)
            self.facts.ports[id_] = Port(
                id=id_,
                subnet=subnet,
                address=IPv4Address(said["PrivateIpAddress"]),
                groups=(),
                is_public=said.get("ConnectivityType", "public") == "public",
                is_nat=True,
            )
        for id_, said in self._of("AWS::EC2::VPCPeeringConnection"):
            self.facts.peerings[id_] = (_name(said["VpcId"]), _name(said["PeerVpcId"]))

    def _routes(self) -> None:
        self.facts.routes = {id_: [] for id_, _ in self._of("AWS::EC2::RouteTable")}
        for _, said in self._of("AWS::EC2::Route"):
            kind, target = next((kind, said[key]) for key, kind in _TARGETS.items() if key in said)
            listed = said.get("DestinationPrefixListId")
            blocks = self._lists[_name(listed)] if listed else [IPv4Network(said["DestinationCidrBlock"])]
            self.facts.routes[_name(said["RouteTableId"])] += [
                Route(block=block, kind=kind, target=_name(target), is_listed=listed is not None) for block in blocks
            ]

    def _transit(self) -> None:
        """Unless a gateway says otherwise, its attachments share the default table, in both ways."""
        settings = dict(self._of("AWS::EC2::TransitGateway"))
        said_tables = {
            _name(said["TransitGatewayAttachmentId"]): _name(said["TransitGatewayRouteTableId"])
            for _, said in self._of("AWS::EC2::TransitGatewayRouteTableAssociation")
        }
        propagating: dict[str, list[str]] = defaultdict(list)
        for id_, said in self._of("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment"):
            gateway = _name(said["TransitGatewayId"])
            setting = settings[gateway]
            default = f"{gateway}.default"
            is_associated = setting.get("DefaultRouteTableAssociation", "enable") == "enable"
            if setting.get("DefaultRouteTablePropagation", "enable") == "enable":
                propagating[default].append(id_)
            key = "SecurityGroupReferencingSupport"
            said_so = (setting.get(key, "disable"), said.get("Options", {}).get(key, "disable"))
            self.facts.attachments[id_] = Attachment(
                id=id_,
                gateway=gateway,
                vpc=_name(said["VpcId"]),
                subnets=tuple(_name(each) for each in said["SubnetIds"]),
                table=said_tables.get(id_, default if is_associated else None),
                keeps_groups=said_so == ("enable", "enable"),
            )
        for _, said in self._of("AWS::EC2::TransitGatewayRouteTablePropagation"):
            attachment = _name(said["TransitGatewayAttachmentId"])
            propagating[_name(said["TransitGatewayRouteTableId"])].append(attachment)
        static: dict[str, list[TransitRoute]] = defaultdict(list)
        for _, said in self._of("AWS::EC2::TransitGatewayRoute"):
            target = None if _truth(said.get("Blackhole", False)) else _name(said["TransitGatewayAttachmentId"])
            static[_name(said["TransitGatewayRouteTableId"])].append(
                TransitRoute(block=IPv4Network(said["DestinationCidrBlock"]), attachment=target)
            )
        self.facts.transit_routes, self.facts.propagating = dict(static), dict(propagating)


_PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1}

_TARGETS = {
    "GatewayId": "internet",
    "NatGatewayId": "nat",
    "VpcPeeringConnectionId": "peering",
    "TransitGatewayId": "transit",
    "InstanceId": "host",
    "NetworkInterfaceId": "host",
}


def _name(value: Any) -> str:
    """What a reference names. Most attributes stand for the resource itself."""
    match value:
        case {"Ref": str(id_)}:
            return id_
        case {"Fn::GetAtt": [str(id_), "DefaultSecurityGroup" | "DefaultNetworkAcl" as part]}:
            return f"{id_}.{part}"
        case {"Fn::GetAtt": [str(id_), _]}:
            return id_
        case _:
            raise ValueError(f"{value!r} is no reference that the lab knows")


def _zone(value: Any) -> str:
    match value:
        case str():
            return value
        case {"Fn::Select": [index, {"Fn::GetAZs": _}]}:
            return f"zone {index}"
        case _:
            raise ValueError(f"{value!r} is no zone that the lab knows")


def _truth(value: Any) -> bool:
    return str(value).lower() == "true"


def _acl_ports(protocol: int, said: Properties) -> tuple[int, int] | None:
    if protocol == 1:
        type_ = int(said["Icmp"]["Type"])
        return None if type_ == ALL else (type_, type_)
    if protocol == ALL or "PortRange" not in said:
        return None
    return int(said["PortRange"]["From"]), int(said["PortRange"]["To"])


def _group_ports(protocol: int, said: Properties) -> tuple[int, int] | None:
    """With all protocols, ports do not count."""
    if protocol == ALL or int(said.get("FromPort", ALL)) == ALL:
        return None
    first = int(said["FromPort"])
    return (first, first) if protocol == 1 else (first, int(said["ToPort"]))
