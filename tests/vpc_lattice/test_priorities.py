"""The priorities that rules get: their own affair, and the more specific rule first."""

import itertools
from collections.abc import Iterable

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
from hypothesis import assume, given
from hypothesis import strategies as st

from constructs_lattice import Action, ArgumentError, HeaderMatch, Listener, Match, Method, Service
from constructs_lattice.vpc_lattice.match import IN_RULES
from constructs_lattice.vpc_lattice.priorities import Priorities, priority_of
from constructs_lattice.vpc_lattice.specificity import contains, path_steps
from tests.vpc_lattice.matches import matches, paths

GONE = Action.fixed_response(404)
RULES = st.dictionaries(st.text("abc", min_size=1, max_size=4), matches(), max_size=6)
DEEP = st.lists(st.sampled_from(["orders", "items", "v2", "a"]), max_size=8).map(lambda parts: "/" + "/".join(parts))


def numbers(rules: Iterable[tuple[str, Match]]) -> dict[str, int]:
    """The numbers of rules that are added in that order; an `ArgumentError` as a listener has it."""
    priorities = Priorities()
    chosen: dict[str, int] = {}
    for id_, match in rules:
        chosen[id_] = priorities.choose("rule", id_, match, None, None)
        priorities.take(id_, chosen[id_], match, given=False)
    return chosen


def possible(rules: dict[str, Match]) -> dict[str, int]:
    """The numbers of rules that get along."""
    try:
        return numbers(rules.items())
    except ArgumentError:
        assume(condition=False)
        raise


