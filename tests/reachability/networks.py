"""Small random networks, as templates: what they are made of is drawn, and everything fits together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from constructs_lattice.guarantees import Checker
from constructs_lattice.templates import load

Template = dict[str, Any]

ZONES = ("eu-west-1a", "eu-west-1b")
PORTS = (22, 443)
BLOCKS = ("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/24", "10.0.1.0/24", "10.1.0.0/16", "8.8.8.0/24", "::/0")


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def resource(type: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::EC2::{type}", "Properties": {k: v for k, v in properties.items() if v is not None}}


@st.composite
def networks(draw: st.DrawFn) -> Template:
    """Two VPCs with two subnets each, an instance in each subnet, and what may connect them."""
    resources: dict[str, Any] = {}
    for index in range(2):
        resources |= _vpc(draw, index)
    link = draw(st.sampled_from(["none", "peering", "transit"]))
    if link == "peering":
        resources["Peering"] = resource("VPCPeeringConnection", VpcId=ref("Vpc0"), PeerVpcId=ref("Vpc1"))
    if link == "transit":
        resources |= _transit(draw)
    for index in range(2):
        for place in range(2):
            resources |= _routes(draw, f"{index}{place}", index, link)
    return {"Resources": resources}


def _vpc(draw: st.DrawFn, index: int) -> dict[str, Any]:
    vpc = f"Vpc{index}"
    made = {
        vpc: resource("VPC", CidrBlock=f"10.{index}.0.0/16"),
        f"Gateway{index}": resource("InternetGateway"),
        f"Group{index}": resource("SecurityGroup", GroupDescription="g", VpcId=ref(vpc), **_rules(draw)),
    }
    if draw(st.booleans()):
        made[f"Attached{index}"] = resource(
            "VPCGatewayAttachment", VpcId=ref(vpc), InternetGatewayId=ref(f"Gateway{index}")
        )
    for place in range(2):
        made |= _subnet(draw, vpc, index, place)
    if draw(st.booleans()):
        made |= _acl(draw, vpc, index)
    return made


def _rules(draw: st.DrawFn) -> dict[str, Any]:
    said: dict[str, Any] = {"SecurityGroupIngress": draw(st.lists(_rule(), max_size=3))}
    if draw(st.booleans()):
        said["SecurityGroupEgress"] = draw(st.lists(_rule(), min_size=1, max_size=2))
    return said


@st.composite
def _rule(draw: st.DrawFn) -> dict[str, Any]:
    protocol = draw(st.sampled_from(["tcp", "-1", "udp"]))
    block = draw(st.sampled_from(BLOCKS))
    rule: dict[str, Any] = {"IpProtocol": protocol, ("CidrIpv6" if ":" in block else "CidrIp"): block}
    if protocol != "-1":
        low = draw(st.sampled_from([0, *PORTS]))
        rule |= {"FromPort": low, "ToPort": draw(st.sampled_from([max(low, 443), 65_535]))}
    return rule


def _subnet(draw: st.DrawFn, vpc: str, index: int, place: int) -> dict[str, Any]:
    name = f"{index}{place}"
    return {
        f"Subnet{name}": resource(
            "Subnet",
            VpcId=ref(vpc),
            CidrBlock=f"10.{index}.{place}.0/24",
            AvailabilityZone=draw(st.sampled_from(ZONES)),
            MapPublicIpOnLaunch=draw(st.booleans()),
        ),
        f"Table{name}": resource("RouteTable", VpcId=ref(vpc)),
        f"InTable{name}": resource(
            "SubnetRouteTableAssociation", SubnetId=ref(f"Subnet{name}"), RouteTableId=ref(f"Table{name}")
        ),
        f"Host{name}": resource("Instance", SubnetId=ref(f"Subnet{name}"), SecurityGroupIds=[ref(f"Group{index}")]),
    }


def _acl(draw: st.DrawFn, vpc: str, index: int) -> dict[str, Any]:
    place = draw(st.integers(0, 1))
    acl = f"Acl{index}"
    made = {
        acl: resource("NetworkAcl", VpcId=ref(vpc)),
        f"Uses{index}": resource(
            "SubnetNetworkAclAssociation", SubnetId=ref(f"Subnet{index}{place}"), NetworkAclId=ref(acl)
        ),
    }
    for number in range(draw(st.integers(0, 4))):
        made[f"Entry{index}{number}"] = resource(
            "NetworkAclEntry",
            NetworkAclId=ref(acl),
            RuleNumber=number + 1,
            Egress=draw(st.booleans()),
            Protocol=draw(st.sampled_from([-1, 6])),
            RuleAction=draw(st.sampled_from(["allow", "allow", "deny"])),
            CidrBlock=draw(st.sampled_from(BLOCKS[:-1])),
            PortRange=draw(st.sampled_from([{"From": 0, "To": 65_535}, {"From": 443, "To": 443}])),
        )
    return made


def _transit(draw: st.DrawFn) -> dict[str, Any]:
    made = {
        "Hub": resource("TransitGateway", DefaultRouteTablePropagation=draw(st.sampled_from(["enable", "disable"])))
    }
    for index in range(2):
        made[f"Hub{index}"] = resource(
            "TransitGatewayVpcAttachment",
            TransitGatewayId=ref("Hub"),
            VpcId=ref(f"Vpc{index}"),
            SubnetIds=[ref(f"Subnet{index}{draw(st.integers(0, 1))}")],
        )
    return made


def _routes(draw: st.DrawFn, name: str, index: int, link: str) -> dict[str, Any]:
    """A default route, and one to the other VPC, where there is a way."""
    targets: list[dict[str, Any] | None] = [None, {"GatewayId": ref(f"Gateway{index}")}]
    made = {}
    if (default := draw(st.sampled_from(targets))) is not None:
        made[f"Default{name}"] = resource(
            "Route", RouteTableId=ref(f"Table{name}"), DestinationCidrBlock="0.0.0.0/0", **default
        )
    ways = {"peering": {"VpcPeeringConnectionId": ref("Peering")}, "transit": {"TransitGatewayId": ref("Hub")}}
    if link in ways and draw(st.booleans()):
        made[f"Across{name}"] = resource(
            "Route", RouteTableId=ref(f"Table{name}"), DestinationCidrBlock=f"10.{1 - index}.0.0/16", **ways[link]
        )
    return made


QUESTIONS = [
    (source, target, port)
    for port in PORTS
    for source, target in [
        ("internet", "S.Host00"),
        ("S.Host00", "internet"),
        ("S.Host00", "S.Host01"),
        ("S.Host00", "S.Host10"),
        ("S.Host11", "S.Host01"),
    ]
]


def checker(template: Template, folder: Path) -> Checker:
    (folder / "s.template.json").write_text(json.dumps(template))
    stack = {"name": "S", "template": "s.template.json", "region": "eu-west-1", "account": "111111111111"}
    (folder / "stacks.json").write_text(json.dumps({"stacks": [stack]}))
    return Checker(load(folder / "stacks.json"))


Leaf = tuple[str | int, ...]


def leaves(value: Any, path: Leaf = ()) -> Iterator[Leaf]:
    """The paths to everything in properties that could be a parameter."""
    if isinstance(value, dict) and set(value) != {"Ref"}:
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from leaves(each, (*path, index))
    else:
        yield path


def without(template: Template, path: Leaf) -> Template:
    """The template with a parameter that nobody has given instead of a value."""
    vague = deepcopy(template)
    vague["Parameters"] = {"Nobody": {"Type": "String"}}
    place: Any = vague["Resources"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = {"Ref": "Nobody"}
    return vague


def values(template: Template) -> list[Leaf]:
    return [
        (name, "Properties", *path)
        for name, each in template["Resources"].items()
        for path in leaves(each["Properties"])
        if path
    ]
