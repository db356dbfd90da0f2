"""Request contexts made by hand."""

from collections.abc import Mapping

from constructs_lattice.authorization.context import ABSENT, ContextValue, RequestContext
from constructs_lattice.authorization.signer import ANONYMOUS, Signer
from constructs_lattice.model.symbolic import SymbolicText

INVOKE = "vpc-lattice-svcs:Invoke"


def context(
    keys: Mapping[str, ContextValue] | None = None,
    *,
    families: Mapping[str, ContextValue] | None = None,
    resource: SymbolicText = "arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-1/orders",
    signer: Signer = ANONYMOUS,
    action: str = INVOKE,
    others: ContextValue = ABSENT,
) -> RequestContext:
    """A context with these keys and no others."""
    return RequestContext(
        action=action, resource=resource, signer=signer, keys=keys or {}, families=families or {}, others=others
    )
