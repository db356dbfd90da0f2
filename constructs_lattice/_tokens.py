"""Telling a CDK token from a value, without the CDK.

A token stands for a value that only the deployment knows. The CDK writes it into the type that the argument has: a
string or the single element of a list with a marker in it, or a number below anything that a person would write.
Reading these marks here costs nothing; asking `Token.is_unresolved` is a call into Node.

https://docs.aws.amazon.com/cdk/v2/guide/tokens.html
"""

from collections.abc import Sequence

__all__ = ["is_list_token", "is_token"]

_STRING_MARK = "${Token["
_LIST_MARK = "#{Token["
# Encoded numbers are negative doubles of this magnitude and beyond.
_NUMBER_BOUND = -1e280


def is_token(value: object) -> bool:
    """Whether `value` is, or contains, something that only the deployment knows."""
    if isinstance(value, str):
        return _STRING_MARK in value or _LIST_MARK in value
    if isinstance(value, int | float):
        return value < _NUMBER_BOUND
    if isinstance(value, Sequence):
        return any(is_token(item) for item in value)
    return hasattr(value, "resolve") and hasattr(value, "creation_stack")


def is_list_token(values: Sequence[str]) -> bool:
    """Whether `values` stands for a list whose elements, and their number, only the deployment knows."""
    return len(values) == 1 and _LIST_MARK in values[0]
