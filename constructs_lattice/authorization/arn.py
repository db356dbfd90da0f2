"""Patterns for ARNs, where it matters what a wildcard does at a colon.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from constructs_lattice.authorization.glob import Glob, Item, Wildcard, items_of
from constructs_lattice.authorization.language import Language
from constructs_lattice.authorization.truth import NO, YES, Truth, unknown
from constructs_lattice.model.symbolic import SymbolicText, compose

__all__ = ["arn_is_like", "paths_of", "resource_matches"]

_COMPONENTS = 6
_Items = tuple[Item, ...]


@lru_cache(maxsize=65_536)
def resource_matches(pattern: Glob, resource: SymbolicText) -> Truth:
    """Whether a pattern of a `Resource` element covers a resource.

    A pattern without any colon, such as `*/rates`, is no ARN: its wildcards stand for anything.
    """
    return _matches(pattern, resource, is_free=":" not in pattern.items)


def arn_is_like(pattern: Glob, arn: SymbolicText) -> Truth:
    """Whether an ARN passes `ArnLike`, which compares the six components one by one."""
    return _matches(pattern, arn, is_free=False)


def paths_of(pattern: Glob, arn: SymbolicText) -> Iterator[tuple[str, Language]]:
    """The sets of paths that a pattern of a `Resource` element tells apart, behind the ARN of a service.

    Together they decide what `resource_matches` says of the ARN with a path.
    """
    yield "", Language.always_after(pattern, arn)
    yield "perhaps ", Language.possibly_after(pattern, arn)
    if ":" not in pattern.items:
        return
    left, right = _split(pattern.items), _split(tuple(items_of(arn)))
    if len(left) < len(right) and left[-1] and left[-1][-1] is Wildcard.MANY:
        right = _joined(right, len(left))
    if len(left) == len(right) and _by_component(left[:-1], right[:-1]):
        yield "strictly ", Language.always_after(Glob(left[-1]), _text(right[-1]))


def _matches(pattern: Glob, text: SymbolicText, *, is_free: bool) -> Truth:
    loosely = pattern.matches(text)
    if loosely is False:
        return NO
    if loosely is None:
        return unknown(pattern.doubt(text))
    items = tuple(items_of(text))
    if is_free or pattern.items == items or _by_component(_split(pattern.items), _split(items)):
        return YES
    return unknown(f"whether {pattern} covers {text} is not documented: a wildcard would have to cross a colon")


def _split(items: Sequence[Item]) -> list[_Items]:
    """The components of an ARN; colons behind the fifth are part of the last one."""
    components: list[list[Item]] = [[]]
    for item in items:
        if item == ":" and len(components) < _COMPONENTS:
            components.append([])
        else:
            components[-1].append(item)
    return [tuple(component) for component in components]


def _by_component(pattern: list[_Items], arn: list[_Items]) -> bool:
    if len(pattern) < len(arn) and pattern[-1] and pattern[-1][-1] is Wildcard.MANY:
        arn = _joined(arn, len(pattern))
    return len(pattern) == len(arn) and all(
        Glob(left).matches(_text(right)) is True for left, right in zip(pattern, arn, strict=True)
    )


def _joined(arn: list[_Items], count: int) -> list[_Items]:
    """An ARN in fewer components: a wildcard at the very end goes on beyond the colons."""
    rest: list[Item] = []
    for component in arn[count - 1 :]:
        rest += [":", *component] if rest else component
    return [*arn[: count - 1], tuple(rest)]


def _text(items: _Items) -> SymbolicText:
    return compose(item for item in items if not isinstance(item, Wildcard))
