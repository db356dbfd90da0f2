"""The auth policy of a service network or of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import jsii
from aws_cdk import Annotations, IAnyProducer, Lazy
from aws_cdk import aws_vpclattice as vpclattice
from constructs import Construct, IValidation

from constructs_lattice._construct import LatticeConstruct, path_of, stack_of
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.allowance import Allowance, merged
from constructs_lattice.vpc_lattice.auth import Auth, AuthType
from constructs_lattice.vpc_lattice.policy_size import PolicySize
from constructs_lattice.vpc_lattice.rival_policies import RivalPolicies

if TYPE_CHECKING:
    from aws_cdk import IResolveContext, Stack
    from aws_cdk.aws_iam import PolicyStatement

    from constructs_lattice.vpc_lattice.identifiers import Identified

__all__ = ["AuthPolicy"]


@jsii.implements(IValidation)
class AuthPolicy(LatticeConstruct):
    """The auth policy of one service network or service. There is one at most; it grows with what is added."""

    def __init__(self, scope: Construct, id: str, *, kind: Identified, resource_identifier: str, auth: Auth) -> None:
        super().__init__(scope, id)
        self._auth = auth
        self._kind = kind
        self._stack = stack_of(self)
        self._account: str | None = None
        self._identifier = resource_identifier
        self._statements = list(auth.statements)
        # A set that keeps its order.
        self._allowances: dict[Allowance, None] = {}
        self._resource: vpclattice.CfnAuthPolicy | None = None
        self._is_asked_for = False
        if auth.admission is not None or auth.statements:
            self._define()
        self._rivals = RivalPolicies.watch(self)
        if auth.type is AuthType.AWS_IAM:
            self.node.add_validation(self)

    @property
    def auth(self) -> Auth:
        """Who is let in from the beginning."""
        return self._auth

    @property
    def stack(self) -> Stack:
        """The stack that the policy is in."""
        return self._stack

    @property
    def account(self) -> str:
        """The account that the policy is in; a token where only the deployment knows."""
        if self._account is None:
            self._account = self._stack.account
        return self._account

    @property
    def identifiers(self) -> list[str]:
        """By what an L1 construct may mean the service or service network that this policy belongs to."""
        holder: Any = self.node.scope.node.default_child if self.node.scope else None
        return [self._identifier] if holder is None else [self._identifier, holder.attr_id, holder.ref]

    @property
    def resource(self) -> vpclattice.CfnAuthPolicy | None:
        """The policy itself, as CloudFormation knows it; none as long as there are no statements."""
        return self._resource

    @property
    def document(self) -> dict[str, Any] | None:
        """The policy as it is now, made anew each time; none as long as there are no statements."""
        return None if self._resource is None else self._render()

    def add(self, statement: PolicyStatement) -> None:
        """Add a statement. Raises `ArgumentError` when nobody is asked who they are: it would have no effect."""
        if self._auth.type is AuthType.NONE:
            raise ArgumentError(
                f"{path_of(self).rpartition('/')[0]}: a statement has no effect with Auth.none(); use Auth.iam()"
            )
        self._statements.append(statement)
        self._define()

    def allow(self, allowance: Allowance) -> None:
        """Let callers send requests. With `Auth.none()`, they can already, and nothing is written."""
        if self._auth.type is AuthType.AWS_IAM and allowance not in self._allowances:
            self._allowances[allowance] = None
            self._define()

    def validate(self) -> list[str]:
        """What is wrong with the policy as a whole; Node asks at synthesis."""
        if self._resource is None:
            if self._auth.denies_all or self._rivals.of(self):
                return []
            return ["Auth.iam() without any statement denies everybody; add one, or say Auth.deny_all()"]
        document = self._render()
        if not self._auth.denies_all and all(each["Effect"] == "Deny" for each in document["Statement"]):
            return ["the auth policy only denies, so nobody is let in; add what allows, or say Auth.deny_all()"]
        if (problem := self._size_problem(document)) is not None:
            return [problem]
        # A statement without a principal, an action or a resource fails at deployment only.
        return [problem for each in self._statements for problem in each.validate_for_resource_policy()]

    def _size_problem(self, document: dict[str, Any]) -> str | None:
        """What is wrong with the size, if anything certainly is; what may be wrong becomes a warning."""
        if PolicySize.is_certainly_fine(document):
            return None
        resolved, own = self._stack.resolve([document, self._identifier])
        size = PolicySize(self._stack, self._kind, own)
        if (problem := size.problem(resolved)) is not None:
            return problem
        if (doubt := size.doubt(resolved)) is not None:
            Annotations.of(self).add_warning_v2("constructs-lattice:latticeAuthPolicySize", doubt)
        return None

    def _define(self) -> None:
        """Write the policy as it is now. Statements of others may still grow: with these, Node asks at synthesis."""
        if self._is_asked_for:
            return
        self._is_asked_for = bool(self._statements)
        # A stable producer is asked once: what is granted after an early `resolve` would be lost.
        policy = Lazy.uncached_any(cast("IAnyProducer", _Producer(self))) if self._is_asked_for else self._render()
        if self._resource is None:
            self._resource = vpclattice.CfnAuthPolicy(
                self, "Resource", policy=policy, resource_identifier=self._identifier
            )
        else:
            # Cheaper than to be asked, which Node does several times in a synthesis.
            self._resource.policy = policy

    def _render(self) -> dict[str, Any]:
        admission = self._auth.admission
        return {
            "Statement": [
                *([] if admission is None else [admission.statement()]),
                *(each.to_statement_json() for each in self._statements),
                *(each.statement() for each in merged(self._allowances)),
            ],
            "Version": "2012-10-17",
        }


@jsii.implements(IAnyProducer)
class _Producer:
    """Renders a policy as it is whenever Node asks; at synthesis it is complete."""

    def __init__(self, policy: AuthPolicy) -> None:
        self._policy = policy

    def produce(self, context: IResolveContext) -> dict[str, Any] | None:  # noqa: ARG002 - as IAnyProducer has it
        """The policy."""
        return self._policy.document
