"""Encryption Control of VPCs that were made elsewhere."""

from typing import Any
from weakref import WeakKeyDictionary

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.encryption_control import EncryptionControl, EncryptionExclusion
from constructs_lattice.vpc.looked_up import is_pending
from constructs_lattice.vpc.vpc import Vpc

__all__ = ["VpcEncryptionControl"]


# For each app, which construct controls each VPC.
_CONTROLLED: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


class VpcEncryptionControl(LatticeConstruct):
    """Monitors or enforces encryption in a VPC that was not made by `Vpc`, which takes an `encryption_control` itself.

    Args:
        scope: The construct that this control is part of.
        id: The id within `scope`.
        vpc: The VPC: any `ec2.IVpc` but a `Vpc`.
        control: Whether encryption is monitored or enforced. Monitored by default, which has to come first for a VPC
            that exists.

    Raises:
        ArgumentError: The VPC is a `Vpc`; has a control already; or would enforce encryption with public subnets, but
            without excluding the internet gateway that these have.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html
    """

    def __init__(self, scope: Construct, id: str, *, vpc: ec2.IVpc, control: EncryptionControl | None = None) -> None:
        where = Place(scope, id)
        control = control or EncryptionControl.monitor()
        if isinstance(vpc, Vpc):
            raise ArgumentError(
                f"{where}: a Vpc says by itself whether it enforces encryption, so that it does from the start; give "
                "it encryption_control"
            )
        vpc_id = vpc.vpc_id
        controlled = _CONTROLLED.setdefault(scope.node.root, {})
        if not is_pending(vpc):
            if vpc_id in controlled:
                raise ArgumentError(
                    f"{where}: the vpc has an encryption control already, by {controlled[vpc_id]}, and can have one "
                    "only; take one of them back"
                )
            if vpc.public_subnets:
                control.check_admits(where, [EncryptionExclusion.INTERNET_GATEWAY])
        super().__init__(scope, id)
        self._resource = ec2.CfnVPCEncryptionControl(
            self, "Resource", vpc_id=vpc_id, tags=[CfnTag(key="Name", value=self.node.path)]
        )
        for name, value in control.properties("ExclusionInput").items():
            self._resource.add_property_override(name, value)
        controlled[vpc_id] = self.node.path

    @property
    def resource(self) -> ec2.CfnVPCEncryptionControl:
        """The control itself, as CloudFormation knows it."""
        return self._resource
