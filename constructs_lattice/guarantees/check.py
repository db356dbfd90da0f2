"""Checking guarantees: the question, the answer, and whether it is as it must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees.ends import Ends
from constructs_lattice.guarantees.entries import Connection, Request
from constructs_lattice.guarantees.requests import RequestChecker
from constructs_lattice.guarantees.result import Result
from constructs_lattice.model.network import Network
from constructs_lattice.model.vpc import PrefixList
from constructs_lattice.reachability.answer import Answer, Verdict
from constructs_lattice.reachability.reachability import Protocol, Reachability
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.templates.application import Application
from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.network import read_network
from constructs_lattice.templates.values import ResourceId

__all__ = ["Checker"]


@dataclass(slots=True)
class _Case:
    """One of the estates that the templates can come to, and what was assumed to get it."""

    assumed: str
    estate: Estate
    reachability: Reachability
    ends: Ends


class Checker:
    """Checks guarantees about one application.

    Where the templates can come to several estates, because conditions hang on parameters that nobody knows, a verdict
    is one that is the same in all of them; else it is unknown. `prefix_lists` are those that AWS manages.

    Raises `TemplateError` when the templates are wrong.
    """

    def __init__(self, application: Application, *, prefix_lists: Iterable[PrefixList] = ()) -> None:
        known = {each.id: each for each in prefix_lists}
        self._cases = [_case(each.assumed, each.estate, known) for each in application.cases()]
        self.requests = RequestChecker(
            [(case.assumed, case.estate, case.reachability.network, case.ends) for case in self._cases]
        )

    @property
    def networks(self) -> list[Network]:
        """The networks of all estates."""
        return [case.reachability.network for case in self._cases]

    def resource(self, name: str) -> Resource | None:
        """The resource behind an id of the report; none for what the templates only imply."""
        stack, _, logical_id = name.partition("/")[0].rpartition(".")
        found = (case.estate.resources.get(ResourceId(stack, logical_id)) for case in self._cases)
        return next((each for each in found if each is not None), None)

    def check(self, guarantees: Iterable[Connection | Request]) -> list[Result]:
        """The results, in the order of the guarantees.

        Raises `GuaranteeError`, about all of them at once, when guarantees name what is not there.
        """
        results: list[Result] = []
        problems: list[str] = []
        for guarantee in guarantees:
            try:
                results.append(self.check_one(guarantee))
            except GuaranteeError as error:
                problems.append(str(error))
        GuaranteeError.raise_all(problems)
        return results

    def check_one(self, guarantee: Connection | Request) -> Result:
        """One result. Raises `GuaranteeError` when the guarantee names what is not there."""
        if isinstance(guarantee, Request):
            return self.requests.check(guarantee)
        return self._check_connection(guarantee)

    def _check_connection(self, guarantee: Connection) -> Result:
        answer = self.ask(guarantee)
        is_kept = True
        # What is unknown may be reachable, on paths that have to cross it as well.
        if guarantee.only_through is not None and answer.verdict is not Verdict.UNREACHABLE:
            answer, is_kept = self._around(guarantee, answer)
        if is_kept and guarantee.symmetric and answer.verdict is not Verdict.UNREACHABLE:
            answer, is_kept = self._symmetric(guarantee, answer)
        return Result(
            id=guarantee.id,
            question=_question(guarantee),
            expect=guarantee.expect,
            verdict=str(answer.verdict),
            holds=is_kept and _will_do(guarantee, answer.verdict),
            reasons=answer.reasons,
            forward=answer.forward,
            back=answer.back,
            packet=answer.packet,
            assumptions=tuple(sorted(answer.assumptions)),
            why=guarantee.why,
        )

    def ask(self, guarantee: Connection) -> Answer:
        """The answer to the question of a guarantee, whatever it expects."""
        return _across([(case.assumed, self._ask(case, case.reachability, guarantee)) for case in self._cases])

    def _ask(self, case: _Case, reachability: Reachability, guarantee: Connection) -> Answer:
        where = f"guarantee {guarantee.id!r}"
        source, target = (case.ends.find(where, name) for name in (guarantee.from_, guarantee.to))
        return reachability.ask(source, target, Protocol(guarantee.protocol), guarantee.port)

    def _around(self, guarantee: Connection, answer: Answer) -> tuple[Answer, bool]:
        """Whether every path crosses something: whether none is left without it; if one is, that one."""
        answers = []
        for case in self._cases:
            id_ = case.ends.id(f"guarantee {guarantee.id!r}", guarantee.only_through or "")
            severed = Reachability(replace(case.reachability.network, severed=frozenset({id_})))
            answers.append((case.assumed, self._ask(case, severed, guarantee)))
        around = _across(answers)
        if around.verdict is Verdict.UNREACHABLE:
            return answer, True
        text = f"a path goes around {guarantee.only_through}"
        if around.verdict is Verdict.UNKNOWN:
            text = f"whether all paths cross {guarantee.only_through} is not known"
        reason = Reason("FW-1", guarantee.only_through or "", text)
        return replace(around, reasons=(reason, *around.reasons)), False

    def _symmetric(self, guarantee: Connection, answer: Answer) -> tuple[Answer, bool]:
        """Whether the answers cross the same appliances on every path; if they do not on one, that one."""
        if answer.verdict is Verdict.UNKNOWN:
            return answer, False
        if not answer.appliances:
            reason = Reason("FW-4", guarantee.to, "a path crosses no appliance at all")
            return replace(answer, reasons=(reason, *answer.reasons)), False
        for case in self._cases:
            shown = Reachability(replace(case.reachability.network, shows_halves=True))
            found = self._ask(case, shown, guarantee)
            if found.verdict is Verdict.REACHABLE and not found.is_half:
                continue
            crossed = ", ".join(each.partition("@")[0] for each in found.appliances) or guarantee.to
            text = "the answers of a path cross other appliances than the packets"
            if found.verdict is Verdict.UNKNOWN:
                text = "whether answers cross the same appliances on every path is not known"
            return replace(found, reasons=(Reason("FW-4", crossed, text), *found.reasons)), False
        return answer, True


def _case(assumed: str, estate: Estate, known: Mapping[str, PrefixList]) -> _Case:
    network = read_network(estate)
    network = replace(network, prefix_lists={**known, **network.prefix_lists})
    return _Case(assumed, estate, Reachability(network), Ends(estate, network))


def _will_do(guarantee: Connection, verdict: Verdict) -> bool:
    """Whether a verdict is what is expected, or open where that is good enough."""
    return verdict == guarantee.expect or (verdict is Verdict.UNKNOWN and guarantee.accept_unknown)


def _across(answers: Sequence[tuple[str, Answer]]) -> Answer:
    """The answer that holds in all cases; unknown where they differ."""
    first = answers[0][1]
    if len({answer.verdict for _, answer in answers}) == 1:
        return first
    reasons = tuple(
        Reason("RES-3", assumed, f"it is {answer.verdict} then{_because(answer)}") for assumed, answer in answers
    )
    return replace(first, verdict=Verdict.UNKNOWN, reasons=reasons)


def _because(answer: Answer) -> str:
    return f": {answer.reasons[0].text}" if answer.reasons else ""


def _question(guarantee: Connection) -> str:
    port = "" if guarantee.port is None else f" {guarantee.port}"
    through = "" if guarantee.only_through is None else f", only through {guarantee.only_through}"
    symmetric = ", symmetric" if guarantee.symmetric else ""
    return f"{guarantee.from_} to {guarantee.to}, {guarantee.protocol}{port}{through}{symmetric}"
