"""Checking guarantees about requests to VPC Lattice services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from constructs_lattice.authorization import (
    Access,
    Authorizer,
    Caller,
    Decision,
    Expectation,
    Protocol,
    Requests,
    across,
    levels_in_lines,
)
from constructs_lattice.authorization import Request as LatticeRequest
from constructs_lattice.errors import ArgumentError, GuaranteeError
from constructs_lattice.guarantees.callers import Callers
from constructs_lattice.guarantees.ends import Ends
from constructs_lattice.guarantees.entries import Caller as CallerEntry
from constructs_lattice.guarantees.entries import Request
from constructs_lattice.guarantees.result import Result
from constructs_lattice.model.block import stands_in
from constructs_lattice.model.lattice import Lattice
from constructs_lattice.model.network import Network
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.templates.estate import Estate
from constructs_lattice.templates.read_lattice import read_lattice

__all__ = ["RequestChecker"]

_SERVICE, _NETWORK = "AWS::VpcLattice::Service", "AWS::VpcLattice::ServiceNetwork"
_TARGET_GROUP = "AWS::VpcLattice::TargetGroup"
_ROUTING = ("routed_to", "fixed_response")
_METHOD, _PATH = "GET", "/"


_T = TypeVar("_T")


@dataclass(slots=True)
class _Case:
    """One of the estates that the templates can come to, and what was assumed to get it."""

    assumed: str
    ends: Ends
    callers: Callers
    authorizer: Authorizer


class RequestChecker:
    """Checks requests in all estates that the templates can come to. What VPC Lattice has is read when it is asked."""

    def __init__(self, estates: Sequence[tuple[str, Estate, Network, Ends]]) -> None:
        self._estates = estates

    @cached_property
    def _cases(self) -> list[_Case]:
        found = []
        for assumed, estate, network, ends in self._estates:
            lattice = _lattice(estate, network)
            callers = Callers(estate, network, ends, lattice.clients)
            found.append(_Case(assumed, ends, callers, Authorizer(lattice=lattice)))
        return found

    def check(self, guarantee: Request) -> Result:
        """The result. Raises `GuaranteeError` when the guarantee names what is not there."""
        decision = self.ask(guarantee)
        expected = guarantee.expect.model_dump(exclude_none=True)
        held = Expectation.parse(self._named(guarantee)).holds(decision)
        return Result(
            id=guarantee.id,
            question=self.question(guarantee),
            expect=expected,
            verdict=_asked_for(guarantee, decision.to_dict()),
            holds=guarantee.accept_unknown if held is None else held,
            reasons=tuple(Reason(each.rule, each.resource, each.text) for each in decision.reasons),
            levels=tuple(levels_in_lines(decision)),
            assumptions=tuple(sorted(decision.assumptions)),
            why=guarantee.why,
        )

    def ask(self, guarantee: Request) -> Decision:
        """The decision about the request of a guarantee, whatever it expects."""
        where = _where(guarantee)

        def asked(case: _Case) -> Decision:
            caller = Caller.parse(_caller(guarantee, case.callers), where=f"{where}: caller")
            if guarantee.request.is_many:
                sweep = case.authorizer.sweep(caller, _requests(guarantee, case.ends))
                return sweep.all_allowed() if guarantee.expect.authorized == "allow" else sweep.any_allowed()
            request = LatticeRequest.parse(_request(guarantee, case.ends), where=f"{where}: request")
            return case.authorizer.authorize(caller, request)

        return across([(case.assumed, _told(where, asked, case)) for case in self._cases])

    def question(self, guarantee: Request) -> str:
        """What a guarantee asks, in words: the names that it gives, and the ids of what follows from them."""
        request = guarantee.request
        who = self._cases[0].callers.words(
            _where(guarantee), guarantee.caller, is_anywhere=_counts_from_anywhere(guarantee)
        )
        return f"{who}: {_what(guarantee)} of {request.service}"

    def permissions(self, caller: CallerEntry, *, where: str = "caller") -> Access:
        """Everything that a caller may call from where it is, from everywhere if it says no VPC.

        Raises `GuaranteeError` when it names what is not there.
        """

        def allowed(case: _Case) -> Access:
            content, is_somewhere = case.callers.wherever(where, caller)
            parsed = Caller.parse(content, where=where)
            return case.authorizer.permissions(parsed) if is_somewhere else case.authorizer.permissions_anywhere(parsed)

        return Access.across([(case.assumed, _told(where, allowed, case)) for case in self._cases])

    def callers(self, service: str, *, where: str = "service") -> Access:
        """Everybody who may call a service. Raises `GuaranteeError` when there is no such service."""

        def calling(case: _Case) -> Access:
            return case.authorizer.callers(case.ends.id(where, service, _SERVICE))

        return Access.across([(case.assumed, _told(where, calling, case)) for case in self._cases])

    def service(self, name: str, *, where: str = "service") -> str:
        """The id of a service. Raises `GuaranteeError` when there is no such service."""
        return self._cases[0].ends.id(where, name, _SERVICE)

    def _named(self, guarantee: Request) -> dict[str, Any]:
        """What is expected, with the ids of the target groups."""
        expected: dict[str, Any] = guarantee.expect.model_dump(exclude_none=True)
        ends = self._cases[0].ends
        for each in expected.get("routed_to", []):
            if not each["target_group"].startswith("arn:"):
                each["target_group"] = ends.id(_where(guarantee), each["target_group"], _TARGET_GROUP)
        return expected


def _lattice(estate: Estate, network: Network) -> Lattice:
    """VPC Lattice, with the entries of the prefix lists that the network has besides those of the templates."""
    lattice = read_lattice(estate)
    more = [
        (id_, tuple(block.network for block in each.entries))
        for id_, each in network.prefix_lists.items()
        # Nobody knows where the addresses are that only stand for others.
        if id_.startswith("pl-") and not each.doubts and not any(stands_in(block) for block in each.entries)
    ]
    return replace(lattice, prefix_lists=(*lattice.prefix_lists, *more))


def _where(guarantee: Request) -> str:
    return f"guarantee {guarantee.id!r}"


def _told(where: str, ask: Callable[[_Case], _T], case: _Case) -> _T:
    """What comes of a question; what is wrong with it is told of the guarantee."""
    try:
        return ask(case)
    except ArgumentError as error:
        text = str(error)
        raise GuaranteeError(text if text.startswith(where) else f"{where}: {text}") from None


def _request(guarantee: Request, ends: Ends) -> dict[str, Any]:
    where = _where(guarantee)
    content: dict[str, Any] = {
        name: value for name, value in guarantee.request.model_dump(exclude_none=True).items() if value != {}
    }
    content["service"] = ends.id(where, guarantee.request.service, _SERVICE)
    network = guarantee.request.service_network
    if network is not None and not network.startswith("arn:"):
        content["service_network"] = ends.id(where, network, _NETWORK)
    return content


def _caller(guarantee: Request, callers: Callers) -> dict[str, Any]:
    """Who calls from where; from `anywhere` if nobody says so, and nothing may be let through."""
    where = _where(guarantee)
    if _counts_from_anywhere(guarantee):
        return callers.wherever(where, guarantee.caller)[0]
    return callers.found(where, guarantee.caller)


def _counts_from_anywhere(guarantee: Request) -> bool:
    return guarantee.request.is_many and guarantee.expect.authorized != "allow"


def _requests(guarantee: Request, ends: Ends) -> Requests:
    """All the requests that a guarantee is about."""
    content, request = _request(guarantee, ends), guarantee.request
    method, path = request.method or _METHOD, request.path or _PATH
    return Requests(
        service=content["service"],
        service_network=content.get("service_network"),
        protocol=None if request.protocol == "any" else Protocol(request.protocol),
        port=request.port,
        method=None if method == "*" else method,
        path=None if path == "*" else path,
    )


def _what(guarantee: Request) -> str:
    """What is sent, in words."""
    request = guarantee.request
    method, path = request.method or _METHOD, request.path or _PATH
    if request.protocol == "tls":
        return "connection"
    if method == path == "*":
        return "any request"
    return f"{'any method' if method == '*' else method} {'any path' if path == '*' else path}"


def _asked_for(guarantee: Request, answer: Mapping[str, object]) -> dict[str, object]:
    """The part of an answer that is asked for."""
    left_out = _ROUTING if guarantee.kind == "authorize" else ()
    return {name: value for name, value in answer.items() if name not in left_out}
