"""Where a listener routes a request.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/listener-rules.html
"""

from dataclasses import replace

import pytest

from constructs_lattice.authorization.request import Protocol, Request
from constructs_lattice.authorization.routing import listener_for, route
from constructs_lattice.model.lattice import (
    Action,
    FixedResponse,
    Forward,
    HeaderMatch,
    HttpMatch,
    Listener,
    ListenerProtocol,
    PathMatch,
    Rule,
    StringMatch,
    StringMatchKind,
    WeightedTargetGroup,
)
from constructs_lattice.model.symbolic import SymbolicText
from constructs_lattice.model.unknown import Unknown
from tests.authorization.lattices import LISTENER, Estate

pytestmark = pytest.mark.pure

PARAMETER = Unknown("it is a parameter")


def forward(*groups: tuple[str, int | Unknown]) -> Forward:
    return Forward(
        target_groups=tuple(WeightedTargetGroup(target_group=name, weight=weight) for name, weight in groups)
    )


def path(
    text: SymbolicText, kind: StringMatchKind = StringMatchKind.PREFIX, case: bool | Unknown | None = True
) -> HttpMatch:
    return HttpMatch(path=PathMatch(match=StringMatch(kind=kind, text=text), case_sensitive=case))


def rule(
    name: str, priority: int | Unknown, match: HttpMatch, *, action: Action | None = None, doubt: Unknown | None = None
) -> Rule:
    return Rule(id=name, priority=priority, match=match, action=action or forward((name, 1)), doubt=doubt)


def routed(rules: list[Rule], request_path: str = "/app/x", **request: object) -> str | tuple[str, ...]:
    """The first target group, or the reasons why nobody knows."""
    listener = replace(LISTENER, rules=tuple(rules), default_action=forward(("default", 1)))
    asked = replace(Request(service="S.Api", protocol=Protocol.HTTP, path=request_path), **request)  # type: ignore[arg-type] # fields of Request
    found = route(listener, asked)
    return found.action.target_groups[0].target_group if isinstance(found.action, Forward) else found.reasons


def test_the_lowest_priority_that_matches_decides() -> None:
    """In whatever order the rules are; the default action comes last."""
    rules = [rule("broad", 20, path("/")), rule("narrow", 10, path("/app/"))]
    assert routed(rules) == "narrow"
    assert routed(rules, "/other") == "broad"
    assert routed([rules[1]], "/other") == "default"


def test_a_prefix_ends_at_a_segment() -> None:
    """Where it does not, nobody knows; an exact path is exact."""
    assert routed([rule("app", 1, path("/app"))]) == "app"
    assert routed([rule("app", 1, path("/app"))], "/app") == "app"
    assert routed([rule("app", 1, path("/app/"))], "/app") == "default"
    assert routed([rule("app", 1, path("/app"))], "/apple") == (
        "whether the prefix /app ends where a segment of /apple ends is not documented",
    )
    assert routed([rule("app", 1, path("/app", StringMatchKind.EXACT))], "/app") == "app"
    assert routed([rule("app", 1, path("/app", StringMatchKind.EXACT))], "/app/") == "default"


def test_what_is_unknown_matters_where_it_changes_the_action() -> None:
    """Not if the request goes to the same place either way."""
    same = rule("app", 1, path("/app"), action=forward(("default", 7)))
    assert routed([same], "/apple") == "default"
    later = rule("later", 2, path("/"), action=forward(("default", 1)))
    assert routed([same, later], "/apple") == "default"


def test_the_case_of_a_path() -> None:
    """As the template says; where it does not, CloudFormation and the API have different defaults."""
    assert routed([rule("app", 1, path("/App/", case=True))]) == "default"
    assert routed([rule("app", 1, path("/App/", case=False))]) == "app"
    assert routed([rule("app", 1, path("/App/", case=PARAMETER))]) == ("it is a parameter",)
    assert routed([rule("app", 1, path("/app/", case=PARAMETER))]) == "app"
    assert routed([rule("app", 1, path("/app/", case=None))]) == "app"
    assert routed([rule("app", 1, path("/App/", case=None))]) == (
        "CloudFormation says that a path match without CaseSensitive has no case, the API says that it has",
    )


def test_headers_that_requests_have_anyway() -> None:
    """The host, and what signs: nobody says what is in them, unless the request does."""

    def by(name: str) -> list[Rule]:
        header = HeaderMatch(name=name, match=StringMatch(kind=StringMatchKind.PREFIX, text="beta"))
        return [rule("beta", 1, HttpMatch(headers=(header,)))]

    assert routed(by("Host")) == ("the request has the header host, and nobody says what is in it",)
    assert routed(by("Host"), headers={"host": "beta.example.com"}) == "beta"
    assert routed(by("x-stage")) == "default"
    for name in ("Authorization", "x-amz-security-token"):
        assert routed(by(name)) == "default"
        listener = replace(LISTENER, rules=tuple(by(name)))
        found = route(listener, Request(service="S.Api", protocol=Protocol.HTTP), is_signed=True)
        assert found.reasons == (f"the request has the header {name.lower()}, and nobody says what is in it",)


def test_a_path_with_a_query_string() -> None:
    """The documentation does not say whether a match takes it in."""
    rules = [rule("app", 1, path("/app/x?a=1", StringMatchKind.EXACT))]
    assert routed(rules) == "default"
    assert routed(rules, query={"a": ("1",)}) == (
        "whether the path /app/x?a=1 takes in the query string is not documented",
    )


