"""The condition operators of IAM.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from ipaddress import ip_address, ip_network
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from constructs_lattice.authorization.arn import arn_is_like
from constructs_lattice.authorization.glob import Glob
from constructs_lattice.authorization.truth import NO, YES, Truth, unknown
from constructs_lattice.model.symbolic import SymbolicText

__all__ = ["OPERATORS", "Operator"]

_T = TypeVar("_T")
_Comparison: TypeAlias = Callable[[Glob, SymbolicText], Truth]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """How a value of the request is compared with one of the policy: `compares(pattern, value)`."""

    compares: _Comparison
    is_negated: bool = False
    has_wildcards: bool = False
    folds_case: bool = False
    has_variables: bool = False


def _parsed(read: Callable[[str], _T], compare: Callable[[_T, _T], bool], what: str) -> _Comparison:
    """A comparison of what two texts mean; unknown unless both mean something."""

    def compares(pattern: Glob, value: SymbolicText) -> Truth:
        if not isinstance(value, str):
            return unknown(pattern.doubt(value))
        try:
            return YES if compare(read(value), read(str(pattern))) else NO
        except (ValueError, InvalidOperation):
            return unknown(f"{value!r} and {str(pattern)!r} are not both {what}")

    return compares


def _time(text: str) -> datetime:
    """A date in ISO 8601, or seconds since 1970."""
    if text.lstrip("-").isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bool(text: str) -> bool:
    lowered = text.lower()
    if lowered not in ("true", "false"):
        raise ValueError(text)
    return lowered == "true"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error


def _is_in(pattern: Glob, value: SymbolicText) -> Truth:
    if not isinstance(value, str):
        return unknown(pattern.doubt(value))
    try:
        address, block = ip_address(value), ip_network(str(pattern), strict=False)
    except ValueError:
        return unknown(f"{value!r} and {str(pattern)!r} are not an address and a block")
    return YES if address.version == block.version and address in block else NO


def _ordered(prefix: str, read: Callable[[str], _T], what: str) -> dict[str, Operator]:
    comparisons: dict[str, Callable[[_T, _T], bool]] = {
        "Equals": lambda one, other: one == other,
        "LessThan": lambda one, other: one < other,  # type: ignore[operator] # numbers and times are ordered
        "LessThanEquals": lambda one, other: one <= other,  # type: ignore[operator] # as above
        "GreaterThan": lambda one, other: one > other,  # type: ignore[operator] # as above
        "GreaterThanEquals": lambda one, other: one >= other,  # type: ignore[operator] # as above
    }
    operators = {
        f"{prefix}{name}": Operator(compares=_parsed(read, compare, what)) for name, compare in comparisons.items()
    }
    operators[f"{prefix}NotEquals"] = Operator(compares=operators[f"{prefix}Equals"].compares, is_negated=True)
    return operators


_string = partial(Operator, compares=Glob.covers, has_variables=True)
_arn = partial(Operator, compares=arn_is_like, has_variables=True, has_wildcards=True)

OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        "StringEquals": _string(),
        "StringNotEquals": _string(is_negated=True),
        "StringEqualsIgnoreCase": _string(folds_case=True),
        "StringNotEqualsIgnoreCase": _string(folds_case=True, is_negated=True),
        "StringLike": _string(has_wildcards=True),
        "StringNotLike": _string(has_wildcards=True, is_negated=True),
        "ArnEquals": _arn(),
        "ArnLike": _arn(),
        "ArnNotEquals": _arn(is_negated=True),
        "ArnNotLike": _arn(is_negated=True),
        "Bool": Operator(compares=_parsed(_bool, lambda one, other: one is other, "true or false")),
        "BinaryEquals": Operator(compares=_parsed(_bytes, lambda one, other: one == other, "in base 64")),
        "IpAddress": Operator(compares=_is_in),
        "NotIpAddress": Operator(compares=_is_in, is_negated=True),
        **_ordered("Numeric", Decimal, "numbers"),
        **_ordered("Date", _time, "dates"),
    }
)
"""By their names, without `ForAllValues:`, `ForAnyValue:` and `IfExists`. `Null` compares nothing and is not here."""
