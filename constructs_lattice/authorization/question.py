"""One request through one service network: what every level says about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from constructs_lattice.authorization.caller import Caller, LocationKind
from constructs_lattice.authorization.context import RequestContext
from constructs_lattice.authorization.decision import Decision, decide
from constructs_lattice.authorization.entrance import Entrance, NetworkView, contains, entrances
from constructs_lattice.authorization.keys import context_of
from constructs_lattice.authorization.policies import Policies
from constructs_lattice.authorization.principal import Principal
from constructs_lattice.authorization.reason import Level, Reason, Verdict
from constructs_lattice.authorization.request import Protocol, Request
from constructs_lattice.authorization.routing import listener_for, route
from constructs_lattice.authorization.statement import Statement
from constructs_lattice.authorization.truth import NO, YES, Truth, all_of, any_of, assuming, unknown
from constructs_lattice.model.lattice import AuthType, Client, Lattice, Service
from constructs_lattice.model.unknown import Unknown

__all__ = ["LIMITS", "OUTGOING", "SHARED", "UNREAD", "Question"]

UNREAD = "ASSUME-TLS: what is passed through counts as anonymous, its signature cannot be read"
OUTGOING = "ASSUME-LAT-2: the client's own security groups, network ACLs, routes and names let the request out"
LIMITS = "ASSUME-LIMITS: service control policies, session policies and the like do not restrict the caller"
SHARED = "ASSUME-LAT-12: what is associated across accounts is shared, and the share is accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May the caller make the request, through this network?"""

    lattice: Lattice
    policies: Policies
    caller: Caller
    principal: Principal
    request: Request
    service: Service
    view: NetworkView
    client: Client | None

    def decision(self) -> Decision:
        """The answer."""
        listener, listens = listener_for(self.service, self.request)
        return decide(
            [*self.connection(), *self.authorization(self.context())],
            listens=listens,
            route=route(listener, self.request, is_signed=not self.principal.is_anonymous) if listener else None,
            service=self.service.id,
            service_network=self.view.name,
        )

    def context(self) -> RequestContext:
        """What the policies see of the request."""
        return context_of(
            caller=self.caller,
            principal=self.principal,
            request=self.request,
            service=self.service,
            view=self.view,
            client=self.client,
            is_direct=self._is_direct(),
        )

    def _is_direct(self) -> bool:
        """Whether the request does not go through another VPC, for all that is known."""
        ways = entrances(self.lattice, self.view, self.caller.location, self.request.port)
        own = [way for way in ways if not way.is_neighbouring]
        return len(own) == len(ways) or any(way.connects.is_yes for way in own)

    def authorization(self, context: RequestContext) -> Iterator[Verdict]:
        """What the policies say: of the caller, of the network, of the service."""
        identity = self.policies.of_identity(self.principal, context, asked=self._asks_for_iam())
        yield identity if context.signer.is_anonymous else _assumed(identity, LIMITS)
        yield self.policies.of_network(self.view, context)
        service = self.policies.of_service(self.service, context)
        passes = self.request.protocol is Protocol.TLS and not self.principal.is_anonymous
        yield _assumed(service, UNREAD) if passes else service

    def _asks_for_iam(self) -> Truth:
        network = self.view.network
        types = [network.auth_type if network else Unknown(f"nobody knows the auth type of {self.view.name}")]
        return any_of(
            unknown(each.reason) if isinstance(each, Unknown) else (YES if each is AuthType.AWS_IAM else NO)
            for each in (*types, self.service.auth_type)
        )

    def statements(self) -> Iterator[Statement]:
        """All statements that have a say."""
        if not self.principal.is_anonymous and self.request.protocol is not Protocol.TLS:
            yield from self.policies.statements_of_identity(self.principal)
        yield from self.policies.statements_of(self.view.network)
        yield from self.policies.statements_of(self.service)

    def connection(self) -> Iterator[Verdict]:
        """Whether the caller gets to the service at all, and past the security groups."""
        ways = entrances(self.lattice, self.view, self.caller.location, self.request.port)
        inside = contains(self.lattice, self.view, self.service)
        connected = any_of(way.connects for way in ways)
        yield self._association(ways, inside, connected)
        # Without any way in there is nothing that a security group could refuse.
        admitted = any_of(way.connects & way.admits for way in ways) if ways else YES
        if connected.is_yes or not admitted.is_unknown:
            yield self._admission(ways, admitted)

    def _association(self, ways: list[Entrance], inside: Truth, connected: Truth) -> Verdict:
        view, where = self.view.name, self.caller.vpc
        truth = all_of((inside, connected))
        if truth.is_unknown:
            texts = truth.reasons
        elif inside.is_no:
            texts = (f"{self.service.id} is not associated with it",)
        elif connected.is_no:
            texts = (_not_connected(self.caller),)
        else:
            texts = (f"{next(way.id for way in ways if way.connects.is_yes)} connects {where} to it",)
            truth = assuming(truth, OUTGOING)
            accounts = {str(each) for each in self._accounts()}
            truth = assuming(truth, SHARED) if len(accounts) > 1 else truth
        reasons = tuple(Reason(rule="LAT-1", resource=view, text=text) for text in texts)
        return Verdict(level=Level.NETWORK_ASSOCIATION, truth=truth, reasons=reasons)

    def _accounts(self) -> Iterator[object]:
        yield self.service.account
        if self.view.network:
            yield self.view.network.account
        if self.client:
            yield self.caller.source_account or self.client.account

    def _admission(self, ways: list[Entrance], admitted: Truth) -> Verdict:
        port = self.request.port
        if admitted.is_unknown:
            texts: tuple[str, ...] = admitted.reasons
        elif admitted.is_no:
            texts = (f"no security group admits TCP {port} from {self.caller.vpc}",)
        else:
            texts = (f"TCP {port} from {self.caller.vpc} is let in",)
        resource = next((way.id for way in ways if way.admits.value is admitted.value), self.view.name)
        return Verdict(
            level=Level.SECURITY_GROUP,
            truth=admitted,
            reasons=tuple(Reason(rule="LAT-3", resource=resource, text=text) for text in texts),
        )


def _not_connected(caller: Caller) -> str:
    match caller.location.kind:
        case LocationKind.VPC:
            return f"{caller.vpc} has neither an association with it nor an endpoint of it"
        case LocationKind.PEERED:
            return f"clients that are peered with {caller.location.vpc} need an endpoint of it there"
        case _:
            return "clients on premises need an endpoint of it"


def _assumed(verdict: Verdict, assumption: str) -> Verdict:
    return Verdict(level=verdict.level, truth=assuming(verdict.truth, assumption), reasons=verdict.reasons)
