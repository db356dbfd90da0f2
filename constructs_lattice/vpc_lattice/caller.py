"""Who is granted something: the principal behind a construct, and what the policies of each stack call it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, cast

from aws_cdk import ArnFormat, Reference, Stack, Tokenization
from aws_cdk import aws_iam as iam

from constructs_lattice._checks import check_pattern
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_ecs as ecs

    from constructs_lattice.vpc_lattice.allowance import Name
    from constructs_lattice.vpc_lattice.permit import Condition

    Grantee = iam.IGrantable | ecs.TaskDefinition | ecs.BaseService

__all__ = ["Caller"]

_EVERYBODY = ("AWS", "*")
_ACCOUNT = 4
_ACCOUNT_ID = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A principal: what it is called, under which conditions it is meant, and whose it is, as far as that is known.

    Who is known by its VPC only has no principal.
    """

    principal: iam.IPrincipal | None
    path: str
    names: tuple[Name, ...]
    conditions: tuple[Condition, ...]
    account: str | None

    @classmethod
    def of(cls, where: object, grantee: Grantee) -> Self:
        """The principal of a role, a function, a task definition, an ECS service, or of anything that has one.

        Raises `ArgumentError` for those that no policy can name: groups, and what was imported without its role.
        """
        principal = _principal(where, grantee)
        path = _path(grantee)
        if isinstance(principal, iam.Group) or hasattr(principal, "group_arn"):
            raise ArgumentError(f"{where}: no policy names a group, got {path}; grant it to its users, or to a role")
        if isinstance(principal, iam.UnknownPrincipal):
            raise ArgumentError(f"{where}: {path} is imported without its role, which would be granted; import it, too")
        fragment = principal.policy_fragment
        names = tuple(
            _EVERYBODY if name == "*" else (kind, name)
            for kind, values in fragment.principal_json.items()
            for name in values
        )
        return cls(
            principal=principal,
            path=path,
            names=names,
            conditions=_conditions(fragment.conditions),
            account=principal.principal_account or _account_in(names),
        )

    @classmethod
    def in_vpcs(cls, where: object, vpcs: Sequence[ec2.IVpc]) -> Self:
        """Whoever is in these VPCs, also who does not sign. Raises `ArgumentError` for what is no VPC."""
        for vpc in vpcs:
            if not hasattr(vpc, "vpc_id"):
                raise ArgumentError(
                    f"{where}: a TLS listener knows no callers by name, got {_path(vpc)}; name the VPCs that they are "
                    "in"
                )
        ids = tuple(dict.fromkeys(vpc.vpc_id for vpc in vpcs))
        return cls._anonymous("vpc-lattice-svcs:SourceVpc", ids)

    @classmethod
    def in_vpcs_of(cls, where: object, account_ids: Sequence[str]) -> Self:
        """Whoever is in a VPC of these accounts. Raises `ArgumentError` for what is no id of an account."""
        for account in account_ids:
            check_pattern(where, "accounts", account, _ACCOUNT_ID, "be ids of twelve digits")
        return cls._anonymous("vpc-lattice-svcs:SourceVpcOwnerAccount", tuple(dict.fromkeys(account_ids)))

    @classmethod
    def _anonymous(cls, key: str, values: tuple[str, ...]) -> Self:
        condition = ("StringEquals", key, values)
        return cls(principal=None, path="anonymous", names=(_EVERYBODY,), conditions=(condition,), account=None)

    @property
    def can_be_anonymous(self) -> bool:
        """Whether requests without a signature may be meant."""
        return _EVERYBODY in self.names

    @property
    def is_everybody(self) -> bool:
        """Whether it stands for all callers, those that do not sign their requests among them."""
        return _EVERYBODY in self.names and not self.conditions

    def stack(self) -> Stack | None:
        """The stack that makes the principal; none for one that exists already, or is no resource."""
        resources = [made for _, name in self.names if (made := _made_here(name)) is not None]
        return Stack.of(resources[0]) if resources else None

    def names_in(self, stack: Stack) -> tuple[Name, ...] | None:
        """What a policy in `stack` calls it; none when it would have to refer to another stack.

        That stack refers to the service anyway, to let the principal call it: they would depend on each other.
        """
        names = [(kind, _name_in(stack, name)) for kind, name in self.names]
        return None if any(name is None for _, name in names) else cast("tuple[Name, ...]", tuple(names))


def _principal(where: object, grantee: Any) -> iam.IPrincipal:
    definition = getattr(grantee, "task_definition", grantee)
    found = getattr(definition, "task_role", None) or getattr(grantee, "grant_principal", None)
    if found is None:
        raise ArgumentError(f"{where}: {_path(grantee)} is no caller; grant it to a role, a function or an ECS service")
    return cast("iam.IPrincipal", found.grant_principal)


def _path(grantee: Any) -> str:
    node = getattr(grantee, "node", None)
    return str(grantee) if node is None else str(node.path)


def _conditions(given: Mapping[str, Any]) -> tuple[Condition, ...]:
    return tuple(
        (operator, key, tuple(values) if isinstance(values, list) else (values,))
        for operator, by_key in given.items()
        for key, values in by_key.items()
    )


def _account_in(names: tuple[Name, ...]) -> str | None:
    """The account in the ARN of the only name, when that is written down."""
    if len(names) != 1 or is_token(names[0][1]):
        return None
    parts = names[0][1].split(":")
    return parts[_ACCOUNT] if len(parts) > _ACCOUNT else None


def _made_here(name: str) -> iam.CfnRole | iam.CfnUser | None:
    """The resource that the ARN refers to, when it is a role or a user of this app."""
    token = Tokenization.reverse_string(name).first_token if is_token(name) else None
    if token is None or not Reference.is_reference(token):
        return None
    target = token.target  # type: ignore[attr-defined]  # what is_reference has made sure of
    return target if isinstance(target, iam.CfnRole | iam.CfnUser) else None


def _name_in(stack: Stack, name: str) -> str | None:
    made = _made_here(name)
    if made is None or (own := Stack.of(made)) is stack:
        return name
    kind, given = ("role", made.role_name) if isinstance(made, iam.CfnRole) else ("user", made.user_name)
    if given is None or is_token(given):
        return None
    path = made.path or "/"
    return stack.format_arn(
        service="iam",
        region="",
        account=own.account,
        resource=kind,
        resource_name=f"{path}{given}".removeprefix("/"),
        arn_format=ArnFormat.SLASH_RESOURCE_NAME,
    )
