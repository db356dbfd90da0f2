"""Prefix lists: blocks that are kept in one place, and referred to by routes and security groups."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Self

import jsii
from aws_cdk import CfnTag, Names
from aws_cdk import aws_ec2 as ec2
from aws_cdk.interfaces import aws_ec2 as interfaces
from constructs import Construct

from constructs_lattice._checks import Place, check_count, check_pattern, check_range, check_text
from constructs_lattice._construct import LatticeResource
from constructs_lattice._tokens import is_token
from constructs_lattice.addressing import check_destination, contains
from constructs_lattice.addressing.block import parse_block, parse_ipv6_block
from constructs_lattice.errors import AddressError, ArgumentError

__all__ = ["PrefixList", "PrefixListEntry"]

_ID = re.compile(r"pl-[0-9a-f]{8,17}")
_MOST_AT_ONCE = 100
_MOST_ENTRIES = 1_000
_LONGEST_TEXT = 255
_OF_AWS = "com.amazonaws"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixListEntry:
    """A block in a prefix list, and what it is.

    Raises `AddressError` for a malformed block, and `ArgumentError` for a description that is too long.
    """

    cidr: str
    description: str | None = None

    def __post_init__(self) -> None:
        """Check the block and the description."""
        check_destination("prefix list entry", self.cidr)
        check_text(f"prefix list entry {self.cidr}", "description", self.description, 0, _LONGEST_TEXT)

    @classmethod
    def of(cls, cidr: str, description: str | None = None) -> Self:
        """In short: `PrefixListEntry.of("192.168.0.0/20", "Berlin")`."""
        return cls(cidr=cidr, description=description)


@jsii.implements(ec2.IPrefixList)
class PrefixList(LatticeResource):
    """A customer-managed prefix list: a destination of routes, and a peer of security groups.

    Whoever refers to the list follows when its entries change. A reference counts as `max_entries` against the quota of
    routes of a table, or of rules of a security group, however many entries there are.

    EC2 changes the entries or their largest number, never both at once. So the number does not follow the entries:
    leave room, and raise it in a deployment of its own before there are more.

    Args:
        scope: The construct that this list is part of.
        id: The id within `scope`.
        entries: The blocks, all of one family, none within another. Their order is of no consequence.
        max_entries: How many there may be, 1 to 1,000. 20 by default.
        address_family: The family of the blocks. IPv4 by default.
        prefix_list_name: The name, up to 255 characters. The path in the construct tree by default.

    Raises:
        AddressError: Two blocks overlap, or one is of the other family.
        ArgumentError: There are more entries than there may be, or more than the 100 that CloudFormation takes; or the
            name is none.

    https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        entries: Sequence[PrefixListEntry] = (),
        max_entries: int = 20,
        address_family: ec2.AddressFamily = ec2.AddressFamily.IP_V4,
        prefix_list_name: str | None = None,
    ) -> None:
        where = Place(scope, id)
        check_range(where, "max_entries", max_entries, 1, _MOST_ENTRIES)
        check_text(where, "prefix_list_name", prefix_list_name, 1, _LONGEST_TEXT)
        if prefix_list_name is not None and prefix_list_name.startswith(_OF_AWS):
            raise ArgumentError(f"{where}: prefix_list_name must not begin with {_OF_AWS!r}, got {prefix_list_name!r}")
        check_count(where, "entries", len(entries), 0, _MOST_AT_ONCE)
        if not is_token(max_entries) and len(entries) > max_entries:
            raise ArgumentError(
                f"{where}: there are {len(entries)} entries, but max_entries is {max_entries}; raise it first, in a "
                "deployment without other changes of the list"
            )
        _check_blocks(where, [entry.cidr for entry in entries], address_family)
        super().__init__(scope, id)
        self._address_family = address_family
        self._resource = ec2.CfnPrefixList(
            self,
            "Resource",
            address_family="IPv4" if address_family is ec2.AddressFamily.IP_V4 else "IPv6",
            prefix_list_name=prefix_list_name or self.node.path.replace("/", "-")[-_LONGEST_TEXT:],
            max_entries=max_entries,
            entries=[
                ec2.CfnPrefixList.EntryProperty(cidr=entry.cidr, description=entry.description)
                for entry in sorted(entries, key=_by_address)
            ],
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        self._id = self._resource.attr_prefix_list_id
        self._connections = ec2.Connections(peer=self)

    @staticmethod
    def from_prefix_list_id(scope: Construct, id: str, prefix_list_id: str) -> ec2.IPrefixList:
        """A list that exists already, of this account, shared by another, or of AWS.

        Raises `ArgumentError` for an id that is none.
        """
        rule = "be the id of a prefix list such as pl-0123456789abcdef0"
        check_pattern(Place(scope, id), "prefix_list_id", prefix_list_id, _ID, rule)
        return ec2.PrefixList.from_prefix_list_id(scope, id, prefix_list_id)

    @property
    def resource(self) -> ec2.CfnPrefixList:
        """The list itself, as CloudFormation knows it."""
        return self._resource

    @property
    def address_family(self) -> ec2.AddressFamily:
        """The family of its blocks."""
        return self._address_family

    @property
    def prefix_list_id(self) -> str:
        """The id, such as `pl-0123456789abcdef0`."""
        return self._id

    @property
    def prefix_list_arn(self) -> str:
        """The ARN."""
        return self._resource.attr_arn

    @property
    def prefix_list_ref(self) -> interfaces.PrefixListReference:
        """The reference by which L1 constructs know the list."""
        return interfaces.PrefixListReference(prefix_list_id=self._id, prefix_list_arn=self.prefix_list_arn)

    @property
    def connections(self) -> ec2.Connections:
        """The list as a peer of `connections`."""
        return self._connections

    @property
    def can_inline_rule(self) -> bool:
        """No: a rule that names the list is a resource of its own."""
        return False

    @property
    def unique_id(self) -> str:
        """What tells it apart from other peers, and names the rules: where it is in the construct tree."""
        return Names.unique_id(self)

    def to_ingress_rule_config(self) -> ec2.IngressRuleConfig:
        """As the source of a rule of a security group."""
        return ec2.IngressRuleConfig(source_prefix_list_id=self._id)

    def to_egress_rule_config(self) -> ec2.EgressRuleConfig:
        """As the destination of a rule of a security group."""
        return ec2.EgressRuleConfig(destination_prefix_list_id=self._id)


def _check_blocks(where: Place, cidrs: Sequence[str], family: ec2.AddressFamily) -> None:
    """Raise `AddressError` unless the blocks are of that family and disjoint; tokens are what they will be."""
    is_ipv4 = family is ec2.AddressFamily.IP_V4
    blocks: list[IPv4Network | IPv6Network] = []
    for cidr in (each for each in cidrs if not is_token(each)):
        if (":" in cidr) is is_ipv4:
            wanted, other = ("IPv4", "IPv6") if is_ipv4 else ("IPv6", "IPv4")
            raise AddressError(
                f"{where}: the list is for {wanted} blocks, got {cidr}; put {other} blocks into a list of their own"
            )
        block = (parse_block if is_ipv4 else parse_ipv6_block)(where, cidr)
        for there in blocks:
            if there == block:
                raise AddressError(f"{where}: {cidr} is there twice; leave one of them out")
            if contains(there, block) or contains(block, there):
                inner, outer = (block, there) if contains(there, block) else (there, block)
                raise AddressError(f"{where}: {inner} is within {outer}; leave one of them out")
        blocks.append(block)


def _by_address(entry: PrefixListEntry) -> tuple[Any, ...]:
    """Known blocks by their addresses, then tokens in the order in which they were given."""
    if is_token(entry.cidr):
        return (1, 0, 0)
    parse = parse_ipv6_block if ":" in entry.cidr else parse_block
    block = parse("entry", entry.cidr)
    return (0, int(block.network_address), block.prefixlen)
