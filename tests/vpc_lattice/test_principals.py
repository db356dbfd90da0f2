"""Principals: accounts, organizational units and an organization."""

import aws_cdk as cdk
import pytest

from constructs_lattice import ArgumentError, Principals

UNIT = "arn:aws:organizations::111111111111:ou/o-abcdefghij/ou-ab12-abcd1234"
ORGANIZATION = "arn:aws:organizations::111111111111:organization/o-abcdefghijklmnop"


def test_all_kinds_together() -> None:
    """As AWS Resource Access Manager takes them."""
    everybody = Principals(
        accounts=("222222222222", "333333333333"), organizational_units=(UNIT,), organization=ORGANIZATION
    )
    assert everybody.all == ["222222222222", "333333333333", UNIT, ORGANIZATION]
    assert Principals.of_accounts("222222222222").all == ["222222222222"]
    assert Principals.of_organizational_units(UNIT).all == [UNIT]
    assert Principals.of_organization(ORGANIZATION).all == [ORGANIZATION]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (Principals, "there is nobody to share with; give accounts, units or an organization"),
        (lambda: Principals.of_accounts("12345"), "accounts must be ids of twelve digits, got '12345'"),
        (
            lambda: Principals.of_accounts("arn:aws:iam::222222222222:role/Reader"),
            "accounts must be ids of twelve digits, got 'arn:aws:iam::222222222222:role/Reader'",
        ),
        (
            lambda: Principals.of_organizational_units("ou-ab12-abcd1234"),
            "organizational_units must be ARNs of organizational units, got 'ou-ab12-abcd1234'",
        ),
        (
            lambda: Principals.of_organization("o-abcdefghij"),
            "organization must be the ARN of an organization, got 'o-abcdefghij'",
        ),
        (
            lambda: Principals.of_accounts("222222222222", "222222222222"),
            "'222222222222' is there 2 times",
        ),
    ],
)
def test_who_cannot_be_shared_with_is_refused(make: object, message: str) -> None:
    """Roles and users cannot, and ids of organizations are not enough."""
    assert callable(make)
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == f"principals: {message}"


def test_tokens_pass() -> None:
    """Such as parameters."""
    stack = cdk.Stack(cdk.App(), "Shop")
    token = cdk.CfnParameter(stack, "Account").value_as_string
    assert Principals(accounts=(token, token), organization=token).all == [token] * 3
