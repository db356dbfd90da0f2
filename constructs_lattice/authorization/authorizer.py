"""Requests to VPC Lattice services: who may, and where they go.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-evaluation-logic
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from constructs_lattice.authorization.access import Access, Overview
from constructs_lattice.authorization.caller import ANYWHERE, Caller, Location, LocationKind
from constructs_lattice.authorization.decision import Decision, combined
from constructs_lattice.authorization.entrance import NetworkView, contains, entrances, networks
from constructs_lattice.authorization.fields import nearest
from constructs_lattice.authorization.policies import Policies
from constructs_lattice.authorization.principal import principal_of
from constructs_lattice.authorization.question import Question
from constructs_lattice.authorization.request import Request
from constructs_lattice.authorization.sweep import Requests, Sweep
from constructs_lattice.errors import ArgumentError
from constructs_lattice.model.lattice import Client, Lattice, Service

__all__ = ["Authorizer"]

_T = TypeVar("_T")

_NOWHERE = NetworkView(name="any service network", arn="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorizer:
    """Answers questions about one estate."""

    lattice: Lattice
    _policies: Policies = field(init=False, repr=False, compare=False)
    _networks: list[NetworkView] = field(init=False, repr=False, compare=False)
    _overview: Overview = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare what all questions share."""
        object.__setattr__(self, "_policies", Policies(lattice=self.lattice))
        object.__setattr__(self, "_networks", networks(self.lattice))
        overview = Overview(lattice=self.lattice, policies=self._policies, networks=tuple(self._networks))
        object.__setattr__(self, "_overview", overview)

    def authorize(self, caller: Caller, request: Request) -> Decision:
        """Decide about a request. Raises `ArgumentError` when the caller or the request names what is not there."""
        service = _named("request: there is no service", request.service, self.lattice.services)
        client = self._client(caller.location)
        groups = {each.id: each for each in self.lattice.groups}
        for name in caller.security_groups:
            _named("caller: there is no security group", name, groups)
        principal = principal_of(self.lattice, caller)
        questions = [
            Question(
                lattice=self.lattice,
                policies=self._policies,
                caller=caller,
                principal=principal,
                request=request,
                service=service,
                view=view,
                client=client,
            )
            for view in self._candidates(request, service, caller.location)
        ]
        decision = combined([question.decision() for question in questions])
        return replace(decision, assumptions=(*decision.assumptions, *self.lattice.assumptions))

    def sweep(self, caller: Caller, requests: Requests) -> Sweep:
        """Look at all of some requests, from all VPCs if the caller is `anywhere`.

        Raises `ArgumentError` when the caller or the requests name what is not there.
        """
        service = _named("request: there is no service", requests.service, self.lattice.services)
        if requests.service_network is not None:
            views = {view.name: view for view in self._networks}
            _named("request: there is no service network", requests.service_network, views)
        clients = self.lattice.clients.values() if caller.vpc == ANYWHERE else self._clients(caller.location)
        return self._overview.sweep(caller, clients, service, requests)

    def permissions(self, caller: Caller) -> Access:
        """Everything that a caller may call from where it is. Raises `ArgumentError` when there is no such caller."""
        return self._overview.of_principal(caller, self._clients(caller.location))

    def permissions_anywhere(self, principal: str | Caller) -> Access:
        """Everything that a principal may call from any VPC of the templates; where a caller is does not count."""
        caller = Caller(vpc=ANYWHERE, principal=principal) if isinstance(principal, str) else principal
        return self._overview.of_principal(caller, self.lattice.clients.values())

    def callers(self, service: str) -> Access:
        """Everybody who may call a service from a VPC of the templates. Raises `ArgumentError` for an unknown one."""
        return self._overview.of_service(_named("there is no service", service, self.lattice.services))

    def _clients(self, location: Location) -> list[Client]:
        if location.kind is not LocationKind.VPC:
            raise ArgumentError(f"caller: vpc must be a VPC for many requests at once, got '{location}'")
        return [_named("caller: there is no vpc", location.vpc, self.lattice.clients)]

    def _client(self, location: Location) -> Client | None:
        if location.kind is LocationKind.ONPREM:
            return None
        return _named("caller: there is no vpc", location.vpc, self.lattice.clients)

    def _candidates(self, request: Request, service: Service, location: Location) -> list[NetworkView]:
        """The networks that a request may go through; one that is none if nothing connects it."""
        if request.service_network is not None:
            views = {view.name: view for view in self._networks}
            return [_named("request: there is no service network", request.service_network, views)]
        possible = [
            view
            for view in self._networks
            if not contains(self.lattice, view, service).is_no and entrances(self.lattice, view, location, request.port)
        ]
        return possible or [_NOWHERE]


def _named(problem: str, name: str, things: Mapping[str, _T]) -> _T:
    if name not in things:
        raise ArgumentError(f"{problem} {name!r}{nearest(name, things)}")
    return things[name]
