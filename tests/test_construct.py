"""Constructs are made whole or not at all."""

import aws_cdk as cdk
import jsii
import pytest
from constructs import Construct

from constructs_lattice._construct import LatticeConstruct
from constructs_lattice._tokens import is_token


class _Room(LatticeConstruct):
    def __init__(self, scope: Construct, id: str, *, fail: bool = False) -> None:
        super().__init__(scope, id)
        Construct(self, "Table")
        if fail:
            raise ValueError("no")


class _House(_Room):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        _Room(self, "Kitchen", fail=True)


@jsii.implements(cdk.IStableAnyProducer)
class _Produce:
    def produce(self) -> object:
        return None


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Stack")


def test_what_fails_leaves_the_tree_with_its_children(stack: cdk.Stack) -> None:
    """Nothing half-made is deployed by who catches the error and goes on."""
    with pytest.raises(ValueError, match="no"):
        _Room(stack, "Room", fail=True)
    assert stack.node.children == []


def test_a_part_that_fails_takes_the_whole_along(stack: cdk.Stack) -> None:
    """Subclasses are no exception."""
    with pytest.raises(ValueError, match="no"):
        _House(stack, "House")
    assert stack.node.children == []


def test_an_id_that_is_taken_leaves_its_owner_alone(stack: cdk.Stack) -> None:
    """The second construct never was in the tree, the first one stays."""
    first = _Room(stack, "Room")
    with pytest.raises(RuntimeError, match="already a Construct with name 'Room'"):
        _Room(stack, "Room")
    assert stack.node.find_child("Room") is first


def test_the_tokens_of_the_cdk_are_known(stack: cdk.Stack) -> None:
    """The marks that are looked for are those that aws-cdk-lib writes."""
    parameter = cdk.CfnParameter(stack, "Size", type="Number")
    names = cdk.CfnParameter(stack, "Names", type="CommaDelimitedList")
    lazy = cdk.Lazy.any(_Produce())
    for token in (parameter.value_as_number, parameter.value_as_string, names.value_as_list, stack.region, lazy):
        assert is_token(token)
        assert cdk.Token.is_unresolved(token)