@given(RULES, st.randoms(use_true_random=False))
def test_the_order_of_the_source_changes_no_number(rules: dict[str, Match], random: st.DataObject) -> None:
    """In whatever order rules that get along are added, they do, with the same numbers."""
    expected = possible(rules)
    shuffled = list(rules.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert numbers(shuffled) == expected


@given(RULES, st.sets(st.integers(0, 5)))
def test_adding_and_removing_rules_changes_no_other_number(rules: dict[str, Match], kept: set[int]) -> None:
    """Some of the rules have the numbers that they have among all."""
    expected = possible(rules)
    some = {id_: match for index, (id_, match) in enumerate(rules.items()) if index in kept}
    assert numbers(some.items()) == {id_: expected[id_] for id_ in some}


@given(RULES)
def test_a_more_specific_rule_always_comes_first(rules: dict[str, Match]) -> None:
    """Nothing is shadowed, and no number is there twice."""
    chosen = possible(rules)
    assert len(set(chosen.values())) == len(chosen)
    for (one, outer), (two, inner) in itertools.permutations(rules.items(), 2):
        if contains(outer, inner):
            assert chosen[two] < chosen[one]


@given(matches(), matches(), st.text("ab", min_size=1, max_size=3))
def test_what_lies_below_a_path_never_comes_after_it(outer: Match, inner: Match, id_: str) -> None:
    """With the same id, the number of what is contained is the same at most, unless a name is cut in two."""
    steps = path_steps(outer)
    if contains(outer, inner) and path_steps(inner)[: len(steps)] == steps:
        assert priority_of(inner, id_) <= priority_of(outer, id_)


@given(DEEP, DEEP, st.text("ab", min_size=1, max_size=3), st.text("cd", min_size=1, max_size=3))
def test_paths_of_usual_depths_are_never_in_each_other_s_way(short: str, more: str, one: str, two: str) -> None:
    """A path below another one always has the lower number, whatever the ids, up to a depth of sixteen."""
    outer, inner = Match.path_prefix(short), Match.path_prefix(short.rstrip("/") + more)
    assume(path_steps(outer) != path_steps(inner))
    assert priority_of(inner, one) < priority_of(outer, two)
    assert priority_of(Match.path_exact(inner.path or "/"), two) < priority_of(inner, one)


@given(paths(), st.sampled_from(IN_RULES), st.text("ab", min_size=1, max_size=3), st.text("cd", min_size=1, max_size=3))
def test_headers_and_methods_come_before_none(path: str, method: Method, one: str, two: str) -> None:
    """Whatever the paths and the ids."""
    plain, with_method = Match.path_exact(path), Match.path_prefix("/", method=method)
    with_header = Match.header_is(HeaderMatch.contains("x", "y"))
    exact = Match.header_is(HeaderMatch.exact("x", "y"))
    both = Match.method_is(method, headers=[HeaderMatch.exact("x", "y")])
    chosen = [
        priority_of(match, id_)
        for match, id_ in zip((both, exact, with_header, with_method, plain), "abcde", strict=True)
    ]
    assert chosen == sorted(chosen)
    assert len(set(chosen)) == len(chosen)
    assert priority_of(with_method, one) < priority_of(plain, two)


@given(matches(), st.text(max_size=20))
def test_numbers_leave_room_at_both_ends(match: Match, id_: str) -> None:
    """Up to 20 and from 1,981 they are the user's own."""
    assert 21 <= priority_of(match, id_) <= 1980


@pytest.mark.parametrize(
    "match", [Match.path_prefix("/" + "a" * 127), Match.path_exact("/" + "a" * 127), Match.path_exact("/a" * 64)]
)
def test_the_longest_paths_have_numbers(match: Match) -> None:
    """And so have the deepest."""
    assert 21 <= priority_of(match, "Rule") <= 1980


def test_the_numbers_are_those_of_the_last_release() -> None:
    """Another layout of the bands would move every rule of every user at once."""
    header = HeaderMatch.exact("x-release", "next")
    matches = {
        "Next": Match.path_prefix("/orders", headers=[header]),
        "NextGet": Match.method_is(Method.GET, headers=[header]),
        "Create": Match.path_exact("/orders", method=Method.POST),
        "Orders": Match.path_prefix("/orders"),
        "Items": Match.path_prefix("/orders/items"),
        "All": Match.path_prefix("/"),
    }
    assert {id_: priority_of(match, id_) for id_, match in matches.items()} == {
        "Next": 256,
        "NextGet": 216,
        "Create": 648,
        "Orders": 1545,
        "Items": 1371,
        "All": 1977,
    }


@pytest.fixture
def listener() -> Listener:
    return Service(cdk.Stack(cdk.App(), "Shop"), "Orders").add_listener("Https", default_action=GONE)


def test_a_rule_tells_its_priority(listener: Listener) -> None:
    """It is the one in the template."""
    rule = listener.add_rule("Orders", match=Match.path_prefix("/orders"), action=GONE)
    assert rule.priority == priority_of(Match.path_prefix("/orders"), "Orders")
    Template.from_stack(cdk.Stack.of(rule)).has_resource_properties(
        "AWS::VpcLattice::Rule", {"Priority": rule.priority}
    )


def test_a_rule_that_is_renamed_gets_another_number() -> None:
    """CloudFormation makes the new one before it deletes the old one, which still has its number then."""
    match = Match.path_prefix("/orders")
    assert len({priority_of(match, "Orders"), priority_of(match, "Order"), priority_of(match, "Orders", "orders")}) == 3


def test_a_name_that_only_the_deployment_knows_has_no_part_in_it() -> None:
    """Its text in the program changes with everything else that is a token."""
    match = Match.path_prefix("/orders")
    assert priority_of(match, "Orders", cdk.Fn.import_value("Name")) == priority_of(match, "Orders")


def test_priorities_given_by_hand_are_taken_as_they_are(listener: Listener) -> None:
    """Even before something more specific: a page for maintenance, say."""
    listener.add_rule("Orders", match=Match.path_prefix("/orders"), action=GONE)
    rule = listener.add_rule("Maintenance", match=Match.path_prefix("/"), action=Action.fixed_response(500), priority=1)
    assert rule.priority == 1
    again = listener.add_rule("Same", match=Match.path_prefix("/orders"), action=GONE, priority=2)
    assert again.priority == 2


def collision() -> tuple[str, Match, int]:
    """The id and the match of a rule that comes to the number of the rule Orders for /orders."""
    number = priority_of(Match.path_prefix("/orders"), "Orders")
    rules = ((f"Users{count}", Match.path_prefix(f"/users{count}")) for count in itertools.count())
    return next((id_, match, number) for id_, match in rules if priority_of(match, id_) == number)


def test_two_rules_that_come_to_one_number_are_told_a_free_one(listener: Listener) -> None:
    """Neither moves by itself; what is proposed is free and is accepted."""
    id_, match, number = collision()
    listener.add_rule("Orders", match=Match.path_prefix("/orders"), action=GONE)
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule(id_, match=match, action=GONE)
    assert str(caught.value) == (
        f"Shop/Orders/Https/{id_}: its match comes to priority {number}, which rule 'Orders' has; "
        f"give it priority={number - 1}, which is free and in order"
    )
    assert listener.node.try_find_child(id_) is None
    listener.add_rule(id_, match=match, action=GONE, priority=number - 1)


def test_what_is_proposed_keeps_the_order(listener: Listener) -> None:
    """It is beyond what contains the rule, and what it contains, even if that is not the nearest."""
    id_, match, number = collision()
    listener.add_rule("Taken", match=Match.method_is(Method.GET), action=GONE, priority=number - 1)
    listener.add_rule("Orders", match=Match.path_prefix("/orders"), action=GONE)
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule(id_, match=match, action=GONE)
    assert str(caught.value) == (
        f"Shop/Orders/Https/{id_}: its match comes to priority {number}, which rule 'Orders' has; "
        f"give it priority={number + 1}, which is free and in order"
    )


def ordered(texts: tuple[str, str], *, rising: bool) -> tuple[str, str]:
    """Ids of two rules for prefixes of a header whose numbers are in that order."""
    one, two = (Match.header_is(HeaderMatch.prefix("x", text)) for text in texts)
    pairs = ((f"A{count}", f"B{count}") for count in itertools.count())
    return next(
        (a, b)
        for a, b in pairs
        if priority_of(one, a) != priority_of(two, b) and (priority_of(one, a) < priority_of(two, b)) is rising
    )


def test_what_the_numbers_cannot_order_is_an_error_with_a_way_out(listener: Listener) -> None:
    """Values of one header are too many for the numbers: the wider rule is told to come later."""
    narrow, wide = ordered(("ab", "a"), rising=False)
    first = listener.add_rule(narrow, match=Match.header_is(HeaderMatch.prefix("x", "ab")), action=GONE)
    number = priority_of(Match.header_is(HeaderMatch.prefix("x", "a")), wide)
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule(wide, match=Match.header_is(HeaderMatch.prefix("x", "a")), action=GONE)
    assert str(caught.value) == (
        f"Shop/Orders/Https/{wide}: its match comes to priority {number}, but rule {narrow!r}, which is more specific, "
        f"has {first.priority}; give it priority={first.priority + 1}, which is free and in order"
    )


def test_the_narrower_rule_is_told_to_come_earlier(listener: Listener) -> None:
    """The same the other way round."""
    narrow, wide = ordered(("ab", "a"), rising=False)
    first = listener.add_rule(wide, match=Match.header_is(HeaderMatch.prefix("x", "a")), action=GONE)
    number = priority_of(Match.header_is(HeaderMatch.prefix("x", "ab")), narrow)
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule(narrow, match=Match.header_is(HeaderMatch.prefix("x", "ab")), action=GONE)
    assert str(caught.value) == (
        f"Shop/Orders/Https/{narrow}: its match comes to priority {number}, but rule {wide!r}, which is less specific, "
        f"has {first.priority}; give it priority={first.priority - 1}, which is free and in order"
    )


def test_a_name_that_is_cut_in_two_may_be_an_error(listener: Listener) -> None:
    """A prefix may end anywhere, but hardly anybody means it: an error names a number in order, where one is needed."""
    rules = ((f"/a{count}", f"/a{count}b") for count in itertools.count())
    wide, narrow = next(
        (one, two)
        for one, two in rules
        if priority_of(Match.path_prefix(two), two) > priority_of(Match.path_prefix(one), one)
    )
    first = listener.add_rule(wide.strip("/"), match=Match.path_prefix(wide), action=GONE, priority=None)
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule("Narrow", match=Match.path_prefix(narrow), action=GONE)
    number = priority_of(Match.path_prefix(narrow), "Narrow")
    assert str(caught.value) == (
        f"Shop/Orders/Https/Narrow: its match comes to priority {number}, but rule {wide.strip('/')!r}, which is less "
        f"specific, has {first.priority}; give it priority={first.priority - 1}, which is free and in order"
    )


@pytest.mark.parametrize("method", [None, Method.GET])
@pytest.mark.parametrize("root", ["", "/api/v1"])
def test_two_rules_seldom_come_to_one_number(method: Method | None, root: str) -> None:
    """In about one listener out of ten, where ten rules differ in their paths only."""
    collisions = 0
    for count in range(1000):
        names = [(count * 7919 + place * 1013) % 10_000 for place in range(10)]
        chosen = {priority_of(Match.path_prefix(f"{root}/{name}", method=method), f"Rule{name}") for name in names}
        collisions += len(chosen) < len(names)
    assert collisions < 130


def test_two_rules_for_the_same_requests_are_a_mistake(listener: Listener) -> None:
    """However they are written."""
    listener.add_rule("Get", match=Match.method_is(Method.GET), action=GONE)
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule("Root", match=Match.path_prefix("/", method=Method.GET), action=GONE)
    assert str(caught.value) == (
        "Shop/Orders/Https/Root: rule 'Get' matches the same requests, so one of the two would never be reached; "
        "give it another match"
    )


def test_a_path_that_only_the_deployment_knows_needs_a_priority(listener: Listener) -> None:
    """How specific it is cannot be told; headers may be tokens, since their kind is what counts."""
    path = cdk.Fn.import_value("Path")
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule("Token", match=Match.path_prefix(path), action=GONE)
    assert str(caught.value) == (
        "Shop/Orders/Https/Token: no priority follows from a path that only the deployment knows; give it a priority"
    )
    listener.add_rule("Token", match=Match.path_prefix(path), action=GONE, priority=1)
    header = Match.header_is(HeaderMatch.exact("x", cdk.Fn.import_value("Value")))
    literal = Match.header_is(HeaderMatch.exact("x", "y"))
    assert listener.add_rule("Header", match=header, action=GONE).priority == priority_of(literal, "Header")


def test_there_may_be_no_room_left() -> None:
    """Then both rules need a priority that leaves room between them."""
    priorities = Priorities()
    wide, narrow = Match.path_prefix("/"), Match.path_prefix("/a")
    for number in range(1, 2001):
        priorities.take(f"Rule{number}", number, wide if number == 1 else narrow, given=number > 1)
    with pytest.raises(ArgumentError) as caught:
        priorities.choose("rule", "Last", narrow, None, None)
    number = priority_of(narrow, "Last")
    assert str(caught.value) == (
        f"rule: its match comes to priority {number}, which rule 'Rule{number}' has; give both a priority"
    )
