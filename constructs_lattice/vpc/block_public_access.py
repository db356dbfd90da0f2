"""VPC Block Public Access: no internet for the VPCs of an account and region, and what is excluded from that."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

from aws_cdk import Annotations, CfnTag, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.looked_up import is_pending
from constructs_lattice.vpc.selection import pick

__all__ = [
    "InternetGatewayBlockMode",
    "InternetGatewayExclusionMode",
    "VpcBlockPublicAccessExclusion",
    "VpcBlockPublicAccessOptions",
]

_QUOTA = 50


class InternetGatewayBlockMode(StrEnum):
    """What passes no internet gateway. https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html"""

    BIDIRECTIONAL = "block-bidirectional"
    """Nothing in, nothing out."""

    INGRESS = "block-ingress"
    """Nothing in. Out only through NAT gateways and egress-only internet gateways."""


class InternetGatewayExclusionMode(StrEnum):
    """What passes all the same, for what is excluded."""

    BIDIRECTIONAL = "allow-bidirectional"
    """Everything, in and out."""

    EGRESS = "allow-egress"
    """Only what goes out. This means something only where everything is blocked in both directions."""


@dataclass(slots=True)
class _Region:
    """What an app says about one account and region; about one stack, where the stack does not know where it goes."""

    options: "VpcBlockPublicAccessOptions | None" = None
    exclusions: list["VpcBlockPublicAccessExclusion"] = field(default_factory=list)
    excluded: dict[str, str] = field(default_factory=dict)
    """The ids of VPCs and subnets, with the path of the exclusion of each."""
    vpc_of: dict[str, str] = field(default_factory=dict)
    """The ids of excluded subnets, with those of their VPCs."""


_REGIONS: WeakKeyDictionary[Any, dict[tuple[str, ...], _Region]] = WeakKeyDictionary()


class VpcBlockPublicAccessOptions(LatticeConstruct):
    """Blocks what passes the internet gateways of *all* VPCs that this account has in this region.

    There is one such setting for an account and region, so it belongs into a stack that is deployed once for them, and
    not into the stack of a VPC. Where an organization's declarative policy sets it, an account cannot. Deleting it
    turns it off. It is made after the exclusions of its stack, so that what is excluded is not cut off in between.

    Args:
        scope: The construct that this setting is part of.
        id: The id within `scope`.
        mode: Whether both directions are blocked or only what comes in. Both by default.

    Raises:
        ArgumentError: The app has the setting for this account and region already.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        mode: InternetGatewayBlockMode = InternetGatewayBlockMode.BIDIRECTIONAL,
    ) -> None:
        region = _region(scope)
        if region.options is not None:
            raise ArgumentError(
                f"{Place(scope, id)}: block public access is set by {region.options.node.path} already, and is one "
                "setting for an account and region; set it once"
            )
        super().__init__(scope, id)
        self._mode = mode
        self._resource = ec2.CfnVPCBlockPublicAccessOptions(self, "Resource", internet_gateway_block_mode=mode)
        region.options = self
        for exclusion in region.exclusions:
            _meet(self, exclusion)

    @property
    def mode(self) -> InternetGatewayBlockMode:
        """What is blocked."""
        return self._mode

    @property
    def resource(self) -> ec2.CfnVPCBlockPublicAccessOptions:
        """The setting itself, as CloudFormation knows it."""
        return self._resource


