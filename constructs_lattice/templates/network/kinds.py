"""The resources that have network interfaces, and where their templates say of them what matters."""

from __future__ import annotations

from dataclasses import dataclass

from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import InterfaceKind
from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.network.reader import Reader, at_path, cluster_group, items, mappings, within
from constructs_lattice.templates.values import Value

__all__ = ["KINDS", "Kind", "groups_of", "subnets_of"]

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of resource. Paths lead to properties, level by level.

    `subnet_group` names another resource that lists subnets, in its property `group_subnets`. `is_public` is the
    property that says whether there is a public address, `address_type` the one that says which versions of IP there
    are: IPv4 only, unless it says otherwise. `is_launched`: both go as with instances. `is_in_one_subnet`: it is in one
    of its subnets only. `account_decides` about IPv6.
    """

    interface: InterfaceKind
    subnets: tuple[_Path, ...] = (("SubnetIds",),)
    groups: tuple[_Path, ...] = (("SecurityGroupIds",),)
    subnet_group: _Path = ()
    group_subnets: str = "SubnetIds"
    is_public: _Path = ()
    address_type: _Path = ()
    is_launched: bool = False
    is_in_one_subnet: bool = False
    account_decides: bool = False
    only_if: tuple[_Path, tuple[str, ...]] | None = None
    never_from_internet: bool = False

    def applies(self, resource: Resource) -> bool:
        """Whether a resource of this type has interfaces at all."""
        if self.only_if is None:
            return True
        path, values = self.only_if
        value = within(dict(resource.properties), *path)
        return str(value if value is not None else values[0]) in values

    def public(self, reader: Reader, resource: Resource) -> bool | Unknown | str | None:
        """Whether it has a public address; `None` as with instances, `vpc` where there is a way to the internet."""
        if self.is_launched:
            return None
        if not self.is_public:
            return False
        value = within(_said(reader, resource), *self.is_public)
        if resource.type in _LOAD_BALANCERS:  # LB-1: internet-facing unless it says otherwise; LB-9
            if resource.get("IpAddressType") == "dualstack-without-public-ipv4":
                return False
            return value if isinstance(value, Unknown) else str(value or "internet-facing") == "internet-facing"
        if value is None and resource.type.startswith("AWS::RDS::"):
            return "vpc"
        return reader.boolean(value, default=False)

    def denies_internet(self, resource: Resource) -> bool | Unknown:
        """EP-2: whether it takes nothing from the internet whatever address it has; internal load balancers do not."""
        if resource.type in _LOAD_BALANCERS:
            scheme = resource.get("Scheme")
            return scheme if isinstance(scheme, Unknown) else scheme == "internal"
        return self.never_from_internet

    def versions(self, resource: Resource) -> frozenset[int] | Unknown | None:
        """The versions of IP that it speaks where its subnet does; `None` where that goes as with instances."""
        if self.is_launched:
            return None
        if self.account_decides:
            return Unknown(f"whether {resource.id} has IPv6 addresses is a setting of the account")
        value = within(dict(resource.properties), *self.address_type) if self.address_type else None
        if isinstance(value, Unknown):
            return value
        said = str(value).lower()
        return _BOTH if said in _DUAL else _ONLY_IPV6 if said in _SIX else _ONLY_IPV4


_ONLY_IPV4, _ONLY_IPV6, _BOTH = frozenset({4}), frozenset({6}), frozenset({4, 6})
_DUAL = ("dual", "dualstack", "dual_stack", "dualstack-without-public-ipv4", "true")
_SIX = ("ipv6", "ipv6_only")


def _said(reader: Reader, resource: Resource) -> dict[str, Value]:
    """The properties; a cluster of Aurora has no addresses of its own, but those of its instances."""
    said = dict(resource.properties)
    if resource.type == "AWS::RDS::DBCluster" and isinstance(engine := said.get("Engine"), Unknown):
        return said | {"PubliclyAccessible": engine}
    if resource.type == "AWS::RDS::DBCluster" and str(said.get("Engine")).startswith("aurora"):
        members = [
            each
            for each in reader.of_type("AWS::RDS::DBInstance")
            if reader.id(each.get("DBClusterIdentifier")) == str(resource.id)
        ]
        doubtful = [each.get("DBClusterIdentifier") for each in reader.of_type("AWS::RDS::DBInstance")]
        if unknown := next((each for each in doubtful if isinstance(each, Unknown)), None):
            return said | {"PubliclyAccessible": unknown}
        values = [each.get("PubliclyAccessible") for each in members]
        if values and all(each == values[0] for each in values):
            return said | {"PubliclyAccessible": values[0]}
        if values:
            return said | {"PubliclyAccessible": Unknown(f"some instances of {resource.id} are public, some are not")}
    return said


_LOAD_BALANCER, _CLASSIC = (
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancing::LoadBalancer",
)
_LOAD_BALANCERS = (_LOAD_BALANCER, _CLASSIC)
_CLUSTER, _NODES = "AWS::EKS::Cluster", "AWS::EKS::Nodegroup"
_INSTANCES = ("VPCZoneIdentifier",)
_AWSVPC = ("NetworkConfiguration", "AwsvpcConfiguration")
_D = InterfaceKind.DATABASE

KINDS: dict[str, Kind] = {
    "AWS::AutoScaling::AutoScalingGroup": Kind(
        interface=InterfaceKind.INSTANCE, subnets=(_INSTANCES,), groups=(), is_launched=True
    ),
    "AWS::ECS::Service": Kind(
        interface=InterfaceKind.CONTAINERS,
        subnets=((*_AWSVPC, "Subnets"), ("NetworkConfiguration", "AwsVpcConfiguration", "Subnets")),
        groups=((*_AWSVPC, "SecurityGroups"), ("NetworkConfiguration", "AwsVpcConfiguration", "SecurityGroups")),
        is_public=(*_AWSVPC, "AssignPublicIp"),
        account_decides=True,
    ),
    "AWS::Lambda::Function": Kind(
        interface=InterfaceKind.FUNCTION,
        subnets=(("VpcConfig", "SubnetIds"),),
        groups=(("VpcConfig", "SecurityGroupIds"),),
        address_type=("VpcConfig", "Ipv6AllowedForDualStack"),
    ),
    _LOAD_BALANCER: Kind(
        interface=InterfaceKind.LOAD_BALANCER,
        subnets=(("Subnets",), ("SubnetMappings", "SubnetId")),
        groups=(("SecurityGroups",),),
        is_public=("Scheme",),
        address_type=("IpAddressType",),
    ),
    _CLASSIC: Kind(
        interface=InterfaceKind.LOAD_BALANCER,
        subnets=(("Subnets",),),
        groups=(("SecurityGroups",),),
        is_public=("Scheme",),
    ),
    "AWS::EC2::VPCEndpoint": Kind(
        interface=InterfaceKind.ENDPOINT,
        only_if=(("VpcEndpointType",), ("Gateway", "Interface", "Resource", "ServiceNetwork", "Tunnel")),
        address_type=("IpAddressType",),
        never_from_internet=True,
    ),
    "AWS::RDS::DBInstance": Kind(
        interface=_D,
        address_type=("NetworkType",),
        subnets=(),
        subnet_group=("DBSubnetGroupName",),
        groups=(("VPCSecurityGroups",),),
        is_public=("PubliclyAccessible",),
        is_in_one_subnet=True,
    ),
    "AWS::RDS::DBCluster": Kind(
        interface=_D,
        address_type=("NetworkType",),
        subnets=(),
        subnet_group=("DBSubnetGroupName",),
        groups=(("VpcSecurityGroupIds",),),
        is_public=("PubliclyAccessible",),
        is_in_one_subnet=True,
    ),
    "AWS::RDS::DBProxy": Kind(interface=_D, subnets=(("VpcSubnetIds",),), groups=(("VpcSecurityGroupIds",),)),
    "AWS::DocDB::DBCluster": Kind(
        interface=_D,
        address_type=("NetworkType",),
        subnets=(),
        subnet_group=("DBSubnetGroupName",),
        groups=(("VpcSecurityGroupIds",),),
        is_in_one_subnet=True,
    ),
    "AWS::Neptune::DBCluster": Kind(
        interface=_D,
        subnets=(),
        subnet_group=("DBSubnetGroupName",),
        groups=(("VpcSecurityGroupIds",),),
        is_in_one_subnet=True,
    ),
    "AWS::ElastiCache::ReplicationGroup": Kind(
        interface=_D,
        address_type=("NetworkType",),
        subnets=(),
        subnet_group=("CacheSubnetGroupName",),
        groups=(("SecurityGroupIds",),),
        is_in_one_subnet=True,
    ),
    "AWS::ElastiCache::CacheCluster": Kind(
        interface=_D,
        address_type=("NetworkType",),
        subnets=(),
        subnet_group=("CacheSubnetGroupName",),
        groups=(("VpcSecurityGroupIds",),),
        is_in_one_subnet=True,
    ),
    "AWS::ElastiCache::ServerlessCache": Kind(interface=_D, address_type=("NetworkType",)),
    "AWS::MemoryDB::Cluster": Kind(
        interface=_D,
        address_type=("NetworkType",),
        subnets=(),
        subnet_group=("SubnetGroupName",),
        groups=(("SecurityGroupIds",),),
        is_in_one_subnet=True,
    ),
    "AWS::Redshift::Cluster": Kind(
        interface=_D,
        subnets=(),
        subnet_group=("ClusterSubnetGroupName",),
        groups=(("VpcSecurityGroupIds",),),
        is_public=("PubliclyAccessible",),
        is_in_one_subnet=True,
    ),
    "AWS::RedshiftServerless::Workgroup": Kind(interface=_D, is_public=("PubliclyAccessible",)),
    "AWS::OpenSearchService::Domain": Kind(
        interface=_D,
        address_type=("IPAddressType",),
        subnets=(("VPCOptions", "SubnetIds"),),
        groups=(("VPCOptions", "SecurityGroupIds"),),
    ),
    "AWS::MSK::Cluster": Kind(
        interface=_D,
        address_type=("BrokerNodeGroupInfo", "ConnectivityInfo", "NetworkType"),
        subnets=(("BrokerNodeGroupInfo", "ClientSubnets"),),
        groups=(("BrokerNodeGroupInfo", "SecurityGroups"),),
    ),
    "AWS::EFS::MountTarget": Kind(
        interface=_D, address_type=("IpAddressType",), subnets=(("SubnetId",),), groups=(("SecurityGroups",),)
    ),
    "AWS::FSx::FileSystem": Kind(interface=_D, address_type=("NetworkType",)),
    "AWS::Route53Resolver::ResolverEndpoint": Kind(
        interface=InterfaceKind.ENDPOINT,
        subnets=(("IpAddresses", "SubnetId"),),
        address_type=("ResolverEndpointType",),
        never_from_internet=True,
    ),
    _CLUSTER: Kind(
        interface=InterfaceKind.CONTAINERS,
        subnets=(("ResourcesVpcConfig", "SubnetIds"),),
        groups=(("ResourcesVpcConfig", "SecurityGroupIds"),),
        address_type=("KubernetesNetworkConfig", "IpFamily"),
    ),
    _NODES: Kind(interface=InterfaceKind.INSTANCE, subnets=(("Subnets",),), groups=(), is_launched=True),
    "AWS::VpcLattice::ResourceGateway": Kind(interface=InterfaceKind.RESOURCE_GATEWAY, address_type=("IpAddressType",)),
}
"""Types of resources, besides instances, network interfaces and NAT gateways, which say more of themselves."""


def subnets_of(reader: Reader, resource: Resource, kind: Kind) -> tuple[tuple[str, ...], tuple[Unknown, ...]]:
    """The subnets of a resource, and what of them nobody knows."""
    said = dict(resource.properties)
    if resource.type == "AWS::RDS::DBInstance" and (cluster := reader.resource(said.get("DBClusterIdentifier"))):
        said |= {"DBSubnetGroupName": cluster.get("DBSubnetGroupName")}
    values = [each for path in kind.subnets for each in at_path(said, path)]
    if kind.subnet_group:
        group = reader.resource(within(said, *kind.subnet_group))
        if group is not None:
            values += items(group.get(kind.group_subnets))
        elif (named := within(said, *kind.subnet_group)) is not None:
            return (), (Unknown(f"the subnets of group {named} are not in the templates"),)
    return reader.ids(values)


def groups_of(
    reader: Reader, resource: Resource, kind: Kind, template: Value
) -> tuple[tuple[str, ...] | None, tuple[Unknown, ...]]:
    """The security groups of a resource; none where no group judges: LB-3."""
    said = dict(resource.properties)
    if resource.type == "AWS::RDS::DBInstance" and (cluster := reader.resource(said.get("DBClusterIdentifier"))):
        said |= {"VPCSecurityGroups": cluster.get("VpcSecurityGroupIds")}
    values = [each for path in kind.groups for each in at_path(said, path)]
    if kind.is_launched:
        if template is None and resource.type != _NODES:
            return (), (Unknown(f"from what {resource.id} launches instances is not said"),)
        values += items(within(template, "SecurityGroupIds"))
        for each in mappings(within(template, "NetworkInterfaces")):
            values += items(each.get("Groups"))
    known, unknown = reader.ids(values)
    if resource.type == _CLUSTER:  # EKS adds a group that it makes itself
        known = (*known, cluster_group(str(resource.id)))
    if resource.type == _NODES and not known and not unknown:
        of = reader.id(said.get("ClusterName"))
        return (cluster_group(of) if isinstance(of, str) else "the group of the cluster",), ()
    if resource.type == _LOAD_BALANCER and not known and not unknown:
        type_ = resource.get("Type")
        if type_ in ("network", "gateway"):
            return None, ()
        if isinstance(type_, Unknown):
            return (), (type_,)
    return known, unknown
