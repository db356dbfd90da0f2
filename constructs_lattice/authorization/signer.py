"""Who signed a request, as the principal elements of policies see it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from constructs_lattice.model.symbolic import SymbolicText

__all__ = ["ANONYMOUS", "Signer", "SignerKind"]


class SignerKind(StrEnum):
    """What kind of principal signed, in the words of `aws:PrincipalType`."""

    ANONYMOUS = "Anonymous"
    ROLE = "AssumedRole"
    USER = "User"
    ROOT = "Account"
    SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A session of a role, a user, an account's root user; nobody; or somebody who is none of those with a name here.

    `session` is what the ARN of a session of the role begins with. `has_boundary` is None if nobody knows.
    """

    kind: SignerKind
    arn: SymbolicText = ""
    account: SymbolicText = ""
    root_arn: SymbolicText = ""
    session: SymbolicText = ""
    has_boundary: bool | None = False

    @property
    def is_anonymous(self) -> bool:
        """Whether the request is not signed."""
        return self.kind is SignerKind.ANONYMOUS


ANONYMOUS = Signer(kind=SignerKind.ANONYMOUS)
"""Nobody: the request is not signed."""
