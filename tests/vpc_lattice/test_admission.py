"""Whom auth policies let in without naming them: never who does not sign."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from constructs_lattice import ArgumentError, Auth, Service
from constructs_lattice.vpc_lattice.admission import Admission
from tests.vpc_lattice.policies import auth_statements

ORGANIZATION = "o-a1b2c3d4e5"
VPC = "vpc-0123456789abcdef0"

# Requests, by the keys that IAM has of them: one that is not signed knows of its VPC only.
REQUESTS: dict[str, dict[str, str]] = {
    "ours": {"account": "111111111111", "org": ORGANIZATION, "type": "AssumedRole", "vpc": VPC},
    "theirs": {"account": "222222222222", "org": "o-zzzzzzzzzz", "type": "AssumedRole", "vpc": VPC},
    "ours elsewhere": {"account": "111111111111", "org": ORGANIZATION, "type": "User", "vpc": "vpc-11111111"},
    "without an organization": {"account": "333333333333", "type": "User", "vpc": "vpc-11111111"},
    "anonymous": {"type": "Anonymous", "vpc": VPC},
}
KEYS = {
    "aws:PrincipalAccount": "account",
    "aws:PrincipalOrgID": "org",
    "aws:PrincipalType": "type",
    "vpc-lattice-svcs:SourceVpc": "vpc",
}


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


def lets_in(statement: dict[str, Any]) -> set[str]:
    """The requests that a statement is about, as IAM tells: a key that is absent fulfils what is negated."""
    assert statement["Effect"] == "Allow"
    assert statement["Principal"] == statement["Resource"] == "*"
    return {
        name for name, context in REQUESTS.items() if all(_holds(*each, context) for each in _conditions(statement))
    }


def _conditions(statement: dict[str, Any]) -> list[tuple[str, str, Any]]:
    return [(op, key, value) for op, by_key in statement["Condition"].items() for key, value in by_key.items()]


def _holds(operator: str, key: str, values: Any, context: dict[str, str]) -> bool:
    wanted = [{"Ref": "AWS::AccountId"}] if values == {"Ref": "AWS::AccountId"} else values
    listed = ["111111111111" if each == {"Ref": "AWS::AccountId"} else each for each in _listed(wanted)]
    matches = context.get(KEYS[key]) in listed
    return matches if operator == "StringEquals" else not matches


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        (Auth.same_account(), {"ours", "ours elsewhere"}),
        (Auth.accounts("222222222222", "333333333333"), {"theirs", "without an organization"}),
        (Auth.organization(ORGANIZATION), {"ours", "ours elsewhere"}),
        (Auth.vpcs(VPC), {"ours", "theirs"}),
        (Auth.vpcs(VPC, "vpc-11111111"), set(REQUESTS) - {"anonymous"}),
        (Auth.authenticated(), set(REQUESTS) - {"anonymous"}),
    ],
)
def test_who_is_let_in(stack: cdk.Stack, auth: Auth, expected: set[str]) -> None:
    """Nobody who does not sign; nobody for a key that the request lacks."""
    (statement,) = auth_statements(Service(stack, "Orders", auth=auth))
    assert lets_in(statement) == expected


def test_a_vpc_of_this_app(stack: cdk.Stack) -> None:
    """By its id, and each only once."""
    vpc = ec2.Vpc(stack, "Vpc", nat_gateways=0)
    service = Service(stack, "Orders", auth=Auth.vpcs(vpc, vpc, VPC))
    (statement,) = auth_statements(service)
    assert statement["Condition"] == {
        "StringEquals": {"vpc-lattice-svcs:SourceVpc": [stack.resolve(vpc.vpc_id), VPC]},
        "StringNotEquals": {"aws:PrincipalType": "Anonymous"},
    }


def test_a_vpc_that_is_looked_up(stack: cdk.Stack) -> None:
    """Until `cdk synth` has looked, it has an id that is none."""
    Auth.vpcs(ec2.Vpc.from_lookup(stack, "Vpc", vpc_name="shop"))


@pytest.mark.parametrize("id_", [f"o-{'a' * 10}", f"o-{'0' * 32}", "o-123456example"])
def test_organizations_by_their_ids(id_: str) -> None:
    """Of any length that AWS has: an earlier attempt elsewhere took only twelve characters."""
    assert Auth.organization(id_).admission == Admission.of_organization(id_)


@pytest.mark.parametrize("make", [Auth.organization, Auth.accounts, Auth.vpcs])
def test_what_only_the_deployment_knows_passes(stack: cdk.Stack, make: Any) -> None:
    """A parameter may be anything."""
    value = cdk.CfnParameter(stack, "Value").value_as_string
    assert make(value).admission.values == (value,)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Auth.organization("o-short"),
            "auth: organization_id must be o- with 10 to 32 lower-case letters and digits, got 'o-short'",
        ),
        (
            lambda: Auth.organization(f"o-{'a' * 33}"),
            f"auth: organization_id must be o- with 10 to 32 lower-case letters and digits, got 'o-{'a' * 33}'",
        ),
        (lambda: Auth.accounts("1234"), "auth: accounts must be ids of twelve digits, got '1234'"),
        (lambda: Auth.vpcs("vpc-1"), "auth: vpcs must be ids such as vpc-0123456789abcdef0, got 'vpc-1'"),
        (Auth.vpcs, "auth: vpcs is empty, so nobody would be let in; name one, or use Auth.deny_all()"),
        (
            Auth.accounts,
            "auth: accounts is empty, so nobody would be let in; name one, or use Auth.deny_all()",
        ),
    ],
)
def test_what_is_none_is_refused(make: Any, message: str) -> None:
    """Each message tells the value."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def test_statements_are_made_anew_each_time() -> None:
    """Whoever changes one changes no other: earlier attempts elsewhere shared them."""
    admission = Admission.of_authenticated()
    first = admission.statement()
    first["Condition"]["StringNotEquals"]["aws:PrincipalType"] = "changed"
    assert admission.statement()["Condition"] == {"StringNotEquals": {"aws:PrincipalType": "Anonymous"}}


OWN = "111111111111"


@pytest.mark.parametrize(
    ("admission", "account", "expected"),
    [
        (Admission.same_account(), OWN, True),
        (Admission.same_account(), "222222222222", False),
        (Admission.same_account(), None, False),
        (Admission.of_accounts(["222222222222"]), "222222222222", True),
        (Admission.of_accounts(["222222222222"]), OWN, False),
        (Admission.of_organization(ORGANIZATION), OWN, True),
        (Admission.of_organization(ORGANIZATION), "222222222222", False),
        (Admission.of_vpcs([VPC]), None, True),
        (Admission.of_authenticated(), None, True),
    ],
)
def test_whether_a_caller_has_to_be_named(admission: Admission, account: str | None, expected: bool) -> None:
    """Told by its account; of another account, whether it is in the organization is not known."""
    assert admission.admits(account, OWN) is expected
