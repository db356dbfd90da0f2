"""The prefix lists of VPC Lattice: the addresses that its traffic comes from and goes to.

AWS manages two of them in each region, `com.amazonaws.<region>.vpc-lattice` for IPv4 and
`com.amazonaws.<region>.ipv6.vpc-lattice`. Their addresses may change: rules should name the lists, never the addresses.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from aws_cdk import CfnParameter, Stack
from aws_cdk import aws_ec2 as ec2

from constructs_lattice._checks import check_pattern
from constructs_lattice._construct import path_of, stack_of
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from constructs import Construct

__all__ = ["LatticePrefixLists"]

_ID = re.compile(r"pl-[0-9a-f]{8,17}")
_TO, _FROM = "to VPC Lattice", "from VPC Lattice"
_DUMMY = "pl-xxxxxxxx"  # what a look-up gives until `cdk synth` has looked


@dataclass(frozen=True, slots=True, kw_only=True)
class LatticePrefixLists:
    """The ids of the prefix lists of VPC Lattice in one region.

    A client's security group lets traffic out to them; a target's security group lets traffic in from them, on the
    targets' port *and* on the port of the health checks. A security group as the source or the destination does not
    work.

    Raises `ArgumentError` for an id that is none.
    """

    ipv4: str
    ipv6: str | None = None

    def __post_init__(self) -> None:
        """Check the ids."""
        for name, id_ in (("ipv4", self.ipv4), ("ipv6", self.ipv6)):
            if id_ != _DUMMY:
                check_pattern("prefix lists", name, id_, _ID, "be the id of a prefix list such as pl-0123456789abcdef0")

    @classmethod
    def of(cls, *, ipv4: str, ipv6: str | None = None) -> Self:
        """Lists whose ids are known. `aws ec2 describe-managed-prefix-lists` tells them; they differ by region."""
        return cls(ipv4=ipv4, ipv6=ipv6)

    @classmethod
    def from_lookup(cls, scope: Construct) -> Self:
        """Lists looked up in the stack's account by `cdk synth`, which remembers them in cdk.context.json.

        Raises `ArgumentError` when the stack's account or region is not known.
        """
        stack = Stack.of(scope)
        if is_token(stack.account) or is_token(stack.region):
            raise ArgumentError(
                f"{stack.node.path}: prefix lists are looked up in an account and a region, but the stack has no env; "
                "give it one, or use LatticePrefixLists.of or LatticePrefixLists.from_parameters"
            )
        ids = [
            ec2.PrefixList.from_lookup(
                scope, f"{family}PrefixList", prefix_list_name=f"com.amazonaws.{stack.region}.{name}"
            ).prefix_list_id
            for family, name in (("Ipv4", "vpc-lattice"), ("Ipv6", "ipv6.vpc-lattice"))
        ]
        return cls(ipv4=ids[0], ipv6=ids[1])

    @classmethod
    def from_parameters(cls, scope: Construct, id: str = "LatticePrefixList") -> Self:
        """The IPv4 list as a parameter of the stack, for stacks that are deployed to any account and region."""
        parameter = CfnParameter(
            scope,
            id,
            description="The id of the prefix list com.amazonaws.<region>.vpc-lattice",
            allowed_pattern=f"^{_ID.pattern}$",
        )
        return cls(ipv4=parameter.value_as_string)

    def allow_to(self, client: ec2.IConnectable, port: int = 443) -> None:
        """Let a client's security groups send requests to services, on a listener's port.

        Those that let everything out, as the CDK makes them by default, let it out over IPv4; over IPv6, they get what
        they need.
        """
        for group in client.connections.security_groups:
            if not group.allow_all_outbound:
                for peer in self.peers:
                    group.add_egress_rule(peer, ec2.Port.tcp(port), _TO)
            elif isinstance(group, ec2.SecurityGroup) and not group.allow_all_ipv6_outbound:
                self._allow_to_ipv6(group, port)

    def allow_from(self, target: ec2.IConnectable, *ports: int, beside: Construct | None = None) -> None:
        """Let a target's security groups take requests and health checks on `ports`.

        `beside` is what refers to the target: where that is in another stack, lists that only the deployment knows are
        named there. The target's stack would depend on it otherwise, and it on the target's.
        """
        groups = target.connections.security_groups
        apart = beside is not None and is_token(self.ipv4) and any(stack_of(g) is not stack_of(beside) for g in groups)
        for port in ports:
            if beside is not None and apart:
                for group in groups:
                    self._allow_beside(beside, group, port)
                continue
            for peer in self.peers:
                target.connections.allow_from(peer, ec2.Port.tcp(port), _FROM)

    def _allow_beside(self, beside: Construct, group: ec2.ISecurityGroup, port: int) -> None:
        for family, id_ in (("Ipv4", self.ipv4), ("Ipv6", self.ipv6)):
            if id_ is not None:
                ec2.CfnSecurityGroupIngress(
                    beside,
                    f"From{family}To-{path_of(group)}-{port}",
                    group_id=group.security_group_id,
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    source_prefix_list_id=id_,
                    description=_FROM,
                )

    def _allow_to_ipv6(self, group: ec2.SecurityGroup, port: int) -> None:
        # The CDK takes every prefix list for one of IPv4, and leaves out what a group that is open lets out anyway.
        id_ = f"ToVpcLatticeIpv6-{port}"
        if self.ipv6 is not None and group.node.try_find_child(id_) is None:
            ec2.CfnSecurityGroupEgress(
                group,
                id_,
                group_id=group.security_group_id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                destination_prefix_list_id=self.ipv6,
                description=_TO,
            )

    @property
    def peers(self) -> list[ec2.IPeer]:
        """The lists as peers for `connections`."""
        return [ec2.Peer.prefix_list(id_) for id_ in (self.ipv4, self.ipv6) if id_ is not None]
