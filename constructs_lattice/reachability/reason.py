"""Why something is so: the rule that decided, where, in one sentence, and AWS's own word for it where there is one."""

from dataclasses import dataclass

__all__ = ["Hop", "Reason"]


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


@dataclass(frozen=True, slots=True)
class Hop:
    """One station of a packet: the resource, and what it does there."""

    resource: str
    text: str

    def __str__(self) -> str:
        """A line."""
        return f"{self.resource}: {self.text}"
