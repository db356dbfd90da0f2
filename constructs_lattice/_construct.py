"""What all constructs of this library have in common: they are made whole or not at all, and know where they are.

Whatever is asked of Node costs about as much as a third of an L1 construct. What never changes is asked once.
"""

import functools
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from aws_cdk import CfnResource, CfnTag, RemovalPolicy, Stack
from aws_cdk.interfaces import ResourceEnvironment
from constructs import Construct, IConstruct

from constructs_lattice.errors import ArgumentError

__all__ = ["LatticeConstruct", "LatticeResource", "WholeOrNothing", "name_tag", "path_of", "root_of", "stack_of"]

_LONGEST_TAG = 256

_PATHS: WeakKeyDictionary[IConstruct, str] = WeakKeyDictionary()
_ROOTS: WeakKeyDictionary[IConstruct, IConstruct] = WeakKeyDictionary()
_STACKS: WeakKeyDictionary[IConstruct, Stack] = WeakKeyDictionary()


def _undone_on_failure(init: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(init)
    def wrapper(self: Construct, *args: Any, **kwargs: Any) -> None:
        try:
            init(self, *args, **kwargs)
        except Exception:
            # Only a construct that has got its node is in the tree: not so when the id was taken already.
            if hasattr(self, "__jsii_ref__") and (parent := self.node.scope) is not None:
                parent.node.try_remove_child(self.node.id)
            raise

    return wrapper


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

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        _remember(self, scope, id)


class LatticeResource(LatticeConstruct):
    """A construct of this library that aws-cdk-lib knows by one of its `I…Ref` interfaces.

    It has what they and `IResource` ask for. `aws_cdk.Resource` has, too, and takes twice as long to make.
    """

    @property
    def stack(self) -> Stack:
        """The stack that it is in."""
        return stack_of(self)

    @property
    def env(self) -> ResourceEnvironment:
        """The account and the region that it is in."""
        stack = self.stack
        return ResourceEnvironment(account=stack.account, region=stack.region)

    def apply_removal_policy(self, policy: RemovalPolicy) -> None:
        """Say what happens to it when it is no longer in the stack. What is imported has no such choice."""
        resource = self.node.default_child
        if not isinstance(resource, CfnResource):
            raise ArgumentError(f"{path_of(self)}: what is imported has no removal policy; it stays anyway")
        resource.apply_removal_policy(policy)


def path_of(construct: IConstruct) -> str:
    """The path of a construct in the tree."""
    if (path := _PATHS.get(construct)) is None:
        path = _PATHS[construct] = construct.node.path
    return path


def root_of(construct: IConstruct) -> IConstruct:
    """The root of the tree that a construct is in: the app, mostly."""
    if (root := _ROOTS.get(construct)) is None:
        root = _ROOTS[construct] = construct.node.root
    return root


def stack_of(construct: IConstruct) -> Stack:
    """The stack that a construct is in, or is."""
    if (stack := _STACKS.get(construct)) is None:
        stack = _STACKS[construct] = Stack.of(construct)
    return stack


def name_tag(construct: IConstruct) -> CfnTag:
    """The tag by which the console shows a resource: its path in the tree, or the end of it that fits in a tag."""
    return CfnTag(key="Name", value=path_of(construct)[-_LONGEST_TAG:])


def _remember(construct: IConstruct, scope: IConstruct, id: str) -> None:
    # As the constructs library makes them; a slash in an id would look like two constructs.
    _PATHS[construct] = "/".join(filter(None, (path_of(scope), id.replace("/", "--"))))
    _ROOTS[construct] = root_of(scope)
    if (stack := scope if isinstance(scope, Stack) else _STACKS.get(scope)) is not None:
        _STACKS[construct] = stack
