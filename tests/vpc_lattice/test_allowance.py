"""Merged statements say the same as before, in fewer words."""

import re
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.vpc_lattice.allowance import Allowance, merged
from constructs_lattice.vpc_lattice.permit import EVERY_PATH, Condition, Permit

PATHS = ["/*", "/a", "/a*", "/a/*", "/a/b", "/?", "/*/b", "/b"]
METHODS = ["GET", "POST", "PUT"]
NAMES = (("AWS", "web"), ("AWS", "batch"), ("Service", "x.amazonaws.com"))
X, OTHER_X, Y = ("StringEquals", "x", ("1",)), ("StringEquals", "x", ("2",)), ("StringLike", "y", ("2*",))
NOT_X, NOT_OTHER_X = ("StringNotEquals", "x", ("1",)), ("StringNotEquals", "x", ("2",))
EVERY = ("ForAllValues", "ForAnyValue")
CONDITIONS: list[tuple[Condition, ...]] = [(), (X,), (OTHER_X,), (Y,), (X, Y), (OTHER_X, Y), (NOT_X,), (NOT_OTHER_X,)]
REQUESTS = list(
    product(
        NAMES,
        METHODS,
        ["/", "/a", "/ab", "/a/", "/a/b", "/a/b/c", "/b", "/c/b"],
        [{}, {"x": "1"}, {"x": "2", "y": "2"}, {"x": "3", "y": "2"}],
        ["one", "other"],
    )
)


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(values), max_size=2).map(lambda chosen: tuple(sorted(chosen)))


def allowances() -> st.SearchStrategy[list[Allowance]]:
    permits = st.builds(
        Permit,
        paths=some(PATHS).filter(bool),
        methods=some(METHODS),
        conditions=st.sampled_from(CONDITIONS),
    )
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True).map(tuple)
    return st.lists(st.builds(Allowance, names, permits, st.sampled_from([None, "one"])), max_size=8)


def allowed(statements: list[Allowance]) -> list[bool]:
    """Whether each of the requests is allowed, told as plainly as can be."""
    return [
        any(
            name in each.names
            and each.service in (None, service)
            and (not each.permit.methods or method in each.permit.methods)
            and all(_holds(condition, sent) for condition in each.permit.conditions)
            and any(_matches(pattern, path) for pattern in each.permit.paths)
            for each in statements
        )
        for name, method, path, sent, service in REQUESTS
    ]


def _holds(condition: Condition, sent: dict[str, str]) -> bool:
    operator, key, values = condition
    found = any(_matches(value, sent.get(key, "")) for value in values)
    return not found if operator == "StringNotEquals" else found


def _matches(pattern: str, path: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), path) is not None


@given(allowances())
def test_the_same_requests_are_allowed(before: list[Allowance]) -> None:
    """Neither more nor less, and never in more statements; what is merged is not merged again."""
    after = merged(before)
    assert allowed(after) == allowed(before)
    assert len(after) <= len(before)
    assert merged(after) == after


def one(name: str, *, paths: tuple[str, ...] = (EVERY_PATH,), methods: tuple[str, ...] = ()) -> Allowance:
    return Allowance((("AWS", name),), Permit(paths=paths, methods=methods))


def test_callers_of_the_same_requests_share_a_statement() -> None:
    """In the order in which they came, each once."""
    after = merged([one("web"), one("batch"), one("web")])
    assert after == [Allowance((("AWS", "web"), ("AWS", "batch")), Permit())]


def test_requests_of_the_same_caller_share_a_statement() -> None:
    """Paths are added up, and methods are, as long as nothing more comes of it."""
    orders = [one("web", paths=(path,), methods=("GET",)) for path in ("/b", "/a")]
    assert merged(orders) == [one("web", paths=("/a", "/b"), methods=("GET",))]
    methods = [one("web", paths=("/a",), methods=(method,)) for method in ("POST", "GET")]
    assert merged(methods) == [one("web", paths=("/a",), methods=("GET", "POST"))]
    crossed = [one("web", paths=("/a",), methods=("GET",)), one("web", paths=("/b",), methods=("POST",))]
    assert merged(crossed) == crossed


def test_values_of_one_condition_are_added_up() -> None:
    """Any of them will do; two conditions that differ are not."""
    before = [Allowance(NAMES[:1], Permit(conditions=each)) for each in ((X,), (OTHER_X,))]
    (statement,) = merged(before)
    assert statement.permit.conditions == (("StringEquals", "x", ("1", "2")),)
    apart = [Allowance(NAMES[:1], Permit(conditions=each)) for each in ((X,), (Y,))]
    assert merged(apart) == apart
    negated = [Allowance(NAMES[:1], Permit(conditions=each)) for each in ((NOT_X,), (NOT_OTHER_X,))]
    assert merged(negated) == negated


def test_values_that_all_have_to_match_are_not_added_up() -> None:
    """Each of them was allowed by itself, and the two together by nobody."""
    apart = [
        Allowance(NAMES[:1], Permit(conditions=tuple((f"{every}:StringEquals", "q", (value,)) for every in EVERY)))
        for value in ("1", "2")
    ]
    assert merged(apart) == apart


def test_what_is_allowed_already_is_left_out() -> None:
    """By all methods, by a wildcard, or for everything."""
    assert merged([one("web", paths=("/a/*",)), one("web", paths=("/a/b",), methods=("GET",))]) == [
        one("web", paths=("/a/*",))
    ]
    assert merged([one("web", paths=("/a",)), one("web")]) == [one("web")]


def test_a_thousand_grants_are_merged_at_once() -> None:
    """One statement for a thousand callers of the same."""
    (statement,) = merged([one(f"role-{number}", paths=("/a",)) for number in range(1000)])
    assert len(statement.names) == 1000


def test_a_statement_is_written_as_the_cdk_writes_them() -> None:
    """Single values by themselves; kinds of principals apart; everybody by a star."""
    names = (("AWS", "web"), ("AWS", "batch"), ("Service", "x.amazonaws.com"))
    permit = Permit(paths=("/a", "/b"), methods=("GET",), conditions=(("StringEquals", "k", ("1", "2")),))
    assert Allowance(names, permit, "arn").statement() == {
        "Action": "vpc-lattice-svcs:Invoke",
        "Condition": {"StringEquals": {"vpc-lattice-svcs:RequestMethod": "GET", "k": ["1", "2"]}},
        "Effect": "Allow",
        "Principal": {"AWS": ["web", "batch"], "Service": "x.amazonaws.com"},
        "Resource": ["arn/a", "arn/b"],
    }
    assert Allowance((("AWS", "*"),), Permit()).statement() == {
        "Action": "vpc-lattice-svcs:Invoke",
        "Effect": "Allow",
        "Principal": "*",
        "Resource": "*",
    }
