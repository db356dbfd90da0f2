"""What principals are called, and what is known of them."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lattice.vpc_lattice.caller import Caller, principal_of

ECS = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}


@pytest.fixture
def stacks() -> tuple[cdk.Stack, cdk.Stack]:
    app = cdk.App()
    return cdk.Stack(app, "Shop"), cdk.Stack(app, "Web", env=cdk.Environment(account="111111111111"))


def conditioned(conditions: dict[str, Any]) -> iam.IPrincipal:
    return iam.PrincipalWithConditions(iam.AnyPrincipal(), conditions)


@pytest.mark.parametrize(
    ("principal", "signs"),
    [
        (iam.AnyPrincipal(), False),
        (iam.StarPrincipal(), False),
        (iam.AccountPrincipal("111111111111"), True),
        (iam.ArnPrincipal("arn:aws:iam::111111111111:role/web"), True),
        (iam.OrganizationPrincipal("o-a1b2c3d4e5"), True),
        (iam.ServicePrincipal("x.amazonaws.com"), True),
        (conditioned({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}), True),
        (conditioned({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), False),
        (conditioned({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), False),
        (conditioned({"StringEquals": {"vpc-lattice-svcs:SourceVpc": "vpc-11111111"}}), False),
    ],
)
def test_whether_a_caller_certainly_signs(principal: iam.IPrincipal, signs: bool) -> None:
    """What is negated, and what holds for keys that are absent, is fulfilled without a signature."""
    assert Caller.of(principal).signs is signs


def test_accounts_are_known_by_arns_and_by_resources(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    """A name that only the deployment knows tells nothing."""
    shop, web = stacks
    parameter = cdk.CfnParameter(shop, "Arn").value_as_string
    assert [
        Caller.of(principal).account
        for principal in (
            iam.ArnPrincipal("arn:aws:iam::222222222222:role/web"),
            iam.ArnPrincipal(parameter),
            iam.Role(web, "Role", assumed_by=ECS),
            iam.AnyPrincipal(),
        )
    ] == ["222222222222", None, "111111111111", None]


def test_what_each_stack_calls_a_user(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    """Its own by a reference, others by the name that was given, if one was."""
    shop, web = stacks
    named, unnamed = iam.User(web, "Named", user_name="anna", path="/staff/"), iam.User(web, "Unnamed")
    assert Caller.of(named).names_in(web) == (("AWS", named.user_arn),)
    (name,) = Caller.of(named).names_in(shop) or ()
    partition = {"Ref": "AWS::Partition"}
    arn = {"Fn::Join": ["", ["arn:", partition, ":iam::111111111111:user/staff/anna"]]}
    assert (name[0], shop.resolve(name[1])) == ("AWS", arn)
    assert Caller.of(unnamed).names_in(shop) is None
    assert Caller.of(unnamed).names_in(web) is not None


def test_conditions_stay_with_the_principal() -> None:
    """Single values and lists alike."""
    both = {"StringLike": {"aws:PrincipalArn": ["a*", "b*"]}} | ORGANIZATION
    assert Caller.of(conditioned(both)).conditions == (
        ("StringLike", "aws:PrincipalArn", ("a*", "b*")),
        ("StringEquals", "aws:PrincipalOrgID", ("o-a1b2c3d4e5",)),
    )


def test_a_principal_is_asked_once(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    """Five hundred services may be granted to the same role."""
    role = iam.Role(stacks[0], "Role", assumed_by=ECS)
    assert principal_of("Shop", role) is role
    assert Caller.of(role) is Caller.of(role)
