"""What the policies of each level say: of the caller, of the service network, and of the service.

All three have to allow, in one account too, and none may deny.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-evaluation-logic
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from constructs_lattice.authorization.context import RequestContext
from constructs_lattice.authorization.entrance import NetworkView
from constructs_lattice.authorization.identifiers import is_identifier_of
from constructs_lattice.authorization.managed_policies import aws_managed
from constructs_lattice.authorization.policy import Policy
from constructs_lattice.authorization.principal import Principal
from constructs_lattice.authorization.reason import Level, Reason, Verdict
from constructs_lattice.authorization.statement import Effect, Statement
from constructs_lattice.authorization.truth import YES, Truth, agreed, all_of, any_of, assuming, unknown
from constructs_lattice.model.lattice import AuthPolicy, AuthType, Lattice, Service, ServiceNetwork
from constructs_lattice.model.policies import Identity, IdentityPolicy
from constructs_lattice.model.unknown import Unknown

__all__ = ["Policies"]

_SIGNED_WITHOUT_AUTH = (
    "what happens to a signed request without permission where no level asks for IAM is not documented"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attached:
    """A policy, and whether it is attached."""

    policy: Policy
    attached: Truth = YES
    assumption: str = ""

    def says(self, effect: Effect, context: RequestContext) -> Iterator[tuple[str, Truth]]:
        """The statements with an effect, and whether they apply."""
        for statement, truth in self.policy.applying(effect, context):
            applies = truth & self.attached
            yield statement.name, assuming(applies, self.assumption) if self.assumption else applies


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """The policies of an estate, each read once."""

    lattice: Lattice
    _identities: dict[str, tuple[list[_Attached], list[_Attached]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _auth: dict[str, list[_Attached]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def of_identity(self, principal: Principal, context: RequestContext, *, asked: Truth) -> Verdict:
        """Whether the caller's own policies let it. `asked` is whether any level asks for IAM."""
        if context.signer.is_anonymous:
            reason = Reason(rule="LAT-7", resource=principal.name, text="an anonymous caller has no identity policies")
            return Verdict(level=Level.IDENTITY, truth=YES, reasons=(reason,))
        verdict = self._identity(principal, context)
        if verdict.truth.is_yes or asked.is_yes:
            return verdict
        open_question = unknown(_SIGNED_WITHOUT_AUTH)
        truth = open_question if asked.is_no else agreed([verdict.truth, open_question], " and ".join(asked.reasons))
        return _verdict(Level.IDENTITY, "LAT-6", principal.name, truth, "")

    def _identity(self, principal: Principal, context: RequestContext) -> Verdict:
        identity = principal.identity
        if identity is None:
            truth = unknown(f"the templates do not have the identity policies of {principal.name}")
            return _verdict(Level.IDENTITY, "LAT-6", principal.name, truth, "")
        attached, limits = self._attached_to_identity(identity)
        denied, by = _found([*attached, *limits], Effect.DENY, context)
        allowed, through = _found(attached, Effect.ALLOW, context)
        within, _ = _found(limits, Effect.ALLOW, context) if limits else (YES, "")
        truth = all_of((~denied, allowed, within, unknown(identity.doubt.reason) if identity.doubt else YES))
        if denied.is_yes:
            text = f"{by} denies {context.action} explicitly"
        elif allowed.is_no:
            text = f"no identity policy of {principal.name} allows {context.action} on {context.resource}"
        elif within.is_no:
            text = f"the permissions boundary {limits[0].policy.name} does not allow {context.action}"
        else:
            text = f"{through} allows it"
        return _verdict(Level.IDENTITY, "LAT-6", principal.name, truth, text)

    def _attached_to_identity(self, identity: Identity) -> tuple[list[_Attached], list[_Attached]]:
        """The policies, and the permissions boundary if there is one."""
        if identity.id not in self._identities:
            limits = [identity.boundary] if identity.boundary else []
            self._identities[identity.id] = (
                [_of_identity(each) for each in identity.policies],
                [_of_identity(each) for each in limits],
            )
        return self._identities[identity.id]

    def statements_of_identity(self, principal: Principal) -> Iterator[Statement]:
        """All statements of a caller's own policies."""
        if principal.identity is not None:
            for attached in self._attached_to_identity(principal.identity):
                for each in attached:
                    yield from each.policy.statements

    def statements_of(self, resource: ServiceNetwork | Service | None) -> Iterator[Statement]:
        """All statements of an auth policy, if it is in force."""
        if resource is not None and resource.auth_type is not AuthType.NONE:
            for each in self._attached_to(resource):
                yield from each.policy.statements

    def of_network(self, view: NetworkView, context: RequestContext) -> Verdict:
        """Whether the service network lets the request through."""
        if view.network is None:
            truth = unknown(f"the templates do not have the service network {view.name}")
            return _verdict(Level.NETWORK, "LAT-12", view.name, truth, "")
        return self._auth_policy(Level.NETWORK, view.network, context)

    def of_service(self, service: Service, context: RequestContext) -> Verdict:
        """Whether the service lets the request through."""
        return self._auth_policy(Level.SERVICE, service, context)

    def _auth_policy(self, level: Level, resource: ServiceNetwork | Service, context: RequestContext) -> Verdict:
        match resource.auth_type:
            case AuthType.NONE:
                text = "the auth type is NONE, so nobody is asked"
                return _verdict(level, "LAT-5", resource.id, _existing(resource), text)
            case Unknown(reason=reason):
                asked = self._asked(level, resource, context)
                truth = agreed([asked.truth, YES], reason)
                return _verdict(level, "LAT-5", resource.id, truth & _existing(resource), "its auth policy allows it")
            case _:
                return self._asked(level, resource, context)

    def _asked(self, level: Level, resource: ServiceNetwork | Service, context: RequestContext) -> Verdict:
        attached = self._attached_to(resource)
        denied, by = _found(attached, Effect.DENY, context)
        allowed, through = _found(attached, Effect.ALLOW, context)
        truth = all_of((~denied, allowed, _existing(resource)))
        if denied.is_yes:
            text = f"{by} denies {context.action} explicitly"
        elif not attached:
            text = "the auth type is AWS_IAM and there is no auth policy, which denies everybody"
            return _verdict(level, "LAT-5", resource.id, truth, text)
        elif allowed.is_no:
            text = f"its auth policy has no statement that allows {context.action} on {context.resource}"
        else:
            text = f"{through} allows it"
        return _verdict(level, "LAT-6", resource.id, truth, text)

    def _attached_to(self, resource: ServiceNetwork | Service) -> list[_Attached]:
        if resource.id not in self._auth:
            self._auth[resource.id] = list(_auth_policies(self.lattice.auth_policies, resource))
        return self._auth[resource.id]


