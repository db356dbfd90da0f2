"""Wildcards, against texts that are known whole or in parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.authorization.glob import literal, wildcards
from constructs_lattice.model.symbolic import Generated, SymbolicText, compose, parts_of
from constructs_lattice.model.unknown import Unknown

pytestmark = pytest.mark.pure

ONE = Generated(name="S.One.Id", kind="svc-", alphabet=frozenset("ab"), least=2, most=3)
OTHER = Generated(name="S.Other.Id", kind="svc-", alphabet=frozenset("ab"), least=2, most=3)
PARAMETER = Unknown("it is a parameter", "P")


def _naive(pattern: str, text: str) -> bool:
    """What a pattern covers, by definition."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return _naive(pattern[1:], text) or bool(text and _naive(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and _naive(pattern[1:], text[1:])


@given(st.text("ab/:*?", max_size=7), st.text("ab/:*?", max_size=8))
def test_a_pattern_covers_what_it_should(pattern: str, text: str) -> None:
    """`*` is any characters, `?` is one, nothing else is special."""
    assert wildcards(pattern).matches(text) is _naive(pattern, text)


@given(st.text("aB*?", max_size=6), st.text("aB*?", max_size=6))
def test_a_literal_covers_itself(pattern: str, text: str) -> None:
    """Without wildcards `*` and `?` stand for themselves; case counts unless it is folded."""
    assert literal(pattern).matches(text) is (pattern == text)
    assert literal(pattern, folds_case=True).matches(text) is (pattern.lower() == text.lower())


PIECES = st.lists(st.one_of(st.text("ab/", max_size=2), st.sampled_from([ONE, OTHER, PARAMETER])), max_size=3)
PATTERNS = st.lists(st.one_of(st.text("ab/*?", max_size=2), st.sampled_from([ONE, OTHER, PARAMETER])), max_size=3)


@given(PATTERNS, PIECES, st.data())
def test_what_is_settled_holds_for_every_deployment(
    pattern: list[SymbolicText], text: list[SymbolicText], data: st.DataObject
) -> None:
    """Yes and no are right whatever ids the deployment makes up and whatever parameters are given."""
    ids = st.text("ab", min_size=2, max_size=3)
    one = data.draw(ids)
    chosen: dict[Generated | Unknown, str] = {
        ONE: one,
        OTHER: data.draw(ids.filter(lambda each: each != one)),
        PARAMETER: data.draw(st.text("ab/", max_size=3)),
    }

    def deployed(pieces: list[SymbolicText]) -> str:
        return "".join(part if isinstance(part, str) else chosen[part] for part in parts_of(compose(pieces)))

    answer = wildcards(compose(pattern)).matches(compose(text))
    if answer is not None:
        assert answer is _naive(deployed(pattern), deployed(text))


def test_ids_of_different_resources_differ() -> None:
    """The same id is the same, another one is not, and a literal one may be it if it has the form."""
    service = Generated(name="S.A.Id", kind="svc-")
    other = Generated(name="S.B.Id", kind="svc-")
    text = compose(("svc-", service, "/x"))
    assert wildcards(compose(("svc-", service, "/*"))).matches(text) is True
    assert wildcards(compose(("svc-", other, "/*"))).matches(text) is False
    assert wildcards("svc-*/x").matches(text) is True
    assert wildcards(f"svc-{'0' * 17}/*").matches(text) is None
    assert wildcards(f"svc-{'0' * 16}/*").matches(text) is False
    assert wildcards(f"svc-{'A' * 17}/*").matches(text) is False
    assert wildcards(f"svc-{'?' * 17}/*").matches(text) is None


def test_unknowns_are_the_same_by_their_symbols() -> None:
    """Two unknowns with one symbol are equal, those without any are never known to be."""
    assert literal(PARAMETER).matches(Unknown("elsewhere", "P")) is True
    assert literal(Unknown("x")).matches(Unknown("x")) is None
    assert literal(PARAMETER).matches("anything") is None
    assert wildcards("*").matches(Unknown("x")) is True


def test_a_doubt_says_what_nobody_knows() -> None:
    """The reason of an unknown part if there is one."""
    assert literal("a").doubt(Unknown("it is a parameter")) == "it is a parameter"
    assert str(literal("a*")) == "a${*}"
    assert str(wildcards(compose(("a*", ONE)))) == "a*${S.One.Id}"
    text = compose(("svc-", ONE))
    assert wildcards("svc-ab").doubt(text) == "only the deployment shows whether svc-ab covers svc-${S.One.Id}"


def test_a_pattern_is_quick_about_ends_that_differ() -> None:
    """Beginnings and ends that differ settle it; folded case counts there too."""
    text = compose(("arn:", ONE, "/Orders"))
    assert wildcards("*/items").matches(text) is False
    assert wildcards("*/orders").matches(text) is False
    assert wildcards("*/orders", folds_case=True).matches(text) is True
    assert wildcards("x*").matches(text) is False
