"""What `Fn::GetAtt` gives: the property that an attribute mirrors, or a reference that the deployment resolves.

CloudFormation returns a property under its own name where it is also an attribute. The tables hold the attributes that
have another name; the names are those of the resource schemas.
"""

from typing import TYPE_CHECKING

from constructs_lattice.templates.intrinsics import NO_VALUE
from constructs_lattice.templates.nesting import STACK
from constructs_lattice.templates.problem import Problem
from constructs_lattice.templates.values import Reference, Unknown, Value

if TYPE_CHECKING:
    from constructs_lattice.templates.scope import Scope

__all__ = ["value"]

_MIRRORS = {
    ("AWS::EC2::Instance", "PrivateIp"): "PrivateIpAddress",
    ("AWS::EC2::NetworkInterface", "PrimaryPrivateIpAddress"): "PrivateIpAddress",
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerName"): "Name",
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupName"): "Name",
    ("AWS::VpcLattice::Listener", "ServiceArn"): "ServiceIdentifier",
    ("AWS::VpcLattice::Listener", "ServiceId"): "ServiceIdentifier",
    ("AWS::VpcLattice::ServiceNetworkServiceAssociation", "ServiceArn"): "ServiceIdentifier",
    ("AWS::VpcLattice::ServiceNetworkServiceAssociation", "ServiceId"): "ServiceIdentifier",
    ("AWS::VpcLattice::ServiceNetworkServiceAssociation", "ServiceNetworkArn"): "ServiceNetworkIdentifier",
    ("AWS::VpcLattice::ServiceNetworkServiceAssociation", "ServiceNetworkId"): "ServiceNetworkIdentifier",
    ("AWS::VpcLattice::ServiceNetworkVpcAssociation", "ServiceNetworkArn"): "ServiceNetworkIdentifier",
    ("AWS::VpcLattice::ServiceNetworkVpcAssociation", "ServiceNetworkId"): "ServiceNetworkIdentifier",
    ("AWS::VpcLattice::ServiceNetworkVpcAssociation", "VpcId"): "VpcIdentifier",
}
"""Attributes that are a property under another name."""

_WITH_IPV6 = {"AWS::EC2::VPC", "AWS::EC2::Subnet"}


def value(scope: "Scope", logical_id: str, name: str) -> Value:
    """An attribute of a resource that exists."""
    kind = scope.template.resources[logical_id]["Type"]
    if kind == STACK:
        return _output(scope, logical_id, name)
    if kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource":
        return scope.resolution.exchange.custom(scope, logical_id, name)
    if name == "Ipv6CidrBlocks" and kind in _WITH_IPV6:
        return scope.resolution.blocks.ipv6_of(scope, logical_id)
    mirrored = scope.declared(logical_id, _MIRRORS.get((kind, name), name))
    if mirrored is NO_VALUE:
        return Reference(scope.id(logical_id), name)
    doubt = scope.doubt(logical_id)
    return Unknown(doubt, f"attribute:{scope.id(logical_id)}.{name}") if doubt else mirrored


def _output(scope: "Scope", logical_id: str, name: str) -> Value:
    """An output of a nested stack."""
    prefix, _, output = name.partition(".")
    if prefix != "Outputs" or not output:
        return Reference(scope.id(logical_id), name)
    inner = scope.nested.get(logical_id)
    if inner is None:
        symbol = f"output:{scope.name}/{logical_id}.{output}"
        return scope.resolution.unknown(
            f"the template of the nested stack {scope.name}/{logical_id} is not here", symbol
        )
    if output not in inner.template.outputs:
        raise Problem(f"the nested stack {inner.name} has no output {output!r}")
    if inner.exists("Outputs", output) is False:
        return Unknown(f"the output {output} of {inner.name} does not exist, its condition is false")
    return inner.output(output)
