"""ARNs: how one is made of what the template says, so that two ways to write it can be seen to be the same.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Callable
from dataclasses import dataclass

from constructs_lattice.templates.partitions import partition_of
from constructs_lattice.templates.values import Reference, ResourceId, String, Unknown, Value, joined

__all__ = ["ARNS", "Arn", "Place", "arn_of", "identifier_of", "is_identifier", "written_out"]


@dataclass(frozen=True, slots=True)
class Arn:
    """How the ARN of a type ends, behind the account, and what of the resource stands in it.

    `identifier` is the attribute that stands behind the prefix; empty is what `Ref` gives. `name` is the property that
    gives it a text, `path` the property between the prefix and the identifier. `attributes` are those that are the
    ARN itself.
    """

    service: str
    prefix: str
    identifier: str = ""
    name: str = ""
    path: str = ""
    attributes: tuple[str, ...] = ()
    is_global: bool = False
    has_account: bool = True


def _ec2(prefix: str, identifier: str = "", *attributes: str) -> Arn:
    return Arn("ec2", f"{prefix}/", identifier, attributes=attributes)


def _lattice(prefix: str) -> Arn:
    return Arn("vpc-lattice", f"{prefix}/", "Id", attributes=("", "Arn"))


ARNS = {
    "AWS::EC2::CustomerGateway": _ec2("customer-gateway"),
    "AWS::EC2::EIP": _ec2("elastic-ip", "AllocationId"),
    "AWS::EC2::EgressOnlyInternetGateway": _ec2("egress-only-internet-gateway"),
    "AWS::EC2::Instance": _ec2("instance"),
    "AWS::EC2::InternetGateway": _ec2("internet-gateway"),
    "AWS::EC2::NatGateway": _ec2("natgateway"),
    "AWS::EC2::NetworkAcl": _ec2("network-acl"),
    "AWS::EC2::NetworkInterface": _ec2("network-interface"),
    "AWS::EC2::PrefixList": _ec2("prefix-list", "", "Arn"),
    "AWS::EC2::RouteTable": _ec2("route-table"),
    "AWS::EC2::SecurityGroup": _ec2("security-group"),
    "AWS::EC2::Subnet": _ec2("subnet"),
    "AWS::EC2::TransitGateway": _ec2("transit-gateway", "", "TransitGatewayArn"),
    "AWS::EC2::TransitGatewayAttachment": _ec2("transit-gateway-attachment"),
    "AWS::EC2::TransitGatewayRouteTable": _ec2("transit-gateway-route-table"),
    "AWS::EC2::TransitGatewayVpcAttachment": _ec2("transit-gateway-attachment"),
    "AWS::EC2::VPC": _ec2("vpc"),
    "AWS::EC2::VPCEndpoint": _ec2("vpc-endpoint"),
    "AWS::EC2::VPCEndpointService": _ec2("vpc-endpoint-service"),
    "AWS::EC2::VPCPeeringConnection": _ec2("vpc-peering-connection"),
    "AWS::EC2::VPNConnection": _ec2("vpn-connection"),
    "AWS::EC2::VPNGateway": _ec2("vpn-gateway"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Arn(
        "elasticloadbalancing", "loadbalancer/", "LoadBalancerFullName", attributes=("", "LoadBalancerArn")
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": Arn(
        "elasticloadbalancing", "", "TargetGroupFullName", attributes=("", "TargetGroupArn")
    ),
    "AWS::IAM::Role": Arn("iam", "role", "", "RoleName", "Path", ("Arn",), is_global=True),
    "AWS::IAM::User": Arn("iam", "user", "", "UserName", "Path", ("Arn",), is_global=True),
    "AWS::Lambda::Function": Arn("lambda", "function:", "", "FunctionName", attributes=("Arn",)),
    "AWS::NetworkFirewall::Firewall": Arn(
        "network-firewall", "firewall/", "FirewallName", "FirewallName", attributes=("", "FirewallArn")
    ),
    "AWS::NetworkFirewall::FirewallPolicy": Arn(
        "network-firewall",
        "firewall-policy/",
        "FirewallPolicyName",
        "FirewallPolicyName",
        attributes=("", "FirewallPolicyArn"),
    ),
    "AWS::S3::Bucket": Arn("s3", "", "", "BucketName", attributes=("Arn",), is_global=True, has_account=False),
    "AWS::VpcLattice::ResourceConfiguration": _lattice("resourceconfiguration"),
    "AWS::VpcLattice::ResourceGateway": _lattice("resourcegateway"),
    "AWS::VpcLattice::Service": _lattice("service"),
    "AWS::VpcLattice::ServiceNetwork": _lattice("servicenetwork"),
    "AWS::VpcLattice::ServiceNetworkServiceAssociation": _lattice("servicenetworkserviceassociation"),
    "AWS::VpcLattice::ServiceNetworkVpcAssociation": _lattice("servicenetworkvpcassociation"),
    "AWS::VpcLattice::TargetGroup": _lattice("targetgroup"),
}
"""The ARNs that are made here, by type."""


@dataclass(frozen=True, slots=True)
class Place:
    """The region and the account of a resource."""

    region: str | Unknown
    account: str | Unknown

    @property
    def partition(self) -> str | Unknown:
        """The partition of the region."""
        if isinstance(self.region, str):
            return partition_of(self.region)
        return Unknown(self.region.reason, "AWS::Partition")


_SAME = {"", "Id", "GroupId"}
"""Attributes of resources of EC2 that are what `Ref` gives; `VpcId` of a VPC is, too."""


def is_identifier(type: str, attribute: str) -> bool:
    """Whether an attribute is the identifier that stands in the ARN of its type."""
    arn = ARNS.get(type)
    if arn is None:
        return False
    if arn.service == "ec2" and not arn.identifier:
        return attribute in _SAME or attribute.lower() == f"{type.rpartition('::')[2]}Id".lower()
    return attribute == arn.identifier


def written_out(reference: Reference, type: str, property_: Callable[[str], Value], place: Place) -> String:
    """A reference to an ARN as that ARN, one to an identifier as the text or the one attribute that it is.

    `property_` gives a property of the resource, or None.
    """
    if type not in ARNS:
        return reference
    if reference.attribute in ARNS[type].attributes:
        return arn_of(reference.resource, type, property_, place) or reference
    return identifier_of(reference.resource, type, property_) if is_identifier(type, reference.attribute) else reference


def arn_of(resource: ResourceId, type: str, property_: Callable[[str], Value], place: Place) -> "String | None":
    """The ARN of a resource of one of the types in `ARNS`; None when a part of it cannot be told."""
    arn = ARNS[type]
    region = "" if arn.is_global else place.region
    account = place.account if arn.has_account else ""
    path = property_(arn.path) if arn.path else ""
    path = "/" if path is None else path
    if not isinstance(path, str):
        return None
    start = joined(["arn:", place.partition, f":{arn.service}:", region, ":", account, f":{arn.prefix}{path}"])
    return joined([start, identifier_of(resource, type, property_)])


def identifier_of(resource: ResourceId, type: str, property_: Callable[[str], Value]) -> str | Reference:
    """What stands for a resource at the end of its ARN."""
    arn = ARNS[type]
    name = property_(arn.name) if arn.name else None
    return name if isinstance(name, str) else Reference(resource, arn.identifier)
