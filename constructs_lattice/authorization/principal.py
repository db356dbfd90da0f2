"""The principal of a request: a role or a user of the templates, one outside of them, or nobody.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from constructs_lattice.authorization.caller import ANYBODY, Caller
from constructs_lattice.authorization.fields import nearest
from constructs_lattice.authorization.glob import literal
from constructs_lattice.authorization.signer import ANONYMOUS, Signer, SignerKind
from constructs_lattice.errors import ArgumentError
from constructs_lattice.model.lattice import Lattice
from constructs_lattice.model.policies import Identity, IdentityKind
from constructs_lattice.model.symbolic import Generated, compose
from constructs_lattice.model.unknown import Unknown

__all__ = ["NOBODY", "SOMEBODY", "Principal", "principal_of"]

_ARN = re.compile(r"arn:(aws[a-z-]*):iam::(\d{12}):(?:(role|user)/(?:.*/)?([^/]+)|root)")
_KINDS = {"role": SignerKind.ROLE, "user": SignerKind.USER, None: SignerKind.ROOT}
_SIGNER_KINDS = {IdentityKind.ROLE: SignerKind.ROLE, IdentityKind.USER: SignerKind.USER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A principal. `identity` is none for those outside of the templates, of whose policies and tags nobody knows.

    `organization` is None if nobody knows it.
    """

    name: str
    signer: Signer
    identity: Identity | None = None
    organization: str | None = None
    session_tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_anonymous(self) -> bool:
        """Whether there is none: the request is not signed."""
        return self.signer.is_anonymous


_SOME_ACCOUNT = Generated(name="another account", kind="account", alphabet=frozenset("0123456789"), least=12, most=12)

NOBODY = Principal(name=ANYBODY, signer=ANONYMOUS)
"""The principal of a request that is not signed."""

SOMEBODY = Principal(
    name="anybody else",
    signer=Signer(
        kind=SignerKind.SOMEBODY,
        arn=Unknown("nobody says who else signs"),
        account=_SOME_ACCOUNT,
        root_arn=compose(("arn:", Unknown("nobody says in which partition"), ":iam::", _SOME_ACCOUNT, ":root")),
        has_boundary=None,
    ),
)
"""Whoever signs, and is neither of the templates nor named by the policies."""


def principal_of(lattice: Lattice, caller: Caller) -> Principal:
    """Who a caller is. Raises `ArgumentError` when there is no such role or user."""
    if caller.is_anonymous:
        return NOBODY
    identity = lattice.identities.get(caller.principal) or _by_arn(lattice, caller.principal)
    return Principal(
        name=caller.principal,
        signer=_signer(identity) if identity else _outsider(lattice, caller.principal),
        identity=identity,
        organization=caller.principal_org,
        session_tags=caller.principal_tags,
    )


def _by_arn(lattice: Lattice, name: str) -> Identity | None:
    return next((each for each in lattice.identities.values() if literal(each.arn).matches(name)), None)


def _signer(identity: Identity) -> Signer:
    return Signer(
        kind=_SIGNER_KINDS[identity.kind],
        arn=identity.arn,
        account=identity.account,
        root_arn=identity.root_arn,
        session=identity.session,
        has_boundary=identity.boundary is not None,
    )


def _outsider(lattice: Lattice, name: str) -> Signer:
    found = _ARN.fullmatch(name)
    if not found:
        if name.startswith("arn:"):
            raise ArgumentError(f"caller: principal must be the ARN of a role or a user in IAM, got {name!r}")
        raise ArgumentError(f"caller: there is no role or user {name!r}{nearest(name, [*lattice.identities, ANYBODY])}")
    partition, account, kind, last = found.groups()
    return Signer(
        kind=_KINDS[kind],
        arn=name,
        account=account,
        root_arn=f"arn:{partition}:iam::{account}:root",
        session=f"arn:{partition}:sts::{account}:assumed-role/{last}/" if kind == "role" else "",
        has_boundary=None,
    )
