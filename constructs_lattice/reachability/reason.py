"""Why something is so: the rule that decided, where, in one sentence, and AWS's own word for it where there is one."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Hop", "Reason", "reasons_in_lines"]

_MOST_NAMES = 3

_OF_OWNER = re.compile(r"((?:[^./]+/)*[^./]+\.[^./]+)/.+\..+")
"""The id of one of several interfaces: the owner, and the subnet."""


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """One reason.

    `rule` is an id of the coverage table in the documentation, such as `SG-1`. `code` is the explanation code of the
    Reachability Analyzer for the same, if it has one.

    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """

    rule: str
    resource: str
    text: str
    code: str = ""

    def __str__(self) -> str:
        """A line."""
        return f"{self.resource}: {self.text} [{self.rule}]"


def reasons_in_lines(reasons: Iterable[Reason]) -> list[str]:
    """Lines for reasons: the same one at several resources is one line, with AWS's word for it where there is one."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for each in reasons:
        grouped.setdefault((each.rule, each.text, each.code), []).append(each.resource)
    return [
        f"{_named(resources)}: {text} [{rule}{f' {code}' if code else ''}]"
        for (rule, text, code), resources in grouped.items()
    ]


def _named(resources: list[str]) -> str:
    """A few names, and how many others there are; of an owner of several interfaces, the owner's."""
    owners = Counter(_OF_OWNER.sub(r"\1", each) for each in dict.fromkeys(resources))
    names = [name if count == 1 else f"{name} ({count} interfaces)" for name, count in owners.items()]
    if len(names) <= _MOST_NAMES:
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{', '.join(names[: _MOST_NAMES - 1])} and {len(names) - _MOST_NAMES + 1} others"


@dataclass(frozen=True, slots=True)
class Hop:
    """One station of a packet: the resource, and what it does there."""

    resource: str
    text: str

    def __str__(self) -> str:
        """A line."""
        return f"{self.resource}: {self.text}"
