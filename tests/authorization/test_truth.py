"""Three-valued logic."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.authorization.truth import NO, YES, Truth, agreed, all_of, any_of, assuming, unknown

pytestmark = pytest.mark.pure

MAYBE = unknown("nobody knows")
VALUES = st.sampled_from([YES, NO, MAYBE])


def test_and_or_and_not() -> None:
    """Kleene's tables."""
    expected = {
        (True, True): (True, True),
        (True, False): (False, True),
        (True, None): (None, True),
        (False, False): (False, False),
        (False, None): (False, None),
        (None, None): (None, None),
    }
    by_value = {True: YES, False: NO, None: MAYBE}
    for (one, other), (both, either) in expected.items():
        for left, right in ((one, other), (other, one)):
            assert (by_value[left] & by_value[right]).value is both
            assert (by_value[left] | by_value[right]).value is either
    assert [(~each).value for each in (YES, NO, MAYBE)] == [False, True, None]


def test_what_is_unknown_says_why() -> None:
    """The reasons of all unknowns are kept once each, in order; those of what is settled are not."""
    one, other = unknown("one"), unknown("other")
    assert all_of([one, YES, other, one]).reasons == ("one", "other")
    assert all_of([one, NO]) == NO
    assert any_of([one, YES]) == YES
    assert agreed([YES, NO], "they differ") == unknown("they differ")
    assert agreed([YES, YES], "they differ") == YES
    assert agreed([YES, one], "they differ").reasons == ("they differ", "one")


def test_assumptions_follow_what_rests_on_them() -> None:
    """A value that rests on nothing is preferred to one that rests on an assumption."""
    assumed = assuming(NO, "A")
    assert all_of([YES, assumed]).assumptions == ("A",)
    assert all_of([assumed, NO]) == NO
    assert any_of([assumed, assuming(NO, "B")]).assumptions == ("A", "B")
    assert (~assumed) == Truth(value=True, assumptions=("A",))


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_an_unknown_that_becomes_known_flips_nothing(truths: list[Truth]) -> None:
    """What is settled with unknowns stays so, whatever these turn out to be."""
    for combine in (all_of, any_of):
        before = combine(truths).value
        choices = [[YES, NO] if each.is_unknown else [each] for each in truths]
        after = {combine(choice).value for choice in product(*choices)}
        assert None not in after
        assert after == {before} if before is not None else after == {True, False}
