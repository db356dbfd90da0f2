"""The names of ends, for people who have constructs in their hands."""

from typing import Any, Final

__all__ = ["Anonymous", "End", "Internet", "Internet6", "caller_name_of", "name_of"]

Internet: Final = "internet"
"""Hosts of the public internet, over IPv4."""

Internet6: Final = "internet6"
"""Hosts of the public internet, over IPv6."""

Anonymous: Final = "anonymous"
"""Whoever sends requests to VPC Lattice services without signing them."""

_IDENTIFYING = {"role_arn": "arn:", "user_arn": "arn:", "arn": "arn:", "vpc_id": "vpc-"}

End = Any
"""A name as in a file of guarantees, a construct, or a tier of a VPC."""


def name_of(end: End) -> str:
    """The name of an end: its own, that of a tier, or the path of a construct.

    Raises `TypeError` for anything else.
    """
    if isinstance(end, str):
        return end
    named = getattr(end, "guarantee_name", None)
    if isinstance(named, str):
        return named
    node = getattr(end, "node", None)
    if node is not None and isinstance(path := node.path, str):
        return path
    raise TypeError(f"a guarantee is about names, constructs and tiers, got {type(end).__name__}")


def caller_name_of(end: End) -> str:
    """The name of what calls: as `name_of`, but what is imported by its ARN or its id goes by that.

    Raises `TypeError` for anything else.
    """
    for attribute, beginning in _IDENTIFYING.items():
        identifier = getattr(end, attribute, None)
        # Those of what the application defines are tokens.
        if isinstance(identifier, str) and identifier.startswith(beginning) and "${" not in identifier:
            return identifier
    return name_of(end)
