"""Matches and requests for property tests, small enough to meet each other, and what VPC Lattice does with them."""

from dataclasses import dataclass

from hypothesis import strategies as st

from constructs_lattice import HeaderMatch, Match, Method
from constructs_lattice.vpc_lattice.match import MatchKind
from constructs_lattice.vpc_lattice.specificity import contains

_METHODS = [Method.GET, Method.POST, Method.HEAD]
_VALUES = st.text("aAb1", min_size=1, max_size=3)
_NAMES = st.sampled_from(["x", "X", "y"])


@dataclass(frozen=True)
class Request:
    """What a client asks; names of headers are in lower case."""

    path: str
    method: Method
    headers: tuple[tuple[str, str], ...]


def paths() -> st.SearchStrategy[str]:
    return st.text("aA/1", max_size=4).map(lambda rest: f"/{rest}")


def headers() -> st.SearchStrategy[HeaderMatch]:
    return st.builds(
        HeaderMatch, name=_NAMES, kind=st.sampled_from(MatchKind), value=_VALUES, case_sensitive=st.booleans()
    )


def matches() -> st.SearchStrategy[Match]:
    made = st.tuples(
        st.none() | paths(),
        st.sampled_from([MatchKind.EXACT, MatchKind.PREFIX]),
        st.booleans(),
        st.none() | st.sampled_from(_METHODS),
        st.lists(headers(), max_size=3).map(tuple),
    ).filter(lambda parts: any((parts[0], parts[3], parts[4])))
    return made.map(
        lambda parts: Match(
            path=parts[0], path_kind=parts[1], case_sensitive=parts[2], method=parts[3], headers=parts[4]
        )
    )


def requests() -> st.SearchStrategy[Request]:
    values = st.dictionaries(st.sampled_from(["x", "y"]), st.text("aAb1", max_size=5))
    return st.builds(
        Request,
        path=paths(),
        method=st.sampled_from(_METHODS),
        headers=values.map(lambda each: tuple(each.items())),
    )


def same(one: Match, other: Match) -> bool:
    """Whether both match the same requests."""
    return contains(one, other) and contains(other, one)


def takes(match: Match, request: Request) -> bool:
    """Whether a rule with that match is for the request, told as plainly as can be."""
    values = dict(request.headers)
    return (
        (match.path is None or _fits(match.path_kind, match.path, match.case_sensitive, request.path))
        and match.method in (None, request.method)
        and all(
            each.name.lower() in values and _fits(each.kind, each.value, each.case_sensitive, values[each.name.lower()])
            for each in match.headers
        )
    )


def _fits(kind: MatchKind, wanted: str, case_sensitive: bool, text: str) -> bool:
    if not case_sensitive:
        wanted, text = wanted.lower(), text.lower()
    if kind is MatchKind.EXACT:
        return text == wanted
    return text.startswith(wanted) if kind is MatchKind.PREFIX else wanted in text
