"""Where a service routes a request: its listener, the rules of that, and the action.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/listener-rules.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass

from constructs_lattice.authorization.request import Protocol, Request
from constructs_lattice.authorization.truth import NO, YES, Truth, agreed, all_of, unknown
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
    Service,
    StringMatch,
    StringMatchKind,
    WeightedTargetGroup,
)
from constructs_lattice.model.symbolic import SymbolicText
from constructs_lattice.model.unknown import Unknown

__all__ = ["Route", "listener_for", "route"]

_EITHER_CASE = "CloudFormation says that a path match without CaseSensitive has no case, the API says that it has"
_ALWAYS = frozenset({"host"})
_OF_SIGNATURES = frozenset({"authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"})
"""Headers that requests have, whether the question says them or not."""

_SPOKEN = {
    Protocol.HTTP: ListenerProtocol.HTTP,
    Protocol.HTTPS: ListenerProtocol.HTTPS,
    Protocol.TLS: ListenerProtocol.TLS_PASSTHROUGH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The action that applies, and what it is the action of; no action if nobody knows which, for the reasons."""

    by: str
    action: Forward | FixedResponse | None
    reasons: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


def listener_for(service: Service, request: Request) -> tuple[Listener | None, Truth]:
    """The listener that a request arrives at, and whether there is one."""
    truths = [(listener, _listens(listener, request)) for listener in service.listeners]
    certain = [listener for listener, truth in truths if truth.is_yes]
    if len(certain) == 1:
        return certain[0], YES
    if certain:
        return None, unknown(f"{' and '.join(each.id for each in certain)} listen on the same port")
    doubts = [truth for _, truth in truths if truth.is_unknown]
    return None, all_of(doubts) if doubts else NO


def route(listener: Listener, request: Request, *, is_signed: bool = False) -> Route:
    """What a listener does with a request. Rules with the lowest priority come first, the default action last."""
    hidden = (_ALWAYS | _OF_SIGNATURES if is_signed else _ALWAYS) - request.headers.keys()
    possible: list[tuple[str, Action]] = []
    reasons: list[str] = []
    assumptions: list[str] = []
    for rule, truth in _tried(listener, request, hidden):
        assumptions += truth.assumptions
        if truth.is_no:
            continue
        possible.append((rule.id, rule.action))
        if truth.is_yes:
            break
        reasons += truth.reasons
    else:
        possible.append((f"the default action of {listener.id}", listener.default_action))
    actions = [_settled(action) for _, action in possible]
    reasons += [action.reason for action in actions if isinstance(action, Unknown)]
    first = actions[0]
    if isinstance(first, Unknown) or any(action != first for action in actions):
        return Route(by=listener.id, action=None, reasons=_once(reasons), assumptions=_once(assumptions))
    return Route(by=possible[0][0], action=first, assumptions=_once(assumptions))


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _tried(listener: Listener, request: Request, hidden: Set[str]) -> Iterator[tuple[Rule, Truth]]:
    """The rules in the order in which they are tried, and whether they match; those of unknown place come first."""
    if request.protocol is Protocol.TLS:
        return
    placed: dict[int, list[Rule]] = {}
    for rule in listener.rules:
        if isinstance(rule.priority, Unknown):
            yield rule, _matches(rule, request, hidden) & unknown(rule.priority.reason)
        else:
            placed.setdefault(rule.priority, []).append(rule)
    for priority in sorted(placed):
        rules = placed[priority]
        for rule in rules:
            truth = _matches(rule, request, hidden)
            if len(rules) > 1:
                truth &= unknown(f"{' and '.join(each.id for each in rules)} have the same priority {priority}")
            yield rule, truth


def _listens(listener: Listener, request: Request) -> Truth:
    def tests() -> Iterator[Truth]:
        for actual, wanted in ((listener.protocol, _SPOKEN[request.protocol]), (listener.port, request.port)):
            yield unknown(actual.reason) if isinstance(actual, Unknown) else (YES if actual == wanted else NO)
        if listener.doubt:
            yield unknown(listener.doubt.reason)

    return all_of(tests())


