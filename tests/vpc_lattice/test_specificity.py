"""Which match contains which: compared with what the matches do to requests."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice import HeaderMatch, Match, Method
from constructs_lattice.vpc_lattice.match import MatchKind
from constructs_lattice.vpc_lattice.specificity import contains, header_weight, overlap, path_steps
from tests.vpc_lattice.matches import Request, matches, requests, same, takes

X = HeaderMatch


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        (Match.path_prefix("/"), Match.path_prefix("/orders")),
        (Match.path_prefix("/orders"), Match.path_prefix("/orders/new")),
        (Match.path_prefix("/orders"), Match.path_exact("/orders")),
        (Match.path_prefix("/orders"), Match.path_prefix("/orders", method=Method.GET)),
        (Match.path_prefix("/ORDERS", case_sensitive=False), Match.path_prefix("/orders")),
        (Match.path_prefix("/"), Match.method_is(Method.GET)),
        (Match.method_is(Method.GET), Match.path_exact("/", method=Method.GET)),
        (Match.path_prefix("/"), Match.header_is(X.exact("x", "y"))),
        (Match.header_is(X.contains("x", "b")), Match.header_is(X.prefix("X", "abc"))),
        (Match.header_is(X.prefix("x", "ab")), Match.header_is(X.exact("x", "abc"))),
        (
            Match.header_is(X.contains("x", "a"), X.contains("x", "b")),
            Match.header_is(X.exact("x", "ab")),
        ),
        (Match.header_is(X.exact("x", "y")), Match.header_is(X.exact("x", "y"), X.contains("z", "z"))),
        (Match.header_is(X.exact("x", "Y")), Match.header_is(X.exact("x", "y", case_sensitive=True))),
    ],
)
def test_one_match_contains_the_other(outer: Match, inner: Match) -> None:
    """And not the other way round; what is contained weighs at least as much, and its path begins with the other's."""
    assert contains(outer, inner)
    assert not contains(inner, outer)
    assert header_weight(inner) >= header_weight(outer)
    steps = path_steps(outer)
    assert path_steps(inner)[: len(steps)] == steps


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Match.path_prefix("/orders"), Match.path_prefix("/users")),
        (Match.path_exact("/orders"), Match.path_exact("/orders/new")),
        (Match.path_prefix("/orders", method=Method.GET), Match.path_prefix("/orders", method=Method.POST)),
        (Match.path_prefix("/orders"), Match.method_is(Method.GET)),
        (Match.path_prefix("/orders"), Match.header_is(X.exact("x", "y"))),
        (Match.header_is(X.exact("x", "y")), Match.header_is(X.exact("z", "y"))),
        (Match.header_is(X.contains("x", "ab")), Match.header_is(X.prefix("x", "a"))),
        (Match.path_prefix("/A"), Match.path_prefix("/ab", case_sensitive=False)),
    ],
)
def test_neither_contains_the_other(one: Match, other: Match) -> None:
    """They meet different requests, even if some are the same."""
    assert not contains(one, other)
    assert not contains(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Match.method_is(Method.GET), Match.path_prefix("/", method=Method.GET)),
        (Match.path_exact("/1", case_sensitive=False), Match.path_exact("/1")),
        (Match.header_is(X.exact("x", "Y")), Match.header_is(X.exact("X", "y"), X.contains("x", "y"))),
    ],
)
def test_what_is_written_differently_may_be_the_same(one: Match, other: Match) -> None:
    """Every path begins with a slash; digits have no case; a condition may follow from another."""
    assert same(one, other)


@given(matches(), matches(), requests())
def test_containment_is_about_requests(outer: Match, inner: Match, request: Request) -> None:
    """What contains a match takes every request that the match takes."""
    if contains(outer, inner) and takes(inner, request):
        assert takes(outer, request)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Match.path_prefix("/orders"), Match.path_exact("/orders/1")),
        (Match.path_prefix("/orders"), Match.method_is(Method.GET)),
        (Match.path_prefix("/ORDERS/1", case_sensitive=False), Match.path_prefix("/orders")),
        (Match.path_exact("/Orders"), Match.path_exact("/oRDERS", case_sensitive=False)),
        (Match.header_is(X.exact("x", "abc")), Match.header_is(X.contains("X", "b"))),
        (Match.header_is(X.prefix("x", "a")), Match.header_is(X.contains("x", "b"))),
        (Match.header_is(X.exact("x", "a")), Match.header_is(X.exact("y", "b"))),
    ],
)
def test_two_matches_have_requests_in_common(one: Match, other: Match) -> None:
    """Whichever is asked first."""
    assert overlap(one, other)
    assert overlap(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Match.path_prefix("/orders/"), Match.path_exact("/orders")),
        (Match.path_prefix("/orders"), Match.path_prefix("/Orders")),
        (Match.path_prefix("/a", method=Method.GET), Match.path_prefix("/a", method=Method.PUT)),
        (Match.header_is(X.exact("x", "a")), Match.header_is(X.exact("X", "b"))),
        (Match.header_is(X.exact("x", "a")), Match.header_is(X.contains("x", "b"))),
        (Match.header_is(X.prefix("x", "a")), Match.header_is(X.prefix("x", "b"))),
    ],
)
def test_two_matches_have_no_request_in_common(one: Match, other: Match) -> None:
    """Whichever is asked first."""
    assert not overlap(one, other)
    assert not overlap(other, one)


@given(matches(), matches(), requests())
def test_overlap_is_about_requests(one: Match, other: Match, request: Request) -> None:
    """Two matches that take one request overlap."""
    if takes(one, request) and takes(other, request):
        assert overlap(one, other)


@given(matches(), matches())
def test_what_is_contained_weighs_no_less(outer: Match, inner: Match) -> None:
    """On this the bands of the priorities stand."""
    if contains(outer, inner):
        assert header_weight(inner) >= header_weight(outer)


@pytest.mark.parametrize(
    ("match", "steps"),
    [
        (Match.method_is(Method.GET), []),
        (Match.path_prefix("/"), []),
        (Match.path_exact("/"), ["$"]),
        (Match.path_prefix("/orders"), ["orders"]),
        (Match.path_exact("/orders"), ["orders", "$"]),
        (Match.path_prefix("/orders/"), ["orders", "/"]),
        (Match.path_prefix("/Orders/new"), ["orders", "/", "new"]),
    ],
)
def test_a_path_goes_in_steps(match: Match, steps: list[str]) -> None:
    """Whatever lies below it begins with them; case makes no difference, since it may not count."""
    assert path_steps(match) == steps


@given(matches(), matches(), matches())
def test_containment_is_an_order(one: Match, two: Match, three: Match) -> None:
    """A match contains itself, and what is contained by what it contains."""
    assert contains(one, one)
    if contains(one, two) and contains(two, three):
        assert contains(one, three)


@given(st.text(string.ascii_letters, min_size=1, max_size=4), st.booleans())
def test_kinds_of_one_text_are_nested(text: str, case_sensitive: bool) -> None:
    """Exact within prefix, prefix within contains."""
    exact, prefix, part = (
        Match.header_is(X(name="x", kind=kind, value=text, case_sensitive=case_sensitive))
        for kind in (MatchKind.EXACT, MatchKind.PREFIX, MatchKind.CONTAINS)
    )
    assert contains(prefix, exact)
    assert contains(part, prefix)
    assert not contains(exact, prefix)
    assert not contains(prefix, part)
