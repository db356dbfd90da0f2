"""Actions: forwards with their weights, and fixed responses, for listeners and rules alike."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_vpclattice as vpclattice

from constructs_lattice import Action, ArgumentError, TargetGroup, Weighted

ARN = "arn:aws-us-gov:vpc-lattice:us-gov-west-1:111111111111:targetgroup/tg-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _groups(stack: cdk.Stack, count: int) -> list[Any]:
    arns = [ARN, *(f"{ARN[:-2]}{number:02}" for number in range(1, count))]
    return [TargetGroup.from_target_group_arn(stack, f"Group{number}", arn) for number, arn in enumerate(arns)]


@pytest.mark.parametrize("code", [404, 500])
def test_a_fixed_response_is_one_of_two(stack: cdk.Stack, code: int) -> None:
    """The two codes that VPC Lattice has, without a forward."""
    action = Action.fixed_response(code)
    assert stack.resolve(action.rendered()) == {"fixedResponse": {"statusCode": code}}


def test_a_forward_names_groups_and_weights(stack: cdk.Stack) -> None:
    """Imported groups, whose partition is not touched, and L1 constructs; 100 is the weight of those without one."""
    (imported,) = _groups(stack, 1)
    plain = vpclattice.CfnTargetGroup(stack, "L1", type="IP")
    action = Action.forward(imported, Weighted(group=plain, weight=999))
    assert stack.resolve(action.rendered()) == {
        "forward": {
            "targetGroups": [
                {"targetGroupIdentifier": ARN, "weight": 100},
                {"targetGroupIdentifier": {"Ref": "L1"}, "weight": 999},
            ]
        }
    }


def test_tokens_pass(stack: cdk.Stack) -> None:
    """A status code and a weight that only the deployment knows."""
    number: Any = cdk.CfnParameter(stack, "N", type="Number").value_as_number
    assert stack.resolve(Action.fixed_response(number).rendered()) == {"fixedResponse": {"statusCode": {"Ref": "N"}}}
    (group,) = _groups(stack, 1)
    assert stack.resolve(Action.forward(Weighted(group=group, weight=number)).rendered()) == {
        "forward": {"targetGroups": [{"targetGroupIdentifier": ARN, "weight": {"Ref": "N"}}]}
    }


def test_ten_groups_are_the_most(stack: cdk.Stack) -> None:
    """Ten pass, eleven do not."""
    groups = _groups(stack, 11)
    assert len(Action.forward(*groups[:10]).targets) == 10
    with pytest.raises(ArgumentError) as caught:
        Action.forward(*groups)
    assert str(caught.value) == "forward: there must be 1 to 10 target groups, got 11"


def test_a_group_that_is_imported_twice_is_one(stack: cdk.Stack) -> None:
    """Its ARN counts, not the object."""
    groups = [TargetGroup.from_target_group_arn(stack, name, ARN) for name in ("One", "Two")]
    with pytest.raises(ArgumentError) as caught:
        Action.forward(*groups)
    assert str(caught.value) == "forward: a target group is there twice; add up its weights"


@pytest.mark.parametrize("code", [200, 204, 403, 503])
def test_other_codes_are_refused(code: int) -> None:
    """CloudFormation would take them, and the service would not: 2xx passed in an earlier attempt elsewhere."""
    for make in (Action.fixed_response, lambda code: Action(status_code=code)):
        with pytest.raises(ArgumentError) as caught:
            make(code)
        assert str(caught.value) == f"fixed_response: status_code must be 404 or 500, got {code}"


def test_an_action_made_directly_is_checked_as_well(stack: cdk.Stack) -> None:
    """There is no way around the checks of the named constructors."""
    (group,) = _groups(stack, 1)
    weighted = Weighted(group=group, weight=0)
    for arguments, message in (
        ({}, "forward: there must be 1 to 10 target groups, got 0"),
        ({"targets": (weighted, weighted)}, "forward: a target group is there twice; add up its weights"),
        (
            {"targets": (weighted,)},
            "forward: all weights are 0, so no request would go anywhere; give one a weight",
        ),
        (
            {"targets": (weighted,), "status_code": 404},
            "action: it has both targets and a status_code; use forward or fixed_response",
        ),
    ):
        with pytest.raises(ArgumentError) as caught:
            Action(**arguments)
        assert str(caught.value) == message


@pytest.mark.parametrize("weight", [-1, 1000])
def test_a_weight_is_0_to_999(stack: cdk.Stack, weight: int) -> None:
    """Where the weight is said, before there is an action."""
    (group,) = _groups(stack, 1)
    with pytest.raises(ArgumentError) as caught:
        Weighted(group=group, weight=weight)
    assert str(caught.value) == f"forward: weight must be 0 to 999, got {weight}"
