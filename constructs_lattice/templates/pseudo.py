"""Pseudo parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from constructs_lattice.templates.intrinsics import NO_VALUE
from constructs_lattice.templates.partitions import partition_of, url_suffix_of
from constructs_lattice.templates.problem import Problem
from constructs_lattice.templates.values import Unknown, Value, joined

if TYPE_CHECKING:
    from constructs_lattice.templates.scope import Scope

__all__ = ["value"]


def value(scope: "Scope", name: str) -> Value:
    """The value of `AWS::Region` and the like in a stack."""
    if name not in _VALUES:
        raise Problem(f"there is no pseudo parameter {name}")
    return _VALUES[name](scope)


def _partition(scope: "Scope") -> str | Unknown:
    if isinstance(scope.region, str):
        return partition_of(scope.region)
    return scope.resolution.unknown(scope.region.reason, "AWS::Partition")


def _url_suffix(scope: "Scope") -> str | Unknown:
    if isinstance(scope.region, str):
        return url_suffix_of(scope.region)
    return scope.resolution.unknown(scope.region.reason, "AWS::URLSuffix")


def _stack_name(scope: "Scope") -> str | Unknown:
    if scope.definition.stack_name:
        return scope.definition.stack_name
    return Unknown(f"CloudFormation names the nested stack {scope.name}", f"AWS::StackName:{scope.name}")


def _stack_id(scope: "Scope") -> Value:
    last = Unknown(f"the id of the stack {scope.name} is known after the deployment only", f"AWS::StackId:{scope.name}")
    place = ["arn:", _partition(scope), ":cloudformation:", scope.region, ":", scope.account]
    return joined([*place, ":stack/", _stack_name(scope), "/", last])


def _notification_arns(scope: "Scope") -> str | Unknown:
    reason = f"the notification topics of the stack {scope.name} are given at the deployment"
    return scope.resolution.unknown(reason, f"AWS::NotificationARNs:{scope.name}")


_VALUES: Mapping[str, Callable[["Scope"], Value]] = {
    "AWS::AccountId": lambda scope: scope.account,
    "AWS::NoValue": lambda _: NO_VALUE,
    "AWS::NotificationARNs": _notification_arns,
    "AWS::Partition": _partition,
    "AWS::Region": lambda scope: scope.region,
    "AWS::StackId": _stack_id,
    "AWS::StackName": _stack_name,
    "AWS::URLSuffix": _url_suffix,
}
