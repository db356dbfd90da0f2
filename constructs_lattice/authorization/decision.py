"""What is decided about a request: allowed or not, by whom, and where it goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from constructs_lattice.authorization.reason import Level, Reason, Verdict
from constructs_lattice.authorization.routing import Route
from constructs_lattice.authorization.truth import Truth, all_of
from constructs_lattice.model.lattice import FixedResponse, Forward

__all__ = ["Answer", "Decision", "across", "combined", "decide"]


class Answer(StrEnum):
    """Whether a request is authorized."""

    ALLOW = "allow"
    DENY = "deny"
    UNKNOWN = "unknown"


_ANSWERS = {True: Answer.ALLOW, False: Answer.DENY, None: Answer.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision, with the reasons for it and everything that was assumed.

    `denied_by` are all levels that refuse. `route` is the decision of the listener, none if no listener takes the
    request. `service_network` is the one that the request goes through, or was refused on the way to. `verdicts` are
    what all levels say, those that nobody asks any more included.
    """

    authorized: Answer
    denied_by: tuple[Level, ...] = ()
    route: Route | None = None
    service_network: str | None = None
    reasons: tuple[Reason, ...] = ()
    assumptions: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The answer as guarantees write it: what is not asked for, or does not apply, is left out.

        A request that is denied is not routed. Where it would be routed to is `unknown` if nobody knows.
        """
        answer: dict[str, object] = {"authorized": self.authorized.value}
        if self.denied_by:
            answer["denied_by"] = self.denied_by[0].value
        if self.authorized is Answer.DENY or self.route is None:
            return answer
        match self.route.action:
            case Forward(target_groups=groups):
                answer["routed_to"] = [{"target_group": each.target_group, "weight": each.weight} for each in groups]
            case FixedResponse(status_code=status):
                answer["fixed_response"] = status
            case _:
                answer["routed_to"] = Answer.UNKNOWN.value
        return answer


def decide(
    verdicts: Sequence[Verdict], *, listens: Truth, route: Route | None, service: str, service_network: str
) -> Decision:
    """Put together what the levels say about a request through one service network."""
    whole = all_of([*(each.truth for each in verdicts), listens])
    answer = _ANSWERS[whole.value]
    reasons = [reason for each in verdicts for reason in each.reasons if _counts(each.truth, answer)]
    heard = _heard(listens, service)
    reasons += heard.reasons
    if route and answer is not Answer.DENY:
        reasons += [Reason(rule="LAT-11", resource=route.by, text=text) for text in _explained(route)]
    used = [each.truth.assumptions for each in verdicts if _counts(each.truth, answer)]
    if route and answer is not Answer.DENY:
        used.append(route.assumptions)
    return Decision(
        authorized=answer,
        denied_by=tuple(each.level for each in verdicts if each.level and each.truth.is_no),
        route=route,
        service_network=service_network,
        reasons=tuple(reasons),
        assumptions=_once(text for texts in used for text in texts),
        verdicts=(*verdicts, *((heard,) if heard.reasons else ())),
    )


def _heard(listens: Truth, service: str) -> Verdict:
    """What the listeners say, if there is anything to be said."""
    if listens.is_yes:
        return Verdict(level=None, truth=listens, reasons=())
    texts = listens.reasons or ("no listener has the port and the protocol of the request",)
    return Verdict(
        level=None, truth=listens, reasons=tuple(Reason(rule="LAT-11", resource=service, text=text) for text in texts)
    )


def combined(decisions: Sequence[Decision]) -> Decision:
    """What comes of several service networks that a request may go through: any of them will do."""
    for answer in (Answer.ALLOW, Answer.UNKNOWN):
        if found := next((each for each in decisions if each.authorized is answer), None):
            return found
    first = decisions[0]
    return Decision(
        authorized=Answer.DENY,
        denied_by=tuple(level for level in Level if any(level in each.denied_by for each in decisions)),
        route=first.route,
        service_network=first.service_network,
        reasons=tuple(reason for each in decisions for reason in each.reasons),
        assumptions=_once(text for each in decisions for text in each.assumptions),
        verdicts=tuple(verdict for each in decisions for verdict in each.verdicts),
    )


def across(decisions: Sequence[tuple[str, Decision]]) -> Decision:
    """What comes of several cases, each with what is assumed in it: what they agree on, or unknown."""
    first = decisions[0][1]
    answers = {each.authorized for _, each in decisions}
    actions = [each.route.action if each.route else None for _, each in decisions]
    reasons = [_given(case, reason) for case, each in decisions for reason in each.reasons]
    route = first.route
    if route and any(action != route.action for action in actions):
        texts = tuple(f"it depends on whether {case}" for case, _ in decisions if case)
        route = Route(by=route.by, action=None, reasons=texts)
    levels = [level for level in Level if all(level in each.denied_by for _, each in decisions)]
    return Decision(
        authorized=answers.pop() if len(answers) == 1 else Answer.UNKNOWN,
        denied_by=tuple(levels),
        route=route,
        service_network=first.service_network,
        reasons=tuple(dict.fromkeys(reasons)),
        assumptions=_once(text for _, each in decisions for text in each.assumptions),
        verdicts=_verdicts(decisions),
    )


def _verdicts(decisions: Sequence[tuple[str, Decision]]) -> tuple[Verdict, ...]:
    """What the levels say: what they all say alike once, else by case."""
    if all(each.verdicts == decisions[0][1].verdicts for _, each in decisions):
        return decisions[0][1].verdicts
    return tuple(
        replace(verdict, reasons=tuple(_given(case, reason) for reason in verdict.reasons))
        for case, each in decisions
        for verdict in each.verdicts
    )


def _given(case: str, reason: Reason) -> Reason:
    return replace(reason, text=f"{reason.text}, if {case}") if case else reason


def _counts(truth: Truth, answer: Answer) -> bool:
    """Whether a level is a reason for an answer: the refusals of a denial, the doubts of what is unknown, and so on."""
    return {Answer.ALLOW: True, Answer.DENY: truth.is_no, Answer.UNKNOWN: truth.is_unknown}[answer]


def _explained(route: Route) -> Iterable[str]:
    match route.action:
        case Forward(target_groups=groups):
            yield "forwards to " + ", ".join(f"{each.target_group} ({each.weight})" for each in groups)
        case FixedResponse(status_code=status):
            yield f"answers {status}"
        case _:
            yield from route.reasons


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
