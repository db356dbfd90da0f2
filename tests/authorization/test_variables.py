"""Policy variables.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import pytest

from constructs_lattice.authorization.context import ABSENT, Absent, ContextValue, Doubtful, present
from constructs_lattice.authorization.variables import readings, variables_in
from constructs_lattice.model.symbolic import SymbolicText, compose
from constructs_lattice.model.unknown import Unknown

pytestmark = pytest.mark.pure

KEYS: dict[str, ContextValue] = {
    "aws:PrincipalTag/team": present("web"),
    "aws:PrincipalTag/star": present("a*"),
    "several": present("a", "b"),
    "doubtful": Doubtful((present("x"), ABSENT), "nobody knows"),
    "assumed": Absent("ASSUME-TAGS"),
}


def read(text: SymbolicText, *, has_wildcards: bool = True) -> list[str | None]:
    """All ways to read a text, as they would be written without variables."""
    found = readings(text, lambda name: KEYS.get(name, ABSENT), has_wildcards=has_wildcards)
    return [None if way.pattern is None else str(way.pattern) for way in found]


def test_a_variable_is_replaced_by_its_value() -> None:
    """In a text that may be known in parts, and next to wildcards."""
    assert read("${aws:PrincipalTag/team}/*") == ["web/*"]
    assert read(compose(("a/${aws:PrincipalTag/team}/", Unknown("p", "P")))) == ["a/web/${P}"]
    assert read("plain*") == ["plain*"]
    assert variables_in("${a}${*}${b, 'c'}${$}") == ["a", "b"]


def test_without_a_value_it_is_null() -> None:
    """It is equal to nothing, unless it has a default."""
    assert read("x/${missing}") == [None]
    assert read("x/${missing, 'everybody'}") == ["x/everybody"]
    assert read("x/${aws:PrincipalTag/team, 'everybody'}") == ["x/web"]


def test_characters_that_stand_for_themselves() -> None:
    """Have a notation of their own."""
    (way,) = readings("${*}${?}${$}", lambda _: ABSENT, has_wildcards=True)
    assert way.pattern is not None
    assert way.pattern.matches("*?$") is True
    assert way.pattern.matches("ab$") is False


def test_what_is_not_documented_has_several_readings() -> None:
    """A wildcard in a value, a key with several values, a key in doubt."""
    assert read("${aws:PrincipalTag/star}") == ["a${*}", "a*"]
    assert read("${aws:PrincipalTag/star}", has_wildcards=False) == ["a${*}"]
    assert read("${doubtful}") == ["x", None]
    (way,) = readings("${several}", KEYS.__getitem__, has_wildcards=True)
    assert way.pattern is not None
    assert way.pattern.doubt("a") == "several has several values, and cannot be a variable"


def test_reasons_and_assumptions_stay_with_a_reading() -> None:
    """They are reported where the reading matters."""
    ways = readings("${doubtful}${assumed}", KEYS.__getitem__, has_wildcards=True)
    assert [(way.reason, way.assumption) for way in ways] == [("nobody knows", "ASSUME-TAGS")] * 2


def test_before_2012_there_were_no_variables() -> None:
    """They are literal then."""
    (way,) = readings("${a}", None, has_wildcards=True)
    assert str(way.pattern) == "${a}"
