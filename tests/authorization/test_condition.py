"""Condition operators: present and absent keys, one value and several.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import pytest

from constructs_lattice.authorization.condition import NEGATED_FOR_ALL, Condition
from constructs_lattice.authorization.context import ABSENT, Absent, ContextValue, Doubtful, present, undetermined
from constructs_lattice.authorization.truth import Truth
from constructs_lattice.model.symbolic import Generated, SymbolicText, compose
from constructs_lattice.model.unknown import Unknown
from tests.authorization.contexts import context

pytestmark = pytest.mark.pure

KEY = "vpc-lattice-svcs:RequestHeader/x"
ROLE = "arn:aws:iam::111111111111:role/web"


def holds(operator: str, policy: SymbolicText | list[SymbolicText], value: ContextValue = ABSENT) -> Truth:
    """What `{operator: {KEY: policy}}` says of a request with a value."""
    values = tuple(policy) if isinstance(policy, list) else (policy,)
    return Condition.parse(operator, KEY, values).holds(context({KEY: value}))


@pytest.mark.parametrize(
    ("operator", "policy", "value", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a*", "ab", False),
        ("StringNotEquals", "a", "b", True),
        ("StringNotEquals", "a", "a", False),
        ("StringEqualsIgnoreCase", "aB", "Ab", True),
        ("StringNotEqualsIgnoreCase", "aB", "Ab", False),
        ("StringLike", "a?c*", "abcd", True),
        ("StringLike", "A*", "abc", False),
        ("StringNotLike", "a*", "abc", False),
        ("StringNotLike", "a*", "xyz", True),
        ("NumericEquals", "443", "443.0", True),
        ("NumericNotEquals", "443", "80", True),
        ("NumericLessThan", "443", "80", True),
        ("NumericLessThan", "80", "80", False),
        ("NumericLessThanEquals", "80", "80", True),
        ("NumericGreaterThan", "80", "443", True),
        ("NumericGreaterThanEquals", "443", "80", False),
        ("DateLessThan", "2030-01-01T00:00:00Z", "2029-12-31", True),
        ("DateGreaterThan", "2030-01-01T00:00:00+01:00", "2029-12-31T23:30:00Z", True),
        ("DateEquals", "1970-01-01T00:00:10Z", "10", True),
        ("DateNotEquals", "0", "10", True),
        ("DateLessThanEquals", "10", "10", True),
        ("DateGreaterThanEquals", "11", "10", False),
        ("Bool", "true", "TRUE", True),
        ("Bool", "false", "true", False),
        ("BinaryEquals", "QQ==", "QQ==", True),
        ("BinaryEquals", "QQ==", "QR==", True),
        ("BinaryEquals", "QQ==", "Qg==", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
        ("IpAddress", "203.0.113.7", "203.0.113.7", True),
        ("IpAddress", "2001:db8::/32", "203.0.113.7", False),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.7", False),
        ("ArnEquals", "arn:aws:iam::111111111111:role/*", ROLE, True),
        ("ArnLike", "arn:aws:iam::*:role/w?b", ROLE, True),
        ("ArnLike", "arn:aws:iam::222222222222:role/*", ROLE, False),
        ("ArnNotEquals", "arn:aws:iam::222222222222:role/*", ROLE, True),
        ("ArnNotLike", "arn:aws:iam::*", ROLE, False),
    ],
)
def test_an_operator_compares_a_value(operator: str, policy: str, value: str, expected: bool) -> None:
    """As the user guide says it, operator by operator."""
    assert holds(operator, policy, present(value)).value is expected


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize(
    "operator", ["String{}Equals", "String{}Like", "Arn{}Like", "Numeric{}Equals", "Date{}Equals", "{}IpAddress"]
)
def test_an_absent_key_is_equal_to_nothing(operator: str, negated: bool) -> None:
    """So a negated operator is true of it: LAT-7, `StringNotEquals` admits whoever lacks the key."""
    name = operator.format("Not" if negated else "")
    assert holds(name, "1").value is negated
    assert holds(f"{name}IfExists", "1").value is True


def test_several_values_of_the_policy_are_alternatives() -> None:
    """Or, and for negated operators nor."""
    assert holds("StringEquals", ["a", "b"], present("b")).value is True
    assert holds("StringNotEquals", ["a", "b"], present("b")).value is False
    assert holds("StringNotEquals", ["a", "b"], present("c")).value is True
    assert holds("StringEquals", [], present("c")).value is False


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "c"], False),
        ("ForAllValues:StringEquals", [""], True),
        ("ForAllValues:StringEquals", None, True),
        ("ForAllValues:StringNotEquals", ["c", "d"], True),
        ("ForAllValues:StringNotEquals", ["a", "d"], False),
        ("ForAnyValue:StringEquals", ["c", "b"], True),
        ("ForAnyValue:StringEquals", ["c", "d"], False),
        ("ForAnyValue:StringEquals", None, False),
        ("ForAnyValue:StringNotEquals", ["a", "c"], True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], False),
        ("ForAnyValue:StringNotEquals", None, False),
        ("ForAllValues:StringLikeIfExists", None, True),
        ("StringEquals", ["a", "b"], True),
        ("StringEquals", ["c", "d"], False),
        ("StringEquals", ["a", "d"], None),
    ],
)
def test_set_operators(operator: str, values: list[str] | None, expected: bool | None) -> None:
    """Over several values of the request; without one it is unknown unless all values agree.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    value = ABSENT if values is None else present(*values)
    assert holds(operator, ["a", "b"], value).value is expected


