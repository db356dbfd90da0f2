"""Grants of a service: one statement that everybody hears whom it concerns.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-evaluation-logic
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Annotations
from aws_cdk import aws_iam as iam

from constructs_lattice._construct import path_of, stack_of
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.allowance import Allowance
from constructs_lattice.vpc_lattice.auth import AuthType
from constructs_lattice.vpc_lattice.caller import Caller, principal_of
from constructs_lattice.vpc_lattice.permit import CONNECT, EVERY_PATH, INVOKE, Permit
from constructs_lattice.vpc_lattice.regions import Region

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_ec2 as ec2

    from constructs_lattice.vpc_lattice.auth_policy import AuthPolicy
    from constructs_lattice.vpc_lattice.caller import Grantee
    from constructs_lattice.vpc_lattice.match import HeaderMatch, Method
    from constructs_lattice.vpc_lattice.service_reference import ServiceBase

__all__ = ["ServiceGrants"]

_Writing = list[tuple["AuthPolicy", Allowance]]


class ServiceGrants:
    """Lets callers use a service. Had by `Service.grants`.

    A request passes when the caller's identity policy, the auth policy of the service network and that of the service
    all allow it, within one account as well as across accounts. A grant writes into each of them:

    - the identity policy of the caller, when it is a role or a user that this app makes or may change;
    - the auth policy of the service, when this app makes it and it asks who calls;
    - the auth policies of the service networks that the service is in, or comes into, when this app makes them, they
      ask who calls, and do not let the caller in anyway. A network lets a caller in as a whole: what it may do there is
      for each service to say.

    Where nobody is asked, with `Auth.none()`, nothing is written: the grant is for the others then.
    """

    def __init__(self, service: ServiceBase, policy: AuthPolicy | None) -> None:
        self._service = service
        self._policy = policy
        self._networks: list[AuthPolicy] = []
        self._elsewhere: list[str] = []
        self._granted: list[tuple[Caller, Permit]] = []

    def invoke(
        self,
        *grantees: Grantee,
        methods: Sequence[Method] | None = None,
        paths: Sequence[str] | None = None,
        headers: Sequence[HeaderMatch] = (),
        query: Mapping[str, str | Sequence[str]] | None = None,
    ) -> None:
        """Let callers send requests over HTTP, HTTPS or gRPC.

        Args:
            grantees: Roles, functions, users, ECS services or task definitions, and principals of other accounts by
                their ARNs. They sign their requests. `iam.AnyPrincipal()` is everybody, also who does not sign.
            methods: The methods. All by default. Calls of gRPC are POST.
            paths: The paths. `/orders` is that path; `*` stands for any text, slashes included, and `?` for any one
                character. All by default. The path of gRPC is `/package.Service/Method`.
            headers: What headers have to be, all of them. Policies compare parts of values with regard to case only.
            query: What parameters of the query have to be: a value, or several of which one will do, with `*` and `?`
                as in paths. Of a parameter that is there twice, both values have to match. Calls of gRPC have none.

        Raises:
            ArgumentError: A policy cannot say that, or cannot name one of the grantees.
        """
        where = path_of(self._service)
        permit = Permit.of(where, methods=methods, paths=paths, headers=headers, query=query or {})
        self.permit(where, grantees, permit)

    def connect(self, *vpcs: ec2.IVpc, accounts: Sequence[str] = ()) -> None:
        """Let clients connect through a listener of TLS that passes through, by where they are.

        VPC Lattice reads nothing of such connections, and no signature either: its auth policies cannot tell one caller
        from another, and identity policies do not apply. What they can tell is the VPC that a connection comes from,
        and the account that owns the VPC. To let everybody connect, there is `Auth.none()`. Whom the targets serve
        beyond that is for them to find out, by certificates of clients for example.

        A service network lets such connections through as a whole, to each of its services that lets them in.

        Args:
            vpcs: VPCs whose clients may connect.
            accounts: Accounts from whose VPCs clients may connect, by their ids.

        Raises:
            ArgumentError: There is nothing of both, or something else than a VPC, such as a role.
        """
        where = path_of(self._service)
        if not vpcs and not accounts:
            raise ArgumentError(f"{where}: there is nobody to let connect; name VPCs or accounts, or use Auth.none()")
        callers = [Caller.in_vpcs(where, vpcs)] if vpcs else []
        callers += [Caller.in_vpcs_of(where, accounts)] if accounts else []
        self._grant(where, callers, Permit(action=CONNECT, paths=("",)))

    def permit(self, where: object, grantees: Sequence[Grantee], permit: Permit) -> list[Caller]:
        """Let callers, who are returned, send the requests of a permit: what others make of a rule or of arguments."""
        if not grantees:
            raise ArgumentError(f"{where}: there is nobody to grant it to; name a role")
        principals = [principal_of(where, grantee) for grantee in grantees]
        callers = [Caller.of(principal) for principal in principals]
        for caller in callers:
            caller.check(where)
        self._grant(where, callers, permit)
        for principal, caller in zip(principals, callers, strict=True):
            self._write_identity_policy(principal, caller, permit)
        return callers

    @property
    def networks(self) -> list[AuthPolicy]:
        """The auth policies of the service networks that the service is in, as far as they are this app's."""
        return list(self._networks)

    def _grant(self, where: object, callers: Sequence[Caller], permit: Permit) -> None:
        # Everything is checked before anything is written.
        writing: _Writing = []
        for caller in callers:
            if self._policy is not None:
                service = None if permit.paths == (EVERY_PATH,) else self._service.service_arn
                writing += _plan(where, self._policy, caller, permit, service)
            for network in self._networks:
                writing += self._plan_network(where, network, caller, permit)
        self._granted += [(caller, permit) for caller in callers]
        _write(writing)
        for path in self._elsewhere:
            self._say_elsewhere(path)

    def join(self, where: object, path: str, network: AuthPolicy | None) -> None:
        """Let callers, those of now and of later, through a service network; none where it is not this app's."""
        if network is None:
            self._elsewhere.append(path)
            if self._granted:
                self._say_elsewhere(path)
            return
        writing: _Writing = []
        for caller, permit in self._granted:
            writing += self._plan_network(where, network, caller, permit)
        _write(writing)
        self._networks.append(network)

    def _plan_network(self, where: object, network: AuthPolicy, caller: Caller, permit: Permit) -> _Writing:
        if permit.action == INVOKE and not caller.signs:
            return self._plan_anonymous(where, network, caller, permit)
        admission = network.auth.admission
        if caller.signs and admission is not None and admission.admits(caller.account, network.account):
            return []
        return _plan(where, network, caller, Permit(action=permit.action), None)

    def _plan_anonymous(self, where: object, network: AuthPolicy, caller: Caller, permit: Permit) -> _Writing:
        """Let these requests through, and not just any of this caller: no identity policy holds them back."""
        arn = self._service.service_arn
        own = stack_of(self._service)
        if network.auth.type is not AuthType.NONE and is_token(arn) and network.stack is not own:
            raise ArgumentError(
                f"{where}: the auth policy of {_holder(network)} cannot name the service, which another stack makes: "
                "the stacks would depend on each other; let everybody into the network there, by Auth.none() or a "
                "statement"
            )
        return _plan(where, network, caller, permit, arn)

    def _write_identity_policy(self, principal: iam.IPrincipal, caller: Caller, permit: Permit) -> None:
        if (elsewhere := self._where_else(caller)) is not None:
            Annotations.of(self._service).add_warning_v2(
                "constructs-lattice:latticeIdentityPolicyElsewhere",
                f"the identity policy of {caller.path}, in another {elsewhere}, cannot name this service; grant it "
                "there, by Service.from_service_arn",
            )
            return
        statement = iam.PolicyStatement(
            actions=[permit.action],
            resources=permit.resources(self._service.service_arn),
            conditions=permit.all_conditions() or None,
        )
        # The same, for most principals; Node is not asked for the two parts of its answer.
        if isinstance(principal, iam.Role):
            principal.add_to_policy(statement)
        else:
            principal.add_to_principal_policy(statement)

    def _where_else(self, caller: Caller) -> str | None:
        """What differs between the stacks of the caller and of the service, so that one cannot refer to the other."""
        # Only a service of this app has an ARN that its own account and region alone know.
        if self._policy is None or caller.stack is None or caller.stack is self._policy.stack:
            return None
        accounts = (self._policy.account, caller.account)
        if caller.account is not None and not is_token(accounts) and accounts[0] != accounts[1]:
            return "account"
        # The CDK would carry the ARN over by custom resources.
        regions = (Region.of(self._policy.stack).name, Region.of(caller.stack).name)
        return "region" if not is_token(regions) and regions[0] != regions[1] else None

    def _say_elsewhere(self, path: str) -> None:
        Annotations.of(self._service).add_info_v2(
            "constructs-lattice:latticeNetworkPolicyElsewhere",
            f"the auth policy of {path} is not this app's; its owner has to let the callers in",
        )


def _plan(where: object, policy: AuthPolicy, caller: Caller, permit: Permit, service: str | None) -> _Writing:
    if policy.auth.type is AuthType.NONE:
        return []
    admission = policy.auth.admission
    names = caller.names_in(policy.stack)
    if names is not None:
        return [(policy, Allowance(names, permit.under(where, caller.conditions), service))]
    if admission is not None and admission.admits(caller.account, policy.account):
        return []
    raise ArgumentError(
        f"{where}: the auth policy of {_holder(policy)} cannot name {caller.path}, which another stack makes: the "
        "stacks would depend on each other; give it a name of its own, such as a role_name, or let its account in, by "
        "Auth.same_account()"
    )


def _write(writing: _Writing) -> None:
    for policy, allowance in writing:
        policy.allow(allowance)


def _holder(policy: AuthPolicy) -> str:
    return path_of(policy).rpartition("/")[0]
