"""Associations of VPCs with service networks: they let what is in the VPC call services of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import Annotations, ConstructSelector
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces
from constructs import IConstruct, IValidation

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource, name_tag, path_of, root_of
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc import EncryptionExclusion, VpcInterface, check_admitted, is_pending
from constructs_lattice.vpc.looked_up import DUMMY_VPC_ID
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.ownership import check_here
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Region, unsupported_zones
from constructs_lattice.vpc_lattice.vpc_identity import check_dns, check_in_vpc, check_security_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists
    from constructs_lattice.vpc_lattice.private_domains import PrivateDomains

__all__ = ["VpcAssociation", "VpcAssociationBase", "association_of"]

_TYPE = "AWS::VpcLattice::ServiceNetworkVpcAssociation"

# For each app, the associations of each service network, by its ARN, and which construct associates each VPC.
_OF_NETWORKS: WeakKeyDictionary[Any, dict[str, list[VpcAssociation]]] = WeakKeyDictionary()
_ASSOCIATED: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def association_of(scope: IConstruct, vpc: ec2.IVpc) -> str | None:
    """The path of the construct that associates `vpc` so far, in the app of `scope`; none if there is none."""
    return _ASSOCIATED.get(root_of(scope), {}).get(vpc.vpc_id)


@jsii.implements(interfaces.IServiceNetworkVpcAssociationRef)
class VpcAssociationBase(LatticeResource):
    """An association of a VPC, defined or imported."""

    @property
    def vpc_association_arn(self) -> str:
        """The ARN."""
        raise NotImplementedError

    @property
    def vpc_association_id(self) -> str:
        """The id, such as `snva-0123456789abcdef0`."""
        return id_of(self.vpc_association_arn)

    @property
    def service_network_vpc_association_ref(self) -> interfaces.ServiceNetworkVpcAssociationReference:
        """The reference by which constructs of the CDK know it."""
        arn = self.vpc_association_arn
        return interfaces.ServiceNetworkVpcAssociationReference(service_network_vpc_association_arn=arn)


@jsii.implements(ec2.IConnectable)
class VpcAssociation(VpcAssociationBase):
    """Associates a VPC with a service network.

    A VPC has one association at most. For a second network, and for clients that come over peering, a Transit Gateway,
    VPN or Direct Connect, there is the `ServiceNetworkEndpoint`. Only the owner of a VPC can associate it.

    Args:
        scope: The construct that this association is part of.
        id: The id within `scope`.
        service_network: The service network, one's own or one that is shared with the stack's account.
        vpc: The VPC, ours or any `ec2.IVpc`.
        security_groups: At most five groups of the VPC, which must admit the clients on the listeners' ports. None by
            default: nothing is filtered then. An association that has groups cannot lose them all again: it would have
            to be deleted first, and made anew in another deployment.
        private_dns: For which custom domain names of resources the VPC gets a private hosted zone. None by default. It
            cannot be changed later.
        prefix_lists: The prefix lists of VPC Lattice, for `allow_client`. None by default.

    Raises:
        ArgumentError: The region has no VPC Lattice, or the network or the VPC is in another one, there are too many
            groups or one of another VPC, the VPC lacks what private DNS needs, has an association already, or enforces
            encryption without excluding VPC Lattice.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service_network: interfaces.IServiceNetworkRef,
        vpc: ec2.IVpc,
        security_groups: Sequence[ec2.ISecurityGroup] = (),
        private_dns: PrivateDomains | None = None,
        prefix_lists: LatticePrefixLists | None = None,
    ) -> None:
        where = Place(scope, id)
        region = Region.of(scope)
        region.check(where)
        arn = service_network.service_network_ref.service_network_arn
        check_here(where, scope, ("service network", service_network, arn), ("vpc", vpc, vpc.vpc_id))
        check_security_groups(where, vpc, security_groups, 0)
        if private_dns is not None:
            check_dns(where, vpc)
        check_admitted(where, vpc, EncryptionExclusion.VPC_LATTICE)
        vpc_id = vpc.vpc_id
        root = root_of(scope)
        associated = _ASSOCIATED.setdefault(root, {})
        if vpc_id in associated and not is_pending(vpc):
            raise ArgumentError(
                f"{where}: the vpc is associated with a service network already, by {associated[vpc_id]}, and "
                "can be with one only; connect it to another one by a ServiceNetworkEndpoint"
            )
        super().__init__(scope, id)
        self._vpc = vpc
        self._connections = ec2.Connections(security_groups=list(security_groups))
        self._prefix_lists = prefix_lists
        self._resource = vpclattice.CfnServiceNetworkVpcAssociation(
            self,
            "Resource",
            service_network_identifier=arn,
            vpc_identifier=vpc_id,
            security_group_ids=[group.security_group_id for group in security_groups] or None,
            private_dns_enabled=None if private_dns is None else True,
            dns_options=None
            if private_dns is None
            else vpclattice.CfnServiceNetworkVpcAssociation.DnsOptionsProperty(**private_dns.options()),
            tags=[name_tag(self)],
        )
        if not associated:
            self.node.add_validation(_OnlyOnce(root, associated))
        associated[vpc_id] = path_of(self)
        _OF_NETWORKS.setdefault(root, {}).setdefault(arn, []).append(self)
        region.count(self, Quota.VPC_ASSOCIATIONS, arn)
        self._warn_of_zones()

    @staticmethod
    def from_vpc_association_arn(scope: Construct, id: str, vpc_association_arn: str) -> VpcAssociationBase:
        """An association that exists already. Raises `ArgumentError` for anything else than the ARN of one."""
        return _ImportedVpcAssociation(scope, id, arn=vpc_association_arn)

    @staticmethod
    def from_vpc_association_id(scope: Construct, id: str, vpc_association_id: str) -> VpcAssociationBase:
        """An association of the stack's own account and region, such as `snva-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        Identified.VPC_ASSOCIATION.check_id(Place(scope, id), "vpc_association_id", vpc_association_id)
        return _ImportedVpcAssociation(scope, id, arn=Identified.VPC_ASSOCIATION.arn_of(scope, vpc_association_id))

    @property
    def vpc_association_arn(self) -> str:
        """The ARN."""
        return self._resource.attr_arn

    @property
    def resource(self) -> vpclattice.CfnServiceNetworkVpcAssociation:
        """The association itself, as CloudFormation knows it."""
        return self._resource

    @property
    def vpc(self) -> ec2.IVpc:
        """The VPC."""
        return self._vpc

    @property
    def connections(self) -> ec2.Connections:
        """Who may call: without security groups everybody in the VPC, and then this changes nothing."""
        return self._connections

    def allow_client(self, client: ec2.IConnectable, port: int = 443) -> None:
        """Let a client send requests to the network's services, on a listener's port.

        The client's security groups let them out to the prefix lists of VPC Lattice, and those of the association, if
        there are any, let them in from the client's.

        Raises `ArgumentError` without prefix lists, or for a client in another VPC.
        """
        path = path_of(self)
        if self._prefix_lists is None:
            raise ArgumentError(
                f"{path}: security groups are opened to VPC Lattice by its prefix lists; give prefix_lists"
            )
        clients = client.connections.security_groups
        check_in_vpc(path, "clients", self._vpc, clients)
        self._prefix_lists.allow_to(client, port)
        for group in self._connections.security_groups:
            for peer in clients:
                # The rule is in the client's stack, which depends on this one anyway.
                group.add_ingress_rule(peer, ec2.Port.tcp(port), "clients of VPC Lattice", remote_rule=True)

    @classmethod
    def of_network(cls, network: interfaces.IServiceNetworkRef) -> list[VpcAssociation]:
        """The associations of a service network, as far as this app makes them."""
        arn = network.service_network_ref.service_network_arn
        return list(_OF_NETWORKS.get(root_of(network), {}).get(arn, []))

    def _warn_of_zones(self) -> None:
        zones = self._vpc.tiers[0].zones if isinstance(self._vpc, VpcInterface) else ()
        if bad := unsupported_zones(zones):
            Annotations.of(self).add_warning_v2(
                "constructs-lattice:latticeUnsupportedZone",
                f"VPC Lattice is not in the zone {bad[0]}, in which the vpc has subnets",
            )


@jsii.implements(IValidation)
class _OnlyOnce:
    """Finds L1 constructs that associate a VPC again. Node asks at synthesis, once for an app."""

    def __init__(self, root: IConstruct, paths: dict[str, str]) -> None:
        self._root = root
        self._paths = paths

    def validate(self) -> list[str]:
        """What associates a VPC besides its `VpcAssociation`."""
        found: list[Any] = ConstructSelector.resources_of_type(_TYPE).select(self._root)
        return [
            f"the vpc of {self._paths[each.vpc_identifier]} is associated with a service network again, by "
            f"{each.node.path}, and can be with one only; connect it to another one by a ServiceNetworkEndpoint"
            for each in found
            if each.vpc_identifier in self._paths
            and each.vpc_identifier != DUMMY_VPC_ID
            and each.node.path != f"{self._paths[each.vpc_identifier]}/Resource"
        ]


class _ImportedVpcAssociation(Imported, VpcAssociationBase):
    def __init__(self, scope: Construct, id: str, *, arn: str) -> None:
        Identified.VPC_ASSOCIATION.check_arn(Place(scope, id), "vpc_association_arn", arn)
        super().__init__(scope, id)
        self._arn = arn

    @property
    def vpc_association_arn(self) -> str:
        return self._arn