@pytest.mark.parametrize(
    ("kind", "text", "case", "value", "expected"),
    [
        (StringMatchKind.EXACT, "Beta", False, "beta", "x"),
        (StringMatchKind.EXACT, "Beta", True, "beta", "default"),
        (StringMatchKind.PREFIX, "be", True, "beta", "x"),
        (StringMatchKind.PREFIX, "eta", True, "beta", "default"),
        (StringMatchKind.CONTAINS, "ET", False, "beta", "x"),
        (StringMatchKind.CONTAINS, "x", False, "beta", "default"),
        (StringMatchKind.EXACT, "Beta", PARAMETER, "beta", ("it is a parameter",)),
        (StringMatchKind.EXACT, PARAMETER, False, "beta", ("only the deployment shows what ${unknown} is",)),
        (StringMatchKind.EXACT, "beta", False, None, "default"),
    ],
)
def test_headers(
    kind: StringMatchKind, text: SymbolicText, case: bool | Unknown, value: str | None, expected: str | tuple[str, ...]
) -> None:
    """Exact, prefix and contains; names have no case."""
    header = HeaderMatch(name="X-Stage", match=StringMatch(kind=kind, text=text), case_sensitive=case)
    headers = {} if value is None else {"x-stage": value}
    assert routed([rule("x", 1, HttpMatch(headers=(header,)))], headers=headers) == expected


def test_all_conditions_have_to_be_met() -> None:
    """The method has a case; what nobody knows of a rule makes it unknown."""
    assert routed([rule("post", 1, HttpMatch(method="POST"))], method="POST") == "post"
    assert routed([rule("post", 1, HttpMatch(method="POST"))], method="post") == "default"
    assert routed([rule("post", 1, replace(path("/x"), method="POST"))], method="POST") == "default"
    assert routed([rule("any", 1, HttpMatch())]) == "any"
    assert routed([rule("any", 1, HttpMatch(doubts=(PARAMETER,)))]) == ("it is a parameter",)
    assert routed([rule("any", 1, HttpMatch(), doubt=PARAMETER)]) == ("it is a parameter",)
    assert routed([rule("any", 1, path("/other"), doubt=PARAMETER)]) == "default"
    assert routed([rule("any", 1, HttpMatch(path=PathMatch(match=PARAMETER)))]) == ("it is a parameter",)


def test_priorities_that_do_not_order() -> None:
    """One that nobody knows, or two that are the same."""
    assert routed([rule("a", PARAMETER, path("/")), rule("b", 1, path("/"))]) == ("it is a parameter",)
    assert routed([rule("a", PARAMETER, path("/x")), rule("b", 1, path("/"))]) == "b"
    assert routed([rule("a", 1, path("/")), rule("b", 1, path("/"))]) == ("a and b have the same priority 1",)
    assert routed([rule("a", 1, path("/")), rule("b", 1, path("/x"))])[0] == "a and b have the same priority 1"


def test_weights() -> None:
    """One group gets everything, groups without weight nothing; what nobody knows matters between several."""
    only = replace(LISTENER, default_action=forward(("a", PARAMETER)))
    found = route(only, Request(service="S", protocol=Protocol.HTTP))
    assert found.action == forward(("a", 100))
    assert routed([rule("x", 1, HttpMatch(), action=forward(("a", 0), ("b", 1)))]) == "b"
    assert routed([rule("x", 1, HttpMatch(), action=forward(("a", PARAMETER), ("b", 1)))]) == ("it is a parameter",)
    assert routed([rule("x", 1, HttpMatch(), action=forward(("a", 0), ("b", 0)))]) == (
        "all target groups have the weight 0, and what that does is not documented",
    )
    assert routed([rule("x", 1, HttpMatch(), action=PARAMETER)]) == ("it is a parameter",)


def test_tls_takes_the_default_action() -> None:
    """A listener that passes TLS through has no other rule.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/tls-listeners.html
    """
    assert routed([rule("app", 1, HttpMatch())], "/", protocol=Protocol.TLS) == "default"


def listeners(*found: Listener) -> Estate:
    return Estate(listeners=found)


def test_a_listener_has_the_port_and_the_protocol() -> None:
    """LAT-11; one that may have them leaves it open."""
    http = Request(service="S.Api", protocol=Protocol.HTTP)
    https = replace(LISTENER, id="S.Https", protocol=ListenerProtocol.HTTPS, port=443)
    service = listeners(https, LISTENER).lattice().services["S.Api"]
    assert listener_for(service, http)[0] == LISTENER
    assert listener_for(service, replace(http, port=443))[1].is_no
    doubtful = replace(LISTENER, id="S.Perhaps", port=PARAMETER)
    assert listener_for(listeners(doubtful).lattice().services["S.Api"], http)[1].reasons == ("it is a parameter",)
    assert listener_for(listeners(doubtful, LISTENER).lattice().services["S.Api"], http)[0] == LISTENER
    twice = listeners(LISTENER, replace(LISTENER, id="S.Twice"))
    assert listener_for(twice.lattice().services["S.Api"], http)[1].reasons == (
        "S.Http and S.Twice listen on the same port",
    )
    perhaps = listeners(replace(LISTENER, doubt=PARAMETER))
    assert perhaps.ask().to_dict() == {"authorized": "unknown"}


def test_an_answer_without_a_listener() -> None:
    """Nobody refuses, and nobody answers."""
    decision = listeners(replace(LISTENER, default_action=FixedResponse(status_code=404))).ask(port=81)
    assert decision.to_dict() == {"authorized": "deny"}
    assert [str(reason) for reason in decision.reasons] == [
        "LAT-11 S.Api: no listener has the port and the protocol of the request"
    ]
