"""What a `Nat` becomes in the fragment of a VPC."""

import re
from collections.abc import Sequence
from typing import Any

from constructs_lattice.vpc.fragment import MAIN, VpcFragment, attribute, reference, subnet_id, way_ids
from constructs_lattice.vpc.nat import Nat
from constructs_lattice.vpc.tier import Role, Tier

__all__ = ["INSTANCE", "INSTANCE_ADDRESS", "INSTANCE_GROUP", "REGIONAL_GATEWAY", "add_nat"]

REGIONAL_GATEWAY = "RegionalNatGateway"
"""The id of the NAT gateway of the whole VPC."""

INSTANCE = "NatInstance"
"""The id of the NAT instance."""

INSTANCE_GROUP = f"{INSTANCE}-SecurityGroup"
"""The id of its security group."""

INSTANCE_ADDRESS = f"{INSTANCE}-Address"
"""The id of its Elastic IP address."""

# Amazon Linux 2023 by processor: types of Graviton instances have a g behind the number of their generation.
_GRAVITON = re.compile(r"[a-z]+\d+g.*|a1\..*")
_IMAGE = "{{{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{}}}}}"

# The Elastic IP address comes after the start, so the package may not be there at the first try.
_USER_DATA = """#!/bin/bash
until dnf install -y iptables-services; do sleep 2; done
echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-nat.conf
sysctl -p /etc/sysctl.d/90-nat.conf
systemctl enable --now iptables
iptables -F FORWARD
iptables -t nat -A POSTROUTING -o "$(ip -o route show default | awk '{print $5; exit}')" -j MASQUERADE
service iptables save
"""


def add_nat(fragment: VpcFragment, nat: Nat, tiers: Sequence[Tier], zones: tuple[str, ...]) -> dict[str, Any]:
    """Add what `nat` says, in the tier that it is for; return each zone's target of routes to it."""
    if nat.is_none or nat.is_through_hub:
        return {}
    if nat.is_regional:
        return dict.fromkeys(zones, _add_regional_gateway(fragment, nat))
    tier = next(each for each in tiers if each.name == nat.tier or (not nat.tier and each.role is Role.PUBLIC))
    if nat.is_instance:
        return dict.fromkeys(zones, _add_instance(fragment, nat, tier, nat.home(zones)))
    homes = nat.homes(zones)
    targets = {home: _add_gateway(fragment, nat, tier, home) for home in dict.fromkeys(homes.values())}
    return {zone: targets[home] for zone, home in homes.items()}


def _add_gateway(fragment: VpcFragment, nat: Nat, tier: Tier, zone: str) -> Any:
    """A NAT gateway in the subnet of a tier: with a public address of its own or a given one, or a private one."""
    gateway, address = (subnet_id(tier.name, zone, part) for part in ("NatGateway", "NatAddress"))
    tags = fragment.tags(tier.name, zone)
    properties: dict[str, Any] = {"SubnetId": reference(subnet_id(tier.name, zone))}
    if nat.is_private:
        properties["ConnectivityType"] = "private"
    elif (allocation_id := nat.address(zone)) is not None:
        properties["AllocationId"] = allocation_id
    else:
        fragment.add(address, "AWS::EC2::EIP", {"Domain": "vpc", "Tags": tags})
        properties["AllocationId"] = attribute(address, "AllocationId")
    # The way to the internet first: a NAT gateway without one is made, but fails.
    after = () if nat.is_private else way_ids(tier, zone)
    fragment.add(gateway, "AWS::EC2::NatGateway", properties | {"Tags": tags}, after=after)
    return {"NatGatewayId": reference(gateway)}


def _add_regional_gateway(fragment: VpcFragment, nat: Nat) -> Any:
    """A NAT gateway for the whole VPC, which has a route table, and a way to the internet, of its own."""
    own = [
        {"AllocationIds": list(nat.zone_addresses[zone]), **place}
        for zone, place in fragment.places().items()
        if nat.zone_addresses
    ]
    fragment.add(
        REGIONAL_GATEWAY,
        "AWS::EC2::NatGateway",
        {
            "VpcId": reference(MAIN),
            "AvailabilityMode": "regional",
            "ConnectivityType": "public",
            **({"AvailabilityZoneAddresses": own} if own else {}),
            "Tags": fragment.tags(),
        },
        after=["InternetGatewayAttachment"],
    )
    return {"NatGatewayId": reference(REGIONAL_GATEWAY)}


def _add_instance(fragment: VpcFragment, nat: Nat, tier: Tier, zone: str) -> Any:
    """An instance that forwards what is not for itself, in a security group that lets the VPC in and everything out."""
    tags = fragment.tags(tier.name, zone)
    fragment.add(
        INSTANCE_GROUP,
        "AWS::EC2::SecurityGroup",
        {
            "VpcId": reference(MAIN),
            "GroupDescription": "NAT instance: everything from within the VPC, and out",
            "SecurityGroupIngress": [
                {"IpProtocol": "-1", "CidrIp": cidr, "Description": "from within the VPC"} for cidr in fragment.cidrs()
            ],
            "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0", "Description": "to the internet"}],
            "Tags": tags,
        },
    )
    subnet = {
        "SubnetId": reference(subnet_id(tier.name, zone)),
        "SecurityGroupIds": [attribute(INSTANCE_GROUP, "GroupId")],
    }
    fragment.add(INSTANCE, "AWS::EC2::Instance", _instance(nat) | subnet | {"Tags": tags})
    fragment.add(
        INSTANCE_ADDRESS,
        "AWS::EC2::EIP",
        {"Domain": "vpc", "InstanceId": reference(INSTANCE), "Tags": tags},
        after=way_ids(tier, zone),
    )
    return {"InstanceId": reference(INSTANCE)}


def _instance(nat: Nat) -> dict[str, Any]:
    processor = "arm64" if _GRAVITON.fullmatch(nat.instance_type) else "x86_64"
    properties = {
        "ImageId": nat.image_id or _IMAGE.format(processor),
        "InstanceType": nat.instance_type,
        # EC2 drops what is neither from nor for an instance, unless it is told not to check.
        "SourceDestCheck": False,
        "Monitoring": True,
        "MetadataOptions": {"HttpTokens": "required"},
    }
    if nat.image_id is not None:
        return properties
    disk = {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True}}
    return properties | {"BlockDeviceMappings": [disk], "UserData": {"Fn::Base64": _USER_DATA}}
