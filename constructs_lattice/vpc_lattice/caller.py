"""Who is granted something: the principal behind a construct, and what the policies of each stack call it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, cast
from weakref import WeakKeyDictionary

from aws_cdk import ArnFormat, Reference, Stack, Tokenization
from aws_cdk import aws_iam as iam

from constructs_lattice._checks import check_pattern
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.policy_text import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_ecs as ecs

    from constructs_lattice.vpc_lattice.allowance import Name
    from constructs_lattice.vpc_lattice.permit import Condition

    Grantee = iam.IGrantable | ecs.TaskDefinition | ecs.BaseService

__all__ = ["Caller", "principal_of"]

_EVERYBODY = ("AWS", "*")
_POSITIVE = {"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"}
_SIGNED = {f"aws:principal{what}" for what in ("account", "arn", "orgid", "orgpaths")}
_ACCOUNT = 4
_ACCOUNT_ID = re.compile(r"\d{12}")


# What auth policies can name. An identity provider is named in the trust policies of roles only.
_NAMED = ("AWS", "Service")

# What is known of each principal. None of it refers to the principal itself, which may go.
_CALLERS: WeakKeyDictionary[Any, Caller] = WeakKeyDictionary()
# For each stack, what its names stand for there.
_NAMES: WeakKeyDictionary[Stack, dict[str, str]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What a principal is called, under which conditions it is meant, and whose it is, as far as that is known.

    Of names that are made in this app, there is the resource that has it, and the stack of that.
    """

    path: str
    names: tuple[Name, ...]
    made: tuple[iam.CfnRole | iam.CfnUser | None, ...] = ()
    stack: Stack | None = None
    conditions: tuple[Condition, ...] = ()
    account: str | None = None

    @classmethod
    def of(cls, principal: iam.IPrincipal) -> Caller:
        """What is known of a principal."""
        if (found := _CALLERS.get(principal)) is None:
            found = _CALLERS[principal] = cls._read(principal)
        return found

    @classmethod
    def _read(cls, principal: iam.IPrincipal) -> Self:
        fragment = principal.policy_fragment
        names = tuple(
            _EVERYBODY if name == "*" else (kind, name)
            for kind, values in fragment.principal_json.items()
            for name in values
        )
        made = tuple(_made_here(name) for _, name in names)
        resources = [each for each in made if each is not None]
        return cls(
            path=_path(principal),
            names=names,
            made=made,
            stack=Stack.of(resources[0]) if resources else None,
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
        return cls(path="anonymous", names=(_EVERYBODY,), conditions=(condition,))

    @property
    def signs(self) -> bool:
        """Whether it is certainly somebody who signs: by its name, or by a key that other requests lack."""
        return _EVERYBODY not in self.names or any(
            operator.removeprefix("ForAnyValue:") in _POSITIVE and key.lower() in _SIGNED
            for operator, key, _ in self.conditions
        )

    def names_in(self, stack: Stack) -> tuple[Name, ...] | None:
        """What a policy in `stack` calls it; none when it would have to refer to another stack.

        That stack refers to the service anyway, to let the principal call it: they would depend on each other.
        """
        if self.stack is None:
            return tuple((kind, _first(name, stack)) for kind, name in self.names)
        if self.stack is stack:
            return self.names
        names = [
            (kind, name if made is None else _arn(made))
            for (kind, name), made in zip(self.names, self.made, strict=True)
        ]
        return None if any(name is None for _, name in names) else cast("tuple[Name, ...]", tuple(names))

    def check(self, where: object) -> None:
        """Raise `ArgumentError` for names that no auth policy takes."""
        for kind, name in self.names:
            if kind not in _NAMED:
                raise ArgumentError(
                    f"{where}: no auth policy names a principal of the kind {kind}, got {name!r}; requests are "
                    "signed by a role or a user: grant it to that one"
                )
            if name != "*" and not is_token(name) and has_wildcard(name):
                raise ArgumentError(
                    f"{where}: a policy names each principal in full, got {name!r}; use iam.AccountPrincipal(…)"
                    '.with_conditions({"ArnLike": {"aws:PrincipalArn": …}})'
                )


def principal_of(where: object, grantee: Any) -> iam.IPrincipal:
    """The principal of a role, a function, a task definition, an ECS service, or of anything that has one.

    Raises `ArgumentError` for those that no policy can name: groups, and what was imported without its role.
    """
    if isinstance(grantee, iam.Role | iam.User):
        return cast("iam.IPrincipal", grantee)
    definition = getattr(grantee, "task_definition", grantee)
    found = getattr(definition, "task_role", None) or getattr(grantee, "grant_principal", None)
    if found is None:
        raise ArgumentError(f"{where}: {_path(grantee)} is no caller; grant it to a role, a function or an ECS service")
    principal = found.grant_principal
    if isinstance(principal, iam.Group) or hasattr(principal, "group_arn"):
        raise ArgumentError(
            f"{where}: no policy names a group, got {_path(grantee)}; grant it to its users, or to a role"
        )
    if isinstance(principal, iam.UnknownPrincipal):
        raise ArgumentError(
            f"{where}: {_path(grantee)} is imported without its role, which would be granted; import it, too"
        )
    return cast("iam.IPrincipal", principal)


def _first(name: str, stack: Stack) -> str:
    """The name, or the first one that says the same: principals of an account or a service write each their own."""
    if not is_token(name):
        return name
    known = _NAMES.setdefault(stack, {})
    if name not in known:
        known[name] = known.setdefault(json.dumps(stack.resolve(name), sort_keys=True), name)
    return known[name]


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


def _arn(made: iam.CfnRole | iam.CfnUser) -> str | None:
    """The ARN in writing, when the name is."""
    kind, name = ("role", made.role_name) if isinstance(made, iam.CfnRole) else ("user", made.user_name)
    if name is None or is_token(name):
        return None
    stack = Stack.of(made)
    return stack.format_arn(
        service="iam",
        region="",
        account=stack.account,
        resource=kind,
        resource_name=f"{made.path or '/'}{name}".removeprefix("/"),
        arn_format=ArnFormat.SLASH_RESOURCE_NAME,
    )
