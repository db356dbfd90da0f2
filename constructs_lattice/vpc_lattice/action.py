"""What happens to requests: they are forwarded to target groups, or answered at once.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/listeners.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from constructs_lattice._checks import check_count, check_range
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.protocols import ListenerProtocol
from constructs_lattice.vpc_lattice.target_group import TargetGroupBase

if TYPE_CHECKING:
    from aws_cdk.interfaces import aws_vpclattice as interfaces

__all__ = ["Action", "Weighted"]

_STATUS_CODES = (404, 500)
_MOST_GROUPS = 10
_DEFAULT_WEIGHT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """A target group and its share of the requests: `weight`, 0 to 999, over the sum of all weights."""

    group: interfaces.ITargetGroupRef
    weight: int = _DEFAULT_WEIGHT

    def __post_init__(self) -> None:
        """Check the weight."""
        check_range("forward", "weight", self.weight, 0, 999)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What happens to requests, made by `forward` or `fixed_response`."""

    targets: tuple[Weighted, ...] = ()
    status_code: int | None = None

    def __post_init__(self) -> None:
        """Check the status code, or the target groups and their weights."""
        if self.status_code is None:
            self._check_targets()
        elif self.targets:
            raise ArgumentError("action: it has both targets and a status_code; use forward or fixed_response")
        elif self.status_code not in _STATUS_CODES and not is_token(self.status_code):
            raise ArgumentError(f"fixed_response: status_code must be 404 or 500, got {self.status_code}")

    @classmethod
    def forward(cls, *targets: interfaces.ITargetGroupRef | Weighted) -> Self:
        """Forward to one to ten target groups; those without a weight of their own have 100.

        Raises `ArgumentError` when there are none or too many, one is there twice, or all weights are 0.
        """
        return cls(targets=tuple(each if isinstance(each, Weighted) else Weighted(group=each) for each in targets))

    @classmethod
    def fixed_response(cls, status_code: int) -> Self:
        """Answer with 404 or 500 at once. Raises `ArgumentError` for other codes: VPC Lattice has these two only."""
        return cls(status_code=status_code)

    @property
    def groups(self) -> list[interfaces.ITargetGroupRef]:
        """The target groups, without their weights."""
        return [each.group for each in self.targets]

    def check(self, where: object, protocol: ListenerProtocol | None) -> None:
        """Raise `ArgumentError` when a listener that speaks `protocol`, if that is known, cannot take this action."""
        if protocol is ListenerProtocol.TLS_PASSTHROUGH and not self.targets:
            raise ArgumentError(
                f"{where}: a TLS listener cannot answer, since it decrypts nothing; forward to a target group of TCP"
            )
        for group in self.groups:
            # Of groups that are not ours, nothing is known.
            if isinstance(group, TargetGroupBase) and protocol is not None:
                group.check_use(where, protocol)

    def rendered(self) -> dict[str, Any]:
        """The action as CloudFormation takes it, of listeners and rules alike."""
        if self.status_code is not None:
            return {"fixedResponse": {"statusCode": self.status_code}}
        groups = [
            {"targetGroupIdentifier": each.group.target_group_ref.target_group_arn, "weight": each.weight}
            for each in self.targets
        ]
        return {"forward": {"targetGroups": groups}}

    def _check_targets(self) -> None:
        check_count("forward", "target groups", len(self.targets), 1, _MOST_GROUPS)
        if len({each.group.target_group_ref.target_group_arn for each in self.targets}) < len(self.targets):
            raise ArgumentError("forward: a target group is there twice; add up its weights")
        if all(each.weight == 0 for each in self.targets):
            raise ArgumentError("forward: all weights are 0, so no request would go anywhere; give one a weight")
