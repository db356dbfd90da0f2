"""What Encryption Control means for what is in a VPC, or is added to it."""

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2

from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.encryption_control import EncryptionControl, EncryptionExclusion
from constructs_lattice.vpc.interface import VpcInterface
from constructs_lattice.vpc.ip_protocol import IpProtocol
from constructs_lattice.vpc.nat import Nat
from constructs_lattice.vpc.tier import Role, Tier

__all__ = ["check_admitted", "check_encryptable", "check_peering", "enforces_encryption"]


def check_encryptable(
    where: object, control: EncryptionControl | None, tiers: Sequence[Tier], nat: Nat, default: IpProtocol
) -> None:
    """Raise `ArgumentError` when a VPC of these tiers cannot enforce encryption; `default` is what tiers speak."""
    if control is None or not control.is_enforced:
        return
    for tier in tiers:
        if tier.role is Role.FIREWALL:
            raise ArgumentError(
                f"{where}: the vpc enforces encryption, where AWS supports no firewall endpoints, but tier "
                f"{tier.name!r} is for them; use EncryptionControl.monitor()"
            )
    roles = {tier.role for tier in tiers}
    needed = []
    if Role.PUBLIC in roles or nat.is_regional:
        needed.append(EncryptionExclusion.INTERNET_GATEWAY)
    if any(tier.role is Role.PRIVATE and (tier.ip_protocol or default).has_ipv6 for tier in tiers):
        needed.append(EncryptionExclusion.EGRESS_ONLY_INTERNET_GATEWAY)
    if not (nat.is_none or nat.is_through_hub or nat.is_instance):
        needed.append(EncryptionExclusion.NAT_GATEWAY)
    control.check_admits(where, needed)


def check_admitted(where: object, vpc: ec2.IVpc, exclusion: EncryptionExclusion) -> None:
    """Raise `ArgumentError` when one of our VPCs enforces encryption, and does not exclude what is added to it."""
    if (control := _control(vpc)) is not None:
        control.check_admits(where, [exclusion])


def check_peering(where: object, one: ec2.IVpc, other: ec2.IVpc) -> None:
    """Raise `ArgumentError` unless both enforce encryption without exclusions, or those who do exclude peering."""
    controls = [_control(vpc) for vpc in (one, other)]
    if all(each is not None and each.is_enforced and not each.exclusions for each in controls):
        return
    for control in controls:
        if control is not None:
            control.check_admits(where, [EncryptionExclusion.VPC_PEERING])


def enforces_encryption(vpc: ec2.IVpc) -> bool:
    """Whether it is known of a VPC that it enforces encryption."""
    control = _control(vpc)
    return control is not None and control.is_enforced


def _control(vpc: ec2.IVpc) -> EncryptionControl | None:
    return vpc.encryption_control if isinstance(vpc, VpcInterface) else None
