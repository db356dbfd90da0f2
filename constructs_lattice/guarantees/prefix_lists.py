"""Prefix lists that are not in the templates: what is in those that the templates have by their ids only.

https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

from constructs_lattice.model.block import DYNAMODB, LATTICE, S3, Block
from constructs_lattice.model.ranges import Ranges
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import PrefixList

__all__ = ["Content", "Contents", "checked", "prefix_lists_of"]

Content: TypeAlias = str | Sequence[str]
"""The name of a list that AWS manages, a block, or blocks."""

Contents: TypeAlias = Mapping[str, Content]
"""What is in prefix lists, by their ids."""

_ID = re.compile(r"pl-[0-9a-z]+")
_MANAGED = re.compile(r"com\.amazonaws\.[a-z0-9-]+\.(?P<ipv6>ipv6\.)?(?P<service>[a-z0-9.-]+)")
_SERVICES = {"s3": S3, "dynamodb": DYNAMODB, "vpc-lattice": LATTICE}
_OF_VERSION: dict[int, type[IPv4Network] | type[IPv6Network]] = {4: IPv4Network, 6: IPv6Network}


def checked(contents: Contents) -> Contents:
    """The same. Raises `ValueError` for what is no id, and for what is neither the name of a list nor blocks."""
    for id_, content in contents.items():
        if not _ID.fullmatch(id_):
            raise ValueError(f"the id of a prefix list begins with pl-, got {id_!r}")
        prefix_list(id_, content)
    return contents


def prefix_lists_of(contents: Contents) -> list[PrefixList]:
    """The lists as a network has them. Raises `ValueError` for what is neither the name of a list nor blocks."""
    return [prefix_list(id_, content) for id_, content in contents.items()]


def prefix_list(id: str, content: Content) -> PrefixList:
    """One list: the entries, or why nobody knows them. AWS services have addresses that stand for theirs."""
    if isinstance(content, str) and (managed := _MANAGED.fullmatch(content)):
        version = 6 if managed["ipv6"] else 4
        if (service := _SERVICES.get(managed["service"])) is None:
            return PrefixList(id=id, doubts=(Unknown(f"the entries of {content} are not known"),))
        return PrefixList(id=id, entries=_stand_ins(service[version], version))
    try:
        return PrefixList(id=id, entries=tuple(Block(ip_network(each)) for each in _blocks(content)))
    except ValueError as error:
        raise ValueError(
            f"{id} must be the name of a list that AWS manages, such as com.amazonaws.eu-west-1.vpc-lattice, or blocks:"
            f" {error}"
        ) from None


def _blocks(content: Content) -> Sequence[str]:
    return [content] if isinstance(content, str) else content


def _stand_ins(ranges: Ranges, version: int) -> tuple[Block, ...]:
    """The blocks that a range of addresses is, which stand for those of a service."""
    made = _OF_VERSION[version]
    whole = made(0).max_prefixlen
    return tuple(Block(made((low, whole - (high - low + 1).bit_length() + 1))) for low, high in ranges)
