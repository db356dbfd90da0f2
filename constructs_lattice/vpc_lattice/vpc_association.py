"""Associations of VPCs with service networks: they let what is in the VPC call services of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from aws_cdk import CfnTag
from aws_cdk import aws_vpclattice as vpclattice

from constructs_lattice._checks import Place, check_count
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

__all__ = ["VpcAssociation"]

_MOST_SECURITY_GROUPS = 5
_DUMMY = "vpc-12345"  # every VPC that is looked up, until `cdk synth` has looked

# For each app, which construct associates each VPC.
_ASSOCIATED: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


class VpcAssociation(LatticeConstruct):
    """Associates a VPC with a service network.

    A VPC has one association at most. For a second network, and for clients that come over peering, a Transit Gateway,
    VPN or Direct Connect, there are service network endpoints.

    Args:
        scope: The construct that this association is part of.
        id: The id within `scope`.
        service_network: The service network.
        vpc: The VPC, ours or any `ec2.IVpc`.
        security_groups: At most five groups of the VPC, which must admit the clients on the listeners' ports. None by
            default: nothing is filtered then. An association that has groups cannot lose them all again.

    Raises:
        ArgumentError: There are too many groups, or the VPC has an association already.

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
    ) -> None:
        where = Place(scope, id)
        check_count(where, "security_groups", len(security_groups), 0, _MOST_SECURITY_GROUPS)
        vpc_id = vpc.vpc_id
        associated = _ASSOCIATED.setdefault(scope.node.root, {})
        if vpc_id in associated and vpc_id != _DUMMY:
            raise ArgumentError(
                f"{where}: the vpc is associated with a service network already, by {associated[vpc_id]}, and can be "
                "with one only; connect it to another one by a service network endpoint"
            )
        super().__init__(scope, id)
        self._vpc = vpc
        self._resource = vpclattice.CfnServiceNetworkVpcAssociation(
            self,
            "Resource",
            service_network_identifier=service_network.service_network_ref.service_network_arn,
            vpc_identifier=vpc_id,
            security_group_ids=[group.security_group_id for group in security_groups] or None,
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        associated[vpc_id] = self.node.path

    @property
    def resource(self) -> vpclattice.CfnServiceNetworkVpcAssociation:
        """The association itself, as CloudFormation knows it."""
        return self._resource

    @property
    def vpc(self) -> ec2.IVpc:
        """The VPC."""
        return self._vpc