def _settled(action: Action) -> Action:
    """An action whose weights are known; those of the only group do not matter."""
    if not isinstance(action, Forward):
        return action
    groups = action.target_groups
    if len(groups) == 1:
        only = WeightedTargetGroup(target_group=groups[0].target_group, weight=100)
        return Forward(target_groups=(only,))
    if doubt := next((each.weight for each in groups if isinstance(each.weight, Unknown)), None):
        return doubt
    if not any(each.weight for each in groups):
        return Unknown("all target groups have the weight 0, and what that does is not documented")
    return Forward(target_groups=tuple(each for each in groups if each.weight))


def _matches(rule: Rule, request: Request, hidden: Set[str]) -> Truth:
    return all_of(_tests(rule, rule.match, request, hidden))


def _tests(rule: Rule, match: HttpMatch, request: Request, hidden: Set[str]) -> Iterator[Truth]:
    if match.method is not None:
        yield _known(match.method, lambda text: YES if text == request.method else NO)
    if match.path is not None:
        yield _path_matches(match.path, request)
    for header in match.headers:
        yield _header_matches(header, request, hidden)
    for doubt in (*match.doubts, *((rule.doubt,) if rule.doubt else ())):
        yield unknown(doubt.reason)


def _path_matches(condition: PathMatch, request: Request) -> Truth:
    match = condition.match
    if isinstance(match, Unknown):
        return unknown(match.reason)

    def compared(*, folds_case: bool) -> Truth:
        return _known(match.text, lambda text: _path_is(match.kind, text, request, folds_case=folds_case))

    with_case, without_case = compared(folds_case=False), compared(folds_case=True)
    match condition.case_sensitive:
        case True:
            return with_case
        case False:
            return without_case
        case Unknown(reason=reason):
            return agreed((with_case, without_case), reason)
        case _:
            return agreed((with_case, without_case), _EITHER_CASE)


def _path_is(kind: StringMatchKind, text: str, request: Request, *, folds_case: bool) -> Truth:
    path = request.path.lower() if folds_case else request.path
    wanted = text.lower() if folds_case else text
    if "?" in wanted:
        return unknown(f"whether the path {text} takes in the query string is not documented") if request.query else NO
    if kind is StringMatchKind.EXACT:
        return YES if path == wanted else NO
    if not path.startswith(wanted):
        return NO
    if wanted.endswith("/") or path[len(wanted) :][:1] in ("", "/"):
        return YES
    return unknown(f"whether the prefix {text} ends where a segment of {request.path} ends is not documented")


def _header_matches(condition: HeaderMatch, request: Request, hidden: Set[str]) -> Truth:
    match = condition.match
    if isinstance(match, Unknown):
        return unknown(match.reason)
    if not isinstance(condition.name, str):
        return unknown(f"nobody knows the header {condition.name}")
    name = condition.name.lower()
    value = request.headers.get(name)
    if name in hidden:
        return unknown(f"the request has the header {name}, and nobody says what is in it")
    if value is None:
        return NO

    def compared(*, folds_case: bool) -> Truth:
        return _known(match.text, lambda text: _header_is(match, text, value, folds_case=folds_case))

    if isinstance(condition.case_sensitive, Unknown):
        ways = (compared(folds_case=False), compared(folds_case=True))
        return agreed(ways, condition.case_sensitive.reason)
    return compared(folds_case=not condition.case_sensitive)


def _header_is(match: StringMatch, text: str, value: str, *, folds_case: bool) -> Truth:
    if folds_case:
        text, value = text.lower(), value.lower()
    match match.kind:
        case StringMatchKind.EXACT:
            return YES if value == text else NO
        case StringMatchKind.PREFIX:
            return YES if value.startswith(text) else NO
        case _:
            return YES if text in value else NO


def _known(text: SymbolicText, compare: Callable[[str], Truth]) -> Truth:
    return compare(text) if isinstance(text, str) else unknown(f"only the deployment shows what {text} is")
