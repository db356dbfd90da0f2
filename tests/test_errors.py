"""The exceptions, and the checks that raise them."""

import re

import pytest

from constructs_lattice._checks import check_count, check_pattern, check_range, check_text
from constructs_lattice._tokens import is_list_token, is_token
from constructs_lattice.errors import AddressError, ArgumentError, LatticeError, TemplateError

pytestmark = pytest.mark.pure

TEXT_MARK = "${Token[TOKEN.7]}"
NUMBER_MARK = -1.8881545897087626e289
LIST_MARK = ["#{Token[TOKEN.7]}"]


@pytest.mark.parametrize("leaf", [AddressError, ArgumentError, TemplateError])
def test_every_leaf_is_a_lattice_error_and_a_value_error(leaf: type[LatticeError]) -> None:
    """Who catches either gets it."""
    assert issubclass(leaf, LatticeError)
    assert issubclass(leaf, ValueError)


def test_problems_are_reported_together() -> None:
    """One a line; none, no error."""
    ArgumentError.raise_all([])
    with pytest.raises(ArgumentError) as caught:
        ArgumentError.raise_all(iter(["first", "second"]))
    assert str(caught.value) == "first\nsecond"


@pytest.mark.parametrize("value", [TEXT_MARK, f"arn:{TEXT_MARK}", NUMBER_MARK, LIST_MARK, ["a", TEXT_MARK]])
def test_tokens_are_told_from_values(value: object) -> None:
    """In all the types into which the CDK writes them."""
    assert is_token(value)


@pytest.mark.parametrize("value", ["", "10.0.0.0/16", "${AWS::Region}", 0, -1, 65_535, [], ["a"], None, 1.5])
def test_values_are_not_taken_for_tokens(value: object) -> None:
    """A reference of Fn::Sub is text, too."""
    assert not is_token(value)


def test_a_list_that_only_the_deployment_knows_is_told_from_others() -> None:
    """One element that stands for all of them."""
    assert is_list_token(LIST_MARK)
    assert not is_list_token([TEXT_MARK])
    assert not is_list_token([])


def test_numbers_are_checked() -> None:
    """Bounds belong to what is allowed; what is absent or a token passes."""
    for value in (None, 1, 10, NUMBER_MARK):
        check_range("Shop", "port", value, 1, 10)
    with pytest.raises(ArgumentError) as caught:
        check_range("Shop", "timeout", 4001, 1, 4000, unit="seconds")
    assert str(caught.value) == "Shop: timeout must be 1 to 4,000 seconds, got 4001"


def test_texts_are_checked() -> None:
    """By their length and by their pattern."""
    for value in (None, "abc", TEXT_MARK):
        check_text("Shop", "name", value, 3, 3)
        check_pattern("Shop", "name", value, re.compile("[a-c]+"), "be a, b and c")
    with pytest.raises(ArgumentError) as caught:
        check_text("Shop", "name", "ab", 3, 63)
    assert str(caught.value) == "Shop: name must be 3 to 63 characters long, got 'ab' (2)"
    with pytest.raises(ArgumentError) as caught:
        check_pattern("Shop", "name", "abx", re.compile("[a-c]+"), "be a, b and c")
    assert str(caught.value) == "Shop: name must be a, b and c, got 'abx'"


def test_numbers_of_things_are_checked() -> None:
    """Bounds belong to what is allowed."""
    check_count("Shop", "tiers", 1, 1, 2)
    with pytest.raises(ArgumentError) as caught:
        check_count("Shop", "tiers", 3, 1, 2)
    assert str(caught.value) == "Shop: there must be 1 to 2 tiers, got 3"
