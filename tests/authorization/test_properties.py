"""Laws of the policy engine, over policies and requests that are drawn."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, assume, find, given, settings
from hypothesis import strategies as st

from constructs_lattice.authorization import Answer, Caller, Protocol, Request
from constructs_lattice.authorization.principal import principal_of
from constructs_lattice.authorization.profile import Profiles
from constructs_lattice.authorization.question import Question
from constructs_lattice.model.symbolic import compose
from constructs_lattice.model.unknown import Unknown
from tests.authorization.lattices import ACCOUNT, ALLOW_ALL, ALLOW_ALL_OF_ROLE, ANONYMOUS, ROLE, SERVICE, WEB, Estate
from tests.authorization.naive import allows

pytestmark = pytest.mark.pure

PREFIX = "vpc-lattice-svcs:"
PATHS = ["/", "/orders", "/orders/1", "/orders/web/2", "/items/a", "/b"]

CONDITIONS = st.sampled_from(
    [
        {"StringEquals": {f"{PREFIX}RequestMethod": ["GET", "HEAD"]}},
        {"StringNotEquals": {f"{PREFIX}RequestMethod": "GET"}},
        {"StringLike": {f"{PREFIX}RequestPath": "/orders*"}},
        {"StringNotLike": {f"{PREFIX}RequestPath": ["/items/?", "/b"]}},
        {"StringEquals": {f"{PREFIX}RequestHeader/x": "a"}},
        {"StringNotEquals": {f"{PREFIX}RequestHeader/x": "a"}},
        {"StringLikeIfExists": {f"{PREFIX}RequestHeader/x": "a*"}},
        {"ForAllValues:StringEquals": {f"{PREFIX}RequestQueryString/env": ["dev", "test"]}},
        {"ForAnyValue:StringNotEquals": {f"{PREFIX}RequestQueryString/env": "dev"}},
        {"Null": {f"{PREFIX}RequestQueryString/env": "true"}},
        {"NumericLessThan": {f"{PREFIX}Port": "443"}},
        {"StringEquals": {"aws:PrincipalTag/team": ["web", "ops"]}},
        {"StringNotEquals": {"aws:PrincipalTag/team": "web"}},
        {"StringLike": {f"{PREFIX}RequestPath": "/orders/${aws:PrincipalTag/team}/*"}},
        {"StringNotEquals": {"aws:PrincipalType": "Anonymous"}},
        {"Null": {"aws:PrincipalArn": "false"}},
    ]
)
RESOURCES = st.sampled_from(
    [
        "*",
        "*/orders/*",
        "*/?",
        SERVICE,
        compose((SERVICE, "/*")),
        compose((SERVICE, "/orders")),
        compose((SERVICE, "/orders/${aws:PrincipalTag/team}/*")),
    ]
)
PRINCIPALS = st.sampled_from(["*", {"AWS": ACCOUNT}, {"AWS": ROLE}, {"AWS": "222222222222"}])
ACTIONS = st.sampled_from(
    [("Action", f"{PREFIX}Invoke"), ("Action", "*"), ("Action", "s3:*"), ("NotAction", f"{PREFIX}C*")]
)


@st.composite
def statements(draw: st.DrawFn, *, with_principal: bool) -> dict[str, Any]:
    """One statement, more often an allow than not."""
    action, pattern = draw(ACTIONS)
    statement: dict[str, Any] = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"])),
        action: pattern,
        draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"])): draw(RESOURCES),
    }
    if with_principal:
        statement["Principal"] = draw(PRINCIPALS)
    if draw(st.booleans()):
        statement["Condition"] = draw(CONDITIONS)
    return statement


AUTH = st.one_of(st.none(), st.lists(st.one_of(st.just(ALLOW_ALL), statements(with_principal=True)), max_size=3))
OWN = st.lists(st.one_of(st.just(ALLOW_ALL_OF_ROLE), statements(with_principal=False)), max_size=3)
ESTATES = st.builds(
    Estate,
    network=AUTH,
    service=AUTH,
    identity=OWN,
    boundary=st.one_of(st.none(), OWN),
    tags=st.sampled_from([{}, {"team": "web"}]),
)
CALLERS = st.sampled_from([ANONYMOUS, WEB, replace(WEB, principal_tags={"team": "ops"})])
VALUES = st.sampled_from(["dev", "test", "x"])
REQUESTS = st.builds(
    Request,
    service=st.just("S.Api"),
    protocol=st.just(Protocol.HTTP),
    method=st.sampled_from(["GET", "POST"]),
    path=st.sampled_from(PATHS),
    headers=st.sampled_from([{}, {"x": "a"}, {"x": "ab"}, {"x": "b"}]),
    query=st.one_of(st.just({}), st.fixed_dictionaries({"env": st.lists(VALUES, min_size=1, max_size=2).map(tuple)})),
)


def _answer(estate: Estate, caller: Caller, request: Request) -> Answer:
    return estate.authorizer().authorize(caller, request).authorized


def _nobody_asks(estate: Estate, caller: Caller) -> bool:
    """A signed request where every auth type is NONE: what is not documented."""
    return caller is not ANONYMOUS and estate.network is None and estate.service is None


@given(ESTATES, CALLERS, REQUESTS)
def test_the_engine_agrees_with_a_naive_one(estate: Estate, caller: Caller, request: Request) -> None:
    """Where everything is known, the answer is that of an evaluator by the book."""
    assume(not _nobody_asks(estate, caller))
    assert _answer(estate, caller, request) is (Answer.ALLOW if allows(estate, caller, request) else Answer.DENY)


@given(ESTATES, CALLERS, REQUESTS, statements(with_principal=True))
def test_one_more_allow_takes_nothing_away(
    estate: Estate, caller: Caller, request: Request, statement: dict[str, Any]
) -> None:
    """What was allowed stays allowed."""
    before = replace(estate, service=estate.service or [])
    after = replace(estate, service=[*(estate.service or []), {**statement, "Effect": "Allow"}])
    if _answer(before, caller, request) is Answer.ALLOW:
        assert _answer(after, caller, request) is Answer.ALLOW


@given(ESTATES, CALLERS, REQUESTS, st.sampled_from(["network", "service", "identity"]))
def test_an_explicit_deny_is_final(estate: Estate, caller: Caller, request: Request, level: str) -> None:
    """At whichever level, whatever allows."""
    found = getattr(estate, level)
    assume(found is not None and not (level == "identity" and caller is ANONYMOUS))
    assume(not _nobody_asks(estate, caller))
    everything = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    if level != "identity":
        everything["Principal"] = "*"
    denied = estate.with_level(level, [everything, *found])
    decision = denied.authorizer().authorize(caller, request)
    assert decision.authorized is Answer.DENY
    assert level in [each.value for each in decision.denied_by]


@given(ESTATES, CALLERS, REQUESTS, st.data())
def test_knowing_less_flips_nothing(estate: Estate, caller: Caller, request: Request, data: st.DataObject) -> None:
    """If a part of a policy becomes unknown, the answer stays or becomes unknown."""
    level = data.draw(st.sampled_from(["network", "service", "identity", "boundary"]))
    found = list(getattr(estate, level) or ())
    assume(found)
    index = data.draw(st.integers(0, len(found) - 1))
    statement = dict(found[index])
    part = data.draw(st.sampled_from(sorted(statement)))
    if part == "Condition" and data.draw(st.booleans()):
        ((operator, keys),) = statement[part].items()
        statement[part] = {operator: dict.fromkeys(keys, Unknown("a parameter"))}
    elif part == "Principal" and statement[part] != "*":
        statement[part] = {"AWS": Unknown("a parameter")}
    else:
        statement[part] = Unknown("a parameter")
    found[index] = statement
    before, after = _answer(estate, caller, request), _answer(estate.with_level(level, found), caller, request)
    assert after in (before, Answer.UNKNOWN)


@given(ESTATES, CALLERS, st.lists(REQUESTS, min_size=1, max_size=4))
def test_a_profile_is_right_about_every_request(estate: Estate, caller: Caller, requests: list[Request]) -> None:
    """The table says what asking about the request itself says."""
    authorizer = estate.authorizer()
    lattice = authorizer.lattice
    question = Question(
        lattice=lattice,
        policies=authorizer._policies,
        caller=caller,
        principal=principal_of(lattice, caller),
        request=requests[0],
        service=lattice.services["S.Api"],
        view=authorizer._networks[0],
        client=lattice.clients["S.Vpc"],
    )
    (entry,) = Profiles().of(question).entries
    for each in requests:
        one = replace(each, query={key: values[:1] for key, values in each.query.items()})
        answer = {True: Answer.ALLOW, False: Answer.DENY, None: Answer.UNKNOWN}[entry.of(one).value]
        assert authorizer.authorize(caller, one).authorized is answer


@pytest.mark.parametrize("answer", list(Answer))
@pytest.mark.parametrize("caller", [ANONYMOUS, WEB])
def test_the_properties_are_about_something(answer: Answer, caller: Caller) -> None:
    """What is drawn comes to every answer, for callers that sign and for those that do not."""
    assume_known = answer is not Answer.UNKNOWN

    def comes_to(drawn: tuple[Estate, Request]) -> bool:
        estate, request = drawn
        unknown = {**ALLOW_ALL, "Resource": Unknown("a parameter")}
        asked = estate if assume_known else replace(estate, service=[unknown])
        return _answer(asked, caller, request) is answer and estate.network is not None

    quickly = settings(phases=[Phase.generate], database=None, max_examples=2_000)
    assert comes_to(find(st.tuples(ESTATES, REQUESTS), comes_to, settings=quickly))