def test_where_the_user_guide_contradicts_itself() -> None:
    """ForAllValues with a negated operator rests on an assumption, ForAnyValue with IfExists is unknown."""
    assert holds("ForAllValues:StringNotEquals", "a") == Truth(value=True, assumptions=(NEGATED_FOR_ALL,))
    found = holds("ForAnyValue:StringEqualsIfExists", "a")
    assert found.reasons == (f"what ForAnyValue with IfExists does without {KEY} is not documented",)


def test_null_asks_whether_a_key_is_there() -> None:
    """`true` means it is not; an empty value is a question that is not answered."""
    assert holds("Null", "true").value is True
    assert holds("Null", "false").value is False
    assert holds("Null", "true", present("a")).value is False
    assert holds("Null", "false", present("a")).value is True
    assert holds("Null", ["true", "false"], present("a")).value is True
    assert holds("Null", "true", present("")).reasons == (
        f"whether {KEY} counts as null when it is empty is not documented",
    )
    assert holds("Null", "perhaps").reasons == ("what Null does with perhaps is not documented",)
    assert holds("ForAllValues:Null", "true").value is None


@pytest.mark.parametrize(
    ("operator", "policy", "value", "reason"),
    [
        ("StringMatches", "a", "a", "IAM documents no condition operator StringMatches"),
        ("NullIfExists", "true", "a", "IAM documents no condition operator NullIfExists"),
        ("ForEach:StringLike", "a", "a", "IAM documents no condition operator ForEach:StringLike"),
        ("NumericEquals", "http", "80", "'80' and 'http' are not both numbers"),
        ("DateEquals", "now", "80", "'80' and 'now' are not both dates"),
        ("Bool", "yes", "true", "'true' and 'yes' are not both true or false"),
        ("BinaryEquals", "!", "QQ==", "'QQ==' and '!' are not both in base 64"),
        ("IpAddress", "10.0.0.0/33", "10.0.0.1", "'10.0.0.1' and '10.0.0.0/33' are not an address and a block"),
        (
            "Bool",
            "${aws:SecureTransport}",
            "true",
            "what Bool does with the variables of ${aws:SecureTransport} is not documented",
        ),
        (
            "ArnLike",
            "*web",
            ROLE,
            f"whether *web covers {ROLE} is not documented: a wildcard would have to cross a colon",
        ),
    ],
)
def test_what_nobody_can_evaluate_is_unknown(operator: str, policy: str, value: str, reason: str) -> None:
    """Never true or false by accident."""
    assert holds(operator, policy, present(value)) == Truth(value=None, reasons=(reason,))


def test_values_that_only_the_deployment_knows() -> None:
    """They are compared as far as they are known."""
    vpc = compose(("vpc-", Generated(name="S.Vpc.Id", kind="vpc-")))
    other = compose(("vpc-", Generated(name="S.Other.Id", kind="vpc-")))
    assert holds("StringEquals", vpc, present(vpc)).value is True
    assert holds("StringEquals", other, present(vpc)).value is False
    assert holds("StringLike", "vpc-*", present(vpc)).value is True
    assert holds("StringEquals", Unknown("it is a parameter"), present("x")).reasons == ("it is a parameter",)
    assert holds("StringNotEquals", [vpc, "x"], present(vpc)).value is False
    for operator in ("NumericEquals", "IpAddress", "DateEquals"):
        assert holds(operator, "1", present(Unknown("nobody knows the time"))).reasons == ("nobody knows the time",)


def test_a_key_in_doubt_counts_only_where_its_alternatives_differ() -> None:
    """Both readings are tried."""
    doubtful = Doubtful((present("anonymous"), ABSENT), "it is documented in two ways")
    assert holds("StringNotEquals", "111111111111", doubtful).value is True
    assert holds("StringEquals", "111111111111", doubtful).value is False
    assert holds("Null", "true", doubtful).reasons == ("it is documented in two ways",)
    assert holds("StringLike", "*", undetermined("nobody knows")).value is None


def test_an_assumed_absence_is_listed() -> None:
    """Whoever relies on it sees it."""
    assert holds("StringEquals", "a", Absent("ASSUME-X")) == Truth(value=False, assumptions=("ASSUME-X",))


def test_names_of_keys_with_another_case_are_read_in_both_ways() -> None:
    """IAM says that they have no case, VPC Lattice says that they have."""
    condition = Condition.parse("StringEquals", KEY.upper(), ("a",))
    assert condition.holds(context({KEY: present("b")})).value is False
    assert condition.holds(context({KEY: present("a")})).reasons == (
        f"the documentation disagrees whether {KEY.upper()} is {KEY}",
    )
    two = context({"aws:PrincipalTag/Team": present("a"), "aws:PrincipalTag/team": present("b")})
    assert Condition.parse("StringEquals", "aws:PrincipalTag/Team", ("a",)).holds(two).value is None
    assert Condition.parse("StringEquals", "aws:PrincipalTag/Team", ("c",)).holds(two).value is False


def test_keys_that_the_context_does_not_have() -> None:
    """Families have their own answer; unknown keys of AWS and of VPC Lattice are unknown."""
    found = context({}, families={"aws:PrincipalTag/": ABSENT}, others=undetermined("nobody knows the session"))
    assert found["aws:principaltag/team"] == ABSENT
    assert found["aws:Something"] == undetermined("nobody knows aws:Something")
    assert found["vpc-lattice-svcs:Foo"] == undetermined("VPC Lattice documents no condition key vpc-lattice-svcs:Foo")
    assert found["saml:sub"] == undetermined("nobody knows the session")
