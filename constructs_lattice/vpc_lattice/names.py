"""Names of VPC Lattice resources, whose limits in CloudFormation are tighter than the service's own.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_VpcLattice.html
"""

import re
from enum import Enum

from constructs_lattice._checks import check_pattern, check_text
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

__all__ = ["Named", "check_name"]

_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LEAST = 3


class Named(Enum):
    """What has a name: the longest one, and the beginning that ids have and names must not."""

    SERVICE_NETWORK = (63, "servicenetwork-")
    SERVICE = (40, "svc-")
    LISTENER = (63, "listener-")
    RULE = (63, "rule-")
    TARGET_GROUP = (128, "tg-")


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
