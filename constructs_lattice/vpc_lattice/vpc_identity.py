"""Whether two things are in one VPC, as far as that is known at synthesis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from aws_cdk import Reference, Tokenization
from aws_cdk import aws_ec2 as ec2

from constructs_lattice._checks import check_count
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["check_dns", "check_in_vpc", "check_security_groups", "differ", "vpc_id_of", "vpc_of"]

_MOST_SECURITY_GROUPS = 5

_IDS: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def vpc_id_of(vpc: ec2.IVpc) -> str:
    """The id of a VPC, which Node is asked for once."""
    if (id_ := _IDS.get(vpc)) is None:
        id_ = _IDS[vpc] = vpc.vpc_id
    return id_


def differ(first: str, second: str) -> bool:
    """Whether two ids are certainly those of two VPCs."""
    if first == second:
        return False
    if not is_token((first, second)):
        return True
    made = [_made_here(each) for each in (first, second)]
    # Two parameters may have one value; two VPCs that are made here are two.
    return None not in made and made[0] != made[1]


def check_security_groups(
    where: object, vpc: ec2.IVpc, security_groups: Sequence[ec2.ISecurityGroup], least: int
) -> None:
    """Raise `ArgumentError` unless there are `least` to five security groups, each once and in the VPC."""
    check_count(where, "security_groups", len(security_groups), least, _MOST_SECURITY_GROUPS)
    known: set[str] = set()
    for group in security_groups:
        if group.security_group_id in known:
            raise ArgumentError(f"{where}: security_groups has {group.node.path} twice; leave it out once")
        known.add(group.security_group_id)
    check_in_vpc(where, "security_groups", vpc, security_groups)


def check_in_vpc(where: object, name: str, vpc: ec2.IVpc, security_groups: Sequence[ec2.ISecurityGroup]) -> None:
    """Raise `ArgumentError` when one of the security groups is in another VPC."""
    for group in security_groups:
        vpc_id = vpc_of(group)
        if vpc_id is not None and differ(vpc_id, vpc.vpc_id):
            raise ArgumentError(
                f"{where}: {name} must be in the vpc, but {group.node.path} is in another one; make it there"
            )


def vpc_of(group: ec2.ISecurityGroup) -> str | None:
    """The id of the VPC of a security group; none when it is imported."""
    made = group.node.default_child
    return made.vpc_id if isinstance(made, ec2.CfnSecurityGroup) else None


def check_dns(where: object, vpc: ec2.IVpc) -> None:
    """Raise `ArgumentError` when the VPC lacks what private DNS needs: DNS support and DNS hostnames."""
    # A VPC of ours always has both, and its default child is something else.
    made = vpc.node.default_child
    if isinstance(made, ec2.CfnVPC) and not (made.enable_dns_hostnames and made.enable_dns_support is not False):
        raise ArgumentError(
            f"{where}: private_dns needs DNS support and DNS hostnames, which the vpc lacks; enable them both"
        )


def _made_here(vpc_id: str) -> str | None:
    """The path of the VPC that the id refers to, when it is a VPC of this app."""
    token = Tokenization.reverse_string(vpc_id).first_token if is_token(vpc_id) else None
    if token is None or not Reference.is_reference(token):
        return None
    target = token.target  # type: ignore[attr-defined]  # what is_reference has made sure of
    return str(target.node.path) if isinstance(target, ec2.CfnVPC) else None
