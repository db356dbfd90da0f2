"""Checking guarantees about requests to VPC Lattice services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from constructs_lattice.authorization import Authorizer, Caller, Decision, Expectation, across
from constructs_lattice.authorization import Request as LatticeRequest
from constructs_lattice.errors import ArgumentError, GuaranteeError
from constructs_lattice.guarantees.ends import Ends
from constructs_lattice.guarantees.entries import Request
from constructs_lattice.guarantees.result import Result
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.templates.estate import Estate
from constructs_lattice.templates.read_lattice import read_lattice

__all__ = ["RequestChecker"]

_VPC, _GROUP, _ROLE = "AWS::EC2::VPC", "AWS::EC2::SecurityGroup", "AWS::IAM::Role"
_SERVICE, _NETWORK = "AWS::VpcLattice::Service", "AWS::VpcLattice::ServiceNetwork"
_TARGET_GROUP = "AWS::VpcLattice::TargetGroup"
_PEERED = "peered:"
_ROUTING = ("routed_to", "fixed_response")


class RequestChecker:
    """Checks requests in all estates that the templates can come to. What VPC Lattice has is read when it is asked."""

    def __init__(self, cases: Sequence[tuple[str, Estate, Ends]]) -> None:
        self._cases = cases
        self._authorizers: list[Authorizer] = []

    def check(self, guarantee: Request) -> Result:
        """The result. Raises `GuaranteeError` when the guarantee names what is not there."""
        decision = self.ask(guarantee)
        expected = guarantee.expect.model_dump(exclude_none=True)
        held = Expectation.parse(self._named(guarantee)).holds(decision)
        return Result(
            id=guarantee.id,
            question=_question(guarantee),
            expect=expected,
            verdict=_asked_for(guarantee, decision.to_dict()),
            holds=guarantee.accept_unknown if held is None else held,
            reasons=tuple(Reason(each.rule, each.resource, each.text) for each in decision.reasons),
            assumptions=tuple(sorted(decision.assumptions)),
            why=guarantee.why,
        )

    def ask(self, guarantee: Request) -> Decision:
        """The decision about the request of a guarantee, whatever it expects."""
        if not self._authorizers:
            self._authorizers = [Authorizer(lattice=read_lattice(estate)) for _, estate, _ in self._cases]
        where = f"guarantee {guarantee.id!r}"
        decisions = []
        for (assumed, _, ends), authorizer in zip(self._cases, self._authorizers, strict=True):
            try:
                caller = Caller.parse(_caller(guarantee, ends), where=f"{where}: caller")
                request = LatticeRequest.parse(_request(guarantee, ends), where=f"{where}: request")
                decisions.append((assumed, authorizer.authorize(caller, request)))
            except ArgumentError as error:
                text = str(error)
                raise GuaranteeError(text if text.startswith(where) else f"{where}: {text}") from None
        return across(decisions)

    def _named(self, guarantee: Request) -> dict[str, Any]:
        """What is expected, with the ids of the target groups."""
        expected: dict[str, Any] = guarantee.expect.model_dump(exclude_none=True)
        ends = self._cases[0][2]
        for each in expected.get("routed_to", []):
            each["target_group"] = ends.id(f"guarantee {guarantee.id!r}", each["target_group"], _TARGET_GROUP)
        return expected


def _caller(guarantee: Request, ends: Ends) -> dict[str, Any]:
    where = f"guarantee {guarantee.id!r}"
    content: dict[str, Any] = guarantee.caller.model_dump(exclude_none=True)
    vpc, principal = guarantee.caller.vpc, guarantee.caller.principal
    if vpc != "onprem":
        prefix = _PEERED if vpc.startswith(_PEERED) else ""
        content["vpc"] = prefix + ends.id(where, vpc.removeprefix(prefix), _VPC)
    if principal != "anonymous" and not principal.startswith("arn:"):
        content["principal"] = ends.id(where, principal, _ROLE)
    content["security_groups"] = [ends.id(where, each, _GROUP) for each in guarantee.caller.security_groups or ()]
    return content


def _request(guarantee: Request, ends: Ends) -> dict[str, Any]:
    where = f"guarantee {guarantee.id!r}"
    content: dict[str, Any] = {
        name: value for name, value in guarantee.request.model_dump(exclude_none=True).items() if value != {}
    }
    content["service"] = ends.id(where, guarantee.request.service, _SERVICE)
    network = guarantee.request.service_network
    if network is not None and not network.startswith("arn:"):
        content["service_network"] = ends.id(where, network, _NETWORK)
    return content


def _asked_for(guarantee: Request, answer: Mapping[str, object]) -> dict[str, object]:
    """The part of an answer that is asked for."""
    left_out = _ROUTING if guarantee.kind == "authorize" else ()
    return {name: value for name, value in answer.items() if name not in left_out}


def _question(guarantee: Request) -> str:
    caller, request = guarantee.caller, guarantee.request
    what = "connection" if request.protocol == "tls" else f"{request.method or 'GET'} {request.path or '/'}"
    return f"{caller.principal} from {caller.vpc}: {what} of {request.service}"
