"""Constructs are made whole or not at all, and know where they are."""

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk.assertions import Template
from constructs import Construct

from constructs_lattice._construct import LatticeConstruct, LatticeResource, name_tag, path_of, root_of, stack_of
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError


class _Room(LatticeConstruct):
    def __init__(self, scope: Construct, id: str, *, fail: bool = False) -> None:
        super().__init__(scope, id)
        Construct(self, "Table")
        if fail:
            raise ValueError("no")


class _Flat(LatticeResource):
    pass


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


def test_a_construct_is_where_node_has_it(stack: cdk.Stack) -> None:
    """Its path, root and stack are those of the CDK, whatever it is in and whatever its id."""
    other = Construct(stack, "Other")
    nested = cdk.NestedStack(stack, "Nested")
    staged = cdk.Stack(cdk.Stage(stack.node.root, "Stage"), "Staged")  # type: ignore[arg-type]
    for scope in (stack, other, nested, staged):
        room = _Room(_Room(scope, "a/b"), "Room")
        assert path_of(room) == room.node.path
        assert root_of(room) is room.node.root
        assert stack_of(room) is cdk.Stack.of(room)
    orphan = _Room(cdk.App(), "Room")
    assert path_of(orphan) == orphan.node.path == "Room"


def test_the_tag_that_names_a_resource_fits(stack: cdk.Stack) -> None:
    """Of a long path, the end tells more than the beginning."""
    room = _Room(stack, "a" * 250)
    assert name_tag(room).value == f"Stack/{'a' * 250}"
    assert name_tag(_Room(room, "Room")).value == f"/{'a' * 250}/Room"
    assert len(name_tag(_Room(room, "Other")).value) == 256


def test_a_resource_has_a_removal_policy(stack: cdk.Stack) -> None:
    """It is that of the resource that it makes; what is imported makes none."""
    flat = _Flat(stack, "Flat")
    with pytest.raises(ArgumentError) as caught:
        flat.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    assert str(caught.value) == "Stack/Flat: what is imported has no removal policy; it stays anyway"
    cdk.CfnResource(flat, "Resource", type="AWS::Some::Thing")
    flat.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    (thing,) = Template.from_stack(stack).find_resources("AWS::Some::Thing").values()
    assert (thing["DeletionPolicy"], thing["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_a_resource_has_the_environment_of_its_stack() -> None:
    """As a resource of aws-cdk-lib has."""
    stack = cdk.Stack(cdk.App(), "Stack", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    flat, bucket = _Flat(stack, "Flat"), cdk.Resource(stack, "Bucket")
    assert (flat.env.account, flat.env.region) == (bucket.env.account, bucket.env.region)
    assert flat.stack is bucket.stack is stack
