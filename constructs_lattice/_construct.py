"""What all constructs of this library have in common: they are made whole or not at all."""

import functools
from collections.abc import Callable
from typing import Any

from aws_cdk import Resource
from constructs import Construct

__all__ = ["LatticeConstruct", "LatticeResource", "WholeOrNothing", "scope_of"]


class WholeOrNothing:
    """Mixin for constructs: when `__init__` raises, the construct and all its children leave the tree.

    Somebody who catches the error and goes on to synthesize would otherwise deploy what had been made before it.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Wrap the constructor of every subclass, users' own subclasses included."""
        super().__init_subclass__(**kwargs)
        if "__init__" in cls.__dict__:
            cls.__init__ = _undone_on_failure(cls.__init__)  # type: ignore[method-assign]


class LatticeConstruct(WholeOrNothing, Construct):
    """A construct of this library."""


class LatticeResource(WholeOrNothing, Resource):
    """A construct of this library that aws-cdk-lib knows by one of its `I…Ref` interfaces."""


def scope_of(construct: Construct) -> Construct | None:
    """What a construct of this library was made in, without a call into Node; none for other constructs."""
    return getattr(construct, "_made_in", None)


def _undone_on_failure(init: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(init)
    def wrapper(self: Construct, *args: Any, **kwargs: Any) -> None:
        self._made_in = args[0] if args else kwargs.get("scope")  # type: ignore[attr-defined]
        try:
            init(self, *args, **kwargs)
        except Exception:
            # Only a construct that has got its node is in the tree: not so when the id was taken already.
            if hasattr(self, "__jsii_ref__") and (parent := self.node.scope) is not None:
                parent.node.try_remove_child(self.node.id)
            raise

    return wrapper
