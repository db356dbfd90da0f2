"""Synthetic estates as templates: VPCs around a Transit Gateway, made of plain CloudFormation."""

from __future__ import annotations

from typing import Any

__all__ = ["estate"]

_TIERS, _ZONES = ("web", "app", "data"), ("a", "b", "c")

Json = dict[str, Any]


def estate(vpcs: int, tables: int, *, subnets: int = 10) -> Json:
    """A template of VPCs, each with subnets of three tiers and one for its attachment, in as many segments as tables.

    An instance in each subnet but the last; data takes connections from app, app from web, and web from the segment.
    """
    resources: Json = {
        "Hub": _resource(
            "TransitGateway", DefaultRouteTableAssociation="disable", DefaultRouteTablePropagation="disable"
        )
    }
    for table in range(tables):
        resources[f"Segment{table}"] = _resource("TransitGatewayRouteTable", TransitGatewayId=_ref("Hub"))
    for number in range(vpcs):
        resources |= _vpc(number, f"Segment{number % tables}", subnets)
    return {"Resources": resources}


def _vpc(number: int, segment: str, subnets: int) -> Json:
    name, cidr = f"Vpc{number}", f"10.{number}.0.0/16"
    made: Json = {name: _resource("VPC", CidrBlock=cidr)}
    for tier, source in (("web", None), ("app", "web"), ("data", "app")):
        rule = {"CidrIp": "10.0.0.0/8"} if source is None else {"SourceSecurityGroupId": _ref(f"{name}{source}Group")}
        port = {"web": 443, "app": 8080, "data": 5432}[tier]
        made[f"{name}{tier}Group"] = _resource(
            "SecurityGroup",
            VpcId=_ref(name),
            GroupDescription=tier,
            SecurityGroupIngress=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **rule}],
        )
    for index in range(subnets):
        made |= _subnet(name, number, index, is_last=index == subnets - 1)
    made[f"{name}Attachment"] = _resource(
        "TransitGatewayVpcAttachment",
        TransitGatewayId=_ref("Hub"),
        VpcId=_ref(name),
        SubnetIds=[_ref(f"{name}Subnet{index}") for index in range(min(3, subnets))],
    )
    for kind in ("Association", "Propagation"):
        made[f"{name}{kind}"] = _resource(
            f"TransitGatewayRouteTable{kind}",
            TransitGatewayAttachmentId=_ref(f"{name}Attachment"),
            TransitGatewayRouteTableId=_ref(segment),
        )
    return made


def _subnet(vpc: str, number: int, index: int, *, is_last: bool) -> Json:
    name, tier = f"{vpc}Subnet{index}", _TIERS[index // 3 % 3]
    made = {
        name: _resource(
            "Subnet",
            VpcId=_ref(vpc),
            CidrBlock=f"10.{number}.{index}.0/24",
            AvailabilityZone=f"eu-west-1{_ZONES[index % 3]}",
        ),
        f"{name}Table": _resource("RouteTable", VpcId=_ref(vpc)),
        f"{name}InTable": _resource(
            "SubnetRouteTableAssociation", SubnetId=_ref(name), RouteTableId=_ref(f"{name}Table")
        ),
        f"{name}Route": _resource(
            "Route",
            RouteTableId=_ref(f"{name}Table"),
            DestinationCidrBlock="10.0.0.0/8",
            TransitGatewayId=_ref("Hub"),
        ),
    }
    if not is_last:
        made[f"{name}Host"] = _resource("Instance", SubnetId=_ref(name), SecurityGroupIds=[_ref(f"{vpc}{tier}Group")])
    return made


def _resource(type_: str, **properties: Any) -> Json:
    return {"Type": f"AWS::EC2::{type_}", "Properties": properties}


def _ref(name: str) -> Json:
    return {"Ref": name}