class VpcBlockPublicAccessExclusion(LatticeConstruct):
    """Excludes a VPC, or some of its subnets, from Block Public Access.

    It may be there before the blocking is, and then nothing is cut off. A load balancer with one excluded subnet can be
    reached, and reaches targets in others. AWS Network Firewall passes nothing even where the subnets of its endpoints
    are excluded.

    Args:
        scope: The construct that this exclusion is part of.
        id: The id within `scope`.
        vpc: The VPC, ours or any `ec2.IVpc`.
        subnets: Which of its subnets, such as `vpc.tier("web").selection`. The whole VPC by default.
        mode: What passes. Both directions by default.

    Raises:
        ArgumentError: The VPC is excluded already; or, as a whole, while some of its subnets are.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html#security-vpc-bpa-exclusions
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        mode: InternetGatewayExclusionMode = InternetGatewayExclusionMode.BIDIRECTIONAL,
    ) -> None:
        where = Place(scope, id)
        region, vpc_id = _region(scope), vpc.vpc_id
        chosen = [] if subnets is None else pick(vpc, subnets).subnets
        if not is_pending(vpc):
            _check_free(where, region, vpc_id, [subnet.subnet_id for subnet in chosen])
        super().__init__(scope, id)
        self._mode = mode
        self._resources = [
            ec2.CfnVPCBlockPublicAccessExclusion(
                self,
                subnet.node.id,
                subnet_id=subnet.subnet_id,
                internet_gateway_exclusion_mode=mode,
                tags=[CfnTag(key="Name", value=f"{self.node.path}/{subnet.node.id}")],
            )
            for subnet in chosen
        ] or [
            ec2.CfnVPCBlockPublicAccessExclusion(
                self,
                "Resource",
                vpc_id=vpc_id,
                internet_gateway_exclusion_mode=mode,
                tags=[CfnTag(key="Name", value=self.node.path)],
            )
        ]
        region.excluded |= {id_: str(where) for id_ in ([subnet.subnet_id for subnet in chosen] or [vpc_id])}
        region.vpc_of |= {subnet.subnet_id: vpc_id for subnet in chosen}
        region.exclusions.append(self)
        if region.options is not None:
            _meet(region.options, self)
        if len(region.excluded) > _QUOTA:
            Annotations.of(self).add_warning_v2(
                "constructs-lattice:block-public-access-exclusions-quota",
                f"there are more than {_QUOTA} exclusions in an account and region: ask AWS for a larger quota before "
                "you deploy",
            )

    @property
    def mode(self) -> InternetGatewayExclusionMode:
        """What passes."""
        return self._mode

    @property
    def resources(self) -> list[ec2.CfnVPCBlockPublicAccessExclusion]:
        """The exclusions themselves, as CloudFormation knows them: one for the VPC, or one for each subnet."""
        return list(self._resources)


def _region(scope: Construct) -> _Region:
    """What is said about where the stack of `scope` goes."""
    stack = Stack.of(scope)
    known = not is_token(stack.account) and not is_token(stack.region)
    key = (stack.account, stack.region) if known else (stack.node.path,)
    return _REGIONS.setdefault(scope.node.root, {}).setdefault(key, _Region())


def _check_free(where: Place, region: _Region, vpc_id: str, subnet_ids: list[str]) -> None:
    if vpc_id in region.excluded:
        raise ArgumentError(
            f"{where}: the vpc is excluded as a whole already, by {region.excluded[vpc_id]}, with all its subnets; "
            "take one of them back"
        )
    for id_ in subnet_ids or _excluded_subnets(region, vpc_id):
        if id_ in region.excluded:
            what = "a subnet is excluded" if subnet_ids else "subnets of the vpc are excluded"
            raise ArgumentError(f"{where}: {what} already, by {region.excluded[id_]}; take one of them back")


def _excluded_subnets(region: _Region, vpc_id: str) -> Iterator[str]:
    return (subnet for subnet, vpc in region.vpc_of.items() if vpc == vpc_id)


def _meet(options: VpcBlockPublicAccessOptions, exclusion: VpcBlockPublicAccessExclusion) -> None:
    """Exclude before blocking, and warn of an exclusion without effect."""
    if Stack.of(options) is Stack.of(exclusion):
        options.node.add_dependency(exclusion)
    is_idle = exclusion.mode is InternetGatewayExclusionMode.EGRESS
    if is_idle and options.mode is InternetGatewayBlockMode.INGRESS:
        Annotations.of(exclusion).add_warning_v2(
            "constructs-lattice:block-public-access-exclusion-without-effect",
            f"allow-egress means nothing here: {options.node.path} blocks only what comes in",
        )
