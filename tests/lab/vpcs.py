"""Random VPCs, with subnets, hosts and internet gateways."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

from tests.lab.draft import Draft, DraftSubnet, DraftVpc, attribute, ref

__all__ = ["add_gateways", "add_hosts", "add_vpcs"]

_BLOCKS = [IPv4Network(f"10.{number}.0.0/16") for number in range(8)]
_MORE_BLOCKS = [IPv4Network(f"10.1{number}.0.0/16") for number in range(10, 18)]
_IMAGE = "ami-0123456789abcdef0"
_MOST_HOSTS = 8


def add_vpcs(draft: Draft, count: int, *, may_overlap: bool) -> None:
    """VPCs, some with a second block; at most two of them overlap."""
    for number in range(count):
        block = _BLOCKS[number]
        if number and may_overlap:
            may_overlap = False
            other = draft.pick(draft.vpcs).blocks[0]
            block = draft.weigh({other: 3, next(other.subnets(2)): 1})
        vpc = DraftVpc(id=draft.add("Vpc", "VPC", CidrBlock=str(block)), blocks=[block])
        if draft.happens(0.15):
            vpc.blocks.append(_MORE_BLOCKS[number])
            draft.add("MoreBlock", "VPCCidrBlock", VpcId=ref(vpc.id), CidrBlock=str(_MORE_BLOCKS[number]))
        draft.vpcs.append(vpc)
        _add_subnets(draft, vpc)


def _add_subnets(draft: Draft, vpc: DraftVpc) -> None:
    count = draft.weigh({1: 1, 2: 4, 3: 3} if len(draft.vpcs) > 1 else {2: 3, 3: 4, 4: 2})
    slots = list(vpc.blocks[0].subnets(new_prefix=24))[:4]
    blocks = [*slots[:count], *(next(each.subnets(new_prefix=24)) for each in vpc.blocks[1:])]
    for block in blocks:
        zone = draft.weigh({0: 4, 1: 3, 2: 1})
        is_public = draft.happens(0.25)
        id_ = draft.add(
            "Subnet",
            "Subnet",
            VpcId=ref(vpc.id),
            CidrBlock=str(block),
            AvailabilityZone=draft.zone(zone),
            **({"MapPublicIpOnLaunch": draft.pick([True, "true"])} if is_public else {}),
        )
        vpc.subnets.append(DraftSubnet(id=id_, zone=zone, block=block))


def add_gateways(draft: Draft, probability: float) -> None:
    """Internet gateways; a few are attached to nothing."""
    for vpc in draft.vpcs:
        if draft.happens(probability):
            vpc.gateway = draft.add("Gateway", "InternetGateway")
            if draft.happens(0.93):
                draft.add("GatewayOf", "VPCGatewayAttachment", VpcId=ref(vpc.id), InternetGatewayId=ref(vpc.gateway))


def add_hosts(draft: Draft) -> None:
    """Instances and network interfaces, with their groups and addresses."""
    places = [(vpc, subnet) for vpc in draft.vpcs for subnet in vpc.subnets]
    more = draft.chance.choices(places, k=draft.chance.randint(1, 4))
    for vpc, subnet in [*places, *more][:_MOST_HOSTS]:
        count = draft.weigh({0: 1, 1: 6, 2: 3})
        groups = [draft.group(each) for each in draft.chance.sample(vpc.groups, min(count, len(vpc.groups)))]
        address = str(draft.address_in(subnet))
        known = {"PrivateIpAddress": address} if draft.has_single_addresses or draft.happens(0.5) else {}
        add = draft.weigh({_add_instance: 3, _add_instance_with_interface: 1, _add_interface: 1, _add_attached: 1})
        vpc.hosts.append(add(draft, subnet, groups, known))


def _add_instance(draft: Draft, subnet: DraftSubnet, groups: list[object], known: dict[str, str]) -> str:
    some = {"SecurityGroupIds": groups} if groups else {}
    id_ = draft.add("Host", "Instance", ImageId=_IMAGE, SubnetId=ref(subnet.id), **known, **some)
    if draft.happens(0.2):
        draft.add("Address", "EIP", InstanceId=ref(id_))
    return id_


def _add_instance_with_interface(draft: Draft, subnet: DraftSubnet, groups: list[object], known: dict[str, str]) -> str:
    """An instance that says of its interface whether it has a public address, whatever its subnet says."""
    interface: dict[str, Any] = {"DeviceIndex": "0", "SubnetId": ref(subnet.id), **known}
    if groups:
        interface["GroupSet"] = groups
    if draft.happens(0.8):
        interface["AssociatePublicIpAddress"] = draft.happens(0.5)
    return draft.add("Host", "Instance", ImageId=_IMAGE, NetworkInterfaces=[interface])


def _add_interface(draft: Draft, subnet: DraftSubnet, groups: list[object], known: dict[str, str]) -> str:
    some = {"GroupSet": groups} if groups else {}
    id_ = draft.add("Interface", "NetworkInterface", SubnetId=ref(subnet.id), **known, **some)
    if draft.happens(0.4):
        address = draft.add("Address", "EIP", Domain="vpc")
        draft.add(
            "AddressOf",
            "EIPAssociation",
            AllocationId=attribute(address, "AllocationId"),
            NetworkInterfaceId=ref(id_),
        )
    return id_


def _add_attached(draft: Draft, subnet: DraftSubnet, groups: list[object], known: dict[str, str]) -> str:
    """An interface of its own, and the instance that has it: it is known by the latter."""
    interface = _add_interface(draft, subnet, groups, known)
    attached = [{"DeviceIndex": "0", "NetworkInterfaceId": ref(interface)}]
    return draft.add("Host", "Instance", ImageId=_IMAGE, NetworkInterfaces=attached)