def _auth_policies(policies: Iterable[AuthPolicy], resource: ServiceNetwork | Service) -> Iterator[_Attached]:
    found = [(each, is_identifier_of(each.resource, resource)) for each in policies]
    possible = [(each, truth) for each, truth in found if not truth.is_no]
    for each, truth in possible:
        attached = truth & (unknown(each.doubt.reason) if each.doubt else YES)
        if sum(other.is_yes for _, other in possible) > 1:
            attached &= unknown(f"{resource.id} has several auth policies, and can only have one")
        yield _Attached(policy=Policy.parse(each.id, each.document, has_principals=True), attached=attached)


def _of_identity(policy: IdentityPolicy) -> _Attached:
    attached = unknown(policy.doubt.reason) if policy.doubt else YES
    document, assumption, name = policy.document, "", policy.id
    if isinstance(document, Unknown) and (managed := aws_managed(policy.id)):
        name, document = managed
        assumption = f"ASSUME-AWS-MANAGED: {name} is as the AWS Managed Policy Reference has it"
    return _Attached(
        policy=Policy.parse(name, document, has_principals=False), attached=attached, assumption=assumption
    )


def _found(attached: Sequence[_Attached], effect: Effect, context: RequestContext) -> tuple[Truth, str]:
    """Whether any statement has an effect, and which one is sure to."""
    statements = [pair for each in attached for pair in each.says(effect, context)]
    name = next((name for name, truth in statements if truth.is_yes), "")
    return any_of(truth for _, truth in statements), name


def _existing(resource: ServiceNetwork | Service) -> Truth:
    return unknown(resource.doubt.reason) if resource.doubt else YES


def _verdict(level: Level, rule: str, resource: str, truth: Truth, text: str) -> Verdict:
    texts = truth.reasons if truth.is_unknown else (text,)
    return Verdict(
        level=level, truth=truth, reasons=tuple(Reason(rule=rule, resource=resource, text=each) for each in texts)
    )
