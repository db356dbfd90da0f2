"""Policy documents and their statements.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from typing import Any

import pytest

from constructs_lattice.authorization.policy import Policy
from constructs_lattice.authorization.truth import NO, YES
from constructs_lattice.model.unknown import Unknown
from tests.authorization.contexts import context

pytestmark = pytest.mark.pure

ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "vpc-lattice-svcs:Invoke", "Resource": "*"}


def policy(document: Any, *, has_principals: bool = False) -> Policy:
    """Read a document, of an identity unless principals are wanted."""
    return Policy.parse("P", document, has_principals=has_principals)


def test_one_statement_needs_no_list() -> None:
    """Nor do one action and one resource."""
    assert policy({"Version": "2012-10-17", "Statement": ALLOW}).allows(context()) == YES
    assert policy({"Version": "2012-10-17", "Statement": [ALLOW]}).denies(context()) == NO
    assert policy({"Version": "2012-10-17"}).allows(context()) == NO


@pytest.mark.parametrize(
    ("action", "expected"),
    [("*", True), ("vpc-lattice-svcs:*", True), ("VPC-LATTICE-SVCS:invoke", True), ("vpc-lattice:*", False)],
)
def test_actions_have_no_case(action: str, expected: bool) -> None:
    """And wildcards.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """
    assert policy({"Statement": [{**ALLOW, "Action": ["logs:*", action]}]}).allows(context()).value is expected
    inverse = {"Effect": "Allow", "NotAction": [action], "Resource": "*"}
    assert policy({"Statement": [inverse]}).allows(context()).value is not expected


def test_numbers_and_booleans_are_texts() -> None:
    """As JSON writes them."""
    condition = {"NumericEquals": {"vpc-lattice-svcs:Port": 443}, "Bool": {"aws:SecureTransport": True}}
    found = policy({"Statement": [{**ALLOW, "Condition": condition}]}).statements[0]
    assert [each.values for each in found.conditions] == [("443",), ("true",)]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ({**ALLOW, "Effect": "allow"}, "statement 0 of P has no effect Allow or Deny, but 'allow'"),
        ({"Effect": "Allow", "Resource": "*"}, "statement 0 of P needs either Action or NotAction"),
        ({**ALLOW, "NotResource": "*"}, "statement 0 of P needs either Resource or NotResource"),
        ({**ALLOW, "Action": []}, "statement 0 of P has nothing in Action"),
        ({"Effect": "Allow", "NotAction": [], "Resource": "*"}, "statement 0 of P has nothing in NotAction"),
        (
            {**ALLOW, "Condition": {"StringEquals": {"aws:PrincipalArn": []}}},
            "statement 0 of P has nothing in the condition aws:PrincipalArn",
        ),
        ({**ALLOW, "Action": ["*", {}]}, "statement 0 of P has something in Action that is no text: {}"),
        ({**ALLOW, "Sid": "S", "Principal": "*"}, "statement S of P belongs to an identity and cannot have Principal"),
        (
            {**ALLOW, "Condition": "x"},
            "statement 0 of P has a condition that nobody knows: it must be an object, and is 'x'",
        ),
        (
            {**ALLOW, "Condition": {"StringLike": Unknown("it is made by a function")}},
            "statement 0 of P has a condition StringLike that nobody knows: it is made by a function",
        ),
        ({**ALLOW, "Conditions": {}}, "statement 0 of P has Conditions, which is no element of a statement"),
        ("x", "nobody knows what statement 0 of P says: it must be an object, and is 'x'"),
    ],
)
def test_what_is_wrong_makes_a_statement_unknown(statement: Any, problem: str) -> None:
    """It is refused at deployment, or does something that nobody knows."""
    found = policy({"Statement": [statement]})
    assert problem in found.allows(context()).reasons


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (ALLOW, "statement 0 of P needs either Principal or NotPrincipal"),
        ({**ALLOW, "NotPrincipal": "*"}, "statement 0 of P has NotPrincipal, which only goes with Deny"),
        ({**ALLOW, "Principal": ["*"]}, "statement 0 of P must have * or an object as Principal, and has ['*']"),
        (
            {**ALLOW, "Principal": Unknown("a parameter")},
            "statement 0 of P must have * or an object as Principal, and has a parameter",
        ),
    ],
)
def test_auth_policies_need_principals(statement: Any, problem: str) -> None:
    """In the form that IAM wants."""
    found = policy({"Statement": [statement]}, has_principals=True).statements[0]
    assert found.problems == (problem,)
    assert found.applies(context()).reasons == (problem,)


def test_a_wrong_statement_about_something_else_does_not_matter() -> None:
    """What does not concern the request cannot change the answer."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": "x"}
    assert policy({"Statement": [statement]}).allows(context()) == NO


def test_a_document_that_nobody_knows() -> None:
    """May allow and may deny."""
    found = policy(Unknown("it is a parameter"))
    assert found.allows(context()).reasons == ("nobody knows what P says: it is a parameter",)
    assert found.denies(context()).is_unknown


def test_variables_need_the_version() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html."""
    statement = {**ALLOW, "Resource": "*/${missing, 'orders'}"}
    assert policy({"Version": "2012-10-17", "Statement": [statement]}).allows(context()) == YES
    assert policy({"Version": "2008-10-17", "Statement": [statement]}).allows(context()) == NO
    assert policy({"Statement": [statement]}).allows(context()) == NO
    for version, shown in (("2013-10-17", "'2013-10-17'"), (Unknown("a parameter"), "a parameter")):
        found = policy({"Version": version, "Statement": [ALLOW]})
        assert found.allows(context()).reasons == (f"nobody knows how P is read: its version is {shown}",)
        assert found.denies(context()).is_unknown
