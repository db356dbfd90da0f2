"""Names of VPC Lattice resources, whose limits in CloudFormation are tighter than the service's own.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_VpcLattice.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from aws_cdk import Annotations

from constructs_lattice._checks import check_pattern, check_text
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["Named", "check_name", "make_name", "warn_of_name"]

_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LEAST = 3
_DIGITS = 8


class Named(Enum):
    """What has a name: the longest one, and the beginning that ids have and names must not."""

    SERVICE_NETWORK = (63, "servicenetwork-")
    SERVICE = (40, "svc-")
    LISTENER = (63, "listener-")
    RULE = (63, "rule-")
    TARGET_GROUP = (128, "tg-")
    RESOURCE_GATEWAY = (40, "rgw-")
    RESOURCE_CONFIGURATION = (40, "rcfg-")


def check_name(where: object, argument: str, name: str | None, named: Named) -> None:
    """Raise `ArgumentError` unless `name` is absent, a token, or a valid name for what is `named`."""
    most, prefix = named.value
    check_text(where, argument, name, _LEAST, most)
    check_pattern(
        where,
        argument,
        name,
        _PATTERN,
        "be lower-case letters, digits and single hyphens, beginning and ending with a letter or a digit",
    )
    if name is not None and not is_token(name) and name.startswith(prefix):
        raise ArgumentError(f"{where}: {argument} must not begin with {prefix!r}, which ids do, got {name!r}")


def warn_of_name(construct: IConstruct, argument: str, name: str | None, changes: str) -> None:
    """Warn when there is a name that stands in the way of `changes`: CloudFormation makes the successor first."""
    if name is not None:
        Annotations.of(construct).add_warning_v2(
            "constructs-lattice:latticeNameInTheWay",
            f"another one takes its place when {changes} changes, and cannot have the same {argument} meanwhile; leave "
            "the name out, or change it together with the rest",
        )


def make_name(named: Named, path: str, identity: Iterable[Any]) -> str:
    """A name for what must have one: the end of its path, and a digest of its path and of its `identity`.

    `identity` is every property whose change replaces it: the successor, which CloudFormation makes before it deletes
    what was there, then has another name.
    """
    most, prefix = named.value
    digest = sha256(repr((path, *identity)).encode()).hexdigest()[:_DIGITS]
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", path).lower())
    while words and prefix.startswith(f"{words[0]}-"):
        words = words[1:]
    room = most - _DIGITS - 1
    while len("-".join(words)) > room:
        words = [words[0][-room:]] if len(words) == 1 else words[1:]
    return "-".join([*words, digest])
