"""Classes of strings, and saying which of them are meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.authorization.cover import Span, boxes, cover
from constructs_lattice.authorization.glob import literal, wildcards
from constructs_lattice.authorization.language import Language, StringClass, TooManyClassesError, classes

pytestmark = pytest.mark.pure

PATTERNS = st.lists(st.text("ab/*?", min_size=1, max_size=5), max_size=4)


def languages(*patterns: str) -> list[Language]:
    return [Language.of(wildcards(each)) for each in patterns]


@given(PATTERNS, st.text("ab/c", max_size=6))
def test_every_string_is_in_one_class(patterns: list[str], text: str) -> None:
    """The one whose example is covered by the same patterns; examples are in their own classes."""
    found = classes(languages(*patterns), alphabet="abc/")
    covering = frozenset(i for i, each in enumerate(patterns) if wildcards(each).matches(text))
    assert [each.languages for each in found].count(covering) == 1
    for each in found:
        assert each.languages == frozenset(i for i, p in enumerate(patterns) if wildcards(p).matches(each.example))


def test_classes_of_paths() -> None:
    """Overlaps are classes of their own; everything begins with the prefix, and nothing is too short."""
    found = classes(languages("/orders/*", "*/1", "/x"), prefix="/", alphabet="ordesx1/")
    assert {each.languages: each.example for each in found} == {
        frozenset(): "/",
        frozenset({1}): "/1",
        frozenset({2}): "/x",
        frozenset({0}): "/orders/",
        frozenset({0, 1}): "/orders/1",
    }
    assert [each.example for each in classes(languages("GET"), alphabet="GET", least=1)] == ["G", "GET"]
    assert [each.example for each in classes([], alphabet="abc")] == [""]


def test_folded_case_is_one_language() -> None:
    """Both cases of a letter are in it."""
    language = Language.of(literal("Get", folds_case=True))
    assert "gET" in language
    assert "gETs" not in language


def test_too_many_classes_are_an_error() -> None:
    """Never an endless search."""
    with pytest.raises(TooManyClassesError):
        classes(languages(*(f"*{letter}?????????*" for letter in "abcdefgh")), alphabet="abcdefgh")


@given(PATTERNS, st.data())
def test_spans_cover_what_is_meant_and_nothing_else(patterns: list[str], data: st.DataObject) -> None:
    """Whatever is meant."""
    found = classes(languages(*patterns), alphabet="abc/")
    meant = data.draw(st.sets(st.integers(0, len(found) - 1)))
    spans = cover(meant, found, len(patterns))
    assert {i for i, each in enumerate(found) if any(span.covers(each) for span in spans)} == meant


def test_the_fewest_words() -> None:
    """Everything is everything; an exception is an exception."""
    found = [StringClass(frozenset({0}), ""), StringClass(frozenset({0, 1}), ""), StringClass(frozenset(), "")]
    assert cover({0, 1, 2}, found, 2) == [Span(())]
    assert cover({0, 1}, found, 2) == [Span((0,))]
    assert cover({0}, found, 2) == [Span((0,), (1,))]
    assert cover({0, 2}, found, 2) == [Span((), (1,))]
    assert cover(set(), found, 2) == []


@given(st.sets(st.tuples(*[st.integers(0, 2)] * 3)))
def test_boxes_hold_every_cell_once(cells: set[tuple[int, ...]]) -> None:
    """They are disjoint, and together they are the cells."""
    found = [
        (first, second, third) for box in boxes(cells) for first in box[0] for second in box[1] for third in box[2]
    ]
    assert sorted(found) == sorted(cells)
