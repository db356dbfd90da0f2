"""Merged statements say the same as before, in fewer words."""

import re
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.vpc_lattice.allowance import Allowance, merged
from constructs_lattice.vpc_lattice.permit import EVERY_PATH, Condition, Permit

PATHS = ["/*", "/a", "/a*", "/a/*", "/a/b", "/?", "/*/b", "/b"]
METHODS = ["GET", "POST", "PUT"]
NAMES = [("AWS", "web"), ("AWS", "batch"), ("Service", "x.amazonaws.com")]
CONDITIONS: list[Condition] = [("StringEquals", "x", ("1",)), ("StringLike", "y", ("2*",))]
REQUESTS = list(
    product(
        NAMES,
        METHODS,
        ["/", "/a", "/ab", "/a/", "/a/b", "/a/b/c", "/b", "/c/b"],
        [set(), {CONDITIONS[0]}, set(CONDITIONS)],
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
        conditions=st.sets(st.sampled_from(CONDITIONS)).map(lambda chosen: tuple(sorted(chosen))),
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
            and met.issuperset(each.permit.conditions)
            and any(_matches(pattern, path) for pattern in each.permit.paths)
            for each in statements
        )
        for name, method, path, met, service in REQUESTS
    ]


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
